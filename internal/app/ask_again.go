package app

import (
	"context"
	"errors"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// askAgain asks a ticket's customer whether it works again: the trouble that it was
// about is said to be over. The ticket waits for him, he gets a letter, and his
// page two buttons. A ticket that has ended, or was asked already, is left alone.
// The data is what the timeline says of it.
func (a *App) askAgain(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, data map[string]string) error {
	if k.State.Ended() {
		return nil
	}
	if asked, err := tx.AskedAgain(k.ID); err != nil || asked {
		return err
	}
	l, err := a.level(tx, d, *k)
	if err != nil {
		return err
	}
	k.Move(desk.WaitingCustomer, l, tx.Now)
	tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventAskedAgain, data, tx.Now))
	return a.tellCustomer(tx, *k, NoticeWorks)
}

// AnswerWhetherItWorks takes the customer's answer to that question: yes resolves
// the ticket; no, with a sentence if he likes, opens it again, triaged anew without
// what was said to be over. Errors: Invalid on "body"; ErrConflict when he was not
// asked; ErrForbidden for the desk's people. The same form sent twice answers once.
func (a *App) AnswerWhetherItWorks(ctx context.Context, who desk.Actor, number int64, works bool, text string, key desk.ID) error {
	if who.DeskSide() {
		return desk.ErrForbidden
	}
	err := a.change(ctx, who, desk.WriteMessage, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		asked, err := tx.AskedAgain(k.ID)
		if err != nil {
			return err
		}
		if !asked || k.State.Ended() {
			if works == (k.State == desk.Resolved) && k.LastSide == desk.CustomerSide || works && k.State == desk.Resolved {
				return nil // pressed twice
			}
			return desk.ErrConflict
		}
		if err := answerLink(tx, k.ID, works); err != nil {
			return err
		}
		if works {
			return a.worksAgain(tx, who, k)
		}
		return a.stillBroken(tx, who, k, text, key)
	})
	if key != desk.Nobody && errors.Is(err, desk.ErrConflict) && !works {
		return a.answeredAlready(ctx, who, number, key, err)
	}
	return err
}

// answeredAlready lets a form that was sent twice pass, and no other.
func (a *App) answeredAlready(ctx context.Context, who desk.Actor, number int64, key desk.ID, otherwise error) error {
	return a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if n, err := tx.TicketByKey(who.Person.ID, key); err != nil || n != number {
			return otherwise
		}
		return nil
	})
}

// answerLink keeps the answer with the issue that was said to be over.
func answerLink(tx *postgres.Tx, ticket desk.ID, works bool) error {
	list, err := tx.IssueLinks(ticket)
	if err != nil {
		return err
	}
	l := desk.Attached(list)
	if l == nil || l.AskedAt == nil {
		return nil // it was an incident's
	}
	l.Works, l.ChangedAt = &works, tx.Now
	if !works {
		l.State = desk.LinkPersists
	}
	tx.AnswerIssueLink(l.TicketIssue)
	return nil
}

func (a *App) worksAgain(tx *postgres.Tx, who desk.Actor, k *desk.Ticket) error {
	l, err := a.level(tx, who.Desk, *k)
	if err != nil {
		return err
	}
	k.Move(desk.Resolved, l, tx.Now)
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventWorksAgain, nil, tx.Now))
	return a.tellOthers(tx, who, *k, NoticeState, desk.Nobody)
}

func (a *App) stillBroken(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, text string, key desk.ID) error {
	l, err := a.level(tx, who.Desk, *k)
	if err != nil {
		return err
	}
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventStillBroken, nil, tx.Now))
	about, message := NoticePersists, desk.Nobody
	if strings.TrimSpace(text) != "" {
		m, err := desk.NewMessage(*k, who.Person, text, false, key, tx.Now)
		if err != nil {
			return err
		}
		tx.AddMessage(m)
		about, message = NoticeReply, m.ID
	}
	k.CustomerWrote(l, tx.Now)
	if err := a.retriage(tx, *k); err != nil {
		return err
	}
	return a.tellOthers(tx, who, *k, about, message)
}
