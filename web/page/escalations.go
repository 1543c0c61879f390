package page

import (
	"context"
	"net/url"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// Escalations is the list of a desk's escalations. Its filters speak of those that
// are under way.
type Escalations struct {
	desk.EscalationList
	After  desk.Cursor // where this page of past ones starts, zero at the top
	Owes   string      // one of owers; "" for all
	Target route.Target
}

// owers are who may owe the next act, in the order of the filter.
var owers = []string{"us", "them", "customer"}

// ReadEscalations reads the filters of an address. What is no word of theirs counts as
// not said.
func ReadEscalations(v url.Values) Escalations {
	l := Escalations{After: desk.ParseCursor(v.Get("after"))}
	if owes := v.Get("owes"); slices.Contains(owers, owes) {
		l.Owes = owes
	}
	if t := route.Target(v.Get("target")); slices.Contains(route.Targets(), t) {
		l.Target = t
	}
	return l
}

func (l Escalations) filtered() bool { return l.Owes != "" || l.Target != "" }

// shown are the live ones that the filters let through.
func (l Escalations) shown() []desk.EscalationRow {
	return slices.DeleteFunc(slices.Clone(l.Live), func(r desk.EscalationRow) bool {
		return l.Owes != "" && r.Owes() != l.Owes || l.Target != "" && r.Target != l.Target
	})
}

// href is the same list with one filter changed.
func (l Escalations) href(f Frame, owes string, target route.Target) string {
	q := url.Values{}
	if owes != "" {
		q.Set("owes", owes)
	}
	if target != "" {
		q.Set("target", string(target))
	}
	if len(q) == 0 {
		return f.Href("/escalations")
	}
	return f.Href("/escalations?" + q.Encode())
}

// owing are the choices of who owes the next act, each with how many there are.
func (l Escalations) owing(ctx context.Context, f Frame) []ui.NavItem {
	p := i18n.From(ctx)
	items := []ui.NavItem{{Text: p.T("escalation.owes_all"), Href: l.href(f, "", l.Target), Current: l.Owes == ""}}
	for _, o := range owers {
		n := 0
		for _, r := range l.Live {
			if r.Owes() == o && (l.Target == "" || r.Target == l.Target) {
				n++
			}
		}
		items = append(items, ui.NavItem{Text: p.T("escalation.counted", "What", p.T("escalation.owes."+o), "Count", p.Number(n)), Href: l.href(f, o, l.Target), Current: l.Owes == o})
	}
	return items
}

// targets are the choices of who must act, of those that there are.
func (l Escalations) targets(ctx context.Context, f Frame) []ui.NavItem {
	items := []ui.NavItem{{Text: i18n.T(ctx, "escalation.target_all"), Href: l.href(f, l.Owes, ""), Current: l.Target == ""}}
	for _, t := range route.Targets() {
		if l.Target == t || slices.ContainsFunc(l.Live, func(r desk.EscalationRow) bool { return r.Target == t }) {
			items = append(items, ui.NavItem{Text: targetName(i18n.From(ctx), t), Href: l.href(f, l.Owes, t), Current: l.Target == t})
		}
	}
	return items
}

// escalationHref is an escalation's page.
func escalationHref(f Frame, n int64) string { return f.Href("/escalations/" + number(n)) }

// targetName is who must act, as one calls him.
func targetName(p *i18n.Printer, t route.Target) string {
	return upperFirst(targetWord(p, t))
}

// targetWord is the same within a sentence.
func targetWord(p *i18n.Printer, t route.Target) string { return p.T("escalation.target." + string(t)) }

// escalationLooks give each state its colour and its shape.
var escalationLooks = map[desk.EscalationState]struct{ tone, icon string }{
	desk.EscalationPreparing: {"", "pen"}, desk.EscalationApproval: {"info", "ask"}, desk.EscalationReady: {"info", "play"},
	desk.EscalationFiled: {"", "out"}, desk.EscalationWaitsUs: {"warn", "wrench"}, desk.EscalationWaitsCustomer: {"", "pause"}, desk.EscalationMitigated: {"ok", "eye"},
}

// endingLooks do the same for how one ended.
var endingLooks = map[desk.EscalationEnding]struct{ tone, icon string }{
	desk.EndedSolved: {"ok", "ok"}, desk.EndedUnsolved: {"bad", "cross"}, desk.EndedReturned: {"warn", "turn"}, desk.EndedWithdrawn: {"", "cross"},
}

// escalationLook is the badge of one: its state, or how it ended.
func escalationLook(p *i18n.Printer, s desk.EscalationState, e desk.EscalationEnding) (tone, icon, text string) {
	if s == desk.EscalationEnded {
		look := endingLooks[e]
		return look.tone, look.icon, p.T("escalation.ending." + string(e))
	}
	look := escalationLooks[s]
	return look.tone, look.icon, p.T("escalation.state." + string(s))
}

// owesText is who owes the next act, by name.
func owesText(p *i18n.Printer, owes string, t route.Target) string {
	if owes == "them" {
		return targetName(p, t)
	}
	return p.T("escalation.owes." + owes)
}

// dueText says how long somebody still has, or how late he is, and whether he is.
func dueText(p *i18n.Printer, due time.Time) (text string, late bool) {
	left := due.Sub(p.Now())
	if left < 0 {
		return p.T("escalation.late", "Time", p.Duration(-left)), true
	}
	return p.T("escalation.within", "Time", p.Duration(left)), false
}

// replyText says whether they first answered in the time that they promised; "" where
// they promised nothing, or still have time.
func replyText(p *i18n.Printer, due, replied *time.Time) (tone, icon, text string) {
	switch {
	case due == nil:
		return "", "", ""
	case replied == nil && p.Now().After(*due):
		return "bad", "alert", p.T("escalation.no_reply")
	case replied == nil:
		return "", "", ""
	case replied.After(*due):
		return "warn", "clock", p.T("escalation.reply_late", "Time", p.Duration(replied.Sub(*due)))
	}
	return "ok", "ok", p.T("escalation.reply_kept")
}
