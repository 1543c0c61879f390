package desk

import (
	"fmt"
	"time"

	"guichet/internal/pricing"
)

// Quote is what a request costs that is sent now, with so many prepaid minutes
// left. Errors: terms that no form would have let in.
func (l Level) Quote(now time.Time, left int) (pricing.Quote, error) {
	kind, err := kindAt(l.Calendar, now)
	if err != nil {
		return pricing.Quote{}, err
	}
	return l.Type.Terms.Quote(l.Currency, kind, left)
}

// Chargeable tells the kinds of request that support is given for: what is bought,
// and questions about a bill, cost nothing to ask.
func Chargeable(kind string) bool { return kind != KindSubscription && kind != "billing" }

// Price names a quote, so that a form can say which price its reader accepted:
// once it is another one by now, he is asked again.
func (l Level) Price(q pricing.Quote) string {
	return fmt.Sprintf("%d/%s/%s/%s/%s", l.Offer, l.Type.Key, q.Model, q.Amount.Number(), q.Amount.CurrencyCode())
}

// Acceptance is a price that a customer accepted with his request.
type Acceptance struct {
	TicketID    ID
	CustomerID  ID
	PersonID    ID
	PersonName  string
	Offer       int
	SupportType string
	Quote       pricing.Quote
	CreatedAt   time.Time
}

// Accept checks that a request which costs something carries its price. nil is
// a request that needs none. Errors: Invalid on "accept".
func (l Level) Accept(k Ticket, q pricing.Quote, accepted string, by ID, now time.Time) (*Acceptance, error) {
	switch {
	case !q.Charged():
		return nil, nil
	case accepted == "":
		return nil, NewInvalid("accept", "error.accept")
	case accepted != l.Price(q):
		return nil, NewInvalid("accept", "error.price_changed")
	}
	return &Acceptance{TicketID: k.ID, CustomerID: k.CustomerID, PersonID: by, Offer: l.Offer, SupportType: l.Type.Key, Quote: q, CreatedAt: now}, nil
}
