package hours

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The slow model: walk the real minutes one by one and look at the clock on the wall. What counts is the latest
// time that the wall has ever shown, so that an hour which autumn repeats is not gone through twice. A minute is
// open when that time lies in a block and its date is not barred.
type minutes struct {
	start time.Time
	open  []bool
}

func walk(c Calendar, start time.Time, count int) minutes {
	m := minutes{start: start, open: make([]bool, count)}
	latest := 0
	for i := -3 * minutesPerDay; i < count; i++ {
		local := start.Add(time.Duration(i) * time.Minute).In(c.zone)
		latest = max(latest, civil(local)*minutesPerDay+local.Hour()*60+local.Minute())
		if i >= 0 {
			m.open[i] = shownOpen(c, latest)
		}
	}
	return m
}

func shownOpen(c Calendar, shown int) bool {
	date, minute := shown/minutesPerDay, shown%minutesPerDay
	if c.on(date).barred {
		return false
	}
	inside := func(blocks []block, minute int) bool {
		return slices.ContainsFunc(blocks, func(b block) bool { return b.from <= minute && minute < b.to })
	}
	return inside(c.on(date).blocks, minute) || inside(c.on(date-1).blocks, minute+minutesPerDay)
}

// reached is the first minute by which the open minutes amount to n, or false.
func (m minutes) reached(n int) (time.Time, bool) {
	for i, open := range m.open {
		if n == 0 {
			return m.start.Add(time.Duration(i) * time.Minute), true
		}
		if open {
			n--
		}
	}
	return m.start.Add(time.Duration(len(m.open)) * time.Minute), n == 0
}

// changed is the first minute that is not like the one at i, or the zero time.
func (m minutes) changed(i int) time.Time {
	for j := i + 1; j < len(m.open); j++ {
		if m.open[j] != m.open[i] {
			return m.start.Add(time.Duration(j) * time.Minute)
		}
	}
	return time.Time{}
}

var zones = []string{
	"UTC", "Europe/Paris", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Santiago", "Africa/Cairo",
	"Africa/Casablanca", "Asia/Kolkata", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Auckland",
}

// aDay draws apart blocks between two minutes of a day, each beginning on that day.
func aDay(t *rapid.T, from, to int, label string) []string {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(from/10, to/10), 0, 6, rapid.ID[int]).Draw(t, label)
	slices.Sort(cuts)
	var blocks []string
	for i := 0; i+1 < len(cuts) && cuts[i]*10 < minutesPerDay; i += 2 {
		blocks = append(blocks, block{cuts[i] * 10, cuts[i+1] * 10}.String())
	}
	return blocks
}

func aCalendar(t *rapid.T, zone string, near time.Time) Calendar {
	s := Spec{Zone: zone, Weekly: map[string][]string{}, Open: map[string][]string{}}
	from, to := 0, minutesPerDay
	if rapid.Bool().Draw(t, "nights") {
		from, to = 4*60, 28*60-10
	}
	for _, name := range weekdays {
		s.Weekly[name] = aDay(t, from, to, name)
	}
	for i := -2; i <= 6; i++ {
		date := near.AddDate(0, 0, i).Format(time.DateOnly)
		switch rapid.SampledFrom([]string{"ordinary", "ordinary", "ordinary", "closed", "open"}).Draw(t, date) {
		case "closed":
			s.Closed = append(s.Closed, date)
		case "open":
			s.Open[date] = aDay(t, from, to, "open "+date)
		}
	}
	c, err := Parse(s)
	if err != nil {
		t.Fatalf("%+v: %v", s, err)
	}
	return c
}

// aMoment draws a minute from 2009 to 2033, half of them within two days before the zone's next change.
func aMoment(t *rapid.T, zone *time.Location) time.Time {
	minute := rapid.IntRange(0, 24*365*minutesPerDay).Draw(t, "minute")
	at := time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(minute) * time.Minute)
	if !rapid.Bool().Draw(t, "near a change") {
		return at
	}
	if _, change := at.In(zone).ZoneBounds(); !change.IsZero() {
		return change.Truncate(time.Minute).Add(-time.Duration(minute%(2*minutesPerDay)) * time.Minute)
	}
	return at
}

func TestCalendarAgreesWithTheWallClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		from := aMoment(t, zone)
		c := aCalendar(t, name, from)
		m := walk(c, from, 6*minutesPerDay)

		amount := rapid.IntRange(0, 3*minutesPerDay).Draw(t, "amount")
		if want, ok := m.reached(amount); ok {
			deadline, sum, err := c.Add(from, time.Duration(amount)*time.Minute)
			if err != nil || !deadline.Equal(want) || sum.Total() != time.Duration(amount)*time.Minute {
				t.Fatalf("Add: %v %v %v, the wall says %v", deadline, err, sum, want)
			}
			if back, again := c.Between(from, deadline); back != time.Duration(amount)*time.Minute || fmt.Sprint(again) != fmt.Sprint(sum) {
				t.Fatalf("Between: %v %v, Add said %v", back, again, sum)
			}
		}

		i := rapid.IntRange(0, 3*minutesPerDay).Draw(t, "look at")
		open, until := c.Open(from.Add(time.Duration(i) * time.Minute))
		if want := m.changed(i); open != m.open[i] || !want.IsZero() && !until.Equal(want) {
			t.Fatalf("Open: %v until %v, the wall says %v until %v", open, until, m.open[i], want)
		}
	})
}
