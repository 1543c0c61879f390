package dossier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters are what does not come apart into a letter and its accent.
var letters = strings.NewReplacer(
	"œ", "oe", "Œ", "Oe", "æ", "ae", "Æ", "Ae", "ß", "ss", "ẞ", "SS", "ø", "o", "Ø", "O", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D",
	"ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "ı", "i", "ĸ", "k", "ŋ", "n", "Ŋ", "N", "ħ", "h", "Ħ", "H", "ŧ", "t", "Ŧ", "T",
	"« ", "\"", " »", "\"", "«\u202f", "\"", "\u202f»", "\"", "«\u00a0", "\"", "\u00a0»", "\"", "«", "\"", "»", "\"",
	"“", "\"", "”", "\"", "„", "\"", "‟", "\"", "‹", "'", "›", "'", "’", "'", "‘", "'", "‚", "'", "‛", "'", "ʼ", "'", "´", "'", "′", "'", "″", "\"",
	"…", "...", "€", "EUR", "£", "GBP", "¥", "JPY", "–", "-", "—", "-", "‐", "-", "‑", "-", "‒", "-", "―", "-", "−", "-",
	"•", "*", "·", ".", "×", "x", "÷", "/", "→", "->", "←", "<-", "⇒", "=>", "≥", ">=", "≤", "<=", "≠", "!=", "±", "+/-",
	"°", " deg", "©", "(c)", "®", "(R)", "™", "(TM)", "§", "par.", "µ", "u", "¿", "?", "¡", "!", "№", "No",
	"\u2028", "\n", "\u2029", "\n",
)

// ASCII writes a text with the letters of the first computers: accents fall, ligatures open, French
// marks and spaces become plain ones; what has no such spelling is '?'. A text of ASCII stays as
// it is, but for control characters, which go.
func ASCII(text string) string {
	text = letters.Replace(strings.ToValidUTF8(text, ""))
	var s strings.Builder
	s.Grow(len(text))
	for _, r := range norm.NFKD.String(text) {
		switch {
		case r == '\n' || r == '\t' || r >= ' ' && r < unicode.MaxASCII:
			s.WriteRune(r)
		case r < ' ' || r == unicode.MaxASCII || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		case unicode.IsSpace(r):
			s.WriteByte(' ')
		case r == '⁄' || r == '∕':
			s.WriteByte('/')
		default:
			s.WriteByte('?')
		}
	}
	return s.String()
}
