package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/page"
)

// Each of these is one form of an escalation's page, named for the last part of its
// address.

func (s *Server) answerDossier(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "dossier", "dossier", func(n int64, seen int) error {
		return s.app.AnswerDossier(r.Context(), who, n, seen, page.TypedAnswers(r.PostForm))
	})
}

func (s *Server) askForDossier(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "questions", "questions", func(n int64, _ int) error {
		return s.app.AskForDossier(r.Context(), who, n, r.PostForm["field"], r.PostFormValue("text"))
	})
}

func (s *Server) leadEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "way", "way", func(n int64, seen int) error {
		return s.app.LeadEscalation(r.Context(), who, n, seen, app.Another{Target: route.Target(r.PostFormValue("target")),
			Portal: r.PostFormValue("portal"), Why: r.PostFormValue("why")})
	})
}

func (s *Server) askApproval(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "approval", "approval", func(n int64, seen int) error {
		return s.app.AskApproval(r.Context(), who, n, seen)
	})
}

func (s *Server) approveEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "decision", "decision", func(n int64, seen int) error {
		return s.app.ApproveEscalation(r.Context(), who, n, seen, r.PostFormValue("do") == "approve", r.PostFormValue("reason"))
	})
}

func (s *Server) fileEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "filing", "filing", func(n int64, seen int) error {
		f := desk.Filing{Request: r.PostFormValue("request"), Severity: r.PostFormValue("severity"), Anyway: r.PostForm.Has("anyway")}
		f.At, f.BadAt = typedTime(r, "filed_at")
		if err := s.planOf(r, who, n, &f); err != nil {
			return err
		}
		return s.app.FileEscalation(r.Context(), who, n, seen, f)
	})
}

// planOf is the partner's plan that a form chose, where it offered any. Errors:
// Invalid on "plan" for one that the desk has not.
func (s *Server) planOf(r *http.Request, who desk.Actor, n int64, f *desk.Filing) error {
	id, err := formID(r, "plan")
	if err != nil || !r.PostForm.Has("plan") {
		return err
	}
	story, err := s.app.Escalation(r.Context(), who, n)
	if err != nil {
		return err
	}
	f.Plan = desk.PlanTaken{Kind: "csp", Language: story.Plan.Language}
	for _, l := range story.Plans {
		if l.ID == id {
			f.Plan.ID, f.Plan.Kind, f.Plan.Name = l.ID, l.Kind, l.Name
		}
	}
	if f.Plan.ID != id {
		return desk.NewInvalid("plan", "error.choose")
	}
	return nil
}

func (s *Server) renumberEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "number", "number", func(n int64, seen int) error {
		return s.app.RenumberEscalation(r.Context(), who, n, seen, r.PostFormValue("request"))
	})
}

func (s *Server) moveEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "state", "state", func(n int64, seen int) error {
		return s.app.MoveEscalation(r.Context(), who, n, seen, typedStep(r))
	})
}

func (s *Server) enterEntry(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "entries", "entries", func(n int64, seen int) error {
		f := desk.EntryForm{Side: desk.EntrySide(r.PostFormValue("side")), Text: r.PostFormValue("text")}
		f.At, f.BadAt = typedTime(r, "at")
		return s.app.EnterEntry(r.Context(), who, n, seen, f, s.stepAfter(r, who, n))
	})
}

// stepAfter is where an entry leaves an escalation; nil where its form says nothing
// of that. A date alone leaves the state as it is.
func (s *Server) stepAfter(r *http.Request, who desk.Actor, n int64) *desk.Step {
	step := typedStep(r)
	if step.State == "" && (step.Next != nil || step.BadNext) {
		if story, err := s.app.Escalation(r.Context(), who, n); err == nil {
			step.State = story.State
		}
	}
	if step.State == "" {
		return nil
	}
	return &step
}

func (s *Server) relayEntry(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	entry, err := desk.ParseID(chi.URLParam(r, "said"))
	if err != nil {
		return desk.ErrNotFound
	}
	return s.doToEscalation(w, r, who, page.RelayForm(entry.String()), "relay", func(n int64, _ int) error {
		x := app.Relaying{Needless: r.PostFormValue("do") == "needless", Texts: map[string]string{}}
		for name := range r.PostForm {
			if language, ok := strings.CutPrefix(name, "text_"); ok {
				x.Texts[language] = r.PostFormValue(name)
			}
		}
		return s.app.RelayEntry(r.Context(), who, n, entry, x)
	})
}

func (s *Server) chaseEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "chase", "chase", func(n int64, seen int) error {
		return s.app.ChaseEscalation(r.Context(), who, n, seen, typedStep(r))
	})
}

func (s *Server) joinEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "tickets", "tickets", func(n int64, _ int) error {
		ticket, err := strconv.ParseInt(strings.TrimSpace(r.PostFormValue("ticket")), 10, 64)
		if err != nil {
			return desk.NewInvalid("ticket", "error.escalation.ticket")
		}
		return s.app.JoinEscalation(r.Context(), who, n, ticket)
	})
}

func (s *Server) leaveEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "removal", "removal", func(n int64, _ int) error {
		ticket, err := strconv.ParseInt(r.PostFormValue("ticket"), 10, 64)
		if err != nil {
			return desk.ErrNotFound
		}
		return s.app.LeaveEscalation(r.Context(), who, n, ticket)
	})
}

func (s *Server) claimCredit(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "credit", "credit", func(n int64, seen int) error {
		return s.app.ClaimCredit(r.Context(), who, n, seen, desk.Credit{Worth: r.PostForm.Has("credit_worth"), Reason: r.PostFormValue("credit_reason"),
			State: r.PostFormValue("credit_state"), Amount: r.PostFormValue("credit_amount")})
	})
}

func (s *Server) endEscalation(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.doToEscalation(w, r, who, "ending", "ending", func(n int64, seen int) error {
		return s.app.EndEscalation(r.Context(), who, n, seen, desk.EscalationEnding(r.PostFormValue("ending")), r.PostFormValue("why"))
	})
}

// typedTime is a moment as it was typed, in its reader's zone.
func typedTime(r *http.Request, name string) (at *time.Time, bad bool) {
	return formTime(r.PostFormValue(name), i18n.From(r.Context()).Zone())
}

// typedStep is where a form says that an escalation stands.
func typedStep(r *http.Request) desk.Step {
	s := desk.Step{State: desk.EscalationState(r.PostFormValue("state"))}
	s.Next, s.BadNext = typedTime(r, "next")
	return s
}
