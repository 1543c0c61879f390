package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

func (s *Server) incident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := incidentNumber(r)
	if err != nil {
		return err
	}
	return s.drawIncident(w, r, who, http.StatusOK, n, func(i *page.Incident) {
		draft, ok := s.takeDraft(r)
		switch {
		case !ok:
		case draft.Has("title_fr"):
			i.Words = wordsForm(draft)
			i.Words.Restored = true
		case draft.Has("title"):
			i.About = incidentForm(draft)
			i.About.Restored = true
		case draft.Has("act"):
			i.Act = actForm(draft)
		case draft.Has("request"):
			i.Request.Value = draft.Get("request")
		}
	})
}

// drawIncident reads an incident anew and shows it with the form that came back.
func (s *Server) drawIncident(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, n int64, fill func(*page.Incident)) error {
	story, err := s.app.Incident(r.Context(), who, n)
	if err != nil {
		return err
	}
	p := i18n.From(r.Context())
	i := page.Incident{Story: story, Words: page.WordsFormOf(p, story.Incident), About: page.AboutIncident(p, story.IncidentRecord)}
	if i.Sent, err = s.app.Announcements(r.Context(), who, desk.About{Incident: story.ID}); err != nil {
		return err
	}
	if i.Escalation, err = s.app.IncidentEscalation(r.Context(), who, story.ID); err != nil {
		return err
	}
	if story.State.Mergeable() {
		l, err := s.app.Incidents(r.Context(), who, desk.Cursor{})
		if err != nil {
			return err
		}
		i.Others = l.Live
	}
	fill(&i)
	return s.render(w, r, status, page.IncidentPage(s.frame(r, who, "incidents"), i))
}

// doToIncident gives a form to a verb. One that is wrong comes back filled, and one
// that is too late beside what holds now.
func (s *Server) doToIncident(w http.ResponseWriter, r *http.Request, who desk.Actor, flash string, verb func(n int64, seen int) error, back func(*page.Incident, desk.Problems)) error {
	n, err := incidentNumber(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	seen, _ := strconv.Atoi(r.PostFormValue("revision"))
	err = verb(n, seen)
	if wrong, ok := problems(err); ok {
		return s.drawIncident(w, r, who, http.StatusUnprocessableEntity, n, func(i *page.Incident) { back(i, wrong) })
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.drawIncident(w, r, who, http.StatusConflict, n, func(i *page.Incident) { i.Conflict = true; back(i, nil) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, incidentPath(n), flash)
}

func (s *Server) actOnIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	var x page.IncidentActForm
	return s.doToIncident(w, r, who, "incident.done", func(n int64, seen int) error {
		x = actForm(r.PostForm)
		return s.app.ActOnIncident(r.Context(), who, n, seen, desk.IncidentAct(x.Act), x.Words)
	}, func(i *page.Incident, wrong desk.Problems) { i.Act, i.Act.Problems = x, wrong })
}

// actForm reads what is done to an incident: the words are its summary, or why.
func actForm(v url.Values) page.IncidentActForm {
	x := page.IncidentActForm{Act: v.Get("act"), Words: v.Get("summary")}
	if v.Has("reason") {
		x.Words = v.Get("reason")
	}
	return x
}

func (s *Server) describeIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	var x page.NewIncidentForm
	return s.doToIncident(w, r, who, "incident.saved", func(n int64, seen int) error {
		x = incidentForm(r.PostForm)
		f, err := aboutIncident(r, x)
		if err != nil {
			return err
		}
		return s.app.DescribeIncident(r.Context(), who, n, seen, f)
	}, func(i *page.Incident, wrong desk.Problems) {
		i.About, i.About.Problems, i.About.Restored = x, wrong, i.Conflict
	})
}

func (s *Server) sayOfIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	var x page.WordsForm
	return s.doToIncident(w, r, who, "incident.words_saved", func(n int64, seen int) error {
		x = wordsForm(r.PostForm)
		return s.app.SayOfIncident(r.Context(), who, n, seen, saidWords(r, x))
	}, func(i *page.Incident, wrong desk.Problems) { i.Words, i.Words.Problems = x, wrong })
}

func (s *Server) requestForIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToIncident(w, r, who, "incident.requested", func(n int64, seen int) error {
		return s.app.RequestForIncident(r.Context(), who, n, seen, r.PostFormValue("request"))
	}, func(i *page.Incident, wrong desk.Problems) {
		i.Request = page.IncidentField{Value: r.PostFormValue("request"), Problems: wrong}
	})
}

func (s *Server) mergeIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToIncident(w, r, who, "incident.merged", func(n int64, seen int) error {
		into, err := strconv.ParseInt(r.PostFormValue("into"), 10, 64)
		if err != nil {
			return desk.NewInvalid("into", "error.choose")
		}
		return s.app.MergeIncident(r.Context(), who, n, seen, into)
	}, func(i *page.Incident, wrong desk.Problems) {
		i.Into = page.IncidentField{Value: r.PostFormValue("into"), Problems: wrong}
	})
}

func (s *Server) linkIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToIncident(w, r, who, "incident.saved", func(n int64, _ int) error {
		issue, err := formID(r, "issue")
		if err != nil {
			return err
		}
		if r.PostFormValue("do") == "unlink" {
			return s.app.UnlinkIncident(r.Context(), who, n, issue)
		}
		return s.app.LinkIncident(r.Context(), who, n, issue)
	}, func(i *page.Incident, wrong desk.Problems) { i.Issue.Problems = wrong })
}

func (s *Server) joinIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToIncident(w, r, who, "incident.joined", func(n int64, _ int) error {
		ticket, err := strconv.ParseInt(r.PostFormValue("ticket"), 10, 64)
		if err != nil {
			return desk.NewInvalid("ticket", "error.incident.ticket")
		}
		return s.app.AddToIncident(r.Context(), who, n, ticket)
	}, func(i *page.Incident, wrong desk.Problems) {
		i.Ticket = page.IncidentField{Value: r.PostFormValue("ticket"), Problems: wrong}
	})
}

// joinIncidentOf lets a ticket join from its own page.
func (s *Server) joinIncidentOf(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	chosen := r.PostFormValue("incident")
	incident, err := strconv.ParseInt(chosen, 10, 64)
	if err == nil {
		err = s.app.AddToIncident(r.Context(), who, incident, number)
	} else if err = who.May(desk.ManageIncidents); err == nil {
		err = desk.NewInvalid("incident", "error.choose")
	}
	if wrong, invalid := problems(err); invalid {
		for i := range wrong {
			wrong[i].Field = "incident"
		}
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) {
			t.Incident = page.IncidentField{Value: chosen, Problems: wrong}
		})
	}
	return s.done(w, r, who, number, err, "incident.joined")
}

// leaveIncident takes a ticket out, and goes back to where it was asked: the
// incident, or the ticket's own page.
func (s *Server) leaveIncident(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := incidentNumber(r)
	if err != nil {
		return err
	}
	ticket, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	if err := s.app.LeaveIncident(r.Context(), who, n, ticket); err != nil {
		return err
	}
	path := incidentPath(n)
	if r.PostFormValue("from") == "ticket" {
		path = "/tickets/" + strconv.FormatInt(ticket, 10)
	}
	return s.seeOther(w, r, who, path, "incident.left")
}
