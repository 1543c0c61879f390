package inbound

import (
	"strings"
	"unicode"
)

// row is a line of the body as the split sees it, whatever it was written in.
type row struct {
	text  string // without the marks of quotation
	depth int    // how deep it is quoted: the > before it, the blockquotes around it
	mark  mark   // what the HTML says begins here
}

// mark is what a client writes into its HTML where it begins to quote.
type mark int

const (
	noMark     mark = iota
	mayQuote        // a rule above what may be the head of a quoted mail: Outlook's border, an hr
	attributes      // the line that says who wrote what follows
	quotes          // the quoted mail begins, and goes on to the end
)

func (r row) blank() bool { return r.text == "" }

// rowsOf makes rows of plain text, within the limits of lines.
func (r *reader) rowsOf(plain string) []row {
	if len(plain) > r.limits.Text {
		r.problem("the text is too long; its end was left out")
		plain = strings.ToValidUTF8(plain[:r.limits.Text], "")
	}
	var rows []row
	for l := range strings.SplitSeq(plain, "\n") {
		depth := 0
		if !strings.HasPrefix(l, ">From ") {
			l, depth = unquote(l)
		} else {
			l = l[1:]
		}
		for len(l) > r.limits.Line {
			r.problem("a line is too long; it was broken")
			cut := strings.ToValidUTF8(l[:r.limits.Line], "")
			rows, l = append(rows, row{text: printed(cut), depth: depth}), l[max(len(cut), 1):]
		}
		rows = append(rows, row{text: printed(l), depth: depth})
	}
	return rows
}

// unquote takes the > of a quoted line away, in the ways that clients write them.
func unquote(l string) (text string, depth int) {
	for {
		rest, quoted := strings.CutPrefix(strings.TrimLeft(l, " "), ">")
		if !quoted || depth == 0 && strings.HasPrefix(l, "  ") {
			return strings.TrimPrefix(l, map[bool]string{true: " "}[depth > 0]), depth
		}
		l, depth = rest, depth+1
	}
}

// printed is a line without what cannot be printed and without the space at its end.
func printed(l string) string {
	l = strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return c
		case c == '\u00a0':
			return ' '
		case unicode.IsControl(c), c == '\ufeff', c == '\u200b':
			return -1
		}
		return c
	}, l)
	return strings.TrimRight(l, " \t")
}

// joined writes rows as text: no blank lines at its ends, never two in a row. inner is the depth that is not shown.
func joined(rows []row, inner int) string {
	var b strings.Builder
	blank := false
	for _, l := range rows {
		if l.blank() {
			blank = b.Len() > 0
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if blank {
				b.WriteByte('\n')
			}
		}
		blank = false
		if l.depth > inner {
			b.WriteString(strings.Repeat(">", l.depth-inner) + " ")
		}
		b.WriteString(l.text)
	}
	return strings.TrimSpace(b.String())
}
