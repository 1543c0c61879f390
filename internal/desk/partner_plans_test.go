package desk_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
)

func planOf(t *testing.T, s desk.PlanSettings) desk.PartnerPlan {
	t.Helper()
	s.Name = s.Kind
	l, err := desk.NewPartnerPlan(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTheBestPlanIsPicked(t *testing.T) {
	t.Parallel()
	today := desk.Day("2026-11-26")
	asfp, incidents := planOf(t, desk.PlanSettings{Kind: "asfp"}), planOf(t, desk.PlanSettings{Kind: "incidents", Remaining: "7"})
	over := planOf(t, desk.PlanSettings{Kind: "unified", Expires: "2026-11-25"})
	lastDay := planOf(t, desk.PlanSettings{Kind: "psfp", Expires: "2026-11-26"})
	azureOnly := planOf(t, desk.PlanSettings{Kind: "premier", Families: []string{"azure"}})
	usedUp := planOf(t, desk.PlanSettings{Kind: "premier", Remaining: "0"})
	off := planOf(t, desk.PlanSettings{Kind: "unified"})
	off.Active = false
	for what, c := range map[string]struct {
		list     []desk.PartnerPlan
		workload string
		want     string
	}{
		"nothing recorded":               {nil, "exchange", "csp"},
		"nothing for on premises":        {[]desk.PartnerPlan{asfp}, "on_premises", ""},
		"incidents for on premises":      {[]desk.PartnerPlan{asfp, incidents}, "on_premises", "incidents"},
		"a contract spares incidents":    {[]desk.PartnerPlan{incidents, lastDay}, "on_premises", "psfp"},
		"incidents are not for the rest": {[]desk.PartnerPlan{incidents}, "azure", "csp"},
		"over":                           {[]desk.PartnerPlan{over, asfp}, "azure", "asfp"},
		"the last day counts":            {[]desk.PartnerPlan{asfp, lastDay}, "azure", "psfp"},
		"for Azure alone":                {[]desk.PartnerPlan{azureOnly, asfp}, "azure", "premier"},
		"and for nothing else":           {[]desk.PartnerPlan{azureOnly, asfp}, "teams", "asfp"},
		"used up, and switched off":      {[]desk.PartnerPlan{usedUp, off}, "teams", "csp"},
	} {
		if got := desk.BestPlan(c.list, c.workload, today); got.Kind != c.want {
			t.Errorf("%s: %q", what, got.Kind)
		}
	}
	first, second := planOf(t, desk.PlanSettings{Kind: "psfp", Expires: "2027-01-01"}), planOf(t, desk.PlanSettings{Kind: "psfp", Expires: "2026-12-01"})
	for _, list := range [][]desk.PartnerPlan{{first, second}, {second, first}} {
		if got := desk.BestPlan(list, "teams", today); got.ID != second.ID {
			t.Errorf("of two alike the one that ends on %s is picked", *got.Expires)
		}
	}
}

func TestPlansRefuseWhatCannotBe(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		s    desk.PlanSettings
		want string
	}{
		"no name":        {desk.PlanSettings{Kind: "asfp"}, "name"},
		"no kind":        {desk.PlanSettings{Name: "x"}, "kind"},
		"no day":         {desk.PlanSettings{Name: "x", Kind: "asfp", Expires: "tomorrow"}, "expires"},
		"no number":      {desk.PlanSettings{Name: "x", Kind: "asfp", Remaining: "-1"}, "remaining"},
		"too many":       {desk.PlanSettings{Name: "x", Kind: "asfp", Remaining: "10000"}, "remaining"},
		"another family": {desk.PlanSettings{Name: "x", Kind: "asfp", Families: []string{"mars"}}, "families"},
		"another tongue": {desk.PlanSettings{Name: "x", Kind: "asfp", Languages: []string{"tlh"}}, "languages"},
	} {
		_, err := desk.NewPartnerPlan(c.s)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != c.want {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAPlanStatesItsOwnReplies(t *testing.T) {
	t.Parallel()
	l, err := desk.NewPartnerPlan(desk.PlanSettings{Kind: "psfp", Name: "PSfP", Replies: map[string]string{"A": " 15 ", "B": "", "C": "600"}})
	if err != nil || len(l.Replies) != 2 || l.Replies["A"] != 15 || l.Replies["C"] != 600 {
		t.Fatalf("%+v, %v", l.Replies, err)
	}
	for _, bad := range []string{"0", "-5", "soon", "2.5", "20161", "99999999999999999999"} {
		var invalid desk.Invalid
		if _, err := desk.NewPartnerPlan(desk.PlanSettings{Kind: "psfp", Name: "PSfP", Replies: map[string]string{"B": bad}}); !errors.As(err, &invalid) || invalid.Problems[0].Field != "reply_B" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPlansAreWarnedOfByTheDay(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", text, paris)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		now    string
		warned int
		want   int // days, 0 for none
	}{{"2026-10-31 09:00", 0, 0}, {"2026-11-01 09:00", 0, 30}, {"2026-11-10 09:00", 30, 0}, {"2026-11-24 09:00", 30, 7}, {"2026-11-24 09:00", 7, 0},
		{"2026-11-30 00:30", 7, 1}, {"2026-11-30 23:30", 0, 1}, {"2026-11-30 23:30", 1, 0}} {
		got := 0
		for _, w := range desk.PlanWarnings([]desk.EndingPlan{{Name: "PSfP", Expires: "2026-11-30", Warned: c.warned}}, paris, at(c.now)) {
			got = w.Days
		}
		if got != c.want {
			t.Errorf("on %s, warned at %d: %d, want %d", c.now, c.warned, got, c.want)
		}
	}
}
