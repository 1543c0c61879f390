package search

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MostTerms is how many words and phrases of one question are looked for.
const MostTerms = 12

// Piece is a part of what was typed: a word, a phrase in quotes, or a field and
// its value.
type Piece struct {
	Not    bool   // preceded by "-"
	Field  string // without accents and capitals, "" for none
	Name   string // the field as typed
	Value  string // as typed, without its quotes
	Quoted bool
}

// Pieces takes apart what was typed. Nothing that anybody types is wrong: quotes
// that do not close end with the text.
func Pieces(typed string) []Piece {
	var list []Piece
	rest := strings.ToValidUTF8(typed, " ")
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return list
		}
		var p Piece
		if minus, found := strings.CutPrefix(rest, "-"); found {
			p.Not, rest = true, minus
		}
		if name, after, found := strings.Cut(rest, ":"); found && isName(name) {
			if value := value(after); value != "" && value[0] != '/' && value[0] != '\\' {
				p.Field, p.Name, rest = Fold(name), name, after
			}
		}
		typedValue := value(rest)
		rest = rest[len(typedValue):]
		p.Value, p.Quoted = unquoted(typedValue)
		if p.Value != "" {
			list = append(list, p)
		}
	}
}

func isName(s string) bool {
	return s != "" && len(s) <= 24 && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' }) < 0
}

var closing = map[rune]string{'"': `"`, '“': "”\"", '«': "»"}

// value is the text up to the next space, or to the end of the quotes that it
// begins with.
func value(s string) string {
	for at, r := range s {
		if at == 0 && closing[r] != "" {
			first := len(string(r))
			if end := strings.IndexAny(s[first:], closing[r]); end >= 0 {
				_, width := firstRune(s[first+end:])
				return s[:first+end+width]
			}
			return s
		}
		if unicode.IsSpace(r) {
			return s[:at]
		}
	}
	return s
}

func firstRune(s string) (r rune, width int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 0
}

func unquoted(s string) (string, bool) {
	r, width := firstRune(s)
	if closing[r] == "" {
		return s, false
	}
	return strings.TrimSpace(strings.TrimRight(s[width:], closing[r])), true
}

// term is a word, or words that follow one another; each with its forms, and how
// far behind the one before it.
type term struct {
	not   bool
	words []word
}

type word struct {
	forms []string
	gap   int
}

// Query is a question of words.
type Query struct{ terms []term }

// Add puts a word or a phrase to the question, and tells whether there was
// something in it to look for. A word that is several (an address, "e-mail") is
// looked for as a phrase, unless commas or strokes part it.
func (q *Query) Add(p Piece) bool {
	added := false
	parts := []string{p.Value}
	if !p.Quoted {
		parts = strings.FieldsFunc(p.Value, func(r rune) bool { return strings.ContainsRune(",;/|()[]{}", r) })
	}
	for _, part := range parts {
		t := term{not: p.Not}
		gap := 0
		for _, w := range tokens(part, MostTerms) {
			gap++
			if f := w.forms(); len(f) > 0 {
				if !slices.Contains(f, w.word) {
					f = append(slices.Clip(f), w.word) // as names are kept
				}
				t.words = append(t.words, word{f, gap})
				gap = 0
			}
		}
		if len(t.words) > 0 && len(q.terms) < MostTerms {
			q.terms = append(q.terms, t)
			added = true
		}
	}
	return added
}

// Empty tells a question that asks for nothing.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// String writes the question as PostgreSQL reads a tsquery ("Text Search Types"):
// all of its terms, each among what everybody may read or, inside, also among what
// only the desk does. "" for a question that asks for nothing.
func (q Query) String(inside bool) string {
	list := make([]string, 0, len(q.terms))
	for _, t := range q.terms {
		list = append(list, t.string(inside))
	}
	return strings.Join(list, "&")
}

// Terms writes what the question asks for as an index of words answers it, each word by
// itself, and what it asks to be left out, "" for nothing. Together they find no less
// than the question, wherever the words stand.
func (q Query) Terms(inside bool) (words []string, without string) {
	words = []string{}
	var not []string
	for _, t := range q.terms {
		if t.not && len(t.words) > 1 {
			continue // what holds the words of a phrase may do so in another order
		}
		for _, w := range t.words {
			s := term{t.not, []word{w}}.string(inside)
			if t.not {
				not = append(not, s)
			} else {
				words = append(words, s)
			}
		}
	}
	return words, strings.Join(not, "&")
}

func (t term) string(inside bool) string {
	s := t.marked("")
	if inside {
		s += "|" + t.marked(Inside)
	}
	s = "(" + s + ")"
	if t.not {
		s = "!" + s
	}
	return s
}

func (t term) marked(mark string) string {
	var b strings.Builder
	for n, w := range t.words {
		if n > 0 {
			b.WriteString("<" + strconv.Itoa(w.gap) + ">")
		}
		b.WriteString("(")
		for i, f := range w.forms {
			if i > 0 {
				b.WriteString("|")
			}
			b.WriteString("'" + mark + f + "'")
		}
		b.WriteString(")")
	}
	return b.String()
}

// sought are the words of a text that are looked for. Most words do not begin as one
// of those, and no stem begins otherwise than its word: they are passed over.
func (q Query) sought(text string) (list []token) {
	begin := q.beginnings()
	for from, to := next(text, 0); from < len(text); from, to = next(text, to) {
		if c := text[from]; c < utf8.RuneSelf && !begin[c|0x20] {
			continue // |0x20 makes a letter small and leaves a digit
		}
		if w := newToken(text, from, to); q.hits(w) {
			list = append(list, w)
		}
	}
	return list
}

func (q Query) beginnings() (of [utf8.RuneSelf]bool) {
	for _, t := range q.terms {
		for _, w := range t.words {
			for _, f := range w.forms {
				if c := f[0]; c < utf8.RuneSelf {
					of[c] = true
				}
			}
		}
	}
	return of
}

// hits tells whether a word is one of those looked for.
func (q Query) hits(w token) bool {
	forms := w.forms()
	for _, t := range q.terms {
		for _, sought := range t.words {
			if !t.not && slices.ContainsFunc(forms, func(f string) bool { return slices.Contains(sought.forms, f) }) {
				return true
			}
		}
	}
	return false
}
