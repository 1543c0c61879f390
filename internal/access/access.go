// Package access judges what a partner may do in a customer's tenant: which
// delegated relationships count, which role they give, and what is missing. It
// reads no clock and asks nobody.
package access

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Where a relationship is known from.
const (
	FromGraph = "graph" // Microsoft Graph, "delegatedAdminRelationship resource type"
	FromHand  = "hand"
	FromCSV   = "csv"
)

// Relationship is one of granular delegated admin privileges (GDAP) between the
// partner and a customer.
type Relationship struct {
	ID          string // guid-guid; "" for one typed in without it
	Name        string
	Status      string     // Graph's, in any case; unknown ones are kept
	Roles       []string   // template ids that the customer approved; nil: nobody told
	Groups      []Group    // the partner's groups that got roles of them; nil: nobody told
	ActivatedAt *time.Time // nil: not yet, or nobody told
	EndsAt      *time.Time // nil: nobody told
	AutoExtend  bool
	Source      string
}

// Group is a security group of the partner with the roles that it was given
// ("delegatedAdminAccessAssignment resource type").
type Group struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Status string   `json:"status"` // pending, active, deleting, deleted, error
	Roles  []string `json:"roles"`
}

// What the partner's people may do in the customer's Azure subscriptions.
const (
	AzureNone        = "none"
	AzureSupport     = "support_request_contributor"
	AzureContributor = "contributor"
	AzureOwner       = "owner"
)

// What is known of a yes-or-no fact.
const (
	Yes     = "yes"
	No      = "no"
	Unknown = "unknown"
)

// Holding is all that is known of what a partner holds at a customer.
type Holding struct {
	Known         bool // somebody or something told anything
	Relationships []Relationship
	AzureRole     string     // AzureNone and the like; Unknown
	Reseller      string     // whether there is a reseller relationship: Yes, No, Unknown
	EntraPremium  string     // whether the tenant has Entra ID P1 or P2
	CheckedAt     *time.Time // nil: never
}

// Action is what is to be done in the customer's tenant.
type Action string

// The actions.
const (
	OpenRequest Action = "open_request" // at Microsoft, in the customer's name
	ReadHealth  Action = "read_health"
	Administer  Action = "administer"
)

// Actions lists them in the order of a table.
func Actions() []Action { return []Action{OpenRequest, ReadHealth, Administer} }

// Soon is yes that ends within SoonDays.
const (
	Soon     = "soon"
	SoonDays = 30
)

// What can be missing.
const (
	MissingGDAP     = "gdap"
	MissingRole     = "role"
	MissingGroup    = "group"
	MissingAzure    = "azure_role"
	MissingReseller = "reseller"
)

// Verdict answers whether something may be done, and what would be needed.
type Verdict struct {
	Answer       string // Yes, No, Unknown, Soon
	Needs        []Role // any one of them, the least first
	Least        Role   // the least one to ask for; zero when nothing is to be asked for
	Held         []Role
	Groups       []string // through which the partner's people hold it, where that is known
	Missing      []string
	Ends         *time.Time
	Relationship string // the id of the one that gives it, or that could
	Because      []Reason
	WayOut       []Reason
}

// Reason is a sentence: its message key below "access.because." or
// "access.way.", and what it speaks of. A date is written as 2006-01-02.
type Reason struct {
	Key  string
	Args map[string]string
}

// DeadEnd tells that work would be for nothing: it is known that the door is
// shut.
func (v Verdict) DeadEnd() bool { return v.Answer == No }

var relationshipShape = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// IsRelationshipID tells a relationship's id: two GUIDs joined by a hyphen.
func IsRelationshipID(s string) bool { return relationshipShape.MatchString(s) }

// ApprovalLink is where the customer's administrator approves a relationship
// (Partner Center, "Obtain permissions to manage a customer's service or
// subscription"). Empty for what is no id.
func ApprovalLink(relationshipID string) string {
	if !IsRelationshipID(relationshipID) {
		return ""
	}
	return "https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/" + relationshipID
}

// Statuses that Graph gives, in the order of a relationship's life
// ("delegatedAdminRelationship resource type", delegatedAdminRelationshipStatus
// values).
var Statuses = []string{"created", "approvalPending", "approved", "activating", "active", "expiring", "expired", "terminationRequested", "terminating", "terminated"}

// StatusOf writes a status as Graph does; an unknown one stays as it is.
func StatusOf(s string) string {
	s = strings.TrimSpace(s)
	if i := slices.IndexFunc(Statuses, func(k string) bool { return strings.EqualFold(k, s) }); i >= 0 {
		return Statuses[i]
	}
	return s
}

// Past tells that a relationship's end has come, whatever its status says.
func (r Relationship) Past(now time.Time) bool { return r.EndsAt != nil && !now.Before(*r.EndsAt) }

// Live tells a relationship that gives something now: in force, and not past its
// end.
func (r Relationship) Live(now time.Time) bool {
	s := StatusOf(r.Status)
	return (s == "active" || s == "expiring") && !r.Past(now)
}

// Pending tells one that waits for the customer.
func (r Relationship) Pending() bool {
	s := StatusOf(r.Status)
	return s == "created" || s == "approvalPending"
}

// Extends tells that it goes on by itself: not with Global Administrator among
// its roles (Partner Center, "GDAP frequently asked questions").
func (r Relationship) Extends() bool {
	return r.AutoExtend && !slices.ContainsFunc(r.Roles, func(id string) bool { return strings.EqualFold(id, globalAdministrator) })
}

// ReadOnly tells one that Microsoft made when it replaced older privileges: its
// name begins with MLT_, and nothing can be changed through it.
func (r Relationship) ReadOnly() bool { return strings.HasPrefix(strings.ToUpper(r.Name), "MLT_") }

// EndOf is when a live relationship ends: nil for one that nobody told the end
// of, or that goes on by itself.
func (r Relationship) EndOf() *time.Time {
	if r.Extends() {
		return nil
	}
	return r.EndsAt
}

// RolesGiven are the roles that the partner's people hold through a
// relationship: those approved and, where that is known, given to a group that
// is in force.
func (r Relationship) RolesGiven() []string {
	if r.Groups == nil {
		return r.Roles
	}
	var given []string
	for _, id := range r.Roles {
		if len(r.groupsWith(id)) > 0 {
			given = append(given, id)
		}
	}
	return given
}

func (r Relationship) groupsWith(role string) []string {
	var names []string
	for _, g := range r.Groups {
		if strings.EqualFold(g.Status, "active") && slices.ContainsFunc(g.Roles, func(id string) bool { return strings.EqualFold(id, role) }) {
			names = append(names, g.Name)
		}
	}
	return names
}
