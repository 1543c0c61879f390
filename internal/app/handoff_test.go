package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// A pair is a reseller's desk (two) and its provider's (one), linked, with a
// customer of the reseller whose requests go to its provider.
type pair struct {
	*world
	customer company    // of the reseller
	speaker  desk.Actor // by whom the provider knows the reseller
	link     desk.ID
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{world: newWorld(t)}
	p.linkUp(t)
	p.customer.id = made(p.AddCustomer(t.Context(), p.two.admin, desk.CustomerSettings{Name: "Bakery", Tenant: desk.NewID().String(), Relationship: desk.Reseller}))
	p.customer.contact = p.invite(t, p.two, desk.PersonSettings{Name: "Baker", Email: "baker@bakery.example", Role: desk.Contact, CustomerID: p.customer.id})
	return p
}

func (p *pair) linkUp(t *testing.T) {
	t.Helper()
	reseller := made(p.AddCustomer(t.Context(), p.one.admin, desk.CustomerSettings{Name: "Two Ltd", Tenant: desk.NewID().String(), Relationship: desk.Provider}))
	p.speaker = p.invite(t, p.one, desk.PersonSettings{Name: "Yves", Email: "yves@two.example", Role: desk.Manager, CustomerID: reseller})
	if err := p.AskProviderLink(t.Context(), p.two.admin, app.LinkForm{Side: desk.ResellerSide, Slug: "one"}); err != nil {
		t.Fatal(err)
	}
	list, people, err := p.ProviderLinks(t.Context(), p.one.admin)
	if err != nil || len(list) != 1 || list[0].OtherSlug != "two" || len(people) != 1 || len(people[0].People) != 1 {
		t.Fatalf("the provider is asked: %+v, %+v, %v", list, people, err)
	}
	p.link = list[0].ID
	if err := p.AcceptLink(t.Context(), p.one.admin, p.link, p.speaker.Person.ID); err != nil {
		t.Fatal(err)
	}
}

// escalated files a new escalation of the reseller, and returns its number and
// that of its ticket.
func (p *pair) escalated(t *testing.T) (escalation, ticket int64) {
	t.Helper()
	escalation = p.begun(t)
	if err := p.FileEscalation(t.Context(), p.two.agent, escalation, 0, desk.Filing{Anyway: true}); err != nil {
		t.Fatal(err)
	}
	return escalation, p.escalation(t, escalation).Thread.Ticket.Number
}

// begun is one that is being prepared.
func (p *pair) begun(t *testing.T) int64 {
	t.Helper()
	ticket := p.submit(t, p.customer.contact, desk.Submission{Subject: "No mail since nine", Body: "Our mails do not arrive. Call me on +33 6 11 22 33 44.", Service: "Exchange Online", Impact: "stopped", Affected: "whole_tenant"})
	for _, kind := range []string{"health", "reproduced"} {
		if err := p.RecordFinding(t.Context(), p.two.agent, ticket, kind, "confirmed", "seen by us"); err != nil {
			t.Fatal(err)
		}
	}
	p.reply(t, p.two.agent, ticket, app.Reply{Body: "a note of ours", Internal: true})
	return made(p.BeginEscalation(t.Context(), p.two.agent, ticket, app.Begin{Reason: "not ours"}))
}

// work works what crosses desks until nothing is left, as the queue does.
func (p *pair) work(t *testing.T) {
	t.Helper()
	c := p.sql(t)
	for range 20 {
		rows := made(c.Query(t.Context(), `with gone as (delete from river.river_job where kind in ('take_handoff', 'handoff_word', 'leave_handoffs') returning id, kind, args) select * from gone order by id`))
		jobs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
			ID   int64
			Kind string
			Args []byte
		}])
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			if err := p.job(t.Context(), j.Kind, j.Args); err != nil {
				t.Fatalf("%s %s: %v", j.Kind, j.Args, err)
			}
		}
	}
	t.Fatal("the desks never stop telling each other")
}

