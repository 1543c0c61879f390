package pricing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
)

// Model is how a support type is paid.
type Model string

// The models. A price per user and month may stand beside any of them.
const (
	Included Model = "included" // nothing beyond what the customer pays anyway
	Incident Model = "incident" // one price a request
	Hour     Model = "hour"     // worked time
	Prepaid  Model = "block"    // worked time, drawn from blocks bought beforehand
)

// Models lists them as a form offers them.
var Models = []Model{Included, Incident, Hour, Prepaid}

// Kind is when work is done, by the desk's calendar.
type Kind string

// The kinds of time.
const (
	Working  Kind = "working"
	OffHours Kind = "offhours" // of a working day
	Weekend  Kind = "weekend"
	Holiday  Kind = "holiday"
)

// Kinds lists them in the order in which a bill names them.
var Kinds = []Kind{Working, OffHours, Weekend, Holiday}

// Steps are the minutes that time can be rounded up to.
var Steps = []int{1, 5, 6, 10, 15, 30, 60}

// Factors are percents of the ordinary price: 150 is half as much again. 0 says nothing and counts as 100.
type Factors struct {
	OffHours int `json:"offhours,omitempty"`
	Weekend  int `json:"weekend,omitempty"`
	Holiday  int `json:"holiday,omitempty"`
}

// Factors go from ordinary to tenfold.
const (
	LeastFactor = 100
	MostFactor  = 1000
)

// Of is the percent of a kind of time, 100 for working hours.
func (f Factors) Of(kind Kind) int {
	percent := 0
	switch kind {
	case OffHours:
		percent = f.OffHours
	case Weekend:
		percent = f.Weekend
	case Holiday:
		percent = f.Holiday
	}
	if percent == 0 {
		return LeastFactor
	}
	return percent
}

// Terms is what a support type costs, as an offer stores it: JSON in both directions. Prices are decimal text
// ("90.00", "" for none) in the currency of the desk, before tax. The zero Terms can not be charged; {"model":"included"} can.
type Terms struct {
	Model    Model   `json:"model"`
	Incident string  `json:"incident,omitempty"` // one request
	Hour     string  `json:"hour,omitempty"`     // an ordinary hour
	Monthly  string  `json:"monthly,omitempty"`  // one user for one month
	Step     int     `json:"step,omitempty"`     // minutes that an entry is rounded up to, one of Steps
	Minimum  int     `json:"minimum,omitempty"`  // minutes that an entry is charged at least
	Factors  Factors `json:"factors,omitzero"`
	Overage  string  `json:"overage,omitempty"` // an hour once the blocks are used up; "" costs what Hour does
}

// Fault is one thing wrong with terms: the field as JSON names it ("factors.weekend"), the key of a message, the
// value as it was written, and the values that the message speaks of, by name.
type Fault struct {
	Field, Key, Value string
	Args              []any
}

func (f Fault) Error() string {
	_, reason, _ := strings.Cut(strings.TrimPrefix(f.Key, "fault."), ".")
	return fmt.Sprintf("%s %q: %s", f.Field, f.Value, strings.ReplaceAll(reason, "_", " "))
}

// Check says all that is wrong with terms, in the order of their fields; nothing when they can be charged in this
// currency. Terms without a price need no currency ("").
func (t Terms) Check(code string) []Fault {
	var faults []Fault
	add := func(field, key, value string, args ...any) {
		faults = append(faults, Fault{field, key, value, args})
	}
	if code != "" && !currency.IsValid(code) {
		add("currency", "fault.price.currency", code)
	} else if code == "" && t.priced() {
		add("currency", "fault.price.no_currency", code)
	}
	if !slices.Contains(Models, t.Model) {
		add("model", "fault.price.model", string(t.Model))
	}
	for _, p := range t.prices() {
		if p.text == "" {
			if p.needed {
				add(p.field, "fault.price.missing", "")
			}
			continue
		}
		if key, args := judge(p.text, code); key != "" {
			add(p.field, key, p.text, args...)
		}
	}
	return append(faults, t.checkTime()...)
}

// checkTime says what is wrong with how time is counted.
func (t Terms) checkTime() []Fault {
	var faults []Fault
	add := func(field, key, value string, args ...any) {
		faults = append(faults, Fault{field, key, value, args})
	}
	// Where time is not charged it is not rounded either, and need not say how.
	timed := t.Model == Hour || t.Model == Prepaid
	if !slices.Contains(Steps, t.Step) && (timed || t.Step != 0) {
		add("step", "fault.price.step", strconv.Itoa(t.Step))
	}
	if t.Minimum < 0 || t.Minimum > MostMinimum {
		add("minimum", "fault.price.minimum", strconv.Itoa(t.Minimum), "Most", MostMinimum)
	}
	for _, kind := range Kinds[1:] {
		if percent := t.Factors.Of(kind); percent < LeastFactor || percent > MostFactor {
			add("factors."+string(kind), "fault.price.factor", strconv.Itoa(percent), "Least", LeastFactor, "Most", MostFactor)
		}
	}
	return faults
}

// price is one of the prices of terms, with the name of its field.
type price struct {
	field, text string
	needed      bool
}

func (t Terms) prices() []price {
	return []price{
		{"incident", t.Incident, t.Model == Incident},
		{"hour", t.Hour, t.Model == Hour || t.Model == Prepaid && t.Overage == ""},
		{"monthly", t.Monthly, false},
		{"overage", t.Overage, false},
	}
}

func (t Terms) priced() bool {
	return slices.ContainsFunc(t.prices(), func(p price) bool { return p.text != "" || p.needed })
}

// judge says what is wrong with the text of a price: the key of a message and its values, or "".
func judge(text, code string) (key string, args []any) {
	switch {
	case !decimal.MatchString(text):
		return "fault.price.number", nil
	case strings.HasPrefix(text, "-"):
		return "fault.price.negative", nil
	}
	if _, fraction, _ := strings.Cut(text, "."); currency.IsValid(code) && code != "" {
		if digits, _ := currency.GetDigits(code); len(fraction) > int(digits) {
			return "fault.price.decimals", []any{"Currency", code, "Digits", int(digits)}
		}
		if a, err := Parse(text, code); err != nil || within(a, mostAmount) != nil {
			return "fault.price.too_much", []any{"Most", mostAmount}
		}
	}
	return "", nil
}

// unit reads the price of one, written with all decimals of its currency.
func unit(text, code string) (Amount, error) {
	a, err := Parse(text, code)
	return a.Round(), err
}

// usable fails with ErrTerms and the first fault unless the terms can be charged.
func (t Terms) usable(code string) error {
	return failure(t.Check(code))
}

func failure(faults []Fault) error {
	if len(faults) > 0 {
		return fmt.Errorf("%w: %w", ErrTerms, faults[0])
	}
	return nil
}

// overage is the price of an hour that no block covers.
func (t Terms) overage() string {
	if t.Overage != "" {
		return t.Overage
	}
	return t.Hour
}
