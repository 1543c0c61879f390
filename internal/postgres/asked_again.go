package postgres

import "guichet/internal/desk"

// AskedAgain tells whether a ticket's customer was asked whether it works again
// and has not answered.
func (t *Tx) AskedAgain(ticket desk.ID) (bool, error) {
	list, err := scalars[desk.EventKind](t, `select kind from events where desk_id = @desk and ticket_id = @ticket and kind = any (@kinds::text[])
		order by created_at desc, id desc limit 1`, args{"ticket": ticket, "kinds": desk.AskingEvents})
	return len(list) == 1 && list[0] == desk.EventAskedAgain, err
}
