package hours

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a desk names its zone, whatever the machine has installed
)

// Spec is a calendar as a desk writes it and as it is stored: JSON in both directions.
//
//	{"zone":"Europe/Paris","weekly":{"mon":["08:30-12:30","13:30-18:00"],"fri":["22:00-02:00"]},
//	 "closed":["2026-12-24"],"open":{"2026-12-26":["10:00-12:00"]},"holidays":"FR"}
//
// A block is HH:MM-HH:MM on 24 hours. It belongs to the day on which it begins, may end at 24:00, and runs past
// midnight when its end is before its start. Blocks may not overlap, nor may one run into the next day's first;
// but it may run into a day that is open from midnight on for at least as long, and that time counts once, as its own.
type Spec struct {
	Zone   string              `json:"zone"`             // IANA name
	Weekly map[string][]string `json:"weekly"`           // mon … sun; a day left out is closed
	Closed []string            `json:"closed,omitempty"` // dates of which every minute is closed
	// Open gives dates that have just these blocks, whatever the week, Closed or the holidays say. A block that
	// runs in from the day before still counts.
	Open map[string][]string `json:"open,omitempty"`
	// Holidays is the region whose public holidays are closed: FR, FR-57, DE-BY. A region that is not known is
	// refused: better no promise than one that forgets a holiday.
	Holidays string `json:"holidays,omitempty"`
}

// The most that a Spec may hold, so that nobody can make a calendar that costs more than a calendar should.
const (
	maxBlocks = 24   // a day
	maxDates  = 2000 // closed and open ones
)

// SpecError says which part of a Spec is wrong: a field ("zone", "weekly.mon", "open.2026-12-26"), the value as it
// was written, and the key of a message for the person who wrote it.
type SpecError struct{ Field, Value, Key string }

var reasons = map[string]string{
	"error.hours.zone":     "no such time zone",
	"error.hours.weekday":  "no such day: mon, tue, wed, thu, fri, sat, sun",
	"error.hours.date":     "no such date: write 2026-12-24",
	"error.hours.block":    "no such block: write 08:30-12:30",
	"error.hours.overlap":  "overlaps another block",
	"error.hours.holidays": "the public holidays of this country are not known",
	"error.hours.twice":    "stands there twice",
	"error.hours.blocks":   "more than 24 blocks in a day",
	"error.hours.dates":    "more than 2000 dates",
}

func (e *SpecError) Error() string {
	return fmt.Sprintf("%s %q: %s", e.Field, e.Value, reasons[e.Key])
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Parse builds a calendar. The error is a *SpecError: the first that is found, in an order that does not change.
func Parse(s Spec) (Calendar, error) {
	zone, err := parseZone(s.Zone)
	if err != nil {
		return Calendar{}, err
	}
	p := &plan{zone: zone, region: regions[s.Holidays]}
	if s.Holidays != "" && p.region == nil {
		return Calendar{}, &SpecError{"holidays", s.Holidays, "error.hours.holidays"}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Weekly)) {
		weekday := slices.Index(weekdays, name)
		if weekday < 0 {
			return Calendar{}, &SpecError{"weekly", name, "error.hours.weekday"}
		}
		if p.week[weekday], err = parseBlocks("weekly."+name, s.Weekly[name]); err != nil {
			return Calendar{}, err
		}
	}
	if err := p.except(s); err != nil {
		return Calendar{}, err
	}
	if err := p.apart(); err != nil {
		return Calendar{}, err
	}
	p.measure()
	return Calendar{p}, nil
}

// noZones are files that machines keep among the zones: the machine's own zone, and copies that count leap seconds.
var noZones = regexp.MustCompile(`^$|^(?i:local|localtime|posixrules|factory)$|^(posix|right)/|^\.?/|//|/\.|/$`)

func parseZone(name string) (*time.Location, error) {
	if noZones.MatchString(name) {
		return nil, &SpecError{"zone", name, "error.hours.zone"}
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, &SpecError{"zone", name, "error.hours.zone"}
	}
	return zone, nil
}

