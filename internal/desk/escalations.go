package desk

import (
	"slices"
	"time"

	"guichet/internal/route"
)

// Escalation is a request handed on, with its route, number, clock and state. Only
// the desk reads it: what a customer hears of it is written on his ticket.
type Escalation struct {
	ID          ID
	Number      int64 // of the desk's own
	TicketID    ID    // the one that it was begun on; others join it
	CustomerID  ID
	IncidentID  ID // whose one request this is, Nobody for none
	Workload    string
	Target      route.Target
	Portal      string // key of a route.Portal, "" where there is none
	Route       RouteTaken
	Plan        PlanTaken
	Severity    string // "A", "B", "C"; "" before it is filed, and where a target knows none
	State       EscalationState
	Ending      EscalationEnding
	Reason      string // why it was begun although the partner was to resolve it, or access was missing
	EndedWhy    string
	Request     string // their number: 15 or 16 digits at Microsoft, other partners' as they give it
	Remote      Remote
	Answers     map[string]string // typed into the dossier, by field key
	Clearance   Clearance
	PreparedBy  ID
	FiledBy     ID
	FiledAt     *time.Time
	ReplyDueAt  *time.Time // when they promised to answer first
	RepliedAt   *time.Time
	MitigatedAt *time.Time
	EndedAt     *time.Time
	DueAt       *time.Time // by when whoever owes something owes it, see Owes
	RemindedAt  *time.Time
	Credit      Credit
	Revision    int
	CreatedAt   time.Time
	ChangedAt   time.Time
}

// RouteTaken is the way that was worked out when the escalation began or was led
// anew, as its page explains it.
type RouteTaken struct {
	Version int           `json:"version"` // of the desk's handover
	Matter  Matter        `json:"matter,omitempty"`
	Way     route.Route   `json:"way"`
	Instead *route.Target `json:"instead,omitempty"` // a person's choice against it
	Why     string        `json:"why,omitempty"`     // his reason
	By      string        `json:"by,omitempty"`      // his name
}

// PlanTaken is the partner's support plan by which a request is filed.
type PlanTaken struct {
	ID       ID      `json:"id,omitzero"`
	Kind     string  `json:"kind,omitempty"` // as route.Case has it
	Name     string  `json:"name,omitempty"`
	Language string  `json:"language,omitempty"` // in which Microsoft's desk is asked, "en" unless said
	Replies  Replies `json:"replies,omitempty"`  // that it promised itself when the request was filed
	Counted  bool    `json:"counted,omitempty"`  // one of its requests was taken for this
}

// Remote is how a connector finds the request again.
type Remote struct {
	Connector    string     `json:"connector,omitempty"`    // "azure_support", "partner_center"; "" for one filed by hand
	Name         string     `json:"name,omitempty"`         // ours, which makes a second sending harmless
	Subscription string     `json:"subscription,omitempty"` // Azure
	Severity     string     `json:"severity,omitempty"`     // of a filing that is under way, with the next three
	Service      string     `json:"service,omitempty"`      // ids in the interface's own catalogue
	Problem      string     `json:"problem,omitempty"`
	By           ID         `json:"by,omitzero"`      // who wanted it filed
	Begun        *time.Time `json:"begun,omitempty"`  // since when a filing is under way
	Status       string     `json:"status,omitempty"` // as last read, see RemoteRequest
	ReadAt       *time.Time `json:"read_at,omitempty"`
	Trouble      string     `json:"trouble,omitempty"` // a RefusalKind
	Detail       string     `json:"detail,omitempty"`  // their words, for people who mend it
}

// Credit is what may be claimed for an outage, as a person noted it.
type Credit struct {
	Worth  bool   `json:"worth,omitempty"`
	Reason string `json:"reason,omitempty"`
	State  string `json:"state,omitempty"` // "", "claimed", "granted", "denied"
	Amount string `json:"amount,omitempty"`
}

// EscalationState is where an escalation stands.
type EscalationState string

// The states of an escalation.
const (
	EscalationPreparing     EscalationState = "preparing"
	EscalationApproval      EscalationState = "approval" // a lead is asked
	EscalationReady         EscalationState = "ready"    // approved, not filed yet
	EscalationFiled         EscalationState = "filed"    // they work on it
	EscalationWaitsUs       EscalationState = "waits_us"
	EscalationWaitsCustomer EscalationState = "waits_customer"
	EscalationMitigated     EscalationState = "mitigated"
	EscalationEnded         EscalationState = "ended"
)

// FiledStates are those between which a filed escalation moves, in the order of a
// form.
var FiledStates = []EscalationState{EscalationFiled, EscalationWaitsUs, EscalationWaitsCustomer, EscalationMitigated}

// Filed tells an escalation that they have.
func (s EscalationState) Filed() bool { return slices.Contains(FiledStates, s) }

// Before tells an escalation that was not filed yet.
func (s EscalationState) Before() bool {
	return s == EscalationPreparing || s == EscalationApproval || s == EscalationReady
}

// EscalationEnding is how an escalation ended.
type EscalationEnding string

// The endings.
const (
	EndedSolved    EscalationEnding = "solved"
	EndedUnsolved  EscalationEnding = "unsolved"  // they closed it and it does not work
	EndedReturned  EscalationEnding = "returned"  // they sent it back: it was not theirs, or not complete
	EndedWithdrawn EscalationEnding = "withdrawn" // the desk took it back
)

