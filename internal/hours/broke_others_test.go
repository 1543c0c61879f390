package hours

import (
	"errors"
	"testing"
	"time"
)

// What broke other desks' promises, each under the name of what went wrong there.

func deadline(t *testing.T, s Spec, from string, d time.Duration) (string, string) {
	t.Helper()
	at, sum, err := parse(t, s).Add(instant(t, from), d)
	if err != nil {
		t.Fatal(err)
	}
	return at.Format(time.RFC3339), told(sum)
}

// Zammad 3180.
func TestDayAndNightIsNotClosedForAMinuteAtMidnight(t *testing.T) {
	t.Parallel()
	for _, blocks := range [][]string{{"00:00-24:00"}, {"00:00-12:00", "12:00-24:00"}, {"06:00-00:00", "00:00-06:00"}, {"18:00-06:00", "06:00-18:00"}} {
		c := parse(t, daily("Europe/Paris", blocks...))
		from := instant(t, "2026-03-01T00:00:00+01:00")
		for day := range 60 { // over the clock change
			at := from.AddDate(0, 0, day).Add(-time.Minute)
			if got := c.Elapsed(at, at.Add(2*time.Minute)); got != 2*time.Minute {
				t.Fatalf("%v at %v: %v open", blocks, at, got)
			}
			if open, until := c.Open(at.Add(time.Minute)); !open || !until.IsZero() {
				t.Fatalf("%v at %v: %v until %v", blocks, at, open, until)
			}
		}
	}
}

// Zammad 2497.
func TestEndOfMidnightIsNoEndlessLoop(t *testing.T) {
	t.Parallel()
	for _, block := range []string{"08:00-00:00", "08:00-24:00", "00:00-24:00"} {
		if at, _ := deadline(t, daily("Europe/Paris", block), "2026-11-10T23:30:00+01:00", 30*time.Minute); at != "2026-11-11T00:00:00+01:00" {
			t.Errorf("%s: %s", block, at)
		}
	}
	_, err := Parse(daily("Europe/Paris", "00:00-00:00"))
	var wrong *SpecError
	if !errors.As(err, &wrong) || wrong.Key != "error.hours.block" {
		t.Errorf("a block from midnight to midnight: %v", err)
	}
}

