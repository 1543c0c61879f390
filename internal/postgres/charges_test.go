package postgres_test

import (
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/pricing"
)

// account is what a company owes: work on its ticket that drew on a block, its
// proposed charge, and one that stands on a statement.
type account struct {
	block     desk.Block
	entry     desk.TimeEntry
	proposed  desk.Charge
	issued    desk.Charge
	statement desk.Statement
}

const accountMonth desk.Month = "2026-02"

func (w *world) account(t *testing.T, p partner, c company) account {
	t.Helper()
	now := time.Now().Truncate(time.Microsecond)
	a := account{block: desk.Block{ID: desk.NewID(), CustomerID: c.ID, Name: "Ten hours", Minutes: 600, Currency: "EUR", Starts: "2026-01-01"},
		entry: desk.TimeEntry{ID: desk.NewID(), TicketID: c.ticket.ID, CustomerID: c.ID, PersonID: p.agent.ID, Text: "a secret text", Billable: true,
			BeganAt: now.Add(-time.Hour), EndedAt: now, Key: desk.NewID(), CreatedAt: now},
		statement: desk.Statement{ID: desk.NewID(), CustomerID: c.ID, Month: accountMonth}}
	a.proposed = made(desk.ManualCharge(desk.Extra{Customer: c.ID, Month: string(accountMonth), Text: "Work", Amount: "90"}, "EUR", time.UTC, now))
	a.proposed.Source, a.proposed.Kind, a.proposed.TicketID, a.proposed.EntryID = "time/"+a.entry.ID.String(), desk.ForTime, c.ticket.ID, a.entry.ID
	a.issued = made(desk.ManualCharge(desk.Extra{Customer: c.ID, Month: string(accountMonth), Text: "Issued", Amount: "10"}, "EUR", time.UTC, now))
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		_, timerErr := tx.StartTimer(p.agent.ID, c.ticket.ID)
		err := errors.Join(timerErr, tx.AddBlock(a.block), tx.AddTimeEntry(a.entry), tx.Draw(a.entry.ID, []pricing.Drawn{{ID: a.block.ID.String(), Minutes: 60}}))
		for _, charge := range []desk.Charge{a.proposed, a.issued} {
			_, addErr := tx.AddCharge(charge)
			err = errors.Join(err, addErr)
		}
		_, decideErr := tx.DecideCharge(a.issued.ID, desk.Proposed, desk.Approved, p.admin.ID, "")
		seq, numberErr := tx.TakeStatementNumber(accountMonth)
		a.statement.Seq = seq
		return errors.Join(err, decideErr, numberErr, tx.AddStatement(a.statement, p.admin.ID), tx.IssueCharges(a.statement), tx.SaveStatement(a.statement))
	})
	return a
}

