package page

import (
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// CirclePage is what an admin reads of the early-warning circle.
type CirclePage struct {
	Seat desk.CircleSeat
	Told []desk.CircleCount // what the desk tells at present
	Seen []desk.Elsewhere   // what it is told
}

// joined says since when the desk takes part, and who decided so.
func (c CirclePage) joined(p *i18n.Printer) string {
	if c.Seat.JoinedBy == "" {
		return p.T("circle.joined", "Day", p.Date(*c.Seat.JoinedAt))
	}
	return p.T("circle.joined_by", "Day", p.Date(*c.Seat.JoinedAt), "Who", c.Seat.JoinedBy)
}

// circlePlace names a place of the circle, as a table shows it.
func circlePlace(p *i18n.Printer, place string) string {
	if place == "" {
		return p.T("circle.anywhere")
	}
	return p.T("circle.place." + place)
}

// aroundTicket is what customers of other desks complain about, as far as it is
// about a ticket that is not over.
func aroundTicket(f Frame, t desk.Ticket) []desk.Elsewhere {
	if t.State.Ended() || t.Kind != "problem" {
		return nil
	}
	return desk.ElsewhereAbout(f.Elsewhere, t.Service)
}

// elsewhereWords is one line of what the circle tells: what, where, how many and
// since when.
func elsewhereWords(p *i18n.Printer, e desk.Elsewhere) string {
	what := serviceName(p, e.Service)
	if e.Region != "" {
		what = p.T("circle.in", "Service", what, "Place", circlePlace(p, e.Region))
	}
	return p.T("circle.line", "What", what, "Many", p.T("circle.band."+strconv.Itoa(e.AtLeast)), "Clock", p.Clock(e.Since))
}
