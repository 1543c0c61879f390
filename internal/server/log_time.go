package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// timeForm reads the form of logged time.
func timeForm(v url.Values) page.TimeForm {
	x := page.TimeForm{Spent: v.Get("spent"), Worked: v.Get("worked"), Ended: v.Get("ended"), Billable: v.Get("billable") != ""}
	var err error
	if x.Key, err = desk.ParseID(v.Get("key")); err != nil {
		x.Key = desk.Nobody
	}
	return x
}

func workOf(r *http.Request, x page.TimeForm) desk.Work {
	w := desk.Work{Spent: x.Spent, Text: x.Worked, Billable: x.Billable, Key: x.Key}
	w.Ended, w.BadEnded = formTime(x.Ended, i18n.From(r.Context()).Zone())
	return w
}

func (s *Server) logTime(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.takeTime(w, r, who, func(number int64, x page.TimeForm) (string, error) {
		return "flash.time_logged", s.app.LogTime(r.Context(), who, number, workOf(r, x), false)
	})
}

// stopTimer logs what the timer counted, or drops it.
func (s *Server) stopTimer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.takeTime(w, r, who, func(number int64, x page.TimeForm) (string, error) {
		if r.PostFormValue("do") == "drop" {
			return "flash.timer_dropped", s.app.DropTimer(r.Context(), who, number)
		}
		return "flash.time_logged", s.app.LogTime(r.Context(), who, number, workOf(r, x), true)
	})
}

func (s *Server) correctTime(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	entry, err := desk.ParseID(chi.URLParam(r, "entry"))
	if err != nil {
		return err
	}
	return s.takeTime(w, r, who, func(number int64, x page.TimeForm) (string, error) {
		return "flash.time_corrected", s.app.CorrectTime(r.Context(), who, number, entry, workOf(r, x))
	})
}

// takeTime gives the form to a verb; one that is wrong comes back filled.
func (s *Server) takeTime(w http.ResponseWriter, r *http.Request, who desk.Actor, verb func(int64, page.TimeForm) (string, error)) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	x := timeForm(r.PostForm)
	x.Entry, _ = desk.ParseID(chi.URLParam(r, "entry"))
	flash, err := verb(number, x)
	if p, invalid := problems(err); invalid {
		x.Problems = p
		return s.showAgain(w, r, who, number, http.StatusUnprocessableEntity, func(t *page.DeskTicket) { t.TimeForm = x })
	}
	return s.done(w, r, who, number, err, flash)
}

func (s *Server) startTimer(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	err = s.app.StartTimer(r.Context(), who, number, r.PostFormValue("instead") != "")
	if errors.Is(err, app.ErrTimerElsewhere) {
		return s.showAgain(w, r, who, number, http.StatusConflict, func(t *page.DeskTicket) {
			t.TimeForm = page.FirstTime()
			t.TimeForm.Elsewhere = true
		})
	}
	return s.done(w, r, who, number, err, "flash.timer_started")
}

func (s *Server) removeTime(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	entry, err := desk.ParseID(chi.URLParam(r, "entry"))
	if err != nil {
		return err
	}
	number, err := s.ticketForm(r)
	if err != nil {
		return err
	}
	return s.done(w, r, who, number, s.app.RemoveTime(r.Context(), who, number, entry), "flash.time_removed")
}

// withTime brings a ticket's time to the page of who may log some. ?entry= fills
// the form with an entry to be corrected.
func (s *Server) withTime(r *http.Request, who desk.Actor, t *page.DeskTicket) (err error) {
	if who.May(desk.LogTime) != nil {
		return nil
	}
	if t.Time, err = s.app.TicketTime(r.Context(), who, t.Thread.Ticket); err != nil {
		return err
	}
	if t.TimeForm.Key != desk.Nobody {
		return nil
	}
	if len(t.TimeForm.Problems) > 0 { // a form without its key: it gets one
		t.TimeForm.Key = desk.NewID()
		return nil
	}
	t.TimeForm = page.FirstTime()
	entry, err := desk.ParseID(r.URL.Query().Get("entry"))
	for _, l := range t.Time.Logged {
		if err == nil && l.ID == entry && l.PersonID == who.Person.ID && !l.Settled() {
			t.TimeForm = page.TimeFormOf(i18n.From(r.Context()), l.TimeEntry)
		}
	}
	return nil
}
