package desk_test

import (
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
)

func TestReportMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, wantFrom, wantTo string }{
		{"", "", "2025-12-01", "2026-11-01"},
		{"2026-03", "2026-05", "2026-03-01", "2026-05-01"},
		{"2026-05", "2026-03", "2026-03-01", "2026-05-01"}, // turned
		{"", "2026-03", "2025-04-01", "2026-03-01"},
		{"2023-12", "", "2023-12-01", "2026-11-01"}, // 36 months
		{"2023-11", "", "2025-12-01", "2026-11-01"}, // too far back
		{"2026-12", "2027-01", "2025-12-01", "2026-11-01"},
		{"2026-13", "'; drop", "2025-12-01", "2026-11-01"},
		{"2026-11-01", "\x00", "2025-12-01", "2026-11-01"},
		{"", "2023-12", "2023-12-01", "2023-12-01"},
	} {
		f := desk.NewReportFilter(c.from, c.to, "2026-11-26")
		if string(f.From) != c.wantFrom || string(f.To) != c.wantTo {
			t.Errorf("%q to %q: %s to %s, want %s to %s", c.from, c.to, f.From, f.To, c.wantFrom, c.wantTo)
		}
		if n := len(f.Months()); n < 1 || n > desk.MostMonths {
			t.Errorf("%q to %q: %d months", c.from, c.to, n)
		}
	}
	if got := desk.ReportMonths("2026-11-30"); len(got) != 36 || got[0] != "2023-12-01" || got[35] != "2026-11-01" {
		t.Errorf("months to choose from: %v", got)
	}
}

// A dropped promise is neither met nor missed, and no rounding hides a miss.
func TestAttainment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f    desk.Figure
		want int
		ok   bool
	}{
		{desk.Figure{}, 0, false},
		{desk.Figure{Dropped: 9}, 0, false},
		{desk.Figure{Met: 3, Missed: 1, Dropped: 96}, 75, true},
		{desk.Figure{Met: 999, Missed: 1}, 99, true},
		{desk.Figure{Met: 1, Missed: 999}, 1, true},
		{desk.Figure{Met: 2}, 100, true},
		{desk.Figure{Missed: 2}, 0, true},
		{desk.Figure{Met: 2, Missed: 1}, 67, true},
		{desk.Figure{Met: 1, Missed: 1}, 50, true},
	} {
		if got, ok := c.f.Percent(); got != c.want || ok != c.ok {
			t.Errorf("%+v: %d, %v, want %d, %v", c.f, got, ok, c.want, c.ok)
		}
	}
	if d, ok := (desk.Figure{Met: 1, Missed: 1, Dropped: 7, Seconds: 7200}).Average(); d != time.Hour || !ok {
		t.Errorf("average %s, %v", d, ok)
	}
	if _, ok := (desk.Figure{Dropped: 7}).Average(); ok {
		t.Error("what was dropped has an average")
	}
}

func TestHeadlineIsTheNewestMonthJudged(t *testing.T) {
	t.Parallel()
	r := desk.Report{Months: []desk.MonthFigure{
		{"2026-11-01", desk.Figure{Clock: desk.WithCustomer, Counted: 4}}, {"2026-11-01", desk.Figure{Clock: desk.FirstReply, Dropped: 1}},
		{"2026-10-01", desk.Figure{Clock: desk.FirstReply, Met: 3}}, {"2026-10-01", desk.Figure{Clock: desk.Resolution, Met: 1, Missed: 2}},
		{"2026-09-01", desk.Figure{Clock: desk.FirstReply, Missed: 9}}}}
	if h := r.Headline(); h.Month != "2026-10-01" || h.Met != 4 || h.Missed != 2 {
		t.Errorf("headline %+v", h)
	}
	if h := (desk.Report{}).Headline(); h.Month != "" {
		t.Errorf("of nothing %+v", h)
	}
}

func TestGroupsAreSorted(t *testing.T) {
	t.Parallel()
	a, b, c := desk.NewID(), desk.NewID(), desk.NewID()
	r := desk.Report{Customers: []desk.CustomerFigure{
		{a, "A", desk.Figure{Clock: desk.FirstReply, Met: 9, Missed: 1}}, {b, "B", desk.Figure{Clock: desk.FirstReply, Met: 1, Missed: 1}},
		{b, "B", desk.Figure{Clock: desk.NextReply, Missed: 2}}, {c, "C", desk.Figure{Clock: desk.NextReply}}}}
	list := r.ByCustomer()
	if len(list) != 2 || list[0].Name != "B" || list[0].Judged() != 4 || list[1].Name != "A" {
		t.Errorf("%+v", list)
	}
}

func TestTopWork(t *testing.T) {
	t.Parallel()
	a, b, c := desk.NewID(), desk.NewID(), desk.NewID()
	r := desk.Report{Work: []desk.WorkFigure{{a, "A", 60, 30, "10.10", "EUR"}, {b, "B", 200, 100, "0", "EUR"}, {a, "A", 30, 30, "5.00", "CHF"}, {c, "C", 10, 0, "-2.10", "EUR"}}}
	all, err := r.TopWork(3)
	if err != nil || len(all) != 3 || all[0].Customer != "B" || len(all[0].Amounts) != 0 || all[1].Minutes != 90 || len(all[1].Amounts) != 2 {
		t.Errorf("%+v (%v)", all, err)
	}
	some, err := r.TopWork(1)
	rest := some[len(some)-1]
	if err != nil || len(some) != 2 || rest.CustomerID != desk.Nobody || rest.Others != 2 || rest.Minutes != 100 || rest.Amounts[0].Number() != "8.00" {
		t.Errorf("%+v (%v)", some, err)
	}
	if _, err := (desk.Report{Work: []desk.WorkFigure{{Amount: "x", Currency: "EUR"}}}).TopWork(1); err == nil {
		t.Error("an amount that is none passes")
	}
}

func TestWeekOpen(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 29, 12, 0, 0, 0, paris) // the Sunday on which clocks change
	spec := hours.Spec{Zone: "Europe/Paris", Weekly: map[string][]string{"mon": {"08:30-12:30"}, "sun": {"02:00-03:00", "22:00-02:00"}}, Closed: []string{"2026-03-23"}}
	got, err := desk.WeekOpen(spec, paris, now)
	want := []desk.OpenTime{{0, 0, 120}, {0, 510, 750}, {6, 120, 180}, {6, 1320, 1440}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v (%v), want %v", got, err, want)
	}
	got, err = desk.WeekOpen(hours.Spec{Zone: "Europe/London", Weekly: map[string][]string{"wed": {"09:00-17:00"}}}, paris, now)
	if want = []desk.OpenTime{{2, 600, 1080}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("London's hours in Paris: %v (%v), want %v", got, err, want)
	}
}

func TestTheBusiestHourIsAClosedOne(t *testing.T) {
	t.Parallel()
	r := desk.Report{Hours: []desk.HourFigure{{0, 7, 5, 4}, {0, 10, 50, 0}, {5, 9, 3, 3}, {9, 99, 1, 1}}}
	if top := r.Week().Busiest(); top.Weekday != 0 || top.Hour != 7 {
		t.Errorf("%+v", top)
	}
	if tickets, closed := r.Week().Total(); tickets != 58 || closed != 7 {
		t.Errorf("%d, %d closed", tickets, closed)
	}
	r.Hours = r.Hours[1:2]
	if top := r.Week().Busiest(); top.Hour != 10 {
		t.Errorf("where all come while it is open: %+v", top)
	}
}