func (p *pair) job(ctx context.Context, kind string, b []byte) error {
	switch kind {
	case "take_handoff":
		var j app.TakeHandoff
		return errors.Join(json.Unmarshal(b, &j), p.TakeHandoff(ctx, j))
	case "handoff_word":
		var j app.HandoffWord
		return errors.Join(json.Unmarshal(b, &j), p.PassOn(ctx, j))
	}
	var j app.LeaveHandoffs
	return errors.Join(json.Unmarshal(b, &j), p.LeaveLink(ctx, j))
}

func (p *pair) escalation(t *testing.T, n int64) desk.EscalationStory {
	t.Helper()
	return made(p.Escalation(t.Context(), p.two.agent, n))
}

// provided finds the provider's ticket.
func (p *pair) provided(t *testing.T) desk.Thread {
	t.Helper()
	rows, _, err := p.ReadQueue(t.Context(), p.one.agent, desk.QueueFilter{View: desk.ViewAll, Customer: p.speaker.Person.CustomerID})
	if err != nil || len(rows) == 0 {
		t.Fatalf("the provider's queue: %v, %v", rows, err)
	}
	return p.thread(t, p.one, rows[0].Number)
}

// From the reseller's customer to the provider's agent and back.
func TestARequestIsHandedToTheProvider(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n, ticket := p.escalated(t)
	if k := p.thread(t, p.two, ticket).Ticket; k.State != desk.WaitingThirdParty {
		t.Errorf("the customer's ticket is %s", k.State)
	}
	p.work(t)
	k := p.provided(t)
	s := p.escalation(t, n)
	if s.Request != fmt.Sprintf("one #%d", k.Ticket.Number) || s.Target != route.Provider {
		t.Errorf("the escalation's request is %q", s.Request)
	}
	if k.Ticket.State != desk.New || k.Ticket.Impact != desk.Stopped || k.Ticket.Service != "Exchange Online" || k.Requester.ID != p.speaker.Person.ID || len(k.Ticket.Promises) == 0 || k.Decision.Verdict.Rule == "" {
		t.Errorf("the provider's ticket: %+v", k.Ticket)
	}
	h, ok, err := p.HandedOn(t.Context(), p.one.agent, k.Ticket.ID)
	if err != nil || !ok || h.Reseller != "Desk two" || len(h.Dossier.Fields) == 0 {
		t.Errorf("its page: %+v, %v, %v", h, ok, err)
	}

	p.reply(t, p.one.agent, k.Ticket.Number, app.Reply{Body: "Which mailbox?", Then: desk.WaitingCustomer})
	p.reply(t, p.one.agent, k.Ticket.Number, app.Reply{Body: "a note of the provider", Internal: true})
	p.work(t)
	s = p.escalation(t, n)
	if s.State != desk.EscalationWaitsUs || len(s.Entries) != 1 || s.Entries[0].Body != "Which mailbox?" || s.Entries[0].Side != desk.Them || s.Entries[0].Source != desk.FromHandoff || s.RepliedAt == nil {
		t.Errorf("the provider's word at the reseller's: %s, %+v", s.State, s.Entries)
	}

	if err := p.EnterEntry(t.Context(), p.two.agent, n, 0, desk.EntryForm{Side: desk.Us, Text: "Sales"}, nil); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	k = p.provided(t)
	if last := k.Said[len(k.Said)-1]; last.Body != "Sales" || last.AuthorID != p.speaker.Person.ID || k.Ticket.State != desk.Open {
		t.Errorf("the reseller's word at the provider's: %+v, %s", last, k.Ticket.State)
	}
	if s = p.escalation(t, n); s.State != desk.EscalationFiled {
		t.Errorf("the provider goes on, and the escalation is %s", s.State)
	}

	if err := p.SetState(t.Context(), p.one.agent, k.Ticket.Number, desk.Resolved); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	if s = p.escalation(t, n); s.State != desk.EscalationMitigated {
		t.Errorf("resolved there, and the escalation is %s", s.State)
	}
	if err := p.CloseTicket(t.Context(), p.one.agent, k.Ticket.Number); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	s = p.escalation(t, n)
	if th := p.thread(t, p.two, ticket); s.Ending != desk.EndedSolved || th.Ticket.State != desk.WaitingCustomer {
		t.Errorf("closed there: %s, and the customer's ticket is %s", s.Ending, th.Ticket.State)
	}
	p.nothingElseCrossed(t)
}

