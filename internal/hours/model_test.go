package hours

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The slow model: walk the real minutes one by one and look at the clock on the wall. What counts for the blocks is
// the latest time that the wall has ever shown, so that an hour which autumn repeats is not gone through twice. A
// minute is open when that time lies in a block and the date that the wall shows is not barred.
type minutes struct {
	start time.Time
	open  []bool
}

// model is a Spec read without the code under test, but for the grammar of a block and the dates of holidays.
type model struct {
	zone   *time.Location
	week   [7][]block
	barred map[int]bool
	open   map[int][]block
}

func read(t interface{ Fatal(...any) }, s Spec, from, to int) model {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	m := model{zone: zone, barred: map[int]bool{}, open: map[int][]block{}}
	blocks := func(written []string) (list []block) {
		for _, w := range written {
			b, ok := parseBlock(w)
			if !ok {
				t.Fatal(w)
			}
			list = append(list, b)
		}
		return list
	}
	day := func(date string) int {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		return int(at.Unix() / secondsPerDay)
	}
	for i, name := range weekdays {
		m.week[i] = blocks(s.Weekly[name])
	}
	for year := from - 1; year <= to+1 && s.Holidays != ""; year++ {
		list, _ := Holidays(s.Holidays, year)
		for _, h := range list {
			m.barred[day(h.Date)] = true
		}
	}
	for _, date := range s.Closed {
		m.barred[day(date)] = true
	}
	for date, written := range s.Open {
		delete(m.barred, day(date))
		m.open[day(date)] = blocks(written)
	}
	return m
}

func (m model) on(date int) []block {
	if open, ok := m.open[date]; ok {
		return open
	}
	if m.barred[date] {
		return nil
	}
	return m.week[(date+4)%7]
}

func (m model) walk(start time.Time, count int) minutes {
	w := minutes{start: start, open: make([]bool, count)}
	latest, offset, change := 0, 0, start.Add(-minutesPerDay*3*time.Minute)
	for i := -3 * minutesPerDay; i < count; i++ {
		at := start.Add(time.Duration(i) * time.Minute)
		if !change.IsZero() && !at.Before(change) {
			_, offset = at.In(m.zone).Zone()
			_, change = at.In(m.zone).ZoneBounds()
		}
		shown := (int(at.Unix()) + offset) / 60
		latest = max(latest, shown)
		if i >= 0 && !m.barred[shown/minutesPerDay] {
			w.open[i] = m.shown(latest)
		}
	}
	return w
}

func (m model) shown(minute int) bool {
	date, minute := minute/minutesPerDay, minute%minutesPerDay
	inside := func(blocks []block, minute int) bool {
		return slices.ContainsFunc(blocks, func(b block) bool { return b.from <= minute && minute < b.to })
	}
	return inside(m.on(date), minute) || inside(m.on(date-1), minute+minutesPerDay)
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

//go:embed testdata/zones.txt
var zoneList string

// zones is every name of the tz database.
var zones = strings.Fields(zoneList)

// odd are zones that change at midnight, by half an hour, twice a year around a fast, or that left out a date.
var odd = []string{
	"America/St_Johns", "America/Santiago", "America/Havana", "America/Asuncion", "America/Sao_Paulo", "Africa/Cairo", "Africa/Casablanca",
	"Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia", "Europe/Paris",
}

func aZone() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(zones), rapid.SampledFrom(odd))
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

func aSpec(t *rapid.T, zone string, near time.Time) Spec {
	s := Spec{Zone: zone, Weekly: map[string][]string{}, Open: map[string][]string{}}
	from, to := 0, minutesPerDay
	if rapid.Bool().Draw(t, "nights") {
		from, to = 4*60, 28*60-10
	}
	for _, name := range weekdays {
		s.Weekly[name] = aDay(t, from, to, name)
	}
	first := from
	if rapid.Bool().Draw(t, "a night before an open day") {
		s.Weekly["fri"], s.Weekly["sat"], first = []string{"22:00-02:00"}, []string{"00:00-24:00"}, 4*60
	}
	s.Holidays = rapid.SampledFrom([]string{"", "FR", "FR-57", "GB-SCT", "US", "JP", "BG", "CH-GE", "AU-WA"}).Draw(t, "holidays")
	for i := -2; i <= 6; i++ {
		date := near.AddDate(0, 0, i).Format(time.DateOnly)
		switch rapid.SampledFrom([]string{"ordinary", "ordinary", "ordinary", "closed", "open"}).Draw(t, date) {
		case "closed":
			s.Closed = append(s.Closed, date)
		case "open":
			s.Open[date] = aDay(t, first, to, "open "+date)
		}
	}
	return s
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
		name := aZone().Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		from := aMoment(t, zone)
		spec := aSpec(t, name, from)
		c, err := Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		m := read(t, spec, from.Year(), from.Year()).walk(from, 6*minutesPerDay)
		agrees(t, c, m, rapid.IntRange(0, 3*minutesPerDay).Draw(t, "amount"))

		i := rapid.IntRange(0, 3*minutesPerDay).Draw(t, "look at")
		open, until := c.Open(from.Add(time.Duration(i) * time.Minute))
		if want := m.changed(i); open != m.open[i] || !want.IsZero() && !until.Equal(want) {
			t.Fatalf("Open: %v until %v, the wall says %v until %v", open, until, m.open[i], want)
		}
	})
}

