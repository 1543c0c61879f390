package desk

import (
	"fmt"
	"time"
)

// ServiceState is how a service of one tenant does, as its health overview tells.
type ServiceState struct {
	Service string // display name
	Status  string // Graph's serviceHealthStatus, lower case; unknown ones are kept
	HeardAt time.Time
}

// TenantHealth is what one poll of a tenant brought. What was read stands even
// when an error came after it.
type TenantHealth struct {
	Services  []ServiceState
	Published []Published
	Unread    []Unread
}

// Unread is an entry of a reply that could not be taken, and why.
type Unread struct{ Code, Reason string }

// Calls counts requests to a tenant against what may be asked of it. The zero
// value allows none.
type Calls struct{ Left, Made int }

// Take spends one call, if there is one.
func (c *Calls) Take() bool {
	if c.Left <= 0 {
		return false
	}
	c.Left--
	c.Made++
	return true
}

// Most calls that one application may make of one tenant (Microsoft Graph
// throttling limits, service communications).
const (
	MostCallsMinute = 240
	MostCallsHour   = 800
)

// RefusalKind is why a service outside did not answer as asked.
type RefusalKind string

// The kinds of refusal.
const (
	RefusedProof    RefusalKind = "proof"       // another desk says the same of this tenant, and nobody of it has signed in here
	RefusedConsent  RefusalKind = "consent"     // consent, role or access is missing: only the customer can give it
	RefusedSetup    RefusalKind = "setup"       // our own application's id or secret is wrong: the same for every tenant
	RefusedThrottle RefusalKind = "throttled"   // asked too often
	RefusedBudget   RefusalKind = "budget"      // we would ask too often, and did not
	RefusedDown     RefusalKind = "unavailable" // no answer, or an error of theirs
	RefusedForm     RefusalKind = "malformed"   // an answer that is none
	RefusedPlan     RefusalKind = "plan"        // the support plan does not reach so far: only a person can do it by hand
	RefusedRole     RefusalKind = "role"        // a role in the customer's tenant or subscription is missing
	RefusedRequest  RefusalKind = "request"     // what was asked is not as the other side wants it; its words say what
	RefusedChanged  RefusalKind = "changed"     // somebody changed it meanwhile, or it is being changed
	RefusedGone     RefusalKind = "gone"        // what was asked for is not there
	RefusedType     RefusalKind = "file_type"   // a file of a type that is never taken
	RefusedSize     RefusalKind = "file_size"   // a file that is too big, in a zip as well
)

// Passes tells a refusal that time may mend: whatever was refused is asked again by
// itself.
func (k RefusalKind) Passes() bool {
	switch k {
	case RefusedThrottle, RefusedDown, RefusedForm, RefusedBudget, RefusedChanged:
		return true
	}
	return false
}

// Refusal is an answer from outside that is no answer.
type Refusal struct {
	Kind   RefusalKind
	Detail string        // what the other side said, cut; for people who mend it, never for customers
	After  time.Duration // not before then; 0 when it did not say
}

func (r Refusal) Error() string { return fmt.Sprintf("refused (%s): %s", r.Kind, r.Detail) }
