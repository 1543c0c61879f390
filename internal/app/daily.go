package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// Daily is the job of sending somebody's daily letter. News within a quarter of an hour
// orders one of them.
type Daily struct {
	Desk   desk.ID   `json:"desk" river:"unique"`
	To     desk.ID   `json:"to" river:"unique"`
	Since  time.Time `json:"since"`
	Letter desk.ID   `json:"letter"`
}

// Kind names the job.
func (Daily) Kind() string { return "daily" }

// onceAQuarter orders a daily letter once, however much happens. What is ordered leaves
// at the first morning that is afterQuarter later: nobody then still writes what counted
// on it.
var onceAQuarter = river.InsertOpts{MaxAttempts: noticeTries, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: 15 * time.Minute}}

const afterQuarter = 17 * time.Minute

// putOff keeps news for its reader's daily letter.
func (a *App) putOff(tx *postgres.Tx, k desk.Ticket, to desk.Person, about mail.Kind, message desk.ID) error {
	tx.AddNotice(desk.Notice{ID: desk.NewID(), PersonID: to.ID, TicketID: k.ID, CustomerID: k.CustomerID, About: string(about), Message: message, CreatedAt: tx.Now})
	return tx.Enqueue(Daily{tx.Scope.Desk, to.ID, tx.Now, desk.NewID()}, &onceAQuarter)
}

// topic is what its reader may choose about a letter.
func topic(about mail.Kind, k desk.Ticket, to desk.ID) desk.LetterTopic {
	switch about {
	case mail.Received, mail.Approval, mail.Link, mail.Daily:
		return desk.AlwaysTold
	case mail.Due, mail.IncidentProposed, mail.AccessEnding, mail.PlanEnding, mail.EscalationOwed, mail.WebhookOff:
		return desk.LettersWarnings
	case mail.Known, mail.News, mail.Works, mail.Back:
		return desk.LettersIssues
	}
	switch to {
	case k.RequesterID:
		return desk.LettersMine
	case k.AssigneeID:
		return desk.LettersAssigned
	}
	return desk.LettersFollowed
}

// SendDaily works a Daily: all that waited for it is taken by the first such job of a
// morning. Errors: a pause, until the morning, or until its reader may read it.
func (a *App) SendDaily(ctx context.Context, job Daily) error {
	l := mail.Letter{ID: job.Letter, Kind: mail.Daily, Written: a.now()}
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return a.sendOnce(ctx, l, err)
	}
	l.Desk, l.Path = d, "/"+d.Slug+"/tickets"
	reader, err := a.recipient(ctx, d, job.To)
	if err != nil {
		return a.sendOnce(ctx, l, err)
	}
	if wait := desk.NextSummary(job.Since.Add(afterQuarter), reader.Location()).Sub(a.now()); wait > 0 {
		return river.JobSnooze(wait)
	}
	l.To = reader.Person
	if reader.DeskSide() {
		l.Path = "/" + d.Slug + "/queue"
	}
	list, err := a.takeDaily(ctx, job)
	if err != nil || len(list) == 0 {
		return err
	}
	l.Told, err = a.tellTickets(ctx, reader, l, list)
	if err == nil && len(l.Told) == 0 {
		err = desk.ErrNotFound
	}
	return a.sendOnce(ctx, l, err)
}

// takeDaily takes what waits for a daily letter, once: a letter that was begun is sent
// with what it had.
func (a *App) takeDaily(ctx context.Context, job Daily) (list []desk.Notice, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		if err := tx.Hold(job.To); err != nil { // one job at a time takes
			return err
		}
		d, err := tx.LockDelivery(job.Letter)
		if errors.Is(err, desk.ErrNotFound) {
			tx.TakeDaily(job.Letter, job.To)
		} else if err != nil || d.Over() {
			return err
		}
		list, err = tx.NoticesOf(job.Letter)
		return err
	})
	return list, err
}

// tellTickets reads what a daily letter says, ticket by ticket.
func (a *App) tellTickets(ctx context.Context, reader desk.Actor, l mail.Letter, list []desk.Notice) (told []mail.Letter, err error) {
	var tickets []desk.ID
	of := map[desk.ID][]desk.Notice{}
	for _, n := range list {
		if !slices.Contains(tickets, n.TicketID) {
			tickets = append(tickets, n.TicketID)
		}
		of[n.TicketID] = append(of[n.TicketID], n)
	}
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) error {
		for _, id := range tickets {
			x := l
			k, err := tx.TicketByID(id)
			if err == nil { // as its reader may see it
				x.Ticket, err = tx.Ticket(k.Number, reader.Person)
			}
			if errors.Is(err, desk.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if x.Told, err = happened(tx, x, of[id]); err != nil {
				return err
			}
			if len(x.Told) > 0 {
				told = append(told, x)
			}
		}
		return nil
	})
	return told, err
}
