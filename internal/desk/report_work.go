package desk

import (
	"cmp"
	"slices"
	"time"

	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// TopWork are the customers with the most time, at most so many, and the rest as
// one. Errors: an amount that is none.
func (r Report) TopWork(most int) ([]WorkShare, error) {
	var list []WorkShare
	at := map[ID]int{}
	for _, f := range r.Work {
		i, ok := at[f.CustomerID]
		if !ok {
			i = len(list)
			at[f.CustomerID] = i
			list = append(list, WorkShare{CustomerID: f.CustomerID, Customer: f.Customer})
		}
		amount, err := pricing.Parse(f.Amount, f.Currency)
		if err != nil {
			return nil, err
		}
		list[i].Minutes, list[i].Billable = list[i].Minutes+f.Minutes, list[i].Billable+f.Billable
		if err := list[i].pay(amount); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b WorkShare) int {
		return cmp.Or(cmp.Compare(b.Minutes, a.Minutes), cmp.Compare(a.Customer, b.Customer))
	})
	if len(list) <= most {
		return list, nil
	}
	rest := WorkShare{Others: len(list) - most}
	for _, w := range list[most:] {
		rest.Minutes, rest.Billable = rest.Minutes+w.Minutes, rest.Billable+w.Billable
		for _, a := range w.Amounts {
			if err := rest.pay(a); err != nil {
				return nil, err
			}
		}
	}
	return append(list[:most:most], rest), nil
}

// pay adds an amount to that of its currency. Nothing is no amount.
func (w *WorkShare) pay(a pricing.Amount) error {
	if a.IsZero() {
		return nil
	}
	i := slices.IndexFunc(w.Amounts, func(b pricing.Amount) bool { return b.CurrencyCode() == a.CurrencyCode() })
	if i < 0 {
		w.Amounts = append(w.Amounts, a)
		return nil
	}
	sum, err := w.Amounts[i].Add(a)
	w.Amounts[i] = sum
	return err
}

// OpenTime is a stretch of an ordinary week in which a desk is open: weekday 0
// is Monday, the ends are minutes of the day.
type OpenTime struct{ Weekday, From, To int }

// WeekOpen is the ordinary week of a calendar, without holidays, as it is on the
// wall of a zone. Errors: a calendar that no form would have let in.
func WeekOpen(spec hours.Spec, zone *time.Location, now time.Time) ([]OpenTime, error) {
	plain := hours.Spec{Zone: spec.Zone, Weekly: spec.Weekly}
	if spec.Zone == zone.String() {
		plain.Zone, zone = "UTC", time.UTC // whose days have no gaps
	}
	c, err := hours.Parse(plain)
	if err != nil {
		return nil, err
	}
	monday := DayOf(now, zone).At(time.UTC)
	monday = monday.AddDate(0, 0, -(int(monday.Weekday())+6)%7)
	var list []OpenTime
	for i := range 7 {
		day := Day(monday.AddDate(0, 0, i).Format(time.DateOnly))
		start := day.At(zone)
		_, blocks := c.Between(start, day.AddDays(1).At(zone))
		for _, b := range blocks {
			from, to := wall(b.From.In(zone)), wall(b.To.In(zone))
			if to == 0 || DayOf(b.To, zone) > day {
				to = 24 * 60
			}
			list = append(list, OpenTime{i, from, to})
		}
	}
	return list, nil
}

// wall is the minute of the day.
func wall(t time.Time) int { return t.Hour()*60 + t.Minute() }

// WeekOpen is the ordinary week of the desk's default hours. Errors: as WeekOpen.
func (o OpenOffer) WeekOpen(zone *time.Location, now time.Time) ([]OpenTime, error) {
	t, _ := o.Content.Type(o.Content.Default)
	c, ok := o.Content.Hours(t.Calendar)
	if !ok {
		return WeekOpen(hours.Spec{Zone: "UTC", Weekly: always}, time.UTC, now)
	}
	return WeekOpen(c.Spec, zone, now)
}

var always = func() map[string][]string {
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[day] = []string{"00:00-24:00"}
	}
	return week
}()

// OpenDays is when the desk's default hours are open, from one day to another in
// a zone.
func (o OpenOffer) OpenDays(from, to Day, zone *time.Location) hours.Sum {
	_, open := o.Level(o.Content.Default).Calendar.Between(from.At(zone), to.AddDays(1).At(zone))
	return open
}

// WeekHours is a report's tickets by weekday and hour.
type WeekHours [7][24]HourFigure

// Week puts the hours in their place.
func (r Report) Week() (w WeekHours) {
	for d := range w {
		for h := range w[d] {
			w[d][h] = HourFigure{Weekday: d, Hour: h}
		}
	}
	for _, f := range r.Hours {
		if f.Weekday >= 0 && f.Weekday < 7 && f.Hour >= 0 && f.Hour < 24 {
			w[f.Weekday][f.Hour] = f
		}
	}
	return w
}

// Total is all tickets, and those that came while the desk was closed.
func (w WeekHours) Total() (tickets, closed int) {
	for _, day := range w {
		for _, h := range day {
			tickets, closed = tickets+h.Tickets, closed+h.Closed
		}
	}
	return tickets, closed
}

// Busiest is the hour with the most tickets that came while the desk was closed;
// in a week without any, with the most tickets. The first of equals.
func (w WeekHours) Busiest() (best HourFigure) {
	_, closed := w.Total()
	for _, day := range w {
		for _, h := range day {
			if closed > 0 && h.Closed > best.Closed || closed == 0 && h.Tickets > best.Tickets {
				best = h
			}
		}
	}
	return best
}
