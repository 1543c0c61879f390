package hours

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"
)

// Holiday is a public holiday on one date (2026-11-11), by its name in the language of the place.
type Holiday struct{ Date, Name string }

// Region is a country, or a part of one that has public holidays of its own.
type Region struct {
	Code    string // ISO 3166: FR, DE-BY
	Country string // in English
	Name    string // in English: the country's again, or the part's
}

// Regions lists all regions whose holidays are known, by country, each country before its parts.
func Regions() []Region {
	list := make([]Region, 0, len(regions))
	for _, r := range regions {
		list = append(list, r.Region)
	}
	slices.SortFunc(list, func(a, b Region) int {
		if by := strings.Compare(a.Country, b.Country); by != 0 {
			return by
		}
		if len(a.Code) != len(b.Code) && min(len(a.Code), len(b.Code)) == len("FR") {
			return len(a.Code) - len(b.Code)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// Holidays lists the public holidays of a region in a year, in order; ok is whether the region is known.
func Holidays(code string, year int) (list []Holiday, ok bool) {
	r := regions[code]
	if r == nil {
		return nil, false
	}
	f := r.year(year)
	for i, date := range f.dates {
		list = append(list, Holiday{dateString(date), f.names[i]})
	}
	return list, true
}

// HolidayOn is the public holiday of a date (2026-11-11), open or not. ok is false where there is none, and for what
// is no date.
func (c Calendar) HolidayOn(date string) (name string, ok bool) {
	day, err := parseDate("", date)
	if err != nil {
		return "", false
	}
	return c.the().holiday(day)
}

func (p *plan) holiday(date int) (string, bool) {
	if p.region == nil {
		return "", false
	}
	f := p.region.year(yearOf(date))
	i, found := slices.BinarySearch(f.dates, date)
	if !found {
		return "", false
	}
	return f.names[i], true
}

// feasts is the holidays of one year, in order.
type feasts struct {
	dates []int // civil
	names []string
}

// region computes its holidays year by year, when they are first asked for, and shares them among all calendars.
type region struct {
	Region
	list  []*cal.Holiday
	rule  rule
	years atomic.Pointer[map[int]*feasts]
}

// yearsKept bounds what a region remembers; other years are computed each time.
const yearsKept = 200

// computing is held while the library computes: some of its holidays note the day that they are working on in a
// variable that all share.
var computing sync.Mutex

func init() {
	// The library counts dates in the machine's own zone, where a day need not have a midnight.
	cal.DefaultLoc = time.UTC
}

func (r *region) year(year int) *feasts {
	if f := r.known()[year]; f != nil {
		return f
	}
	computing.Lock()
	defer computing.Unlock()
	known := r.known()
	if f := known[year]; f != nil {
		return f
	}
	f := r.compute(year)
	if len(known) < yearsKept {
		more := make(map[int]*feasts, len(known)+1)
		maps.Copy(more, known)
		more[year] = f
		r.years.Store(&more)
	}
	return f
}

func (r *region) known() map[int]*feasts {
	if m := r.years.Load(); m != nil {
		return *m
	}
	return nil
}

// compute looks at the years around too: a New Year's Day may be kept on the last of December.
func (r *region) compute(year int) *feasts {
	actual, others := map[int]string{}, map[int]string{}
	for y := year - 1; y <= year+1; y++ {
		for _, h := range r.list {
			on, kept := h.Calc(y)
			if on.IsZero() {
				continue
			}
			name := strings.ReplaceAll(h.Name, "'", "’")
			if date := civil(on); r.rule != moves {
				actual[date] = together(actual[date], name)
			}
			if r.rule == moves || r.rule == adds && !kept.Equal(on) {
				others[civil(kept)] = together(others[civil(kept)], name)
			}
		}
	}
	all := maps.Clone(actual)
	for _, date := range slices.Sorted(maps.Keys(others)) {
		name := others[date]
		// The day in place of a holiday is a free one: it goes on past those that are holidays themselves.
		for r.rule == adds && actual[date] != "" {
			date++
		}
		all[date] = together(all[date], name)
	}
	f := &feasts{}
	for _, date := range slices.Sorted(maps.Keys(all)) {
		if yearOf(date) == year {
			f.dates, f.names = append(f.dates, date), append(f.names, all[date])
		}
	}
	return f
}

// together names a date on which two holidays meet.
func together(said, name string) string {
	if said == "" || said == name {
		return name
	}
	return said + ", " + name
}
