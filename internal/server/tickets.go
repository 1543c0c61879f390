package server

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/web/page"
)

// listTickets is a customer's own list; the desk has its queue.
func (s *Server) listTickets(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if who.DeskSide() {
		return s.seeOther(w, r, who, "/queue", "")
	}
	q := r.URL.Query()
	list := page.TicketList{Filter: desk.TicketFilter{Which: q.Get("which"), Mine: q.Get("mine") == "1", After: desk.ParseCursor(q.Get("after"))}}
	if list.Filter.Which != "ended" && list.Filter.Which != "all" {
		list.Filter.Which = "open"
	}
	var err error
	if list.Rows, list.Next, err = s.app.ListTickets(r.Context(), who, list.Filter); err != nil {
		return err
	}
	if list.Blocks, err = s.app.MyBlocks(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Tickets(s.frame(r, who, "tickets"), list))
}

// searched is the text looked for, "" where it could stand in no row.
func searched(r *http.Request) string {
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > desk.MaxSubject {
		return ""
	}
	return text
}

// showTicket gives each reader the page of his role.
func (s *Server) showTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	th, err := s.app.ReadTicket(r.Context(), who, number)
	if err != nil {
		return err
	}
	if who.DeskSide() {
		return s.showDeskTicket(w, r, who, th)
	}
	c := page.Composer{Key: desk.NewID(), Seen: th.LastPublic()}
	draft, restored := s.takeDraft(r)
	if restored && draft.Has("works") {
		return s.drawCustomerTicket(w, r, who, http.StatusOK, page.CustomerTicket{Thread: th, Composer: c, Again: page.AgainForm{Body: draft.Get("word"), Restored: true}})
	}
	if restored {
		c.Body, c.Restored = draft.Get("body"), true
		if c.Files, err = s.showFiles(r, who, filed{held: heldIDs(draft)}, nil); err != nil {
			return err
		}
	} else if th.Draft != nil {
		c.Body, c.Kept = kept(*th.Draft).Get("body"), th.Draft.UpdatedAt
	}
	return s.drawTicket(w, r, who, th, http.StatusOK, c)
}

func (s *Server) drawTicket(w http.ResponseWriter, r *http.Request, who desk.Actor, th desk.Thread, status int, c page.Composer) error {
	return s.drawCustomerTicket(w, r, who, status, page.CustomerTicket{Thread: th, Composer: c})
}

func (s *Server) drawCustomerTicket(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, t page.CustomerTicket) (err error) {
	t.Composer.Files.Limits = who.Desk.Limits()
	if t.Again.Key == desk.Nobody {
		t.Again.Key = desk.NewID()
	}
	if t.Colleagues, err = s.app.Colleagues(r.Context(), who, t.Thread.Ticket.CustomerID); err != nil {
		return err
	}
	if t.Blocks, err = s.app.MyBlocks(r.Context(), who); err != nil {
		return err
	}
	return s.render(w, r, status, page.Ticket(s.frame(r, who, "tickets"), t))
}

// redraw shows a ticket again, in its reader's page, with a form that could
// not be taken.
func (s *Server) redraw(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, status int, c page.Composer) error {
	if who.DeskSide() {
		return s.redrawDeskTicket(w, r, who, number, status, c)
	}
	th, err := s.app.ReadTicket(r.Context(), who, number)
	if err != nil {
		return err
	}
	if c.Key == desk.Nobody {
		c.Key = desk.NewID()
	}
	return s.drawTicket(w, r, who, th, status, c)
}