// nothingElseCrossed reads all that either desk has written, and looks for words of
// the other that were never told.
func (p *pair) nothingElseCrossed(t *testing.T) {
	t.Helper()
	all := ""
	for _, table := range []string{"handoffs", "handoff_items"} {
		var text string
		if err := p.sql(t).QueryRow(t.Context(), `select coalesce(string_agg(to_jsonb(x)::text, ' '), '') from `+table+` x`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all += text
	}
	for _, secret := range []string{"a note of ours", "a note of the provider", "baker@bakery.example", "Baker\"", p.one.first.id.String(), p.two.first.id.String()} {
		if strings.Contains(all, secret) {
			t.Errorf("%q crossed", secret)
		}
	}
}

func TestHandoffsAreReturnedWithAReason(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n, ticket := p.escalated(t)
	p.work(t)
	k := p.provided(t)
	var wrong desk.Invalid
	if err := p.ReturnHandoff(t.Context(), p.one.agent, k.Ticket.Number, " "); !errors.As(err, &wrong) {
		t.Errorf("without a reason: %v", err)
	}
	if err := p.ReturnHandoff(t.Context(), p.one.agent, k.Ticket.Number, "No trace attached"); err != nil {
		t.Fatal(err)
	}
	if err := p.ReturnHandoff(t.Context(), p.one.agent, k.Ticket.Number, "No trace attached"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second press: %v", err)
	}
	p.work(t)
	if s, th := p.escalation(t, n), p.thread(t, p.two, ticket); s.Ending != desk.EndedReturned || s.EndedWhy != "No trace attached" || th.Ticket.State != desk.Open {
		t.Errorf("returned: %s %q, the ticket %s", s.Ending, s.EndedWhy, th.Ticket.State)
	}
	own := p.submit(t, p.one.first.contact, desk.Submission{})
	if err := p.ReturnHandoff(t.Context(), p.one.agent, own, "not ours"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a ticket that nobody handed over: %v", err)
	}
}

// Either desk ends it while the other does: once at each, whoever hears first.
func TestBothSidesEndAtOnce(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n, ticket := p.escalated(t)
	p.work(t)
	k := p.provided(t).Ticket
	if err := p.EndEscalation(t.Context(), p.two.agent, n, 0, desk.EndedWithdrawn, "solved by itself"); err != nil {
		t.Fatal(err)
	}
	if err := p.CloseTicket(t.Context(), p.one.agent, k.Number); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	s, th := p.escalation(t, n), p.thread(t, p.one, k.Number)
	if s.Ending != desk.EndedWithdrawn || th.Ticket.State != desk.Closed {
		t.Errorf("%s and %s", s.Ending, th.Ticket.State)
	}
	over := 0
	for _, e := range s.Events {
		if e.Kind == desk.EscalationOver {
			over++
		}
	}
	if n := count(kinds(th), desk.EventClosed); n != 1 || over != 1 {
		t.Errorf("closed %d times, ended %d times", n, over)
	}
	if k := p.thread(t, p.two, ticket).Ticket; k.State != desk.Open {
		t.Errorf("the customer's ticket is %s", k.State)
	}
}

func count(list []desk.EventKind, kind desk.EventKind) (n int) {
	for _, k := range list {
		if k == kind {
			n++
		}
	}
	return n
}

// The reseller takes it back: the provider's ticket closes with his reason.
func TestTheResellerTakesARequestBack(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n, _ := p.escalated(t)
	p.work(t)
	if err := p.EndEscalation(t.Context(), p.two.agent, n, 0, desk.EndedWithdrawn, "the customer found it"); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	th := p.provided2(t)
	if last := th.Said[len(th.Said)-1]; th.Ticket.State != desk.Closed || last.Body != "the customer found it" {
		t.Errorf("%s, %q", th.Ticket.State, last.Body)
	}
	p.reply(t, p.one.agent, th.Ticket.Number, app.Reply{Body: "too late"})
	p.work(t)
	if s := p.escalation(t, n); len(s.Entries) != 0 {
		t.Errorf("what is over still hears: %+v", s.Entries)
	}
}

func (p *pair) provided2(t *testing.T) desk.Thread {
	t.Helper()
	rows, _, err := p.ReadQueue(t.Context(), p.one.agent, desk.QueueFilter{View: desk.ViewEnded, Customer: p.speaker.Person.CustomerID})
	if err != nil || len(rows) != 1 {
		t.Fatalf("the provider's queue: %v, %v", rows, err)
	}
	return p.thread(t, p.one, rows[0].Number)
}

// errDied is a worker that dies before its transaction is committed.
var errDied = errors.New("died")

// A worker that dies half-way, a job that runs twice and two workers at once lose
// and double nothing.
func TestWorkersDieAndNothingIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n, _ := p.escalated(t)
	p.work(t)
	k := p.provided(t).Ticket
	for i := range 5 {
		if err := p.EnterEntry(t.Context(), p.two.agent, n, 0, desk.EntryForm{Side: desk.Us, Text: fmt.Sprintf("word %d", i)}, nil); err != nil {
			t.Fatal(err)
		}
		p.reply(t, p.one.agent, k.Number, app.Reply{Body: fmt.Sprintf("answer %d", i)})
	}
	var handoff desk.ID
	if err := p.sql(t).QueryRow(t.Context(), `select id from handoffs`).Scan(&handoff); err != nil {
		t.Fatal(err)
	}
	// It dies in the middle of its statements: the database ends its session at some
	// of the items that it marks, whatever was done of the transaction before.
	super := p.sql(t)
	for _, sql := range []string{`create sequence doom`, `grant usage on sequence doom to guichet_app`,
		`create function die() returns trigger language plpgsql as $$ begin
			if nextval('doom') in (1, 3, 6, 8, 11, 12) then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if; return new; end $$`,
		`create trigger die before update on handoff_items for each row execute function die()`} {
		if _, err := super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	died := 0
	for range 5 {
		for _, d := range []desk.ID{p.one.desk.ID, p.two.desk.ID} {
			if err := p.TakeHandoff(t.Context(), app.TakeHandoff{Desk: d, Handoff: handoff}); err != nil {
				died++
			}
		}
	}
	if died < 3 {
		t.Errorf("only %d workers died", died)
	}
	var both sync.WaitGroup
	for range 4 {
		for _, d := range []desk.ID{p.one.desk.ID, p.two.desk.ID} {
			both.Go(func() {
				for range 20 { // some die now, too
					if p.TakeHandoff(t.Context(), app.TakeHandoff{Desk: d, Handoff: handoff}) == nil {
						return
					}
				}
			})
		}
	}
	both.Wait()
	p.work(t)
	said := p.thread(t, p.one, k.Number).Said
	s := p.escalation(t, n)
	for i := range 5 {
		words, answers := 0, 0
		for _, m := range said {
			if m.Body == fmt.Sprintf("word %d", i) {
				words++
			}
		}
		for _, e := range s.Entries {
			if e.Side == desk.Them && e.Body == fmt.Sprintf("answer %d", i) {
				answers++
			}
		}
		if words != 1 || answers != 1 {
			t.Errorf("word %d came %d times, answer %d times", i, words, answers)
		}
	}
	if left := p.count(t, `select count(*)::int from handoff_items where taken_at is null`); left != 0 {
		t.Errorf("%d items are left", left)
	}
}

// Two workers that open the same hand-off make one ticket of it.
func TestTwoWorkersOpenOneTicket(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.escalated(t)
	var handoff desk.ID
	if err := p.sql(t).QueryRow(t.Context(), `select id from handoffs`).Scan(&handoff); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := p.TakeHandoff(t.Context(), app.TakeHandoff{Desk: p.one.desk.ID, Handoff: handoff}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	p.work(t)
	if n := p.count(t, `select count(*)::int from tickets where customer_id = $1`, p.speaker.Person.CustomerID); n != 1 {
		t.Errorf("%d tickets", n)
	}
	// A transaction that is rolled back leaves it to be taken.
	p.escalated(t)
	err := p.db.Update(t.Context(), desk.Scope{Desk: p.one.desk.ID}, func(tx *postgres.Tx) error {
		if _, err := tx.UntakenItems(desk.Handoff{ID: handoff, ProviderID: p.one.desk.ID, ResellerID: p.two.desk.ID}); err != nil {
			return err
		}
		return errDied
	})
	if !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	p.work(t)
	if n := p.count(t, `select count(*)::int from tickets where customer_id = $1`, p.speaker.Person.CustomerID); n != 2 {
		t.Errorf("%d tickets", n)
	}
}

// A provider that leaves: the reseller prepares anew, the provider's ticket stays.
func TestAProviderLeaves(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n, ticket := p.escalated(t)
	p.work(t)
	k := p.provided(t).Ticket
	late, _ := p.escalated(t) // filed, and not taken yet
	if err := p.EndLink(t.Context(), p.one.admin, p.link); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	for _, n := range []int64{n, late} {
		s := p.escalation(t, n)
		if s.State != desk.EscalationPreparing || s.Request != "" || s.FiledAt != nil {
			t.Errorf("escalation %d is %s, %q", n, s.State, s.Request)
		}
	}
	if th := p.thread(t, p.two, ticket); th.Ticket.State != desk.Open {
		t.Errorf("the customer's ticket is %s", th.Ticket.State)
	}
	if th := p.thread(t, p.one, k.Number); count(kinds(th), desk.EventHandoffLeft) != 1 || th.Ticket.State.Ended() {
		t.Errorf("the provider's ticket: %s, %v", th.Ticket.State, kinds(th))
	}
	if n := p.count(t, `select count(*)::int from tickets where customer_id = $1`, p.speaker.Person.CustomerID); n != 1 {
		t.Errorf("%d tickets at the provider's, who left before he took the second", n)
	}
	// Filed again there is no link: by hand, as ever.
	if err := p.FileEscalation(t.Context(), p.two.agent, n, 0, desk.Filing{Request: "ABC-1", Anyway: true}); err != nil {
		t.Fatal(err)
	}
	p.reply(t, p.one.agent, k.Number, app.Reply{Body: "nobody hears this"})
	p.work(t)
	if s := p.escalation(t, n); s.Request != "ABC-1" || len(s.Entries) != 0 {
		t.Errorf("by hand: %q, %+v", s.Request, s.Entries)
	}
}

// Nobody is linked who did not agree, and nobody agrees for the other.
func TestLinksNeedBothDesks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := &pair{world: w}
	for name, f := range map[string]app.LinkForm{"itself": {Side: desk.ResellerSide, Slug: "two"}, "no desk": {Side: desk.ResellerSide, Slug: "nobody"}, "no side": {Slug: "one"},
		"a provider without a speaker": {Side: desk.ProviderSide, Slug: "one"}, "a speaker of the desk": {Side: desk.ProviderSide, Slug: "one", Speaker: w.two.agent.Person.ID},
		"another desk's speaker": {Side: desk.ProviderSide, Slug: "one", Speaker: w.one.first.contact.Person.ID}} {
		var wrong desk.Invalid
		if err := w.AskProviderLink(t.Context(), w.two.admin, f); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.AskProviderLink(t.Context(), w.two.admin, app.LinkForm{Side: desk.ResellerSide, Slug: "one"}); err != nil {
		t.Fatal(err)
	}
	var wrong desk.Invalid
	if err := w.AskProviderLink(t.Context(), w.one.admin, app.LinkForm{Side: desk.ProviderSide, Slug: "two", Speaker: w.one.first.contact.Person.ID}); !errors.As(err, &wrong) {
		t.Errorf("asked by the other as well: %v", err)
	}
	list, _, err := w.ProviderLinks(t.Context(), w.two.admin)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if err := w.AcceptLink(t.Context(), w.two.admin, list[0].ID, desk.Nobody); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("he agrees with himself: %v", err)
	}
	if p.count(t, `select count(*)::int from provider_links where state = 'active'`) != 0 {
		t.Error("a link without the other's word")
	}
	if err := w.EndLink(t.Context(), w.one.admin, list[0].ID); err != nil {
		t.Errorf("refused: %v", err)
	}
	if err := w.AcceptLink(t.Context(), w.one.admin, list[0].ID, w.one.first.contact.Person.ID); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("what was refused: %v", err)
	}
}
