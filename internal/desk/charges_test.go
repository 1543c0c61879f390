package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/pricing"
)

var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return l
}()

func TestTimeIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"70": 70, "1 h 10": 70, "1h10": 70, "1:10": 70, "1\u202fh\u202f10": 70, "2 h": 120, "45 min": 45, "45m": 45, "1 h 5 min": 65,
		"1,5 h": 90, "1.25h": 75, "0,1 h": 6, " 12 ": 12, "10 heures": 600, "3 hours": 180, "1 h 90": 150,
	} {
		if got, key := desk.ParseSpent(text, desk.BareMinutes); got != want || key != "" {
			t.Errorf("%q is %d (%s), want %d", text, got, key, want)
		}
	}
	if got, key := desk.ParseSpent("10", desk.BareHours); got != 600 || key != "" {
		t.Errorf("ten of hours: %d (%s)", got, key)
	}
	for text, want := range map[string]string{
		"": "error.required", "  ": "error.required", "0": "error.spent_positive", "0 h 0": "error.spent_positive", "-5": "error.spent_positive", "− 1 h": "error.spent_positive",
		"an hour": "error.spent", "1 h 100": "error.spent", "h": "error.spent", "1,2": "error.spent", "9999999999": "error.spent", "1 h 10 20": "error.spent", "12\x00": "error.spent",
	} {
		if got, key := desk.ParseSpent(text, desk.BareMinutes); key != want || got != 0 {
			t.Errorf("%q: %d and %q, want %q", text, got, key, want)
		}
	}
}

func TestWorkThatCannotBeIsToldAtItsField(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, paris)
	k := desk.Ticket{ID: desk.NewID(), CustomerID: desk.NewID()}
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	for name, c := range map[string]struct {
		work  desk.Work
		field string
		key   string
	}{
		"no time":         {desk.Work{Text: "Done"}, "spent", "error.required"},
		"below zero":      {desk.Work{Spent: "-10", Text: "Done"}, "spent", "error.spent_positive"},
		"none":            {desk.Work{Spent: "0", Text: "Done"}, "spent", "error.spent_positive"},
		"over a month":    {desk.Work{Spent: "745 h", Text: "Done"}, "spent", "error.spent_long"},
		"no text":         {desk.Work{Spent: "10", Text: " \n"}, "worked", "error.required"},
		"too much text":   {desk.Work{Spent: "10", Text: strings.Repeat("é", 501)}, "worked", "error.too_long"},
		"in the future":   {desk.Work{Spent: "10", Text: "Done", Ended: ago(-time.Minute)}, "ended", "error.ended_future"},
		"years ago":       {desk.Work{Spent: "10", Text: "Done", Ended: ago(2 * 365 * 24 * time.Hour)}, "ended", "error.ended_past"},
		"no date at all":  {desk.Work{Spent: "10", Text: "Done", BadEnded: true}, "ended", "error.date"},
		"broken encoding": {desk.Work{Spent: "10", Text: "\xff"}, "worked", "error.encoding"},
	} {
		_, err := desk.NewTimeEntry(c.work, k, desk.NewID(), nil, now)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p, ok := invalid.Problems.Of(c.field); !ok || p.Key != c.key || len(invalid.Problems) != 1 {
			t.Errorf("%s: %+v", name, invalid.Problems)
		}
	}
	timer := &desk.Timer{StartedAt: now.Add(-70*time.Minute + time.Second)}
	e, err := desk.NewTimeEntry(desk.Work{Text: "Done"}, k, desk.NewID(), timer, now)
	if err != nil || e.Minutes() != 70 || !e.EndedAt.Equal(now) {
		t.Errorf("the timer's %d minutes until %s (%v)", e.Minutes(), e.EndedAt, err)
	}
}

