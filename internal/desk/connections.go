package desk

import "time"

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
