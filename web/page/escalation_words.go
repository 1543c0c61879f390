package page

import (
	"context"
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// escalationEventText is a line of its time line as a sentence.
func (e Escalation) eventText(ctx context.Context, v desk.NamedEscalationEvent) string {
	p := i18n.From(ctx)
	who := v.PersonName
	if who == "" {
		who = p.T("escalation.by_itself")
	}
	args := []any{"Who", who}
	for _, name := range []string{"ticket", "request", "reason", "name", "from", "to", "tickets"} {
		args = append(args, upperFirst(name), shown(v.Data[name]))
	}
	key := "escalation.event." + string(v.Kind)
	switch v.Kind {
	case desk.EscalationWasFiled:
		args = append(args, "Target", routeTo(p, e.Story.Target, ""))
		if v.Data["request"] == "" {
			key += "_unnumbered"
		}
	case desk.EscalationBegun, desk.EscalationLed:
		args = append(args, "Target", routeTo(p, route.Target(v.Data["target"]), ""))
		if v.Data["why"] != "" {
			return p.T(key, args...) + " " + p.T("escalation.event_why", "Why", shown(v.Data["why"]))
		}
	case desk.EscalationMoved:
		args = append(args, "State", p.T("escalation.state."+v.Data["to"]))
		if at, err := time.Parse(time.RFC3339, v.Data["next"]); err == nil {
			return p.T(key, args...) + " " + p.T("escalation.event_next", "When", p.When(at))
		}
	case desk.EscalationEntered:
		key += "_" + v.Data["side"]
		args = append(args, "Target", targetName(p, e.Story.Target), "Whom", routeTo(p, e.Story.Target, ""))
		if v.PersonName == "" {
			key += "_unaided"
		}
	case desk.EscalationOver:
		args = append(args, "Ending", p.T("escalation.ending."+v.Data["ending"]))
	}
	return p.T(key, args...)
}

// escalationEventIcons are the signs of a time line.
var escalationEventIcons = map[desk.EscalationEventKind]string{
	desk.EscalationBegun: "play", desk.EscalationLed: "turn", desk.EscalationAnswered: "pen", desk.EscalationAsked: "ask", desk.EscalationSubmitted: "eye",
	desk.EscalationApproved: "check", desk.EscalationRefused: "cross", desk.EscalationWasFiled: "out", desk.EscalationNumbered: "pen", desk.EscalationMoved: "gear",
	desk.EscalationEntered: "mail", desk.EscalationRelayed: "send", desk.EscalationJoined: "plus", desk.EscalationLeft: "cross", desk.EscalationReminded: "clock",
	desk.EscalationChased: "clock", desk.EscalationCredit: "euro", desk.EscalationOver: "ok", desk.EscalationTrouble: "alert", desk.EscalationFileAdded: "clip", desk.EscalationFileSent: "out",
	desk.EscalationFileGone: "clip", desk.EscalationReturned: "alert",
}

func escalationEventIcon(k desk.EscalationEventKind) string {
	if icon, ok := escalationEventIcons[k]; ok {
		return icon
	}
	return "pen"
}

// next says what comes next, in a word and a sentence.
func (e Escalation) next(ctx context.Context, f Frame) string {
	p, s := i18n.From(ctx), e.Story
	customer, agent := len(e.missingFrom(true)), len(e.missingFrom(false))
	switch {
	case e.approvable(f):
		return p.T("escalation.next.decide", "Who", s.Preparer)
	case s.State == desk.EscalationApproval:
		return p.T("escalation.next.approval")
	case s.State == desk.EscalationPreparing && customer > 0 && e.askedAt() != nil:
		return p.T("escalation.next.asked", "When", p.When(*e.askedAt()))
	case s.State == desk.EscalationPreparing && customer > 0:
		return p.N("escalation.next.customer", customer)
	case s.State == desk.EscalationPreparing && agent > 0:
		return p.N("escalation.next.agent", agent)
	case s.State == desk.EscalationPreparing && e.needsApproval():
		return p.T("escalation.next.submit")
	case s.State.Before():
		return p.T("escalation.next.file", "Target", routeTo(p, s.Target, s.Portal))
	case len(e.unrelayed()) > 0:
		return p.T("escalation.next.relay", "Target", targetName(p, s.Target))
	case e.late(p.Now()) && s.Owes() == "them":
		return p.T("escalation.next.chase", "Target", targetName(p, s.Target))
	}
	return p.T("escalation.next."+string(s.State), "Target", targetName(p, s.Target))
}

// step is where the main button leads: a part of the page, and its word; "" for none.
func (e Escalation) step(f Frame, now time.Time) (anchor, key string) {
	s := e.Story
	switch {
	case e.approvable(f):
		return "approval", "escalation.step.decide"
	case s.State == desk.EscalationApproval:
		return "", ""
	case s.State == desk.EscalationPreparing && len(e.missingFrom(true)) > 0 && e.askedAt() == nil:
		return "questions", "escalation.step.ask"
	case s.State == desk.EscalationPreparing && !s.Dossier.Complete():
		return "dossier", "escalation.step.complete"
	case s.State == desk.EscalationPreparing && e.needsApproval():
		return "approval", "escalation.step.submit"
	case s.State.Before():
		return "filing", "escalation.step.file"
	case len(e.unrelayed()) > 0:
		return "said", "escalation.step.relay"
	case e.late(now) && s.Owes() == "them":
		return "chase", "escalation.step.chase"
	case s.State == desk.EscalationMitigated:
		return "ending", "escalation.step.end"
	}
	return "entry", "escalation.step.enter"
}

// draft is a word to the customers in a language: never Microsoft's own, and what
// comes next in their time.
func (e Escalation) draft(ctx context.Context, f Frame, language string) string {
	p := i18n.New(i18n.Lang(language), f.Who.Desk.Location(), i18n.From(ctx).Now())
	s := e.Story
	lines := []string{p.T("escalation.draft.greeting"), p.T("escalation.draft."+string(s.State), "Target", targetName(p, s.Target))}
	if s.DueAt != nil && s.DueAt.After(p.Now()) && s.Owes() == "them" {
		lines = append(lines, p.T("escalation.draft.next", "When", p.Before(*s.DueAt)))
	}
	return strings.Join(append(lines, p.T("escalation.draft.sign", "Who", f.Who.Person.Name)), "\n\n")
}

// questions is one message to the customer with all that only he can tell, in his
// language.
func (e Escalation) questions(ctx context.Context, f Frame) string {
	p := i18n.New(i18n.Lang(e.language(f)), f.Who.Desk.Location(), i18n.From(ctx).Now())
	var asks []string
	for i, x := range e.missingFrom(true) {
		asks = append(asks, strconv.Itoa(i+1)+". "+p.T(x.AskKey()))
	}
	return strings.Join([]string{p.T("escalation.ask.greeting", "Name", e.Story.Thread.Requester.Name), p.T("escalation.ask.why"), strings.Join(asks, "\n"),
		p.T("escalation.ask.sign", "Who", f.Who.Person.Name)}, "\n\n")
}

// sourceText says where a value of the dossier comes from.
func (e Escalation) sourceText(p *i18n.Printer, x dossier.Field) string {
	said := publicSaid(e.Story.Thread)
	if x.From == "text" && x.At > 0 && x.At < len(said) {
		return p.T("escalation.from_message", "When", p.When(said[x.At].CreatedAt))
	}
	if x.From == "finding" && x.At >= 0 && x.At < len(e.Story.Thread.Found) {
		return p.T("escalation.from_finding", "When", p.When(e.Story.Thread.Found[x.At].CreatedAt))
	}
	return upperFirst(p.T(x.FromKey()))
}

// publicSaid are a ticket's messages as its dossier counts them: from 0, the
// customer's own first.
func publicSaid(th desk.Thread) (list []desk.Said) {
	for _, m := range th.Said {
		if !m.Internal {
			list = append(list, m)
		}
	}
	if len(list) > 0 && list[0].Side != desk.CustomerSide {
		list = append([]desk.Said{{}}, list...)
	}
	return list
}

// stateOptions are where a filed escalation may stand.
func escalationStates(ctx context.Context, none string) []ui.Option {
	var options []ui.Option
	if none != "" {
		options = append(options, ui.Option{Text: i18n.T(ctx, none)})
	}
	for _, s := range desk.FiledStates {
		options = append(options, ui.Option{Value: string(s), Text: i18n.T(ctx, "escalation.state."+string(s))})
	}
	return options
}

// endingOptions are how it may end.
func endingOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, x := range desk.EscalationEndings {
		options = append(options, ui.Option{Value: string(x), Text: i18n.T(ctx, "escalation.ending."+string(x)), Hint: i18n.T(ctx, "escalation.ending_hint."+string(x))})
	}
	return options
}

