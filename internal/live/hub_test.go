package live_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/live"
)

// office is a desk with its hub, whose clock stands until it is moved.
type office struct {
	*live.Hub
	desk desk.ID
	now  time.Time
}

func open() *office {
	o := &office{desk: desk.NewID(), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	o.Hub = live.New(func() time.Time { return o.now })
	return o
}

func (o *office) person(role desk.Role, customer desk.ID) desk.Actor {
	return desk.Actor{Desk: desk.Desk{ID: o.desk}, Person: desk.Person{ID: desk.NewID(), Role: role, CustomerID: customer, Active: true}, SessionID: desk.NewID().String()}
}

func (o *office) watch(t *testing.T, who desk.Actor) *live.Stream {
	t.Helper()
	s, err := o.Watch(who, o.now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tells spreads that something of a ticket changed that customers see, or only the desk.
func (o *office) tells(public bool, sights ...desk.Sight) {
	var t desk.Tidings
	for _, k := range sights {
		if public {
			t.Public = append(t.Public, k.ID)
		} else {
			t.Touched = append(t.Touched, k.ID)
		}
	}
	o.Spread(o.desk, sights, t, nil)
}

func TestEverybodyHearsOfWhatHeMaySee(t *testing.T) {
	t.Parallel()
	o := open()
	lumen, other := desk.NewID(), desk.NewID()
	manager, contact, colleague := o.person(desk.Manager, lumen), o.person(desk.Contact, lumen), o.person(desk.Contact, lumen)
	streams := map[string]*live.Stream{"agent": o.watch(t, o.person(desk.Agent, desk.Nobody)), "manager": o.watch(t, manager), "contact": o.watch(t, contact),
		"follower": o.watch(t, colleague), "another contact": o.watch(t, o.person(desk.Contact, lumen)), "another customer": o.watch(t, o.person(desk.Manager, other))}
	elsewhere := open()
	streams["another desk"] = elsewhere.watch(t, elsewhere.person(desk.Agent, desk.Nobody))
	ticket := desk.Sight{ID: desk.NewID(), Number: 12, CustomerID: lumen, RequesterID: contact.Person.ID, Followers: []desk.ID{colleague.Person.ID}}
	hear := func(what string, want ...string) {
		t.Helper()
		for name, s := range streams {
			got := s.Take()
			if heard := slices.Equal(got.Tickets, []int64{12}); heard != slices.Contains(want, name) || got.Again {
				t.Errorf("%s: %s hears %+v", what, name, got)
			}
		}
	}
	o.tells(true, ticket)
	hear("an answer", "agent", "manager", "contact", "follower")
	o.tells(false, ticket)
	hear("a note", "agent")
	// Who became another customer's person meanwhile hears of that one's.
	contact.Person.CustomerID = other
	streams["contact"].Renew(contact)
	o.tells(true, ticket)
	hear("after a move", "agent", "manager", "follower")
}

func TestWhoComesLateHearsWhatHappenedSince(t *testing.T) {
	t.Parallel()
	o := open()
	agent := o.person(desk.Agent, desk.Nobody)
	first, drawn := o.watch(t, agent), o.now.Add(10*time.Second)
	o.now = o.now.Add(5 * time.Second)
	o.tells(true, desk.Sight{ID: desk.NewID(), Number: 1})
	o.now = drawn.Add(time.Second)
	o.tells(true, desk.Sight{ID: desk.NewID(), Number: 2})
	o.now = drawn.Add(2 * time.Second)
	late, err := o.Watch(agent, drawn)
	if err != nil {
		t.Fatal(err)
	}
	if w := late.Take(); !slices.Equal(w.Tickets, []int64{2}) || w.Again {
		t.Errorf("a page as of %s hears %+v", drawn, w)
	}
	if w := first.Take(); !slices.Equal(w.Tickets, []int64{1, 2}) {
		t.Errorf("who was there hears %+v", w)
	}
	// A page from before anybody watched cannot know: it reads again.
	old, err := o.Watch(agent, drawn.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if w := old.Take(); !w.Again {
		t.Errorf("a page of an hour ago hears %+v", w)
	}
}

// A reader who takes nothing costs a bounded set, and then reads all again.
func TestASlowReaderHoldsUpNobody(t *testing.T) {
	t.Parallel()
	o := open()
	slow, quick := o.watch(t, o.person(desk.Agent, desk.Nobody)), o.watch(t, o.person(desk.Agent, desk.Nobody))
	for n := range int64(10_000) {
		o.tells(true, desk.Sight{ID: desk.NewID(), Number: n})
		o.tells(false, desk.Sight{ID: desk.NewID(), Number: n})
		if w := quick.Take(); !slices.Equal(w.Tickets, []int64{n}) {
			t.Fatalf("ticket %d: %+v", n, w)
		}
	}
	if w := slow.Take(); !w.Again || len(w.Tickets) != 0 {
		t.Errorf("after ten thousand: %d numbers, again %t", len(w.Tickets), w.Again)
	}
	o.tells(true, desk.Sight{ID: desk.NewID(), Number: 7})
	if w := slow.Take(); w.Again || !slices.Equal(w.Tickets, []int64{7}) {
		t.Errorf("once it has caught up: %+v", w)
	}
}

func TestStreamsAreCounted(t *testing.T) {
	t.Parallel()
	o := open()
	agent := o.person(desk.Agent, desk.Nobody)
	var mine []*live.Stream
	for range live.PerPerson {
		mine = append(mine, o.watch(t, agent))
	}
	if _, err := o.Watch(agent, o.now); !errors.Is(err, desk.ErrTooMany) {
		t.Errorf("one more than %d: %v", live.PerPerson, err)
	}
	o.watch(t, o.person(desk.Agent, desk.Nobody))
	mine[0].Leave()
	mine[0].Leave() // twice gives one place back
	o.watch(t, agent)
	if _, err := o.Watch(agent, o.now); !errors.Is(err, desk.ErrTooMany) {
		t.Errorf("after one left twice: %v", err)
	}
	o.Close()
	if w := mine[1].Take(); !w.Over {
		t.Errorf("after the end: %+v", w)
	}
	if _, err := o.Watch(o.person(desk.Agent, desk.Nobody), o.now); !errors.Is(err, desk.ErrTooMany) {
		t.Errorf("after the end one begins: %v", err)
	}
}

func TestOnlyWhoLostSomethingIsLookedAt(t *testing.T) {
	t.Parallel()
	o := open()
	demoted, signedOut, other := o.person(desk.Agent, desk.Nobody), o.person(desk.Agent, desk.Nobody), o.person(desk.Agent, desk.Nobody)
	a, b, c := o.watch(t, demoted), o.watch(t, signedOut), o.watch(t, other)
	o.Check([]desk.ID{demoted.Person.ID}, []string{signedOut.SessionID})
	if !a.Take().Check || !b.Take().Check || c.Take().Check {
		t.Error("the wrong ones are looked at")
	}
	if !o.Watched(o.desk) || o.Watched(desk.NewID()) {
		t.Error("who is watched")
	}
	for _, s := range []*live.Stream{a, b, c} {
		s.Leave()
	}
	if o.Watched(o.desk) {
		t.Error("a desk that nobody watches")
	}
}

func TestWhoIsAtATicket(t *testing.T) {
	t.Parallel()
	o := open()
	ticket, ines, paul := desk.NewID(), desk.NewID(), desk.NewID()
	note := func(person desk.ID, doing desk.Doing) []desk.ID {
		return o.Note(o.desk, []desk.Presence{{Ticket: ticket, Person: person, Doing: doing}})
	}
	if len(note(ines, desk.Viewing)) != 1 || len(note(paul, desk.Viewing)) != 1 {
		t.Error("who comes is no news")
	}
	if len(note(ines, desk.Viewing)) != 0 {
		t.Error("who stays is news")
	}
	if len(note(paul, desk.Writing)) != 1 {
		t.Error("who begins to write is no news")
	}
	if at := o.At(o.desk, ticket); len(at) != 2 || at[0].Person != paul || at[0].Doing != desk.Writing {
		t.Errorf("there are %+v", at)
	}
	o.now = o.now.Add(live.Lasts / 2)
	note(ines, desk.Viewing)
	o.now = o.now.Add(live.Lasts/2 + time.Second) // paul's machine fell asleep
	if at := o.At(o.desk, ticket); len(at) != 1 || at[0].Person != ines {
		t.Errorf("after a while there are %+v", at)
	}
	if len(note(ines, desk.Gone)) != 1 || len(o.At(o.desk, ticket)) != 0 || len(note(ines, desk.Gone)) != 0 {
		t.Error("who goes")
	}
}