func init() {
	maps.Copy(attempts, map[string]attempt{
		"TicketTime": reads(func(tx *postgres.Tx, i intruder) (desk.TicketTime, error) {
			return tx.TicketTime(i.theirs.ticket, i.desk.agent.ID)
		}),
		"Timer": finds(func(tx *postgres.Tx, i intruder) (desk.Timer, error) { return tx.Timer(i.desk.agent.ID) }),
		"StartTimer": writes(func(tx *postgres.Tx, i intruder) error {
			_, err := tx.StartTimer(i.who.ID, desk.NewID()) // a ticket of one's own desk cannot be told from this
			if err == nil {
				_, err = tx.StartTimer(i.desk.admin.ID, i.theirs.ticket.ID)
			}
			return err
		}),
		"DropTimer": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			timer, _ := tx.Timer(i.desk.agent.ID)
			dropped, err := tx.DropTimer(i.desk.agent.ID, timer.StartedAt)
			return count(dropped), err
		}),
		"OfferBefore": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			n, err := tx.OfferBefore(tx.Now.Add(time.Hour))
			return n - i.at.revision, err // his own desk's
		}),
		"AddTimeEntry": writes(func(tx *postgres.Tx, i intruder) error {
			e := i.theirs.account.entry
			e.ID, e.Key = desk.NewID(), desk.Nobody
			return tx.AddTimeEntry(e)
		}),
		"TimeLogged": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			logged, err := tx.TimeLogged(i.desk.agent.ID, i.theirs.account.entry.Key)
			return count(logged && i.desk.agent.ID != i.at.agent.ID), err
		}),
		"TimeEntry": finds(func(tx *postgres.Tx, i intruder) (desk.TimeEntry, error) {
			return tx.TimeEntry(i.theirs.ticket.ID, i.theirs.account.entry.ID)
		}),
		"SaveTimeEntry":   writes(func(tx *postgres.Tx, i intruder) error { return tx.SaveTimeEntry(i.theirs.account.entry) }),
		"RemoveTimeEntry": writes(func(tx *postgres.Tx, i intruder) error { return tx.RemoveTimeEntry(i.theirs.account.entry.ID) }),
		"TakeBackCharge":  writes(func(tx *postgres.Tx, i intruder) error { return gone(tx.TakeBackCharge(i.theirs.account.entry.ID)) }),
		"LockBlocks":      reads(func(tx *postgres.Tx, i intruder) ([]desk.Block, error) { return tx.LockBlocks(i.theirs.ID) }),
		"Draw": writes(func(tx *postgres.Tx, i intruder) error {
			return gone(tx.Draw(i.theirs.account.entry.ID, []pricing.Drawn{{ID: i.theirs.account.block.ID.String(), Minutes: 1}}))
		}),
		"GiveBack": reads(func(tx *postgres.Tx, i intruder) (int, error) { return 0, tx.GiveBack(i.theirs.account.entry.ID) }),
		"Blocks":   reads(func(tx *postgres.Tx, i intruder) ([]desk.Block, error) { return tx.Blocks(i.theirs.ID) }),
		"Block": finds(func(tx *postgres.Tx, i intruder) (desk.Block, error) {
			return tx.Block(i.theirs.ID, i.theirs.account.block.ID)
		}),
		"AddBlock": writes(func(tx *postgres.Tx, i intruder) error {
			b := i.theirs.account.block
			b.ID = desk.NewID()
			return tx.AddBlock(b)
		}),
		"SaveBlock": writes(func(tx *postgres.Tx, i intruder) error { return tx.SaveBlock(i.theirs.account.block) }),
		"AddCharge": writes(func(tx *postgres.Tx, i intruder) error {
			c := i.theirs.account.proposed
			c.ID, c.Source, c.EntryID = desk.NewID(), "manual/x", desk.Nobody
			_, err := tx.AddCharge(c)
			return err
		}),
		"Charges": reads(func(tx *postgres.Tx, i intruder) ([]desk.ChargeRow, error) {
			rows, _, err := tx.Charges(desk.ChargeFilter{State: desk.Proposed})
			more, _, err2 := tx.Charges(desk.ChargeFilter{State: desk.Approved, Customer: i.theirs.ID, Month: accountMonth})
			return append(rows, more...), errors.Join(err, err2)
		}),
		"Charge": finds(func(tx *postgres.Tx, i intruder) (desk.ChargeRow, error) {
			return tx.Charge(i.theirs.account.issued.ID)
		}),
		"LockCharge": finds(func(tx *postgres.Tx, i intruder) (desk.Charge, error) {
			return tx.LockCharge(i.theirs.account.proposed.ID)
		}),
		"DecideCharge": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			done, err := tx.DecideCharge(i.theirs.account.proposed.ID, desk.Proposed, desk.Approved, i.who.ID, "r")
			return count(done), err
		}),
		"SaveBill": writes(func(tx *postgres.Tx, i intruder) error { return gone(tx.SaveBill(i.theirs.account.proposed)) }),
		"RunningAgreements": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Agreement, error) {
			return tx.RunningAgreements("2026-01-01", "2026-12-31")
		}),
		"AddStatement": writes(func(tx *postgres.Tx, i intruder) error {
			s := i.theirs.account.statement
			s.ID, s.Month = desk.NewID(), "2026-03"
			return tx.AddStatement(s, i.desk.admin.ID)
		}),
		"IssueCharges": reads(func(tx *postgres.Tx, i intruder) (int, error) { return 0, tx.IssueCharges(i.theirs.account.statement) }),
		"SaveStatement": writes(func(tx *postgres.Tx, i intruder) error {
			s := i.theirs.account.statement
			s.Content.Customer = "Taken over"
			return tx.SaveStatement(s)
		}),
		"Statement": finds(func(tx *postgres.Tx, i intruder) (desk.Statement, error) {
			return tx.Statement(i.theirs.account.statement.ID)
		}),
		"StatementOf": finds(func(tx *postgres.Tx, i intruder) (desk.Statement, error) {
			return tx.StatementOf(i.theirs.ID, accountMonth)
		}),
		"StatementLines": reads(func(tx *postgres.Tx, i intruder) ([]desk.ChargeRow, error) {
			return tx.StatementLines(i.theirs.account.statement.ID)
		}),
		"StatementsOfMonth": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Statement, error) { return tx.StatementsOfMonth(accountMonth) }),
		"StatementsOfCustomer": reads(func(tx *postgres.Tx, i intruder) ([]desk.Statement, error) {
			return tx.StatementsOfCustomer(i.theirs.ID)
		}),
		"OpenAccounts": reads(func(tx *postgres.Tx, _ intruder) ([]desk.OpenAccount, error) { return tx.OpenAccounts("2026-12") }),
	})
	harmless["TakeStatementNumber"] = "a number is the scope's own"
}

