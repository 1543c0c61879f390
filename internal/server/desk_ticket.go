package server

import (
	"net/http"
	"net/url"

	"guichet/internal/desk"
	"guichet/web/page"
)

// showDeskTicket is a ticket's page for the desk. ?ask=1 fills the composer
// with what the deciding rule wants to know; ?why=1 shows what stands behind the
// decision, ?correct= also the form that sets a fact right.
func (s *Server) showDeskTicket(w http.ResponseWriter, r *http.Request, who desk.Actor, th desk.Thread) error {
	t := page.DeskTicket{Thread: th, Why: r.URL.Query().Get("why") != ""}
	if r.URL.Query().Get("ask") != "" {
		t.Composer.Body, t.Composer.Then = page.Asking(r.Context(), th), string(desk.WaitingCustomer)
	}
	if fact := r.URL.Query().Get("correct"); fact != "" {
		t.Correct(fact)
	}
	if draft, ok := s.takeDraft(r); ok {
		restore(&t, draft)
		files, err := s.showFiles(r, who, filed{held: heldIDs(draft)}, nil)
		if err != nil {
			return err
		}
		if t.Finding.Restored {
			t.Finding.Files = files
		} else {
			t.Composer.Files = files
		}
	} else if th.Draft != nil && t.Composer.Body == "" {
		typed := kept(*th.Draft)
		t.Composer = page.Composer{Body: typed.Get("body"), Kind: typed.Get("kind"), Then: typed.Get("then"), Kept: th.Draft.UpdatedAt}
	}
	return s.deskTicket(w, r, who, http.StatusOK, t)
}

// restore puts back what was typed before a session ended, in the form that it
// was typed into.
func restore(t *page.DeskTicket, draft url.Values) {
	switch {
	case draft.Has("finding_kind"):
		t.Finding = page.FindingForm{Kind: draft.Get("finding_kind"), Result: draft.Get("result"), Text: draft.Get("text"), Restored: true}
	case draft.Has("fact") && draft.Get("do") != "back":
		t.Why, t.Correction = true, page.CorrectionForm{Fact: draft.Get("fact"), Value: draft.Get("value"), Open: true, Restored: true}
	case draft.Has("spent"):
		t.TimeForm = timeForm(draft)
		t.TimeForm.Restored = true
	case draft.Has("code"):
		t.Known = page.KnownForm{Issue: draft.Get("issue"), Code: draft.Get("code"), Restored: true}
	case draft.Has("why"):
		t.Return = page.ReturnForm{Why: draft.Get("why"), Restored: true}
	case draft.Has("tags"):
		t.Sort = page.SortForm{Tags: draft.Get("tags"), Team: draft.Get("team"), Restored: true}
	case draft.Has("escalate"):
		t.Escalating = beginForm(draft)
		t.Escalating.Restored = true
	case draft.Has("reason"):
		t.Override = page.OverrideForm{Outcome: draft.Get("outcome"), Category: draft.Get("category"), Reason: draft.Get("reason"), Restored: true}
	case draft.Has("body"):
		t.Composer = page.Composer{Body: draft.Get("body"), Kind: draft.Get("kind"), Then: draft.Get("then"), Restored: true}
	}
}

// redrawDeskTicket shows the page again with what was typed into the composer,
// beside whatever the ticket holds by now.
func (s *Server) redrawDeskTicket(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, status int, c page.Composer) error {
	return s.showAgain(w, r, who, number, status, func(t *page.DeskTicket) { t.Composer = c })
}

// showAgain reads a ticket anew and shows it with the form that came back.
func (s *Server) showAgain(w http.ResponseWriter, r *http.Request, who desk.Actor, number int64, status int, fill func(*page.DeskTicket)) error {
	th, err := s.app.ReadTicket(r.Context(), who, number)
	if err != nil {
		return err
	}
	t := page.DeskTicket{Thread: th}
	fill(&t)
	return s.deskTicket(w, r, who, status, t)
}

func (s *Server) deskTicket(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, t page.DeskTicket) (err error) {
	if t.Agents, err = s.app.Agents(r.Context(), who); err != nil {
		return err
	}
	if err := s.withTime(r, who, &t); err != nil {
		return err
	}
	if t.OpenIssues, err = s.app.OpenIssuesOf(r.Context(), who, t.Thread.Ticket.CustomerID); err != nil {
		return err
	}
	if t.Access, err = s.troubledAccess(r, who, t.Thread.Ticket.CustomerID); err != nil {
		return err
	}
	if err := s.withHanding(r, who, &t); err != nil {
		return err
	}
	t.Composer.Files.Limits, t.Finding.Files.Limits = who.Desk.Limits(), who.Desk.Limits()
	t.Back = cameFrom(r)
	t.Composer.Seen = t.Thread.LastPublic()
	if t.Composer.Key == desk.Nobody {
		t.Composer.Key = desk.NewID()
	}
	return s.render(w, r, status, page.DeskTicketPage(s.frameElsewhere(r, who, "queue"), t))
}

// withHanding adds what another desk handed over, and what this one hands on.
func (s *Server) withHanding(r *http.Request, who desk.Actor, t *page.DeskTicket) error {
	handed, ok, err := s.app.HandedOn(r.Context(), who, t.Thread.Ticket.ID)
	if err != nil {
		return err
	}
	if ok {
		t.Handed = &handed
	}
	h, err := s.app.TicketEscalation(r.Context(), who, t.Thread)
	t.Handing = &h
	return err
}
