package postgres_test

import (
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"RollUpRange": touches0(func(tx *postgres.Tx, _ intruder) { tx.RollUpRange(today(tx.Now)) }),
		"NewestMissing": reads(func(tx *postgres.Tx, _ intruder) (desk.Day, error) {
			return tx.NewestMissing(desk.DayOf(tx.Now, time.UTC), time.UTC)
		}),
		"Report": reads(func(tx *postgres.Tx, i intruder) ([]desk.Report, error) {
			all, err := tx.Report(thisMonth(tx.Now))
			if err != nil {
				return nil, err
			}
			if i.theirs.deskOf(i) == i.at.desk.ID && tx.Scope.Customer == desk.Nobody {
				return nil, nil
			}
			f := thisMonth(tx.Now)
			f.Customer = i.theirs.ID
			one, err := tx.Report(f)
			one.Filter = desk.ReportFilter{} // which names whom he asked for
			return []desk.Report{all, one}, err
		}),
		"WorstCustomer": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			name, err := tx.WorstCustomer(thisMonth(tx.Now))
			if tx.Scope.Customer == desk.Nobody { // his own desk's
				return len(name) - len("First"), err
			}
			return len(name), err
		}),
		"Attained": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			f := thisMonth(tx.Now)
			f.Customer = i.theirs.ID
			list, err := tx.Attained(f)
			return len(list), err
		}),
	})
}

// today is the day of an instant, on which the desk is never open.
func today(now time.Time) postgres.Days {
	day := desk.DayOf(now, time.UTC)
	return postgres.Days{From: day, To: day, Zone: time.UTC}
}

func thisMonth(now time.Time) desk.ReportFilter {
	month := desk.MonthStart(desk.DayOf(now, time.UTC))
	return desk.ReportFilter{From: month, To: month}
}

// figures gives each customer of a desk a late promise and an hour of work, and
// counts the day.
func (w *world) figures(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		day := desk.DayOf(tx.Now, time.UTC)
		for _, c := range []company{p.first, p.second} {
			at := tx.Now
			tx.AddKept([]desk.KeptPromise{{TicketID: c.ticket.ID, CustomerID: c.ID, Impact: desk.Slowed,
				Promise: desk.Promise{Clock: desk.FirstReply, Type: "standard", Target: 60, Began: at, Ended: &at, Ending: desk.Missed}}})
			if err := exec(tx, `insert into daily_work (day, customer_id, currency, minutes, billable, amount) values ($1::text::date, $2, 'EUR', 60, 45, 71.25)`, string(day), c.ID); err != nil {
				return err
			}
		}
		tx.RollUpRange(today(tx.Now))
		return nil
	})
}

// What compares customers is for none of them, not even his own part of it.
func TestCustomersReadNoFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	for _, s := range []desk.Scope{w.one.scope(), w.one.scopeOf(own)} {
		w.view(t, s, func(tx *postgres.Tx) error {
			r, err := tx.Report(thisMonth(tx.Now))
			if full := len(r.Months) > 0 && len(r.Types) > 0 && len(r.Customers) == 6 && len(r.Hours) > 0 && len(r.Work) == 2 && r.RolledAt != nil; full != (s.Customer == desk.Nobody) {
				t.Errorf("customer %v reads %+v", s.Customer, r)
			}
			if empty := len(r.Months)+len(r.Types)+len(r.Customers)+len(r.Hours)+len(r.Work) == 0 && r.RolledAt == nil; empty != (s.Customer != desk.Nobody) {
				t.Errorf("customer %v reads %+v", s.Customer, r)
			}
			return err
		})
	}
}
