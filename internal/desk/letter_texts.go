package desk

import (
	"slices"
	"strings"
	"time"
)

// LetterKind is a sentence of the letters about tickets that a desk may say in its own
// words: what a letter begins with, by what happened.
type LetterKind string

// LetterSubject is the subject of all letters about a ticket: one, since mail programs
// keep a conversation together by it.
const LetterSubject LetterKind = "subject"

// LetterKinds lists them, those that customers read first.
func LetterKinds() []LetterKind {
	return []LetterKind{LetterSubject, "received", "reply", "state_resolved", "state_closed", "state_waiting_microsoft", "state_waiting_third_party", "reopened",
		"approval", "approved", "refused", "known", "news", "works", "back", "customer_wrote", "assigned", "due", "overdue", "persists"}
}

// Variables lists what stands for something in the words of a kind, between braces. That
// is all: words are no program.
func (k LetterKind) Variables() []string {
	switch k {
	case LetterSubject: // the same for every letter
		return []string{"number", "subject", "desk"}
	case "reply", "customer_wrote", "approval":
		return []string{"number", "subject", "name", "desk", "who"}
	case "approved":
		return []string{"number", "subject", "name", "desk", "approver"}
	case "refused":
		return []string{"number", "subject", "name", "desk", "approver", "reason"}
	case "due", "overdue":
		return []string{"number", "subject", "name", "desk", "clock", "when"}
	}
	return []string{"number", "subject", "name", "desk"}
}

// LetterText is a desk's own words for a kind in a language, as somebody saved them.
type LetterText struct {
	Kind       LetterKind
	Language   string
	Revision   int    // from 1
	Body       string // "": what the portal ships
	PersonID   ID
	PersonName string
	CreatedAt  time.Time
}

// LetterWords are the words of a kind in a language: the desk's own, "" for none, and
// what the portal ships, written with the same variables.
type LetterWords struct {
	Kind         LetterKind
	Language     string
	Own, Shipped string
	Revision     int
}

// InUse is what letters say.
func (w LetterWords) InUse() string {
	if w.Own != "" {
		return w.Own
	}
	return w.Shipped
}

// LetterPreview is a letter of made-up things in some words.
type LetterPreview struct{ Language, Subject, Text string }

// longestLetter bounds a desk's own words, and its subjects, in characters.
const (
	longestLetter  = 2000
	longestSubject = 120
)

// LetterBody reads own words from a form; those that the portal ships are none. Errors
// are the problems of the field.
func LetterBody(k LetterKind, field, text, shipped string) (body string, p Problems) {
	body = cleanText(text)
	most := longestLetter
	if k == LetterSubject {
		body, most = clean(text), longestSubject
	}
	if body == shipped {
		body = ""
	}
	if p.Text(field, body, 0, most); len(p) == 0 {
		p.variables(field, body, k.Variables())
	}
	return body, p
}

// variables refuses what stands between braces and is none of the variables, and braces
// that stand alone.
func (p *Problems) variables(field, body string, known []string) {
	rest := body
	for {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			return
		}
		end := strings.IndexAny(rest[open+1:], "{}\n")
		if rest[open] == '}' || end < 0 || rest[open+1+end] != '}' {
			p.Add(field, "error.letter.brace")
			return
		}
		if name := rest[open+1 : open+1+end]; !slices.Contains(known, name) {
			p.Add(field, "error.letter.variable", "Name", "{"+cut(name, 40)+"}", "Known", "{"+strings.Join(known, "} {")+"}")
			return
		}
		rest = rest[open+end+2:]
	}
}

// FillLetter puts values where variables stand, once: what a value holds is text.
func FillLetter(body string, values map[string]string) string {
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(body)
}