// Zammad 4432.
func TestNothingIsDueAtMidnightOrOnAWeekend(t *testing.T) {
	t.Parallel()
	c := parse(t, lyon())
	from := instant(t, "2026-01-01T00:00:00+01:00")
	for minutes := range 3000 {
		at, err := c.Deadline(from.Add(time.Duration(minutes)*97*time.Minute), time.Duration(minutes%600+1)*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		day := at.Weekday()
		if shown := at.Hour()*60 + at.Minute(); shown <= 8*60+30 || shown > 18*60 || day == time.Saturday || day == time.Sunday {
			t.Fatalf("due at %v", at)
		}
		if name, holiday := c.HolidayOn(at.Format(time.DateOnly)); holiday {
			t.Fatalf("due at %v, %s", at, name)
		}
	}
}

// Zammad 390, the sum that nobody could follow.
func TestTheSumCanBeFollowed(t *testing.T) {
	t.Parallel()
	s := lyon()
	from := instant(t, "2026-11-10T17:18:00+01:00")
	_, sum, _ := parse(t, s).Add(from, 4*time.Hour)
	want := "2026-11-10 17:18-18:00 42m0s; holiday 2026-11-11 Armistice de 1918; 2026-11-12 08:30-11:48 3h18m0s"
	if got := steps(parse(t, s).Explain(sum)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Zammad 390, the feed with odd days: only the eleven days of the law close a French desk, and none that school or
// custom keeps.
func TestTheHolidayListHasNoOddDays(t *testing.T) {
	t.Parallel()
	c := parse(t, lyon())
	for _, odd := range []string{"2026-02-02", "2026-02-14", "2026-02-17", "2026-04-03", "2026-04-05", "2026-05-24", "2026-05-31", "2026-06-21", "2026-10-31", "2026-12-24", "2026-12-26", "2026-12-31"} {
		if name, holiday := c.HolidayOn(odd); holiday {
			t.Errorf("%s is %s", odd, name)
		}
	}
}

// osTicket 6739: any set of weekdays will do, even one.
func TestAnySetOfWeekdaysWorks(t *testing.T) {
	t.Parallel()
	from := instant(t, "2026-11-10T12:00:00+01:00") // a Tuesday
	for set := 1; set < 1<<7; set++ {
		s := Spec{Zone: "Europe/Paris", Weekly: map[string][]string{}}
		for i, name := range weekdays {
			if set&(1<<i) != 0 {
				s.Weekly[name] = []string{"09:00-17:00"}
			}
		}
		at, err := parse(t, s).Deadline(from, 30*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		want, left := from, 30*60
		for ; left > 0; want = want.Add(time.Minute) {
			if set&(1<<want.Weekday()) != 0 && want.Hour() >= 9 && want.Hour() < 17 {
				left--
			}
		}
		if !at.Equal(want) {
			t.Errorf("set %07b: %v, want %v", set, at, want)
		}
	}
}

// osTicket 6847.
func TestALunchBreakMovesTheDeadline(t *testing.T) {
	t.Parallel()
	at, sum := deadline(t, office(), "2026-11-10T11:30:00+01:00", 2*time.Hour)
	if at != "2026-11-10T14:30:00+01:00" || sum != "2026-11-10 11:30-12:30 1h0m0s, 2026-11-10 13:30-14:30 1h0m0s" {
		t.Errorf("%s: %s", at, sum)
	}
	if at, _ := deadline(t, office(), "2026-11-10T12:45:00+01:00", time.Minute); at != "2026-11-10T13:31:00+01:00" {
		t.Errorf("asked at lunch: %s", at)
	}
}

// osTicket 1168: hours and holidays both count in a promise.
func TestHoursAndHolidaysCountInAPromise(t *testing.T) {
	t.Parallel()
	if at, _ := deadline(t, lyon(), "2026-05-13T17:00:00+02:00", 4*time.Hour); at != "2026-05-15T11:30:00+02:00" { // Ascension is the 14th
		t.Error(at)
	}
}

// Chatwoot 13392: a promise of hours is not one of the clock.
func TestAPromiseIsOfBusinessHours(t *testing.T) {
	t.Parallel()
	if at, _ := deadline(t, office(), "2026-11-06T16:30:00+01:00", time.Hour); at != "2026-11-09T09:00:00+01:00" {
		t.Error(at)
	}
}

// Chatwoot 14009.
func TestSeveralBlocksADay(t *testing.T) {
	t.Parallel()
	s := daily("Europe/Paris", "07:00-08:00", "09:00-10:00", "11:00-12:00", "20:00-21:00")
	at, sum := deadline(t, s, "2026-11-10T07:30:00+01:00", 3*time.Hour)
	if at != "2026-11-10T20:30:00+01:00" || sum != "2026-11-10 07:30-08:00 30m0s, 2026-11-10 09:00-10:00 1h0m0s, 2026-11-10 11:00-12:00 1h0m0s, 2026-11-10 20:00-20:30 30m0s" {
		t.Errorf("%s: %s", at, sum)
	}
}

// Chatwoot 5254.
func TestABlockRunsPastMidnight(t *testing.T) {
	t.Parallel()
	s := Spec{Zone: "Europe/Paris", Weekly: map[string][]string{"fri": {"22:00-02:00"}}}
	at, sum := deadline(t, s, "2026-11-07T01:30:00+01:00", time.Hour) // a Saturday, in Friday's block
	if at != "2026-11-13T22:30:00+01:00" || sum != "2026-11-06 01:30-02:00 30m0s, 2026-11-13 22:00-22:30 30m0s" {
		t.Errorf("%s: %s", at, sum)
	}
}

// GLPI 15429: a calendar that closes is summed like one that never does.
func TestACalendarThatClosesIsRightToo(t *testing.T) {
	t.Parallel()
	from := instant(t, "2026-11-10T09:00:00+01:00")
	whole, half := parse(t, daily("Europe/Paris", "00:00-24:00")), parse(t, daily("Europe/Paris", "00:00-12:00"))
	for days := range 400 {
		to := from.AddDate(0, 0, days)
		if a, b := whole.Elapsed(from, to), half.Elapsed(from, to); a != to.Sub(from) || (2*b-a).Abs() > 12*time.Hour {
			t.Fatalf("%d days: %v, and %v of the mornings", days, a, b)
		}
	}
}

// dbt_zendesk 25: the offset of today is not that of the other side of a clock change.
func TestTheOffsetIsThatOfTheDay(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe"} {
		c := parse(t, daily(zone, "09:00-17:00"))
		from := time.Date(2026, 1, 1, 12, 0, 0, 0, c.Zone())
		for day := range 365 {
			at, err := c.Deadline(from, time.Duration(day)*8*time.Hour+4*time.Hour)
			if err != nil || at.Hour() != 16 || at.YearDay() != day+1 {
				t.Fatalf("%s, day %d: %v %v", zone, day, at, err)
			}
		}
	}
}

func TestAShortPromiseAcrossAVeryLongClosure(t *testing.T) {
	t.Parallel()
	s := office()
	for day := instant(t, "2027-01-01T00:00:00Z"); day.Year() < 2032; day = day.AddDate(0, 0, 1) {
		s.Closed = append(s.Closed, day.Format(time.DateOnly))
	}
	if at, sum := deadline(t, s, "2026-12-31T17:50:00+01:00", 15*time.Minute); at != "2032-01-01T08:35:00+01:00" ||
		sum != "2026-12-31 17:50-18:00 10m0s, 2032-01-01 08:30-08:35 5m0s" {
		t.Errorf("%s: %s", at, sum)
	}
}

// A clock change at midnight brings a date back, or begins the next one late: a closed date stays closed all the
// same, and takes nothing from its neighbours.
func TestAClosedDateThatTheClockBringsBack(t *testing.T) {
	t.Parallel()
	s := daily("America/Santiago", "00:00-24:00") // on 2026-04-04 at 24:00 it is 23:00 again
	s.Closed = []string{"2026-04-04"}
	c := parse(t, s)
	if open, until := c.Open(instant(t, "2026-04-04T12:00:00-03:00")); open || until.Format(time.RFC3339) != "2026-04-05T00:00:00-04:00" {
		t.Errorf("closed on Saturday: %v until %v", open, until)
	}
	s.Closed = []string{"2026-04-05"}
	if open, until := parse(t, s).Open(instant(t, "2026-04-04T12:00:00-03:00")); !open || until.Format(time.RFC3339) != "2026-04-05T00:00:00-04:00" {
		t.Errorf("closed on Sunday: %v until %v", open, until)
	}
	// In 2010 it was 23:01 again in Newfoundland at one minute past midnight.
	s = daily("America/St_Johns", "00:00-24:00")
	s.Closed = []string{"2010-11-06"}
	_, sum := parse(t, s).Between(instant(t, "2010-11-06T12:00:00-02:30"), instant(t, "2010-11-07T12:00:00-03:30"))
	if want := "2010-11-07 00:00-23:01 1m0s, 2010-11-07 00:00-12:00 12h0m0s"; told(sum) != want {
		t.Errorf("closed on Saturday: %s, want %s", told(sum), want)
	}
	s.Closed = []string{"2010-11-07"}
	_, sum = parse(t, s).Between(instant(t, "2010-11-06T12:00:00-02:30"), instant(t, "2010-11-07T12:00:00-03:30"))
	if want := "2010-11-06 12:00-00:00 12h0m0s"; told(sum) != want {
		t.Errorf("closed on Sunday: %s, want %s", told(sum), want)
	}
}
