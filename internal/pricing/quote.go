package pricing

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Quote is what a customer is told before he submits a request. Amount is the price of one incident, or of one
// hour, at this kind of time: Unit × Percent, rounded. On prepaid terms that is an hour once no prepaid minutes are
// left. Included support has no price.
type Quote struct {
	Model   Model
	Kind    Kind
	Unit    Amount // the price as published
	Percent int    // factor, 100 is ordinary
	Amount  Amount
	Step    int // minutes that an entry is rounded up to
	Minimum int // minutes that an entry is charged at least
	Left    int // prepaid minutes
}

// Quote tells the price of a request that is opened at this kind of time, with so many prepaid minutes left. It
// fails with ErrTerms, ErrKind or ErrTooMuch.
func (t Terms) Quote(code string, kind Kind, left int) (Quote, error) {
	if err := t.usable(code); err != nil {
		return Quote{}, err
	}
	if !slices.Contains(Kinds, kind) {
		return Quote{}, ErrKind
	}
	q := Quote{Model: t.Model, Kind: kind, Percent: t.Factors.Of(kind)}
	var published string
	switch t.Model {
	case Included:
		q.Percent = LeastFactor
		return q, nil
	case Incident:
		published = t.Incident
	case Hour:
		published, q.Step, q.Minimum = t.Hour, t.Step, t.Minimum
	case Prepaid:
		published, q.Step, q.Minimum, q.Left = t.overage(), t.Step, t.Minimum, max(0, left)
	}
	var err error
	if q.Unit, err = unit(published, code); err != nil {
		return Quote{}, err
	}
	q.Amount, err = share(q.Unit, strconv.Itoa(q.Percent), "100")
	return q, err
}

// Charged tells whether the customer must accept the price before he submits. Prepaid minutes are paid already,
// unless fewer are left than the shortest entry takes.
func (q Quote) Charged() bool {
	return q.Amount.IsPositive() && (q.Model != Prepaid || q.Left < q.Least())
}

// Least is the prepaid minutes that the shortest entry takes, 0 on other terms.
func (q Quote) Least() int {
	if q.Model != Prepaid {
		return 0
	}
	return weigh(up(max(1, q.Minimum), q.Step), q.Percent)
}

type quoteJSON struct {
	Model    Model  `json:"model"`
	Kind     Kind   `json:"kind"`
	Currency string `json:"currency,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Percent  int    `json:"percent"`
	Amount   string `json:"amount,omitempty"`
	Step     int    `json:"step,omitempty"`
	Minimum  int    `json:"minimum,omitempty"`
	Left     int    `json:"left,omitempty"`
}

// MarshalJSON writes a quote as it is kept with the acceptance of its price: numbers as text, the currency once.
func (q Quote) MarshalJSON() ([]byte, error) {
	code := q.Unit.CurrencyCode()
	if q.Amount.CurrencyCode() != code {
		return nil, ErrCurrency
	}
	return json.Marshal(quoteJSON{q.Model, q.Kind, code, text(q.Unit), q.Percent, text(q.Amount), q.Step, q.Minimum, q.Left})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (q *Quote) UnmarshalJSON(data []byte) error {
	var in quoteJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	unit, err := read(in.Unit, in.Currency)
	if err != nil {
		return err
	}
	amount, err := read(in.Amount, in.Currency)
	if err != nil {
		return err
	}
	*q = Quote{in.Model, in.Kind, unit, in.Percent, amount, in.Step, in.Minimum, in.Left}
	return nil
}
