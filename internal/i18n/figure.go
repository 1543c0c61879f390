package i18n

import (
	"strconv"
	"time"
)

// Percent writes a whole share of a hundred: 92 %, 92%.
func (p *Printer) Percent(n int) string {
	if p.lang == French {
		return strconv.Itoa(n) + "\u202f%"
	}
	return strconv.Itoa(n) + "%"
}

// Initial writes a month by its first letter, for charts that have no room.
func (p *Printer) Initial(m time.Month) string { return p.tongue.names.MonthNarrow(m) }

// ShortDay writes a day of any week for tables: lun., Mon.
func (p *Printer) ShortDay(d time.Weekday) string { return p.tongue.names.WeekdayAbbreviated(d) }

// Hour writes a full hour of the day: 7 h, 07:00.
func (p *Printer) Hour(n int) string {
	if p.lang == French {
		return strconv.Itoa(n) + "\u202fh"
	}
	return time.Date(2000, 1, 1, n%24, 0, 0, 0, time.UTC).Format("15:04")
}
