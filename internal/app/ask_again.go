package app

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// askAgain asks a ticket's customer whether it works again: the trouble that it was
// about is said to be over. The ticket waits for him, he gets a letter, and his
// page two buttons. A ticket that has ended, or was asked already, is left alone.
// The data is what the timeline says of it.
func (a *App) askAgain(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, data map[string]string) error {
	return a.askWhether(tx, d, k, data, desk.WaitingCustomer)
}

// askBeside is the same where a ticket may have been handed on to a third party: it
// goes on waiting there, since only what was handed on itself ends that.
func (a *App) askBeside(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, data map[string]string) error {
	to := desk.WaitingCustomer
	if k.State == desk.WaitingThirdParty {
		to = k.State
	}
	return a.askWhether(tx, d, k, data, to)
}

func (a *App) askWhether(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, data map[string]string, then desk.State) error {
	if k.State.Ended() {
		return nil
	}
	if last, err := tx.LastAsked(k.ID); err != nil || last == desk.EventAskedAgain {
		return err
	}
	l, err := a.level(tx, d, *k)
	if err != nil {
		return err
	}
	if k.Move(then, l, tx.Now) {
		if err := a.ticketMoved(tx, *k); err != nil {
			return err
		}
	}
	tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventAskedAgain, data, tx.Now))
	return a.tellCustomer(tx, *k, NoticeWorks)
}

// AnswerWhetherItWorks takes the customer's answer to that question: yes resolves
// the ticket; no, with a sentence if he likes, opens it again, triaged anew without
// what was said to be over. Errors: Invalid on "body"; ErrConflict when he was not
// asked; ErrForbidden for the desk's people. The same form sent twice answers once.
func (a *App) AnswerWhetherItWorks(ctx context.Context, who desk.Actor, number int64, works bool, text string, key desk.ID) error {
	if err := who.May(desk.WriteMessage); err != nil {
		return err
	}
	if who.DeskSide() {
		return desk.ErrForbidden
	}
	return a.change(ctx, who, desk.WriteMessage, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		last, err := tx.LastAsked(k.ID)
		switch {
		case err != nil:
			return err
		case last == desk.EventWorksAgain && works, last == desk.EventStillBroken && !works:
			return nil // pressed twice
		case last != desk.EventAskedAgain || k.State.Ended():
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
