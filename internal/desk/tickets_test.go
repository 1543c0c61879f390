package desk

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/hours"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func submission() Submission {
	return Submission{Kind: "problem", Subject: "Mail is late", Body: "It is late", Service: "Exchange Online", Affected: "some_users", Impact: "slowed", Language: "en"}
}

func TestNewTicketChecksEachField(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) *time.Time { u := noon.Add(d); return &u }
	for name, c := range map[string]struct {
		change func(*Submission)
		field  string // "" is fine
		key    string
	}{
		"as it is":                     {func(*Submission) {}, "", ""},
		"an unknown kind":              {func(s *Submission) { s.Kind = "party" }, "kind", "error.choose"},
		"no kind":                      {func(s *Submission) { s.Kind = "" }, "", ""},
		"no subject":                   {func(s *Submission) { s.Subject = "" }, "subject", "error.required"},
		"a subject of spaces":          {func(s *Submission) { s.Subject = " \t\n\u00a0" }, "subject", "error.required"},
		"a subject as long as may be":  {func(s *Submission) { s.Subject = strings.Repeat("é", MaxSubject) }, "", ""},
		"a subject longer":             {func(s *Submission) { s.Subject = strings.Repeat("é", MaxSubject+1) }, "subject", "error.too_long"},
		"a subject with a zero byte":   {func(s *Submission) { s.Subject = "a\x00b" }, "subject", "error.encoding"},
		"a subject that is no UTF-8":   {func(s *Submission) { s.Subject = "caf\xe9" }, "subject", "error.encoding"},
		"no body":                      {func(s *Submission) { s.Body = "\r\n \r\n" }, "body", "error.required"},
		"a body as long as may be":     {func(s *Submission) { s.Body = strings.Repeat("漢", MaxBody) }, "", ""},
		"a body longer":                {func(s *Submission) { s.Body = strings.Repeat("x", MaxBody+1) }, "body", "error.too_long"},
		"a body with a zero byte":      {func(s *Submission) { s.Body = "\x00" }, "body", "error.encoding"},
		"a body that is no UTF-8":      {func(s *Submission) { s.Body = "\xff\xfe" }, "body", "error.encoding"},
		"a service nobody knows":       {func(s *Submission) { s.Service = "Lotus Notes" }, "service", "error.service"},
		"a service in capitals":        {func(s *Submission) { s.Service = "EXCHANGE ONLINE" }, "", ""},
		"no service":                   {func(s *Submission) { s.Service = "" }, "", ""},
		"a long region":                {func(s *Submission) { s.Region = strings.Repeat("x", 61) }, "region", "error.too_long"},
		"a region with a zero byte":    {func(s *Submission) { s.Region = "x\x00" }, "region", "error.encoding"},
		"affected by nothing we offer": {func(s *Submission) { s.Affected = "the dog" }, "affected", "error.choose"},
		"an impact nobody offers":      {func(s *Submission) { s.Impact = "huge" }, "impact", "error.choose"},
		"since what is no date":        {func(s *Submission) { s.BadSince = true }, "since", "error.date"},
		"since tomorrow":               {func(s *Submission) { s.Since = at(24 * time.Hour) }, "since", "error.since_future"},
		"since a clock that is ahead":  {func(s *Submission) { s.Since = at(5 * time.Minute) }, "", ""},
		"since six years ago":          {func(s *Submission) { s.Since = at(-6 * 366 * 24 * time.Hour) }, "since", "error.since_past"},
		"since last year":              {func(s *Submission) { s.Since = at(-365 * 24 * time.Hour) }, "", ""},
	} {
		s := submission()
		c.change(&s)
		k, m, err := NewTicket(s, NewID(), NewID(), noon)
		var invalid Invalid
		switch {
		case c.field == "":
			if err != nil || k.ID == Nobody || m.TicketID != k.ID || m.CustomerID != k.CustomerID || m.AuthorID != k.RequesterID {
				t.Errorf("%s: %+v, %+v (%v)", name, k, m, err)
			}
		case !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != c.field || invalid.Problems[0].Key != c.key:
			t.Errorf("%s: %v, want %s on %s", name, err, c.key, c.field)
		case k.ID != Nobody:
			t.Errorf("%s: a ticket all the same", name)
		}
	}
}

