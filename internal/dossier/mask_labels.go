package dossier

import (
	"regexp"
	"strings"
)

// header finds the value of a header line: all of the line, or up to the quote that ends it.
func header(names string) func(string) []span {
	re := regexp.MustCompile(`(?i)(["'` + "`" + `]?)(?:^|[^A-Za-z0-9_-])["']?(?:` + names + `)["']?[ \t]*[:=][ \t]*`)
	return func(text string) []span {
		var spans []span
		for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
			from := m[1]
			to := len(text)
			if i := strings.IndexAny(text[from:], "\r\n"); i >= 0 {
				to = from + i
			}
			if quote := openQuote(text, m[0], from); quote != 0 {
				if i := strings.IndexByte(text[from:to], quote); i >= 0 {
					to = from + i
				}
			}
			to = from + len(strings.TrimRight(text[from:to], " \t"))
			spans = append(spans, span{from, to})
		}
		return spans
	}
}

// openQuote is the quote in which a header stands, as on a command line; 0 for none.
func openQuote(text string, from, to int) byte {
	for i := max(0, from-1); i <= from && i < to; i++ {
		if c := text[i]; c == '"' || c == '\'' {
			return c
		}
	}
	return 0
}

// labels finds values behind a label and a colon or an equals sign, in prose, JSON, forms, XML
// and connection strings.
func labels(names string, check func(string) bool) func(string) []span {
	re := regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + names + `)` + passwordOf +
		`\\*["']?[ \t\x{00A0}\x{202F}]*(?:(>)|=>|:=|[:=]|%3D|：)[ \t\x{00A0}\x{202F}]*`)
	return func(text string) []span {
		var spans []span
		for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
			s := valueAt(text, m[1], m[2] >= 0)
			if value := text[s.from:s.to]; value != "" && !isMask(value) && (check == nil || check(value)) {
				spans = append(spans, s)
			}
		}
		return spans
	}
}

// valueAt is the value that begins at a place: to the end of its quotes, of its element, or of
// its word. A value may stand alone on the next line when it does not read like a sentence.
func valueAt(text string, at int, element bool) span {
	rest := text[at:]
	if element {
		return span{at, at + end(rest, "<\n")}
	}
	if line, ok := strings.CutPrefix(strings.TrimPrefix(rest, "\r"), "\n"); ok {
		first := line[:end(line, "\r\n")]
		if word := strings.TrimSpace(first); strings.ContainsAny(word, " :") || !strong(word) {
			return span{at, at}
		}
		at = len(text) - len(line)
		rest = line
	}
	open := 0
	for open < len(rest) && rest[open] == '\\' {
		open++
	}
	for _, quote := range []string{`"`, `'`, "«", "“", "`"} {
		if strings.HasPrefix(rest[open:], quote) {
			from := open + len(quote)
			return span{at + from, at + from + closing(rest[from:], quote, open > 0)}
		}
	}
	return span{at, at + bareEnd(rest)}
}

// closing is where a quoted value ends: at its quote, unescaped where the opening one was, or
// with its line.
func closing(rest, quote string, escaped bool) int {
	closer := map[string]string{"«": "»", "“": "”"}[quote]
	if closer == "" {
		closer = quote
	}
	for i := 0; i < len(rest); i++ {
		switch {
		case rest[i] == '\n':
			return i
		case rest[i] == '\\' && !escaped:
			i++
		case strings.HasPrefix(rest[i:], closer), escaped && rest[i] == '\\' && strings.HasPrefix(strings.TrimLeft(rest[i:], `\`), closer):
			return len(strings.TrimRight(rest[:i], " \u00a0\u202f"))
		}
	}
	return len(rest)
}

var nextPair = regexp.MustCompile(`^(?:&(?:amp;)?[\w.%\[\]-]+=|;\s*(?:[A-Za-z][\w ]*=|$|\s)|;$|,\s*["']?[\w-]+["']?\s*[:=])`)

// bareEnd is where a value without quotes ends: at a space, or where the next pair of a query,
// of a connection string or of an object begins.
func bareEnd(rest string) int {
	if mark := maskMark.FindString(rest); mark != "" {
		return len(mark) + bareEnd(rest[len(mark):])
	}
	for i, r := range rest {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '\u202f', '<', '"':
			return i
		case '&', ';', ',':
			if nextPair.MatchString(rest[i:min(len(rest), i+64)]) {
				return i
			}
		}
	}
	return len(rest)
}

func end(s, stops string) int {
	if i := strings.IndexAny(s, stops); i >= 0 {
		return i
	}
	return len(s)
}