// level is a type of these terms with a French office's hours.
func level(t *testing.T, terms pricing.Terms) desk.Level {
	t.Helper()
	o := desk.FirstOffer(desk.Desk{Zone: "Europe/Paris"})
	o.Version = 3
	o.Content.Types[0].Terms = terms
	open, err := o.Open()
	if err != nil {
		t.Fatal(err)
	}
	return open.Level("standard")
}

func entry(from time.Time, d time.Duration) desk.TimeEntry {
	return desk.TimeEntry{ID: desk.NewID(), TicketID: desk.NewID(), CustomerID: desk.NewID(), Text: "Done", Billable: true, BeganAt: from, EndedAt: from.Add(d)}
}

var byHour = pricing.Terms{Model: pricing.Hour, Hour: "90.00", Step: 1, Factors: pricing.Factors{OffHours: 150, Weekend: 200}}

// What work costs goes by when it was done: evenings, weekends, and the nights in
// which the clock changes.
func TestWorkIsPricedByWhenItWasDone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from time.Time
		d    time.Duration
		want string
	}{
		"a morning":                             {time.Date(2026, 11, 10, 9, 0, 0, 0, paris), time.Hour, "90.00"},
		"over noon, when the desk is closed":    {time.Date(2026, 11, 10, 12, 0, 0, 0, paris), time.Hour, "112.50"}, // 30 min + 30 min at 150 %
		"into the evening":                      {time.Date(2026, 11, 10, 17, 0, 0, 0, paris), 2 * time.Hour, "225.00"},
		"from Friday night into Saturday":       {time.Date(2026, 11, 13, 23, 0, 0, 0, paris), 2 * time.Hour, "315.00"},
		"the night that has 25 hours":           {time.Date(2026, 10, 25, 1, 0, 0, 0, paris), 3 * time.Hour, "540.00"},
		"the night that has 23 hours":           {time.Date(2026, 3, 29, 1, 0, 0, 0, paris), 2 * time.Hour, "360.00"},
		"from Sunday's 25 hours to Monday 9 am": {time.Date(2026, 10, 25, 0, 0, 0, 0, paris), 34 * time.Hour, "5692.50"}, // 25 h at 200, 8.5 h at 150, 0.5 h at 100
	} {
		e := entry(c.from, c.d)
		charge, draws, err := desk.ChargeWork(e, level(t, byHour), nil, paris, "Inès", c.from)
		if err != nil || charge.Bill.Total.Number() != c.want || draws != nil {
			t.Errorf("%s costs %s (%v), want %s: %+v", name, charge.Bill.Total, err, c.want, charge.Bill.Lines)
		}
		if charge.Bill.Worked() != int(c.d/time.Minute) {
			t.Errorf("%s: %d minutes of %s", name, charge.Bill.Worked(), c.d)
		}
	}
}

// However work lies, its pieces are all of it, in order and without gaps.
func TestPiecesMakeTheWhole(t *testing.T) {
	t.Parallel()
	l := level(t, pricing.Terms{Model: pricing.Included})
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(1767222000, 1830294000).Draw(t, "from"), 0) // 2026 and 2027
		e := entry(from, time.Duration(rapid.IntRange(1, pricing.MostMinutes).Draw(t, "minutes"))*time.Minute)
		c, _, err := desk.ChargeWork(e, l, nil, paris, "", from)
		if err != nil || c.Bill.Worked() != e.Minutes() || !c.Bill.Total.IsZero() {
			t.Fatalf("%d of %d minutes (%v)", c.Bill.Worked(), e.Minutes(), err)
		}
	})
}

func TestIncludedWorkIsSeenAndCostsNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 9, 0, 0, 0, paris)
	for _, model := range []pricing.Terms{{Model: pricing.Included}, {Model: pricing.Incident, Incident: "45.00"}} {
		c, _, err := desk.ChargeWork(entry(now, time.Hour), level(t, model), nil, paris, "", now)
		if err != nil || len(c.Bill.Lines) != 1 || c.Bill.Lines[0].What != pricing.ForIncluded || !c.Bill.Total.IsZero() {
			t.Errorf("%s: %+v (%v)", model.Model, c.Bill, err)
		}
	}
	free := entry(now, time.Hour)
	free.Billable = false
	c, _, err := desk.ChargeWork(free, level(t, byHour), nil, paris, "", now)
	if err != nil || c.Bill.Lines[0].What != pricing.ForFree || !c.Bill.Total.IsZero() {
		t.Errorf("given away: %+v (%v)", c.Bill, err)
	}
}

