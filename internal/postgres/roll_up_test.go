package postgres_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/postgres"
)

// kept ends a promise of a customer's ticket at an instant.
func (w *world) kept(t *testing.T, p partner, c company, clock desk.Clock, ending desk.Ending, at time.Time, spent time.Duration) {
	t.Helper()
	k := desk.Promise{Clock: clock, Type: "standard", Target: 60, Began: at.Add(-spent), Ended: &at, Ending: ending, Spent: spent}
	if clock.Counts() {
		k.Target = 0
	}
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		tx.AddKept([]desk.KeptPromise{{TicketID: c.ticket.ID, CustomerID: c.ID, Impact: desk.Slowed, Promise: k}})
		return nil
	})
}

// came gives a customer a ticket that was asked at an instant.
func (w *world) came(t *testing.T, p partner, c company, at time.Time) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		k, _ := ticket(t, c.contact, "Late at night", desk.Nobody, at)
		numbers, err := tx.TakeNumbers(1)
		if err == nil {
			k.Number = numbers[0]
			tx.AddTicket(k)
		}
		return err
	})
}

func (w *world) rollUp(t *testing.T, p partner, from, to desk.Day, zone *time.Location, open hours.Sum) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		tx.RollUpRange(postgres.Days{From: from, To: to, Zone: zone, Open: open})
		return nil
	})
}

// rows are a table's rows of a desk as text, in order.
func (w *world) rows(t *testing.T, p partner, columns, table, where string) []string {
	t.Helper()
	return names(t, w.superuser(t), `select concat_ws(' ', `+columns+`) from `+table+` where desk_id = $1 and `+where+` order by 1`, p.desk.ID)
}

func zone(name string) *time.Location { return made(time.LoadLocation(name)) }

// A night of clock change is one day like any other: of 25 hours, of which one
// is there twice.
func TestADayIsTheDesksOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paris := zone("Europe/Paris")
	for _, at := range []string{"2025-10-25T21:59:59Z", "2025-10-25T22:00:00Z", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"} {
		w.kept(t, w.one, w.one.first, desk.FirstReply, desk.Met, made(time.Parse(time.RFC3339, at)), time.Minute)
		w.came(t, w.one, w.one.first, made(time.Parse(time.RFC3339, at)))
	}
	w.rollUp(t, w.one, "2025-10-26", "2025-10-26", paris, nil)
	got := w.rows(t, w.one, "day, met", "daily_figures", "day < '2026-01-01'")
	if want := []string{"2025-10-26 4"}; !reflect.DeepEqual(got, want) {
		t.Errorf("promises %q, want %q", got, want)
	}
	got = w.rows(t, w.one, "day, hour, tickets", "hourly_tickets", "day < '2026-01-01'")
	if want := []string{"2025-10-26 0 1", "2025-10-26 2 2", "2025-10-26 23 1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("tickets %q, want %q", got, want)
	}
	// The others belong to the days before and after.
	w.rollUp(t, w.one, "2025-10-25", "2025-10-27", paris, nil)
	got = w.rows(t, w.one, "day, met", "daily_figures", "day < '2026-01-01'")
	if want := []string{"2025-10-25 1", "2025-10-26 4", "2025-10-27 1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("three days %q, want %q", got, want)
	}
	// Where it is another date, it is another day.
	w.rollUp(t, w.one, "2025-10-24", "2025-10-28", zone("Pacific/Auckland"), nil)
	got = w.rows(t, w.one, "day, met", "daily_figures", "day < '2026-01-01'")
	if want := []string{"2025-10-26 4", "2025-10-27 2"}; !reflect.DeepEqual(got, want) {
		t.Errorf("in Auckland %q, want %q", got, want)
	}
}

