package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// deskMoment is one part of the timeline: a message or note, a run of findings, or
// a run of events. Just one of them is set.
type deskMoment struct {
	At       time.Time
	Said     *desk.Said
	Found    []desk.Found
	Happened []desk.Happened
}

// deskTimeline merges what was said, found and what happened, oldest first. What
// came in one instant stands in that order: the fact before what it led to.
func deskTimeline(th desk.Thread) []deskMoment {
	var all []deskMoment
	for i := range th.Said {
		all = append(all, deskMoment{At: th.Said[i].CreatedAt, Said: &th.Said[i]})
	}
	for _, f := range th.Found {
		all = append(all, deskMoment{At: f.CreatedAt, Found: []desk.Found{f}})
	}
	for _, e := range th.Happened {
		all = append(all, deskMoment{At: e.CreatedAt, Happened: []desk.Happened{e}})
	}
	for _, e := range lettersAs(th.Letters) {
		all = append(all, deskMoment{At: e.CreatedAt, Happened: []desk.Happened{e}})
	}
	slices.SortStableFunc(all, func(a, b deskMoment) int { return a.At.Compare(b.At) })
	return joinRuns(all)
}

// joinRuns joins neighbours of a kind: findings of one author, and events.
func joinRuns(all []deskMoment) []deskMoment {
	var out []deskMoment
	for _, m := range all {
		last := len(out) - 1
		switch {
		case last >= 0 && m.Found != nil && out[last].Found != nil && out[last].Found[0].AuthorID == m.Found[0].AuthorID:
			out[last].Found = append(out[last].Found, m.Found...)
		case last >= 0 && m.Happened != nil && out[last].Happened != nil:
			out[last].Happened = append(out[last].Happened, m.Happened...)
		default:
			out = append(out, m)
		}
	}
	return out
}

// fewEvents are shown one by one; a longer run is folded under its summary. Letters that
// went out do not make it longer: what people did must not hide behind them.
const fewEvents = 3

func (m deskMoment) folds() bool {
	letters := 0
	for _, e := range m.Happened {
		if e.Kind == letterEvent {
			letters++
		}
	}
	return max(letters, len(m.Happened)-letters) > fewEvents
}

// summary says what a folded run of events holds.
func (m deskMoment) summary(ctx context.Context) string {
	p := i18n.From(ctx)
	from, to := p.When(m.At), p.When(m.Happened[len(m.Happened)-1].CreatedAt)
	if from == to {
		return p.N("ticket.events_at", len(m.Happened), "At", from)
	}
	return p.N("ticket.events", len(m.Happened), "From", from, "To", to)
}

// entry is a message or note as the thread shows it.
func (t DeskTicket) entry(ctx context.Context, m desk.Said) ui.Said {
	p := i18n.From(ctx)
	e := ui.Said{ID: "m-" + m.ID.String(), Kind: "desk", Author: m.AuthorName, Initials: desk.Initials(m.AuthorName), At: m.CreatedAt}
	switch {
	case m.Internal:
		e.Kind, e.Tag = "note", p.T("ticket.note")
	case m.Side == desk.DeskSide:
		e.Meta = p.T("ticket.to", "Name", desk.FirstName(t.Thread.Requester.Name))
	case t.ofDesk(m.AuthorID):
		e.Kind, e.Meta = "customer", p.T("ticket.on_behalf", "Name", t.Thread.Requester.Name)
	default:
		e.Kind, e.Meta = "customer", t.Thread.Customer.Name
	}
	return e
}

// ofDesk tells one of the desk's people, who may write down what a customer
// said on the phone.
func (t DeskTicket) ofDesk(author desk.ID) bool {
	return slices.ContainsFunc(t.Agents, func(p desk.Person) bool { return p.ID == author })
}

// newerSaid is the message that came while a reply was being written.
func (t DeskTicket) newerSaid() desk.Said {
	for _, m := range slices.Backward(t.Thread.Said) {
		if !m.Internal {
			return m
		}
	}
	return desk.Said{}
}

// eventIcon is the sign of a line of the timeline.
func eventIcon(e desk.Happened) string {
	if o, ok := orderEvents[e.Kind]; ok {
		return o.icon
	}
	if k, ok := knownEvents[e.Kind]; ok {
		return k.icon
	}
	if m, ok := mailEvents[e.Kind]; ok {
		return m.icon
	}
	switch e.Kind {
	case letterEvent:
		return letterIcons[desk.DeliveryState(e.Data["state"])]
	case desk.EventHandoffOpened, desk.EventHandoffReturned, desk.EventHandoffEnded, desk.EventHandoffLeft,
		desk.EventEscalated, desk.EventHandedOn, desk.EventEscEnded:
		return "out"
	case desk.EventIncidentJoined, desk.EventIncidentLeft, desk.EventIncidentDecided:
		return "link"
	case desk.EventInfected, desk.EventUnscanned:
		return "alert"
	case desk.EventDecided:
		return "gear"
	case desk.EventConfirmed:
		return "check"
	case desk.EventOverridden, desk.EventCorrected:
		return "pen"
	case desk.EventEffects:
		return "gear"
	case desk.EventPromise, desk.EventWarned:
		return "clock"
	case desk.EventImpact:
		return "pen"
	case desk.EventState, desk.EventClosed:
		return stateIcons[desk.State(e.Data["to"])]
	case desk.EventReopened:
		return "turn"
	case desk.EventPriority:
		return "p" + e.Data["to"]
	}
	return "user"
}

