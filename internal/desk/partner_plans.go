package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/internal/route"
)

// PartnerPlan is a support contract of the partner's own with Microsoft (Partner
// Center, "Escalating problems", "Technical support benefits"). The entitlement
// that every CSP partner has needs none.
type PartnerPlan struct {
	ID        ID
	Kind      string // one of route.Plans
	Name      string
	AccessID  string
	Contract  []byte   // the contract id, sealed; nil in lists
	HasID     bool     // whether a contract id is stored
	Expires   *Day     // the last day, nil: none
	Remaining *int     // incidents left, nil: not counted
	Families  []string // of services that it is for, none: all that its kind is for
	Languages []string // that it is served in, none: not said
	Replies   Replies  // that it promises itself; what it does not say is its kind's
	Active    bool
	Revision  int // grows with each change, so that of two who edit at once the second is told
	CreatedAt time.Time
}

// PlanSettings is a plan's form as typed.
type PlanSettings struct {
	Kind, Name, AccessID, Expires, Remaining string
	Families, Languages                      []string
	Replies                                  map[string]string // by severity, "" for its kind's
	Active                                   bool
}

// Replies are minutes to Microsoft's first reply, by severity.
type Replies map[string]int

// mostReply is the longest time to a first reply that a plan may state, in minutes:
// two weeks.
const mostReply = 14 * 24 * 60

// NewPartnerPlan adds a plan. Errors: Invalid, by field.
func NewPartnerPlan(s PlanSettings) (PartnerPlan, error) {
	s.Active = true
	return PartnerPlan{ID: NewID()}.With(s)
}

// With returns the plan with new settings. Errors: Invalid, by field.
func (l PartnerPlan) With(s PlanSettings) (PartnerPlan, error) {
	var p Problems
	l.Kind, l.Name, l.AccessID, l.Active = s.Kind, clean(s.Name), clean(s.AccessID), s.Active
	l.Families, l.Languages = s.Families, s.Languages
	p.OneOf("kind", l.Kind, route.Plans...)
	p.Text("name", l.Name, 1, 80)
	p.Text("access_id", l.AccessID, 0, 80)
	l.Expires, l.Remaining = nil, nil
	if s.Expires != "" {
		day, ok := ParseDay(s.Expires)
		if !ok {
			p.Add("expires", "error.date")
		}
		l.Expires = &day
	}
	if s.Remaining = strings.TrimSpace(s.Remaining); s.Remaining != "" {
		n, err := strconv.Atoi(s.Remaining)
		if err != nil || n < 0 || n > 9999 {
			p.Add("remaining", "error.whole_number")
		}
		l.Remaining = &n
	}
	l.Replies = Replies{}
	for _, severity := range Severities {
		text := strings.TrimSpace(s.Replies[severity])
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostReply {
			p.Add("reply_"+severity, "plans.bad_reply", "Most", mostReply)
		}
		l.Replies[severity] = n
	}
	for _, f := range l.Families {
		p.OneOf("families", f, route.Families...)
	}
	for _, lang := range l.Languages {
		p.OneOf("languages", lang, SpokenLanguages...)
	}
	return l, p.Err()
}

// Severities are those of a request at Microsoft, the worst first.
var Severities = []string{"A", "B", "C"}

// Over tells a plan that no request can be counted on any more, as of a day.
func (l PartnerPlan) Over(today Day) bool {
	return !l.Active || l.Expires != nil && *l.Expires < today || l.Remaining != nil && *l.Remaining == 0
}

// planOrder is the best kind first, for what is in the cloud. Counted incidents
// are kept for what nothing else covers.
var planOrder = []string{"unified", "premier", "psfp", "asfp", "signature", "csp", "incidents"}

// premisesPlans are those that cover products outside the cloud (Partner Center,
// "Escalating problems": PSfP all products, ASfP and Signature the cloud).
var premisesPlans = []string{"unified", "premier", "psfp", "incidents"}

// covers tells whether a plan is for a workload.
func (l PartnerPlan) covers(workload string) bool {
	family := route.FamilyOf(workload)
	if len(l.Families) > 0 && !slices.Contains(l.Families, family) {
		return false
	}
	if family == "premises" {
		return slices.Contains(premisesPlans, l.Kind)
	}
	return l.Kind != "incidents" || slices.Contains(l.Families, family)
}

// BestPlan picks the plan that a request for a workload goes by: the entitlement
// of every partner ("csp", without an id) where no other serves.
func BestPlan(list []PartnerPlan, workload string, today Day) PartnerPlan {
	best, rank := PartnerPlan{Kind: "csp"}, slices.Index(planOrder, "csp")
	if route.FamilyOf(workload) == "premises" {
		best, rank = PartnerPlan{}, len(planOrder)
	}
	for _, l := range list {
		r := slices.Index(planOrder, l.Kind)
		if l.Over(today) || !l.covers(workload) || r > rank || r == rank && best.ID != Nobody && !sooner(l, best) {
			continue
		}
		best, rank = l, r
	}
	return best
}

// sooner tells a plan that ends before another: it is used up first.
func sooner(a, b PartnerPlan) bool {
	return a.Expires != nil && (b.Expires == nil || *a.Expires < *b.Expires)
}

// EndingPlan is a plan in use that ends, and the fewest days at which the desk was
// warned of it: 0 when it was not.
type EndingPlan struct {
	ID      ID
	Name    string
	Expires Day
	Warned  int
}

// PlanWarning is an end that the desk is warned of, Days before it at most.
type PlanWarning struct {
	ID      ID
	Name    string
	Expires Day
	Days    int
}

// PlanWarnings are what the desk is to be told now, by the rule of Warnings: a plan
// ends with its last day where the desk is.
func PlanWarnings(ending []EndingPlan, zone *time.Location, now time.Time) (list []PlanWarning) {
	for _, l := range ending {
		for _, w := range Warnings([]EndingAccess{{ID: l.ID, Name: l.Name, EndsAt: l.Expires.End(zone), Warned: l.Warned}}, now) {
			list = append(list, PlanWarning{ID: l.ID, Name: l.Name, Expires: l.Expires, Days: w.Days})
		}
	}
	return list
}
