package desk

import (
	"slices"
	"time"

	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// Text is one thing said in the desk's languages: "fr", "en".
type Text map[string]string

// In is the text in a language; where it was not written, in the other one.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "fr", "en"} {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

// Offer is what a partner must tell its customers: support types, hours,
// contact methods and prices (Partner Center, "Provide customer support"). It is
// stored and versioned whole.
type Offer struct {
	Currency  string          `json:"currency"`      // ISO 4217
	Tax       Text            `json:"tax,omitempty"` // a note that stands by every price
	Default   string          `json:"default"`       // the type of who has agreed on none
	Calendars []OfferCalendar `json:"calendars"`
	Types     []SupportType   `json:"types"`
	Baseline  []Boundary      `json:"baseline,omitempty"`
	Ladder    []Rung          `json:"ladder,omitempty"` // who is told of a deadline, soonest first
	Indexed   bool            `json:"indexed"`          // search engines may list the published page
	// Successors are the types that took the place of those that are gone, by key:
	// who had agreed on one has the other.
	Successors map[string]string `json:"successors,omitempty"`
}

// OfferCalendar is hours that types and contact methods go by.
type OfferCalendar struct {
	Key  string     `json:"key"`
	Name Text       `json:"name"`
	Spec hours.Spec `json:"spec"`
}

// SupportType is one kind of support that a customer can have.
type SupportType struct {
	Key       string             `json:"key"`
	Name      Text               `json:"name"`
	Summary   Text               `json:"summary,omitempty"`
	Calendar  string             `json:"calendar"`           // key of the hours that its clocks run by
	Services  []string           `json:"services,omitempty"` // families or services covered; none: all
	Kinds     []string           `json:"kinds,omitempty"`    // kinds of request covered; none: all
	Givers    []Giver            `json:"givers,omitempty"`   // none: the desk itself
	Languages []string           `json:"languages"`
	Contacts  []ContactMethod    `json:"contacts"`
	Targets   map[Impact]Targets `json:"targets"`
	Terms     pricing.Terms      `json:"terms"`
}

// Targets are what a desk gives itself, in minutes of open time; 0 is no promise.
type Targets struct {
	FirstReply int `json:"first_reply,omitempty"`
	NextReply  int `json:"next_reply,omitempty"`
	Resolution int `json:"resolution,omitempty"`
}

// Of is the target of a clock.
func (t Targets) Of(c Clock) time.Duration {
	minutes := 0
	switch c {
	case FirstReply:
		minutes = t.FirstReply
	case NextReply:
		minutes = t.NextReply
	case Resolution:
		minutes = t.Resolution
	}
	return time.Duration(minutes) * time.Minute
}

// How support may be given (Partner Center, "Provide customer support": directly,
// resold, or outsourced in whole or in part).
const (
	GivenByDesk    = "desk"
	GivenResold    = "resold"
	GivenOutsource = "outsourced"
)

// GiverKinds lists them as a form offers them.
var GiverKinds = []string{GivenByDesk, GivenResold, GivenOutsource}

// Giver is who gives a type of support, for some services and hours or for all.
type Giver struct {
	Kind     string   `json:"kind"`
	Company  string   `json:"company,omitempty"` // "" for the desk itself
	Services []string `json:"services,omitempty"`
	Calendar string   `json:"calendar,omitempty"` // "": whenever the type is open
}

// The ways to reach a desk, in the order a page shows them.
var ContactMethods = []string{"portal", "email", "phone", "chat", "onsite"}

// ContactMethod is one of them, with the hours at which somebody answers.
type ContactMethod struct {
	Method   string `json:"method"`
	Value    string `json:"value,omitempty"`    // an address, a number, a link; "": the desk's own
	Calendar string `json:"calendar,omitempty"` // "": as the type
}

// Who a question of the baseline goes to.
var BoundaryParties = []string{"desk", "customer", "microsoft", "publisher"}

// Boundary is one line of the baseline: a kind of request and who looks after it
// (Partner Center, "Which support portal should I use?").
type Boundary struct {
	Ask Text   `json:"ask"`
	Who string `json:"who"`
}

// Rung says who is told of a deadline, and how long before it; behind it for
// less than 0.
type Rung struct {
	Before int    `json:"before"` // minutes
	Tell   string `json:"tell"`
}

// Who can be told of a deadline: who has the ticket (while nobody has, the
// leads), the leads, the admins.
var RungTells = []string{"assignee", "leads", "admins"}

// Type finds one by its key.
func (o Offer) Type(key string) (SupportType, bool) {
	i := slices.IndexFunc(o.Types, func(t SupportType) bool { return t.Key == key })
	if i < 0 {
		return SupportType{}, false
	}
	return o.Types[i], true
}

// Hours finds a calendar by its key.
func (o Offer) Hours(key string) (OfferCalendar, bool) {
	i := slices.IndexFunc(o.Calendars, func(c OfferCalendar) bool { return c.Key == key })
	if i < 0 {
		return OfferCalendar{}, false
	}
	return o.Calendars[i], true
}

// Covers tells whether a type covers a request.
func (t SupportType) Covers(kind, service string) bool {
	return (len(t.Kinds) == 0 || slices.Contains(t.Kinds, kind)) && ServiceAmong(t.Services, service)
}

// ServiceAmong tells whether a service is in a list of services and families;
// every one is in an empty list.
func ServiceAmong(list []string, service string) bool {
	s, _ := ServiceNamed(service)
	return len(list) == 0 || slices.Contains(list, service) || slices.Contains(list, s.Family)
}
