package page

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// KnownForm is an agent's own choice of the issue that covers a ticket, as typed.
type KnownForm struct {
	Issue, Code string
	Problems    desk.Problems
	Restored    bool // typed before the session ended, and not sent yet
}

// attached is what covers the ticket, nil without one.
func (t DeskTicket) attached() *desk.LinkedIssue { return desk.Attached(t.Thread.Issues) }

// withState are the bonds of a state.
func withState(th desk.Thread, s desk.LinkState) (list []desk.LinkedIssue) {
	for _, l := range th.Issues {
		if l.State == s {
			list = append(list, l)
		}
	}
	return list
}

// knownBadge says how the ticket stands to known issues, beside the panel's title.
func (t DeskTicket) knownBadge(ctx context.Context) templ.Component {
	if t.attached() != nil {
		return ui.Badge("info", "ok", i18n.T(ctx, "known.attached"))
	}
	if n := len(withState(t.Thread, desk.LinkProposed)); n > 0 {
		return ui.Badge("", "", i18n.N(ctx, "known.proposals", n))
	}
	return templ.NopComponent
}

// worthKnowing tells whether the panel stands open by itself.
func (t DeskTicket) worthKnowing() bool {
	return len(t.Known.Problems) > 0 || t.Known.Restored || t.attached() != nil || len(withState(t.Thread, desk.LinkProposed)) > 0 || len(withState(t.Thread, desk.LinkPersists)) > 0
}

// choosable are the issues that can be attached instead.
func (t DeskTicket) choosable(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "known.choose_none")}}
	for _, i := range t.OpenIssues {
		if l := t.attached(); l == nil || l.IssueID != i.ID {
			options = append(options, ui.Option{Value: i.ID.String(), Text: strings.TrimSpace(i.Code + " " + i.Title)})
		}
	}
	return options
}

// linkedBy says who attached an issue, and when.
func linkedBy(ctx context.Context, l desk.LinkedIssue) string {
	when := i18n.From(ctx).When(l.CreatedAt)
	switch l.By {
	case desk.LinkByPerson:
		return i18n.T(ctx, "known.by_person", "Who", l.PersonName, "When", when)
	case desk.LinkByCustomer:
		return i18n.T(ctx, "known.by_customer", "When", when)
	}
	return i18n.T(ctx, "known.by_rules", "When", when)
}

// likely is a score in words.
func likely(ctx context.Context, score int) string {
	word := "known.likely.low"
	switch {
	case score >= 70:
		word = "known.likely.high"
	case score >= 55:
		word = "known.likely.middle"
	}
	return i18n.T(ctx, "known.score", "Likely", i18n.T(ctx, word), "Score", score)
}

// linkReason says in words what speaks for an issue, or against it.
func linkReason(ctx context.Context, r desk.LinkReason) string {
	key := "known.reason." + r.Kind
	switch {
	case r.Points < 0 && (r.Kind == "place" || r.Kind == "time" || r.Kind == "words"):
		key += "_against"
	case r.Kind == "words" && r.Detail != "":
		key += "_detail"
	}
	return i18n.T(ctx, key, "Detail", shown(r.Detail))
}

// knownWord is when more is known of an issue, for the desk.
func knownWord(ctx context.Context, i desk.Issue) string {
	if at := i.NextWord(); at != nil {
		return i18n.From(ctx).When(*at)
	}
	return i18n.T(ctx, "known.next_unknown")
}

// knownEvents say on the desk's timeline what became of bonds.
var knownEvents = map[desk.EventKind]struct{ icon, key string }{
	desk.EventIssueProposed: {"ask", "known.happened.proposed"},
	desk.EventIssueAttached: {"pin", "known.happened.attached"},
	desk.EventIssueRefused:  {"cross", "known.happened.refused"},
	desk.EventIssueDetached: {"cross", "known.happened.detached"},
	desk.EventIssueNews:     {"mail", "known.happened.news"},
	desk.EventIssueBack:     {"turn", "known.happened.back"},
	desk.EventAskedAgain:    {"ask", "known.happened.asked"},
	desk.EventWorksAgain:    {"ok", "known.happened.works"},
	desk.EventStillBroken:   {"alert", "known.happened.still"},
}

// knownText is such a line as a sentence.
func knownText(p *i18n.Printer, e desk.Happened) string {
	code := shown(e.Data["code"])
	if e.Kind == desk.EventIssueAttached && e.ActorName != "" {
		return p.T("known.happened.attached_by", "Code", code, "Who", e.ActorName)
	}
	return p.T(knownEvents[e.Kind].key, "Code", code, "Who", e.ActorName)
}

// toldEvents say the same to the customer; one about the reader himself has its
// own words.
var toldEvents = map[desk.EventKind]struct{ icon, key, own string }{
	desk.EventIssueAttached: {"alert", "known.told.attached", "known.told.attached_own"},
	desk.EventIssueDetached: {"turn", "known.told.detached", "known.told.detached"},
	desk.EventIssueNews:     {"mail", "known.told.news", "known.told.news"},
	desk.EventIssueBack:     {"turn", "known.told.back", "known.told.back"},
	desk.EventAskedAgain:    {"ask", "known.told.asked", "known.told.asked"},
	desk.EventWorksAgain:    {"ok", "known.told.works", "known.told.works_own"},
	desk.EventStillBroken:   {"alert", "known.told.still", "known.told.still_own"},
}

// AgainForm is a customer's answer to whether it works again, as typed.
type AgainForm struct {
	Body     string
	Key      desk.ID
	Problems desk.Problems
	Restored bool
}

// trouble is what the customer reads of the issue that covers his ticket, nil
// without one.
func (t CustomerTicket) trouble() *desk.Trouble {
	l := desk.Attached(t.Thread.Issues)
	if l == nil {
		return nil
	}
	x := l.Issue.Trouble()
	return &x
}

// knownNext is the headline of a ticket that a known issue covers, "" where it has
// none of its own.
func (t CustomerTicket) knownNext(ctx context.Context) (headline, then string) {
	switch {
	case t.Thread.AskedAgain():
		return i18n.T(ctx, "known.next_asked"), i18n.T(ctx, "known.next_asked_then")
	case t.trouble() != nil && t.Thread.Ticket.State == desk.WaitingMicrosoft:
		return i18n.T(ctx, "known.next_microsoft"), nextNews(ctx, *t.trouble())
	}
	return "", ""
}

// signed writes points with their sign.
func signed(ctx context.Context, n int) string {
	text := i18n.From(ctx).Number(n)
	if n > 0 {
		return "+" + text
	}
	return text
}

// KnownBefore are the known issues that stand before the new-ticket form: those
// that hit the reader's company and that the chosen service can be.
type KnownBefore struct {
	Issues []desk.Issue
	Chosen desk.ID
}

// offers tells whether an issue is among them.
func (k KnownBefore) offers(id desk.ID) bool {
	return slices.ContainsFunc(k.Issues, func(i desk.Issue) bool { return i.ID == id })
}

// has tells whether one of them was chosen.
func (k KnownBefore) has(id desk.ID) bool { return k.Chosen == id && id != desk.Nobody }
