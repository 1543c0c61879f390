package hours

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, s Spec) Calendar {
	t.Helper()
	c, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// office is a desk in Lyon with a lunch break, and a short Friday.
func office() Spec {
	full := []string{"08:30-12:30", "13:30-18:00"}
	return Spec{Zone: "Europe/Paris", Weekly: map[string][]string{
		"mon": full, "tue": full, "wed": full, "thu": full, "fri": {"08:30-12:30", "13:30-17:00"},
	}}
}

// daily has the same blocks every day.
func daily(zone string, blocks ...string) Spec {
	s := Spec{Zone: zone, Weekly: map[string][]string{}}
	for _, name := range weekdays {
		s.Weekly[name] = blocks
	}
	return s
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05Z07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// told writes a sum as "2026-03-27 16:45-17:00, …", with the length where the wall clock does not tell it.
func told(s Sum) string {
	var parts []string
	for _, b := range s {
		parts = append(parts, b.Date+" "+b.From.Format("15:04")+"-"+b.To.Format("15:04")+" "+b.Duration().String())
	}
	return strings.Join(parts, ", ")
}

func TestAdd(t *testing.T) {
	t.Parallel()
	closed := office()
	closed.Closed = []string{"2026-11-11"}
	opened := office()
	opened.Closed, opened.Open = []string{"2026-12-26"}, map[string][]string{"2026-12-26": {"10:00-12:00"}}
	cases := []struct {
		name     string
		spec     Spec
		from     string
		minutes  int
		deadline string
		sum      string
	}{
		{"within a block", office(), "2026-11-10T09:12:00+01:00", 60, "2026-11-10T10:12:00+01:00", "2026-11-10 09:12-10:12 1h0m0s"},
		{"lunch break", office(), "2026-11-10T12:00:00+01:00", 60, "2026-11-10T14:00:00+01:00",
			"2026-11-10 12:00-12:30 30m0s, 2026-11-10 13:30-14:00 30m0s"},
		{"during the lunch break", office(), "2026-11-10T12:45:00+01:00", 60, "2026-11-10T14:30:00+01:00", "2026-11-10 13:30-14:30 1h0m0s"},
		{"the end of a block, not the next opening", office(), "2026-11-10T11:30:00+01:00", 60, "2026-11-10T12:30:00+01:00",
			"2026-11-10 11:30-12:30 1h0m0s"},
		{"zero amount while closed", office(), "2026-11-14T03:00:00+01:00", 0, "2026-11-14T03:00:00+01:00", ""},
		{"over the weekend", office(), "2026-11-13T16:30:00+01:00", 60, "2026-11-16T09:00:00+01:00",
			"2026-11-13 16:30-17:00 30m0s, 2026-11-16 08:30-09:00 30m0s"},
		{"a closed date", closed, "2026-11-10T17:30:00+01:00", 60, "2026-11-12T09:00:00+01:00",
			"2026-11-10 17:30-18:00 30m0s, 2026-11-12 08:30-09:00 30m0s"},
		{"an open date wins over the week and over closed", opened, "2026-12-25T17:00:00+01:00", 150, "2026-12-28T09:00:00+01:00",
			"2026-12-26 10:00-12:00 2h0m0s, 2026-12-28 08:30-09:00 30m0s"},
		{"asked from another zone", office(), "2026-11-10T02:12:00-06:00", 60, "2026-11-10T10:12:00+01:00", "2026-11-10 09:12-10:12 1h0m0s"},
		{"clock change at the weekend", office(), "2026-03-27T16:30:00+01:00", 60, "2026-03-30T09:00:00+02:00",
			"2026-03-27 16:30-17:00 30m0s, 2026-03-30 08:30-09:00 30m0s"},
		{"day and night is open at midnight", daily("Europe/Paris", "00:00-24:00"), "2026-11-10T23:59:00+01:00", 2, "2026-11-11T00:01:00+01:00",
			"2026-11-10 23:59-00:00 1m0s, 2026-11-11 00:00-00:01 1m0s"},
		{"an end of 24:00 is midnight", daily("Europe/Paris", "20:00-24:00"), "2026-11-10T23:00:00+01:00", 60, "2026-11-11T00:00:00+01:00",
			"2026-11-10 23:00-00:00 1h0m0s"},
		{"an end of 00:00 is the same midnight", daily("Europe/Paris", "20:00-00:00"), "2026-11-10T23:00:00+01:00", 60, "2026-11-11T00:00:00+01:00",
			"2026-11-10 23:00-00:00 1h0m0s"},
		{"night shift, spring takes an hour", daily("Europe/Paris", "22:00-06:00"), "2026-03-28T22:00:00+01:00", 8 * 60, "2026-03-29T23:00:00+02:00",
			"2026-03-28 22:00-06:00 7h0m0s, 2026-03-29 22:00-23:00 1h0m0s"},
		{"night shift, autumn gives an hour", daily("Europe/Paris", "22:00-06:00"), "2026-10-24T22:00:00+02:00", 8 * 60, "2026-10-25T05:00:00+01:00",
			"2026-10-24 22:00-05:00 8h0m0s"},
		{"a block that begins in the hour that spring skips", daily("Europe/Paris", "02:30-04:00"), "2026-03-29T00:00:00+01:00", 60, "2026-03-29T04:00:00+02:00",
			"2026-03-29 03:00-04:00 1h0m0s"},
		{"a block that spring skips", daily("Europe/Paris", "02:00-03:00"), "2026-03-29T00:00:00+01:00", 60, "2026-03-30T03:00:00+02:00",
			"2026-03-30 02:00-03:00 1h0m0s"},
		{"a block that ends in the hour that autumn repeats", daily("Europe/Paris", "22:00-02:30"), "2026-10-25T02:00:00+02:00", 60, "2026-10-25T22:30:00+01:00",
			"2026-10-24 02:00-02:30 30m0s, 2026-10-25 22:00-22:30 30m0s"},
		{"a block within the hour that autumn repeats", daily("Europe/Paris", "02:10-02:40"), "2026-10-25T00:00:00+02:00", 30, "2026-10-25T02:40:00+02:00",
			"2026-10-25 02:10-02:40 30m0s"},
		{"the night before is running", daily("Europe/Paris", "22:00-06:00"), "2026-11-10T05:30:00+01:00", 60, "2026-11-10T22:30:00+01:00",
			"2026-11-09 05:30-06:00 30m0s, 2026-11-10 22:00-22:30 30m0s"},
		{"seconds count", office(), "2026-11-10T12:29:30+01:00", 1, "2026-11-10T13:30:30+01:00",
			"2026-11-10 12:29-12:30 30s, 2026-11-10 13:30-13:30 30s"},
	}
	for _, c := range cases {
		deadline, sum, err := parse(t, c.spec).Add(instant(t, c.from), time.Duration(c.minutes)*time.Minute)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := deadline.Format(time.RFC3339); got != c.deadline {
			t.Errorf("%s: %s, want %s", c.name, got, c.deadline)
		}
		if got := told(sum); got != c.sum {
			t.Errorf("%s: sum %q, want %q", c.name, got, c.sum)
		}
	}
}

func TestClosedDateCutsTheNightBefore(t *testing.T) {
	t.Parallel()
	s := daily("Europe/Paris", "22:00-06:00")
	s.Closed = []string{"2026-11-11"}
	total, sum := parse(t, s).Between(instant(t, "2026-11-10T12:00:00+01:00"), instant(t, "2026-11-13T12:00:00+01:00"))
	if want := "2026-11-10 22:00-00:00 2h0m0s, 2026-11-12 22:00-06:00 8h0m0s"; told(sum) != want || total != 10*time.Hour {
		t.Errorf("%v, %s, want %s", total, told(sum), want)
	}
}

func TestOpenDateKeepsTheNightBefore(t *testing.T) {
	t.Parallel()
	s := daily("Europe/Paris", "22:00-06:00")
	s.Open = map[string][]string{"2026-11-11": {}}
	total, sum := parse(t, s).Between(instant(t, "2026-11-10T12:00:00+01:00"), instant(t, "2026-11-12T12:00:00+01:00"))
	if want := "2026-11-10 22:00-06:00 8h0m0s"; told(sum) != want || total != 8*time.Hour {
		t.Errorf("%v, %s, want %s", total, told(sum), want)
	}
}

// A night may run into a day that is open from midnight on; no minute counts twice.
func TestANightBeforeAnOpenDay(t *testing.T) {
	t.Parallel()
	s := Spec{Zone: "Europe/Paris", Weekly: map[string][]string{"fri": {"22:00-02:00"}, "sat": {"00:00-24:00"}}}
	from := instant(t, "2026-11-06T12:00:00+01:00")
	total, sum := parse(t, s).Between(from, from.AddDate(0, 0, 3))
	if want := "2026-11-06 22:00-02:00 4h0m0s, 2026-11-07 02:00-00:00 22h0m0s"; told(sum) != want || total != 26*time.Hour {
		t.Errorf("%v, %s, want %s", total, told(sum), want)
	}
	s.Closed = []string{"2026-11-06"}
	if _, sum := parse(t, s).Between(from, from.AddDate(0, 0, 3)); told(sum) != "2026-11-07 00:00-00:00 24h0m0s" {
		t.Errorf("without its Friday: %s", told(sum))
	}
	all := daily("Europe/Paris", "00:00-24:00")
	all.Weekly["fri"] = []string{"00:00-12:00", "12:00-02:00"}
	if open, until := parse(t, all).Open(from); !open || !until.IsZero() {
		t.Errorf("never closed: %v until %v", open, until)
	}
}

func TestShortTargetAcrossALongClosure(t *testing.T) {
	t.Parallel()
	s := office()
	for day := instant(t, "2027-01-01T00:00:00Z"); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
		s.Closed = append(s.Closed, day.Format(time.DateOnly))
	}
	deadline, _, err := parse(t, s).Add(instant(t, "2026-12-31T17:50:00+01:00"), 15*time.Minute)
	if got := deadline.Format(time.RFC3339); err != nil || got != "2029-01-01T08:35:00+01:00" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestNeverOpenIsAnError(t *testing.T) {
	t.Parallel()
	now := instant(t, "2026-11-10T09:12:00+01:00")
	past := Spec{Zone: "Europe/Paris", Open: map[string][]string{"2026-11-09": {"09:00-12:00"}}}
	soon := Spec{Zone: "Europe/Paris", Open: map[string][]string{"2026-11-12": {"09:00-12:00"}}}
	for name, c := range map[string]Calendar{
		"zero": {}, "empty": parse(t, Spec{Zone: "Europe/Paris"}), "only before": parse(t, past), "not enough": parse(t, soon),
	} {
		if _, _, err := c.Add(now, 4*time.Hour); !errors.Is(err, ErrNeverOpen) {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := c.Add(now, -time.Minute); !errors.Is(err, ErrNegative) {
			t.Errorf("%s, backwards: %v", name, err)
		}
	}
	if deadline, _, err := parse(t, soon).Add(now, 3*time.Hour); err != nil || deadline.Format(time.RFC3339) != "2026-11-12T12:00:00+01:00" {
		t.Errorf("just enough: %v, %v", deadline, err)
	}
	if deadline, _, err := (Calendar{}).Add(now, 0); err != nil || !deadline.Equal(now) {
		t.Errorf("nothing to wait for: %v, %v", deadline, err)
	}
	once := parse(t, Spec{Zone: "UTC", Weekly: map[string][]string{"mon": {"09:00-09:01"}}})
	if _, _, err := once.Add(now, 200*24*time.Hour); !errors.Is(err, ErrNeverOpen) {
		t.Errorf("a minute a week: %v", err)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	armistice := office()
	armistice.Closed = []string{"2026-11-11"}
	around := daily("Europe/Paris", "00:00-24:00")
	around.Closed = []string{"2026-12-25"}
	cases := []struct {
		name  string
		c     Calendar
		now   string
		open  bool
		until string
	}{
		{"open until lunch", parse(t, office()), "2026-11-10T09:12:00+01:00", true, "2026-11-10T12:30:00+01:00"},
		{"the first minute is open", parse(t, office()), "2026-11-10T08:30:00+01:00", true, "2026-11-10T12:30:00+01:00"},
		{"the last is over", parse(t, office()), "2026-11-10T12:30:00+01:00", false, "2026-11-10T13:30:00+01:00"},
		{"closed until after the holiday", parse(t, armistice), "2026-11-10T19:00:00+01:00", false, "2026-11-12T08:30:00+01:00"},
		{"midnight is no change", parse(t, daily("Europe/Paris", "08:00-24:00", "00:00-02:00")), "2026-11-10T09:00:00+01:00", true, "2026-11-11T02:00:00+01:00"},
		{"day and night until a closed date", parse(t, around), "2026-11-10T09:00:00+01:00", true, "2026-12-25T00:00:00+01:00"},
		{"day and night after it", parse(t, around), "2026-12-26T09:00:00+01:00", true, ""},
		{"always", Always(), "2026-11-10T23:59:59+01:00", true, ""},
		{"never", Calendar{}, "2026-11-10T09:00:00+01:00", false, ""},
	}
	for _, c := range cases {
		open, until := c.c.Open(instant(t, c.now))
		got := ""
		if !until.IsZero() {
			got = until.Format(time.RFC3339)
		}
		if open != c.open || got != c.until {
			t.Errorf("%s: %v until %s, want %v until %s", c.name, open, got, c.open, c.until)
		}
	}
}

func TestBetweenBackwardsIsNothing(t *testing.T) {
	t.Parallel()
	total, sum := Always().Between(instant(t, "2026-11-10T12:00:00Z"), instant(t, "2026-11-10T11:00:00Z"))
	if total != 0 || len(sum) != 0 {
		t.Errorf("%v %v", total, sum)
	}
}

func BenchmarkAdd(b *testing.B) {
	c, err := Parse(office())
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 11, 10, 16, 45, 0, 0, time.UTC)
	for b.Loop() {
		if _, _, err := c.Add(from, 24*time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}
