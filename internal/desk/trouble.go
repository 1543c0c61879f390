package desk

import (
	"slices"
	"strings"
	"time"
)

// Trouble is a known issue, an incident or news of a change to come, as those
// whom it touches may read of it.
type Trouble struct {
	ID             ID
	Number         int64  // of an incident, 0 for all others
	Kind           string // IssueKind, MessageKind, IncidentKind
	Source         string // FromGraph, FromAzure, FromHand; "" for an incident
	Code           string
	Title          string // as published, in its publisher's English; "" for an incident
	Service        string
	Classification string
	Status         string // as published, or an incident's state
	Severity       string
	Places         []string
	Public         bool
	Over           bool
	StartedAt      time.Time
	EndedAt        *time.Time
	ChangedAt      time.Time
	NextAt         *time.Time
	Words          Words
	SaidAt         *time.Time
	Customers      int    // whom it touches, for the desk alone; at most MostTouched
	Posts          []Post // oldest first
}

// IncidentKind is the desk's own, beside those that are published.
const IncidentKind = "incident"

// MostTouched bounds how many customers are counted.
const MostTouched = 1000

// HealthLevel is how a service does, or how bad a trouble is.
type HealthLevel string

// The levels.
const (
	LevelDown       HealthLevel = "down"
	LevelSlowed     HealthLevel = "slowed"
	LevelLimited    HealthLevel = "limited" // some people, some functions
	LevelWatched    HealthLevel = "watched" // reported, being looked at
	LevelRecovering HealthLevel = "recovering"
	LevelFine       HealthLevel = "fine"
	LevelUnknown    HealthLevel = "unknown" // nobody tells
)

// levels are in their order, the worst first.
var levels = []HealthLevel{LevelDown, LevelSlowed, LevelLimited, LevelWatched, LevelRecovering, LevelFine, LevelUnknown}

// Worse is the worse of two levels; anything is worse than not knowing.
func (l HealthLevel) Worse(o HealthLevel) HealthLevel {
	if l.rank() <= o.rank() {
		return l
	}
	return o
}

func (l HealthLevel) rank() int {
	if i := slices.Index(levels, l); i >= 0 {
		return i
	}
	return len(levels)
}

// Troubled tells a level at which something is wrong.
func (l HealthLevel) Troubled() bool { return l.rank() < LevelFine.rank() }

// statusLevels read Graph's serviceHealthStatus ("serviceHealthIssue resource
// type"). A status that is not here is one that Microsoft has added since.
var statusLevels = map[string]HealthLevel{
	"serviceinterruption": LevelDown, "servicedegradation": LevelSlowed,
	"investigating": LevelWatched, "reported": LevelWatched, "confirmed": LevelWatched, "investigationsuspended": LevelWatched,
	"restoringservice": LevelRecovering, "extendedrecovery": LevelRecovering, "verifyingservice": LevelRecovering,
}

// LevelOfStatus reads what an overview says of a service.
func LevelOfStatus(status string) HealthLevel {
	status = strings.ToLower(status)
	if isOver(status) {
		return LevelFine
	}
	if l, ok := statusLevels[status]; ok {
		return l
	}
	return LevelUnknown
}

// Level is how the service does for those whom the trouble touches, now.
func (t Trouble) Level() HealthLevel {
	if t.Over {
		return LevelFine
	}
	if t.Kind == IncidentKind {
		if t.Status == string(IncidentMitigated) {
			return LevelRecovering
		}
		return LevelWatched
	}
	if l := LevelOfStatus(t.Status); l == LevelDown || l == LevelRecovering {
		return l
	}
	return t.Harm()
}

// Harm is how bad it is, or was, whatever has become of it.
func (t Trouble) Harm() HealthLevel {
	switch {
	case strings.EqualFold(t.Status, "serviceInterruption"), strings.EqualFold(t.Severity, "critical"):
		return LevelDown
	case strings.EqualFold(t.Classification, "advisory"):
		return LevelLimited
	case strings.EqualFold(t.Classification, "incident"), strings.EqualFold(t.Status, "serviceDegradation"):
		return LevelSlowed
	}
	return LevelWatched
}

// Stage is how far the work on a trouble is, as its status tells.
func (t Trouble) Stage() Stage {
	status := strings.ToLower(t.Status)
	switch {
	case t.Over && status == "falsepositive":
		return StageNone
	case t.Over:
		return StageOver
	case t.Kind == IncidentKind && status == string(IncidentMitigated), LevelOfStatus(status) == LevelRecovering:
		return StageRecovering
	case t.Kind == IncidentKind:
		return StageShared
	case t.Source == FromHand:
		return StageRecorded
	case status == "investigationsuspended":
		return StageSuspended
	case LevelOfStatus(status) == LevelWatched:
		return StageLooking
	}
	return StageWorking
}

// Stage is how far the work on a trouble is.
type Stage string

// The stages, each a sentence for customers.
const (
	StageLooking    Stage = "looking"   // Microsoft looks for the cause
	StageWorking    Stage = "working"   // Microsoft knows of it and works on it
	StageSuspended  Stage = "suspended" // Microsoft wants data from a customer
	StageRecovering Stage = "recovering"
	StageRecorded   Stage = "recorded" // the desk knows of it
	StageShared     Stage = "shared"   // several customers told the desk
	StageOver       Stage = "over"
	StageNone       Stage = "none" // it was none
)

// Lasted is from its beginning to its end, or to now.
func (t Trouble) Lasted(now time.Time) time.Duration {
	if t.EndedAt != nil {
		now = *t.EndedAt
	}
	return max(0, now.Sub(t.StartedAt))
}

// Late tells that news was promised by now and has not come.
func (t Trouble) Late(now time.Time) bool { return !t.Over && t.NextAt != nil && t.NextAt.Before(now) }

// TroubleRef names a known issue by its id, or an incident by its number.
type TroubleRef struct {
	Issue    ID
	Incident int64 // 0: an issue
}

// TicketsAbout is what tickets a person sees that are about one trouble.
type TicketsAbout struct {
	Open int64 // the number of an open one, his own before another's; 0: none
	Last int64 // the number of the last that he opened himself
}
