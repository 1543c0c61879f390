package i18n

import (
	"strconv"
	"strings"
	"time"
)

// Percent writes a whole share of a hundred: 92 %, 92%.
func (p *Printer) Percent(n int) string {
	if p.lang == French {
		return strconv.Itoa(n) + "\u202f%"
	}
	return strconv.Itoa(n) + "%"
}

// Month writes a month of a year: novembre 2026, November 2026.
func (p *Printer) Month(t time.Time) string {
	return p.tongue.names.MonthWide(t.Month()) + " " + strconv.Itoa(t.Year())
}

// Initial writes a month by its first letter, for charts that have no room.
func (p *Printer) Initial(m time.Month) string { return p.tongue.names.MonthNarrow(m) }

// DayName writes a day of any week: lundi, Monday.
func (p *Printer) DayName(d time.Weekday) string { return p.tongue.names.WeekdayWide(d) }

// ShortDay writes the same for tables: lun., Mon.
func (p *Printer) ShortDay(d time.Weekday) string { return p.tongue.names.WeekdayAbbreviated(d) }

// Hour writes a full hour of the day: 7 h, 07:00.
func (p *Printer) Hour(n int) string {
	if p.lang == French {
		return strconv.Itoa(n) + "\u202fh"
	}
	return time.Date(2000, 1, 1, n%24, 0, 0, 0, time.UTC).Format("15:04")
}

// Hours writes an amount of working time, never in days: 0 min, 42 min, 126 h 20.
func (p *Printer) Hours(minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return p.T("time.minutes", "Minutes", m)
	case m == 0:
		return p.T("time.hours", "Hours", p.Number(h))
	}
	return p.T("time.hours_minutes", "Hours", p.Number(h), "Minutes", pad(m))
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

var signs = map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}

// Money writes an amount, decimal text, of an ISO 4217 currency: 1 240,50 €,
// €1,240.50; CHF where a currency has no sign of its own.
func (p *Printer) Money(number, currency string) string {
	minus := ""
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		minus, number = "−", rest
	}
	whole, part, _ := strings.Cut(number, ".")
	if n, err := strconv.Atoi(whole); err == nil {
		whole = p.Number(n)
	}
	sign, known := signs[currency]
	if !known {
		sign = currency
	}
	if p.lang == French {
		if part != "" {
			whole += "," + part
		}
		return minus + whole + "\u00a0" + sign
	}
	if part != "" {
		whole += "." + part
	}
	if !known {
		sign += "\u00a0"
	}
	return minus + sign + whole
}
