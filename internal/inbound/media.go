package inbound

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// media is a media type or a disposition: its value in lower case and its parameters by their names in lower case.
type media struct {
	value  string
	params map[string]string
}

// parseMedia reads such a field, also one that the rules forbid: unquoted spaces, missing semicolons' values, encoded
// words for RFC 2231, character sets that the standard library does not know.
func parseMedia(field string) media {
	value, rest, _ := strings.Cut(field, ";")
	m := media{value: strings.ToLower(strings.TrimSpace(value)), params: map[string]string{}}
	if word := strings.Fields(m.value); len(word) > 0 {
		m.value = word[0]
	}
	pieces := map[string][]piece{}
	for rest != "" {
		var name, content string
		name, content, rest = cutParam(rest)
		if name == "" {
			continue
		}
		base, number, encoded := splitParam(name)
		pieces[base] = append(pieces[base], piece{number, encoded, content})
	}
	for name, of := range pieces {
		m.params[name] = joinPieces(of)
	}
	return m
}

// piece is a part of a parameter that was cut up, as RFC 2231 has it.
type piece struct {
	number  int // -1 when it is whole
	encoded bool
	content string
}

func cutParam(s string) (name, content, rest string) {
	s = strings.TrimLeft(s, " \t;")
	equals := strings.IndexByte(s, '=')
	if end := strings.IndexByte(s, ';'); equals < 0 || end >= 0 && end < equals {
		_, rest, _ = strings.Cut(s, ";")
		return "", "", rest
	}
	name = strings.ToLower(strings.TrimSpace(s[:equals]))
	s = strings.TrimLeft(s[equals+1:], " \t")
	if !strings.HasPrefix(s, `"`) {
		content, rest, _ = strings.Cut(s, ";")
		return name, strings.TrimSpace(content), rest
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return name, b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return name, b.String(), ""
}

// splitParam takes name*0* apart.
func splitParam(name string) (base string, number int, encoded bool) {
	name, encoded = strings.CutSuffix(name, "*")
	if base, digits, cut := strings.Cut(name, "*"); cut {
		if n, err := strconv.Atoi(digits); err == nil && n >= 0 {
			return base, n, encoded
		}
	}
	return name, -1, encoded
}

// joinPieces puts a parameter together. The encoded form of RFC 2231 wins over a plain one beside it.
func joinPieces(of []piece) string {
	slices.SortStableFunc(of, func(a, b piece) int { return cmp.Compare(a.number, b.number) })
	if whole := slices.DeleteFunc(slices.Clone(of), func(p piece) bool { return p.number >= 0 }); len(whole) > 0 {
		best := whole[0]
		for _, p := range whole {
			if p.encoded {
				best = p
			}
		}
		if best.encoded || len(whole) == len(of) {
			of = []piece{best}
		} else {
			of = of[len(whole):]
		}
	}
	charset, data := "", []byte{}
	for i, p := range of {
		content := p.content
		if p.encoded {
			if parts := strings.SplitN(content, "'", 3); i == 0 && len(parts) == 3 {
				charset, content = parts[0], parts[2]
			}
			if plain, err := url.PathUnescape(content); err == nil {
				content = plain
			}
		}
		data = append(data, content...)
	}
	return decodeWords(toUTF8(data, charset))
}
