package desk

import (
	"slices"
	"time"

	"guichet/internal/rules"
)

// The engine's words, as verbs and pages use them.
type (
	Outcome  = rules.Outcome
	Category = rules.Category
	Reason   = rules.Reason
)

// The outcomes of triage.
const (
	Partner   = rules.Partner
	Microsoft = rules.Microsoft
	NeedsInfo = rules.NeedsInfo
)

// The categories that a page speaks of by themselves.
const (
	KnownIssue = rules.Known
	HowTo      = rules.HowTo
	Unclear    = rules.Unclear
)

// Categories lists what an outcome can be said to be.
func Categories(o Outcome) []Category { return rules.Categories(o) }

// DecisionBy tells the rules from a person, and from an incident.
type DecisionBy string

// Who decides.
const (
	ByRules    DecisionBy = "rules"
	ByPerson   DecisionBy = "person"
	ByIncident DecisionBy = "incident" // the ticket's incident, whose number is the reason
)

// Decision is what a ticket's triage said: the outcome with its category, the
// rule and its reasons, and who stood by it or overrode it.
type Decision struct {
	ID          ID
	TicketID    ID
	CustomerID  ID
	Outcome     Outcome
	Category    Category
	By          DecisionBy
	Verdict     Verdict // the rules' own word, kept when a person overrides it
	PersonID    ID      // who overrode, or opened the incident that decides
	Reason      string
	ConfirmedBy ID
	ConfirmedAt *time.Time
	CreatedAt   time.Time
}

// Decided records what the rules said.
func Decided(t Ticket, v Verdict, now time.Time) Decision {
	return Decision{ID: NewID(), TicketID: t.ID, CustomerID: t.CustomerID, Outcome: v.Outcome, Category: v.Category, By: ByRules, Verdict: v, CreatedAt: now}
}

// Same tells whether the rules' new word changes nothing a reader would see.
func (d Decision) Same(v Verdict) bool {
	return d.Verdict.Outcome == v.Outcome && d.Verdict.Category == v.Category && d.Verdict.Rule == v.Rule
}

// Settled tells that a person stands by the decision, or made it, if only by
// opening the incident that decides.
func (d Decision) Settled() bool {
	return d.By == ByPerson || d.By == ByIncident || d.ConfirmedBy != Nobody
}

// Confirm lets a person stand by the rules' decision. Errors: ErrConflict when
// somebody already did, or overrode it.
func (d Decision) Confirm(who ID, now time.Time) (Decision, error) {
	if d.Settled() {
		return d, ErrConflict
	}
	d.ConfirmedBy, d.ConfirmedAt = who, &now
	return d, nil
}

// Override replaces the decision by a person's, with the reason. Errors:
// Invalid, by field.
func (d Decision) Override(who ID, outcome, category, reason string, now time.Time) (Decision, error) {
	reason = cleanText(reason)
	var p Problems
	o, c := Outcome(outcome), Category(category)
	p.OneOf("outcome", outcome, string(rules.Partner), string(rules.Microsoft), string(rules.NeedsInfo))
	if _, unknown := p.Of("outcome"); !unknown && o != rules.NeedsInfo && !slices.Contains(rules.Categories(o), c) {
		p.Add("category", "error.choose")
	}
	if o == rules.NeedsInfo {
		c = ""
	}
	p.Text("reason", reason, 1, MaxReason)
	return Decision{ID: NewID(), TicketID: d.TicketID, CustomerID: d.CustomerID, Outcome: o, Category: c, By: ByPerson,
		Verdict: d.Verdict, PersonID: who, Reason: reason, CreatedAt: now}, p.Err()
}

// Heard keeps a person's decision and notes what the rules say by now.
func (d Decision) Heard(v Verdict, now time.Time) Decision {
	d.ID, d.Verdict, d.CreatedAt = NewID(), v, now
	return d
}
