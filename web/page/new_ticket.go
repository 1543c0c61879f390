package page

import (
	"context"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
	"guichet/web/ui"
)

// TicketForm is the new-ticket form as typed, with what stands beside it.
type TicketForm struct {
	Kind, Subject, Body, Service, Region, Affected, Since, Impact string
	Key                                                           desk.ID // one per form shown
	Problems                                                      desk.Problems
	Restored                                                      bool      // typed before the session ended, and not sent yet
	Kept                                                          time.Time // when it was typed, on whatever machine; zero for nothing kept
	Accepted                                                      string    // the price that was agreed to
	Level                                                         desk.Level
	Quote                                                         pricing.Quote
	Promised                                                      map[desk.Impact]time.Time
	Open                                                          bool
	Until                                                         time.Time // the next opening or closing; zero when there is none
	// What the writer says is his problem too.
	Issue    desk.ID
	Incident int64
	// A desk's person writes for a customer's.
	Customer  desk.Customer
	People    []desk.Person
	Requester desk.ID
	// What an order asks instead, and what may help before anything is sent.
	Ordering bool
	Order    desk.OrderForm
	Help     HelpPanel
	Known    KnownBefore
	Files    FilesField
}

// NewTicketForm is the form nobody has filled in yet.
func NewTicketForm() TicketForm {
	return TicketForm{Kind: "problem", Service: "Unknown", Affected: "unknown", Impact: string(desk.Slowed), Key: desk.NewID()}
}

// choice is one answer of a question: its value, its words and a hint.
type choice struct{ value, text, hint string }

var kindChoices = []choice{
	{"problem", "new.problem", "new.problem_hint"},
	{"question", "new.question", "new.question_hint"},
	{"subscription", "new.subscription", "new.subscription_hint"},
	{"billing", "new.billing", "new.billing_hint"},
}

var affectedChoices = []choice{
	{"one_user", "new.one_user", ""},
	{"some_users", "new.some_users", ""},
	{"whole_tenant", "new.whole_tenant", ""},
	{"many_tenants", "new.many_tenants", ""},
	{"unknown", "new.unknown", ""},
}

func answers(ctx context.Context, choices []choice) []ui.Option {
	var out []ui.Option
	for _, c := range choices {
		o := ui.Option{Value: c.value, Text: i18n.T(ctx, c.text)}
		if c.hint != "" {
			o.Hint = i18n.T(ctx, c.hint)
		}
		out = append(out, o)
	}
	return out
}

// affected offers several companies only where one may speak for several: at
// the desk, or where that was answered already.
func (t TicketForm) affected(ctx context.Context, f Frame) []ui.Option {
	all := answers(ctx, affectedChoices)
	if f.Who.DeskSide() || t.Affected == "many_tenants" {
		return all
	}
	return slices.DeleteFunc(all, func(o ui.Option) bool { return o.Value == "many_tenants" })
}

// impacts says beside each answer when the desk would reply to it.
func (t TicketForm) impacts(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, i := range desk.Impacts {
		o := ui.Option{Value: string(i), Text: i18n.T(ctx, impactLabels[i])}
		if at, ok := t.Promised[i]; ok {
			o.Hint = i18n.T(ctx, "new.reply", "Before", i18n.From(ctx).Before(at))
		}
		out = append(out, o)
	}
	return out
}

// serviceWords are plain words for services whose name says little to those
// who use them; all others are known by their name.
var serviceWords = map[string]string{
	"Exchange Online":        "new.exchange",
	"SharePoint Online":      "new.sharepoint",
	"OneDrive for Business":  "new.onedrive",
	"Microsoft 365 Apps":     "new.apps",
	"Office for the web":     "new.office_web",
	"Microsoft Entra":        "new.entra",
	"Microsoft 365 suite":    "new.suite",
	"Microsoft Intune":       "new.intune",
	"Microsoft Defender XDR": "new.defender",
	"Microsoft Purview":      "new.purview",
	"Licensing and billing":  "new.licensing",
	"Other":                  "new.other",
	"Unknown":                "new.unknown",
}

var families = []struct{ name, title string }{
	{"m365", "Microsoft 365"}, {"power", "Power Platform"}, {"dynamics", "Dynamics 365"}, {"azure", "Azure"},
}

// services offers not knowing first, then the products by family.
func services(ctx context.Context) []ui.OptionGroup {
	byFamily := map[string][]ui.Option{}
	for _, s := range desk.Services() {
		o := ui.Option{Value: s.Name, Text: s.Name}
		if key := serviceWords[s.Name]; key != "" {
			o.Text = i18n.T(ctx, key)
		}
		byFamily[s.Family] = append(byFamily[s.Family], o)
	}
	other := byFamily["other"]
	unknown := slices.IndexFunc(other, func(o ui.Option) bool { return o.Value == "Unknown" })
	out := []ui.OptionGroup{{Options: other[unknown : unknown+1]}}
	for _, f := range families {
		out = append(out, ui.OptionGroup{Title: f.title, Options: byFamily[f.name]})
	}
	return append(out, ui.OptionGroup{Title: i18n.T(ctx, "new.rest"), Options: slices.Delete(slices.Clone(other), unknown, unknown+1)})
}

// latest is the last minute that "since when" can name, as the field writes it
// (HTML, "local date and time").
func latest(ctx context.Context) string { return i18n.From(ctx).Now().Format("2006-01-02T15:04") }

// requesters are the people of a customer for whom the desk can write.
func (t TicketForm) requesters(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "new.choose")}}
	for _, p := range t.People {
		if p.Active {
			out = append(out, ui.Option{Value: p.ID.String(), Text: p.Name + " · " + p.Email})
		}
	}
	return out
}

// impactPhrases tells which of the promises is the one that counts.
var impactPhrases = map[desk.Impact]string{desk.Stopped: "new.if_stopped", desk.Slowed: "new.if_slowed", desk.Minor: "new.if_minor"}

// opening says who answers and whether somebody is there now.
func (t TicketForm) opening(ctx context.Context, d desk.Desk) string {
	switch {
	case t.Until.IsZero():
		return d.Name
	case t.Open:
		return i18n.T(ctx, "new.open_until", "Desk", d.Name, "When", i18n.From(ctx).When(t.Until))
	default:
		return i18n.T(ctx, "new.opens", "Desk", d.Name, "When", i18n.From(ctx).When(t.Until))
	}
}

// field is one question of the form with what was answered and what is wrong
// with the answer.
func (t TicketForm) field(ctx context.Context, name, label, value string) ui.Field {
	return ui.Field{Name: name, Label: i18n.T(ctx, label), Value: shown(value), Error: problemOf(ctx, t.Problems, name)}
}
