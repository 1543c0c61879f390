package page

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Offer is the page of a desk's offer as a whole.
type Offer struct {
	Book     desk.OfferBook
	At       desk.DraftMark
	General  desk.GeneralSettings // as typed, or as it stands
	Was      desk.GeneralSettings // as the form was made
	Conflict *OfferConflict
	Problems desk.Problems
	Faults   []desk.OfferFault
	Note     string // of the version to be published
}

// OfferConflict tells who changed the offer while a form was being filled in.
type OfferConflict struct {
	RulesConflict
	Typed bool // a form came along, and is kept
	Gone  bool // what it is about is no longer there
}

// OfferConflictOf is the last act on a desk's offer.
func OfferConflictOf(b desk.OfferBook) *OfferConflict {
	c := OfferConflict{RulesConflict: RulesConflict{Author: b.Published.Author, At: b.Published.CreatedAt, Published: true}}
	if b.Draft != nil && b.Draft.UpdatedAt.After(b.Published.CreatedAt) {
		c.RulesConflict = RulesConflict{Author: b.Draft.Author, At: b.Draft.UpdatedAt}
	}
	return &c
}

// offerHref is an address of the offer.
func offerHref(f Frame, path ...string) string {
	return f.Href("/settings/offer" + strings.Join(append([]string{""}, path...), "/"))
}

func hoursHref(f Frame, path ...string) string {
	return f.Href("/settings/hours" + strings.Join(append([]string{""}, path...), "/"))
}

// offers tells a reader who may change the offer.
func (f Frame) offers() bool { return f.Who.May(desk.ManageOffer) == nil }

func (o Offer) next() string { return strconv.Itoa(o.Book.Published.Version + 1) }

func (o Offer) published() string { return strconv.Itoa(o.Book.Published.Version) }

// offerRail is the settings and, below them, the versions of the offer.
func (f Frame) offerRail(ctx context.Context, b desk.OfferBook, open int) []ui.RailGroup {
	p := i18n.From(ctx)
	versions := ui.RailGroup{Title: p.T("offer.versions")}
	if b.Draft != nil {
		versions.Items = append(versions.Items, ui.RailItem{NavItem: ui.NavItem{Text: p.T("offer.draft_item", "Version", strconv.Itoa(b.Published.Version+1)),
			Href: offerHref(f)}, Count: desk.FirstName(b.Draft.Author)})
	}
	for _, v := range b.Versions {
		text := strconv.Itoa(v.Version)
		if v.Version == b.Published.Version {
			text = p.T("offer.published_item", "Version", text)
		}
		item := ui.RailItem{NavItem: ui.NavItem{Text: text, Href: offerHref(f, "versions", strconv.Itoa(v.Version)), Current: v.Version == open}}
		if v.Author != "" {
			item.Count = p.ShortDate(v.CreatedAt)
		}
		versions.Items = append(versions.Items, item)
	}
	return append(f.settingsRail(ctx), versions)
}

// offerProblem says what is wrong in the reader's language, names of types
// included; of a list, it quotes which.
func offerProblem(ctx context.Context, q desk.Problem) string {
	p := i18n.From(ctx)
	args, value := slices.Clone(q.Args), ""
	for i := 1; i < len(args); i += 2 {
		if t, ok := args[i].(desk.Text); ok {
			args[i] = shown(t.In(string(p.Lang())))
		}
		if s, ok := args[i].(string); ok && args[i-1] == "Value" {
			value = shortened(shown(s))
			args[i] = value
		}
	}
	text := p.T(q.Key, args...)
	if value != "" && strings.HasPrefix(strings.TrimPrefix(q.Key, "error."), "hours.") {
		return p.T("offer.quoted", "Value", value, "Text", text)
	}
	return text
}

// shortened is as much of a text as a sentence can quote.
func shortened(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// offerError is what is wrong with a field of an offer's form.
func offerError(ctx context.Context, p desk.Problems, field string) string {
	q, ok := p.Of(field)
	if !ok {
		return ""
	}
	return offerProblem(ctx, q)
}

// offerSummary lists what is wrong with a form, each leading to its field.
func offerSummary(ctx context.Context, p desk.Problems) []ui.Problem {
	out := make([]ui.Problem, len(p))
	for i, q := range p {
		out[i] = ui.Problem{For: q.Field, Text: offerProblem(ctx, q)}
	}
	return out
}

// inWords is a text in the reader's language.
func inWords(ctx context.Context, t desk.Text) string {
	return shown(t.In(string(i18n.From(ctx).Lang())))
}

// span writes an amount of minutes exactly, as a form takes it back: 30 min,
// 2 h 30, 3 j 4 h.
func span(p *i18n.Printer, minutes int) string {
	days, rest := minutes/(24*60), minutes%(24*60)
	var parts []string
	if days > 0 {
		parts = append(parts, p.T("time.days", "Days", days))
	}
	switch hours := rest / 60; {
	case hours == 0 && rest > 0:
		parts = append(parts, p.T("time.minutes", "Minutes", rest))
	case rest%60 > 0:
		parts = append(parts, p.T("time.hours_minutes", "Hours", hours, "Minutes", fmt.Sprintf("%02d", rest%60)))
	case hours > 0:
		parts = append(parts, p.T("time.hours", "Hours", hours))
	}
	return strings.Join(parts, " ")
}

// hoursOptions are an offer's calendars; first is said of none, where that may be.
func hoursOptions(ctx context.Context, o desk.Offer, chosen, first string) []ui.Option {
	var out []ui.Option
	if first != "" || chosen == "" {
		out = append(out, ui.Option{Text: first})
	}
	known := chosen == ""
	for _, c := range o.Calendars {
		out = append(out, ui.Option{Value: c.Key, Text: inWords(ctx, c.Name)})
		known = known || c.Key == chosen
	}
	if !known {
		out = append(out, ui.Option{Value: shown(chosen), Text: shown(chosen)})
	}
	return out
}

// typeOptions are an offer's types but one; first is said of none.
func typeOptions(ctx context.Context, o desk.Offer, but, first string) []ui.Option {
	var out []ui.Option
	if first != "" {
		out = append(out, ui.Option{Text: first})
	}
	for _, t := range o.Types {
		if t.Key != but {
			out = append(out, ui.Option{Value: t.Key, Text: inWords(ctx, t.Name)})
		}
	}
	return out
}

// in is a text's field in one language.
func in(ctx context.Context, p desk.Problems, name, label, lang string, t desk.Text) ui.Field {
	field := name + "_" + lang
	return ui.Field{Name: field, Label: i18n.T(ctx, "offer.in", "Label", label, "Language", i18n.T(ctx, "language."+lang)), Value: shown(t[lang]), Error: offerError(ctx, p, field)}
}