func TestBlocksAreDrawnAndOverrun(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 9, 0, 0, 0, paris)
	expired, last := desk.Day("2026-11-09"), desk.Day("2026-11-10")
	blocks := []desk.Block{
		{ID: desk.NewID(), Minutes: 600, Starts: "2026-01-01", Expires: &expired},
		{ID: desk.NewID(), Minutes: 60, Used: 30, Starts: "2026-01-01", Expires: &last},
		{ID: desk.NewID(), Minutes: 600, Starts: "2026-11-11"},
		{ID: desk.NewID(), Minutes: 600, Starts: "2026-01-01", ClosedAt: &now},
	}
	terms := pricing.Terms{Model: pricing.Prepaid, Hour: "90.00", Step: 1}
	c, draws, err := desk.ChargeWork(entry(now, time.Hour), level(t, terms), blocks, paris, "", now)
	if err != nil || len(draws) != 1 || draws[0].ID != blocks[1].ID.String() || draws[0].Minutes != 30 || c.Bill.Total.Number() != "45.00" {
		t.Errorf("draws %v for %s (%v)", draws, c.Bill.Total, err)
	}
	if left := desk.MinutesLeft(blocks, now, paris); left != 30 {
		t.Errorf("%d minutes left", left)
	}
}

func TestAnIncidentIsPricedByWhenItCame(t *testing.T) {
	t.Parallel()
	terms := pricing.Terms{Model: pricing.Incident, Incident: "45.00", Factors: pricing.Factors{Weekend: 200}}
	for day, want := range map[int]string{10: "45.00", 14: "90.00"} {
		k := desk.Ticket{ID: desk.NewID(), CustomerID: desk.NewID(), Subject: "Mail", CreatedAt: time.Date(2026, 11, day, 9, 0, 0, 0, paris)}
		c, priced, err := desk.ChargeIncident(k, level(t, terms), paris, k.CreatedAt)
		if err != nil || !priced || c.Bill.Total.Number() != want || c.Source != "incident/"+k.ID.String() {
			t.Errorf("on the %dth: %+v (%v)", day, c, err)
		}
	}
	if _, priced, err := desk.ChargeIncident(desk.Ticket{}, level(t, byHour), paris, time.Now()); priced || err != nil {
		t.Errorf("an hour's terms price an incident: %v, %v", priced, err)
	}
}

func TestAMonthIsPaidByItsDays(t *testing.T) {
	t.Parallel()
	terms := pricing.Terms{Model: pricing.Included, Monthly: "4.00"}
	end := desk.Day("2026-11-10")
	for name, c := range map[string]struct {
		starts desk.Day
		ends   *desk.Day
		want   string
	}{
		"whole":           {"2026-01-01", nil, "100.00"},
		"from the 16th":   {"2026-11-16", nil, "50.00"},
		"until the 10th":  {"2026-01-01", &end, "33.33"},
		"one day":         {"2026-11-10", &end, "3.33"},
		"not any more":    {"2026-01-01", new(desk.Day("2026-10-31")), ""},
		"not yet":         {"2026-12-01", nil, ""},
		"to the last day": {"2026-11-30", nil, "3.33"},
	} {
		charge, owed, err := desk.ChargeMonth(desk.Agreement{ID: desk.NewID(), Users: 25, Starts: c.starts, Ends: c.ends}, level(t, terms), "2026-11", paris, time.Now())
		if err != nil || owed != (c.want != "") || owed && charge.Bill.Total.Number() != c.want {
			t.Errorf("%s: %s, %v (%v)", name, charge.Bill.Total, owed, err)
		}
	}
}

