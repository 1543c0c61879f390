package page

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// PlanForm is a support contract as typed; its id is never shown again.
type PlanForm struct {
	desk.PlanSettings
	ID       desk.ID // Nobody for a new one
	Revision int
	HasID    bool
	Theirs   *desk.PartnerPlan // as somebody else left it meanwhile
	Problems desk.Problems
}

// PlanFormOf is the form as the contract stands.
func PlanFormOf(l desk.PartnerPlan) PlanForm {
	s := desk.PlanSettings{Kind: l.Kind, Name: l.Name, AccessID: l.AccessID, Families: l.Families, Languages: l.Languages, Replies: map[string]string{}, Active: l.Active}
	for severity, minutes := range l.Replies {
		s.Replies[severity] = strconv.Itoa(minutes)
	}
	if l.Expires != nil {
		s.Expires = string(*l.Expires)
	}
	if l.Remaining != nil {
		s.Remaining = strconv.Itoa(*l.Remaining)
	}
	return PlanForm{PlanSettings: s, ID: l.ID, Revision: l.Revision, HasID: l.HasID}
}

// ReadPlanForm reads a contract from a form.
func ReadPlanForm(v url.Values) PlanForm {
	revision, _ := strconv.Atoi(v.Get("revision"))
	replies := map[string]string{}
	for _, severity := range desk.Severities {
		replies[severity] = v.Get("reply_" + severity)
	}
	return PlanForm{Revision: revision, PlanSettings: desk.PlanSettings{Kind: v.Get("kind"), Name: v.Get("name"), AccessID: v.Get("access_id"),
		Expires: v.Get("expires"), Remaining: v.Get("remaining"), Families: v["families"], Languages: v["languages"], Replies: replies, Active: v.Has("active")}}
}

func (l PlanForm) action(f Frame) string {
	if l.ID == desk.Nobody {
		return f.Href("/settings/plans")
	}
	return f.Href("/settings/plans/" + l.ID.String())
}

// planKinds are the kinds of contract there are: what every partner has is none.
func planKinds(p *i18n.Printer) []ui.Option {
	var options []ui.Option
	for _, k := range route.Plans {
		if k != "csp" {
			options = append(options, ui.Option{Value: k, Text: upperFirst(routeWord(p, "plan", k))})
		}
	}
	return options
}

func planFamilies(p *i18n.Printer) []ui.OptionGroup {
	var options []ui.Option
	for _, f := range route.Families {
		options = append(options, ui.Option{Value: f, Text: upperFirst(routeWord(p, "family", f))})
	}
	return []ui.OptionGroup{{Options: options}}
}

// contract asks for the id that is never shown again.
func (l PlanForm) contract(ctx context.Context) ui.Field {
	hint := "plans.contract_hint"
	if l.HasID {
		hint = "plans.contract_kept"
	}
	f := optional(typed("password", asked(ctx, l.Problems, "plans.contract", "", hint)))
	f.More = map[string]any{"autocomplete": "new-password"}
	return f
}

// reply asks for the minutes that a contract itself states; its kind's stand in its
// hint.
func (l PlanForm) reply(ctx context.Context, severity string) ui.Field {
	f := ui.Field{Name: "reply_" + severity, Label: i18n.T(ctx, "plans.reply", "Severity", severity), Value: l.Replies[severity], Error: problemOf(ctx, l.Problems, "reply_"+severity)}
	return optional(typed("number", f))
}

const (
	planSoon = 30 // days before a contract ends that it is spoken of
	planFew  = 3  // requests that are left when it is
)

// planLook is the tone, the sign and the word of a contract today.
func planLook(p *i18n.Printer, l desk.PartnerPlan) (tone, icon, text string) {
	today := desk.DayOf(p.Now(), p.Zone())
	soon := desk.DayOf(p.Now().AddDate(0, 0, planSoon), p.Zone())
	switch {
	case !l.Active:
		return "", "pause", p.T("plans.off")
	case l.Expires != nil && *l.Expires < today:
		return "bad", "stop", p.T("plans.over")
	case l.Remaining != nil && *l.Remaining == 0:
		return "bad", "stop", p.T("plans.used_up")
	case l.Expires != nil && *l.Expires < soon:
		return "warn", "clock", p.T("plans.soon")
	case l.Remaining != nil && *l.Remaining <= planFew:
		return "warn", "alert", p.T("plans.few")
	}
	return "ok", "ok", p.T("plans.on")
}

func planEnd(p *i18n.Printer, l desk.PartnerPlan) string {
	if l.Expires == nil {
		return p.T("plans.no_end")
	}
	return p.Date(l.Expires.At(p.Zone()).Add(12 * time.Hour))
}

func planLeft(p *i18n.Printer, l desk.PartnerPlan) string {
	if l.Remaining == nil {
		return p.T("plans.not_counted")
	}
	return p.Number(*l.Remaining)
}

func (l PlanForm) title(p *i18n.Printer) string {
	if l.ID == desk.Nobody {
		return p.T("plans.new")
	}
	return shown(l.Name)
}

func (l PlanForm) press(p *i18n.Printer) string {
	if l.ID == desk.Nobody {
		return p.T("plans.add")
	}
	return p.T("settings.save")
}
