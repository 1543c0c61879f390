// Package i18n speaks to people in their language: messages from catalogues, numbers, dates and durations.
//
// Messages live in catalog/<area>.<lang>.toml under dotted keys. A text may name arguments as {{.Name}}; a message
// that counts things is a table of CLDR plural forms (https://cldr.unicode.org/index/cldr-spec/plural-rules), in
// which {{.N}} is the formatted number:
//
//	"queue.title" = "À traiter"
//	"queue.greeting" = "Bonjour {{.Name}}"
//	"queue.selected" = { one = "{{.N}} demande cochée", other = "{{.N}} demandes cochées" }
package i18n

import (
	"golang.org/x/text/language"
)

// Lang is a language that Guichet speaks, as its ISO 639-1 code.
type Lang string

// The languages that have a catalogue.
const (
	French  Lang = "fr"
	English Lang = "en"
)

var matcher = language.NewMatcher([]language.Tag{language.English, language.French})

// Langs returns the languages that have a catalogue, in the order a chooser offers them.
func Langs() []Lang { return []Lang{French, English} }

// Match returns the language a browser prefers, from its Accept-Language header (RFC 9110, section 12.5.4).
// It returns English and false when the header names none that Guichet speaks, so that the desk's own may be used.
func Match(acceptLanguage string) (Lang, bool) {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return English, false
	}
	_, index, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return English, false
	}
	if index == 1 {
		return French, true
	}
	return English, true
}