// All that is wrong is said at once, in the order of the form.
func TestAWrongFormIsToldAllAtOnce(t *testing.T) {
	t.Parallel()
	_, _, err := NewTicket(Submission{Kind: "x", Affected: "x", Impact: "x", Service: "x", BadSince: true}, NewID(), NewID(), noon)
	var invalid Invalid
	if !errors.As(err, &invalid) {
		t.Fatal(err)
	}
	var fields []string
	for _, p := range invalid.Problems {
		fields = append(fields, p.Field)
	}
	if got := strings.Join(fields, " "); got != "kind subject body service affected impact since" {
		t.Errorf("problems with %s", got)
	}
}

func TestWhatIsTypedIsTidied(t *testing.T) {
	t.Parallel()
	s := submission()
	s.Subject, s.Body, s.Service, s.Impact, s.Affected = "  Mail\r\nBcc: x\tis  late ", " one\r\n\r\n two \r\n", "exchange online", "", ""
	k, m, err := NewTicket(s, NewID(), NewID(), noon)
	if err != nil || k.Subject != "Mail Bcc: x is late" || m.Body != "one\n\n two" || k.Service != "Exchange Online" || k.Impact != Slowed || k.Affected != "unknown" || k.Kind != "problem" {
		t.Errorf("%+v, %q (%v)", k, m.Body, err)
	}
}

func TestPriorities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		impact   Impact
		affected string
		want     int
	}{
		{Stopped, "whole_tenant", 1}, {Stopped, "many_tenants", 1}, {Stopped, "one_user", 2}, {Stopped, "unknown", 2},
		{Slowed, "whole_tenant", 2}, {Slowed, "some_users", 3}, {Minor, "whole_tenant", 3}, {Minor, "some_users", 4}, {Minor, "unknown", 4},
	} {
		s := submission()
		s.Impact, s.Affected = string(c.impact), c.affected
		if k, _, err := NewTicket(s, NewID(), NewID(), noon); err != nil || k.Priority != c.want {
			t.Errorf("%s for %s: priority %d, want %d (%v)", c.impact, c.affected, k.Priority, c.want, err)
		}
	}
}

// Whatever happens to a ticket, in whatever order, what it promises stays true.
func TestTheLifeOfATicketKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		k, _, err := NewTicket(submission(), NewID(), NewID(), noon)
		if err != nil {
			r.Fatal(err)
		}
		now := noon
		l := anHour(rapid.SampledFrom([]int{0, 45}).Draw(r, "resolution"))
		k.Begin(l, now)
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(r, "minutes")) * time.Minute)
			before := k
			what := live(r, &k, l, now)
			holds(r, before, k, now, what)
		}
	})
}

// live lets one thing happen to a ticket, and says what.
func live(r *rapid.T, k *Ticket, l Level, now time.Time) string {
	switch what := rapid.SampledFrom([]string{"customer", "desk", "move", "reopen"}).Draw(r, "what"); what {
	case "customer":
		k.CustomerWrote(l, now)
		return what
	case "desk":
		k.DeskWrote(l, now)
		return what
	case "reopen":
		before := *k
		if err := k.Reopen(l, now); before.State.Ended() == (err != nil) || err != nil && !errors.Is(err, ErrConflict) {
			r.Fatalf("reopening a ticket that is %s: %v", before.State, err)
		}
		return what
	default:
		to, before := rapid.SampledFrom(States()).Draw(r, "to"), *k
		if moved := k.Move(to, l, now); moved != (before.State != to) || !moved && !reflect.DeepEqual(*k, before) || k.State != to {
			r.Fatalf("from %s to %s: moved %v, now %s", before.State, to, moved, k.State)
		}
		return "move to " + string(to)
	}
}

// anHour promises a reply within an hour, at any time of day.
func anHour(resolution int) Level {
	targets := Targets{FirstReply: 60, NextReply: 60, Resolution: resolution}
	return Level{Offer: 3, Calendar: hours.Always(), Type: SupportType{Key: "any", Targets: map[Impact]Targets{Stopped: targets, Slowed: targets, Minor: targets}}}
}

