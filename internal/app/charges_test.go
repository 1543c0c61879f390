package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/pricing"
)

// offer publishes terms for the standard type from now on.
func (w *world) offer(t *testing.T, o office, version int, currency string, terms pricing.Terms) {
	t.Helper()
	content := desk.FirstOffer(o.desk).Content
	content.Currency, content.Types[0].Terms = currency, terms
	content.Tax = desk.Text{"en": "Before tax", "fr": "Hors taxes"}
	err := w.db.At(w.clock.read).Update(t.Context(), desk.Scope{Desk: o.desk.ID}, func(tx *postgres.Tx) error {
		return tx.AddOffer(desk.OfferVersion{Version: version, PersonID: o.admin.Person.ID, Content: content})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(10 * time.Second) // until every process has heard of it
}

var hourly = pricing.Terms{Model: pricing.Hour, Hour: "90.00", Step: 15, Minimum: 15, Factors: pricing.Factors{OffHours: 150, Weekend: 200}}

func (w *world) log(t *testing.T, who desk.Actor, n int64, work desk.Work) {
	t.Helper()
	if work.Text == "" {
		work.Text = "Looked into it"
	}
	if err := w.LogTime(t.Context(), who, n, work, false); err != nil {
		t.Fatal(err)
	}
}

func (w *world) charges(t *testing.T, o office, s desk.ChargeState) []desk.ChargeRow {
	t.Helper()
	rows, _, err := w.Charges(t.Context(), o.lead, desk.ChargeFilter{State: s})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (w *world) ticketTime(t *testing.T, who desk.Actor, n int64) desk.TicketTime {
	t.Helper()
	return made(w.App.TicketTime(t.Context(), who, w.thread(t, w.one, n).Ticket))
}

func ids(rows []desk.ChargeRow) (list []desk.ID) {
	for _, r := range rows {
		list = append(list, r.ID)
	}
	return list
}

// The price is that of the day on which the work was done, not of the day on
// which it was written down.
func TestWorkIsPricedByTheOfferOfItsDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	w.offer(t, w.one, 1, "EUR", hourly)
	first := w.clock.read()
	w.clock.pass(48 * time.Hour)
	dearer := hourly
	dearer.Hour = "120.00"
	w.offer(t, w.one, 2, "EUR", dearer)
	before := monday.Add(-24 * time.Hour)
	w.log(t, w.one.agent, n, desk.Work{Spent: "1 h", Billable: true})
	then := first.Add(time.Hour)
	w.log(t, w.one.agent, n, desk.Work{Spent: "50", Ended: &then, Billable: true})
	w.log(t, w.one.agent, n, desk.Work{Spent: "1 h", Ended: &before, Billable: true})
	w.log(t, w.one.agent, n, desk.Work{Spent: "1 h"})
	got := map[string]int{}
	for _, c := range w.charges(t, w.one, desk.Proposed) {
		got[fmt.Sprintf("%s by %d", c.Bill.Total.Number(), c.Offer)]++
		if c.TicketNumber != n || c.Worker != w.one.agent.Person.Name || c.Month != "2026-03" || c.CustomerName != "First" {
			t.Errorf("%+v", c)
		}
	}
	if len(got) != 4 || got["120.00 by 2"] != 1 || got["90.00 by 1"] != 1 || got["0.00 by 0"] != 1 || got["0.00 by 2"] != 1 {
		t.Errorf("%v", got)
	}
}

// A night in which the clock springs forward has an hour less, and costs it.
func TestNightWorkOverAClockChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.offer(t, w.one, 1, "EUR", pricing.Terms{Model: pricing.Hour, Hour: "60.00", Step: 1, Factors: pricing.Factors{OffHours: 150, Weekend: 200}})
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	w.clock.set(time.Date(2026, 3, 29, 4, 0, 0, 0, paris)) // three hours after one o'clock on the wall, two in truth
	w.log(t, w.one.agent, n, desk.Work{Spent: "3 h", Billable: true})
	c := w.charges(t, w.one, desk.Proposed)
	if len(c) != 1 || c[0].Bill.Total.Number() != "360.00" || !c[0].DoneAt.Equal(time.Date(2026, 3, 29, 0, 0, 0, 0, paris)) {
		t.Errorf("%+v", c)
	}
}

func TestAFormSentTwiceLogsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	work := desk.Work{Spent: "10", Text: "Done", Key: desk.NewID()}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if err := w.LogTime(bg, w.one.agent, n, work, false); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := w.ticketTime(t, w.one.agent, n); len(got.Logged) != 1 {
		t.Errorf("%d entries", len(got.Logged))
	}
	w.log(t, w.one.lead, n, work) // somebody else's form, of the same key
	if got := w.ticketTime(t, w.one.agent, n); len(got.Logged) != 2 {
		t.Errorf("%d entries", len(got.Logged))
	}
}

func TestOneTimerAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, who := t.Context(), w.one.agent
	a, b := w.submit(t, w.one.first.contact, desk.Submission{}), w.submit(t, w.one.second.contact, desk.Submission{})
	if running, err := w.RunningTimer(ctx, who); running != nil || err != nil {
		t.Fatalf("%+v, %v", running, err)
	}
	if err := w.StartTimer(ctx, who, a, false); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(30 * time.Minute)
	if err := w.StartTimer(ctx, who, a, false); err != nil {
		t.Errorf("starting what runs: %v", err)
	}
	if err := w.StartTimer(ctx, who, b, false); !errors.Is(err, app.ErrTimerElsewhere) {
		t.Errorf("a second timer: %v", err)
	}
	if err := w.LogTime(ctx, who, b, desk.Work{Text: "Done"}, true); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("stopping where none runs: %v", err)
	}
	if err := w.LogTime(ctx, who, a, desk.Work{Text: " "}, true); err == nil {
		t.Error("stopped without a word")
	}
	running, err := w.RunningTimer(ctx, who)
	if err != nil || running == nil || running.Number != a || running.Minutes(w.clock.read()) != 30 {
		t.Fatalf("after a failed stop: %+v (%v)", running, err)
	}
	if err := w.LogTime(ctx, who, a, desk.Work{Text: "Done", Key: desk.NewID()}, true); err != nil {
		t.Fatal(err)
	}
	if got := w.ticketTime(t, who, a); got.Timer != nil || len(got.Logged) != 1 || got.Logged[0].Minutes() != 30 {
		t.Errorf("%+v", got)
	}
	if err := errors.Join(w.StartTimer(ctx, who, a, false), w.StartTimer(ctx, who, b, true)); err != nil {
		t.Errorf("starting instead: %v", err)
	}
	if got := w.ticketTime(t, who, b); got.Timer == nil || got.Timer.Number != b {
		t.Errorf("%+v", got.Timer)
	}
	if err := w.DropTimer(ctx, who, b); err != nil {
		t.Error(err)
	}
	if running, err := w.RunningTimer(ctx, who); running != nil || err != nil {
		t.Errorf("dropped and still there: %+v (%v)", running, err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := w.StartTimer(bg, who, []int64{a, b}[i%2], i%3 == 0); err != nil && !errors.Is(err, app.ErrTimerElsewhere) && !errors.Is(err, desk.ErrConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.count(t, `select count(*) from timers`); n != 1 {
		t.Errorf("%d timers", n)
	}
}

var prepaid = pricing.Terms{Model: pricing.Prepaid, Hour: "90.00", Step: 1}

func (w *world) block(t *testing.T, o office, customer desk.ID, s desk.BlockSettings) desk.Block {
	t.Helper()
	if err := w.AddBlock(t.Context(), o.admin, customer, s); err != nil {
		t.Fatal(err)
	}
	return made(w.Blocks(t.Context(), o.agent, customer))[0]
}

// Agents log on one customer's block at the same moment: it is never overdrawn,
// what it lacks is charged, and no minute is lost between the two.
func TestAgentsDrawAtTheSameMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.offer(t, w.one, 1, "EUR", prepaid)
	n, m := w.submit(t, w.one.first.contact, desk.Submission{}), w.submit(t, w.one.first.contact, desk.Submission{})
	w.block(t, w.one, w.one.first.id, desk.BlockSettings{Name: "Ten hours", Time: "10"})
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			who := []desk.Actor{w.one.agent, w.one.lead, w.one.admin}[i%3]
			if err := w.LogTime(bg, who, []int64{n, m}[i%2], desk.Work{Spent: "37", Text: "Done", Billable: true, Key: desk.NewID()}, false); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	drawn, over := 0, 0
	for _, c := range w.charges(t, w.one, desk.Proposed) {
		for _, l := range c.Bill.Lines {
			switch l.What {
			case pricing.ForBlock:
				drawn += l.Minutes
			case pricing.ForOverage:
				over += l.Minutes
			}
		}
	}
	b := made(w.Blocks(t.Context(), w.one.agent, w.one.first.id))[0]
	if drawn != 600 || b.Used != 600 || over != 30*37-600 || w.count(t, `select sum(minutes)::int from draws`) != 600 {
		t.Errorf("drew %d, used %d, beyond %d", drawn, b.Used, over)
	}
}

func TestWhatIsTakenBackIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.offer(t, w.one, 1, "EUR", prepaid)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	w.block(t, w.one, w.one.first.id, desk.BlockSettings{Name: "One hour", Time: "1 h"})
	used := func() int { return made(w.Blocks(ctx, w.one.agent, w.one.first.id))[0].Used }
	w.log(t, w.one.agent, n, desk.Work{Spent: "50", Billable: true})
	e := w.ticketTime(t, w.one.agent, n).Logged[0]
	if err := w.CorrectTime(ctx, w.one.agent, n, e.ID, desk.Work{Spent: "1 h 10", Text: "More of it", Billable: true}); err != nil || used() != 60 {
		t.Errorf("corrected: %d used (%v)", used(), err)
	}
	e = w.ticketTime(t, w.one.agent, n).Logged[0]
	if e.Text != "More of it" || e.Minutes() != 70 || e.Bill.Total.Number() != "15.00" || e.BlockNames[e.Bill.Lines[1].Block] != "One hour" {
		t.Errorf("%+v", e)
	}
	if err := w.CorrectTime(ctx, w.one.agent, n, e.ID, desk.Work{Spent: "x", Text: ""}); err == nil || used() != 60 {
		t.Errorf("a bad correction: %v, %d used", err, used())
	}
	if err := w.RemoveTime(ctx, w.one.lead, n, e.ID); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("a colleague's: %v", err)
	}
	if err := w.RemoveTime(ctx, w.one.agent, n+1, e.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("on another ticket: %v", err)
	}
	if err := w.RemoveTime(ctx, w.one.agent, n, e.ID); err != nil || used() != 0 || len(w.charges(t, w.one, desk.Proposed)) != 0 {
		t.Errorf("removed: %d used (%v)", used(), err)
	}
	// Once decided on it stays; waiving gives its time back.
	w.log(t, w.one.agent, n, desk.Work{Spent: "20", Billable: true})
	e = w.ticketTime(t, w.one.agent, n).Logged[0]
	if _, err := w.DecideCharges(ctx, w.one.lead, []desk.ID{e.ChargeID}, app.Approve, ""); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.RemoveTime(ctx, w.one.agent, n, e.ID), w.CorrectTime(ctx, w.one.agent, n, e.ID, desk.Work{Spent: "1", Text: "x"})); !errors.Is(err, desk.ErrConflict) || used() != 20 {
		t.Errorf("an approved one: %v, %d used", err, used())
	}
	if _, err := w.DecideCharges(ctx, w.one.lead, []desk.ID{e.ChargeID}, app.Review, ""); err != nil {
		t.Fatal(err)
	}
	if n, err := w.DecideCharges(ctx, w.one.lead, []desk.ID{e.ChargeID}, app.Waive, "Ours"); n != 1 || err != nil || used() != 0 {
		t.Errorf("waived: %d, %d used (%v)", n, used(), err)
	}
}

