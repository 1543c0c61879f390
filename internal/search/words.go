// Package search turns texts into the words that they are found by, and what is
// typed into a search box into questions: accents and capitals do not count, nor
// do the endings of French and English words. It is pure.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestWord bounds a word, in bytes. What is longer (a token, an encoded file)
// is found by its beginning.
const longestWord = 64

// token is a word of a text: how it is written, without accents and capitals, and
// where it stands, in bytes.
type token struct {
	written, word string
	from, to      int
}

// tokens are a text's words, at most so many.
func tokens(text string, most int) []token {
	var list []token
	for from, to := next(text, 0); from < len(text) && len(list) < most; from, to = next(text, to) {
		list = append(list, newToken(text, from, to))
	}
	return list
}

// next is where the next word begins and ends: a run of letters and digits. An
// ideograph is one by itself. Both are the text's end where there is none.
func next(text string, at int) (from, to int) {
	for from = at; from < len(text); {
		in, alone, width := sign(text, from)
		if alone {
			return from, from + width
		}
		if in {
			break
		}
		from += width
	}
	for to = from; to < len(text); {
		in, alone, width := sign(text, to)
		if alone || !in {
			break
		}
		to += width
	}
	return from, to
}

// sign tells of what stands at a place of a text whether it is part of a word, and
// one by itself, and how many bytes it takes.
func sign(text string, at int) (in, alone bool, width int) {
	if c := text[at]; c < utf8.RuneSelf {
		return plain[c], false, 1
	}
	r, width := utf8.DecodeRuneInString(text[at:])
	return inWord(r), r >= 0x2e80 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r)), width
}

// plain are the letters and digits of ASCII.
var plain = func() (list [utf8.RuneSelf]bool) {
	for c := range list {
		list[c] = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
	}
	return list
}()

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return plain[r]
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

func newToken(text string, from, to int) token {
	written := strings.ToLower(cut(text[from:to]))
	return token{written, cut(strings.Map(letters, fold(written))), from, to}
}

// letters leaves out what some signs are made of (U+FDFA is whole words).
func letters(r rune) rune {
	if inWord(r) {
		return r
	}
	return -1
}

// cut shortens a word to what is kept of one.
func cut(s string) string {
	if len(s) <= longestWord {
		return s
	}
	n := longestWord
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l")

// fold takes off a word's accents.
func fold(s string) string {
	if ascii(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if int(r) >= len(folded) {
			return foldAny(s)
		}
		b.WriteString(folded[r])
	}
	return b.String()
}

// folded are the letters of French and of most of Europe without their accents. None
// of them combines with its neighbour.
var folded = func() (list [0x180]string) {
	for r := range list {
		list[r] = foldAny(string(rune(r)))
	}
	return list
}()

func foldAny(s string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return ligatures.Replace(bare)
}

// Fold writes a name as names are compared: without accents and capitals.
func Fold(s string) string { return fold(strings.ToLower(strings.TrimSpace(s))) }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
