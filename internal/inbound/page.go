package inbound

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// element is an open element of a page that is being read.
type element struct {
	name   string
	quotes bool // one more level of quotation within it
	hidden bool // nobody sees what is in it
	href   string
	tight  bool // a paragraph with no space around it
	items  int  // items counted so far in an ordered list; -1 in any other
}

// pageReader makes rows of HTML. It reads tokens and builds no tree, so that no nesting can hurt it.
type pageReader struct {
	r      *reader
	rows   []row
	open   []element
	named  map[string]int // open elements by their names
	line   strings.Builder
	depth  int
	hidden int
	pre    int
	mark   mark
	cell   bool // the line goes on in the next cell of a table's row
	gap    int  // blank lines wanted before the next text
	cells  int  // cells of tables that are open
	soft   int  // in a cell, the line ends unless the next cell goes on with it: 1, or 2 with a blank line
	length int  // bytes of text so far
	link   int  // length of the line where the open link began
}

// rowsOfPage makes rows of a page: lists, tables and links can be read, styles and what is hidden are gone.
func (r *reader) rowsOfPage(page string) []row {
	p := &pageReader{r: r, named: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			p.breakLine()
			return p.rows
		case html.TextToken:
			if p.hidden == 0 {
				p.text(z.Token().Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(z.Token())
		case html.EndTagToken:
			p.end(z.Token().Data)
		}
	}
}

// text adds words to the line; white space in it is one space unless the page says that it is as it stands.
func (p *pageReader) text(s string) {
	if p.pre > 0 {
		for i, l := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
			if i > 0 {
				p.breakLine()
			}
			p.write(l)
		}
		return
	}
	s = strings.Map(func(c rune) rune {
		switch c {
		case '\u200b', '\ufeff', '\u034f', '\u00ad', '\u2060', '\u200c':
			return -1
		case '\u00a0', '\n', '\r', '\t', '\f':
			return ' '
		}
		return c
	}, s)
	words := strings.Fields(s)
	if len(words) == 0 {
		if s != "" {
			p.space()
		}
		return
	}
	if s[0] == ' ' {
		p.space()
	}
	p.write(strings.Join(words, " "))
	if s[len(s)-1] == ' ' {
		p.space()
	}
}

func (p *pageReader) space() {
	if l := p.line.String(); l != "" && !strings.HasSuffix(l, " ") && !strings.HasSuffix(l, "\t") {
		p.line.WriteByte(' ')
	}
}

func (p *pageReader) write(s string) {
	if soft := p.soft; soft > 0 && s != "" {
		p.breakLine()
		p.gap = max(p.gap, soft-1)
	}
	if p.length += len(s); p.length > p.r.limits.Text {
		p.r.problem("the text is too long; its end was left out")
		return
	}
	if p.cell && s != "" {
		p.line.WriteByte('\t')
		p.cell = false
	}
	if p.line.Len()+len(s) > p.r.limits.Line {
		p.breakLine()
	}
	p.line.WriteString(s)
}

// breakLine ends the line, if there is one.
func (p *pageReader) breakLine() {
	text := printed(p.line.String())
	p.line.Reset()
	p.cell, p.soft = false, 0
	p.link = 0
	if text == "" && p.pre == 0 {
		return
	}
	for ; p.gap > 0; p.gap-- {
		p.rows = append(p.rows, row{depth: p.depth})
	}
	text, more := unquote(text) // some clients write the > into the page
	p.rows = append(p.rows, row{text: text, depth: p.depth + more, mark: p.mark})
	p.mark = noMark
}

// block ends the line where a block begins or ends; in the first block of a table's cell it goes on.
func (p *pageReader) block(gap int) {
	if p.cell {
		return
	}
	if p.cells > 0 && p.line.Len() > 0 {
		p.soft = max(p.soft, gap+1)
		return
	}
	p.breakLine()
	if len(p.rows) > 0 {
		p.gap = max(p.gap, gap)
	}
}

// maxOpen bounds the elements that are remembered as open.
const maxOpen = 512

