package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Part is a stretch of a text, marked where it was looked for.
type Part struct {
	Text   string
	Marked bool
}

// Mark takes a text apart into what was looked for and what stands between.
func (q Query) Mark(text string) []Part {
	return q.mark(text)
}

// Near counts the different words looked for that stand in one stretch of a text, of
// about so many bytes, at most: by this the text to show a snippet of is chosen.
func (q Query) Near(text string, length int) int {
	_, n := nearest(q.sought(text), length)
	return n
}

// nearest is where the stretch begins that holds the most different words, and how
// many it holds.
func nearest(found []token, length int) (from, most int) {
	for i := range found {
		kinds := make([]string, 0, MostTerms)
		for n, w := range found[i:] {
			if n > 0 && w.to > found[i].from+length*2/3 {
				break
			}
			if !slices.Contains(kinds, w.word) {
				kinds = append(kinds, w.word)
			}
		}
		if len(kinds) > most {
			from, most = found[i].from, len(kinds)
		}
	}
	return from, most
}

// Snippet is the stretch of a text, of about so many bytes, in which most of what
// is looked for stands; the beginning of a text that holds none of it.
func (q Query) Snippet(text string, length int) []Part {
	text = strings.Join(strings.Fields(text), " ")
	from, _ := nearest(q.sought(text), length)
	from = wordBefore(text, max(0, from-length/4))
	to := wordEnd(text, from, from+length)
	parts := q.mark(text[from:to])
	if from > 0 {
		parts = append([]Part{{Text: "… "}}, parts...)
	}
	if to < len(text) {
		parts = append(parts, Part{Text: " …"})
	}
	return parts
}

// wordBefore is where the first word that begins no earlier begins.
func wordBefore(text string, at int) int {
	for from, to := next(text, 0); at > 0 && from < len(text); from, to = next(text, to) {
		if from >= at {
			return from
		}
	}
	return 0
}

// wordEnd is where the last word that ends no later ends, or within the first where
// that is longer.
func wordEnd(text string, start, at int) int {
	if at >= len(text) {
		return len(text)
	}
	last := 0
	for from, to := next(text, start); from < len(text) && to <= at; from, to = next(text, to) {
		last = to
	}
	for last == 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return cmp.Or(last, at)
}

func (q Query) mark(text string) (parts []Part) {
	shown := 0
	for _, w := range q.sought(text) {
		if w.from > shown {
			parts = append(parts, Part{Text: text[shown:w.from]})
		}
		parts = append(parts, Part{text[w.from:w.to], true})
		shown = w.to
	}
	if shown < len(text) {
		parts = append(parts, Part{Text: text[shown:]})
	}
	return parts
}
