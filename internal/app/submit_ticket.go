package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// SubmitTicket opens a ticket, triaged within the same transaction, and
// acknowledges it. A desk's person names the customer's person he writes for; a
// customer's person writes for himself. The same form sent twice gives the same
// number. Errors: Invalid.
func (a *App) SubmitTicket(ctx context.Context, who desk.Actor, s desk.Submission, requester desk.ID) (int64, error) {
	if err := who.May(desk.SubmitTicket); err != nil {
		return 0, err
	}
	open, err := a.openIssues(ctx, who.Desk.ID)
	if err != nil {
		return 0, err
	}
	open = worthComparing(open, s.Service, s.Subject+" "+s.Body)
	if s.Incident != 0 { // that decides of the ticket
		open = nil
	}
	var number int64
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		from, err := a.requester(tx, who, requester)
		if err != nil {
			return err
		}
		number, err = a.submit(tx, who, s, from, open)
		return err
	})
	if s.Key != desk.Nobody && errors.Is(err, desk.ErrConflict) {
		return a.alreadySubmitted(ctx, who, s.Key)
	}
	if err == nil {
		a.watchSoon(ctx, who.Desk)
	}
	return number, err
}

func (a *App) requester(tx *postgres.Tx, who desk.Actor, requester desk.ID) (desk.Person, error) {
	if !who.DeskSide() {
		return who.Person, nil
	}
	return chosen(tx, requester, "requester", func(p desk.Person) bool { return p.CustomerID != desk.Nobody })
}

func (a *App) submit(tx *postgres.Tx, who desk.Actor, s desk.Submission, from desk.Person, open []readIssue) (int64, error) {
	if s.Language == "" {
		s.Language = desk.Actor{Desk: who.Desk, Person: from}.Language()
	}
	order, err := readOrder(&s, who, tx.Now)
	if err != nil {
		return 0, err
	}
	k, m, err := desk.NewTicket(s, from.CustomerID, from.ID, tx.Now)
	if err != nil {
		return 0, err
	}
	if err := who.Given(k); err != nil {
		return 0, err
	}
	m.AuthorID = who.Person.ID // the desk's person who took the call, or the customer himself
	facts, err := tx.NewTicketFacts(k.Service, k.CustomerID, pointedAt(open, s.Issue)...)
	if err != nil {
		return 0, err
	}
	k.Number = facts.Number
	bonds, err := a.matchNew(tx, who, k, s, m.Body, facts, open)
	if err != nil {
		return 0, err
	}
	verdict, err := a.triage(tx, postgres.Material{TriageFacts: facts.TriageFacts, Words: m.Body, Issues: bonds}, k)
	if err != nil {
		return 0, err
	}
	o, err := a.offerAt(tx, who.Desk, facts.Offer)
	if err != nil {
		return 0, err
	}
	l, _ := levelFor(o, facts.Agreements, who.Desk, k.Service, tx.Now)
	accepted, err := a.accept(tx, who, l, k, s.Accepted, s.Agreed)
	if err != nil {
		return 0, err
	}
	k.Begin(l, tx.Now)
	d := desk.Decided(k, verdict, tx.Now)
	k.Decide(d)
	effects := k.TakeEffects(rules.Effects{}, verdict.Effects, false)
	if err := a.addTicket(tx, who, k, m, s.Files); err != nil {
		return 0, err
	}
	if accepted != nil {
		tx.AddAcceptance(*accepted)
	}
	tx.AddDecision(d)
	tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventDecided, map[string]string{"rule": verdict.Rule, "outcome": string(d.Outcome), "category": string(d.Category)}, tx.Now))
	tellEffects(tx, k, verdict, effects)
	tellLinks(tx, k, bonds)
	if err := a.joinNew(tx, who, k, s.Incident); err != nil {
		return 0, err
	}
	if err := a.placeOrder(tx, who, k, m, from, order); err != nil {
		return 0, err
	}
	return k.Number, a.notify(tx, k, from, NoticeReceived, m.ID)
}

// addTicket writes a new ticket with its first message and the files sent with it;
// what was kept of the form meanwhile goes.
func (a *App) addTicket(tx *postgres.Tx, who desk.Actor, k desk.Ticket, m desk.Message, files []desk.ID) error {
	tx.AddTicket(k)
	tx.AddMessage(m)
	tx.DropDraft(draftOf(who, k), who.Person.ID)
	return a.attachFiles(tx, who, files, func(f desk.Attachment) desk.Attachment { return f.With(m) })
}

// draftOf is what the form of a new ticket was kept under.
func draftOf(who desk.Actor, k desk.Ticket) string {
	if who.DeskSide() {
		return desk.DraftOfTicket(k.CustomerID)
	}
	return desk.DraftOfTicket(desk.Nobody)
}

// pointedAt names the issues that a new ticket may be about, with the one that its
// customer pointed at.
func pointedAt(open []readIssue, pointed desk.ID) []desk.ID {
	ids := idsOf(open)
	if pointed != desk.Nobody {
		ids = append(ids, pointed)
	}
	return ids
}

func (a *App) alreadySubmitted(ctx context.Context, who desk.Actor, key desk.ID) (int64, error) {
	var number int64
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		number, err = tx.TicketByKey(who.Person.ID, key)
		return err
	})
	return number, err
}
