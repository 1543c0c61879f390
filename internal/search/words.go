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

// tokens are a text's words, at most so many: runs of letters and digits. An
// ideograph is one by itself.
func tokens(text string, most int) []token {
	var list []token
	from := -1
	end := func(to int) {
		if from >= 0 {
			list = append(list, newToken(text, from, to))
		}
		from = -1
	}
	for at, r := range text {
		if len(list) >= most {
			return list
		}
		switch {
		case unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r):
			end(at)
			list = append(list, newToken(text, at, at+utf8.RuneLen(r)))
		case inWord(r):
			if from < 0 {
				from = at
			}
		default:
			end(at)
		}
	}
	end(len(text))
	return list
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
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