func (p *plan) except(s Spec) error {
	n := len(s.Closed) + len(s.Open)
	if n > maxDates {
		field := "open"
		if len(s.Closed) > len(s.Open) {
			field = "closed"
		}
		return &SpecError{field, strconv.Itoa(n), "error.hours.dates"}
	}
	p.exceptions = make(map[int]day, n)
	for _, written := range s.Closed {
		date, err := parseDate("closed", written)
		if err != nil {
			return err
		}
		if _, twice := p.exceptions[date]; twice {
			return &SpecError{"closed", written, "error.hours.twice"}
		}
		p.exceptions[date] = day{barred: true}
	}
	for _, written := range slices.Sorted(maps.Keys(s.Open)) {
		date, err := parseDate("open", written)
		if err != nil {
			return err
		}
		open, err := parseBlocks("open."+written, s.Open[written])
		if err != nil {
			return err
		}
		p.exceptions[date] = day{blocks: open}
	}
	return nil
}

// apart refuses a day whose last block runs into the first of the next, in the week and around each exception.
func (p *plan) apart() error {
	for i, name := range weekdays {
		if tomorrow := (i + 1) % 7; collide(p.week[i], p.week[tomorrow]) {
			return &SpecError{"weekly." + name, p.week[i][len(p.week[i])-1].String(), "error.hours.overlap"}
		}
	}
	for _, date := range slices.Sorted(maps.Keys(p.exceptions)) {
		if p.exceptions[date].barred {
			continue
		}
		for _, first := range []int{date - 1, date} {
			if blocks := p.on(first).blocks; collide(blocks, p.on(first+1).blocks) {
				return &SpecError{"open." + dateString(date), blocks[len(blocks)-1].String(), "error.hours.overlap"}
			}
		}
	}
	return nil
}

func collide(today, tomorrow []block) bool {
	if len(tomorrow) == 0 {
		return false
	}
	late, first := tail(today), tomorrow[0]
	return late > first.from && (first.from > 0 || late > first.to)
}

// tail is how many minutes of the next day the last block runs into.
func tail(blocks []block) int {
	if len(blocks) == 0 {
		return 0
	}
	return max(0, blocks[len(blocks)-1].to-minutesPerDay)
}

// measure notes what lets a search end: when the exceptions are over, and what an ordinary week then holds.
func (p *plan) measure() {
	for date := range p.exceptions {
		p.last = max(p.last, date)
	}
	for i, blocks := range p.week {
		for _, b := range blocks {
			p.minutes += b.to - b.from
		}
		if late := tail(p.week[(i+6)%7]); len(blocks) > 0 && blocks[0].from < late {
			p.minutes -= late
		}
	}
}

func parseBlocks(field string, written []string) ([]block, error) {
	if len(written) > maxBlocks {
		return nil, &SpecError{field, strconv.Itoa(len(written)), "error.hours.blocks"}
	}
	blocks := make([]block, 0, len(written))
	for _, w := range written {
		b, ok := parseBlock(w)
		if !ok {
			return nil, &SpecError{field, w, "error.hours.block"}
		}
		blocks = append(blocks, b)
	}
	slices.SortFunc(blocks, func(a, b block) int { return a.from - b.from })
	for i := 1; i < len(blocks); i++ {
		if blocks[i].from < blocks[i-1].to {
			return nil, &SpecError{field, blocks[i].String(), "error.hours.overlap"}
		}
	}
	return blocks, nil
}

func parseBlock(s string) (block, bool) {
	start, end, _ := strings.Cut(s, "-")
	from, ok := parseClock(start)
	if !ok {
		return block{}, false
	}
	if end == "24:00" {
		return block{from, minutesPerDay}, true
	}
	to, ok := parseClock(end)
	if !ok || to == from {
		return block{}, false
	}
	if to < from {
		to += minutesPerDay
	}
	return block{from, to}, true
}

// parseClock reads HH:MM with both digits, which time.Parse does not insist on.
func parseClock(s string) (int, bool) {
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}

func (b block) String() string {
	end := b.to % minutesPerDay
	if b.to == minutesPerDay {
		end = b.to
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", b.from/60, b.from%60, end/60, end%60)
}

func parseDate(field, s string) (int, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, &SpecError{field, s, "error.hours.date"}
	}
	return civil(t), nil
}
