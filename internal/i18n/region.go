package i18n

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Region writes a country by its ISO 3166-1 code: Allemagne, Germany; a code
// that CLDR does not know stays as it is.
func (p *Printer) Region(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	names := display.English.Regions()
	if p.lang == French {
		names = display.French.Regions()
	}
	return names.Name(r)
}
