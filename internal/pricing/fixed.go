package pricing

import (
	"errors"
	"slices"
	"strconv"
)

// ErrMonth means days or users that no month has.
var ErrMonth = errors.New("pricing: no such month, or no such number of users")

// OneIncident is the bill of one request, at the factor of the moment at which it was opened. It has no lines when
// the terms do not charge by request. It fails with ErrTerms, ErrKind or ErrTooMuch.
func (t Terms) OneIncident(code string, opened Kind) (Bill, error) {
	if err := t.usable(code); err != nil {
		return Bill{}, err
	}
	if !slices.Contains(Kinds, opened) {
		return Bill{}, ErrKind
	}
	if t.Model != Incident {
		return total(code)
	}
	each, err := unit(t.Incident, code)
	if err != nil {
		return Bill{}, err
	}
	percent := t.Factors.Of(opened)
	amount, err := share(each, strconv.Itoa(percent), "100")
	if err != nil {
		return Bill{}, err
	}
	return total(code, Line{What: ForIncident, Kind: opened, Percent: percent, Unit: each, Amount: amount})
}

// Month is the bill of so many users for days out of the days that the month has. It has no lines when the terms
// have no monthly price. It fails with ErrTerms, ErrMonth or ErrTooMuch.
func (t Terms) Month(code string, users, days, daysInMonth int) (Bill, error) {
	if err := t.usable(code); err != nil {
		return Bill{}, err
	}
	if users < 0 || users > MostUsers || daysInMonth < 28 || daysInMonth > 31 || days < 0 || days > daysInMonth {
		return Bill{}, ErrMonth
	}
	if t.Monthly == "" {
		return total(code)
	}
	each, err := unit(t.Monthly, code)
	if err != nil {
		return Bill{}, err
	}
	amount, err := share(each, strconv.Itoa(users*days), strconv.Itoa(daysInMonth))
	if err != nil {
		return Bill{}, err
	}
	return total(code, Line{What: ForMonthly, Quantity: users, Days: days, Of: daysInMonth, Unit: each, Amount: amount})
}
