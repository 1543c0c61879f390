package desk

import (
	"strings"
	"time"
)

// CustomerConnection is a customer and what the portal may read of his tenant.
// The state is "" for one who was never asked.
type CustomerConnection struct {
	Connection
	Name   string
	Tenant string
	Domain string
	Active bool
}

// ConsentAsk is a consent that somebody asked for: who comes back must bring its
// state, in the session that began.
type ConsentAsk struct {
	Hash       []byte
	CustomerID ID
	PersonID   ID
	Session    string
	ExpiresAt  time.Time
	UsedAt     *time.Time // when it was answered before
}

// Subscription is a customer's Azure subscription whose health is read.
type Subscription struct {
	CustomerID   ID
	Subscription string // lower-case GUID
	Name         string
	Active       bool
	HeardAt      *time.Time
	Problem      string // message key
	Detail       string
}

// PublicFeed is how a desk stands to what is published for everyone.
type PublicFeed struct {
	Wanted   bool
	PolledAt *time.Time
	HeardAt  *time.Time
	Problem  string // message key
	Detail   string
	Refused  []RefusedEntry
}

// Asked is the subscription after its events were asked for.
func (s Subscription) Asked(err error, now time.Time) Subscription {
	s.Problem, s.Detail = "", ""
	if err == nil {
		s.HeardAt = &now
		return s
	}
	r := RefusalOf(err)
	s.Problem, s.Detail = "connections.problem."+string(r.Kind), cut(r.Detail, 500)
	return s
}

// ConsentLife is how long a consent that was asked for may take.
const ConsentLife = time.Hour

// ConsentReply is what comes back from Microsoft with the browser that was sent
// there (Microsoft identity platform, "Admin consent", successful and error
// response).
type ConsentReply struct {
	Tenant string
	State  string
	Given  bool   // admin_consent=True
	Error  string // access_denied and the like
	Detail string
}

// ConsentRefused is a reply that gives nothing. The reason is one of "unknown",
// "used", "expired", "foreign", "denied", "not_given" and "tenant".
type ConsentRefused struct{ Reason, Detail string }

func (e ConsentRefused) Error() string { return "consent refused (" + e.Reason + "): " + e.Detail }

// Accept holds a reply against what was asked. Errors: ConsentRefused.
func (a ConsentAsk) Accept(r ConsentReply, c Customer, who Actor, now time.Time) error {
	switch {
	case a.PersonID != who.Person.ID || a.Session != who.SessionID || who.SessionID == "":
		return ConsentRefused{Reason: "foreign"}
	case a.UsedAt != nil:
		return ConsentRefused{Reason: "used"}
	case !now.Before(a.ExpiresAt):
		return ConsentRefused{Reason: "expired"}
	case r.Error != "":
		return ConsentRefused{"denied", cut(r.Error+": "+r.Detail, 500)}
	case !r.Given:
		return ConsentRefused{Reason: "not_given"}
	case c.Tenant == "" || !strings.EqualFold(r.Tenant, c.Tenant):
		return ConsentRefused{"tenant", cut(r.Tenant, 60)}
	}
	return nil
}

// Asked is the connection of a customer who is to be asked for his consent.
func (c Connection) Asked(k Customer) Connection {
	c.CustomerID = k.ID
	c = c.of(k.Tenant)
	if c.State == "" || c.State == ConnectionOff {
		c.State, c.AskedTenant, c.NextAt, c.ConsentedAt = ConnectionAsked, k.Tenant, nil, nil
	}
	return c
}

// of is the connection as far as it is with a tenant: another one has told
// nothing yet.
func (c Connection) of(tenant string) Connection {
	if c.AskedTenant != tenant {
		c.HeardAt, c.WholeAt = nil, nil
	}
	return c
}

// NeedsProof tells a connection whose tenant has told this desk nothing yet: one
// that two desks claim is asked only after somebody of it signed in.
func (c Connection) NeedsProof() bool { return c.HeardAt == nil }

// Consented is the connection once consent is said to be given: only an answer of
// the tenant makes it connected.
func (c Connection) Consented(k Customer, by ID, now time.Time) Connection {
	if c.State != Connected || c.AskedTenant != k.Tenant {
		c.State = ConnectionAsked
	}
	c = c.of(k.Tenant)
	c.AskedTenant, c.ConsentedAt, c.ConsentedBy = k.Tenant, &now, by
	c.Problem, c.Detail, c.Failures, c.NextAt, c.WholeAt = "", "", 0, &now, nil
	return c
}

// Off is the connection switched off: nothing is asked any more.
func (c Connection) Off() Connection {
	c.State, c.NextAt, c.ConsentedAt, c.Problem, c.Detail, c.Failures = ConnectionOff, nil, nil, "", "", 0
	return c
}

// TriedNow is the connection that somebody wants asked at once. Who was told to
// wait waits. Errors: Invalid on "".
func (c Connection) TriedNow(now time.Time) (Connection, error) {
	held := c.Problem == "connections.problem."+string(RefusedThrottle) || c.Problem == "connections.problem."+string(RefusedBudget)
	switch {
	case !c.Polls():
		return c, NewInvalid("", "connections.not_connected")
	case held && c.NextAt != nil && c.NextAt.After(now), c.PolledAt != nil && now.Sub(*c.PolledAt) < 20*time.Second:
		return c, NewInvalid("", "connections.wait")
	}
	c.NextAt = &now
	return c, nil
}

// SubscriptionForm is an Azure subscription as its form holds it.
type SubscriptionForm struct{ Subscription, Name string }

// NewSubscription watches one. Errors: Invalid, by field.
func NewSubscription(customer ID, f SubscriptionForm) (Subscription, error) {
	s := Subscription{CustomerID: customer, Subscription: strings.ToLower(strings.TrimSpace(f.Subscription)), Name: clean(f.Name), Active: true}
	var p Problems
	if !guidShape.MatchString(s.Subscription) {
		p.Add("subscription", "connections.bad_subscription")
	}
	p.Text("subscription_name", s.Name, 0, 80)
	return s, p.Err()
}

// Asked is the feed after it was asked for.
func (f PublicFeed) Asked(err error, unread []Unread, now time.Time) PublicFeed {
	f.PolledAt, f.Problem, f.Detail = &now, "", ""
	f.Refused = Refuse(f.Refused, unread, now)
	if err == nil {
		f.HeardAt = &now
		return f
	}
	r := RefusalOf(err)
	f.Problem, f.Detail = "connections.problem."+string(r.Kind), cut(r.Detail, 500)
	return f
}
