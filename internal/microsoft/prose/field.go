package prose

import (
	"regexp"
	"strings"
	"time"
)

// Line is a text of one line, cleaned, cut to so many runes.
func Line(text string, most int) string {
	if len(text) > mostMarkup {
		text = text[:mostMarkup]
	}
	text = strings.Map(printable, strings.ToValidUTF8(text, ""))
	return cut(strings.Join(strings.Fields(text), " "), most)
}

const longestWord = 60 // runes

// Word is one of a publisher's fixed values in lower case; samples and live
// answers disagree on it. Unknown ones are kept.
func Word(text string) string { return strings.ToLower(Line(text, longestWord)) }

var codeShape = regexp.MustCompile(`^[0-9A-Z][0-9A-Z_-]{2,38}[0-9A-Z]$`)

// Code is the number of an issue (EX1184213, BC_1-FXZ) in upper case; false for
// what has not its shape.
func Code(text string) (string, bool) {
	code := strings.ToUpper(strings.TrimSpace(text))
	return code, codeShape.MatchString(code)
}

// Time reads a moment of an answer. It is false for one that is missing or that
// nobody means: year 1 is how some of Microsoft's interfaces write "never". One
// without a zone is in UTC.
func Time(text string, now time.Time, ahead time.Duration) (time.Time, bool) {
	text = strings.TrimSpace(text)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		if at, err = time.Parse("2006-01-02T15:04:05", text); err != nil {
			return time.Time{}, false
		}
	}
	at = at.UTC().Truncate(time.Microsecond) // as Postgres keeps it
	return at, at.Year() >= 2000 && !at.After(now.Add(ahead))
}

// TimeOrNone is Time where none may be given.
func TimeOrNone(text string, now time.Time, ahead time.Duration) *time.Time {
	if at, ok := Time(text, now, ahead); ok {
		return &at
	}
	return nil
}
