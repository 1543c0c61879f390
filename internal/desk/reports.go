package desk

import (
	"cmp"
	"slices"
	"time"

	"guichet/internal/pricing"
)

// How many months a report covers where nobody says, and at most.
const (
	UsualMonths = 12
	MostMonths  = 36
)

// ReportFilter narrows a report. Months are named by their first day.
type ReportFilter struct {
	From, To Day    // the first and the last month
	Type     string // support type, "" for all
	Customer ID     // Nobody for all
}

// NewReportFilter reads months as 2026-11. What is none, lies ahead or too far
// back is left to the last twelve; months the wrong way round are turned.
func NewReportFilter(from, to string, today Day) ReportFilter {
	now := MonthStart(today)
	oldest := now.addMonths(1 - MostMonths)
	read := func(s string, otherwise Day) Day {
		if d, ok := ParseDay(s + "-01"); ok && d >= oldest && d <= now {
			return d
		}
		return otherwise
	}
	f := ReportFilter{To: read(to, now)}
	f.From = read(from, max(f.To.addMonths(1-UsualMonths), oldest))
	if f.From > f.To {
		f.From, f.To = f.To, f.From
	}
	return f
}

// MonthStart is the first day of a day's month.
func MonthStart(d Day) Day {
	if len(d) < len("2006-01") {
		return ""
	}
	return d[:len("2006-01")] + "-01"
}

func (d Day) addMonths(n int) Day {
	return Day(d.At(time.UTC).AddDate(0, n, 0).Format(time.DateOnly))
}

// AddDays is the day so many days later.
func (d Day) AddDays(n int) Day {
	return Day(d.At(time.UTC).AddDate(0, 0, n).Format(time.DateOnly))
}

// Months lists the months from the first to the last.
func (f ReportFilter) Months() (list []Day) {
	for m := f.From; m <= f.To && len(list) < MostMonths; m = m.addMonths(1) {
		list = append(list, m)
	}
	return list
}

// ReportMonths are the months that can be asked for, oldest first.
func ReportMonths(today Day) []Day {
	now := MonthStart(today)
	return ReportFilter{From: now.addMonths(1 - MostMonths), To: now}.Months()
}

// PromisedClocks are the clocks that promise something, in the order of reports.
var PromisedClocks = []Clock{FirstReply, NextReply, Resolution}

// Figure is how the promises of one clock ended.
type Figure struct {
	Clock                         Clock
	Met, Missed, Dropped, Counted int
	Seconds                       int64 // spent by all but the dropped
}

// Judged is how many were met or missed. A dropped one is neither.
func (f Figure) Judged() int { return f.Met + f.Missed }

// Percent is the share of those met. ok is false where there is nothing to judge.
func (f Figure) Percent() (n int, ok bool) { return Share(f.Met, f.Judged()), f.Judged() > 0 }

// Share is a part of a whole in percent. It is rounded, but never up to 100
// where something is left nor down to 0 where there is something. 0 of nothing.
func Share(part, whole int) int {
	switch {
	case whole == 0 || part == 0:
		return 0
	case part == whole:
		return 100
	}
	return min(max((200*part+whole)/(2*whole), 1), 99)
}

// Average is how long one took. ok is false where none did.
func (f Figure) Average() (d time.Duration, ok bool) {
	n := f.Met + f.Missed + f.Counted
	if n == 0 {
		return 0, false
	}
	return time.Duration(f.Seconds/int64(n)) * time.Second, true
}

// Add is both together.
func (f Figure) Add(g Figure) Figure {
	f.Met, f.Missed, f.Dropped, f.Counted, f.Seconds = f.Met+g.Met, f.Missed+g.Missed, f.Dropped+g.Dropped, f.Counted+g.Counted, f.Seconds+g.Seconds
	return f
}

// MonthFigure, TypeFigure and CustomerFigure are a Figure of what they say.
type MonthFigure struct {
	Month Day
	Figure
}

// TypeFigure is of one support type, by its key.
type TypeFigure struct {
	Type string
	Figure
}

// CustomerFigure is of one customer.
type CustomerFigure struct {
	CustomerID ID
	Customer   string
	Figure
}

// Attained is one line of the whole of it.
type Attained struct {
	Month, Type, Customer string
	Figure
}

