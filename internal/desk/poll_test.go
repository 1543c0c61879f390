package desk

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhenATenantIsAskedNext(t *testing.T) {
	t.Parallel()
	consent, down := Refusal{Kind: RefusedConsent}, Refusal{Kind: RefusedDown}
	long, now := heardAt.Add(-24*time.Hour), heardAt
	for name, c := range map[string]struct {
		from  Connection
		poll  Poll
		state ConnectionState
		wait  time.Duration
	}{
		"answered":                 {Connection{State: Connected}, Poll{Chance: 0.5}, Connected, 15 * time.Minute},
		"answered, a ticket open":  {Connection{State: Connected}, Poll{Chance: 0.5, Busy: true}, Connected, 5 * time.Minute},
		"earliest":                 {Connection{State: Connected}, Poll{}, Connected, 12 * time.Minute},
		"latest":                   {Connection{State: Connected}, Poll{Chance: 1}, Connected, 18 * time.Minute},
		"consent gone":             {Connection{State: Connected}, Poll{Err: consent, Chance: 0.5}, ConnectionLost, 6 * time.Hour},
		"consent given back":       {Connection{State: ConnectionLost, Failures: 9}, Poll{Chance: 0.5}, Connected, 15 * time.Minute},
		"consent on its way":       {Connection{State: ConnectionAsked, ConsentedAt: &now}, Poll{Err: consent, Chance: 0.5}, ConnectionAsked, time.Minute},
		"consent that never comes": {Connection{State: ConnectionAsked, ConsentedAt: &long}, Poll{Err: consent, Chance: 0.5}, ConnectionAsked, 6 * time.Hour},
		"throttled":                {Connection{State: Connected}, Poll{Err: Refusal{Kind: RefusedThrottle, After: 7 * time.Minute}}, Connected, 7 * time.Minute},
		"throttled, for ever":      {Connection{State: Connected}, Poll{Err: Refusal{Kind: RefusedThrottle, After: 1 << 62}}, Connected, 24 * time.Hour},
		"down":                     {Connection{State: Connected}, Poll{Err: down, Chance: 0.5}, Connected, time.Minute},
		"down again":               {Connection{State: Connected, Failures: 3}, Poll{Err: down, Chance: 0.5}, Connected, 8 * time.Minute},
		"down for long":            {Connection{State: Connected, Failures: 99}, Poll{Err: errors.New("x"), Chance: 0.5}, Connected, time.Hour},
		"out of calls":             {Connection{State: Connected, HourAt: ptr(now.Add(-50 * time.Minute))}, Poll{Err: Refusal{Kind: RefusedBudget}}, Connected, 10 * time.Minute},
	} {
		got := c.from.Polled(c.poll, heardAt)
		if got.State != c.state || got.NextAt == nil || got.NextAt.Sub(heardAt) != c.wait {
			t.Errorf("%s: %s, again in %v, want %s in %v", name, got.State, got.NextAt.Sub(heardAt), c.state, c.wait)
		}
	}
}

// Whatever happens, no tenant is asked more often than Microsoft allows, and it
// is asked again.
func TestNoTenantIsAskedTooOften(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Connection{State: Connected}
		now := heardAt
		made := []struct {
			at time.Time
			n  int
		}{}
		for range rapid.IntRange(1, 60).Draw(t, "polls") {
			b := c.Budget(now)
			n := rapid.IntRange(0, b.Left).Draw(t, "calls")
			var err error
			if kind := rapid.SampledFrom([]RefusalKind{"", RefusedConsent, RefusedThrottle, RefusedBudget, RefusedDown, RefusedForm, RefusedSetup}).Draw(t, "kind"); kind != "" {
				err = Refusal{Kind: kind, After: time.Duration(rapid.Int64().Draw(t, "after"))}
			}
			c = c.Polled(Poll{Made: n, Err: err, Chance: rapid.Float64Range(0, 1).Draw(t, "chance")}, now)
			made = append(made, struct {
				at time.Time
				n  int
			}{now, n})
			if !c.NextAt.After(now) || c.NextAt.Sub(now) > 29*time.Hour {
				t.Fatalf("again in %v", c.NextAt.Sub(now))
			}
			if !c.Polls() {
				t.Fatal("it is asked no more")
			}
			hour := 0
			for _, m := range made {
				if m.at.After(*c.HourAt) || m.at.Equal(*c.HourAt) {
					hour += m.n
				}
			}
			if hour > MostCallsHour {
				t.Fatalf("%d calls in an hour", hour)
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "minutes")) * time.Minute)
		}
	})
}

func TestAConsentIsHeldAgainstWhatWasAsked(t *testing.T) {
	t.Parallel()
	tenant := "8f2c41d7-0b6e-4f93-a1d5-3e7c9b20f684"
	k := Customer{ID: NewID(), Tenant: tenant}
	me := Actor{Person: Person{ID: NewID()}, SessionID: "mine"}
	ask := ConsentAsk{PersonID: me.Person.ID, Session: "mine", CustomerID: k.ID, ExpiresAt: heardAt.Add(time.Minute)}
	good := ConsentReply{Tenant: tenant, State: "s", Given: true}
	for name, c := range map[string]struct {
		change func(*ConsentAsk, *ConsentReply, *Actor)
		want   string
	}{
		"as asked":        {func(*ConsentAsk, *ConsentReply, *Actor) {}, ""},
		"another session": {func(_ *ConsentAsk, _ *ConsentReply, w *Actor) { w.SessionID = "other" }, "foreign"},
		"no session":      {func(a *ConsentAsk, _ *ConsentReply, w *Actor) { a.Session, w.SessionID = "", "" }, "foreign"},
		"another person":  {func(_ *ConsentAsk, _ *ConsentReply, w *Actor) { w.Person.ID = NewID() }, "foreign"},
		"used":            {func(a *ConsentAsk, _ *ConsentReply, _ *Actor) { a.UsedAt = ptr(heardAt) }, "used"},
		"expired":         {func(a *ConsentAsk, _ *ConsentReply, _ *Actor) { a.ExpiresAt = heardAt }, "expired"},
		"another tenant":  {func(_ *ConsentAsk, r *ConsentReply, _ *Actor) { r.Tenant = NewID().String() }, "tenant"},
		"no tenant":       {func(_ *ConsentAsk, r *ConsentReply, _ *Actor) { r.Tenant = "" }, "tenant"},
		"not given":       {func(_ *ConsentAsk, r *ConsentReply, _ *Actor) { r.Given = false }, "not_given"},
		"denied":          {func(_ *ConsentAsk, r *ConsentReply, _ *Actor) { r.Error = "access_denied" }, "denied"},
	} {
		a, r, w := ask, good, me
		c.change(&a, &r, &w)
		var refused ConsentRefused
		if err := a.Accept(r, k, w, heardAt); errors.As(err, &refused) != (c.want != "") || refused.Reason != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
