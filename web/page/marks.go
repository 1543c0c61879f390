package page

import (
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// quote is words that a fact rests on: of one fact, or of several.
type quote struct{ Words, Fact string }

// quotes are what the facts of a ticket rest on in its customer's words.
func (t DeskTicket) quotes(p *i18n.Printer) []quote {
	var list []quote
	seen := map[string]int{}
	for _, k := range t.Thread.Decision.Verdict.Facts {
		if k.Source != "text" || k.Quote == "" {
			continue
		}
		if n, known := seen[k.Quote]; known {
			list[n].Fact = p.T("trace.marked_also", "Facts", list[n].Fact, "Fact", factName(p, k.Name))
			continue
		}
		seen[k.Quote] = len(list)
		list = append(list, quote{k.Quote, factName(p, k.Name)})
	}
	return list
}

// word is a word of a message, by its place among the paragraphs' pieces.
type word struct {
	text                string
	paragraph, line, at int // of the piece
	from, to            int // within the piece
}

// marked cuts a message as paragraphs does, and marks the quotes in it. A quote
// has its white space folded, and may be cut off at an ellipsis.
func marked(text string, quotes []quote) [][]line {
	all := paragraphs(text)
	if len(quotes) == 0 {
		return all
	}
	words := wordsOf(all)
	facts := make([]string, len(words))
	for _, q := range quotes {
		find(words, facts, q)
	}
	for n := len(words) - 1; n >= 0; n-- {
		if facts[n] == "" {
			continue
		}
		last := n
		for n > 0 && facts[n-1] == facts[n] && words[n-1].samePiece(words[n]) {
			n--
		}
		w := words[n]
		pieces := all[w.paragraph][w.line]
		all[w.paragraph][w.line] = pieces.mark(w.at, w.from, words[last].to, facts[n])
	}
	return all
}

func (w word) samePiece(o word) bool {
	return w.paragraph == o.paragraph && w.line == o.line && w.at == o.at
}

// wordsOf lists the words of a message in their order; addresses are none.
func wordsOf(all [][]line) []word {
	var words []word
	for i, lines := range all {
		for j, pieces := range lines {
			for k, s := range pieces {
				if s.Href != "" {
					continue
				}
				from := 0
				for _, field := range strings.Fields(s.Text) {
					from += strings.Index(s.Text[from:], field)
					words = append(words, word{field, i, j, k, from, from + len(field)})
					from += len(field)
				}
			}
		}
	}
	return words
}

// find notes the fact at the first words that a quote is of, where no other fact stands.
func find(words []word, facts []string, q quote) {
	want := strings.Fields(strings.Trim(strings.TrimSpace(q.Words), "…"))
	if len(want) == 0 {
		return
	}
	for n := 0; n+len(want) <= len(words); n++ {
		if !matchesAt(words[n:], want) {
			continue
		}
		for i := range want {
			if facts[n+i] == "" {
				facts[n+i] = q.Fact
			}
		}
		return
	}
}

// matchesAt compares word by word; what stands before the first and behind the
// last, such as a bracket or a full stop, is not quoted.
func matchesAt(words []word, want []string) bool {
	for i, w := range want {
		have := words[i].text
		switch {
		case len(want) == 1 && strings.Contains(have, w):
		case i == 0 && len(want) > 1 && strings.HasSuffix(have, w):
		case i > 0 && i == len(want)-1 && strings.HasPrefix(have, w):
		case have == w:
		default:
			return false
		}
	}
	return true
}

// mark parts a piece into what stands before, in and behind a quote.
func (l line) mark(at, from, to int, fact string) line {
	s := l[at]
	parts := line{{Text: s.Text[:from]}, {Text: s.Text[from:to], Fact: fact}, {Text: s.Text[to:]}}
	out := append(line{}, l[:at]...)
	for _, part := range parts {
		if part.Text != "" {
			out = append(out, part)
		}
	}
	return append(out, l[at+1:]...)
}

// marksIn are the quotes to mark in a message: in the customer's alone, for
// those who ask why.
func (t DeskTicket) marksIn(p *i18n.Printer, m desk.Said) []quote {
	if !t.Why || m.Side != desk.CustomerSide || m.Internal {
		return nil
	}
	return t.quotes(p)
}
