package postgres

import (
	"guichet/internal/desk"
	"guichet/internal/pricing"
)

const statementRow = `select s.id, s.customer_id, s.month, s.seq, s.content, coalesce(p.name, '') as issuer_name, s.issued_at
	from statements s left join people p on p.desk_id = @desk and p.id = s.person_id where s.desk_id = @desk`

// TakeStatementNumber spends the next number of a month; another who issues
// that month waits until this transaction ends.
func (t *Tx) TakeStatementNumber(m desk.Month) (int, error) {
	return scalar[int](t, `insert into statement_numbers (desk_id, month, last) values (@desk, @month, 1)
		on conflict (desk_id, month) do update set last = statement_numbers.last + 1 returning last`, args{"month": m})
}

// AddStatement stores a statement without its lines. Errors: ErrConflict for a
// customer who has one of that month.
func (t *Tx) AddStatement(s desk.Statement, by desk.ID) error {
	_, err := t.exec(`insert into statements (desk_id, id, customer_id, month, seq, person_id, issued_at)
		values (@desk, @id, @customer, @month, @seq, @person, @now)`,
		args{"id": s.ID, "customer": s.CustomerID, "month": s.Month, "seq": s.Seq, "person": by, "now": t.Now})
	return err
}

// IssueCharges puts all that is approved, up to the statement's month, onto it.
func (t *Tx) IssueCharges(s desk.Statement) error {
	_, err := t.exec(`update charges set statement_id = @id where desk_id = @desk and customer_id = @customer and state = 'approved'
		and statement_id is null and month <= @month::text`, args{"id": s.ID, "customer": s.CustomerID, "month": s.Month})
	return err
}

// SaveStatement writes what a statement says beside its lines. Errors: ErrNotFound.
func (t *Tx) SaveStatement(s desk.Statement) error {
	n, err := t.exec(`update statements set content = @content where desk_id = @desk and id = @id`, args{"id": s.ID, "content": s.Content})
	return found(n, err)
}

// Statement reads one. Errors: ErrNotFound.
func (t *Tx) Statement(id desk.ID) (desk.Statement, error) {
	return one[desk.Statement](t, statementRow+` and s.id = @id`, args{"id": id})
}

// StatementOf reads a customer's of a month. Errors: ErrNotFound.
func (t *Tx) StatementOf(customer desk.ID, m desk.Month) (desk.Statement, error) {
	return one[desk.Statement](t, statementRow+` and s.customer_id = @customer and s.month = @month`, args{"customer": customer, "month": m})
}

// StatementLines reads the charges that stand on a statement, as the work was done.
func (t *Tx) StatementLines(id desk.ID) ([]desk.ChargeRow, error) {
	return many[desk.ChargeRow](t, chargeRow+` from charges x`+chargeJoins+` where x.desk_id = @desk and x.statement_id = @id order by x.done_at, x.id`, args{"id": id})
}

// mostStatements is how many a list shows: ten years of a customer, or a month
// of a large desk.
const mostStatements = 500

// StatementsOfMonth lists a desk's, by number.
func (t *Tx) StatementsOfMonth(m desk.Month) ([]desk.Statement, error) {
	return many[desk.Statement](t, statementRow+` and s.month = @month order by s.seq limit @most`, args{"month": m, "most": mostStatements})
}

// StatementsOfCustomer lists a customer's, the newest first.
func (t *Tx) StatementsOfCustomer(customer desk.ID) ([]desk.Statement, error) {
	return many[desk.Statement](t, statementRow+` and s.customer_id = @customer order by s.month desc limit @most`, args{"customer": customer, "most": mostStatements})
}

type openSum struct {
	CustomerID desk.ID
	Name       string
	Currency   string
	Approved   string
	Ready      bool
	Proposed   bool
}

// OpenAccounts lists the customers with charges up to a month that stand on no
// statement yet, by name.
func (t *Tx) OpenAccounts(m desk.Month) ([]desk.OpenAccount, error) {
	sums, err := many[openSum](t, `select x.customer_id, c.name, x.currency, coalesce(sum(x.amount) filter (where x.state = 'approved'), 0)::text as approved,
		bool_or(x.state = 'approved') as ready, bool_or(x.state = 'proposed') as proposed
		from charges x join customers c on c.desk_id = @desk and c.id = x.customer_id
		where x.desk_id = @desk and x.statement_id is null and x.state <> 'waived' and x.month <= @month::text
		group by x.customer_id, c.name, x.currency order by lower(c.name), x.customer_id, x.currency limit @most`, args{"month": m, "most": mostStatements})
	var list []desk.OpenAccount
	for _, s := range sums {
		if n := len(list); n == 0 || list[n-1].CustomerID != s.CustomerID {
			list = append(list, desk.OpenAccount{CustomerID: s.CustomerID, Name: s.Name})
		}
		a := &list[len(list)-1]
		a.Ready, a.Proposed = a.Ready || s.Ready, a.Proposed || s.Proposed
		if !s.Ready || s.Currency == "" { // what is priced in nothing costs nothing
			continue
		}
		amount, err := pricing.Parse(s.Approved, s.Currency)
		if err != nil {
			return nil, err
		}
		a.Approved = append(a.Approved, desk.Total{Number: amount.Round().Number(), Currency: s.Currency})
	}
	return list, err
}
