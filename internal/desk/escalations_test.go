package desk_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/route"
)

// Whatever people do in whatever order, an escalation stays whole: it has their
// number once it is filed, ends once, owes something to somebody until then, and
// nothing that a lead let go leaves changed.
func TestAnEscalationStaysWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		lead := desk.Person{ID: desk.NewID(), Name: "Paul", Role: desk.Lead}
		target := rapid.SampledFrom([]route.Target{route.Microsoft, route.Provider, route.Publisher, route.MSRC}).Draw(t, "target")
		e, err := desk.NewEscalation(desk.Ticket{ID: desk.NewID(), CustomerID: desk.NewID()}, "exchange", desk.RouteTaken{Way: route.Route{Target: target}}, "", false, lead.ID, now)
		if err != nil {
			t.Fatal(err)
		}
		approved := map[string]string(nil) // the answers that were let go
		for range rapid.IntRange(1, 20).Draw(t, "acts") {
			now = now.Add(time.Minute)
			was := e
			err := act(t, &e, lead, now)
			if err != nil && e.State != was.State {
				t.Fatalf("refused, and moved from %s to %s: %v", was.State, e.State, err)
			}
			var wrong desk.Invalid
			if err != nil && !errors.Is(err, desk.ErrConflict) && !errors.As(err, &wrong) {
				t.Fatal(err)
			}
			if e.Clearance.State == desk.ClearanceGiven && was.Clearance.State != desk.ClearanceGiven {
				approved = e.Answers
			}
			if e.State == desk.EscalationReady && len(approved) != len(e.Answers) {
				t.Fatal("what a lead let go has changed")
			}
			whole(t, e, was)
		}
	})
}

func act(t *rapid.T, e *desk.Escalation, lead desk.Person, now time.Time) error {
	next := now.Add(time.Duration(rapid.IntRange(-60, 600).Draw(t, "next")) * time.Minute)
	switch rapid.IntRange(0, 8).Draw(t, "act") {
	case 0:
		return e.Answer(map[string]string{rapid.SampledFrom([]string{"steps", "upn"}).Draw(t, "field"): rapid.StringN(0, 20, -1).Draw(t, "text")}, now)
	case 1:
		return e.AskApproval(now)
	case 2:
		return e.Approve(rapid.Bool().Draw(t, "yes"), rapid.SampledFrom([]string{"", "Pas encore"}).Draw(t, "reason"), lead, now)
	case 3:
		return e.File(desk.Filing{Request: rapid.SampledFrom([]string{"612345678901234", "INC-42", "", "x\ny"}).Draw(t, "request"), Severity: rapid.SampledFrom([]string{"A", "C", "", "Z"}).Draw(t, "severity")}, &next, lead.ID, now)
	case 4, 5:
		return e.Move(desk.Step{State: rapid.SampledFrom(append([]desk.EscalationState{"gone", desk.EscalationEnded}, desk.FiledStates...)).Draw(t, "state"), Next: &next}, now)
	case 6:
		return e.End(rapid.SampledFrom(append([]desk.EscalationEnding{""}, desk.EscalationEndings...)).Draw(t, "ending"), rapid.SampledFrom([]string{"", "Voilà"}).Draw(t, "why"), now)
	case 7:
		publisher := route.Publisher
		return e.Lead(desk.RouteTaken{Way: e.Route.Way, Instead: &publisher, Why: rapid.SampledFrom([]string{"", "Produit tiers"}).Draw(t, "why")}, now)
	}
	e.Heard(now, now)
	return nil
}

func whole(t *rapid.T, e, was desk.Escalation) {
	switch {
	case e.State.Filed() && e.FiledAt == nil:
		t.Fatal("filed at no time")
	case e.State.Filed() && e.Target == route.Microsoft && len(e.Request) < 15:
		t.Fatalf("at Microsoft under %q", e.Request)
	case (e.State == desk.EscalationEnded) != (e.EndedAt != nil), (e.State == desk.EscalationEnded) != (e.Ending != ""):
		t.Fatalf("%s, %q, %v", e.State, e.Ending, e.EndedAt)
	case was.State == desk.EscalationEnded && e.State != desk.EscalationEnded:
		t.Fatal("it came back")
	case e.Owes() == "" && e.State != desk.EscalationEnded:
		t.Fatal("nobody owes anything, and it goes on")
	case e.State == desk.EscalationEnded && e.DueAt != nil:
		t.Fatal("ended, and something is due")
	case e.State.Before() && e.FiledAt != nil:
		t.Fatal("filed, and not")
	}
}

// Microsoft's numbers are taken as people paste them; others' stay as they are.
func TestNumbersAreTakenAsPasted(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	file := func(to route.Target, typed string) (string, error) {
		e, err := desk.NewEscalation(desk.Ticket{ID: desk.NewID(), CustomerID: desk.NewID()}, "exchange", desk.RouteTaken{Way: route.Route{Target: to}}, "", false, desk.NewID(), now)
		if err != nil {
			t.Fatal(err)
		}
		err = e.File(desk.Filing{Request: typed, Severity: "B"}, nil, desk.NewID(), now)
		return e.Request, err
	}
	const plain = "2611250040079001"
	for _, typed := range []string{plain, " 2611 2500 4007 9001\t", "2611-2500-4007-9001", "2611\u00a02500\u202f4007\u20119001", "TrackingID#2611250040079001", "#2611250040079001", "\ufeff2611250040079001.", "Ticket # 2611250040079001"} {
		if got, err := file(route.Microsoft, typed); err != nil || got != plain {
			t.Errorf("%q is kept as %q: %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "2611 2500 4007", "2611250040079001 2", "INC-2611250040079001", "26112500O0079001", "2611250040079001#"} {
		if got, err := file(route.Microsoft, typed); err == nil {
			t.Errorf("%q is kept as %q", typed, got)
		}
	}
	if got, err := file(route.Publisher, " AB-12  34 "); err != nil || got != "AB-12 34" {
		t.Errorf("a publisher's is kept as %q: %v", got, err)
	}
}
