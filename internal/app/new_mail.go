package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// takeNew opens a ticket with a mail that answers nothing: as its sender's own form
// would, with the same triage.
func (a *App) takeNew(ctx context.Context, m *inMail, senders []desk.Actor) error {
	if many, err := a.flood(ctx, m, mostTickets); many || err != nil {
		return err
	}
	var own, customers []desk.Actor
	for _, who := range senders {
		if who.DeskSide() {
			own = append(own, who)
		} else {
			customers = append(customers, who)
		}
	}
	switch {
	case len(customers) == 1:
		return a.openMailed(ctx, m, customers[0], customers[0])
	case len(customers) > 1:
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailShared)
	case len(own) > 0:
		return a.takeForward(ctx, m, own)
	}
	return a.takeNewcomer(ctx, m)
}

// openMailed opens a ticket, by the verb that the page calls. by is who mailed it: the
// customer's person, or one of the desk who hands on what that person wrote.
func (a *App) openMailed(ctx context.Context, m *inMail, by, requester desk.Actor) error {
	p := a.printer(requester)
	return a.asMessage(ctx, m, by, func(files []desk.ID) error {
		s := desk.Submission{Kind: "problem", Subject: mailedSubject(m, p), Body: mailedText(m, p), Files: files, Key: m.ID}
		if s.Body == "" {
			s.Body = s.Subject
		}
		_, err := a.SubmitTicket(ctx, by, s, requester.Person.ID)
		return err
	})
}

// takeForward opens a ticket for the customer's person whose mail one of the desk hands
// on. It needs a sender who is vouched for: the mail carries no signature of ours.
func (a *App) takeForward(ctx context.Context, m *inMail, own []desk.Actor) error {
	from := m.read.ForwardedFrom
	if from == nil || m.Vouched.Sender() != desk.SenderVerified {
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailAgentsOwn)
	}
	first, err := a.senders(ctx, m.desk, from.Email)
	if err != nil {
		return err
	}
	first = slices.DeleteFunc(first, desk.Actor.DeskSide)
	if len(first) != 1 || len(own) != 1 {
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailAgentsOwn)
	}
	return a.openMailed(ctx, m, own[0], first[0])
}

// takeNewcomer opens a ticket for somebody whom nobody knows, if his domain is one
// customer's, that customer's door is open, and the domain vouches for him: then he is
// a contact, as he would be at his first sign-in.
func (a *App) takeNewcomer(ctx context.Context, m *inMail) error {
	var list []desk.Customer
	var s desk.MailSettings
	err := a.db.View(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) (err error) {
		if list, err = tx.CustomersByDomain(desk.DomainOf(m.FromEmail)); err != nil {
			return err
		}
		s, err = tx.MailSettings()
		return err
	})
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	switch {
	case len(list) == 0 && s.Unknown == desk.UnknownIgnored:
		return a.settleMail(ctx, m, desk.MailIgnored, desk.MailUnknown)
	case len(list) == 0:
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailStranger)
	case len(list) > 1:
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailShared)
	case !list[0].OpenDoor:
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailClosedDoor)
	case m.Vouched.Sender() != desk.SenderVerified:
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailUnverified)
	}
	who, err := a.newcomerByMail(ctx, m, list[0])
	var invalid desk.Invalid
	if errors.As(err, &invalid) { // switched off, or no address that we take
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailClosedDoor)
	}
	if err != nil {
		return err
	}
	return a.openMailed(ctx, m, who, who)
}

func (a *App) newcomerByMail(ctx context.Context, m *inMail, c desk.Customer) (desk.Actor, error) {
	name := cutRunes(strings.Join(strings.Fields(m.FromName), " "), 80)
	if name == "" {
		name, _, _ = strings.Cut(m.FromEmail, "@")
	}
	p, err := desk.NewPerson(desk.PersonSettings{Name: cutRunes(name, 80), Email: m.FromEmail, Role: desk.Contact, CustomerID: c.ID})
	if err != nil {
		return desk.Actor{}, err
	}
	err = a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error { return tx.AddPerson(p) })
	if err != nil {
		return desk.Actor{}, err
	}
	return a.Actor(ctx, m.desk, p.ID, "")
}
