package desk

import (
	"strings"
	"time"

	"guichet/internal/access"
)

// AccessRelationship is a delegated relationship as the desk keeps it.
type AccessRelationship struct {
	RowID               ID
	CustomerID          ID
	access.Relationship            // its ID is Microsoft's
	ETag                string     // of the reading; "" for one typed in
	GroupsAt            *time.Time // when its groups were last read
	GoneAt              *time.Time // when Microsoft no longer listed it
	ToldAt              time.Time
}

// AccessFacts is what no relationship tells of a customer.
type AccessFacts struct {
	CustomerID   ID
	AzureRole    string // access.AzureNone and the like, access.Unknown
	Reseller     string
	EntraPremium string
	ToldAt       time.Time
	PersonID     ID
}

// UnknownFacts are those of a customer of whom nobody said anything.
func UnknownFacts(customer ID) AccessFacts {
	return AccessFacts{CustomerID: customer, AzureRole: access.Unknown, Reseller: access.Unknown, EntraPremium: access.Unknown}
}

// Told tells whether anybody said anything.
func (f AccessFacts) Told() bool {
	return f.AzureRole != access.Unknown || f.Reseller != access.Unknown || f.EntraPremium != access.Unknown
}

// AccessReader is the reading of the partner's own tenant: a connection like a
// customer's.
type AccessReader struct {
	Connection
	Strangers int // relationships with companies that are no customers here
}

// readAccessEvery is how often a tenant's relationships are read.
const readAccessEvery = time.Hour

// Polled is the reader after its tenant was asked.
func (r AccessReader) Polled(p Poll, now time.Time) AccessReader {
	r.Connection = r.Connection.Polled(p, now)
	if p.Err == nil {
		r.NextAt = around(now, readAccessEvery, p.Chance)
	}
	return r
}

// Holding is what is known of a customer: nothing where nobody typed anything in
// and no reading was ever answered whole.
func Holding(list []AccessRelationship, f AccessFacts, r AccessReader) access.Holding {
	h := access.Holding{AzureRole: f.AzureRole, Reseller: f.Reseller, EntraPremium: f.EntraPremium}
	read := r.HeardAt
	if r.State == ConnectionOff {
		read = nil
	}
	h.Known = len(list) > 0 || f.Told() || read != nil
	for _, one := range list {
		h.Relationships = append(h.Relationships, one.Relationship)
		h.CheckedAt = newer(h.CheckedAt, &one.ToldAt)
	}
	if f.Told() {
		h.CheckedAt = newer(h.CheckedAt, &f.ToldAt)
	}
	h.CheckedAt = newer(h.CheckedAt, read)
	return h
}

func newer(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}

// AccessState is how a customer's relationships stand, for a list.
type AccessState string

// The states. One is gone that was there.
const (
	AccessFine    AccessState = "fine"
	AccessSoon    AccessState = "soon"
	AccessGone    AccessState = "gone"
	AccessUnknown AccessState = "unknown"
)

// AccessStates lists them as filters show them.
func AccessStates() []AccessState {
	return []AccessState{AccessGone, AccessSoon, AccessUnknown, AccessFine}
}

// AccessRow is a customer in the list by end.
type AccessRow struct {
	CustomerID    ID
	Name          string
	State         AccessState
	EndsAt        *time.Time // when the last that is in force ends, or the last one ended; nil: never, or unknown
	Relationships int
	ToldAt        *time.Time
}

// AccessFilter is a page of that list: behind a row, or from the first.
type AccessFilter struct {
	State     AccessState // "" for all
	AfterEnd  *time.Time
	AfterName string
}

// Key names the place behind a row, for the next page's address.
func (r AccessRow) Key() string {
	end := "-"
	if r.EndsAt != nil {
		end = r.EndsAt.UTC().Format(time.RFC3339Nano)
	}
	return end + "~" + r.Name
}

// After reads a Key; what is none is the first page.
func (f AccessFilter) After(key string) AccessFilter {
	end, name, ok := strings.Cut(key, "~")
	if !ok {
		return f
	}
	f.AfterName = name
	if at, err := time.Parse(time.RFC3339Nano, end); err == nil {
		f.AfterEnd = &at
	}
	return f
}

// AccessTrouble is a customer whose access is gone, or ends soon.
type AccessTrouble struct {
	CustomerID ID
	Gone       bool
	EndsAt     *time.Time // nil: nobody told
}

// EndingAccess is a relationship that ends, and the fewest days at which the desk
// was warned of it: 0 when it was not.
type EndingAccess struct {
	ID         ID // of the row
	CustomerID ID
	Customer   string
	Name       string
	EndsAt     time.Time
	Warned     int
}

// AccessWarning is an end that the desk is warned of, Days before it at most.
type AccessWarning struct {
	ID         ID // of the row
	CustomerID ID
	Customer   string
	Name       string
	EndsAt     time.Time
	Days       int
}

// warningDays are the days before an end at which a desk is warned, as Microsoft
// does (Partner Center, "GDAP expiry notifications").
var warningDays = []int{1, 7, 30}

// Warnings are what the desk is to be told now. Days that went by unseen are
// passed over in silence: one warning for each end, at most.
func Warnings(ending []EndingAccess, now time.Time) []AccessWarning {
	var list []AccessWarning
	for _, e := range ending {
		for _, days := range warningDays {
			if e.EndsAt.Sub(now) > time.Duration(days)*24*time.Hour {
				continue
			}
			if e.Warned == 0 || e.Warned > days {
				list = append(list, AccessWarning{ID: e.ID, CustomerID: e.CustomerID, Customer: e.Customer, Name: e.Name, EndsAt: e.EndsAt, Days: days})
			}
			break
		}
	}
	return list
}

// FirstWarning is how long before an end the desk is warned the first time.
const FirstWarning = 30 * 24 * time.Hour

// TroubleDays is how long before its end a customer's tickets carry a badge.
const TroubleDays = 7
