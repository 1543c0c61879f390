package app_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// A ticket is born triaged, promised and acknowledged, in one transaction.
func TestATicketIsBornTriaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	th := w.thread(t, w.one, n)
	k := th.Ticket
	if n != 100 || k.State != desk.New || k.RequesterID != w.one.first.contact.Person.ID || k.CustomerID != w.one.first.id || k.Language != "fr" {
		t.Errorf("ticket %d: %+v", n, k)
	}
	if k.Clock != desk.FirstReply || !k.DueAt.Equal(monday.Add(2*time.Hour)) || !k.DueFrom.Equal(monday) {
		t.Errorf("promised %s by %v from %v", k.Clock, k.DueAt, k.DueFrom)
	}
	d := th.Decision
	if d.By != desk.ByRules || d.Verdict.Rule == "" || d.Verdict.Ruleset == 0 || len(d.Verdict.Facts) == 0 || d.Outcome != k.Outcome || k.Confirmed {
		t.Errorf("decision %+v of ticket %+v", d, k)
	}
	if len(th.Said) != 1 || th.Said[0].Body != "How do I share a calendar in Teams?" || !slices.Equal(kinds(th), []desk.EventKind{desk.EventDecided}) {
		t.Errorf("thread %+v", th)
	}
	if got := w.count(t, `select ruleset from decisions`); got != d.Verdict.Ruleset {
		t.Errorf("stored with ruleset %d", got)
	}
}

// Two hours of work asked on Friday evening end on Monday morning.
func TestDeadlinesFollowTheDesksHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	friday := time.Date(2026, 3, 6, 17, 0, 0, 0, paris)
	w.clock.set(friday)
	want := time.Date(2026, 3, 9, 9, 30, 0, 0, paris)
	fresh := w.build(t, false) // a process that has not read the desk yet
	n := made(fresh.SubmitTicket(t.Context(), w.one.first.contact, desk.Submission{Subject: "s", Body: "b", Impact: "slowed"}, desk.Nobody))
	if due := w.thread(t, w.one, n).Ticket.DueAt; due == nil || !due.Equal(want) {
		t.Errorf("due %v, want %v", due, want)
	}
}

func TestTheLifeOfATicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o, contact := w.one, w.one.first.contact
	n := w.submit(t, contact, desk.Submission{})
	expect := func(step string, state desk.State, clock desk.Clock, ended bool) desk.Ticket {
		t.Helper()
		k := w.thread(t, o, n).Ticket
		if k.State != state || k.Clock != clock || ended != (k.EndedAt != nil) || (k.Clock == "") != (k.DueAt == nil) {
			t.Errorf("after %s: %s, clock %q due %v, ended %v", step, k.State, k.Clock, k.DueAt, k.EndedAt)
		}
		w.clock.pass(10 * time.Minute)
		return k
	}
	expect("submission", desk.New, desk.FirstReply, false)
	w.reply(t, o.agent, n, app.Reply{Body: "a note", Internal: true})
	expect("a note", desk.New, desk.FirstReply, false)
	w.reply(t, o.agent, n, app.Reply{})
	if k := expect("the first reply", desk.Open, "", false); k.RepliedAt == nil || k.LastSide != desk.DeskSide {
		t.Errorf("first reply at %v, last side %s", k.RepliedAt, k.LastSide)
	}
	asked := w.clock.read()
	w.reply(t, contact, n, app.Reply{})
	if k := expect("the customer's reply", desk.Open, desk.NextReply, false); !k.DueFrom.Equal(asked) || k.LastSide != desk.CustomerSide {
		t.Errorf("the clock runs from %v, want %v", k.DueFrom, asked)
	}
	w.reply(t, contact, n, app.Reply{})
	if k := expect("a second one", desk.Open, desk.NextReply, false); !k.DueFrom.Equal(asked) {
		t.Errorf("insisting moved the promise to %v", k.DueFrom)
	}
	w.reply(t, o.agent, n, app.Reply{Then: desk.WaitingCustomer})
	expect("a question to the customer", desk.WaitingCustomer, "", false)
	w.reply(t, contact, n, app.Reply{})
	expect("his answer", desk.Open, desk.NextReply, false)
	w.reply(t, o.agent, n, app.Reply{Then: desk.Resolved})
	expect("the solution", desk.Resolved, "", true)
	w.reply(t, contact, n, app.Reply{Body: "No, still broken"})
	expect("a reply to the solution", desk.Open, desk.NextReply, false)
	w.reply(t, contact, n, app.Reply{Body: "Sorry, it works", Close: true})
	expect("that settles it", desk.Closed, "", true)
	if err := w.ReopenTicket(t.Context(), contact, n); err != nil {
		t.Fatal(err)
	}
	expect("reopening", desk.Open, desk.NextReply, false)
	if err := w.ReopenTicket(t.Context(), contact, n); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("reopening what is open: %v", err)
	}
	if err := w.CloseTicket(t.Context(), contact, n); err != nil {
		t.Fatal(err)
	}
	expect("closing", desk.Closed, "", true)
	if err := w.CloseTicket(t.Context(), contact, n); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	th, err := w.ReadTicket(t.Context(), contact, n)
	want := []desk.EventKind{desk.EventState, desk.EventState, desk.EventClosed, desk.EventReopened, desk.EventClosed}
	if err != nil || !slices.Equal(kinds(th), want) {
		t.Errorf("the customer's timeline is %v, want %v (%v)", kinds(th), want, err)
	}
}

