package postgres

import "guichet/internal/desk"

// LastAsked is the newest of desk.AskingEvents on a ticket's timeline, "" when
// there is none.
func (t *Tx) LastAsked(ticket desk.ID) (desk.EventKind, error) {
	list, err := scalars[desk.EventKind](t, `select kind from events where desk_id = @desk and ticket_id = @ticket and kind = any (@kinds::text[])
		order by created_at desc, id desc limit 1`, args{"ticket": ticket, "kinds": desk.AskingEvents})
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}
