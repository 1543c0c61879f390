package search

import "strings"

// Part is a stretch of a text, marked where it was looked for.
type Part struct {
	Text   string
	Marked bool
}

// Mark takes a text apart into what was looked for and what stands between.
func (q Query) Mark(text string) []Part {
	parts, _ := q.mark(text, 0, len(text))
	return parts
}

// Snippet is the stretch of a text, of about so many bytes, in which most of what
// is looked for stands, and how much of that it holds: 0 for a text that holds
// none, of which the beginning is shown.
func (q Query) Snippet(text string, length int) ([]Part, int) {
	text = strings.Join(strings.Fields(text), " ")
	words := tokens(text, mostWords)
	var found []token
	for _, w := range words {
		if q.hits(w) {
			found = append(found, w)
		}
	}
	from, best := 0, 0
	for i := range found {
		kinds := map[string]bool{}
		for _, w := range found[i:] {
			if w.to > found[i].from+length*2/3 {
				break
			}
			kinds[w.word] = true
		}
		if len(kinds) > best {
			best, from = len(kinds), found[i].from
		}
	}
	from = wordBefore(words, max(0, from-length/4))
	to := wordEnd(words, from+length, len(text))
	parts, _ := q.mark(text, from, to)
	if from > 0 {
		parts = append([]Part{{Text: "… "}}, parts...)
	}
	if to < len(text) {
		parts = append(parts, Part{Text: " …"})
	}
	return parts, best
}

// wordBefore is where the first word that begins no earlier begins.
func wordBefore(words []token, at int) int {
	if at == 0 {
		return 0
	}
	for _, w := range words {
		if w.from >= at {
			return w.from
		}
	}
	return 0
}

func wordEnd(words []token, at, end int) int {
	if at >= end {
		return end
	}
	last := 0
	for _, w := range words {
		if w.to > at {
			break
		}
		last = w.to
	}
	if last == 0 {
		return min(at, end)
	}
	return last
}

func (q Query) mark(text string, from, to int) (parts []Part, n int) {
	text = text[from:to]
	plain := 0
	for _, w := range tokens(text, len(text)) {
		if !q.hits(w) {
			continue
		}
		if w.from > plain {
			parts = append(parts, Part{Text: text[plain:w.from]})
		}
		parts = append(parts, Part{text[w.from:w.to], true})
		plain = w.to
		n++
	}
	if plain < len(text) {
		parts = append(parts, Part{Text: text[plain:]})
	}
	return parts, n
}
