package search

import (
	"slices"
	"strconv"
	"strings"
)

// mostWords is how much of one text is found by: a message that carries a log of
// a million words is found by its beginning.
const mostWords = 4_000

// mostPlaces bounds how often a word's places in a text are kept; phrases are
// found among these (PostgreSQL keeps 256 itself).
const mostPlaces = 24

// Inside marks the words that only the desk sees. It can stand in no word, so that
// a question without it cannot be answered by them.
const Inside = "~"

// Text is what a ticket is found by, and how much that counts: A for its subject,
// B for names, C for what was said, D for what only the desk sees.
type Text struct {
	Body   string
	Weight byte // 'A' to 'D'
	Inside bool
}

// Vector writes texts as PostgreSQL reads a tsvector ("Text Search Types"). A word
// of several forms has them all in one place. Words follow one another across
// texts with a gap, so that no phrase is found in two of them.
func Vector(texts ...Text) string {
	places := map[string][]string{}
	at := 0
	for _, t := range texts {
		mark := ""
		if t.Inside {
			mark = Inside
		}
		for _, w := range tokens(t.Body, mostWords) {
			at++
			for _, f := range w.forms() {
				f = mark + f
				if p := places[f]; len(p) < mostPlaces && at < 16_000 {
					places[f] = append(p, strconv.Itoa(at)+weight(t.Weight))
				} else if p == nil {
					places[f] = []string{strconv.Itoa(16_000) + weight(t.Weight)}
				}
			}
		}
		at += 10
	}
	list := make([]string, 0, len(places))
	for f, p := range places {
		list = append(list, "'"+f+"':"+strings.Join(p, ","))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func weight(w byte) string {
	if w < 'A' || w > 'C' {
		return "" // D is what it is unsaid
	}
	return string(w)
}
