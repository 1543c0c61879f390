package desk

import (
	"time"

	"guichet/internal/hint"
	"guichet/internal/signals"
)

// A desk's own hint begins with so many tickets that its people decided, goes by the newest of
// them, and learns anew when enough have come since.
const (
	LeastLessons = 200
	MostLessons  = 5_000
	NewLessons   = 50
)

// Precedent is a past ticket that a person decided or confirmed, as it was known then.
type Precedent struct {
	Ticket   Ticket
	Outcome  Outcome
	Category Category
	Verdict  Verdict // of that time: how many others were hit, and what of service health covered it
	Words    string
	Found    []Finding
}

// HintState is what a desk's hint has learned from.
type HintState struct {
	Version   int // 0: the shipped model serves
	Examples  int
	LearnedAt time.Time
}

// Lesson is what the hint learns from a precedent.
func (s Precedent) Lesson() hint.Example {
	in := signals.Input{Language: s.Ticket.Language, Kind: s.Ticket.Kind, Subject: s.Ticket.Subject, Body: s.Words, Service: s.Ticket.Service,
		Region: s.Ticket.Region, Affected: s.Ticket.Affected, Impact: string(s.Ticket.Impact), Corrections: map[string]any{}}
	for _, f := range s.Found {
		in.Findings = append(in.Findings, signals.Finding{Kind: f.Kind, Result: f.Result, Text: f.Text})
	}
	for _, k := range s.Verdict.Facts {
		switch k.Name {
		case "similar":
			if n, ok := k.Value.(int64); ok {
				in.SimilarLastHour = int(n)
			}
		case "issue_covers", "issue_restored", "issue_elsewhere", "issue_unrelated":
			in.Corrections[k.Name] = k.Value
		}
	}
	x := signals.Read(in).Features()
	return hint.Example{Hashes: x.Hashes, Weights: x.Weights, Label: s.label()}
}

func (s Precedent) label() string {
	if s.Outcome == NeedsInfo {
		return NeedsInfoLabel
	}
	return string(s.Category)
}

// LearnHint goes on from the shipped model with a desk's own lessons. Every fifth lesson is
// kept aside first: a model that tells those no better than the one that serves is not worth
// having, and nil is returned.
func LearnHint(serving *hint.Model, lessons []hint.Example) *hint.Model {
	if len(lessons) < LeastLessons {
		return nil
	}
	var aside, taught []hint.Example
	for i, l := range lessons {
		if i%5 == 0 {
			aside = append(aside, l)
		} else {
			taught = append(taught, l)
		}
	}
	if told(hint.Train(hint.Shipped(), nil, taught), aside) <= told(serving, aside) {
		return nil
	}
	return hint.Train(hint.Shipped(), nil, lessons)
}

// told counts the lessons whose label a model holds likeliest.
func told(m *hint.Model, lessons []hint.Example) int {
	n := 0
	for _, l := range lessons {
		percent, best := m.Guess(l.Hashes, l.Weights).Percent, ""
		for _, label := range m.Labels() {
			if best == "" || percent[label] > percent[best] {
				best = label
			}
		}
		if best == l.Label {
			n++
		}
	}
	return n
}