// reply is the running clock of an answer, nil without one.
func reply(k Ticket) *Promise {
	for i, p := range k.Promises {
		if p.Running() && (p.Clock == FirstReply || p.Clock == NextReply) {
			return &k.Promises[i]
		}
	}
	return nil
}

func holds(r *rapid.T, before, k Ticket, now time.Time, what string) {
	running, owed := k.Clock != "", reply(k)
	switch {
	case running != (k.DueAt != nil) || running != (k.DueFrom != nil):
		r.Fatalf("%s: clock %q from %v to %v", what, k.Clock, k.DueFrom, k.DueAt)
	case k.State.Ended() != (k.EndedAt != nil):
		r.Fatalf("%s: %s, ended at %v", what, k.State, k.EndedAt)
	case running && k.State.Ended():
		r.Fatalf("%s: %s, and something is due from the desk", what, k.State)
	case owed != nil && k.State == WaitingCustomer && owed.Clock != FirstReply:
		r.Fatalf("%s: the customer is waited for, and an answer is due", what)
	case owed == nil && k.LastSide == CustomerSide && !k.State.Ended() && k.State != WaitingCustomer:
		r.Fatalf("%s: the customer spoke last, the ticket is %s, and nobody owes him an answer", what, k.State)
	case owed != nil && (owed.Clock == FirstReply) != (k.RepliedAt == nil):
		r.Fatalf("%s: clock %s, replied at %v", what, owed.Clock, k.RepliedAt)
	case before.RepliedAt != nil && k.RepliedAt != before.RepliedAt:
		r.Fatalf("%s: the first reply moved", what)
	case what == "customer" && reply(before) != nil && !owed.Due.Equal(*reply(before).Due):
		r.Fatalf("insisting moved the promise from %v to %v", reply(before).Due, owed.Due)
	case what == "customer" && (k.State.Ended() || k.State == WaitingCustomer || k.LastAt != now):
		r.Fatalf("the customer wrote, and the ticket is %s", k.State)
	case what == "desk" && (owed != nil || k.State == New || k.LastSide != DeskSide):
		r.Fatalf("the desk wrote, and the ticket is %s with clock %q", k.State, k.Clock)
	case running && k.DueAt.Before(*k.DueFrom):
		r.Fatalf("%s: due before it began", what)
	}
	waits(r, k, what)
}

// waits holds the clocks to the state: one that counts runs while somebody else
// is waited for, and then the desk's own time to settle stands still.
func waits(r *rapid.T, k Ticket, what string) {
	live := map[Clock]Promise{}
	for _, p := range k.Promises {
		if p.Ended != nil {
			continue
		}
		if _, twice := live[p.Clock]; twice {
			r.Fatalf("%s: two clocks of %s at once", what, p.Clock)
		}
		live[p.Clock] = p
	}
	_, customer := live[WithCustomer]
	_, microsoft := live[WithMicrosoft]
	_, third := live[WithThirdParty]
	settle, promised := live[Resolution]
	waiting := k.State == WaitingCustomer || k.State.Elsewhere()
	switch {
	case customer != (k.State == WaitingCustomer) || microsoft != (k.State == WaitingMicrosoft) || third != (k.State == WaitingThirdParty):
		r.Fatalf("%s: %s, counted for the customer %v, for Microsoft %v, for a third party %v", what, k.State, customer, microsoft, third)
	case promised && (k.State.Ended() || settle.Running() == waiting):
		r.Fatalf("%s: %s, and the time to settle runs: %v", what, k.State, settle.Running())
	}
}

func TestStatesComeFromForms(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		if got, err := ParseState(string(s)); err != nil || got != s {
			t.Errorf("%s: %s (%v)", s, got, err)
		}
	}
	var invalid Invalid
	for _, s := range []string{"", "OPEN", "deleted"} {
		if _, err := ParseState(s); !errors.As(err, &invalid) || invalid.Problems[0].Field != "state" {
			t.Errorf("%q: %v", s, err)
		}
	}
}
