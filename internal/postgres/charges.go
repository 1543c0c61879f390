package postgres

import "guichet/internal/desk"

var chargeColumns = `x.id, x.customer_id, ` + orNobody("x.ticket_id") + `, ` + orNobody("x.entry_id") + `, x.source, x.kind, x.state, x.offer, x.support_type,
	x.bill, x.month, x.text, x.worker, x.done_at, x.reason, ` + orNobody("x.decided_by") + `, x.decided_at, ` + orNobody("x.statement_id") + `, x.created_at`

var chargeRow = `select ` + chargeColumns + `, c.name as customer_name, coalesce(t.number, 0) as ticket_number, coalesce(t.subject, '') as ticket_subject,
	coalesce(p.name, '') as decider_name, ` + blockNames

const chargeJoins = ` join customers c on c.desk_id = @desk and c.id = x.customer_id
	left join tickets t on t.desk_id = @desk and t.id = x.ticket_id
	left join people p on p.desk_id = @desk and p.id = x.decided_by`

// AddCharge stores a charge and tells whether it is new: of one source there is one.
func (t *Tx) AddCharge(c desk.Charge) (bool, error) {
	n, err := t.exec(`insert into charges (desk_id, id, customer_id, ticket_id, entry_id, source, kind, state, offer, support_type, bill, amount, currency,
		month, text, worker, done_at, created_at)
		values (@desk, @id, @customer, @ticket, @entry, @source, @kind, @state, @offer, @type, @bill, @amount::text::numeric, @currency,
		@month, @text, @worker, @done, @created) on conflict (desk_id, source) do nothing`,
		args{"id": c.ID, "customer": c.CustomerID, "ticket": orNull(c.TicketID), "entry": orNull(c.EntryID), "source": c.Source, "kind": c.Kind,
			"state": c.State, "offer": c.Offer, "type": c.SupportType, "bill": c.Bill, "amount": c.Bill.Total.Number(),
			"currency": c.Bill.Total.CurrencyCode(), "month": c.Month, "text": c.Text, "worker": c.Worker, "done": c.DoneAt, "created": c.CreatedAt})
	return n == 1, err
}

// Charges reads one page of charges, the oldest month first, at most
// desk.PageSize, and where the next one starts.
func (t *Tx) Charges(f desk.ChargeFilter) ([]desk.ChargeRow, desk.ChargeCursor, error) {
	w := &where{args: args{"limit": desk.PageSize + 1}}
	w.and(`t.desk_id = @desk`)
	w.eq(`t.state`, "state", f.State)
	if f.Customer != desk.Nobody {
		w.eq(`t.customer_id`, "customer", f.Customer)
	}
	if f.Month != "" {
		w.eq(`t.month`, "month", f.Month)
	}
	if !f.After.Zero() {
		w.and(`(t.month, t.customer_id, t.done_at, t.id) > (@after_month::text, @after_customer, @after_at, @after)`)
		w.args["after_month"], w.args["after_customer"], w.args["after_at"], w.args["after"] = f.After.Month, f.After.Customer, f.After.At, f.After.ID
	}
	rows, err := many[desk.ChargeRow](t, `with x as materialized (select t.* from charges t where `+w.String()+`
		order by t.month, t.customer_id, t.done_at, t.id limit @limit) `+chargeRow+` from x`+chargeJoins+` order by x.month, x.customer_id, x.done_at, x.id`, w.args)
	if err != nil || len(rows) <= desk.PageSize {
		return rows, desk.ChargeCursor{}, err
	}
	rows = rows[:desk.PageSize]
	last := rows[len(rows)-1]
	return rows, desk.ChargeCursor{Month: last.Month, Customer: last.CustomerID, At: last.DoneAt, ID: last.ID}, nil
}

// Charge reads one. Errors: ErrNotFound.
func (t *Tx) Charge(id desk.ID) (desk.ChargeRow, error) {
	return one[desk.ChargeRow](t, chargeRow+` from charges x`+chargeJoins+` where x.desk_id = @desk and x.id = @id`, args{"id": id})
}

// LockCharge reads one that the transaction will change. Errors: ErrNotFound.
func (t *Tx) LockCharge(id desk.ID) (desk.Charge, error) {
	return one[desk.Charge](t, `select `+chargeColumns+` from charges x where x.desk_id = @desk and x.id = @id for update of x`, args{"id": id})
}

// DecideCharge moves a charge from one state to another, and tells whether it
// was there to be moved: another may have decided it, or issued it.
func (t *Tx) DecideCharge(id desk.ID, from, to desk.ChargeState, by desk.ID, reason string) (bool, error) {
	n, err := t.exec(`update charges set state = @to, decided_by = @by, decided_at = @now, reason = case when @reason::text = '' then reason else @reason end
		where desk_id = @desk and id = @id and state = @from and statement_id is null`,
		args{"id": id, "from": from, "to": to, "by": orNull(by), "reason": reason, "now": t.Now})
	return n == 1, err
}

// SaveBill writes an adjusted bill with its reason. Errors: ErrConflict once it
// was waived or issued.
func (t *Tx) SaveBill(c desk.Charge) error {
	n, err := t.exec(`update charges set bill = @bill, amount = @amount::text::numeric, reason = @reason
		where desk_id = @desk and id = @id and state <> 'waived' and statement_id is null`,
		args{"id": c.ID, "bill": c.Bill, "amount": c.Bill.Total.Number(), "reason": c.Reason})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

// RunningAgreements lists the agreements that held on a day between two, with
// users to be paid for, of customers who are served.
func (t *Tx) RunningAgreements(first, last desk.Day) ([]desk.Agreement, error) {
	return many[desk.Agreement](t, `select `+agreementColumns+`
		from agreements g join customers c on c.desk_id = @desk and c.id = g.customer_id and c.active
		where g.desk_id = @desk and g.users > 0 and g.starts <= @last::text::date and (g.ends is null or g.ends >= @first::text::date) order by g.id`,
		args{"first": string(first), "last": string(last)})
}
