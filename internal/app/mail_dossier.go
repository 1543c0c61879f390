package app

import (
	"context"
	"errors"
	"slices"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// DossierLetter is the job of mailing an escalation's dossier to a provider, or a
// publisher, on another system.
type DossierLetter struct {
	Desk       desk.ID `json:"desk"`
	Escalation desk.ID `json:"escalation"`
	Party      string  `json:"party"`  // key of whom it goes to
	Letter     desk.ID `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (DossierLetter) Kind() string { return "dossier_letter" }

// MailDossier files an escalation by mailing its dossier to the provider or the
// publisher that the desk's list names under a key: no number is needed, and none is
// known until they answer. Errors: Invalid on "party" for whom no address is known,
// "severity" where a lead must agree first, or "dossier" while something is missing and
// nobody said to go on anyway;
// ErrConflict once it is filed.
func (a *App) MailDossier(ctx context.Context, who desk.Actor, number int64, seen int, party string, anyway bool) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		s, err := a.story(tx, who, *e)
		if err != nil {
			return err
		}
		var p desk.Problems
		if to, ok := s.Handover.PartyOf(e.Target, party); !ok || to.Email == "" || to.Desk != "" {
			p.Add("party", "error.handoff.address")
		}
		severity := s.Dossier.Severity.Letter
		if !s.Dossier.Complete() && !anyway {
			p.Add("dossier", "error.escalation.incomplete")
		}
		if e.NeedsApproval(s.Handover, severity) {
			p.Add("severity", "error.escalation.approval")
		}
		if err := p.Err(); err != nil {
			return err
		}
		if err := a.fileAs(tx, who, e, desk.Filing{Plan: e.Plan, Severity: severity}); err != nil || a.silent {
			return err
		}
		return tx.Enqueue(DossierLetter{tx.Scope.Desk, e.ID, party, desk.NewID()}, &river.InsertOpts{MaxAttempts: noticeTries})
	})
}

// SendDossier works a DossierLetter. The dossier is the one of the moment that it
// leaves, and so are the words around it and the desk's own domain; of an escalation
// that has ended nothing leaves. An address that refuses it is told on the time line: to
// try again is of no use.
func (a *App) SendDossier(ctx context.Context, job DossierLetter) error {
	l, ok, err := a.dossierLetter(ctx, job)
	if err != nil || !ok {
		return err
	}
	err = a.mail.SendDossier(ctx, l)
	var no mail.Rejected
	if !errors.As(err, &no) {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		data := map[string]string{"to": l.ToEmail, "reason": answered(no.Text)}
		tx.AddEscalationEvent(desk.NewEscalationEvent(job.Escalation, desk.Nobody, desk.EscalationReturned, data, tx.Now))
		return nil
	})
}

// dossierLetter writes it; ok is false when nothing is to leave any more.
func (a *App) dossierLetter(ctx context.Context, job DossierLetter) (l mail.Dossier, ok bool, err error) {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return l, false, err
	}
	var s desk.EscalationStory
	l = mail.Dossier{ID: job.Letter, Desk: d, Written: a.now()}
	who := desk.Actor{Desk: d, Person: desk.Person{Role: desk.Agent}}
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		e, err := tx.EscalationByID(job.Escalation)
		if err == nil {
			s, err = a.story(tx, who, e)
		}
		if err == nil {
			l.From, err = a.inName(tx)
		}
		if err == nil {
			l.Words, err = inWords(tx, d.Language)
		}
		return err
	})
	if err != nil || !s.State.Filed() {
		return l, false, err
	}
	to, ok := s.Handover.PartyOf(s.Target, job.Party)
	if !ok || to.Email == "" {
		return l, false, nil
	}
	from := a.mail.From()
	if a.mailIn.Domain != "" {
		from = "reply@" + a.mailIn.Domain
	}
	l.Escalation, l.Subject, l.ToName, l.ToEmail, l.Text = s.Escalation, s.Thread.Ticket.Subject, to.Name, to.Email, s.Dossier.Text()
	if l.ReplyTo, err = a.secrets.replyAddress(from, d.ID, s.Escalation); err != nil {
		return l, false, err
	}
	document, err := s.Dossier.JSON()
	l.JSON = slices.Clone(document)
	return l, err == nil, err
}