func TestBlocksEndAndAreSold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.offer(t, w.one, 1, "EUR", prepaid)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	b := w.block(t, w.one, w.one.first.id, desk.BlockSettings{Name: "Ten hours", Time: "10 h", Price: "800", Expires: "2026-03-02"})
	if c := w.charges(t, w.one, desk.Proposed); len(c) != 1 || c[0].Kind != desk.ForBlock || c[0].Bill.Total.Number() != "800.00" || c[0].Text != "Ten hours" {
		t.Errorf("sold: %+v", c)
	}
	total := func(spent string) string {
		w.log(t, w.one.agent, n, desk.Work{Spent: spent, Billable: true})
		return w.ticketTime(t, w.one.agent, n).Logged[0].Bill.Total.Number()
	}
	w.clock.pass(2 * time.Hour)
	if got := total("10"); got != "0.00" {
		t.Errorf("on its last day: %s", got)
	}
	w.clock.pass(24 * time.Hour)
	if got := total("60"); got != "90.00" {
		t.Errorf("a day later: %s", got)
	}
	if err := w.ExtendBlock(ctx, w.one.admin, w.one.first.id, b.ID, "2026-04-30"); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Hour)
	if got := total("60"); got != "0.00" {
		t.Errorf("after it was extended: %s", got)
	}
	left := made(w.MyBlocks(ctx, w.one.first.contact))
	if desk.MinutesLeft(left, w.clock.read(), paris) != 530 {
		t.Errorf("the customer reads %+v", left)
	}
	if err := w.CloseBlock(ctx, w.one.admin, w.one.first.id, b.ID); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Hour)
	if got := total("60"); got != "90.00" {
		t.Errorf("after it was closed: %s", got)
	}
	for field, s := range map[string]desk.BlockSettings{
		"block_name": {Time: "10"}, "block_time": {Name: "x", Time: "0"}, "block_price": {Name: "x", Time: "1", Price: "-5"},
		"block_starts": {Name: "x", Time: "1", Starts: "soon"}, "block_expires": {Name: "x", Time: "1", Expires: "2026-01-01"},
	} {
		err := w.AddBlock(ctx, w.one.admin, w.one.first.id, s)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := w.CloseBlock(ctx, w.one.admin, w.one.second.id, b.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another customer's: %v", err)
	}
}

