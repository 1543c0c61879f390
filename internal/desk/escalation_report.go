package desk

import (
	"cmp"
	"slices"
	"time"

	"guichet/internal/route"
)

// CameFigure is the tickets of a category that came in a month.
type CameFigure struct {
	Month    Day
	Category Category
	Customer string // in lines of one customer each, else ""
	Tickets  int
	Handed
}

// Handed is how many tickets were handed on, and of these against the decision: the
// desk was to settle them itself.
type Handed struct{ Escalated, Against int }

// HandedFigure is what happened to escalations in a month.
type HandedFigure struct {
	Month    Day
	Target   route.Target
	Workload string
	Severity string
	Customer string // in lines of one customer each, else ""
	Fate
}

// Fate is how escalations fared: filings, ends and first replies. A reply counts as
// missed that came too late, or never although it was promised.
type Fate struct {
	Filed, Solved, Unsolved, Returned, Withdrawn int
	Replies, Met, Missed, Dropped                int
	ReplySeconds                                 int64 // of all Replies, since filing
	PromisedSeconds                              int64 // of those met or missed
	SolvedSeconds                                int64 // of those solved, since filing
}

// Add is both together.
func (f Fate) Add(g Fate) Fate {
	return Fate{f.Filed + g.Filed, f.Solved + g.Solved, f.Unsolved + g.Unsolved, f.Returned + g.Returned, f.Withdrawn + g.Withdrawn,
		f.Replies + g.Replies, f.Met + g.Met, f.Missed + g.Missed, f.Dropped + g.Dropped,
		f.ReplySeconds + g.ReplySeconds, f.PromisedSeconds + g.PromisedSeconds, f.SolvedSeconds + g.SolvedSeconds}
}

// Ended is how many ended, however.
func (f Fate) Ended() int { return f.Solved + f.Unsolved + f.Returned + f.Withdrawn }

// Judged is how many promises of a first reply were met or missed.
func (f Fate) Judged() int { return f.Met + f.Missed }

// Reply is how long a first reply took on average. ok is false where none came.
func (f Fate) Reply() (d time.Duration, ok bool) { return averageOf(f.ReplySeconds, f.Replies) }

// Promised is the average promise of those judged.
func (f Fate) Promised() (d time.Duration, ok bool) { return averageOf(f.PromisedSeconds, f.Judged()) }

// Settled is how long it took on average until one was solved.
func (f Fate) Settled() (d time.Duration, ok bool) { return averageOf(f.SolvedSeconds, f.Solved) }

func averageOf(seconds int64, n int) (time.Duration, bool) {
	if n == 0 {
		return 0, false
	}
	return time.Duration(seconds/int64(n)) * time.Second, true
}

// EndedEscalation is one that was sent back, with their words or the desk's.
type EndedEscalation struct {
	Number   int64
	Customer string
	Target   route.Target
	Workload string
	Why      string
	At       time.Time
}

// CreditClaim is what is worth claiming for an outage.
type CreditClaim struct {
	Number   int64
	Customer string
	Workload string
	Request  string
	Credit   Credit
	At       time.Time // when the escalation began
}

// EscalationReport is what the roll-ups say of escalations in some months, and the
// newest of two short lists.
type EscalationReport struct {
	Filter   ReportFilter // its Type narrows nothing
	Customer string       // the name of the filter's
	RolledAt *time.Time
	Came     []CameFigure
	Handed   []HandedFigure
	Returned []EndedEscalation
	Credits  []CreditClaim
}

// Empty tells a report with nothing to show.
func (r EscalationReport) Empty() bool {
	_, handed := r.Share(nil)
	return handed.Escalated == 0 && r.Total() == Fate{} && len(r.Returned)+len(r.Credits) == 0
}

// Share is how many tickets came, of those that a function keeps (nil: all), and how
// many of them were handed on.
func (r EscalationReport) Share(keep func(CameFigure) bool) (tickets int, h Handed) {
	for _, f := range r.Came {
		if keep == nil || keep(f) {
			tickets, h.Escalated, h.Against = tickets+f.Tickets, h.Escalated+f.Escalated, h.Against+f.Against
		}
	}
	return tickets, h
}

// Total is what happened to all of them.
func (r EscalationReport) Total() (all Fate) {
	for _, f := range r.Handed {
		all = all.Add(f.Fate)
	}
	return all
}

// CategoryShare is the tickets of one category and how many were handed on.
type CategoryShare struct {
	Category Category // "" for tickets that nobody decided
	Tickets  int
	Handed
}

// ByCategory lists the categories of which something was handed on, the most first.
func (r EscalationReport) ByCategory() (list []CategoryShare) {
	seen := map[Category]bool{}
	for _, f := range r.Came {
		if seen[f.Category] {
			continue
		}
		seen[f.Category] = true
		tickets, h := r.Share(func(g CameFigure) bool { return g.Category == f.Category })
		if h.Escalated > 0 {
			list = append(list, CategoryShare{f.Category, tickets, h})
		}
	}
	slices.SortStableFunc(list, func(a, b CategoryShare) int {
		return cmp.Or(cmp.Compare(b.Escalated, a.Escalated), cmp.Compare(a.Category, b.Category))
	})
	return list
}

// FateOf is the fate of the escalations of one target, severity or workload.
type FateOf struct {
	Key string
	Fate
}

// By groups what happened by a key, the most filed first.
func (r EscalationReport) By(key func(HandedFigure) string) (list []FateOf) {
	for _, f := range r.Handed {
		k := key(f)
		i := slices.IndexFunc(list, func(o FateOf) bool { return o.Key == k })
		if i < 0 {
			i = len(list)
			list = append(list, FateOf{Key: k})
		}
		list[i].Fate = list[i].Add(f.Fate)
	}
	slices.SortStableFunc(list, func(a, b FateOf) int {
		return cmp.Or(cmp.Compare(b.Filed, a.Filed), cmp.Compare(b.Ended()+b.Replies, a.Ended()+a.Replies), cmp.Compare(a.Key, b.Key))
	})
	return list
}
