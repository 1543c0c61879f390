package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// Reminders is the clock's job of looking for escalations on which something is owed.
type Reminders struct{}

// Kind names the job.
func (Reminders) Kind() string { return "reminders" }

// RemindDesk is the job of telling one desk's people what is owed.
type RemindDesk struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (RemindDesk) Kind() string { return "remind_desk" }

// EscalationNotice is the job of telling one person what is owed on an escalation.
type EscalationNotice struct {
	Desk       desk.ID           `json:"desk"`
	Escalation int64             `json:"escalation"`
	What       desk.ReminderKind `json:"what"`
	At         time.Time         `json:"at"` // by when it was owed
	To         desk.ID           `json:"to"`
	Letter     desk.ID           `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (EscalationNotice) Kind() string { return "escalation_notice" }

// FanOutReminders works Reminders: a job for each desk where somebody must be told.
func (a *App) FanOutReminders(ctx context.Context, _ Reminders) error {
	var desks []desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		desks, err = tx.DesksToRemind(1000)
		return err
	})
	for _, id := range desks {
		if err == nil {
			err = a.db.Update(ctx, desk.Scope{Desk: id}, func(tx *postgres.Tx) error { return tx.Enqueue(RemindDesk{id}, once) })
		}
	}
	return err
}

// RemindEscalations works a RemindDesk: of each time that has passed those whom it
// concerns are told once, and once more after a day.
func (a *App) RemindEscalations(ctx context.Context, job RemindDesk) error {
	var err error
	for more := true; err == nil && more; {
		err = a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
			list, err := tx.OverdueEscalations(warnBatch)
			if err != nil || len(list) == 0 {
				more = false
				return err
			}
			more = len(list) == warnBatch
			people, err := tx.Agents()
			for i := range list {
				if err == nil {
					err = a.remind(tx, &list[i], people)
				}
			}
			return err
		})
	}
	return err
}

// remind tells what is owed on one escalation, and puts it on its time line.
func (a *App) remind(tx *postgres.Tx, e *desk.Escalation, people []desk.Person) error {
	r, err := e.Remind(tx.Now)
	tx.SaveReminded(*e) // which no query finds again, whatever it was
	if errors.Is(err, desk.ErrNotFound) || a.silent {
		return nil
	}
	k, err := tx.TicketByID(e.TicketID)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range r.People(*e, k.AssigneeID, people) {
		names = append(names, p.Name)
		job := EscalationNotice{Desk: tx.Scope.Desk, Escalation: e.Number, What: r.Kind, At: r.At, To: p.ID, Letter: desk.NewID()}
		if err := tx.Enqueue(job, &river.InsertOpts{MaxAttempts: noticeTries}); err != nil {
			return err
		}
	}
	data := map[string]string{"what": string(r.Kind), "at": r.At.UTC().Format(time.RFC3339), "owes": e.Owes(), "to": strings.Join(names, ", ")}
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, desk.Nobody, desk.EscalationReminded, data, tx.Now))
	return nil
}

// SendEscalationNotice works an EscalationNotice. What was given meanwhile is not
// asked for any more. Errors: a pause, until its reader may read it.
func (a *App) SendEscalationNotice(ctx context.Context, n EscalationNotice) error {
	l, err := a.escalationLetter(ctx, n)
	return a.sendOnce(ctx, l, err)
}

// escalationLetter is read as its recipient: what he may not see cannot get into it.
// Errors: ErrNotFound for what he may not see, or nobody owes any more.
func (a *App) escalationLetter(ctx context.Context, n EscalationNotice) (l mail.Letter, err error) {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return l, err
	}
	reader, err := a.recipient(ctx, d, n.To)
	if err != nil {
		return l, err
	}
	if reader.May(desk.ReadEscalations) != nil {
		return l, desk.ErrNotFound
	}
	l = mail.Letter{ID: n.Letter, Kind: mail.EscalationOwed, Desk: d, To: reader.Person, Written: a.now(), Reminder: desk.Reminder{Kind: n.What, At: n.At},
		Path: "/" + d.Slug + "/escalations/" + strconv.FormatInt(n.Escalation, 10)}
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) (err error) {
		if l.Escalation, err = tx.Escalation(n.Escalation); err != nil {
			return err
		}
		if !l.Escalation.StillOwed(l.Reminder) {
			return desk.ErrNotFound
		}
		if l.Ticket, err = tx.TicketByID(l.Escalation.TicketID); err != nil {
			return err
		}
		c, err := tx.Customer(l.Escalation.CustomerID)
		l.Customer = c.Name
		return err
	})
	return l, err
}
