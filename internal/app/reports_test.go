package app_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// What people do is counted, by the hours of the offer and in the desk's zone.
func TestReportsCountWhatHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.submit(t, o.first.contact, desk.Submission{})
	w.clock.pass(30 * time.Minute)
	w.reply(t, o.agent, n, app.Reply{})
	n = w.submit(t, o.second.contact, desk.Submission{})
	w.clock.pass(5 * time.Hour)
	w.reply(t, o.agent, n, app.Reply{})
	w.clock.set(time.Date(2026, 3, 2, 23, 30, 0, 0, paris)) // before midnight in Paris, after it nowhere that counts
	w.submit(t, o.first.contact, desk.Submission{})
	w.clock.pass(time.Hour)
	today := desk.Day("2026-03-03")
	for _, day := range []desk.Day{"2026-03-02", today} {
		if err := w.RollUp(bg, app.RollUp{Desk: o.desk.ID, Day: day}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := w.Reports(bg, o.lead, desk.NewReportFilter("", "", today))
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Of("2026-03-01", desk.FirstReply); f.Met != 1 || f.Missed != 1 {
		t.Errorf("first replies %+v", f)
	}
	if r.Latest.Worst != "Second" || r.Latest.Missed != 1 {
		t.Errorf("headline %+v", r.Latest)
	}
	if got := r.Week()[0][23]; got.Tickets != 1 || got.Closed != 1 {
		t.Errorf("Monday before midnight %+v", got)
	}
	if tickets, closed := r.Week().Total(); tickets != 3 || closed != 1 {
		t.Errorf("%d tickets, %d closed", tickets, closed)
	}
	f := r.Filter
	f.Customer = o.first.id
	if one, err := w.Reports(bg, o.agent, f); err != nil || one.Customer != "First" || one.Of("2026-03-01", desk.FirstReply).Met != 1 || one.Latest.Missed != 0 || len(one.Customers) != 0 {
		t.Errorf("of one customer %+v (%v)", one, err)
	}
	if other, err := w.Reports(bg, w.two.lead, r.Filter); err != nil || len(other.Months)+len(other.Hours) != 0 {
		t.Errorf("another desk reads %+v (%v)", other, err)
	}
	if _, err := w.Reports(bg, w.two.lead, f); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's customer: %v", err)
	}
	if _, err := w.Attained(bg, w.two.lead, f); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's customer: %v", err)
	}
}

// A desk that slept through its days counts them, and no day twice.
func TestFiguresCatchUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, ago := range []int{200, 90, 1} {
		w.clock.set(monday.AddDate(0, 0, -ago))
		w.submit(t, w.one.first.contact, desk.Submission{})
	}
	w.clock.set(monday)
	for range 2 {
		if err := w.CatchUpFigures(bg, app.CatchUp{Desk: w.one.desk.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.count(t, `select sum(tickets)::int from hourly_tickets where desk_id = $1`, w.one.desk.ID); n != 3 {
		t.Errorf("%d tickets counted, want 3", n)
	}
	if n := w.count(t, `select count(*)::int from rolled_up where desk_id = $1 and day between $2::date - 200 and $2::date - 1`, w.one.desk.ID, "2026-03-02"); n != 200 {
		t.Errorf("%d days counted, want 200", n)
	}
	if n := w.count(t, `select count(*)::int from rolled_up where day >= $1::date`, "2026-03-02"); n != 0 {
		t.Errorf("%d days counted that are not over", n)
	}
}

// Every desk's today and yesterday are ordered, once however often the clock asks.
func TestRollUpsAreOrderedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.set(time.Date(2026, 3, 2, 0, 30, 0, 0, paris))
	for range 2 {
		if err := w.FanOutRollUps(bg, app.RollUps{}); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[string]int{"2026-03-02": 2, "2026-03-01": 2, "2026-02-28": 0} {
		if n := w.count(t, `select count(*)::int from river.river_job where kind = 'roll_up' and args ->> 'day' = $1`, day); n != want {
			t.Errorf("%s is ordered %d times, want %d", day, n, want)
		}
	}
	if n := w.count(t, `select count(*)::int from river.river_job where kind = 'catch_up_figures'`); n != 2 {
		t.Errorf("%d desks catch up, want 2", n)
	}
}
