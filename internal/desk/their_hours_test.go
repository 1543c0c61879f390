package desk_test

import (
	"testing"
	"time"

	"guichet/internal/desk"
)

// What Microsoft promises by plan and severity, in the hours of its own desks: round
// the clock for A; else from nine to six of the language's country, and in English
// from Monday to Friday.
func TestTheirClock(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		t.Helper()
		v, err := time.ParseInLocation("2006-01-02 15:04", s, paris)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ what, plan, severity, language, filed, due string }{
		{"a morning", "csp", "A", "fr", "2026-03-02 10:00", "2026-03-02 12:00"},
		{"moderate", "csp", "B", "fr", "2026-03-02 10:00", "2026-03-02 14:00"},
		{"minimal is a day", "csp", "C", "fr", "2026-03-02 10:00", "2026-03-02 18:00"},
		{"the evening waits for the morning", "csp", "B", "fr", "2026-03-02 17:00", "2026-03-03 12:00"},
		{"A does not wait", "csp", "A", "fr", "2026-03-02 23:00", "2026-03-03 01:00"},
		{"A on a Sunday", "csp", "A", "fr", "2026-03-01 10:00", "2026-03-01 12:00"},
		{"Friday evening", "csp", "B", "fr", "2026-03-06 17:00", "2026-03-09 12:00"},
		{"a Saturday", "csp", "C", "fr", "2026-03-07 11:00", "2026-03-09 17:00"},
		{"a holiday in France", "csp", "B", "fr", "2026-05-01 10:00", "2026-05-04 13:00"},
		{"which is none in English", "csp", "B", "en", "2026-05-01 10:00", "2026-05-01 14:00"},
		{"English goes on at night", "csp", "B", "en", "2026-03-02 23:00", "2026-03-03 03:00"},
		{"English stops on Friday, midnight of London", "csp", "B", "en", "2026-03-06 23:00", "2026-03-09 03:00"},
		{"clocks go forward between", "csp", "B", "fr", "2026-03-27 16:00", "2026-03-30 11:00"},
		{"clocks go forward during A", "csp", "A", "fr", "2026-03-29 01:30", "2026-03-29 04:30"},
		{"an unknown language is answered in English", "csp", "B", "cs", "2026-03-02 19:00", "2026-03-02 23:00"},
		{"Advanced Support", "asfp", "A", "fr", "2026-03-02 10:00", "2026-03-02 11:00"},
		{"Premier, moderate", "premier", "B", "fr", "2026-03-02 10:00", "2026-03-02 12:00"},
		{"Unified, critical", "unified", "A", "fr", "2026-03-02 10:00", "2026-03-02 11:00"},
		{"counted incidents", "incidents", "C", "fr", "2026-03-02 10:00", "2026-03-02 18:00"},
	} {
		due, sum, ok := desk.TheirReply(c.plan, c.severity, c.language, at(c.filed))
		if want := at(c.due); !ok || !due.Equal(want) {
			t.Errorf("%s: %s %s in %s, filed %s: due %s, want %s", c.what, c.plan, c.severity, c.language, c.filed, due.In(paris), want)
		}
		total := 0
		for _, l := range sum {
			total += l.Minutes
		}
		if asked := promised[c.plan+c.severity]; total != asked {
			t.Errorf("%s: the sum has %d minutes, want %d", c.what, total, asked)
		}
	}
	// One hour is there twice that night: two hours end an hour later on the wall.
	if due, _, _ := desk.TheirReply("csp", "A", "fr", at("2026-10-25 01:30")); !due.Equal(at("2026-10-25 01:30").Add(2 * time.Hour)) {
		t.Errorf("in the night of two hours due %s", due.In(paris))
	}
	for _, c := range [][2]string{{"", "A"}, {"csp", ""}, {"csp", "D"}, {"nonsense", "B"}} {
		if _, _, ok := desk.TheirReply(c[0], c[1], "fr", at("2026-03-02 10:00")); ok {
			t.Errorf("plan %q promises something for %q", c[0], c[1])
		}
	}
}

// promised are the minutes of the plans tried above (Partner Center, "Report problems
// on behalf of a customer", and the plans' own pages).
var promised = map[string]int{"cspA": 120, "cspB": 240, "cspC": 480, "asfpA": 60, "premierB": 120, "unifiedA": 60, "incidentsC": 480}

// What the partner's own contract states goes before what its kind promises, in the
// same hours.
func TestAContractsOwnWordIsTheirClock(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		x, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		plan            desk.PlanTaken
		severity, filed string
		due             string
		lines           int
	}{
		{desk.PlanTaken{Kind: "psfp", Language: "fr", Replies: desk.Replies{"B": 90}}, "B", "2026-03-06 16:00", "2026-03-09 08:30", 2}, // Friday, 17:00 in Paris
		{desk.PlanTaken{Kind: "psfp", Language: "fr", Replies: desk.Replies{"B": 90}}, "A", "2026-03-06 16:00", "2026-03-06 17:00", 1},
		{desk.PlanTaken{Kind: "psfp", Language: "fr", Replies: desk.Replies{"A": 15}}, "A", "2026-03-07 02:00", "2026-03-07 02:15", 1},
		{desk.PlanTaken{Kind: "another", Language: "fr", Replies: desk.Replies{"A": 15}}, "A", "2026-03-07 02:00", "2026-03-07 02:15", 1},
		{desk.PlanTaken{Kind: "another", Language: "xx", Replies: desk.Replies{"C": 60}}, "C", "2026-03-07 02:00", "2026-03-09 01:00", 1},
	} {
		due, sum, ok := c.plan.Reply(c.severity, at(c.filed))
		if !ok || !due.Equal(at(c.due)) || len(sum) != c.lines {
			t.Errorf("%+v %s from %s: %s, %d lines, %v; want %s", c.plan, c.severity, c.filed, due.UTC(), len(sum), ok, c.due)
		}
	}
	if _, _, ok := (desk.PlanTaken{Kind: "another", Replies: desk.Replies{"A": 15}}).Reply("B", at("2026-03-07 02:00")); ok {
		t.Error("a severity that nobody promised anything for")
	}
}
