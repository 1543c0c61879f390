package inbound

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// CleanOptions say what becomes of images.
type CleanOptions struct {
	// Image gives the address under which the image of a Content-ID is fetched, and false when there is none: it is
	// left out then. nil knows none. The address is put into the page as it is.
	Image func(contentID string) (address string, known bool)
	// Remote lets images be fetched from where the sender wants, who learns by it that his mail is read. They are
	// held back otherwise.
	Remote bool
}

// Clean makes a sender's HTML harmless: what is left has text, tables, lists, links and images, and nothing that runs,
// asks, posts, covers the page or reaches out. Its elements are all closed and at most maxNesting deep. Cleaning what
// is clean changes nothing. held is the number of remote images that were held back; with CleanOptions.Remote they
// would be shown.
func Clean(page string, o CleanOptions) (clean string, held int) {
	if len(page) > maxHTML {
		page = strings.ToValidUTF8(page[:maxHTML], "")
	}
	w := &washer{o: o}
	w.wash(policy().Sanitize(withoutHidden(page)))
	return w.out.String(), w.held
}

var (
	policy = sync.OnceValue(newPolicy)
	digits = regexp.MustCompile(`^[0-9]{1,4}%?$`)
	sides  = regexp.MustCompile(`(?i)^(left|right|center|justify|top|middle|bottom|baseline)$`)
	ids    = regexp.MustCompile(`^[^\s<>"]{1,250}$`)
)

// newPolicy allows what mails need to be read, and no attribute that a style sheet or a script could be in.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "div", "span", "br", "hr", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "big", "code", "pre",
		"tt", "kbd", "samp", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr",
		"td", "th", "caption", "center", "font", "img", "a", "abbr", "cite", "q")
	p.AllowAttrs("colspan", "rowspan", "width", "height").Matching(digits).OnElements("td", "th", "table", "img")
	p.AllowAttrs("align", "valign").Matching(sides).OnElements("td", "th", "tr", "table", "p", "div", "img")
	p.AllowAttrs("border", "cellpadding", "cellspacing").Matching(digits).OnElements("table")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("start").Matching(digits).OnElements("ol")
	p.AllowAttrs("alt", "src").OnElements("img")
	p.AllowAttrs("data-cid").Matching(ids).OnElements("img")
	p.AllowAttrs("data-remote").OnElements("img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.AllowNoAttrs().OnElements("span", "font", "img", "a")
	p.SkipElementsContent("script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object", "textarea", "select", "head", "noembed", "noframes", "xmp", "plaintext", "button")
	p.RequireParseableURLs(true)
	return p
}

// washer writes cleaned HTML anew: every element closed, links that tell nothing of where they were followed, images
// from the desk or not at all.
type washer struct {
	o    CleanOptions
	out  strings.Builder
	open []string
	held int
}

func (w *washer) wash(page string) {
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			for i := len(w.open) - 1; i >= 0; i-- {
				w.out.WriteString("</" + w.open[i] + ">")
			}
			return
		case html.TextToken:
			w.out.WriteString(html.EscapeString(z.Token().Data))
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

func (w *washer) start(t html.Token) {
	t.Type = html.StartTagToken
	switch t.DataAtom {
	case atom.Img:
		w.image(t)
		return
	case atom.A:
		t.Attr = link(attribute(t, "href"))
	}
	if slices.Contains(voids, t.Data) {
		w.out.WriteString(t.String())
		return
	}
	if len(w.open) >= maxNesting {
		return
	}
	w.open = append(w.open, t.Data)
	w.out.WriteString(t.String())
}

// end closes an element and those in it that were left open; the end of what was never begun is left out.
func (w *washer) end(name string) {
	at := lastIndex(w.open, name)
	for i := len(w.open) - 1; at >= 0 && i >= at; i-- {
		w.out.WriteString("</" + w.open[i] + ">")
		w.open = w.open[:i]
	}
}

// link gives the attributes of a link, or none where it leads nowhere that a reader should go.
func link(href string) []html.Attribute {
	u, err := url.Parse(href)
	if err != nil || href == "" || u.Scheme == "cid" || u.Scheme == "" {
		return nil
	}
	attributes := []html.Attribute{{Key: "href", Val: href}}
	if u.Scheme == "http" || u.Scheme == "https" {
		attributes = append(attributes, html.Attribute{Key: "rel", Val: "noopener noreferrer nofollow"}, html.Attribute{Key: "target", Val: "_blank"})
	}
	return attributes
}

// image writes an image that came with the mail, or the place of one that would have to be fetched. What it is, is
// kept beside it, so that what is clean can be cleaned again.
func (w *washer) image(t html.Token) {
	source, cid, remote := attribute(t, "src"), attribute(t, "data-cid"), attribute(t, "data-remote")
	u, err := url.Parse(source)
	switch {
	case err != nil:
	case u.Scheme == "cid":
		if plain, err := url.PathUnescape(u.Opaque); err == nil {
			cid = plain
		} else {
			cid = u.Opaque
		}
	case u.Scheme == "http" || u.Scheme == "https":
		remote = source
	}
	kept := slices.DeleteFunc(t.Attr, func(a html.Attribute) bool {
		return a.Key == "src" || strings.HasPrefix(a.Key, "data-") || a.Key == "alt" && a.Val == ""
	})
	switch address, known := w.address(cid); {
	case known:
		kept = append(kept, html.Attribute{Key: "src", Val: address}, html.Attribute{Key: "data-cid", Val: cid})
	case isRemote(remote) && w.o.Remote:
		kept = append(kept, html.Attribute{Key: "src", Val: remote}, html.Attribute{Key: "data-remote", Val: remote}, html.Attribute{Key: "referrerpolicy", Val: "no-referrer"})
	case isRemote(remote):
		w.held++
		kept = append(kept, html.Attribute{Key: "data-remote", Val: remote})
	case attribute(t, "alt") == "":
		return
	}
	t.Attr = kept
	w.out.WriteString(t.String())
}

func (w *washer) address(cid string) (string, bool) {
	if w.o.Image == nil || !ids.MatchString(cid) {
		return "", false
	}
	return w.o.Image(cid)
}

func isRemote(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// withoutHidden takes out what its styles hide, which would be seen once they are gone: the first lines of newsletters,
// the words that fool filters.
func withoutHidden(page string) string {
	if !strings.Contains(page, "style") && !strings.Contains(page, "hidden") {
		return page
	}
	var out strings.Builder
	var open []string // elements within a hidden one, itself first
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return out.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			t := z.Token()
			void := slices.Contains(voids, t.Data)
			style := strings.ToLower(strings.Join(strings.Fields(attribute(t, "style")), ""))
			switch {
			case len(open) > 0 && !void && len(open) < maxOpen:
				open = append(open, t.Data)
			case len(open) == 0 && !hides(t, style):
				out.WriteString(raw)
			case len(open) == 0 && !void:
				open = append(open, t.Data)
			}
		case html.EndTagToken:
			raw := string(z.Raw())
			name := z.Token().Data
			if len(open) == 0 {
				out.WriteString(raw)
			} else if at := lastIndex(open, name); at >= 0 {
				open = open[:at]
			}
		default:
			if len(open) == 0 {
				out.Write(z.Raw())
			}
		}
	}
}

func lastIndex(all []string, one string) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i] == one {
			return i
		}
	}
	return -1
}