// eventText is a line of the timeline as a sentence.
func (t DeskTicket) eventText(ctx context.Context, e desk.Happened) string {
	p := i18n.From(ctx)
	if orderEvents[e.Kind].key != "" {
		return orderEventText(p, e)
	}
	if text := handoffText(p, e); text != "" {
		return text
	}
	if text := incidentEvent(p, e); text != "" {
		return text
	}
	if text := fileEventText(p, e); text != "" {
		return text
	}
	if text := escalationText(p, e); text != "" {
		return text
	}
	if knownEvents[e.Kind].key != "" {
		return knownText(p, e)
	}
	if mailEvents[e.Kind].key != "" {
		return mailText(p, e)
	}
	switch e.Kind {
	case letterEvent:
		return letterText(p, e)
	case desk.EventDecided:
		return t.decidedText(p, e)
	case desk.EventConfirmed:
		return p.T("ticket.confirmed", "Who", e.ActorName, "Verdict", verdict(p, e.Data["outcome"], e.Data["category"]))
	case desk.EventOverridden:
		return p.T("ticket.overridden", "Who", e.ActorName, "Verdict", verdict(p, e.Data["outcome"], e.Data["category"]), "Reason", e.Data["reason"])
	case desk.EventAssigned:
		if e.Data["to"] == e.ActorName {
			return p.T("ticket.took", "Who", e.ActorName)
		}
		return p.T("ticket.assigned", "Who", e.ActorName, "To", e.Data["to"])
	case desk.EventReleased:
		return p.T("ticket.released", "Who", e.ActorName)
	case desk.EventPriority:
		return p.T("ticket.ranked", "Who", e.ActorName, "Priority", p.T("priority."+e.Data["to"]))
	case desk.EventImpact:
		return p.T("promise.impact", "Who", e.ActorName, "Impact", p.T(impactLabels[desk.Impact(e.Data["to"])]))
	case desk.EventPromise:
		return promiseText(p, e)
	case desk.EventWarned:
		return warnedText(p, e)
	case desk.EventCorrected:
		return correctedText(p, e)
	case desk.EventSorted:
		return p.T("trace.sorted", "Who", e.ActorName, "What", sortedText(p, e))
	case desk.EventEffects:
		return p.T("trace.effects", "Rule", t.ruleName(p, e.Data["rule"]), "What", sortedText(p, e))
	case desk.EventReopened:
		return p.T("ticket.reopened", "Who", e.ActorName)
	case desk.EventFollowed:
		return p.T("ticket.followed", "Who", e.ActorName, "Whom", e.Data["who"])
	}
	return p.T("ticket.moved", "Who", e.ActorName, "State", p.T("state."+e.Data["to"]))
}

// decidedText says which rule decided and what changed; why, while the
// decision stands.
func (t DeskTicket) decidedText(p *i18n.Printer, e desk.Happened) string {
	what := outcomeName(p, desk.Outcome(e.Data["outcome"]))
	if from := e.Data["from_outcome"]; from != "" && from != e.Data["outcome"] {
		what = p.T("ticket.changed", "From", outcomeName(p, desk.Outcome(from)), "To", what)
	}
	text := p.T("ticket.decided", "Rule", t.ruleName(p, e.Data["rule"]), "Verdict", what)
	if e.Data["kept"] != "" {
		return text + p.T("ticket.kept")
	}
	if why := t.why(p, e); why != "" {
		text += p.T("ticket.because", "Why", why)
	}
	return text
}

// why joins the reasons of the newest decision; an older one's are no longer
// known.
func (t DeskTicket) why(p *i18n.Printer, e desk.Happened) string {
	v := t.Thread.Decision.Verdict
	if v.Rule != e.Data["rule"] || string(v.Outcome) != e.Data["outcome"] || !t.Thread.Decision.CreatedAt.Equal(e.CreatedAt) {
		return ""
	}
	var why []string
	for _, r := range v.Because {
		why = append(why, reason(p, r))
	}
	return strings.Join(why, p.T("ticket.and"))
}

// correctedText says what a person set right, or took back.
func correctedText(p *i18n.Printer, e desk.Happened) string {
	name := e.Data["fact"]
	if _, known := desk.FactNamed(name); !known { // of an older version of ours
		return p.T("trace.corrected_unknown", "Who", e.ActorName, "Fact", name)
	}
	was := saidWord(p, name, e.Data["was"])
	if e.Data["back"] != "" {
		return p.T("trace.taken_back", "Who", e.ActorName, "Fact", factName(p, name), "Was", was)
	}
	return p.T("trace.corrected", "Who", e.ActorName, "Fact", factName(p, name), "Value", saidWord(p, name, e.Data["value"]), "Was", was)
}

// sortedText says which priority, tags and team a ticket has been given.
func sortedText(p *i18n.Printer, e desk.Happened) string {
	var what []string
	add := func(name, label string, say func(string) string) {
		value, told := e.Data[name]
		if !told {
			return
		}
		text := p.T("trace.none")
		if value != "" {
			text = say(value)
		}
		what = append(what, p.T("trace.set", "Label", label, "Value", text))
	}
	add("priority", p.T("trace.of_priority"), func(level string) string { return p.T("priority." + level) })
	add("tags", p.T("trace.of_tags"), shown)
	add("team", p.T("trace.of_team"), shown)
	return strings.Join(what, p.T("trace.and"))
}
