package postgres

import (
	"context"

	"guichet/internal/desk"
)

// Sights reads as much of tickets as tells who may see them.
func (t *Tx) Sights(tickets []desk.ID) ([]desk.Sight, error) {
	return many[desk.Sight](t, `select t.id, t.customer_id, t.requester_id, t.number, t.service,
			array(select f.person_id from followers f where f.desk_id = @desk and f.ticket_id = t.id) as followers
		from tickets t where t.desk_id = @desk and t.id = any (@tickets::uuid[])`, args{"tickets": append([]desk.ID{}, tickets...)})
}

// SessionOpen tells whether a session, by its stored name, has not ended.
func (db *DB) SessionOpen(ctx context.Context, name string) (open bool, err error) {
	err = db.pool.QueryRow(ctx, `select exists (select from sessions where token = $1 and expires_at > now())`, name).Scan(&open)
	return open, err
}
