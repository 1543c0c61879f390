package dossier

import (
	"regexp"
	"strings"
)

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