// A zone whose clocks change at midnight has days that do not begin at midnight.
func TestADayWithoutMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cairo := zone("Africa/Cairo") // 2025-04-25 begins at one o'clock
	for _, at := range []string{"2025-04-24T21:59:59Z", "2025-04-24T22:00:00Z", "2025-04-25T20:59:59Z", "2025-04-25T21:00:00Z"} {
		w.kept(t, w.one, w.one.first, desk.FirstReply, desk.Met, made(time.Parse(time.RFC3339, at)), time.Minute)
	}
	for range 2 {
		for _, day := range []desk.Day{"2025-04-24", "2025-04-25", "2025-04-26"} {
			w.rollUp(t, w.one, day, day, cairo, nil)
		}
	}
	got := w.rows(t, w.one, "day, met", "daily_figures", "day < '2026-01-01'")
	if want := []string{"2025-04-24 1", "2025-04-25 2", "2025-04-26 1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Counting again changes nothing, and what is gone goes.
func TestCountingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paris := zone("Europe/Paris")
	noon := time.Date(2025, 3, 3, 12, 0, 0, 0, paris) // a Monday
	open := hours.Sum{{Date: "2025-03-03", From: noon.Add(-3 * time.Hour), To: noon.Add(6 * time.Hour)}}
	for _, c := range []company{w.one.first, w.one.second} {
		w.kept(t, w.one, c, desk.FirstReply, desk.Met, noon, 10*time.Minute)
		w.kept(t, w.one, c, desk.FirstReply, desk.Missed, noon, 90*time.Minute)
		w.kept(t, w.one, c, desk.FirstReply, desk.Dropped, noon, 500*time.Minute)
		w.kept(t, w.one, c, desk.WithCustomer, desk.Counted, noon, 3*time.Hour)
		w.came(t, w.one, c, noon.Add(6*time.Hour-time.Second))
		w.came(t, w.one, c, noon.Add(6*time.Hour))
	}
	w.kept(t, w.two, w.two.first, desk.FirstReply, desk.Missed, noon, time.Minute)
	all := func() []string {
		var list []string
		for _, table := range []string{"daily_figures", "hourly_tickets", "monthly_figures", "monthly_tickets"} {
			list = append(list, w.rows(t, w.one, "to_jsonb(f) - 'desk_id' - 'customer_id'", table+" f", "coalesce(to_jsonb(f) ->> 'day', to_jsonb(f) ->> 'month') < '2026'")...)
		}
		return list
	}
	w.rollUp(t, w.one, "2025-03-03", "2025-03-03", paris, open)
	first := all()
	want := []string{
		`{"day": "2025-03-03", "met": 0, "clock": "with_customer", "missed": 0, "counted": 1, "dropped": 0, "seconds": 10800, "support_type": "standard"}`,
		`{"day": "2025-03-03", "met": 0, "clock": "with_customer", "missed": 0, "counted": 1, "dropped": 0, "seconds": 10800, "support_type": "standard"}`,
		`{"day": "2025-03-03", "met": 1, "clock": "first_reply", "missed": 1, "counted": 0, "dropped": 1, "seconds": 6000, "support_type": "standard"}`,
		`{"day": "2025-03-03", "met": 1, "clock": "first_reply", "missed": 1, "counted": 0, "dropped": 1, "seconds": 6000, "support_type": "standard"}`,
		`{"day": "2025-03-03", "hour": 17, "closed": 0, "tickets": 1}`, `{"day": "2025-03-03", "hour": 17, "closed": 0, "tickets": 1}`,
		`{"day": "2025-03-03", "hour": 18, "closed": 1, "tickets": 1}`, `{"day": "2025-03-03", "hour": 18, "closed": 1, "tickets": 1}`,
	}
	if len(first) < len(want) || !reflect.DeepEqual(first[:len(want)], want) {
		t.Errorf("counted\n%q\nwant\n%q", first, want)
	}
	if week := first[len(first)-2:]; !reflect.DeepEqual(week, []string{`{"hour": 17, "month": "2025-03-01", "closed": 0, "tickets": 2, "weekday": 0}`, `{"hour": 18, "month": "2025-03-01", "closed": 2, "tickets": 2, "weekday": 0}`}) {
		t.Errorf("the month's week %q", week)
	}
	w.rollUp(t, w.one, "2025-03-03", "2025-03-03", paris, open)
	w.rollUp(t, w.one, "2025-02-20", "2025-03-20", paris, open)
	if again := all(); !reflect.DeepEqual(again, first) {
		t.Errorf("counted again\n%q\nat first\n%q", again, first)
	}
	if _, err := w.superuser(t).Exec(t.Context(), `delete from kept_promises where ended_at < '2026-01-01'`); err != nil {
		t.Fatal(err)
	}
	w.rollUp(t, w.one, "2025-03-03", "2025-03-03", paris, open)
	if left := w.rows(t, w.one, "clock", "monthly_figures", "month < '2026-01-01'"); len(left) != 0 {
		t.Errorf("without promises %q is left", left)
	}
}

