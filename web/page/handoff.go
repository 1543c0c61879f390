package page

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/i18n"
)

// ReturnForm is why a ticket is given back to the desk that handed it over, as typed.
type ReturnForm struct {
	Why      string
	Problems desk.Problems
	Restored bool // typed before the session ended, and not sent yet
}

// handedFields are what the reseller's dossier says, without what it leaves open.
func handedFields(d dossier.Dossier) (list []dossier.Field) {
	for _, f := range d.Fields {
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}

// handoffOver says how a hand-off ended, "" while it has not.
func handoffOver(ctx context.Context, h desk.HandedOn) string {
	switch {
	case h.LinkState == desk.LinkEnded:
		return i18n.T(ctx, "handoff.over_left", "Desk", h.Reseller)
	case h.ResellerDone != nil:
		return i18n.T(ctx, "handoff.over_there", "Desk", h.Reseller)
	case h.ProviderDone != nil:
		return i18n.T(ctx, "handoff.over_here", "Desk", h.Reseller)
	}
	return ""
}

// handoffText is a line of the timeline about a hand-off, "" for any other.
func handoffText(p *i18n.Printer, e desk.Happened) string {
	switch e.Kind {
	case desk.EventHandoffOpened:
		return p.T("handoff.event_opened", "Desk", e.Data["from"])
	case desk.EventHandoffReturned:
		return p.T("handoff.event_returned", "Who", e.ActorName, "Why", e.Data["why"])
	case desk.EventHandoffEnded:
		return p.T("handoff.event_ended_" + handedEnding(e.Data["ending"]))
	case desk.EventHandoffLeft:
		return p.T("handoff.event_left")
	}
	return ""
}

// handedEnding is an ending in this version's words.
func handedEnding(ending string) string {
	if ending == string(desk.EndedSolved) || ending == string(desk.EndedUnsolved) {
		return ending
	}
	return string(desk.EndedWithdrawn)
}

// mailsTo tells the party whose mail came back with an error.
func (e Escalation) mailsTo(party desk.HandoverProvider) bool {
	return e.mine("mail") && e.Form.Typed.Get("party") == party.Key
}
