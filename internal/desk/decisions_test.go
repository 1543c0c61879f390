package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/rules"
)

func decided() Decision {
	return Decided(Ticket{ID: NewID(), CustomerID: NewID()}, Verdict{Outcome: Partner, Category: rules.HowTo, Rule: "how_to", Ruleset: 3}, noon)
}

func TestADecisionIsConfirmedByOne(t *testing.T) {
	t.Parallel()
	first, second := NewID(), NewID()
	d, err := decided().Confirm(first, noon)
	if err != nil || d.ConfirmedBy != first || !d.ConfirmedAt.Equal(noon) {
		t.Fatalf("%+v (%v)", d, err)
	}
	if again, err := d.Confirm(second, noon.Add(time.Hour)); !errors.Is(err, ErrConflict) || again.ConfirmedBy != first {
		t.Errorf("a second one: %+v (%v)", again, err)
	}
	o, err := d.Override(second, "MICROSOFT", "bug", "seen elsewhere", noon)
	if err != nil || o.ID == d.ID || o.By != ByPerson || o.PersonID != second || o.ConfirmedBy != Nobody || o.Verdict.Outcome != Partner || o.TicketID != d.TicketID {
		t.Errorf("overridden: %+v (%v)", o, err)
	}
	if _, err := o.Confirm(first, noon); !errors.Is(err, ErrConflict) {
		t.Errorf("confirming a person's word: %v", err)
	}
	for _, stood := range []Decision{d, o} {
		var k Ticket
		if k.Decide(stood); !k.Confirmed || k.Outcome != stood.Outcome || k.Category != stood.Category {
			t.Errorf("the ticket says %+v", k)
		}
	}
	var k Ticket
	if k.Decide(decided()); k.Confirmed {
		t.Error("the rules confirm themselves")
	}
}

func TestOverridingNeedsACategoryAndAReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome, category, reason string
		want                      []string
	}{
		{"PARTNER", "how_to", "r", nil}, {"MICROSOFT", "bug", "r", nil}, {"NEEDS_INFO", "", "r", nil}, {"NEEDS_INFO", "bug", "r", nil},
		{"MICROSOFT", "how_to", "r", []string{"category error.choose"}}, {"PARTNER", "", "r", []string{"category error.choose"}},
		{"", "bug", "r", []string{"outcome error.choose"}}, {"PARTNER", "how_to", " \n", []string{"reason error.required"}},
		{"PARTNER", "how_to", strings.Repeat("x", MaxReason+1), []string{"reason error.too_long"}}, {"PARTNER", "how_to", "a\x00", []string{"reason error.encoding"}},
	} {
		_, err := decided().Override(NewID(), c.outcome, c.category, c.reason, noon)
		if got := wrong(err); !slices.Equal(got, c.want) {
			t.Errorf("%q, %q, %.10q: %q, want %q", c.outcome, c.category, c.reason, got, c.want)
		}
	}
}

// The rules' new word is heard; what a person stood by stays.
func TestAHeardDecisionKeepsItsPerson(t *testing.T) {
	t.Parallel()
	d, err := decided().Confirm(NewID(), noon)
	if err != nil {
		t.Fatal(err)
	}
	v := Verdict{Outcome: Microsoft, Category: rules.Bug, Rule: "bug", Ruleset: 4}
	if d.Same(v) || !d.Same(d.Verdict) {
		t.Error("same and other words are confused")
	}
	h := d.Heard(v, noon.Add(time.Hour))
	if h.ID == d.ID || h.Outcome != Partner || h.ConfirmedBy != d.ConfirmedBy || h.Verdict.Outcome != Microsoft || !h.CreatedAt.After(d.CreatedAt) {
		t.Errorf("%+v", h)
	}
}

func TestMessagesAndFindings(t *testing.T) {
	t.Parallel()
	k := Ticket{ID: NewID(), CustomerID: NewID()}
	for role, side := range map[Role]Side{Contact: CustomerSide, Manager: CustomerSide, Agent: DeskSide, Lead: DeskSide, Admin: DeskSide} {
		m, err := NewMessage(k, Person{ID: NewID(), Role: role}, " hello\r\nthere ", false, NewID(), noon)
		if err != nil || m.Side != side || m.Body != "hello\nthere" || m.TicketID != k.ID || m.CustomerID != k.CustomerID {
			t.Errorf("a %s's: %+v (%v)", role, m, err)
		}
	}
	for body, want := range map[string]string{"": "body error.required", strings.Repeat("x", MaxBody+1): "body error.too_long", "a\x00": "body error.encoding", "\xff": "body error.encoding"} {
		if _, err := NewMessage(k, Person{}, body, true, Nobody, noon); !slices.Equal(wrong(err), []string{want}) {
			t.Errorf("%.10q: %v, want %s", body, err, want)
		}
	}
	for _, c := range []struct {
		kind, result, text string
		want               []string
	}{
		{"health", "confirmed", "t", nil}, {"other", "info", "t", nil}, {"guess", "confirmed", "t", []string{"finding_kind error.choose"}},
		{"health", "maybe", "t", []string{"result error.choose"}}, {"health", "info", "", []string{"text error.required"}},
		{"health", "info", strings.Repeat("x", MaxFinding+1), []string{"text error.too_long"}},
	} {
		if _, err := NewFinding(k, NewID(), c.kind, c.result, c.text, noon); !slices.Equal(wrong(err), c.want) {
			t.Errorf("%s, %s: %v, want %q", c.kind, c.result, err, c.want)
		}
	}
}

// What the rules do and who confirms it is the desk's business alone.
func TestEventsThatCustomersRead(t *testing.T) {
	t.Parallel()
	for kind, internal := range map[EventKind]bool{EventDecided: true, EventConfirmed: true, EventOverridden: true, EventReleased: true, EventPriority: true,
		EventAssigned: false, EventState: false, EventClosed: false, EventReopened: false, EventFollowed: false} {
		if e := NewEvent(Ticket{}, Nobody, kind, nil, noon); e.Internal != internal || e.Data == nil {
			t.Errorf("%s: internal %v", kind, e.Internal)
		}
	}
}