func (p *pageReader) start(t html.Token) {
	e := element{name: t.Data, items: -1}
	style := strings.ToLower(strings.Join(strings.Fields(attribute(t, "style")), ""))
	e.hidden = hides(t, style)
	void := slices.Contains(voids, t.Data) || t.Type == html.SelfClosingTagToken && t.DataAtom == 0
	if p.hidden == 0 && !e.hidden {
		p.show(t, &e, style)
	}
	if void || len(p.open) >= maxOpen {
		return
	}
	if e.hidden {
		p.hidden++
	}
	if e.quotes {
		p.depth++
	}
	p.open = append(p.open, e)
	p.named[e.name]++
}

// show does what an element does to the text before what is in it.
func (p *pageReader) show(t html.Token, e *element, style string) {
	m := marked(t, style)
	e.quotes = m == quotes && t.DataAtom == atom.Blockquote || quoteClass(t)
	if m != noMark || e.quotes {
		p.breakLine()
	}
	if m != noMark && !e.quotes {
		p.mark = max(p.mark, m)
	}
	switch t.DataAtom {
	case atom.Br:
		if p.line.Len() == 0 && len(p.rows) > 0 {
			p.gap = 1
		}
		p.breakLine()
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.Blockquote, atom.Pre:
		e.tight = t.DataAtom == atom.P && isTight(t, style)
		p.block(map[bool]int{false: 1}[e.tight])
	case atom.Ul, atom.Ol, atom.Table, atom.Div, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Dl, atom.Dt, atom.Dd, atom.Center, atom.Body, atom.Form, atom.Fieldset, atom.Hr:
		p.block(0)
	case atom.Li:
		p.block(0)
		p.write(p.bullet())
	case atom.Td, atom.Th:
		p.cell, p.soft = p.line.Len() > 0, 0
	case atom.Img:
		if alt := strings.TrimSpace(attribute(t, "alt")); alt != "" && len(alt) <= 100 {
			p.write("[" + strings.Join(strings.Fields(alt), " ") + "]")
		}
	case atom.A:
		e.href, p.link = attribute(t, "href"), p.line.Len()
	}
	switch t.DataAtom {
	case atom.Td, atom.Th:
		p.cells++
	case atom.Pre:
		p.pre++
	case atom.Ol:
		e.items = 0
	}
}

// bullet is what stands before an item of a list.
func (p *pageReader) bullet() string {
	sign := "- "
	for i := len(p.open) - 1; i >= 0; i-- {
		if name := p.open[i].name; name == "ol" {
			p.open[i].items++
			sign = number(p.open[i].items)
			break
		} else if name == "ul" {
			break
		}
	}
	return strings.Repeat("  ", min(max(p.named["ul"]+p.named["ol"]-1, 0), 8)) + sign
}

// end closes an element and those in it that were left open.
func (p *pageReader) end(name string) {
	if p.named[name] == 0 {
		if name == "p" {
			p.block(1)
		}
		return
	}
	at := len(p.open) - 1
	for p.open[at].name != name {
		at--
	}
	for len(p.open) > at {
		e := p.open[len(p.open)-1]
		if p.hidden == 0 {
			p.close(e)
		}
		p.open = p.open[:len(p.open)-1]
		p.named[e.name]--
		if e.hidden {
			p.hidden--
		}
		if e.quotes {
			p.depth--
		}
	}
}

func (p *pageReader) close(e element) {
	if e.quotes {
		p.cell = false
		p.breakLine()
	}
	switch e.name {
	case "td", "th":
		p.cells--
	case "p", "h1", "h2", "h3", "h4", "table", "blockquote":
		// Word leaves a paragraph empty where it wants a blank line.
		p.block(map[bool]int{true: 1}[!e.tight || strings.TrimSpace(p.line.String()) == ""])
	case "ul", "ol", "div", "li", "section", "article", "header", "footer", "address", "dt", "dd", "center", "form":
		p.block(0)
	case "tr":
		p.cell = false
		p.breakLine()
	case "pre":
		p.block(1)
		p.pre--
	case "a":
		p.leads(e)
	}
}
