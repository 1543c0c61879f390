package app

import (
	"context"
	"errors"
	"strconv"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// What a notice is about: the letters a desk sends about a ticket.
const (
	NoticeReceived = mail.Received
	NoticeReply    = mail.Reply
	NoticeState    = mail.State
	NoticeReopened = mail.Reopened
	NoticeAssigned = mail.Assigned
	NoticeDue      = mail.Due
	NoticeApproval = mail.Approval
	NoticeApproved = mail.Approved
	NoticeRefused  = mail.Refused
	NoticeKnown    = mail.Known
	NoticeNews     = mail.News
	NoticeWorks    = mail.Works
	NoticeBack     = mail.Back
	NoticePersists = mail.Persists
)

// Notice is the job of sending one letter to one person. It carries ids only;
// what the letter says is read when it is sent.
type Notice struct {
	Desk    desk.ID   `json:"desk"`
	About   mail.Kind `json:"about"`
	Ticket  int64     `json:"ticket"`
	Message desk.ID   `json:"message"`
	To      desk.ID   `json:"to"`
	Letter  desk.ID   `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (Notice) Kind() string { return "notice" }

// noticeTries spreads over about a day by the queue's growing pauses: a mail
// server that is down overnight loses nothing.
const noticeTries = 20

// notify has somebody told of a ticket: at once, or with what else happens on it soon.
func (a *App) notify(tx *postgres.Tx, k desk.Ticket, to desk.Person, about mail.Kind, message desk.ID) error {
	if a.silent {
		return nil
	}
	switch when := to.Letters.When(topic(about, k, to.ID)); {
	case when == desk.LettersNever:
		return nil
	case when == desk.LettersDaily:
		return a.putOff(tx, k, to, about, message)
	case a.quiet.For > 0 && !about.Urgent():
		return a.gather(tx, k, to, about, message)
	}
	n := Notice{Desk: tx.Scope.Desk, About: about, Ticket: k.Number, Message: message, To: to.ID, Letter: desk.NewID()}
	return tx.Enqueue(n, &river.InsertOpts{MaxAttempts: noticeTries})
}

// tellOthers writes to everybody on a ticket but the one who acted: its
// requester and followers when the desk acted, its assignee when they did.
func (a *App) tellOthers(tx *postgres.Tx, who desk.Actor, k desk.Ticket, about mail.Kind, message desk.ID) error {
	to, err := tx.Audience(k)
	if err != nil {
		return err
	}
	for _, p := range to {
		if p.ID == who.Person.ID || p.Role.DeskSide() && who.DeskSide() {
			continue
		}
		if err := a.notify(tx, k, p, about, message); err != nil {
			return err
		}
	}
	return nil
}

// SendNotice writes and sends one letter. A ticket or person that is gone by
// now, or news that is none any more, ends the job quietly; a mail server's
// refusal is for the queue to retry. Errors: a pause, until its reader may read
// it.
func (a *App) SendNotice(ctx context.Context, n Notice) error {
	l, err := a.letter(ctx, n)
	return a.sendOnce(ctx, l, err)
}

// sendOnce sends a letter, if it could be written. Errors: a pause, until its reader
// may read it.
func (a *App) sendOnce(ctx context.Context, l mail.Letter, err error) error {
	var closed desk.OutOfHours
	if errors.As(err, &closed) && !closed.Until.IsZero() {
		return river.JobSnooze(max(closed.Until.Sub(a.now()), 0))
	}
	if errors.Is(err, desk.ErrNotFound) || errors.Is(err, desk.ErrOutOfHours) {
		return a.dropLetter(ctx, l)
	}
	if err != nil {
		return err
	}
	return a.post(ctx, l)
}

func (a *App) letter(ctx context.Context, n Notice) (mail.Letter, error) {
	l, reader, err := a.envelope(ctx, n)
	if err != nil {
		return l, err
	}
	// Read as the recipient: what he may not see cannot get into his letter.
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) (err error) {
		if l.Ticket, err = tx.Ticket(n.Ticket, l.To); err != nil {
			return err
		}
		return fill(tx, &l, n.Message)
	})
	return l, err
}

// envelope is a letter about a ticket without what it says, and who reads it.
func (a *App) envelope(ctx context.Context, n Notice) (l mail.Letter, reader desk.Actor, err error) {
	l = mail.Letter{ID: n.Letter, Kind: n.About, Written: a.now()}
	l.Desk.ID = n.Desk
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return l, reader, err
	}
	l.Desk, l.Path = d, "/"+d.Slug+"/tickets/"+strconv.FormatInt(n.Ticket, 10)
	if reader, err = a.recipient(ctx, d, n.To); err != nil {
		return l, reader, err
	}
	l.To = reader.Person
	l.Name = a.secrets.letterName(l.ID, d.ID, n.Ticket, l.To.ID)
	if a.mailIn.Domain != "" {
		l.ReplyTo = a.secrets.ticketAddress(a.mailIn.Domain, d.ID, n.Ticket, l.To.ID)
	}
	// Its thread begins with a name that no letter has: the first letter that is
	// written need not be the first that arrives.
	l.Before = []string{a.secrets.letterName(ticketThread, d.ID, n.Ticket, l.To.ID)}
	return l, reader, nil
}

// ticketThread stands for a letter's id in the name of its thread.
var ticketThread = desk.ID{0: 0xff, 15: 1}

// fill reads what a letter about its ticket says. Errors: ErrNotFound for what is no
// news any more, or gone.
func fill(tx *postgres.Tx, l *mail.Letter, message desk.ID) (err error) {
	if outdated(*l) {
		return desk.ErrNotFound
	}
	if err := orderOf(tx, l); err != nil {
		return err
	}
	if err := issueOf(tx, l); err != nil {
		return err
	}
	if message != desk.Nobody {
		l.Message, err = tx.PublicMessage(message)
	}
	return err
}

// recipient is a letter's reader as he may read today. Errors: ErrNotFound for
// who left; OutOfHours, with when to write, for a subcontractor's person who may
// not work now.
func (a *App) recipient(ctx context.Context, d desk.Desk, id desk.ID) (desk.Actor, error) {
	p, c, err := a.db.PersonNow(ctx, d.ID, id)
	who := desk.Actor{Desk: d, Person: p, Subcontractor: c}
	if err == nil && !p.Active {
		err = desk.ErrNotFound
	}
	if err == nil && c != nil {
		err = c.OnDuty(a.now())
	}
	return who, err
}

// issueOf brings the known issue that a letter is about, as its reader may see it:
// none where it covers his ticket no longer.
func issueOf(tx *postgres.Tx, l *mail.Letter) error {
	if !l.Kind.OfIssue() {
		return nil
	}
	list, err := tx.IssueLinks(l.Ticket.ID)
	if err != nil {
		return err
	}
	if k := desk.Attached(list); k != nil {
		l.Issue = &k.Issue
	} else if l.Kind != NoticeWorks { // an incident of the desk's own has none
		return desk.ErrNotFound
	}
	return nil
}

// outdated tells a letter that was so long under way that it would say what is
// no longer so.
func outdated(l mail.Letter) bool {
	switch l.Kind {
	case NoticeState:
		return !worthALetter(l.Ticket.State)
	case NoticeReopened:
		return l.Ticket.State.Ended()
	case NoticeKnown, NoticeNews, NoticeBack, NoticePersists:
		return l.Ticket.State.Ended()
	case NoticeWorks:
		return l.Ticket.State != desk.WaitingCustomer
	case NoticeDue: // somebody answered meanwhile
		return l.Ticket.DueAt == nil
	case NoticeAssigned:
		return l.Ticket.AssigneeID != l.To.ID
	default:
		return false
	}
}

func (a *App) deskByID(ctx context.Context, id desk.ID) (d desk.Desk, err error) {
	err = a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		d, err = tx.DeskByID(id)
		return err
	})
	return d, err
}

// ForgetExpired removes sessions that are over. It is periodic work.
func (a *App) ForgetExpired(ctx context.Context) error {
	for {
		var n int64
		err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
			n, err = tx.ForgetExpired()
			return err
		})
		if err != nil || n < 1000 {
			return err
		}
	}
}
