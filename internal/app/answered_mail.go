package app

import (
	"context"
	"errors"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/inbound"
	"guichet/internal/postgres"
)

// answeredTicket is the ticket that a mail is about, as a signature of ours says.
type answeredTicket struct {
	ticket desk.Ticket
	forIDs []desk.ID // of its sender's persons and the ticket's people those that what we signed was made for
}

// tags are what a mail says of a ticket: addresses first, those of its envelope before
// those that its header names, then the letters that it answers, the newest first.
// Each must still prove that we made it.
func (a *App) tags(m *inMail) (list []ticketTag) {
	addresses := slices.Clone(m.Recipients)
	addresses = append(addresses, m.read.Delivered...)
	for _, x := range [][]inbound.Address{m.read.To, m.read.Cc} {
		for _, to := range x {
			addresses = append(addresses, to.Email)
		}
	}
	for _, address := range addresses {
		if t, ok := readTicketAddress(address); ok {
			list = append(list, t)
		}
	}
	letters := slices.Clone(m.read.References)
	slices.Reverse(letters)
	for _, id := range append(slices.Clone(m.read.InReplyTo), letters...) {
		if t, ok := readLetterName(id, a.mail.Host()); ok {
			list = append(list, t)
		}
	}
	list = slices.DeleteFunc(list, func(t ticketTag) bool { return t.desk != m.desk.ID })
	return list[:min(len(list), mostTags)]
}

// mostTags bounds what one mail has us prove.
const mostTags = 10

// ticketOf finds the ticket that a mail answers: by what we signed, and nothing else.
// A number in its subject, or a Message-ID that anybody could write, says nothing.
func (a *App) ticketOf(ctx context.Context, m *inMail, senders []desk.Actor) (found answeredTicket, ok bool, err error) {
	tags := a.tags(m)
	if len(tags) == 0 {
		return found, false, nil
	}
	err = a.db.View(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error {
		for _, t := range tags {
			k, err := tx.Ticket(t.number, desk.Person{Role: desk.Agent})
			if errors.Is(err, desk.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			people, err := tx.Audience(k)
			if err != nil {
				return err
			}
			for _, s := range senders {
				people = append(people, s.Person)
			}
			for _, p := range people {
				if a.secrets.madeFor(t, p.ID) {
					found.ticket, found.forIDs, ok = k, append(found.forIDs, p.ID), true
				}
			}
			if ok {
				return nil
			}
		}
		return nil
	})
	return found, ok, err
}

// takeReply writes what a party of a ticket answered; anybody else's mail is a new one,
// or waits.
func (a *App) takeReply(ctx context.Context, m *inMail, senders []desk.Actor, t answeredTicket) error {
	m.Number = t.ticket.Number
	parties, why, err := a.parties(ctx, m, senders, t)
	if err != nil {
		return err
	}
	switch {
	case len(parties) == 1:
		if many, err := a.flood(ctx, m, mostReplies); many || err != nil {
			return err
		}
		return a.writeMailed(ctx, m, parties[0], t.ticket.Number)
	case len(parties) > 1:
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailShared)
	case why != "":
		return a.settleMail(ctx, m, desk.MailQuarantined, why)
	}
	if err := a.tellRefused(ctx, m, t.ticket); err != nil {
		return err
	}
	if len(senders) == 0 {
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailNoParty)
	}
	return a.takeNew(ctx, m, senders)
}

// parties are those of a mail's senders who may write on the ticket: whom its page
// would let. One of the desk needs an address that was made for him, and no check that
// failed, since he speaks in the desk's name.
func (a *App) parties(ctx context.Context, m *inMail, senders []desk.Actor, t answeredTicket) (list []desk.Actor, why desk.MailReason, err error) {
	for _, who := range senders {
		mine := slices.Contains(t.forIDs, who.Person.ID)
		if who.DeskSide() && m.Vouched.Sender() == desk.SenderFailed {
			why = desk.MailForged
			continue
		}
		if who.DeskSide() && !mine {
			why = desk.MailNotYours
			continue
		}
		if err := who.May(desk.WriteMessage); err != nil {
			why = desk.MailOff
			continue
		}
		err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
			_, err := tx.Ticket(t.ticket.Number, who.Person)
			return err
		})
		if errors.Is(err, desk.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		if mine { // whose letter it answers, of all who share the address
			return []desk.Actor{who}, "", nil
		}
		list = append(list, who)
	}
	return list, why, nil
}

func (a *App) tellRefused(ctx context.Context, m *inMail, k desk.Ticket) error {
	return a.tellMail(ctx, m, k.Number, desk.EventMailRefused, map[string]string{"from": m.FromEmail})
}

// tellMail notes for the desk what a mail did beside a ticket.
func (a *App) tellMail(ctx context.Context, m *inMail, number int64, kind desk.EventKind, data map[string]string) error {
	return a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error {
		k, err := tx.Ticket(number, desk.Person{Role: desk.Agent})
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		if err == nil {
			tx.AddEvent(desk.NewEvent(k, m.PersonID, kind, data, tx.Now))
		}
		return err
	})
}

// takeAutoReply notes on its ticket that somebody is away, and answers nobody.
func (a *App) takeAutoReply(ctx context.Context, m *inMail) error {
	senders, err := a.senders(ctx, m.desk, m.FromEmail)
	if err != nil {
		return err
	}
	t, ok, err := a.ticketOf(ctx, m, senders)
	if err != nil {
		return err
	}
	if ok {
		m.Number = t.ticket.Number
		if err := a.tellMail(ctx, m, m.Number, desk.EventMailAuto, map[string]string{"from": m.FromEmail, "subject": m.Subject}); err != nil {
			return err
		}
	}
	return a.settleMail(ctx, m, desk.MailIgnored, desk.MailAutoReply)
}