// EscalationEndings lists them in the order of a form.
var EscalationEndings = []EscalationEnding{EndedSolved, EndedUnsolved, EndedReturned, EndedWithdrawn}

// Owes tells who must act next on an escalation: "us", "them", "customer", or "" for
// one that has ended. By when is its DueAt.
func (e Escalation) Owes() string {
	switch e.State {
	case EscalationFiled, EscalationMitigated:
		return "them"
	case EscalationWaitsCustomer:
		return "customer"
	case EscalationEnded:
		return ""
	}
	return "us"
}

// TicketState is where a ticket stands while its escalation is filed.
func (e Escalation) TicketState() State {
	switch {
	case e.State == EscalationWaitsCustomer:
		return WaitingCustomer
	case e.State == EscalationWaitsUs:
		return Open
	case e.Target == route.Microsoft, e.Target == route.MSRC:
		return WaitingMicrosoft
	}
	return WaitingThirdParty
}

// NewEscalation begins one on a ticket. reason is needed where the desk was to
// resolve the ticket itself, or access is missing. Errors: Invalid on "reason".
func NewEscalation(k Ticket, workload string, r RouteTaken, reason string, needsReason bool, who ID, now time.Time) (Escalation, error) {
	reason = cleanText(reason)
	var p Problems
	least := 0
	if needsReason {
		least = 1
	}
	p.Text("reason", reason, least, MaxReason)
	e := Escalation{ID: NewID(), TicketID: k.ID, CustomerID: k.CustomerID, Workload: workload, Reason: reason, State: EscalationPreparing,
		Answers: map[string]string{}, PreparedBy: who, Revision: 1, CreatedAt: now, ChangedAt: now}
	e.lead(r)
	return e, p.Err()
}

// due sets by when whoever owes something owes it. What was told before stays told:
// a time that lies behind the last reminder is not told again.
func (e *Escalation) due(at *time.Time) { e.DueAt = at }

// Step is where a person says a filed escalation stands.
type Step struct {
	State   EscalationState
	Next    *time.Time // by when who owes something owes it; nil for no time
	BadNext bool       // typed but not a date
}

// Move takes a step between the states of a filed escalation. Errors: Invalid on
// "state" or "next"; ErrConflict unless it is filed.
func (e *Escalation) Move(s Step, now time.Time) error {
	if !e.State.Filed() {
		return ErrConflict
	}
	var p Problems
	p.OneOf("state", string(s.State), plainTexts(FiledStates)...)
	switch {
	case s.BadNext:
		p.Add("next", "error.date")
	case s.Next != nil && s.Next.Before(now):
		p.Add("next", "error.escalation.next_past")
	}
	if err := p.Err(); err != nil {
		return err
	}
	if s.State == EscalationMitigated && e.MitigatedAt == nil {
		e.MitigatedAt = &now
	}
	if s.State != EscalationMitigated {
		e.MitigatedAt = nil
	}
	e.State, e.ChangedAt = s.State, now
	e.due(s.Next)
	return nil
}

// Heard tells that they spoke, at an instant: the first time ends their clock.
func (e *Escalation) Heard(at, now time.Time) {
	if e.RepliedAt == nil {
		e.RepliedAt = &at
		if e.DueAt != nil && e.ReplyDueAt != nil && e.DueAt.Equal(*e.ReplyDueAt) {
			e.due(nil)
		}
	}
	e.ChangedAt = now
}

// Spoke tells that the desk said something to them: where they wait for it, it is
// not silent.
func (e *Escalation) Spoke(now time.Time) {
	if e.State == EscalationWaitsUs {
		e.ChangedAt = now
	}
}

// Chased tells that the desk asked them, and by when it expects an answer.
func (e *Escalation) Chased(next *time.Time, now time.Time) error {
	return e.Move(Step{State: e.State, Next: next}, now)
}

// End ends it. Errors: Invalid on "ending", or "why" where it was not solved;
// ErrConflict when it has ended, or for an ending that a request has that was never
// filed.
func (e *Escalation) End(ending EscalationEnding, why string, now time.Time) error {
	if e.State == EscalationEnded || e.State.Before() && ending != EndedWithdrawn {
		return ErrConflict
	}
	why = cleanText(why)
	var p Problems
	p.OneOf("ending", string(ending), plainTexts(EscalationEndings)...)
	least := 1
	if ending == EndedSolved {
		least = 0
	}
	p.Text("why", why, least, MaxSummary)
	if err := p.Err(); err != nil {
		return err
	}
	e.State, e.Ending, e.EndedWhy, e.EndedAt, e.ChangedAt = EscalationEnded, ending, why, &now, now
	e.due(nil)
	return nil
}

// Claim notes what may be claimed for the outage. Errors: Invalid, by field.
func (e *Escalation) Claim(c Credit, now time.Time) error {
	var p Problems
	c.Reason, c.Amount = cleanText(c.Reason), clean(c.Amount)
	p.Text("credit_reason", c.Reason, 0, MaxReason)
	p.Text("credit_amount", c.Amount, 0, 60)
	p.OneOf("credit_state", c.State, "", "claimed", "granted", "denied")
	if err := p.Err(); err != nil {
		return err
	}
	e.Credit, e.ChangedAt = c, now
	return nil
}
