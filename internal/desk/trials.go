package desk

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// TrialState is how far a try of rules on past tickets has come.
type TrialState string

// The states of a trial.
const (
	TrialWaiting TrialState = "waiting"
	TrialRunning TrialState = "running"
	TrialDone    TrialState = "done"
	TrialStopped TrialState = "stopped"
	TrialFailed  TrialState = "failed"
)

// Over tells that a trial comes no further.
func (s TrialState) Over() bool { return s != TrialWaiting && s != TrialRunning }

// TrialSizes are how many of the last tickets a trial can be asked for.
var TrialSizes = []int{100, 1_000, 10_000, 100_000}

// MaxTrial is the most tickets that one trial looks at.
const MaxTrial = 100_000

// MaxTrialChanges is how many of a trial's changes are kept to be read; its
// figures count them all.
const MaxTrialChanges = 1_000

// Trial is a try of a draft on past tickets, beside the rules that were
// published when it was asked for.
type Trial struct {
	ID       ID
	PersonID ID
	Author   string
	BasedOn  int // the published version
	Revision int // of the draft
	Most     int
	Since    *time.Time // with Until: only tickets of this time
	Until    *time.Time // not included
	State    TrialState
	TrialFigures
	CreatedAt time.Time
	BeganAt   *time.Time
	EndedAt   *time.Time
}

// TrialFigures is what a trial found so far. Judged are the tickets whose
// decision people confirmed or made; only they can agree or not.
type TrialFigures struct {
	Total, Tried, Changed, Judged, AgreedBefore, AgreedAfter, Better, Worse int
}

// Percent is how far the trial has come.
func (f TrialFigures) Percent() int {
	if f.Total == 0 {
		return 0
	}
	return min(100, f.Tried*100/f.Total)
}

// Agreement is the share of judged tickets in tenths of a percent, rounded.
func (f TrialFigures) Agreement(agreed int) int {
	if f.Judged == 0 {
		return 0
	}
	return int(math.Round(float64(agreed) * 1000 / float64(f.Judged)))
}

// TrialChoice is the form of a trial: how many of the last tickets, or the days
// that it is about, both included.
type TrialChoice struct {
	Most  string // one of TrialSizes, or TrialDates
	Since string
	Until string
}

// TrialDates is the choice of a time in place of a number.
const TrialDates = "dates"

// NewTrial plans a trial of a draft. Days are the desk's own. Errors: Invalid,
// by field.
func NewTrial(c TrialChoice, who Person, zone *time.Location, now time.Time) (Trial, error) {
	t := Trial{ID: NewID(), PersonID: who.ID, Author: who.Name, State: TrialWaiting, CreatedAt: now, Most: MaxTrial}
	var p Problems
	if c.Most != TrialDates {
		n, err := strconv.Atoi(c.Most)
		if err != nil || !slices.Contains(TrialSizes, n) {
			p.Add("most", "error.choose")
		}
		t.Most = n
		return t, p.Err()
	}
	since, until := p.pastDay("since", c.Since, zone, now), p.pastDay("until", c.Until, zone, now)
	if len(p) == 0 && until.Before(since) {
		p.Add("until", "error.trial_order")
	}
	until = until.AddDate(0, 0, 1)
	t.Since, t.Until = &since, &until
	return t, p.Err()
}

// pastDay reads a day that has begun, as its first moment.
func (p *Problems) pastDay(field, text string, zone *time.Location, now time.Time) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	switch {
	case text == "":
		p.Add(field, "error.required")
	case err != nil || day.Year() < 1900: // dates further back are slips of a key
		p.Add(field, "error.trial_date")
	case day.After(now):
		p.Add(field, "error.trial_future")
	}
	return day
}

// LastDay is the last day of a trial of some time.
func (t Trial) LastDay() time.Time { return t.Until.AddDate(0, 0, -1) }
