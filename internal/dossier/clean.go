package dossier

import (
	"strings"
	"unicode"
)

// clean makes a text safe to copy: valid UTF-8, one kind of line end, no control characters and
// none that turn or hide what is read.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n").Replace(strings.ToValidUTF8(text, ""))
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

func cleanLine(text string) string { return oneLine(clean(text)) }

// oneLine joins lines and spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
