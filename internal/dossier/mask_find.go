package dossier

import (
	"regexp"
	"strings"
	"unicode"
)

// A finder looks for secrets of one kind.
type finder func(*searched) []span

// searched is a text that is looked through many times.
type searched struct {
	text, lower string
	words       [256][]int32 // by first byte in lower case: where it stands and no word goes on
}

func newSearched(text string) *searched {
	s := &searched{text: text, lower: lowered(text)}
	inside := false
	for i, r := range s.lower {
		if !inside {
			s.words[s.lower[i]] = append(s.words[s.lower[i]], int32(i))
		}
		inside = unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return s
}

// lowered is a text with its ASCII capitals small, so that places stay the same.
func lowered(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// places are where one of the beginnings stands, not within a word.
func (s *searched) places(beginnings []string, each func(at int)) {
	for _, beginning := range beginnings {
		for _, at := range s.words[beginning[0]] {
			if strings.HasPrefix(s.lower[at:], beginning) {
				each(int(at))
			}
		}
	}
}

// maxLabel bounds, in bytes, the label of a secret with what stands before its value.
const maxLabel = 300

// begins finds what a group of a pattern matches where one of the beginnings stands, if the check
// lets it. The pattern is tried at that place alone.
func begins(beginnings []string, pattern string, check func(string) bool) finder {
	re := regexp.MustCompile(`^(?:` + pattern + `)`)
	return func(in *searched) []span {
		var spans []span
		in.places(beginnings, func(at int) {
			// Most are short, and a pattern costs by what is before it.
			near := in.text[at:min(len(in.text), at+maxLabel)]
			m := re.FindStringSubmatchIndex(near)
			if m != nil && m[1] == len(near) {
				m = re.FindStringSubmatchIndex(in.text[at:])
			}
			if m == nil {
				return
			}
			s := span{at + m[2], at + m[3]}
			if value := in.text[s.from:s.to]; !strings.HasPrefix(value, "[masked:") && (check == nil || check(value)) {
				spans = append(spans, s)
			}
		})
		return spans
	}
}

// headers find the value of a header: all of its line, or up to the quote that ends it.
func headers(names ...string) finder {
	re := regexp.MustCompile(`(?i)^(?:` + strings.Join(names, "|") + `)["']?[ \t]*[:=][ \t]*`)
	return func(in *searched) []span {
		var spans []span
		text := in.text
		in.places(names, func(at int) {
			end := re.FindStringIndex(text[at:min(len(text), at+maxLabel)])
			if end == nil {
				return
			}
			s := span{at + end[1], len(text)}
			if i := strings.IndexAny(text[s.from:], "\r\n"); i >= 0 {
				s.to = s.from + i
			}
			if quote := text[max(0, at-1)]; quote == '"' || quote == '\'' {
				if i := strings.IndexByte(text[s.from:s.to], quote); i > 0 {
					s.to = s.from + i
				}
			}
			s.to = s.from + len(strings.TrimRight(text[s.from:s.to], " \t"))
			spans = append(spans, s)
		})
		return spans
	}
}

// labels find values behind a label and a colon or an equals sign, in prose, JSON, forms, XML and
// connection strings.
func labels(beginnings []string, names string, check func(string) bool) finder {
	re := regexp.MustCompile(`(?i)^(?:` + names + `)` + ofWhom +
		`\\*["']?[ \t\x{00A0}\x{202F}]*(?:(>)|=>|:=|[:=]|%3D|：)[ \t\x{00A0}\x{202F}]*`)
	return func(in *searched) []span {
		var spans []span
		text := in.text
		in.places(beginnings, func(at int) {
			m := re.FindStringSubmatchIndex(text[at:min(len(text), at+maxLabel)])
			if m == nil {
				return
			}
			s := valueAt(text, at+m[1], m[2] >= 0)
			if value := text[s.from:s.to]; value != "" && !isMask(value) && (check == nil || check(value)) {
				spans = append(spans, s)
			}
		})
		return spans
	}
}

// runs find tokens that hold a mark: all signs of a token that stand around it.
func runs(mark byte, sign func(byte) bool, check func(string) bool) finder {
	return func(in *searched) []span {
		var spans []span
		text := in.text
		for from := 0; from < len(text); {
			i := strings.IndexByte(text[from:], mark)
			if i < 0 {
				break
			}
			s := span{from + i, from + i + 1}
			for s.from > 0 && sign(text[s.from-1]) {
				s.from--
			}
			for s.to < len(text) && sign(text[s.to]) {
				s.to++
			}
			if check(text[s.from:s.to]) {
				spans = append(spans, s)
			}
			from = s.to
		}
		return spans
	}
}

func wordSign(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}
