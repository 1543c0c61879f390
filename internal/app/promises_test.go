package app_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/pricing"
)

// offers publishes an offer for a desk and agrees on a type with a customer.
func (w *world) offers(t *testing.T, o office, version int, change func(*desk.Offer), agreed ...desk.Agreement) {
	t.Helper()
	content := desk.FirstOffer(o.desk).Content
	content.Types = append(content.Types, desk.SupportType{Key: "round", Name: desk.Text{"fr": "24 × 7"}, Calendar: "always",
		Targets: map[desk.Impact]desk.Targets{desk.Stopped: {FirstReply: 15, NextReply: 15, Resolution: 240}, desk.Slowed: {FirstReply: 30, NextReply: 30, Resolution: 480},
			desk.Minor: {FirstReply: 60}}, Terms: pricing.Terms{Model: pricing.Included}})
	if change != nil {
		change(&content)
	}
	err := w.db.At(w.clock.read).Update(t.Context(), desk.Scope{Desk: o.desk.ID}, func(tx *postgres.Tx) error {
		for _, g := range agreed {
			if err := tx.AddAgreement(g); err != nil {
				return err
			}
		}
		return tx.AddOffer(desk.OfferVersion{Version: version, Content: content, PersonID: o.admin.Person.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.set(w.clock.read().Add(6 * time.Second)) // another process's publication is seen after a few
}

func agreed(c company, kind string, services ...string) desk.Agreement {
	return desk.Agreement{ID: desk.NewID(), CustomerID: c.id, SupportType: kind, Services: services, Starts: "2026-01-01"}
}

func live(k desk.Ticket, c desk.Clock) *desk.Promise {
	for i, p := range k.Promises {
		if p.Clock == c && p.Ended == nil {
			return &k.Promises[i]
		}
	}
	return nil
}

// A customer is promised what his type says, for the service that it is for.
func TestATicketIsPromisedByItsCustomersType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.offers(t, w.one, 1, nil, agreed(w.one.first, "round", "m365"))
	asked := w.clock.read()
	teams := w.thread(t, w.one, w.submit(t, w.one.first.contact, desk.Submission{})).Ticket
	if p := live(teams, desk.FirstReply); teams.SupportType != "round" || teams.Offer != 1 || p == nil || !p.Due.Equal(asked.Add(30*time.Minute)) {
		t.Errorf("%s of offer %d: %+v", teams.SupportType, teams.Offer, p)
	}
	if p := live(teams, desk.Resolution); p == nil || !p.Due.Equal(asked.Add(8*time.Hour)) || !teams.DueAt.Equal(asked.Add(30*time.Minute)) {
		t.Errorf("to be settled: %+v, due first %v", p, teams.DueAt)
	}
	azure := w.thread(t, w.one, w.submit(t, w.one.first.contact, desk.Submission{Subject: "s", Body: "b", Service: "Azure Storage", Impact: "slowed"})).Ticket
	other := w.thread(t, w.one, w.submit(t, w.one.second.contact, desk.Submission{})).Ticket
	for _, k := range []desk.Ticket{azure, other} {
		if k.SupportType != "standard" || !k.DueAt.Equal(asked.Add(2*time.Hour)) || live(k, desk.Resolution) != nil {
			t.Errorf("%s, due %v", k.SupportType, k.DueAt)
		}
	}
}

// The desk's time to settle stands still while it waits for others, and each
// side's time is told apart.
func TestEachSidesTimeIsToldApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.offers(t, w.one, 1, nil, agreed(w.one.first, "round"))
	asked := w.clock.read()
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	after := func(d time.Duration) { w.clock.set(asked.Add(d)) }
	after(10 * time.Minute)
	w.reply(t, w.one.agent, n, app.Reply{Then: desk.WaitingCustomer})
	after(70 * time.Minute)
	w.reply(t, w.one.first.contact, n, app.Reply{})
	after(80 * time.Minute)
	w.reply(t, w.one.agent, n, app.Reply{Then: desk.WaitingMicrosoft})
	after(200 * time.Minute)
	k := w.thread(t, w.one, n).Ticket
	if p := live(k, desk.Resolution); p == nil || p.Due != nil || p.Spent != 20*time.Minute {
		t.Errorf("while at Microsoft: %+v", p)
	}
	if s := k.Sides(w.clock.read()); s.Desk != 20*time.Minute || s.Customer != time.Hour || s.Microsoft != 2*time.Hour {
		t.Errorf("sides %+v", s)
	}
	if err := w.SetState(t.Context(), w.one.agent, n, desk.Open); err != nil {
		t.Fatal(err)
	}
	if p := live(w.thread(t, w.one, n).Ticket, desk.Resolution); p == nil || !p.Due.Equal(asked.Add(200*time.Minute+8*time.Hour-20*time.Minute)) {
		t.Errorf("back at the desk: %+v", p)
	}
	after(210 * time.Minute)
	if err := w.SetState(t.Context(), w.one.agent, n, desk.Resolved); err != nil {
		t.Fatal(err)
	}
	rows := made(w.sql(t).Query(t.Context(), `select clock || ' ' || ending || ' ' || spent / 60 from kept_promises order by ended_at, clock`))
	kept := made(pgx.CollectRows(rows, pgx.RowTo[string]))
	want := []string{"first_reply met 10", "with_customer counted 60", "next_reply met 10", "with_microsoft counted 120", "resolution met 30"}
	if !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
}

// Only a person's reply ends the clock of the first one.
func TestOnlyAReplyStopsTheFirstClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	for _, s := range []desk.State{desk.Open, desk.WaitingCustomer, desk.WaitingMicrosoft, desk.Open} {
		if err := w.SetState(t.Context(), w.one.agent, n, s); err != nil {
			t.Fatal(err)
		}
		if k := w.thread(t, w.one, n).Ticket; k.Clock != desk.FirstReply || !k.DueAt.Equal(monday.Add(2*time.Hour)) {
			t.Errorf("%s: clock %q due %v", s, k.Clock, k.DueAt)
		}
	}
	if err := w.AssignTicket(t.Context(), w.one.agent, n, w.one.agent.Person.ID); err != nil {
		t.Fatal(err)
	}
	w.reply(t, w.one.agent, n, app.Reply{Internal: true})
	if k := w.thread(t, w.one, n).Ticket; k.Clock != desk.FirstReply {
		t.Errorf("a note stops it: %+v", k)
	}
	w.reply(t, w.one.agent, n, app.Reply{})
	if k := w.thread(t, w.one, n).Ticket; k.Clock != "" || k.RepliedAt == nil {
		t.Errorf("a reply does not: %+v", k)
	}
}

// Whoever the ladder names is told, once a rung.
func TestTheLadderIsClimbedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{}) // due in two hours
	quiet := w.submit(t, w.two.first.contact, desk.Submission{})
	if err := w.AssignTicket(t.Context(), w.one.agent, n, w.one.agent.Person.ID); err != nil {
		t.Fatal(err)
	}
	w.reply(t, w.two.agent, quiet, app.Reply{})
	ring := func(at time.Duration) {
		t.Helper()
		w.clock.set(monday.Add(at))
		for range 2 { // a second worker finds nothing left to do
			if err := w.RingClocks(t.Context(), app.Ring{}); err != nil {
				t.Fatal(err)
			}
			for _, o := range []office{w.one, w.two} {
				if err := w.WarnOfDeadlines(t.Context(), app.Warn{Desk: o.desk.ID}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	told := func() (to []string) {
		rows := made(w.sql(t).Query(t.Context(), `select p.role from river.river_job j join people p on p.id = (j.args ->> 'to')::uuid
			where j.kind = 'notice' and j.args ->> 'about' = 'due' order by j.id`))
		return made(pgx.CollectRows(rows, pgx.RowTo[string]))
	}
	for _, step := range []struct {
		at   time.Duration
		want []string
	}{
		{104 * time.Minute, nil},
		{105 * time.Minute, []string{"agent"}},
		{119 * time.Minute, []string{"agent"}},
		{121 * time.Minute, []string{"agent", "lead"}},
		{300 * time.Minute, []string{"agent", "lead", "admin"}},
		{900 * time.Minute, []string{"agent", "lead", "admin"}},
	} {
		if ring(step.at); !slices.Equal(told(), step.want) {
			t.Errorf("after %v: told %q, want %q", step.at, told(), step.want)
		}
	}
	if warned := w.count(t, `select count(*) from river.river_job where kind = 'warn' and (args ->> 'desk')::uuid = $1`, w.two.desk.ID); warned != 0 {
		t.Errorf("a desk without deadlines got %d jobs", warned)
	}
	if n := w.count(t, `select count(*) from events where kind = 'warned' and internal`); n != 3 {
		t.Errorf("%d lines on the timeline", n)
	}
}

// After the offer or an agreement changed, open tickets follow, and what was
// promised before is kept.
func TestPromisesFollowTheOffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.submit(t, w.one.first.contact, desk.Submission{}), w.submit(t, w.one.second.contact, desk.Submission{})
	ended := w.submit(t, w.one.second.contact, desk.Submission{})
	if err := w.CloseTicket(t.Context(), w.one.second.contact, ended); err != nil {
		t.Fatal(err)
	}
	before := *w.thread(t, w.one, first).Ticket.DueAt
	w.offers(t, w.one, 1, func(o *desk.Offer) {
		o.Types[0].Targets[desk.Slowed] = desk.Targets{FirstReply: 60, NextReply: 60}
	}, agreed(w.one.second, "round"))
	r := desk.NewRecalculation(w.one.admin.Person.ID, desk.BecauseOffer, desk.Nobody)
	add := func(r desk.Recalculation) {
		t.Helper()
		err := w.db.At(w.clock.read).Update(t.Context(), desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) error { return tx.AddRecalculation(r) })
		if err == nil {
			err = w.Recalculate(t.Context(), app.Reckoning{Desk: w.one.desk.ID, ID: r.ID})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add(r)
	k := w.thread(t, w.one, first).Ticket
	p := live(k, desk.FirstReply)
	if !k.DueAt.Equal(monday.Add(time.Hour)) || p.Target != 60 || p.Offer != 1 || len(p.Was) != 1 || !p.Was[0].Due.Equal(before) || p.Was[0].Because != desk.BecauseOffer {
		t.Errorf("%v: %+v", k.DueAt, p)
	}
	if k.Offer != 0 {
		t.Errorf("it came in the days of offer %d", k.Offer)
	}
	if k := w.thread(t, w.one, second).Ticket; k.SupportType != "round" || live(k, desk.Resolution) == nil || !slices.Contains(kinds(w.thread(t, w.one, second)), desk.EventPromise) {
		t.Errorf("agreed on another type: %+v", k)
	}
	var done desk.Recalculation
	err := w.db.View(t.Context(), desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) (err error) {
		done, err = tx.Recalculation(r.ID)
		return err
	})
	if err != nil || done.State != desk.RecalculationDone || done.Total != 2 || done.Done != 2 || done.Changed != 2 {
		t.Errorf("%+v (%v)", done, err)
	}
	was := string(made(json.Marshal(w.thread(t, w.one, first).Ticket.Promises)))
	add(desk.NewRecalculation(w.one.admin.Person.ID, desk.BecauseAgreement, desk.Nobody))
	if again := string(made(json.Marshal(w.thread(t, w.one, first).Ticket.Promises))); again != was {
		t.Errorf("a second time changes\n%s\nto\n%s", was, again)
	}
}

func TestPromisesFollowTheImpact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	if err := w.SetImpact(t.Context(), w.one.agent, n, desk.Stopped); err != nil {
		t.Fatal(err)
	}
	th := w.thread(t, w.one, n)
	if k := th.Ticket; k.Impact != desk.Stopped || !k.DueAt.Equal(monday.Add(time.Hour)) || live(k, desk.FirstReply).Was[0].Because != desk.BecauseImpact {
		t.Errorf("%+v", k)
	}
	if !slices.Contains(kinds(th), desk.EventImpact) {
		t.Errorf("the timeline says %q", kinds(th))
	}
	if err := w.SetImpact(t.Context(), w.one.agent, n, "huge"); err == nil {
		t.Error("an impact that nobody offers")
	}
}

// What costs something is sent with its price accepted, and that is kept.
func TestAPriceIsAcceptedBeforeWorkBegins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.offers(t, w.one, 1, func(o *desk.Offer) {
		o.Types[1].Terms = pricing.Terms{Model: pricing.Incident, Incident: "90"}
	}, agreed(w.one.first, "round"))
	s := desk.Submission{Subject: "s", Body: "b", Impact: "slowed"}
	l, _ := made2(w.Mine(t.Context(), w.one.first.contact, ""))
	q := made(w.Quote(t.Context(), w.one.first.contact, l, w.one.first.id))
	if !q.Charged() || q.Amount.Number() != "90.00" {
		t.Errorf("quote %+v", q)
	}
	for price, key := range map[string]string{"": "error.accept", "1/round/incident/10.00/EUR": "error.price_changed"} {
		s.Accepted = price
		_, err := w.SubmitTicket(t.Context(), w.one.first.contact, s, desk.Nobody)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != "accept" || invalid.Problems[0].Key != key {
			t.Errorf("%q: %v", price, err)
		}
	}
	if n := w.count(t, `select count(*) from tickets`); n != 0 {
		t.Errorf("%d tickets all the same", n)
	}
	s.Accepted = l.Price(q)
	n := made(w.SubmitTicket(t.Context(), w.one.first.contact, s, desk.Nobody))
	a := w.thread(t, w.one, n).Acceptance
	if a == nil || a.Quote.Amount.Number() != "90.00" || a.PersonName != "contact" || a.Offer != 1 || a.SupportType != "round" {
		t.Errorf("kept %+v", a)
	}
	if other := w.submit(t, w.one.second.contact, desk.Submission{}); w.thread(t, w.one, other).Acceptance != nil {
		t.Error("a request that costs nothing has a price")
	}
}

func made2[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}
