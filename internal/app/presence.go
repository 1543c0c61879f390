package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// BeAt says what somebody of the desk does at a ticket, for a while; "" only asks.
// It lists who else is there, of those whom he may know. Errors: ErrNotFound;
// Invalid on "doing".
func (a *App) BeAt(ctx context.Context, who desk.Actor, number int64, doing desk.Doing) ([]desk.Companion, error) {
	if err := who.May(desk.WriteNote); err != nil {
		return nil, err
	}
	if doing != "" && doing != desk.Viewing && doing != desk.Writing && doing != desk.Gone {
		return nil, desk.NewInvalid("doing", "error.choose")
	}
	var k desk.Ticket
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		k, err = tx.Ticket(number, who.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	if doing != "" {
		a.db.Tell(desk.Tidings{Desk: who.Desk.ID, Here: []desk.Presence{{Ticket: k.ID, Person: who.Person.ID, Doing: doing}}})
	}
	return a.companions(ctx, who, k.ID)
}

func (a *App) companions(ctx context.Context, who desk.Actor, ticket desk.ID) (list []desk.Companion, err error) {
	at := a.live.hub.At(who.Desk.ID, ticket)
	if len(at) == 0 {
		return nil, nil
	}
	people, err := a.Agents(ctx, who)
	for _, p := range at {
		for _, person := range people {
			if person.ID == p.Person && person.ID != who.Person.ID {
				list = append(list, desk.Companion{Person: person, Doing: p.Doing})
			}
		}
	}
	return list, err
}
