package pricing

import (
	"encoding/json"
	"slices"
	"strings"
)

// What a line is: a stable key, stored with every bill.
const (
	// ForTime is worked time with its price: Minutes ÷ 60 × Unit × Percent. Minutes holds what minimum and rounding
	// added to its kind.
	ForTime = "time"
	// ForMinimum and ForRounding say how many minutes of the lines of this Kind were added, and cost nothing by
	// themselves.
	ForMinimum  = "minimum"
	ForRounding = "rounding"
	// ForIncluded is worked time that the support type includes, and ForFree time that an agent gives away.
	ForIncluded = "included"
	ForFree     = "free"
	// ForWeighed is worked time that counts for prepaid minutes: Minutes × Percent = Drawn. ForBlock is Minutes
	// taken from one Block, and ForOverage those that no block had: Minutes ÷ 60 × Unit.
	ForWeighed = "weighed"
	ForBlock   = "block"
	ForOverage = "overage"
	// ForIncident is Unit × Percent.
	ForIncident = "incident"
	// ForMonthly is Quantity users × Unit × Days ÷ Of.
	ForMonthly = "monthly"
	// ForManual is an amount that a person set; it may be a credit.
	ForManual = "manual"
)

// Line is one row of a bill with the figures that make its amount. What does not apply is zero; Unit and Amount are
// zero Amounts on lines that carry no price.
type Line struct {
	What     string
	Kind     Kind   // when the time was worked, or the incident opened
	Minutes  int    //
	Percent  int    // factor, 100 is ordinary
	Drawn    int    // minutes that count for blocks
	Block    string // id of the block that gave the minutes
	Quantity int    // users
	Days, Of int    // days charged, of so many that the month has
	Unit     Amount // price of an hour, an incident, or a user and month
	Amount   Amount // rounded
}

// Bill is what one piece of support costs: its lines, and their sum.
type Bill struct {
	Lines []Line
	Total Amount
}

// total makes a bill of lines in one currency.
func total(code string, lines ...Line) (Bill, error) {
	sum, err := add(zero(code), lines)
	if err != nil {
		return Bill{}, err
	}
	return Bill{lines, sum}, within(sum, mostAmount)
}

func add(sum Amount, lines []Line) (Amount, error) {
	for _, l := range lines {
		var err error
		if sum, err = sum.Add(l.Amount); err != nil {
			return Amount{}, ErrCurrency
		}
	}
	return sum, nil
}

// Charged is the minutes that the bill counts, minimum and rounding included, before factors.
func (b Bill) Charged() int {
	minutes := 0
	for _, l := range b.Lines {
		if l.What == ForTime || l.What == ForWeighed {
			minutes += l.Minutes
		}
	}
	return minutes
}

// Worked is the minutes that were worked, charged or not.
func (b Bill) Worked() int {
	minutes := b.Charged()
	for _, l := range b.Lines {
		switch l.What {
		case ForMinimum, ForRounding:
			minutes -= l.Minutes
		case ForIncluded, ForFree:
			minutes += l.Minutes
		}
	}
	return minutes
}

// Manual is a bill of one amount that a person set: a correction, a credit when negative. It fails with ErrNumber
// without a currency, and with ErrDecimals for parts of the smallest unit.
func Manual(amount Amount) (Bill, error) {
	code := amount.CurrencyCode()
	if code == "" {
		return Bill{}, ErrNumber
	}
	if !decimal.MatchString(amount.Round().Number()) {
		return Bill{}, ErrNumber
	}
	if !amount.Round().Equal(amount) {
		return Bill{}, ErrDecimals
	}
	return total(code, Line{What: ForManual, Amount: round(amount)})
}

// Sum is the totals of bills, one for each currency, by code. Bills without a currency cost nothing.
func Sum(bills ...Bill) ([]Amount, error) {
	var sums []Amount
	for _, b := range bills {
		code := b.Total.CurrencyCode()
		if code == "" {
			continue
		}
		i := slices.IndexFunc(sums, func(a Amount) bool { return a.CurrencyCode() == code })
		if i < 0 {
			i = len(sums)
			sums = append(sums, zero(code))
		}
		sum, err := sums[i].Add(b.Total)
		if err != nil {
			return nil, ErrCurrency
		}
		if err := within(sum, mostSum); err != nil {
			return nil, err
		}
		sums[i] = sum
	}
	slices.SortFunc(sums, func(a, b Amount) int { return strings.Compare(a.CurrencyCode(), b.CurrencyCode()) })
	return sums, nil
}

type lineJSON struct {
	What     string `json:"what"`
	Kind     Kind   `json:"kind,omitempty"`
	Minutes  int    `json:"minutes,omitempty"`
	Percent  int    `json:"percent,omitempty"`
	Drawn    int    `json:"drawn,omitempty"`
	Block    string `json:"block,omitempty"`
	Quantity int    `json:"quantity,omitempty"`
	Days     int    `json:"days,omitempty"`
	Of       int    `json:"of,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Amount   string `json:"amount,omitempty"`
}

type billJSON struct {
	Currency string     `json:"currency,omitempty"`
	Total    string     `json:"total,omitempty"`
	Lines    []lineJSON `json:"lines"`
}

// MarshalJSON writes numbers as text and the currency once:
//
//	{"currency":"EUR","total":"67.50","lines":[{"what":"time","kind":"working","minutes":45,"percent":100,"unit":"90.00","amount":"67.50"}]}
//
// It fails with ErrCurrency when a line has another currency than the total.
func (b Bill) MarshalJSON() ([]byte, error) {
	code := b.Total.CurrencyCode()
	out := billJSON{code, text(b.Total), make([]lineJSON, len(b.Lines))}
	for i, l := range b.Lines {
		for _, a := range []Amount{l.Unit, l.Amount} {
			if a.CurrencyCode() != "" && a.CurrencyCode() != code {
				return nil, ErrCurrency
			}
		}
		out.Lines[i] = lineJSON{l.What, l.Kind, l.Minutes, l.Percent, l.Drawn, l.Block, l.Quantity, l.Days, l.Of, text(l.Unit), text(l.Amount)}
	}
	return json.Marshal(out)
}

// UnmarshalJSON fails with ErrSum for a bill that does not add up: rather none than one that cannot be explained.
func (b *Bill) UnmarshalJSON(data []byte) error {
	var in billJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	sum, err := read(in.Total, in.Currency)
	if err != nil {
		return err
	}
	lines := make([]Line, len(in.Lines))
	for i, l := range in.Lines {
		unit, err := read(l.Unit, in.Currency)
		if err != nil {
			return err
		}
		amount, err := read(l.Amount, in.Currency)
		if err != nil {
			return err
		}
		lines[i] = Line{l.What, l.Kind, l.Minutes, l.Percent, l.Drawn, l.Block, l.Quantity, l.Days, l.Of, unit, amount}
	}
	if added, err := add(zero(in.Currency), lines); err != nil || !added.Equal(sum) {
		return ErrSum
	}
	*b = Bill{lines, sum}
	return nil
}
