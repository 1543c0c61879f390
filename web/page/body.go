package page

import (
	"net/url"
	"regexp"
	"strings"
)

// piece is a stretch of a line: words, or an address that can be followed.
type piece struct {
	Text string
	Href string // "" for words
	Fact string // what a marked stretch tells; "" for one that is not marked
}

type line []piece

var (
	blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)
	// address ends at what no address holds: spaces of any script, quotation
	// marks, and the invisible characters (Unicode class C) that could make it
	// read as another one.
	address = regexp.MustCompile(`(?i)\bhttps?://[^\s\p{Z}\p{C}<>"«»“”]+`)
)

// paragraphs cuts a message at its blank lines, then at its line ends.
func paragraphs(text string) [][]line {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(shown(text))
	var out [][]line
	for _, p := range blankLines.Split(strings.Trim(text, "\n"), -1) {
		var lines []line
		for _, l := range strings.Split(p, "\n") {
			lines = append(lines, pieces(l))
		}
		out = append(out, lines)
	}
	return out
}

// pieces finds the addresses in a line. All else, identifiers above all, stays
// as it was typed.
func pieces(text string) line {
	var out line
	from := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		end := at[0] + len(sentenceEnd(text[at[0]:at[1]]))
		if !followable(text[at[0]:end]) {
			continue
		}
		if at[0] > from {
			out = append(out, piece{Text: text[from:at[0]]})
		}
		out = append(out, piece{Text: text[at[0]:end], Href: text[at[0]:end]})
		from = end
	}
	if from < len(text) {
		out = append(out, piece{Text: text[from:]})
	}
	return out
}

// sentenceEnd leaves to the sentence what ends it: a full stop, a bracket that
// the address itself did not open.
func sentenceEnd(found string) string {
	for {
		cut := strings.TrimRight(found, ".,;:!?'’*_…")
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.HasSuffix(cut, pair[1:]) && strings.Count(cut, pair[:1]) < strings.Count(cut, pair[1:]) {
				cut = cut[:len(cut)-1]
			}
		}
		if cut == found {
			return found
		}
		found = cut
	}
}

// followable refuses what names no host, and what puts another name before it
// (https://microsoft.com@example.org).
func followable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Hostname() != "" && u.User == nil
}
