package inbound

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var voids = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func number(n int) string { return strconv.Itoa(n) + ". " }

// hides says whether what is in an element is not for the eyes. style is without white space and in lower case.
func hides(t html.Token, style string) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Math, atom.Textarea, atom.Select:
		return true
	}
	for _, declaration := range []string{"display:none", "mso-hide:all", "visibility:hidden", "max-height:0;", "max-height:0px"} {
		if strings.Contains(style+";", declaration) {
			return true
		}
	}
	for _, a := range t.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	return false
}

// marked says what an element begins, by the ids, classes and borders that clients write. Ids and classes lose the
// x_ that Outlook puts before those of the mail that it quotes.
func marked(t html.Token, style string) mark {
	if len(t.Attr) == 0 && t.DataAtom != atom.Hr {
		return noMark
	}
	id := strings.ToLower(strings.ReplaceAll(attribute(t, "id"), "x_", ""))
	class := strings.ToLower(attribute(t, "class"))
	switch {
	case id == "divrplyfwdmsg", id == "mail-editor-reference-message-container", id == "olk_src_body_section", strings.HasPrefix(id, "isreplycontent"), strings.HasPrefix(id, "isforwardcontent"):
		return quotes
	case strings.Contains(class, "gmail_attr"), strings.Contains(class, "moz-cite-prefix"), strings.Contains(class, "moz-forward-container"):
		return attributes
	case t.DataAtom == atom.Blockquote && isCitation(t, class, style):
		return quotes
	case t.DataAtom == atom.Hr, t.DataAtom == atom.Div && strings.Contains(style, "border-top:solid"), t.DataAtom == atom.Div && strings.Contains(style, "border:none;border-top:"):
		return mayQuote
	}
	return noMark
}

// isCitation tells a quotation from an indented paragraph, for which editors misuse the same element.
func isCitation(t html.Token, class, style string) bool {
	return attribute(t, "type") == "cite" || attribute(t, "cite") != "" || strings.Contains(class, "quote") || strings.Contains(class, "cite") ||
		strings.Contains(style, "border-left") && !strings.Contains(style, "border-left:none") && !strings.Contains(style, "border-left:0")
}

// isTight tells the paragraphs of Word, which are lines.
func isTight(t html.Token, style string) bool {
	class := strings.ToLower(attribute(t, "class"))
	return strings.Contains(class, "mso") || strings.Contains(class, "plaintext") || strings.Contains(style, "margin:0") || strings.Contains(style, "margin-bottom:0")
}

// quoteClass tells the containers in which some clients put all that they quote, its first line included.
func quoteClass(t html.Token) bool {
	if len(t.Attr) == 0 {
		return false
	}
	class := " " + strings.ToLower(attribute(t, "class")) + " "
	for _, name := range []string{" yahoo_quoted ", " protonmail_quote ", " tutanota_quote ", " zmail_extra ", " ik_mail_quote ", " moz-cite ", " ydpyahoo_quoted "} {
		if strings.Contains(class, name) {
			return true
		}
	}
	return strings.ToLower(attribute(t, "name")) == "quote" && t.DataAtom != atom.Meta
}

// leads writes where a link leads, unless its words say so already.
func (p *pageReader) leads(e element) {
	u, err := url.Parse(strings.TrimSpace(e.href))
	if err != nil || len(e.href) > 500 {
		return
	}
	l := p.line.String()
	words := strings.ToLower(strings.TrimSpace(l[min(p.link, len(l)):]))
	target := ""
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		target = strings.TrimSpace(e.href)
	case "mailto":
		target = u.Opaque
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(target), "https://"), "http://"), "/")
	if target == "" || words == "" || strings.Contains(words, bare) || strings.Contains(bare, words) && strings.Contains(words, "@") {
		return
	}
	p.write(" <" + target + ">")
}
