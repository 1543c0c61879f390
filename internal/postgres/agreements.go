package postgres

import "guichet/internal/desk"

// AgreementsOf lists what holds for some customers on a day.
func (t *Tx) AgreementsOf(customers []desk.ID, day desk.Day) ([]desk.Agreement, error) {
	return many[desk.Agreement](t, `select id, customer_id, name, support_type, services, users, starts::text as starts, ends::text as ends, created_at
		from agreements where desk_id = @desk and customer_id = any(@customers) and starts <= @day::text::date and (ends is null or ends >= @day::text::date)
		order by customer_id, starts desc, id`, args{"customers": customers, "day": string(day)})
}

// HoldCustomer keeps others from agreeing on anything with a customer until the
// transaction ends. Errors: ErrNotFound.
func (t *Tx) HoldCustomer(id desk.ID) error {
	n, err := t.exec(`select from customers where desk_id = @desk and id = @id for update`, args{"id": id})
	return found(n, err)
}
