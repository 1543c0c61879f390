package desk

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Saying is what a letter says: its subject, where it has one of its own, and its text.
// Either may be "": of a desk's own words then what the portal ships holds.
type Saying struct{ Subject, Body string }

// LetterText is a desk's own words for a kind in a language, as somebody saved them.
type LetterText struct {
	Kind       LetterKind
	Language   string
	Revision   int // from 1
	Subject    string
	Body       string
	PersonID   ID
	PersonName string
	CreatedAt  time.Time
}

// LetterWords are the words of a kind in a language: the desk's own, and what the portal
// ships, written with the same variables.
type LetterWords struct {
	Kind         LetterKind
	Language     string
	Own, Shipped Saying
	Revision     int
}

// InUse is what letters say.
func (w LetterWords) InUse() Saying { return w.Own.Or(w.Shipped) }

// Or fills what is not said.
func (w Saying) Or(other Saying) Saying {
	if w.Subject == "" {
		w.Subject = other.Subject
	}
	if w.Body == "" {
		w.Body = other.Body
	}
	return w
}

// LetterPreview is a letter of made-up things in some words.
type LetterPreview struct{ Language, Subject, Text string }

// longestLetter bounds a desk's own words, and its subjects, in characters.
const (
	longestLetter  = 2000
	longestSubject = 120
)

// NewSaying reads own words from a form; those that the portal ships are none. Problems
// are of the fields "subject_" and "body_" with the language after it.
func NewSaying(k LetterKind, language string, typed, shipped Saying) (w Saying, p Problems) {
	if k.HasSubject() {
		field := "subject_" + language
		w.Subject = strings.TrimSpace(strings.Join(strings.FieldsFunc(typed.Subject, unicode.IsControl), " "))
		if w.Subject == shipped.Subject {
			w.Subject = ""
		}
		p.Text(field, w.Subject, 0, longestSubject)
		p.variables(field, w.Subject, k.SubjectVariables())
	}
	if k.HasBody() {
		field := "body_" + language
		if w.Body = cleanText(typed.Body); w.Body == shipped.Body {
			w.Body = ""
		}
		p.Text(field, w.Body, 0, longestLetter)
		p.variables(field, w.Body, k.Variables())
		p.must(field, w.Body, k.Must())
	}
	return w, p
}

// withouts say what a text misses that it cannot be without.
var withouts = map[string]string{"link": "error.letter.without_link", "list": "error.letter.without_list", "dossier": "error.letter.without_dossier"}

func (p *Problems) must(field, body, name string) {
	if body != "" && name != "" && !strings.Contains(body, "{"+name+"}") {
		p.Add(field, withouts[name])
	}
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
