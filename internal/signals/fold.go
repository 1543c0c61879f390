package signals

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one folded word of a text with its place in the original.
type word struct {
	text       string
	start, end int // byte offsets in the original text
	sentence   int // words of one sentence share the number
	clause     int // a comma, a bracket or a dash starts a new clause within a sentence
	known      *known
}

// fold writes a text in lower case without accents, so that "Réseau" and "reseau" are one word.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if int(r) < len(latin) && latin[r] != "" {
			b.WriteString(latin[r])
			continue
		}
		foldRune(&b, r)
	}
	return b.String()
}

// foldRune goes by the rules; fold asks the table first.
func foldRune(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		b.WriteByte(byte(r))
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return
	default:
		if whole, ok := ligatures[r]; ok {
			b.WriteString(whole)
			return
		}
		for _, part := range norm.NFKD.String(string(unicode.ToLower(r))) {
			if !unicode.Is(unicode.Mn, part) {
				b.WriteRune(part)
			}
		}
	}
}

func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// latin holds the letters of western languages folded, as they are nearly all that is met.
var latin = func() (table [0x180]string) {
	for r := rune(utf8.RuneSelf); int(r) < len(table); r++ {
		if unicode.IsLetter(r) {
			var b strings.Builder
			foldRune(&b, r)
			table[r] = b.String()
		}
	}
	return table
}()

var ligatures = map[rune]string{
	'ß': "ss", 'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", '’': "'", '‘': "'", '´': "'", 'ʼ': "'",
}

// split cuts a text into folded words. An apostrophe separates in French and Italian
// ("l'état" is two words) and joins in English ("don't" becomes "dont").
// A dot between digits or letters stays: "5.7.705", "login.microsoft".
func split(s string) []word {
	words := make([]word, 0, len(s)/5+1)
	sentence, clause, start := 0, 0, -1
	flush := func(end int) {
		if start >= 0 {
			words = append(words, word{text: fold(s[start:end]), start: start, end: end, sentence: sentence, clause: clause})
			start = -1
		}
	}
	for i, r := range s {
		if inWord(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		_, width := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+width:])
		if start >= 0 && joins(s[start:i], r, next) {
			continue
		}
		flush(i)
		switch r {
		case '.', '!', '?', ';':
			sentence, clause = sentence+1, clause+1
		case '\n':
			if next == '\n' {
				sentence, clause = sentence+1, clause+1
			}
		case ',', ':', '(', ')', '[', ']', '–', '—', '"', '«', '»', '/', '|':
			clause++
		}
	}
	flush(len(s))
	return joinEnglish(words)
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r)
}

// joins says whether a sign inside a word belongs to it.
func joins(before string, sign, next rune) bool {
	if !inWord(next) {
		return false
	}
	switch sign {
	case '.':
		last := before[len(before)-1]
		return '0' <= last && last <= '9' && unicode.IsDigit(next)
	case '\'', '’', '´', '‘':
		switch fold(before) {
		case "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "aujourd", "presqu", "dell", "nell", "all", "dall", "un", "quest", "sull":
			return false
		}
		return utf8.RuneCountInString(before) > 1
	}
	return false
}

// joinEnglish drops the apostrophes that splitting kept: "don't" is "dont".
func joinEnglish(words []word) []word {
	for i := range words {
		if strings.ContainsRune(words[i].text, '\'') {
			words[i].text = strings.ReplaceAll(words[i].text, "'", "")
		}
	}
	return words
}
