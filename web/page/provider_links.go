package page

import (
	"context"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// LinkSpeakers is a customer that may be a reseller, with who may speak for it.
type LinkSpeakers struct {
	Customer desk.Customer
	People   []desk.Person
}

// ProviderLinks is what an admin reads of the desks that his hands requests to, or
// works for.
type ProviderLinks struct {
	Links    []desk.NamedLink
	Speakers []LinkSpeakers
	Form     LinkForm
	Accept   AcceptForm
}

// LinkForm is a question for a link, as typed.
type LinkForm struct {
	Side     desk.HandoffSide
	Slug     string
	Speaker  string
	Problems desk.Problems
	Restored bool // typed before the session ended, and not sent yet
}

// AcceptForm is a provider's yes that came back.
type AcceptForm struct {
	Link     desk.ID
	Problems desk.Problems
}

// problems are what is wrong with the form that came back.
func (l ProviderLinks) problems() desk.Problems { return append(l.Form.Problems, l.Accept.Problems...) }

// sides are what this desk may be to the other.
func linkSides(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: string(desk.ResellerSide), Text: i18n.T(ctx, "handoff.we_resell")}, {Value: string(desk.ProviderSide), Text: i18n.T(ctx, "handoff.we_provide")}}
}

// speakers are the options of who speaks for a reseller, by customer.
func (l ProviderLinks) speakers(ctx context.Context) []ui.OptionGroup {
	groups := []ui.OptionGroup{{Options: []ui.Option{{Text: i18n.T(ctx, "handoff.nobody_chosen")}}}}
	for _, c := range l.Speakers {
		g := ui.OptionGroup{Title: c.Customer.Name}
		for _, p := range c.People {
			g.Options = append(g.Options, ui.Option{Value: p.ID.String(), Text: p.Name})
		}
		if len(g.Options) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// side is where the reader's desk stands in a link.
func linkSide(f Frame, l desk.NamedLink) desk.HandoffSide { return l.Side(f.Who.Desk.ID) }

// waitsHere tells a question that the reader's desk is to answer.
func waitsHere(f Frame, l desk.NamedLink) bool {
	return l.State == desk.LinkAsked && l.AskedBy != linkSide(f, l)
}

// linkState is how a link stands, with its tone and sign.
func linkState(ctx context.Context, f Frame, l desk.NamedLink) (tone, icon, text string) {
	p := i18n.From(ctx)
	switch {
	case l.State == desk.LinkActive:
		return "ok", "ok", p.T("handoff.active_since", "Day", p.Date(*l.AgreedAt))
	case l.State == desk.LinkEnded:
		return "", "lock", p.T("handoff.ended_on", "Day", p.Date(*l.EndedAt))
	case waitsHere(f, l):
		return "warn", "ask", p.T("handoff.waits_here")
	}
	return "", "pause", p.T("handoff.waits_there")
}

// linkWho says who agreed at the reader's desk, and whom it knows the other as.
func linkWho(ctx context.Context, f Frame, l desk.NamedLink) (lines []string) {
	p := i18n.From(ctx)
	if l.CustomerName != "" {
		lines = append(lines, p.T("handoff.known_as", "Customer", l.CustomerName, "Speaker", l.SpeakerName))
	}
	if l.ByName != "" {
		lines = append(lines, p.T("handoff.agreed_by", "Who", l.ByName))
	}
	return lines
}

// linkHref is where a form about a link posts to.
func linkHref(f Frame, l desk.NamedLink, what string) string {
	return f.Href("/settings/providers/" + l.ID.String() + "/" + what)
}

// openHandoffs counts what is under way.
func openHandoffs(ctx context.Context, n int) string {
	if n == 0 {
		return i18n.T(ctx, "handoff.none_open")
	}
	return strconv.Itoa(n)
}

// endWord is what ending a link is called: to end one that holds, to refuse or take
// back the question for one.
func endWord(f Frame, l desk.NamedLink) string {
	switch {
	case l.State == desk.LinkActive:
		return "handoff.end"
	case waitsHere(f, l):
		return "handoff.refuse"
	}
	return "handoff.take_back"
}

func acceptProblem(ctx context.Context, l ProviderLinks, wrong bool) string {
	if !wrong {
		return ""
	}
	return problemOf(ctx, l.Accept.Problems, "speaker")
}

// acceptID is the place of a provider's choice; the list of errors leads to the one
// that came back.
func acceptID(l ProviderLinks, x desk.NamedLink) string {
	if l.Accept.Link == x.ID {
		return "speaker"
	}
	return "accept-" + x.ID.String()
}

// askSpeaker is the same choice in the form that asks.
func askSpeaker(ctx context.Context, l ProviderLinks) ui.Field {
	f := asked(ctx, l.Form.Problems, "handoff.speaker", l.Form.Speaker, "handoff.speaker_only")
	if l.Accept.Link != desk.Nobody {
		f.More = map[string]any{"id": "ask-speaker"}
	}
	return f
}