// A customer reads what was issued to him and nothing that is still discussed,
// whoever of his company asks.
func TestCustomersReadWhatWasIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
		if _, err := tx.Charge(own.account.proposed.ID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a proposed charge: %v", err)
		}
		lines, err := tx.StatementLines(own.account.statement.ID)
		if err != nil || len(lines) != 1 || lines[0].Bill.Total.Number() != "10.00" {
			t.Errorf("lines %+v (%v)", lines, err)
		}
		tt, err := tx.TicketTime(own.ticket, w.one.agent.ID)
		if err != nil || len(tt.Logged) != 0 || tt.Timer != nil || len(tt.Blocks) != 1 || tt.Blocks[0].Used != 60 {
			t.Errorf("time %+v (%v)", tt, err)
		}
		return nil
	})
	for what, f := range map[string]func(*postgres.Tx) error{
		"his own block": func(tx *postgres.Tx) error { return tx.SaveBlock(own.account.block) },
		"a charge to himself": func(tx *postgres.Tx) error {
			c := own.account.proposed
			c.ID, c.Source, c.EntryID = desk.NewID(), "manual/y", desk.Nobody
			_, err := tx.AddCharge(c)
			return err
		},
		"his statement": func(tx *postgres.Tx) error { return tx.SaveStatement(own.account.statement) },
	} {
		if err := w.db.Update(t.Context(), w.one.scopeOf(own), f); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a customer writes %s: %v", what, err)
		}
	}
}

// Many draw at once on one block: never more than it holds, and the minutes that
// were drawn are those that are missing.
func TestManyDrawFromOneBlock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.first
	var drawn, refused int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			e := c.account.entry
			e.ID, e.Key = desk.NewID(), desk.Nobody
			err := w.db.Update(bg, w.one.scope(), func(tx *postgres.Tx) error {
				if err := tx.AddTimeEntry(e); err != nil {
					return err
				}
				return tx.Draw(e.ID, []pricing.Drawn{{ID: c.account.block.ID.String(), Minutes: 25}})
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				drawn += 25
			case errors.Is(err, desk.ErrConflict):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		b, err := tx.Block(c.ID, c.account.block.ID)
		sum := counted(t, tx, "(select sum(minutes)::int as n from draws where block_id = '"+b.ID.String()+"') s", "true")
		if err != nil || drawn != 525 || refused != 19 || b.Used != 60+drawn || sum != 1 {
			t.Errorf("drew %d, refused %d, used %d (%v)", drawn, refused, b.Used, err)
		}
		return nil
	})
}

// The review walks all charges page by page, each once.
func TestChargesPageByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	want := map[desk.ID]bool{w.one.first.account.proposed.ID: true, w.one.second.account.proposed.ID: true}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		for n := range 2*desk.PageSize + 7 {
			c := made(desk.ManualCharge(desk.Extra{Customer: []desk.ID{w.one.first.ID, w.one.second.ID}[n%2], Month: []string{"2026-01", "2026-02", "2026-03"}[n%3], Text: "x", Amount: "-1"}, "EUR", time.UTC, now))
			want[c.ID] = true
			if _, err := tx.AddCharge(c); err != nil {
				return err
			}
		}
		return nil
	})
	seen := map[desk.ID]bool{}
	f, pages := desk.ChargeFilter{State: desk.Proposed}, 0
	var last desk.ChargeRow
	for more := true; more; pages++ {
		w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
			rows, next, err := tx.Charges(f)
			for _, r := range rows {
				if seen[r.ID] || !want[r.ID] || r.Month < last.Month {
					t.Errorf("%s of %s after %s", r.ID, r.Month, last.Month)
				}
				seen[r.ID], last = true, r
			}
			f.After, more = desk.ParseChargeCursor(next.String()), !next.Zero()
			return err
		})
	}
	if len(seen) != len(want) || pages != 3 {
		t.Errorf("%d of %d charges on %d pages", len(seen), len(want), pages)
	}
}

func TestOneSourceOneCharge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.first.account.proposed
	c.ID, c.EntryID = desk.NewID(), desk.Nobody
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		added, err := tx.AddCharge(c)
		if added {
			t.Error("proposed twice")
		}
		return err
	})
}
