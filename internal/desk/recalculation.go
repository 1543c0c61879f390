package desk

import "time"

// Recalculation is reckoning all open promises anew, as a job with progress.
type Recalculation struct {
	ID         ID
	PersonID   ID     // who caused it
	Reason     string // BecauseOffer or BecauseAgreement
	CustomerID ID     // Nobody: of all customers
	Total      int    // tickets, as counted at the start
	Done       int
	Changed    int // whose deadline moved
	State      RecalculationState
	CreatedAt  time.Time
	BeganAt    *time.Time
	EndedAt    *time.Time
}

// RecalculationState is how far it has come.
type RecalculationState string

// The states of a recalculation.
const (
	RecalculationWaiting RecalculationState = "waiting"
	RecalculationRunning RecalculationState = "running"
	RecalculationDone    RecalculationState = "done"
	RecalculationFailed  RecalculationState = "failed"
)

// NewRecalculation plans one.
func NewRecalculation(who ID, reason string, customer ID) Recalculation {
	return Recalculation{ID: NewID(), PersonID: who, Reason: reason, CustomerID: customer, State: RecalculationWaiting}
}
