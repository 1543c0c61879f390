package desk

import (
	"bytes"
	"encoding/json"
	"time"

	"guichet/internal/route"
)

// Handover is how a desk hands requests on: where each goes, who is asked first,
// and who answers for the partner. It is versioned whole; a version never changes.
type Handover struct {
	Version      int // 0 while the desk has none of its own
	Policy       route.Policy
	Approval     string             // one of Approvals
	Contact      HandoverContact    // the partner's: every request carries it, never the customer's
	Providers    []HandoverProvider // the indirect providers that the partner buys from, the usual one first
	Publishers   []HandoverProvider // of products that others make
	Act          string             // what was changed, one of HandoverActs
	Note         string
	By           ID // Nobody for what was shipped
	Author       string
	At           time.Time
	RestoredFrom int // the version that this one brought back, 0 for none
}

// Whether a lead must agree before a request leaves the desk: to none of them, to
// those of severity A, to all.
const (
	ApproveNever  = "never"
	ApproveSevere = "severe"
	ApproveAlways = "always"
)

// Approvals lists them in the order a form shows them.
var Approvals = []string{ApproveNever, ApproveSevere, ApproveAlways}

// What a version changed.
const (
	HandoverLineAdded   = "line_added"
	HandoverLineChanged = "line_changed"
	HandoverLineMoved   = "line_moved"
	HandoverLineRemoved = "line_removed"
	HandoverApproval    = "approval"
	HandoverContacts    = "contact"
	HandoverProviders   = "providers"
	HandoverPublishers  = "publishers"
	HandoverRestored    = "restored"
)

// HandoverActs lists them.
var HandoverActs = []string{HandoverLineAdded, HandoverLineChanged, HandoverLineMoved, HandoverLineRemoved, HandoverApproval,
	HandoverContacts, HandoverProviders, HandoverPublishers, HandoverRestored}

// HandoverContact is who answers for the partner.
type HandoverContact struct {
	Name       string   `json:"name,omitempty"`
	Email      string   `json:"email,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	Zone       string   `json:"zone,omitempty"`     // IANA
	Language   string   `json:"language,omitempty"` // one of SpokenLanguages
	Country    string   `json:"country,omitempty"`  // ISO 3166-1 alpha-2: it decides on business hours
	Extra      []string `json:"extra,omitempty"`    // addresses that are told as well
	NightName  string   `json:"night_name,omitempty"`
	NightPhone string   `json:"night_phone,omitempty"` // who is reachable round the clock: severity A asks for it
}

// HandoverProvider is a provider, or a publisher, and how it is reached.
type HandoverProvider struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Email  string `json:"email,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Portal string `json:"portal,omitempty"` // an https address
	Desk   string `json:"desk,omitempty"`   // slug of its desk on this installation, "" elsewhere
}

// ShippedHandover is what a desk begins with: the shipped lines, its own contact
// data, and no approval.
func ShippedHandover(d Desk) Handover {
	return Handover{Policy: route.Shipped(), Approval: ApproveNever,
		Contact: HandoverContact{Name: d.Name, Email: d.Email, Phone: d.Phone, Zone: d.Zone, Language: d.Language}}
}

// Provider is the one that is usually asked; false where none is recorded.
func (h Handover) Provider() (HandoverProvider, bool) {
	if len(h.Providers) == 0 {
		return HandoverProvider{}, false
	}
	return h.Providers[0], true
}

// NeedsApproval tells whether a lead must agree to a request of a severity.
func (h Handover) NeedsApproval(severity string) bool {
	return h.Approval == ApproveAlways || h.Approval == ApproveSevere && severity == "A"
}

// Today is the date where who answers for the partner is.
func (h Handover) Today(now time.Time) Day { return DayOf(now, location(h.Contact.Zone)) }

// CaseOf is a ticket as the lines judge it; workload is what its service is to a
// dossier.
func CaseOf(k Ticket, c Customer, workload string, plan PartnerPlan) route.Case {
	return route.Case{Relation: string(c.Relationship), Workload: workload, Plan: plan.Kind, Kind: k.Kind, Category: string(k.Category)}
}

// WhereIs is the customer as a portal's link names him. Every tenant's initial
// domain is a verified one, which a domain typed for signing in need not be, so
// it stands for the default domain wherever it is known.
func (c Customer) WhereIs() route.Where {
	w := route.Where{InitialDomain: c.InitialDomain, DefaultDomain: c.InitialDomain, Tenant: c.Tenant}
	if w.DefaultDomain == "" && len(c.Domains) > 0 {
		w.DefaultDomain = c.Domains[0]
	}
	return w
}

// Next is the version after this one, changed by an act.
func (h Handover) Next(act, note string, by ID) (Handover, error) {
	h.Version, h.Act, h.Note, h.By, h.RestoredFrom = h.Version+1, act, cleanText(note), by, 0
	return h, h.check().Err()
}

// Bring makes an earlier version the next one.
func (h Handover) Bring(old Handover, by ID) (Handover, error) {
	from := old.Version
	old.Version = h.Version
	next, err := old.Next(HandoverRestored, "", by)
	next.RestoredFrom = from
	return next, err
}

// Says tells that two versions say the same.
func (h Handover) Says(other Handover) bool { return bytes.Equal(h.said(), other.said()) }

func (h Handover) said() []byte {
	b, err := json.Marshal([]any{h.Approval, h.Contact, append([]HandoverProvider{}, h.Providers...), append([]HandoverProvider{}, h.Publishers...), h.Policy})
	if err != nil {
		panic(err) // of texts and lists
	}
	return b
}
