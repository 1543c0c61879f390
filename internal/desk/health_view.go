package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// StripDays is how far back the state of services is shown.
const StripDays = 30

// StaleHealth is how old what a tenant's source said may be before its reader is
// told that it is old: tenants are asked every quarter of an hour.
const StaleHealth = 45 * time.Minute

// HealthView is the state of services for one customer, for a whole desk, or for
// anybody.
type HealthView struct {
	Customer   Customer        // zero where it is of no single one
	Connection ConnectionState // for the desk alone, "" where none was ever asked for
	Services   []ServiceHealth // what is wrong first
	Open       []Trouble       // newest first
	Settled    []Trouble       // of the last StripDays, newest first
	Planned    []Trouble       // changes to come, newest first
	HeardAt    *time.Time      // when the tenant's own source last spoke; nil: it never did
	From, To   time.Time       // the days of the strips
	Note       HealthNote      // zero without one
}

// ServiceHealth is one service with its last days, the oldest first.
type ServiceHealth struct {
	Service   string
	Level     HealthLevel
	Days      [StripDays]HealthLevel
	Customers int // whom its troubles touch, at most, for the desk alone
}

// Heard is what a health view is made from.
type Heard struct {
	States   []ServiceState // of the customer's tenant
	Used     []string       // services that he asked about
	Troubles []Trouble      // open, settled and planned, newest first
}

// NewHealthView puts together what is known, by days of a zone.
func NewHealthView(h Heard, now time.Time, zone *time.Location) HealthView {
	var v HealthView
	for _, t := range h.Troubles {
		switch {
		case t.Kind == MessageKind:
			v.Planned = append(v.Planned, t)
		case t.Over:
			v.Settled = append(v.Settled, t)
		default:
			v.Open = append(v.Open, t)
		}
	}
	slices.SortStableFunc(v.Open, func(a, b Trouble) int { return b.StartedAt.Compare(a.StartedAt) })
	slices.SortStableFunc(v.Settled, func(a, b Trouble) int { return end(b).Compare(end(a)) })
	for _, s := range h.States {
		if v.HeardAt == nil || s.HeardAt.After(*v.HeardAt) {
			v.HeardAt = &s.HeardAt
		}
	}
	midnight := startOfDay(now.In(zone))
	v.From, v.To = midnight.AddDate(0, 0, 1-StripDays), midnight
	v.Services = servicesOf(h, v.From, now)
	return v
}

func end(t Trouble) time.Time {
	if t.EndedAt != nil {
		return *t.EndedAt
	}
	return t.ChangedAt
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// servicesOf lists those of the tenant, those that were asked about and those
// that something is or was wrong with.
func servicesOf(h Heard, from, now time.Time) []ServiceHealth {
	rows, at := []ServiceHealth{}, map[string]int{}
	row := func(name string, l HealthLevel) *ServiceHealth {
		if known, ok := ServiceNamed(name); ok {
			name = known.Name
		}
		i, ok := at[strings.ToLower(name)]
		if !ok {
			i = len(rows)
			at[strings.ToLower(name)] = i
			rows = append(rows, ServiceHealth{Service: name, Level: l})
		}
		rows[i].Level = rows[i].Level.Worse(l)
		return &rows[i]
	}
	for _, s := range h.States {
		row(s.Service, LevelOfStatus(s.Status))
	}
	for _, name := range h.Used {
		if s, ok := ServiceNamed(name); !ok || s.Short != "" {
			row(name, LevelUnknown)
		}
	}
	for _, t := range h.Troubles {
		if t.Kind == MessageKind || t.Service == "" {
			continue
		}
		s := row(t.Service, LevelUnknown)
		if !t.Over {
			s.Level, s.Customers = s.Level.Worse(t.Level()), min(MostTouched, s.Customers+t.Customers)
		}
		s.mark(t, from, now)
	}
	slices.SortStableFunc(rows, func(a, b ServiceHealth) int {
		return cmp.Or(cmp.Compare(min(a.Level.rank(), LevelFine.rank()), min(b.Level.rank(), LevelFine.rank())), strings.Compare(a.Service, b.Service))
	})
	return rows
}

// mark draws a trouble on the days that it touched.
func (s *ServiceHealth) mark(t Trouble, from, now time.Time) {
	until := now
	if t.EndedAt != nil {
		until = *t.EndedAt
	}
	for i := range s.Days {
		begin := from.AddDate(0, 0, i)
		if t.StartedAt.Before(begin.AddDate(0, 0, 1)) && !until.Before(begin) {
			s.Days[i] = t.Harm().Worse(s.Days[i])
		}
	}
}

// Troubled counts the services that something is wrong with.
func (v HealthView) Troubled() int {
	n := 0
	for _, s := range v.Services {
		if s.Level.Troubled() {
			n++
		}
	}
	return n
}

// Connected tells that the tenant's own source speaks.
func (v HealthView) Connected() bool { return v.HeardAt != nil }

// Stale tells that what the source said is old.
func (v HealthView) Stale(now time.Time) bool {
	return v.HeardAt != nil && now.Sub(*v.HeardAt) > StaleHealth
}

// InTrouble is an open ticket about a trouble.
type InTrouble struct {
	ID     ID // of the issue or the incident
	Number int64
}
