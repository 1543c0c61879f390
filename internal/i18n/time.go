package i18n

import (
	"fmt"
	"strconv"
	"time"
)

// Date writes a whole date: mardi 10 novembre 2026, Tuesday 10 November 2026.
func (p *Printer) Date(t time.Time) string {
	t = t.In(p.zone)
	names := p.tongue.names
	return names.WeekdayWide(t.Weekday()) + " " + p.day(t) + " " + names.MonthWide(t.Month()) + " " + strconv.Itoa(t.Year())
}

// Weekday writes a day of a week in view: mardi 10, Tuesday 10.
func (p *Printer) Weekday(t time.Time) string {
	t = t.In(p.zone)
	return p.tongue.names.WeekdayWide(t.Weekday()) + " " + p.day(t)
}

// Day writes a date as one says it: mardi 10 novembre, Tuesday 10 November; with the year when it is not this one.
func (p *Printer) Day(t time.Time) string {
	t = t.In(p.zone)
	s := p.Weekday(t) + " " + p.tongue.names.MonthWide(t.Month())
	if t.Year() != p.now.Year() {
		s += " " + strconv.Itoa(t.Year())
	}
	return s
}

// ShortDate writes a date for tables: 10 nov., 10 Nov; with the year when it is not this one.
func (p *Printer) ShortDate(t time.Time) string {
	t = t.In(p.zone)
	s := p.day(t) + " " + p.tongue.names.MonthAbbreviated(t.Month())
	if t.Year() != p.now.Year() {
		s += " " + strconv.Itoa(t.Year())
	}
	return s
}

// Clock writes the time of day on 24 hours: 9 h 12, 09:12.
func (p *Printer) Clock(t time.Time) string {
	t = t.In(p.zone)
	if p.lang == French {
		return fmt.Sprintf("%d\u202fh\u202f%02d", t.Hour(), t.Minute())
	}
	return fmt.Sprintf("%02d:%02d", t.Hour(), t.Minute())
}

// When writes an instant for a timeline: the time alone today, "hier, 9 h 12", "10 nov., 9 h 12".
func (p *Printer) When(t time.Time) string {
	switch p.daysFromToday(t) {
	case 0:
		return p.Clock(t)
	case -1:
		return p.T("time.when", "Day", p.T("time.yesterday"), "Clock", p.Clock(t))
	case 1:
		return p.T("time.when", "Day", p.T("time.tomorrow"), "Clock", p.Clock(t))
	}
	return p.T("time.when", "Day", p.ShortDate(t), "Clock", p.Clock(t))
}

// Ago writes how long ago something was, short for tables: 2 min, 1 h 10, hier, 3 j, then the date after a month.
// Below an hour minutes win over "yesterday".
func (p *Printer) Ago(t time.Time) string {
	elapsed, days := p.now.Sub(t), -p.daysFromToday(t)
	switch {
	case elapsed < time.Minute:
		return p.T("time.now")
	case elapsed < time.Hour || days == 0:
		return p.Duration(elapsed)
	case days == 1:
		return p.T("time.yesterday")
	case days <= 30:
		return p.T("time.days", "Days", days)
	}
	return p.ShortDate(t)
}

// Duration writes an amount of time without its sign, cut to the minute, and to the hour from a day (24 h) on:
// 42 min, 1 h 20, 2 j 3 h.
func (p *Printer) Duration(d time.Duration) string {
	minutes := int(d.Abs() / time.Minute)
	hours := minutes / 60
	switch {
	case minutes == 0:
		return p.T("time.moment")
	case hours == 0:
		return p.T("time.minutes", "Minutes", minutes)
	case hours < 24 && minutes%60 == 0:
		return p.T("time.hours", "Hours", hours)
	case hours < 24:
		return p.T("time.hours_minutes", "Hours", hours, "Minutes", fmt.Sprintf("%02d", minutes%60))
	case hours%24 == 0:
		return p.T("time.days", "Days", hours/24)
	}
	return p.T("time.days_hours", "Days", hours/24, "Hours", hours%24)
}

// Hours writes an amount of time that readers add up, cut to the minute and never turned into days: 42 min, 3 h 18,
// 40 h; what is under a minute in seconds.
func (p *Printer) Hours(d time.Duration) string {
	minutes := int(d / time.Minute)
	switch {
	case minutes == 0 && d >= time.Second:
		return p.T("time.seconds", "Seconds", int(d/time.Second))
	case minutes < 60:
		return p.T("time.minutes", "Minutes", minutes)
	case minutes%60 == 0:
		return p.T("time.hours", "Hours", minutes/60)
	}
	return p.T("time.hours_minutes", "Hours", minutes/60, "Minutes", fmt.Sprintf("%02d", minutes%60))
}

// Before writes a promise: "avant 16 h 18" today, "demain avant 10 h 30", "jeudi 12 nov. avant 9 h 00".
func (p *Printer) Before(t time.Time) string {
	switch p.daysFromToday(t) {
	case 0:
		return p.T("time.before", "Clock", p.Clock(t))
	case 1:
		return p.T("time.before_day", "Day", p.T("time.tomorrow"), "Clock", p.Clock(t))
	case -1:
		return p.T("time.before_day", "Day", p.T("time.yesterday"), "Clock", p.Clock(t))
	}
	day := p.tongue.names.WeekdayWide(t.In(p.zone).Weekday()) + " " + p.ShortDate(t)
	return p.T("time.before_day", "Day", day, "Clock", p.Clock(t))
}

// day writes the day of the month; French says « 1er » for the first, which CLDR's patterns leave out.
func (p *Printer) day(t time.Time) string {
	if p.lang == French && t.Day() == 1 {
		return "1er"
	}
	return strconv.Itoa(t.Day())
}

// daysFromToday counts calendar days in the printer's zone, whatever the length of a night of clock change.
func (p *Printer) daysFromToday(t time.Time) int {
	return civil(t.In(p.zone)) - civil(p.now)
}

func civil(t time.Time) int {
	year, month, day := t.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}