func TestAnAdjustmentIsOneMoreLine(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 9, 0, 0, 0, paris)
	c, _, err := desk.ChargeWork(entry(now, time.Hour), level(t, byHour), nil, paris, "", now)
	if err != nil {
		t.Fatal(err)
	}
	less, err := c.Adjusted("-100,50", "Half of it was ours")
	if err != nil || less.Bill.Total.Number() != "-10.50" || len(less.Bill.Lines) != 2 || less.Bill.Lines[1].What != pricing.ForManual {
		t.Errorf("%+v (%v)", less.Bill, err)
	}
	if c.Bill.Total.Number() != "90.00" || len(c.Bill.Lines) != 1 {
		t.Errorf("what was adjusted has itself changed: %+v", c.Bill)
	}
	for _, wrong := range []struct{ amount, reason, field string }{
		{"", "r", "amount"}, {"0", "r", "amount"}, {"1.005", "r", "amount"}, {"1e3", "r", "amount"}, {"NaN", "r", "amount"}, {"9999999999", "r", "amount"},
		{"10", " ", "reason"}, {"10", strings.Repeat("x", 501), "reason"},
	} {
		_, err := c.Adjusted(wrong.amount, wrong.reason)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != wrong.field {
			t.Errorf("%q because %.5q: %v", wrong.amount, wrong.reason, err)
		}
	}
	c.State = desk.Waived
	if _, err := c.Adjusted("1", "r"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a waived one is adjusted: %v", err)
	}
}

func TestStatementsSumByTicketAndCurrency(t *testing.T) {
	t.Parallel()
	line := func(ticket int64, number, currency string) desk.ChargeRow {
		a, err := pricing.Parse(number, currency)
		if err != nil {
			t.Fatal(err)
		}
		b, err := pricing.Manual(a)
		if err != nil {
			t.Fatal(err)
		}
		return desk.ChargeRow{Charge: desk.Charge{Bill: b}, TicketNumber: ticket}
	}
	p := desk.StatementPage{Statement: desk.Statement{Month: "2026-11", Seq: 3},
		Lines: []desk.ChargeRow{line(0, "12.00", "EUR"), line(104, "0.10", "EUR"), line(102, "0.20", "EUR"), line(104, "1000", "JPY"), line(104, "-0.30", "EUR")}}
	if p.Number() != "2026-11-003" {
		t.Errorf("called %s", p.Number())
	}
	var order []int64
	for _, g := range p.Groups() {
		order = append(order, g.Number)
		if g.Number == 104 && (len(g.Totals) != 2 || g.Totals[0] != (desk.Total{Number: "-0.20", Currency: "EUR"}) || g.Totals[1] != (desk.Total{Number: "1000", Currency: "JPY"})) {
			t.Errorf("totals of 104: %v", g.Totals)
		}
	}
	if len(order) != 3 || order[0] != 102 || order[1] != 104 || order[2] != 0 {
		t.Errorf("groups %v", order)
	}
	totals, err := desk.Totals(p.Lines)
	if err != nil || len(totals) != 2 || totals[0].Number != "12.00" || totals[1].Number != "1000" {
		t.Errorf("%v (%v)", totals, err)
	}
}

func TestCursorsSurviveAnAddress(t *testing.T) {
	t.Parallel()
	c := desk.ChargeCursor{Month: "2026-11", Customer: desk.NewID(), At: time.UnixMicro(1_790_000_000_123_456), ID: desk.NewID()}
	if got := desk.ParseChargeCursor(c.String()); got != c {
		t.Errorf("%+v, want %+v", got, c)
	}
	for _, odd := range []string{"", "x", "AAAA", c.String()[:20], strings.Repeat("A", 5000)} {
		if got := desk.ParseChargeCursor(odd); !got.Zero() {
			t.Errorf("%.10q reads as %+v", odd, got)
		}
	}
}
