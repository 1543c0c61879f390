package dossier

import (
	"slices"
	"strings"
	"time"
)

type day struct{ year, month, day int }

func dayOf(t time.Time) day { return day{t.Year(), int(t.Month()), t.Day()} }

// real says whether the calendar has the day.
func (d day) real() bool {
	return d.month >= 1 && d.month <= 12 && dayOf(time.Date(d.year, time.Month(d.month), d.day, 12, 0, 0, 0, time.UTC)) == d
}

// days are the days that can be meant: one when it is sure.
func (w written) days(now time.Time, language string) ([]day, bool) {
	year := atoi(w.parts["year"])
	if len(w.parts["year"]) == 2 {
		year += 2000
	}
	switch {
	case w.parts["near"] != "":
		return w.near(now)
	case w.parts["name"] != "":
		return named(year, monthOf(w.parts["name"]), atoi(w.parts["day"]), now)
	case w.parts["first"] != "":
		return w.numbered(year, now, language)
	}
	d := day{year, atoi(w.parts["month"]), atoi(w.parts["day"])}
	return []day{d}, d.real()
}

// near is today or yesterday, as of when the text was written.
func (w written) near(now time.Time) ([]day, bool) {
	if now.IsZero() {
		return nil, false
	}
	near := strings.ToLower(w.parts["near"])
	if strings.HasPrefix(near, "hier") || strings.HasPrefix(near, "yesterday") {
		now = time.Date(now.Year(), now.Month(), now.Day()-1, 12, 0, 0, 0, now.Location())
	}
	return []day{dayOf(now)}, true
}

// named is a day with its month in letters. Without its year it is the last one that was.
func named(year, month, of int, now time.Time) ([]day, bool) {
	if year != 0 {
		d := day{year, month, of}
		return []day{d}, d.real()
	}
	if now.IsZero() {
		return nil, false
	}
	for _, year := range []int{now.Year(), now.Year() - 1} {
		d := day{year, month, of}
		if d.real() && !future(d, now) {
			return []day{d}, true
		}
	}
	return nil, false
}

// dayFirst are the languages that write the day before the month.
var dayFirst = []string{"fr", "de", "es", "it", "nl", "pt"}

// numbered is a day in digits: which of two numbers is the month is known by the numbers
// themselves, by the language, by French marks, or because the other day is still to come.
// English is written both ways.
func (w written) numbered(year int, now time.Time, language string) ([]day, bool) {
	first, second := atoi(w.parts["first"]), atoi(w.parts["second"])
	european, american := day{year, second, first}, day{year, first, second}
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	switch {
	case w.parts["mark"] == "." || w.parts["h"] != "" || !american.real():
		return []day{european}, european.real()
	case !european.real():
		return []day{american}, american.real()
	case european == american || slices.Contains(dayFirst, language) && w.parts["half"] == "":
		return []day{european}, true
	case !now.IsZero() && future(european, now) != future(american, now):
		if future(european, now) {
			return []day{american}, true
		}
		return []day{european}, true
	}
	return []day{european, american}, true
}

// future says whether a day is to come, wherever on earth the clock is.
func future(d day, now time.Time) bool {
	return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC).After(now.UTC().Add(14 * time.Hour))
}

var monthNames = [][]string{
	{"jan"}, {"fev", "fév", "feb"}, {"mar"}, {"avr", "apr"}, {"mai", "may"}, {"juin", "jun"}, {"juil", "jul"}, {"aoû", "aug"}, {"sep"}, {"oct"}, {"nov"}, {"déc", "dec"},
}

func monthOf(name string) int {
	name = strings.ToLower(name)
	for i, beginnings := range monthNames {
		if slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(name, b) }) {
			return i + 1
		}
	}
	return 0
}
