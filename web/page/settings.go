package page

import (
	"context"
	_ "embed"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// HouseAccent is the accent of a desk that chose none: --accent of
// css/tokens.css, light, as a colour field can show it.
const HouseAccent = "#e0692b"

// DeskForm is what an admin says of the desk itself.
type DeskForm struct {
	desk.DeskSettings
	Problems desk.Problems
}

// DeskFormOf is the form as the desk stands.
func DeskFormOf(d desk.Desk) DeskForm {
	return DeskForm{DeskSettings: desk.DeskSettings{Name: d.Name, Language: d.Language, Zone: d.Zone, Accent: d.Accent, Email: d.Email, Phone: d.Phone,
		Website: d.Website, Address: d.Address, EmailSignIn: d.EmailSignIn, Issuer: d.Issuer, ClientID: d.ClientID, ApproveOrders: d.ApproveOrders}}
}

// asked is a question of a form. The last part of the key of its words is the
// name of its field; hint is a message key, or "".
func asked(ctx context.Context, p desk.Problems, key, value, hint string) ui.Field {
	name := key[strings.LastIndexByte(key, '.')+1:]
	f := ui.Field{Name: name, Label: i18n.T(ctx, key), Value: shown(value), Error: problemOf(ctx, p, name)}
	if hint != "" {
		f.Hint = i18n.T(ctx, hint)
	}
	return f
}

func required(f ui.Field) ui.Field { f.Required = true; return f }

func optional(f ui.Field) ui.Field { f.Optional = true; return f }

// typed is a line of a kind: email, tel, url, password, color.
func typed(kind string, f ui.Field) ui.Field { f.Type = kind; return f }

// accent is what the colour field shows: it knows no empty value.
func (d DeskForm) accent() string {
	if d.Accent == "" {
		return HouseAccent
	}
	return d.Accent
}

// settingsRail lists the settings that the reader may open.
func (f Frame) settingsRail(ctx context.Context) []ui.RailGroup {
	var items []ui.RailItem
	add := func(v desk.Verb, sections ...string) {
		for _, section := range sections {
			if f.Who.May(v) == nil {
				items = append(items, ui.RailItem{NavItem: ui.NavItem{Text: i18n.T(ctx, "nav."+section), Href: f.Href("/settings/" + section), Current: f.Section == section}})
			}
		}
	}
	add(desk.ReadCustomers, "customers")
	add(desk.ManagePeople, "people", "subcontractors")
	add(desk.ReadQueue, "offer", "hours", "prices")
	add(desk.ReadRules, "rules")
	add(desk.ReadArticles, "articles")
	add(desk.ManageCircle, "circle")
	add(desk.ManageEscalation, "escalation", "providers", "plans")
	if f.Who.May(desk.ManageHealth) == nil {
		items = append(items, ui.RailItem{NavItem: ui.NavItem{Text: i18n.T(ctx, "nav.connections"), Href: f.Href("/settings/health"), Current: f.Section == "connections"}})
	}
	add(desk.ManageConnectors, "connectors")
	add(desk.ManageTokens, "tokens")
	add(desk.ManageWebhooks, "webhooks")
	add(desk.ManageAccess, "access")
	add(desk.ManageDesk, "mail", "sender", "letters")
	add(desk.MoveData, "import", "export")
	add(desk.ManageDesk, "files", "desk")
	return []ui.RailGroup{{Title: i18n.T(ctx, "settings.title"), Items: items}}
}

// zoneNames are the tz database's zones, one or more for each country (its
// file zone.tab, in the public domain), and UTC.
//
//go:embed zones.txt
var zoneNames string

// zones are the options of a time zone's list. A zone that the list lacks, an
// older name for one, stays choosable where it is the answer already.
func zones(chosen string, first ...ui.Option) []ui.Option {
	names := strings.Fields(zoneNames)
	options := slices.Clone(first)
	if chosen != "" && !slices.Contains(names, chosen) {
		options = append(options, ui.Option{Value: chosen, Text: shown(chosen)})
	}
	for _, name := range names {
		options = append(options, ui.Option{Value: name, Text: strings.ReplaceAll(name, "_", " ")})
	}
	return options
}

// languages are the options of a person's language, the desk's first.
func (f Frame) languages(ctx context.Context) []ui.Option {
	of := i18n.T(ctx, "settings.as_desk", "Value", i18n.T(ctx, "language."+f.Who.Desk.Language))
	return append([]ui.Option{{Value: "", Text: of}}, ownLanguages(ctx)...)
}

// ownLanguages are the languages that have a catalogue, each by its own name.
func ownLanguages(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, l := range i18n.Langs() {
		options = append(options, ui.Option{Value: string(l), Text: i18n.T(ctx, "language."+string(l))})
	}
	return options
}

// deskZone is the option of a person who lives by the desk's time.
func (f Frame) deskZone(ctx context.Context) ui.Option {
	return ui.Option{Text: i18n.T(ctx, "settings.as_desk", "Value", strings.ReplaceAll(f.Who.Desk.Zone, "_", " "))}
}

// secret asks for a client secret, which is never shown again.
func secret(ctx context.Context, d desk.Desk) ui.Field {
	hint := "desk.client_secret_hint"
	if d.HasSecret {
		hint = "desk.client_secret_kept"
	}
	f := optional(typed("password", asked(ctx, nil, "desk.client_secret", "", hint)))
	f.More = templ.Attributes{"autocomplete": "new-password"}
	return f
}
