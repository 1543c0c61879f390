package desk

import (
	"slices"
	"strings"
	"time"

	"guichet/internal/signals"
)

// Where an issue is known from.
const (
	FromGraph = "graph" // Microsoft Graph, "service communications API overview"
	FromAzure = "azure" // Azure Resource Health, "events" and "emergingIssues"
	FromHand  = "hand"  // an agent recorded it
)

// What is published: a problem, or news of a change to come.
const (
	IssueKind   = "issue"
	MessageKind = "message"
)

// Published is what a publisher says of an issue, as one reply of its API or one
// form holds it. Texts are plain: markup is read and dropped before.
type Published struct {
	Source         string
	Kind           string
	Code           string // EX1184213, BC_1-FXZ; unique within its source
	Title          string
	Service        string // as the publisher names it
	Feature        string
	Classification string // incident, advisory; a message's category
	Status         string // Graph's serviceHealthStatus or Azure's status, lower case; unknown ones are kept
	Origin         string
	Severity       string
	Impact         string
	Places         []string // regions that the publisher names; empty: it names none
	Everyone       bool     // published for all, not for one tenant
	Resolved       bool     // the publisher says that it is over, whatever the status
	StartedAt      time.Time
	EndedAt        *time.Time
	ChangedAt      time.Time // by the publisher's clock
	NextAt         *time.Time
	Posts          []Post `db:"-"`
}

// Post is one thing that a publisher said of an issue.
type Post struct {
	At     time.Time
	Kind   string // regular, quick, strategic
	Text   string // plain text, lines kept
	Parts  []PostPart
	Digest []byte // names a post that is stored; a publisher's has none
}

// PostPart is a labelled part of a post ("User impact: …"). Labels are lower
// case English, as published.
type PostPart struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Part finds a part by its label; "" when the post has none.
func (p Post) Part(label string) string {
	i := slices.IndexFunc(p.Parts, func(q PostPart) bool { return q.Label == label })
	if i < 0 {
		return ""
	}
	return p.Parts[i].Text
}

// Issue is a known issue as the desk holds it: what was published of it, and what
// the partner says of it to customers.
type Issue struct {
	ID          ID
	Published   // without its posts, which are read apart
	Over        bool
	Public      bool // told to visitors of the desk's page
	Words       Words
	SaidAt      *time.Time // when the partner last changed his words
	WordAt      *time.Time // when the partner says more
	AuthorID    ID         // of one recorded by hand
	Digest      []byte     // of all that was published of it
	FirstSeenAt time.Time
	SeenAt      time.Time
}

// isOver tells a status in which an issue no longer hits anyone: Graph's, a service
// that works again, or the last stages of Azure Resource Health's emerging issues.
func isOver(status string) bool {
	return signals.Over(status) || slices.Contains([]string{"serviceoperational", "resolve", "archived"}, strings.ToLower(status))
}

// Ended tells whether the publisher says that the issue is over.
func (p Published) Ended() bool {
	return p.Resolved || isOver(p.Status)
}

// WantsData tells an issue that Microsoft will not go on with unless a customer
// gives evidence ("investigationSuspended").
func (p Published) WantsData() bool { return strings.EqualFold(p.Status, "investigationSuspended") }

// TicketIssue is an issue that covers a ticket, or may.
type TicketIssue struct {
	TicketID   ID
	IssueID    ID
	CustomerID ID
	State      LinkState
	Score      int // percent
	Reasons    []LinkReason
	By         string // rules, person, customer
	PersonID   ID
	ToldAt     *time.Time // the last news that the customer was told
	AskedAt    *time.Time // when he was asked whether it works again
	Works      *bool      // what he answered
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// LinkState is where the bond between a ticket and an issue stands.
type LinkState string

// The states of a bond.
const (
	LinkProposed LinkState = "proposed" // waits for an agent's yes
	LinkAttached LinkState = "attached"
	LinkRefused  LinkState = "refused"  // an agent said no
	LinkDetached LinkState = "detached" // it was attached
	LinkPersists LinkState = "persists" // the issue is over, the trouble is not
)

// LinkReason is why an issue may cover a ticket: a kind ("service", "place",
// "time", "words", "crowd", "code") and what was compared.
type LinkReason struct {
	Kind   string `json:"kind"`
	Detail string `json:"detail,omitempty"`
	Points int    `json:"points"` // of the score, percent; may be negative
}

// Connection is a customer's tenant that lets the portal read its service health.
type Connection struct {
	CustomerID  ID
	AskedTenant string // the tenant that was asked: a customer's may change
	State       ConnectionState
	ConsentedAt *time.Time
	ConsentedBy ID
	PolledAt    *time.Time // the last try
	HeardAt     *time.Time // the last that was answered whole
	NextAt      *time.Time // nil: not before somebody acts
	Failures    int        // in a row
	Problem     string     // message key, "" when nothing is wrong
	Detail      string     // what the other side said
	HourAt      *time.Time // the hour whose calls are counted
	Calls       int
	WholeAt     *time.Time     // when all was read, not only what had changed
	Refused     []RefusedEntry // the newest first
	CreatedAt   time.Time
}

// ConnectionState is where a customer's consent stands.
type ConnectionState string

// The states of a connection.
const (
	ConnectionAsked ConnectionState = "asked" // the link was given out
	Connected       ConnectionState = "connected"
	ConnectionLost  ConnectionState = "lost" // consent or access is gone
	ConnectionOff   ConnectionState = "off"
)
