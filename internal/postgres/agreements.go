package postgres

import "guichet/internal/desk"

const agreementColumns = `g.id, g.customer_id, g.name, g.support_type, g.services, g.users, g.starts::text as starts, g.ends::text as ends, g.created_at`

// AgreementsOf lists what holds for some customers on a day.
func (t *Tx) AgreementsOf(customers []desk.ID, day desk.Day) ([]desk.Agreement, error) {
	return many[desk.Agreement](t, `select `+agreementColumns+`
		from agreements g where g.desk_id = @desk and g.customer_id = any(@customers) and g.starts <= @day::text::date and (g.ends is null or g.ends >= @day::text::date)
		order by g.customer_id, g.starts desc, g.id`, args{"customers": customers, "day": string(day)})
}

// HoldCustomer keeps others from agreeing on anything with a customer until the
// transaction ends. Errors: ErrNotFound.
func (t *Tx) HoldCustomer(id desk.ID) error {
	n, err := t.exec(`select from customers where desk_id = @desk and id = @id for update`, args{"id": id})
	return found(n, err)
}