// agrees asks for a deadline and for the way back, each with its sum and without.
func agrees(t interface{ Fatalf(string, ...any) }, c Calendar, m minutes, amount int) {
	d := time.Duration(amount) * time.Minute
	want, ok := m.reached(amount)
	if !ok {
		return
	}
	deadline, sum, err := c.Add(m.start, d)
	if err != nil || !deadline.Equal(want) || sum.Total() != d {
		t.Fatalf("Add: %v %v %v, the wall says %v", deadline, err, sum, want)
	}
	if bare, err := c.Deadline(m.start, d); err != nil || !bare.Equal(deadline) || bare.Location() != deadline.Location() {
		t.Fatalf("Deadline: %v %v, Add said %v", bare, err, deadline)
	}
	back, again := c.Between(m.start, deadline)
	if back != d || fmt.Sprint(again) != fmt.Sprint(sum) {
		t.Fatalf("Between: %v %v, Add said %v", back, again, sum)
	}
	if elapsed := c.Elapsed(m.start, deadline); elapsed != d {
		t.Fatalf("Elapsed: %v, Between said %v", elapsed, back)
	}
}

// Ten years, minute by minute, in zones that each have their own oddity.
func TestTenYearsAgreeWithTheWallClock(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("walks thirty years by the minute")
	}
	nights := Spec{Weekly: map[string][]string{"mon": {"00:00-03:00", "21:00-02:00"}, "tue": {"08:30-12:30", "23:30-24:00"},
		"wed": {"23:00-01:00"}, "thu": {"13:00-18:00"}, "fri": {"22:00-06:00"}, "sat": {"22:00-07:00"}, "sun": {"22:15-00:00"}}}
	for zone, region := range map[string]string{"Europe/Paris": "FR-57", "America/Santiago": "AR", "Pacific/Apia": "NZ"} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			s := nights
			s.Zone, s.Holidays = zone, region
			s.Closed = []string{"2011-12-30", "2012-04-28", "2016-05-14", "2018-08-11"}
			s.Open = map[string][]string{"2012-05-01": {"10:00-11:00"}, "2013-12-25": nil}
			start := time.Date(2009, 7, 1, 0, 0, 0, 0, time.UTC)
			m := read(t, s, 2009, 2019).walk(start, 10*365*minutesPerDay)
			c := parse(t, s)
			for _, amount := range []int{1, 60, 10_000, 100_000, 500_000} {
				agrees(t, c, m, amount)
			}
			open := 0
			for i := range m.open {
				if i%10_007 == 0 {
					if got := c.Elapsed(start, start.Add(time.Duration(i)*time.Minute)); got != time.Duration(open)*time.Minute {
						t.Fatalf("after %d minutes: %v, the wall says %d minutes", i, got, open)
					}
				}
				if m.open[i] {
					open++
				}
			}
		})
	}
}

func TestElapsedAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := aZone().Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		from := aMoment(t, zone)
		c, err := Parse(aSpec(t, name, from))
		if err != nil {
			t.Fatal(err)
		}
		a := from.Add(time.Duration(rapid.Int64Range(0, int64(9*365*24*time.Hour)).Draw(t, "first")))
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(9*365*24*time.Hour)).Draw(t, "second")))
		if whole, parts := c.Elapsed(from, b), c.Elapsed(from, a)+c.Elapsed(a, b); whole != parts {
			t.Fatalf("%v in one, %v in two", whole, parts)
		}
		d := c.Elapsed(from, b)
		if total, sum := c.Between(from, b); total != d || sum.Total() != d {
			t.Fatalf("Elapsed %v, Between %v, its sum %v", d, total, sum.Total())
		}
		if d == 0 {
			return
		}
		at, err := c.Deadline(from, d)
		if err != nil || at.After(b) || c.Elapsed(at, b) != 0 || c.Elapsed(from, at) != d {
			t.Fatalf("%v open by %v, Deadline says %v %v", d, b, at, err)
		}
		with, sum, err := c.Add(from, d)
		if err != nil || !with.Equal(at) || sum.Total() != d || !sum[len(sum)-1].To.Equal(at) {
			t.Fatalf("Add %v %v, Deadline %v", with, err, at)
		}
	})
}

// kindAt is the model of a stretch.
func (m model) kindAt(at time.Time, open bool, holidays map[string]string) StretchKind {
	local := at.In(m.zone)
	_, holiday := holidays[local.Format(time.DateOnly)]
	_, offset := local.Zone()
	switch {
	case open:
		return Working
	case holiday || m.barred[(int(local.Unix())+offset)/secondsPerDay]:
		return OnHoliday
	case local.Weekday() == time.Saturday || local.Weekday() == time.Sunday:
		return Weekend
	}
	return OffHours
}

func TestStretchesPartTheTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := aZone().Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		from := aMoment(t, zone)
		spec := aSpec(t, name, from)
		c, err := Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		length := rapid.IntRange(1, 6*minutesPerDay).Draw(t, "minutes")
		to := from.Add(time.Duration(length) * time.Minute)
		list, err := c.Stretches(from, to)
		if err != nil {
			t.Fatal(err)
		}
		model, holidays := read(t, spec, from.Year(), to.Year()), map[string]string{}
		for year := from.Year() - 1; year <= to.Year()+1; year++ {
			of, _ := Holidays(spec.Holidays, year)
			for _, h := range of {
				holidays[h.Date] = h.Name
			}
		}
		open, at, i := model.walk(from, length).open, from, 0
		for n, s := range list {
			if !s.From.Equal(at) || !s.To.After(s.From) || n > 0 && list[n-1].Kind == s.Kind {
				t.Fatalf("stretch %d of %+v does not follow %v", n, list, at)
			}
			for at = s.From; at.Before(s.To); at = at.Add(time.Minute) {
				if want := model.kindAt(at, open[i], holidays); want != s.Kind {
					t.Fatalf("at %v: %s, the wall says %s", at.In(zone), s.Kind, want)
				}
				i++
			}
			at = s.To
		}
		if !at.Equal(to) {
			t.Fatalf("the last ends at %v, not at %v", at, to)
		}
	})
}
