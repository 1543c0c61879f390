package postgres_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"EscalationReport": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			n := 0
			for _, customer := range []desk.ID{desk.Nobody, i.theirs.ID} {
				if customer == desk.Nobody && tx.Scope.Customer == desk.Nobody { // his own desk's
					continue
				}
				if customer == i.theirs.ID && i.theirs.deskOf(i) == i.at.desk.ID && tx.Scope.Customer == desk.Nobody {
					continue
				}
				f := thisMonth(tx.Now)
				f.Customer = customer
				r, err := tx.EscalationReport(f, time.UTC)
				if err != nil {
					return 0, err
				}
				n += len(r.Came) + len(r.Handed) + len(r.Returned) + len(r.Credits)
			}
			return n, nil
		}),
		"CameLines": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			f := thisMonth(tx.Now)
			f.Customer = i.theirs.ID
			list, err := tx.CameLines(f)
			return len(list), err
		}),
		"HandedLines": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			f := thisMonth(tx.Now)
			f.Customer = i.theirs.ID
			list, err := tx.HandedLines(f)
			return len(list), err
		}),
	})
	maps.Copy(digested, map[string]string{"daily_escalated": "customer_id", "daily_escalations": "customer_id", "monthly_escalated": "", "monthly_escalations": ""})
}

// handedOn ends the escalation of a company as one that was sent back and is worth a
// credit, and counts the day.
func (w *world) handedOn(t *testing.T, p partner, c company) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		e := c.escalation
		err := errors.Join(e.End(desk.EndedReturned, "a secret reason of "+c.Name, tx.Now), e.Claim(desk.Credit{Worth: true, Reason: "down for a day"}, tx.Now))
		return errors.Join(err, tx.SaveEscalation(e), tx.RollUpEscalations(today(tx.Now)))
	})
}

// What compares customers is for none of them, not even his own part of it.
func TestCustomersReadNoFiguresOfEscalations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range []partner{w.one, w.two} {
		w.handedOn(t, p, p.first)
	}
	for _, c := range []struct {
		s      desk.Scope
		of     desk.ID
		lines  int
		listed int
	}{{w.one.scope(), desk.Nobody, 2, 1}, {w.one.scope(), w.one.first.ID, 1, 1}, {w.one.scope(), w.one.second.ID, 1, 0}, {w.one.scope(), w.two.first.ID, 0, 0},
		{w.one.scopeOf(w.one.first), w.one.first.ID, 0, 0}, {w.one.scopeOf(w.one.first), desk.Nobody, 0, 0},
		{desk.Scope{Desk: w.one.desk.ID, Subcontractor: &w.one.night}, desk.Nobody, 0, -1}} {
		w.view(t, c.s, func(tx *postgres.Tx) error {
			f := thisMonth(tx.Now)
			f.Customer = c.of
			r, err := tx.EscalationReport(f, time.UTC)
			tickets, handed := r.Share(nil)
			if handed.Escalated != c.lines || tickets < c.lines || r.Total().Filed != c.lines || c.listed >= 0 && (len(r.Returned) != c.listed || len(r.Credits) != c.listed) {
				t.Errorf("%v of %v: %d of %d handed on, %+v, %d sent back, %d credits", c.s.Customer, c.of, handed.Escalated, tickets, r.Total(), len(r.Returned), len(r.Credits))
			}
			came, err2 := tx.CameLines(f)
			lines, err3 := tx.HandedLines(f)
			if (len(came) > 0) != (c.lines > 0) || len(lines) < c.lines || c.lines == 0 && len(lines) > 0 {
				t.Errorf("%v of %v: %d and %d lines", c.s.Customer, c.of, len(came), len(lines))
			}
			return errors.Join(err, err2, err3)
		})
	}
}

// A report reads roll-ups, and two lists through indexes that hold nothing else,
// whatever the plan knows of its arguments.
func TestReportsOfEscalationsAreReadFromRollUps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.years(t, w.one, 60)
	super := w.superuser(t)
	for _, sql := range []string{
		`insert into daily_escalated select $1, m::date, c.id, 'bug', 10, 3, 1 from generate_series('2024-12-01'::timestamp, '2026-11-30', '10 days') m, customers c where c.desk_id = $1 on conflict do nothing`,
		`insert into daily_escalations select $1, m::date, c.id, 'microsoft', 'exchange', 'B', 3, 2, 0, 1, 0, 3, 2, 1, 0, 9000, 9000, 90000
			from generate_series('2024-12-01'::timestamp, '2026-11-30', '10 days') m, customers c where c.desk_id = $1 on conflict do nothing`,
		`insert into monthly_escalated select desk_id, date_trunc('month', day)::date, category, sum(tickets), sum(escalated), sum(against) from daily_escalated where desk_id = $1 group by 1, 2, 3 on conflict do nothing`,
		`insert into monthly_escalations select desk_id, date_trunc('month', day)::date, target, workload, severity, sum(filed), sum(solved), 0, sum(returned), 0, sum(replies), sum(met), sum(missed), 0, sum(reply_seconds),
			sum(promised_seconds), sum(solved_seconds) from daily_escalations where desk_id = $1 group by 1, 2, 3, 4, 5 on conflict do nothing`,
		`insert into escalations (desk_id, id, number, ticket_id, customer_id, workload, target, route, state, ending, ended_at, prepared_by, created_at, changed_at, filed_at)
			select e.desk_id, gen_random_uuid(), 1000 + n, e.ticket_id, e.customer_id, e.workload, e.target, e.route, 'ended', case when n % 50 = 0 then 'returned' else 'solved' end,
				now() - n * interval '1 hour', e.prepared_by, now() - n * interval '2 hours', now(), now() - n * interval '2 hours'
			from escalations e, generate_series(1, 3000) n where e.desk_id = $1 and e.number = 1`,
	} {
		if _, err := super.Exec(t.Context(), sql, w.one.desk.ID); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if _, err := super.Exec(t.Context(), `analyze`); err != nil {
		t.Fatal(err)
	}
	rollUps := []string{"monthly_escalated", "monthly_escalations", "daily_escalated", "daily_escalations", "rolled_up", "customers"}
	year := desk.ReportFilter{From: "2025-12-01", To: "2026-11-01"}
	ofOne := year
	ofOne.Customer = w.one.first.ID
	for name, f := range map[string]desk.ReportFilter{"a year": year, "of a customer": ofOne} {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			for _, r := range plansOf(t, w, w.one.scope(), mode, func(tx *postgres.Tx) error { _, err := tx.EscalationReport(f, time.UTC); return err }) {
				if r.table == "escalations" && (r.index == "escalations_returned" || r.index == "escalations_credit") {
					continue
				}
				if !slices.Contains(rollUps, r.table) {
					t.Errorf("%s (%s) reads %s through %q", name, mode, r.table, r.index)
				}
				if (r.table == "daily_escalated" || r.table == "daily_escalations") && r.index != r.table+"_customer" {
					t.Errorf("%s (%s) reads %s through %q", name, mode, r.table, r.index)
				}
			}
		}
	}
}
