// Package ui is the set of parts that pages are made of: the document, its two
// houses, buttons, fields, states, sheets. A part knows no page and no word of
// the trade; the words of its own are in the layout catalogue.
//
// Parts that hold other parts take them as templ children. A part with many
// inputs takes a small struct, whose zero values mean "without".
package ui

import (
	"context"
	"maps"
	"slices"

	"guichet/internal/i18n"
)

// House says which of the two houses a page stands in.
type House string

// The customer's house has air and serif titles, the agent's has density.
const (
	Site House = "site"
	Desk House = "desk"
)

// MainID is the id of every page's main element, where the skip link leads.
const MainID = "main"

// Page is what a document says about itself.
type Page struct {
	Title       string
	Description string
	House       House  // Site when empty
	Theme       string // "light" or "dark"; the device decides otherwise
	AccentHref  string // the style sheet of a desk's own accent, if it has one
	KeysOff     bool   // the reader wants no single-key shortcuts
	Live        string // the stream that tells of what changes, "" for none
	Indexed     bool   // search engines may list this page
	Shared      Shared // what others show of a page that is passed on; zero for one that is not
}

// Shared is how a public page is known outside.
type Shared struct {
	Name      string            // of the site
	Address   string            // the one address of this page in its language, absolute
	Languages map[string]string // the addresses of the same page by language
}

// locales are languages with the country whose words we use.
var locales = map[string]string{"fr": "fr_FR", "en": "en_GB"}

// languages are those of Languages, in one order.
func (s Shared) languages() []string { return slices.Sorted(maps.Keys(s.Languages)) }

func (p Page) house() string {
	if p.House == "" {
		return string(Site)
	}
	return string(p.House)
}

func (p Page) keys() string {
	if p.KeysOff {
		return "off"
	}
	return "on"
}

func lang(ctx context.Context) string { return string(i18n.From(ctx).Lang()) }

// htmxConfig keeps htmx within the content security policy (no eval, no style
// element of its own), keeps no copy of a page in the browser's storage, and
// lets a form that comes back with 422 take the place of the one sent.
// The names are those of https://htmx.org/reference/#config.
const htmxConfig = `{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,` +
	`"refreshOnHistoryMiss":true,"responseHandling":[{"code":"204","swap":false},` +
	`{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}`