// severityOptions are the letters, as their form names them.
func severityOptions(ctx context.Context, letters []string, none string) []ui.Option {
	var options []ui.Option
	if none != "" {
		options = append(options, ui.Option{Text: none})
	}
	for _, l := range letters {
		options = append(options, ui.Option{Value: l, Text: i18n.T(ctx, dossier.LetterKey(l))})
	}
	return options
}

// planOptions are the partner's own contracts by which a request may be filed.
func (e Escalation) planOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "escalation.plan_csp")}}
	for _, l := range e.Story.Plans {
		if l.Active || l.ID == e.Story.Plan.ID {
			options = append(options, ui.Option{Value: l.ID.String(), Text: l.Name})
		}
	}
	return options
}

// wayTargets are whom it may be led to against the lines.
func wayTargets(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "escalation.way_worked_out")}}
	for _, t := range route.Targets() {
		if t != route.Nobody {
			options = append(options, ui.Option{Value: string(t), Text: targetName(i18n.From(ctx), t)})
		}
	}
	return options
}

// wayPortals are Microsoft's portals: others' targets have one.
func wayPortals(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "escalation.way_portal_none")}}
	for _, o := range route.Portals() {
		if o.Target == route.Microsoft {
			options = append(options, ui.Option{Value: o.Key, Text: upperFirst(portalName(i18n.From(ctx), o))})
		}
	}
	return options
}

// creditStates are where a claim may stand.
func creditStates(ctx context.Context) []ui.Option {
	return []ui.Option{{Text: i18n.T(ctx, "escalation.credit_none")}, {Value: "claimed", Text: i18n.T(ctx, "escalation.credit_claimed")},
		{Value: "granted", Text: i18n.T(ctx, "escalation.credit_granted")}, {Value: "denied", Text: i18n.T(ctx, "escalation.credit_denied")}}
}