// One form makes one ticket, however often and however fast it is sent.
func TestOneFormMakesOneTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		who       desk.Actor
		requester desk.ID
	}{{w.one.first.contact, desk.Nobody}, {w.one.agent, w.one.first.contact.Person.ID}} {
		s := desk.Submission{Subject: "Once", Body: "Once only", Key: desk.NewID()}
		var numbers sync.Map
		var sending sync.WaitGroup
		for range 20 {
			sending.Go(func() {
				n, err := w.SubmitTicket(t.Context(), c.who, s, c.requester)
				if err != nil {
					t.Error(err)
				}
				numbers.Store(n, true)
			})
		}
		sending.Wait()
		distinct := 0
		numbers.Range(func(any, any) bool { distinct++; return true })
		if distinct != 1 {
			t.Errorf("%s: %d numbers for one form", c.who.Person.Role, distinct)
		}
		if n := w.count(t, `select count(*) from messages where key = $1`, s.Key); n != 1 {
			t.Errorf("%s: %d messages for one form", c.who.Person.Role, n)
		}
	}
	if tickets, jobs := w.count(t, `select count(*) from tickets`), w.count(t, `select count(*) from river.river_job where kind = 'notice'`); tickets != 2 || jobs != 2 {
		t.Errorf("%d tickets and %d acknowledgements of two forms", tickets, jobs)
	}
}

func TestParallelTicketsHaveNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	numbers := make([]int64, 30)
	var sending sync.WaitGroup
	for i := range numbers {
		sending.Go(func() {
			who := []desk.Actor{w.one.first.contact, w.one.second.contact, w.one.first.manager}[i%3]
			var err error
			if numbers[i], err = w.SubmitTicket(t.Context(), who, desk.Submission{Subject: "s", Body: "b"}, desk.Nobody); err != nil {
				t.Error(err)
			}
		})
	}
	sending.Wait()
	slices.Sort(numbers)
	if distinct := slices.Compact(numbers); len(distinct) != 30 || distinct[0] != 100 {
		t.Errorf("numbers %v", numbers)
	}
	if n := w.submit(t, w.two.first.contact, desk.Submission{}); n != 100 {
		t.Errorf("the other desk begins at %d", n)
	}
}

// A reply's form can be sent twice as well: also when it says what its writer
// had seen, which his own first copy has outdated.
func TestOneFormWritesOneReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	seen := w.thread(t, w.one, n).LastPublic()
	for _, r := range []struct {
		who   desk.Actor
		reply app.Reply
	}{
		{w.one.agent, app.Reply{Body: "Answer", Key: desk.NewID(), Seen: seen}},
		{w.one.first.contact, app.Reply{Body: "Thanks", Key: desk.NewID()}},
		{w.one.agent, app.Reply{Body: "Note", Key: desk.NewID(), Internal: true}},
	} {
		before := len(w.thread(t, w.one, n).Said)
		var sending sync.WaitGroup
		for range 5 {
			sending.Go(func() {
				if err := w.WriteMessage(t.Context(), r.who, n, r.reply); err != nil {
					t.Errorf("%s: %v", r.reply.Body, err)
				}
			})
		}
		sending.Wait()
		if after := len(w.thread(t, w.one, n).Said); after != before+1 {
			t.Errorf("%q was written %d times", r.reply.Body, after-before)
		}
	}
}

// An agent does not answer what the customer has meanwhile taken back.
func TestRepliesKnowWhatTheirWriterHadSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	seen := w.thread(t, w.one, n).LastPublic()
	w.clock.pass(time.Second)
	w.reply(t, w.one.agent, n, app.Reply{Body: "a note changes nothing", Internal: true})
	w.reply(t, w.one.first.contact, n, app.Reply{Body: "Forget it"})
	err := w.WriteMessage(t.Context(), w.one.agent, n, app.Reply{Body: "We are on it", Seen: seen, Key: desk.NewID()})
	if !errors.Is(err, app.ErrNewer) {
		t.Errorf("a reply to an old page: %v", err)
	}
	if th := w.thread(t, w.one, n); len(th.Said) != 3 || th.Ticket.RepliedAt != nil {
		t.Errorf("it was written all the same: %+v", th.Said)
	}
	w.reply(t, w.one.agent, n, app.Reply{Seen: w.thread(t, w.one, n).LastPublic()})
	w.reply(t, w.one.first.contact, n, app.Reply{Seen: seen}) // only the desk is held back
	if err := w.WriteMessage(t.Context(), w.one.agent, n, app.Reply{Body: "a note", Internal: true, Seen: seen}); err != nil {
		t.Errorf("a note is no answer: %v", err)
	}
}

func TestFormsThatAreWrongWriteNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, contact := t.Context(), w.one.first.contact
	var invalid desk.Invalid
	if _, err := w.SubmitTicket(ctx, contact, desk.Submission{Body: "b"}, desk.Nobody); !errors.As(err, &invalid) {
		t.Errorf("no subject: %v", err)
	}
	n := w.submit(t, contact, desk.Submission{})
	if err := w.WriteMessage(ctx, contact, n, app.Reply{Body: " \n "}); !errors.As(err, &invalid) {
		t.Errorf("an empty reply: %v", err)
	}
	if err := w.WriteMessage(ctx, contact, n, app.Reply{Body: strings.Repeat("x", desk.MaxBody+1)}); !errors.As(err, &invalid) {
		t.Errorf("an endless reply: %v", err)
	}
	if err := w.WriteMessage(ctx, contact, n+1, app.Reply{Body: "b"}); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a ticket that is not: %v", err)
	}
	for _, requester := range []desk.ID{desk.Nobody, desk.NewID(), w.one.agent.Person.ID, w.two.first.contact.Person.ID} {
		_, err := w.SubmitTicket(ctx, w.one.agent, desk.Submission{Subject: "s", Body: "b"}, requester)
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != "requester" {
			t.Errorf("an agent for %s: %v", requester, err)
		}
	}
	if n := w.count(t, `select count(*) from tickets`); n != 1 {
		t.Errorf("%d tickets", n)
	}
}