// HourFigure is the tickets of one hour of the week; weekday 0 is Monday.
type HourFigure struct {
	Weekday, Hour   int
	Tickets, Closed int // Closed of these came while the desk was closed
}

// WorkFigure is the time and money of one customer in one currency.
type WorkFigure struct {
	CustomerID        ID
	Customer          string
	Minutes, Billable int
	Amount            string // decimal
	Currency          string
}

// Report is what the roll-ups say of some months.
type Report struct {
	Filter    ReportFilter
	Customer  string     // the name of the filter's
	RolledAt  *time.Time // when the newest day was counted, nil where none is
	Months    []MonthFigure
	Types     []TypeFigure
	Customers []CustomerFigure
	Hours     []HourFigure
	Work      []WorkFigure
	Latest    Headline
	Offer     Offer      // of today: names of types, hours of opening
	Open      []OpenTime // of an ordinary week
}

// Headline is the newest month of a report with something to judge.
type Headline struct {
	Month Day // "" where there is none
	Figure
	Worst string // the customer with the most late promises, "" for nobody
}

// Headline finds the newest month in which promises were judged, all clocks
// together. Worst is not known here.
func (r Report) Headline() (h Headline) {
	for _, m := range r.Months {
		switch {
		case m.Clock.Counts() || m.Judged() == 0 || m.Month < h.Month:
		case m.Month > h.Month:
			h = Headline{Month: m.Month, Figure: m.Figure}
		default:
			h.Figure = h.Add(m.Figure)
		}
	}
	return h
}

// Of is a month's figure of a clock, zero where there is none.
func (r Report) Of(month Day, c Clock) Figure {
	i := slices.IndexFunc(r.Months, func(m MonthFigure) bool { return m.Month == month && m.Clock == c })
	if i < 0 {
		return Figure{Clock: c}
	}
	return r.Months[i].Figure
}

// Promises tells whether anything was promised to an end in these months.
func (r Report) Promises() bool {
	return slices.ContainsFunc(r.Months, func(m MonthFigure) bool { return !m.Clock.Counts() && m.Judged()+m.Dropped > 0 })
}

// Waits tells whether any side's time is known.
func (r Report) Waits() bool {
	return slices.ContainsFunc(r.Months, func(m MonthFigure) bool {
		_, ok := m.Average()
		return ok && (m.Clock.Counts() || m.Clock == Resolution)
	})
}

// Group is the figures of one type or customer, by clock.
type Group struct {
	Key    string // of a type, or the id of a customer
	Name   string
	Clocks map[Clock]Figure
}

// Judged is how many promises of the group were met or missed.
func (g Group) Judged() (n int) {
	for _, c := range PromisedClocks {
		n += g.Clocks[c].Judged()
	}
	return n
}

func (g Group) missed() (n int) {
	for _, c := range PromisedClocks {
		n += g.Clocks[c].Missed
	}
	return n
}

func grouped[R any](rows []R, of func(R) (key, name string, f Figure)) (list []Group) {
	at := map[string]int{}
	for _, r := range rows {
		key, name, f := of(r)
		if f.Clock.Counts() || f.Judged()+f.Dropped == 0 {
			continue
		}
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, Group{Key: key, Name: name, Clocks: map[Clock]Figure{}})
		}
		list[i].Clocks[f.Clock] = f
	}
	return list
}

// ByType are the support types with their clocks, by name.
func (r Report) ByType(lang string) []Group {
	list := grouped(r.Types, func(f TypeFigure) (string, string, Figure) {
		name := f.Type
		if t, ok := r.Offer.Type(f.Type); ok {
			name = t.Name.In(lang)
		}
		return f.Type, name, f.Figure
	})
	slices.SortStableFunc(list, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// ByCustomer are the customers with their clocks, most late promises first.
func (r Report) ByCustomer() []Group {
	list := grouped(r.Customers, func(f CustomerFigure) (string, string, Figure) { return f.CustomerID.String(), f.Customer, f.Figure })
	slices.SortStableFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.missed(), a.missed()), cmp.Compare(b.Judged(), a.Judged()), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// WorkShare is one customer's time with the amounts of all currencies; the last
// of a list can be the rest, whose ID is Nobody.
type WorkShare struct {
	CustomerID        ID
	Customer          string
	Minutes, Billable int
	Amounts           []pricing.Amount
	Others            int // of the rest: how many customers
}
