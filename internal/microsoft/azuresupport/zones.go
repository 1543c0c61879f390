package azuresupport

import (
	_ "embed"
	"strings"
	"sync"

	tongue "golang.org/x/text/language"
)

// zoneTable has Windows' name of each zone: IANA's, a tab, Windows' (Unicode CLDR,
// windowsZones, with the older names that IANA still knows).
//
//go:embed zones.txt
var zoneTable string

var zones = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(zoneTable) {
		if iana, windows, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			m[iana] = windows
		}
	}
	return m
})

// WindowsZone is Windows' name of an IANA zone; UTC for one that it does not know.
func WindowsZone(iana string) string {
	if windows, ok := zones()[iana]; ok {
		return windows
	}
	return "UTC"
}

// Country is the three letters of a country (ISO 3166-1) by its two; "" for none.
func Country(two string) string {
	r, err := tongue.ParseRegion(two)
	if err != nil || !r.IsCountry() {
		return ""
	}
	return r.ISO3()
}

// spoken are the languages that Azure's support takes ("Support Tickets - Create",
// preferredSupportLanguage).
var spoken = map[string]string{"en": "en-us", "fr": "fr-fr", "de": "de-de", "es": "es-es", "it": "it-it", "pt": "pt-br", "ja": "ja-jp", "ko": "ko-kr", "ru": "ru-ru", "zh": "zh-hans"}

func language(code string) string {
	first, _, _ := strings.Cut(strings.ToLower(code), "-")
	if l, ok := spoken[first]; ok {
		return l
	}
	return "en-us"
}