// A request is charged once: with the first time on it, or when it ends, though
// it is the customer who ends it.
func TestARequestIsChargedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.offer(t, w.one, 1, "EUR", pricing.Terms{Model: pricing.Incident, Incident: "45.00"})
	worked, ended, open := w.submit(t, w.one.first.contact, desk.Submission{}), w.submit(t, w.one.first.contact, desk.Submission{}), w.submit(t, w.one.first.contact, desk.Submission{})
	w.log(t, w.one.agent, worked, desk.Work{Spent: "10", Billable: true})
	if err := errors.Join(w.CloseTicket(ctx, w.one.first.contact, worked), w.CloseTicket(ctx, w.one.first.contact, ended)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, n := range []int64{worked, ended, open} {
			if err := w.ProposeCharge(ctx, app.ChargeTicket{Desk: w.one.desk.ID, Ticket: n}); err != nil {
				t.Error(err)
			}
		}
	}
	if n := w.count(t, `select count(*) from river.river_job where kind = 'charge_ticket'`); n != 2 {
		t.Errorf("%d jobs", n)
	}
	incidents := map[int64]string{}
	for _, c := range w.charges(t, w.one, desk.Proposed) {
		if c.Kind == desk.ForIncident {
			incidents[c.TicketNumber] += c.Bill.Total.Number()
		}
	}
	if len(incidents) != 2 || incidents[worked] != "45.00" || incidents[ended] != "45.00" {
		t.Errorf("%v", incidents)
	}
}

func TestMonthsAreProposedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.clock.set(time.Date(2026, 1, 20, 9, 0, 0, 0, paris))
	w.offer(t, w.one, 1, "EUR", pricing.Terms{Model: pricing.Included, Monthly: "4.00"})
	err := w.db.Update(ctx, desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) error {
		end := desk.Day("2026-02-14")
		return errors.Join(
			tx.AddAgreement(desk.Agreement{ID: desk.NewID(), CustomerID: w.one.first.id, Name: "Office", SupportType: "standard", Users: 25, Starts: "2026-02-01"}),
			tx.AddAgreement(desk.Agreement{ID: desk.NewID(), CustomerID: w.one.first.id, SupportType: "standard", Users: 10, Starts: "2026-01-01", Ends: &end}),
			tx.AddAgreement(desk.Agreement{ID: desk.NewID(), CustomerID: w.one.second.id, SupportType: "standard", Users: 0, Starts: "2026-01-01"}),
			tx.AddAgreement(desk.Agreement{ID: desk.NewID(), CustomerID: w.one.second.id, SupportType: "standard", Users: 5, Starts: "2026-03-01"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.set(time.Date(2026, 3, 1, 0, 30, 0, 0, paris)) // still February in UTC
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if err := w.ChargeMonths(bg, app.ChargeMonth{Desk: w.one.desk.ID}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := map[string]string{}
	for _, c := range w.charges(t, w.one, desk.Proposed) {
		got[c.Text] += c.Bill.Total.Number() + " in " + string(c.Month)
	}
	if len(got) != 2 || got["Office"] != "100.00 in 2026-02" || got[""] != "20.00 in 2026-02" {
		t.Errorf("%v", got)
	}
	if err := errors.Join(w.FanOutMonths(ctx, app.ProposeMonthly{}), w.FanOutMonths(ctx, app.ProposeMonthly{})); err != nil {
		t.Error(err)
	}
	if n := w.count(t, `select count(*) from river.river_job where kind = 'charge_month'`); n != 2 { // one a desk
		t.Errorf("%d jobs", n)
	}
}

// account gives a customer one approved charge of a month, by hand.
func (w *world) charge(t *testing.T, o office, customer desk.ID, month, amount string) desk.ID {
	t.Helper()
	if err := w.AddCharge(t.Context(), o.lead, desk.Extra{Customer: customer, Month: month, Text: "By hand", Amount: amount, Key: desk.NewID()}); err != nil {
		t.Fatal(err)
	}
	for _, c := range w.charges(t, o, desk.Proposed) {
		if c.CustomerID == customer && c.Kind == desk.ForManual {
			made(w.DecideCharges(t.Context(), o.lead, []desk.ID{c.ID}, app.Approve, ""))
			return c.ID
		}
	}
	t.Fatal("no charge")
	return desk.Nobody
}

// However many issue a month at once, and whatever is approved meanwhile: one
// statement a customer, numbers without a gap, and no charge on two or on none.
func TestManyIssueTheSameMonth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.charge(t, w.one, w.one.first.id, "2026-02", "10")
	w.charge(t, w.one, w.one.second.id, "2026-02", "20")
	for range 12 {
		if err := w.AddCharge(t.Context(), w.one.lead, desk.Extra{Customer: w.one.first.id, Month: "2026-02", Text: "x", Amount: "1"}); err != nil {
			t.Fatal(err)
		}
	}
	proposed := ids(w.charges(t, w.one, desk.Proposed))
	statements := make([]desk.ID, 12)
	var wg sync.WaitGroup
	for i := range statements {
		wg.Go(func() {
			customer := []desk.ID{w.one.first.id, w.one.second.id}[i%2]
			statements[i] = made(w.IssueStatement(bg, w.one.lead, customer, "2026-02"))
		})
		wg.Go(func() { made(w.DecideCharges(bg, w.one.admin, proposed[i:i+1], app.Approve, "")) })
	}
	wg.Wait()
	if statements[0] == statements[1] || statements[0] == desk.Nobody {
		t.Errorf("statements %v", statements)
	}
	for i, s := range statements {
		if s != statements[i%2] {
			t.Errorf("the %dth to issue got another statement", i)
		}
	}
	book := made(w.MonthBook(t.Context(), w.one.lead, "2026-02"))
	if len(book.Issued) != 2 || book.Issued[0].Number() != "2026-02-001" || book.Issued[1].Number() != "2026-02-002" {
		t.Errorf("issued %+v", book.Issued)
	}
	// What was approved too late stands on the next one.
	next, err := w.IssueStatement(t.Context(), w.one.lead, w.one.first.id, "2026-03")
	lines := w.count(t, `select count(*) from charges where statement_id is not null`)
	var invalid desk.Invalid
	if err != nil && !errors.As(err, &invalid) || lines != 14 {
		t.Errorf("%d of 14 charges stand on statements, the next is %s (%v)", lines, next, err)
	}
	for _, s := range statements[:2] {
		p := made(w.Statement(t.Context(), w.one.lead, s))
		sum := made(desk.Totals(p.Lines))
		if len(p.Content.Totals) != 1 || p.Content.Totals[0] != sum[0] {
			t.Errorf("%s says %v, its lines %v", p.Number(), p.Content.Totals, sum)
		}
	}
}

func TestAStatementIsFrozen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.offer(t, w.one, 1, "EUR", prepaid)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	w.block(t, w.one, w.one.first.id, desk.BlockSettings{Name: "Ten hours", Time: "10 h"})
	w.clock.pass(time.Hour)
	w.log(t, w.one.agent, n, desk.Work{Spent: "45", Text: "Found the rule that moved the mails", Billable: true})
	w.charge(t, w.one, w.one.first.id, "2026-03", "12.34")
	w.offer(t, w.one, 2, "CHF", hourly) // the desk changes its currency
	w.log(t, w.one.agent, n, desk.Work{Spent: "15", Billable: true})
	if _, err := w.IssueStatement(ctx, w.one.lead, w.one.first.id, "2026-04"); err == nil {
		t.Error("a month that has not begun was issued")
	}
	if _, err := w.IssueStatement(ctx, w.one.lead, w.one.second.id, "2026-03"); err == nil {
		t.Error("an empty statement was issued")
	}
	made(w.DecideCharges(ctx, w.one.lead, ids(w.charges(t, w.one, desk.Proposed)), app.Approve, ""))
	id := made(w.IssueStatement(ctx, w.one.lead, w.one.first.id, "2026-03"))
	p := made(w.Statement(ctx, w.one.first.manager, id))
	if p.Number() != "2026-03-001" || len(p.Lines) != 3 || p.Content.Customer != "First" || p.Content.Tax["en"] != "Before tax" {
		t.Errorf("%+v", p)
	}
	if got := fmt.Sprint(p.Content.Totals); got != "[{22.50 CHF} {12.34 EUR}]" {
		t.Errorf("totals %s", got)
	}
	if len(p.Content.Blocks) != 1 || p.Content.Blocks[0].Drawn != 45 || p.Content.Blocks[0].Left != 555 {
		t.Errorf("blocks %+v", p.Content.Blocks)
	}
	for _, l := range p.Lines {
		if done, err := w.DecideCharges(ctx, w.one.lead, []desk.ID{l.ID}, app.Review, ""); done != 0 || err != nil {
			t.Errorf("an issued charge was put back (%v)", err)
		}
		if err := w.AdjustCharge(ctx, w.one.lead, l.ID, "-1", "r"); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("an issued charge was adjusted: %v", err)
		}
	}
	if err := w.RemoveTime(ctx, w.one.agent, n, w.ticketTime(t, w.one.agent, n).Logged[0].ID); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("issued work was removed: %v", err)
	}
	for who, want := range map[*desk.Actor]error{&w.one.first.contact: desk.ErrForbidden, &w.one.agent: desk.ErrForbidden, &w.one.second.manager: desk.ErrNotFound,
		&w.two.lead: desk.ErrNotFound, &w.two.first.manager: desk.ErrNotFound} {
		if _, err := w.Statement(ctx, *who, id); !errors.Is(err, want) {
			t.Errorf("%s reads it: %v", who.Person.Email, err)
		}
	}
	if mine := made(w.MyStatements(ctx, w.one.first.manager)); len(mine) != 1 || mine[0].ID != id {
		t.Errorf("the manager's list: %+v", mine)
	}
}

func TestAReviewDecidesWhatIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	for range 3 {
		if err := w.AddCharge(ctx, w.one.lead, desk.Extra{Customer: w.one.first.id, Month: "2026-02", Text: "x", Amount: "1.50"}); err != nil {
			t.Fatal(err)
		}
	}
	all := ids(w.charges(t, w.one, desk.Proposed))
	if n, err := w.DecideCharges(ctx, w.one.lead, append(all[:1:1], all[0]), app.Approve, ""); n != 1 || err != nil {
		t.Errorf("one named twice: %d (%v)", n, err)
	}
	if n, err := w.DecideCharges(ctx, w.one.lead, all, app.Waive, "Too small"); n != 2 || err != nil {
		t.Errorf("%d waived (%v)", n, err)
	}
	for field, call := range map[string]func() (int, error){
		"charge": func() (int, error) { return w.DecideCharges(ctx, w.one.lead, nil, app.Approve, "") },
		"reason": func() (int, error) { return w.DecideCharges(ctx, w.one.lead, all, app.Waive, " ") },
		"do":     func() (int, error) { return w.DecideCharges(ctx, w.one.lead, all, "forget", "") },
	} {
		_, err := call()
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := w.DecideCharges(ctx, w.two.lead, all, app.Approve, ""); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk decides: %v", err)
	}
	for field, x := range map[string]desk.Extra{
		"customer": {Month: "2026-02", Text: "x", Amount: "1"}, "month": {Customer: w.one.first.id, Month: "2026-13", Text: "x", Amount: "1"},
		"what": {Customer: w.one.first.id, Month: "2026-02", Text: strings.Repeat("x", 501), Amount: "1"}, "amount": {Customer: w.one.first.id, Month: "2026-02", Text: "x", Amount: "1.234"},
		"ticket": {Customer: w.one.first.id, Month: "2026-02", Text: "x", Amount: "1", Ticket: "999999"},
	} {
		err := w.AddCharge(ctx, w.one.lead, x)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := w.AddCharge(ctx, w.one.lead, desk.Extra{Customer: w.two.first.id, Month: "2026-02", Text: "x", Amount: "1"}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's customer: %v", err)
	}
	x := desk.Extra{Customer: w.one.first.id, Month: "2026-02", Text: "Credit", Amount: "-7,50", Key: desk.NewID()}
	if err := errors.Join(w.AddCharge(ctx, w.one.lead, x), w.AddCharge(ctx, w.one.lead, x)); err != nil {
		t.Error(err)
	}
	rows := w.charges(t, w.one, desk.Proposed)
	if len(rows) != 1 || rows[0].Bill.Total.Number() != "-7.50" {
		t.Fatalf("%+v", rows)
	}
	if err := w.AdjustCharge(ctx, w.one.lead, rows[0].ID, "2.50", "Half of it"); err != nil {
		t.Error(err)
	}
	if c := made(w.Charge(context.Background(), w.one.lead, rows[0].ID)); c.Bill.Total.Number() != "-5.00" || c.Reason != "Half of it" {
		t.Errorf("%+v", c)
	}
}
