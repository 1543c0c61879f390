package postgres

import "guichet/internal/desk"

var orderOf = `select o.ticket_id, o.customer_id, o.action, o.product, o.seats, o.wished_on, o.commitment, o.approval,
		` + orNobody("o.approver_id") + `, o.decided_at, o.reason, coalesce(p.name, '') as approver_name
	from subscription_orders o left join people p on p.desk_id = @desk and p.id = o.approver_id
	where o.desk_id = @desk and o.ticket_id = @ticket`

// managersOf are the active people of a customer who may approve its orders.
const managersOf = `select ` + personColumns + ` from people p where p.desk_id = @desk and p.customer_id = @customer and p.role = 'manager' and p.active order by p.name, p.id limit 50`

// AddOrder stores what a new ticket orders.
func (t *Tx) AddOrder(o desk.Order) {
	t.write(`insert into subscription_orders (desk_id, ticket_id, customer_id, action, product, seats, wished_on, commitment, approval)
		values (@desk, @ticket, @customer, @action, @product, @seats, @wished, @commitment, @approval)`,
		args{"ticket": o.TicketID, "customer": o.CustomerID, "action": o.Action, "product": o.Product, "seats": o.Seats,
			"wished": o.WishedOn, "commitment": o.Commitment, "approval": o.Approval})
}

// Order reads what a ticket orders. Errors: ErrNotFound.
func (t *Tx) Order(ticket desk.ID) (desk.PlacedOrder, error) {
	return one[desk.PlacedOrder](t, orderOf, args{"ticket": ticket})
}

// DecideOrder writes what a manager decided of an order that still waited.
// Errors: ErrConflict when it did not.
func (t *Tx) DecideOrder(o desk.Order) error {
	n, err := t.exec(`update subscription_orders set approval = @approval, approver_id = @approver, decided_at = @decided, reason = @reason
		where desk_id = @desk and ticket_id = @ticket and approval = 'waiting'`,
		args{"ticket": o.TicketID, "approval": o.Approval, "approver": orNull(o.ApproverID), "decided": o.DecidedAt, "reason": o.Reason})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

// Managers lists who may approve a customer's orders, by name.
func (t *Tx) Managers(customer desk.ID) ([]desk.Person, error) {
	return many[desk.Person](t, managersOf, args{"customer": customer})
}