// A day is missing until it was counted an hour after its end, in the zone that
// the desk is in.
func TestMissingDaysAreFoundNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paris := zone("Europe/Paris")
	w.came(t, w.one, w.one.first, time.Date(2025, 3, 2, 23, 59, 0, 0, paris))
	count := func(now time.Time, from, to desk.Day) {
		t.Helper()
		err := w.db.At(func() time.Time { return now }).Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
			tx.RollUpRange(postgres.Days{From: from, To: to, Zone: paris})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	missing := func(zone *time.Location) (day desk.Day) {
		t.Helper()
		err := w.db.View(t.Context(), w.one.scope(), func(tx *postgres.Tx) (err error) {
			day, err = tx.NewestMissing("2025-03-05", zone)
			return err
		})
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			t.Fatal(err)
		}
		return day
	}
	midnight := time.Date(2025, 3, 6, 0, 0, 0, 0, paris)
	for _, c := range []struct {
		now      time.Time
		from, to desk.Day
		want     desk.Day
	}{
		{midnight.Add(time.Hour), "2025-03-04", "2025-03-04", "2025-03-05"},
		{midnight.Add(-6 * time.Hour), "2025-03-05", "2025-03-05", "2025-03-05"},          // not over
		{midnight.Add(time.Hour - time.Second), "2025-03-05", "2025-03-05", "2025-03-05"}, // not well over
		{midnight.Add(time.Hour), "2025-03-05", "2025-03-05", "2025-03-03"},
		{midnight.Add(time.Hour), "2025-03-01", "2025-03-03", ""},
	} {
		count(c.now, c.from, c.to)
		if got := missing(paris); got != c.want {
			t.Errorf("after %s to %s at %s: %q is missing, want %q", c.from, c.to, c.now, got, c.want)
		}
	}
	if got := missing(zone("America/Montreal")); got != "2025-03-05" {
		t.Errorf("where the desk has moved to, %q is missing", got)
	}
}

// A desk that nobody has asked anything misses nothing.
func TestADeskWithoutTicketsMissesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := made(desk.NewDesk("three", "three", "fr", "Europe/Paris"))
	if err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 1) }); err != nil {
		t.Fatal(err)
	}
	err := w.db.View(t.Context(), desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		_, err := tx.NewestMissing("2026-01-01", time.UTC)
		return err
	})
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// Work is fed by nobody yet; its months are summed all the same.
func TestWorkIsSummedByMonth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		for _, row := range []string{`('2025-03-31', $1, 'EUR', 30, 15, 10.10)`, `('2025-03-01', $1, 'EUR', 45, 45, 20.205)`, `('2025-03-01', $1, 'CHF', 5, 0, -3)`, `('2025-04-01', $1, 'EUR', 1, 1, 1)`} {
			if err := exec(tx, `insert into daily_work (day, customer_id, currency, minutes, billable, amount) values `+row, w.one.first.ID); err != nil {
				return err
			}
		}
		return nil
	})
	w.rollUp(t, w.one, "2025-03-15", "2025-03-15", time.UTC, nil)
	got := w.rows(t, w.one, "month, currency, minutes, billable, amount", "monthly_work", "month < '2026-01-01'")
	if want := []string{"2025-03-01 CHF 5 0 -3", "2025-03-01 EUR 75 60 30.305"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
