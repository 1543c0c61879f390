package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

// handoffRoutes are the links between desks, and what is done with a ticket that
// another desk handed over.
func (s *Server) handoffRoutes(r chi.Router) {
	r.Get("/{desk}/settings/providers", s.signedIn(s.providerLinks))
	r.Post("/{desk}/settings/providers", s.signedIn(s.askProviderLink))
	r.Post("/{desk}/settings/providers/{link}/accept", s.signedIn(s.acceptLink))
	r.Post("/{desk}/settings/providers/{link}/end", s.signedIn(s.endLink))
	r.Post("/{desk}/tickets/{number}/return", s.signedIn(s.returnHandoff))
	r.Get("/{desk}/tickets/{number}/handed/{evidence}", s.signedIn(s.handedFile))
	r.Post("/{desk}/escalations/{escalation}/mail", s.signedIn(s.mailDossier))
}

func (s *Server) providerLinks(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	var l page.ProviderLinks
	if draft, ok := s.takeDraft(r); ok && draft.Has("slug") {
		l.Form = page.LinkForm{Side: desk.HandoffSide(draft.Get("side")), Slug: draft.Get("slug"), Speaker: draft.Get("speaker"), Restored: true}
	}
	return s.showLinks(w, r, who, http.StatusOK, l)
}

// showLinks answers with the links as they are, and the form that came back.
func (s *Server) showLinks(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, l page.ProviderLinks) error {
	links, people, err := s.app.ProviderLinks(r.Context(), who)
	if err != nil {
		return err
	}
	l.Links = links
	for _, p := range people {
		l.Speakers = append(l.Speakers, page.LinkSpeakers{Customer: p.Customer, People: p.People})
	}
	return s.render(w, r, status, page.ProviderLinksPage(s.frame(r, who, "providers"), l))
}

func (s *Server) askProviderLink(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.LinkForm{Side: desk.HandoffSide(r.PostFormValue("side")), Slug: r.PostFormValue("slug"), Speaker: r.PostFormValue("speaker")}
	err := s.app.AskProviderLink(r.Context(), who, app.LinkForm{Side: form.Side, Slug: form.Slug, Speaker: speakerOf(form.Speaker)})
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.showLinks(w, r, who, http.StatusUnprocessableEntity, page.ProviderLinks{Form: form})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/providers", "handoff.asked_done")
}

func (s *Server) acceptLink(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "link"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	err = s.app.AcceptLink(r.Context(), who, id, speakerOf(r.PostFormValue("speaker")))
	if wrong, ok := problems(err); ok {
		return s.showLinks(w, r, who, http.StatusUnprocessableEntity, page.ProviderLinks{Accept: page.AcceptForm{Link: id, Problems: wrong}})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/providers", "handoff.accepted_done")
}

func (s *Server) endLink(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "link"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	if err := s.app.EndLink(r.Context(), who, id); err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/providers", "handoff.ended_done")
}

// returnHandoff gives a ticket back to the desk that handed it over.
func (s *Server) returnHandoff(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	why := r.PostFormValue("why")
	err = s.app.ReturnHandoff(r.Context(), who, number, why)
	if wrong, ok := problems(err); ok {
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.Return = page.ReturnForm{Why: why, Problems: wrong} })
	}
	return s.done(w, r, who, number, err, "handoff.returned_done")
}

// handedFile hands a file of the reseller's dossier out as one to keep.
func (s *Server) handedFile(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := ticketNumber(r)
	if err != nil {
		return err
	}
	id, err := desk.ParseID(chi.URLParam(r, "evidence"))
	if err != nil {
		return err
	}
	f, body, err := s.app.HandedFile(r.Context(), who, number, id)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	sendFile(w, f.Name, f.Bytes, body)
	return nil
}

// mailDossier files an escalation by mailing its dossier.
func (s *Server) mailDossier(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "mail", "filing", func(n int64, seen int) error {
		return s.app.MailDossier(r.Context(), who, n, seen, r.PostFormValue("party"), r.PostForm.Has("anyway"))
	})
}

// speakerOf is who was chosen to speak for a reseller, Nobody for what names no one.
func speakerOf(text string) desk.ID {
	id, err := desk.ParseID(text)
	if err != nil {
		return desk.Nobody
	}
	return id
}
