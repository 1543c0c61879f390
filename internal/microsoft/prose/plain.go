package prose

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Our own limits; the longest reviews that Microsoft publishes have some 15,000
// characters.
const (
	mostMarkup = 1 << 20 // bytes
	mostText   = 20_000  // runes
	mostLink   = 300     // bytes
)

// Elements by what they do to the text.
var (
	hidden = words("script style title template noscript iframe object noembed noframes svg math select textarea")
	blocks = words("address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 " +
		"header hr html legend li main nav ol pre section summary table tbody tfoot thead tr ul")
	bold = words("b strong")
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

// Plain is the text of markup with its lines kept. It never holds markup,
// scripts, control characters or anything that turns the direction of writing;
// entities are decoded once. Long text is cut.
func Plain(markup string) string {
	if len(markup) > mostMarkup {
		markup = markup[:mostMarkup]
	}
	markup = strings.ToValidUTF8(markup, "")
	r := reader{laidOut: laidOut(markup)}
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return tidy(string(r.out))
		case html.TextToken:
			r.text(string(z.Text()))
		case html.StartTagToken:
			name, attributes := z.TagName()
			r.open(string(name), hrefOf(z, attributes))
		case html.SelfClosingTagToken: // which browsers close for drawings alone
			if name, _ := z.TagName(); string(name) != "svg" && string(name) != "math" {
				r.open(string(name), "")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			r.close(string(name))
		}
	}
}

// laidOut tells whether elements make the lines. Posts are called HTML, and many
// have no element at all: their lines are those of the text.
func laidOut(markup string) bool {
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); blocks[string(name)] || string(name) == "br" || string(name) == "p" {
				return true
			}
		}
	}
}

func hrefOf(z *html.Tokenizer, more bool) (link string) {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "href" {
			link = string(value)
		}
	}
	return link
}

// reader writes text as tokens come. White space is put in order at the end.
type reader struct {
	out     []byte
	laidOut bool
	within  string // the hidden element that we are in
	boldAt  int    // where bold text began, plus one; 0 outside
	linkAt  int    // the same of a link
	link    string
}

func (r *reader) text(s string) {
	if r.within != "" {
		return
	}
	if !r.laidOut {
		r.out = append(r.out, s...)
		return
	}
	// Where elements make the lines a line's end is a space, unless the next
	// line is empty or begins a part.
	for i, line := range strings.Split(s, "\n") {
		label, _, _ := labelled(line)
		switch {
		case i > 0 && (label != "" || strings.TrimSpace(line) == ""):
			r.out = append(r.out, '\n')
		case i > 0:
			r.out = append(r.out, ' ')
		}
		r.out = append(r.out, line...)
	}
}

func (r *reader) open(name, href string) {
	switch {
	case r.within != "":
	case hidden[name]:
		r.within = name
	case name == "br":
		r.out = append(r.out, '\n')
	case name == "p":
		r.out = append(r.out, "\n\n"...)
	case name == "li":
		r.endLine()
		r.out = append(r.out, "- "...)
	case name == "td" || name == "th":
		r.out = append(r.out, ' ')
	case blocks[name]:
		r.endLine()
	case bold[name]:
		r.boldAt = len(r.out) + 1
	case name == "a":
		r.linkAt, r.link = len(r.out)+1, href
	}
}

func (r *reader) close(name string) {
	switch {
	case r.within != "":
		if r.within == name {
			r.within = ""
		}
	case name == "p":
		r.out = append(r.out, "\n\n"...)
	case blocks[name]:
		r.endLine()
	case bold[name] && r.boldAt > 0:
		r.endBold()
	case name == "a" && r.linkAt > 0:
		r.endLink()
	}
}

// endLine begins a new line, unless one has just begun.
func (r *reader) endLine() {
	if line := bytes.TrimRight(r.out, " "); len(line) > 0 && line[len(line)-1] != '\n' {
		r.out = append(r.out, '\n')
	}
}

// endBold gives a label in bold a line of its own, wherever it stands.
func (r *reader) endBold() {
	from := r.boldAt - 1
	r.boldAt = 0
	if text := string(r.out[from:]); len(text) <= longestLabel && isLabel(text) {
		r.out = slices.Insert(r.out, from, '\n')
	}
}

// endLink shows where a link leads, unless its text does.
func (r *reader) endLink() {
	text, link := strings.TrimSpace(string(r.out[r.linkAt-1:])), strings.TrimSpace(r.link)
	r.linkAt, r.link = 0, ""
	if !strings.HasPrefix(link, "https://") || len(link) > mostLink || strings.ContainsAny(link, " \t\r\n") || strings.Contains(text, link) {
		return
	}
	r.out = append(r.out, " ("+link+")"...)
}

// tidy drops what is no text, and puts white space in order: one space within a
// line, one empty line between paragraphs.
func tidy(text string) string {
	if len(text) > mostMarkup {
		text = text[:mostMarkup]
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(text, ""))
	var lines []string
	for line := range strings.SplitSeq(strings.Map(printable, text), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "-" || line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return cut(strings.TrimSpace(strings.Join(lines, "\n")), mostText)
}

// printable drops NUL and other controls, invisible characters, and those that
// turn the direction of what follows (Unicode, UAX 9).
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError || unicode.Is(unicode.C, r) || unicode.Is(unicode.Bidi_Control, r):
		return -1
	}
	return r
}

func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}
