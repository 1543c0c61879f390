package desk

import (
	"slices"
	"time"

	"guichet/internal/rules"
)

// PastTicket is a ticket as a trial reads it: the facts that it was judged by
// last, and what people decided.
type PastTicket struct {
	ID          ID
	Number      int64
	Subject     string
	CreatedAt   time.Time
	Names       []string // of the facts that it was judged by
	Values      []any    // theirs, as JSON has them
	Outcome     Outcome  // of the newest decision
	Category    Category
	By          DecisionBy
	IsConfirmed bool
}

// Facts is what rules judge, with the words of the ticket where they are known.
func (p PastTicket) Facts(words string) map[string]any {
	known := make([]Known, min(len(p.Names), len(p.Values)))
	for i := range known {
		known[i] = Known{Name: p.Names[i], Value: ruleValue(p.Values[i])}
	}
	return Verdict{Facts: known}.Map(p.Subject, words)
}

// ruleValue gives what JSON has read the type that rules know.
func ruleValue(value any) any {
	switch v := value.(type) {
	case float64:
		return int64(v)
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			if text, ok := item.(string); ok {
				list = append(list, text)
			}
		}
		return list
	}
	return value
}

// Settled is what people decided on the ticket; none where nobody has.
func (p PastTicket) Settled() Settled {
	if p.By != ByPerson && !p.IsConfirmed {
		return Settled{}
	}
	return Settled{p.Outcome, p.Category}
}

// Settled is an outcome with its category.
type Settled struct {
	Outcome  Outcome
	Category Category
}

// TrialEffect is what a change is worth, by what people decided.
type TrialEffect string

// The effects of a change. Neither: people decided a third thing.
const (
	EffectBetter   TrialEffect = "better"
	EffectWorse    TrialEffect = "worse"
	EffectNeither  TrialEffect = "neither"
	EffectUnjudged TrialEffect = "unjudged"
)

// TrialChange is a ticket that the draft decides otherwise.
type TrialChange struct {
	Number         int64
	Subject        string
	WasOutcome     Outcome
	WasCategory    Category
	WasRule        string
	Outcome        Outcome
	Category       Category
	Rule           string
	PersonOutcome  Outcome // "" where nobody decided
	PersonCategory Category
	Effect         TrialEffect
}

// Compare counts one ticket in the trial's figures: decided by the published
// rules and by the draft. It tells the change, if there is one.
func (f *TrialFigures) Compare(p PastTicket, was, now rules.Decision) (TrialChange, bool) {
	said := p.Settled()
	before, after := said.agrees(was), said.agrees(now)
	f.Tried++
	if said.Outcome != "" {
		f.Judged++
		f.AgreedBefore += one(before)
		f.AgreedAfter += one(after)
	}
	if was.Outcome == now.Outcome && was.Category == now.Category {
		return TrialChange{}, false
	}
	c := TrialChange{Number: p.Number, Subject: p.Subject, WasOutcome: was.Outcome, WasCategory: was.Category, WasRule: was.Rule,
		Outcome: now.Outcome, Category: now.Category, Rule: now.Rule, PersonOutcome: said.Outcome, PersonCategory: said.Category, Effect: EffectNeither}
	f.Changed++
	switch {
	case said.Outcome == "":
		c.Effect = EffectUnjudged
	case after && !before:
		c.Effect = EffectBetter
		f.Better++
	case before && !after:
		c.Effect = EffectWorse
		f.Worse++
	}
	return c, true
}

// agrees tells whether a decision says what people said. What they are asked
// for has no category.
func (s Settled) agrees(d rules.Decision) bool {
	return s.Outcome == d.Outcome && (s.Outcome == NeedsInfo || s.Category == d.Category)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// TrialChanges gathers the changes that are kept, with room for each effect: a
// reader who looks for the worse ones must not find better ones in their place.
type TrialChanges struct{ worse, better, other []TrialChange }

// Room that each effect has for itself; what one leaves free the others take.
const (
	roomForWorse  = MaxTrialChanges / 2
	roomForBetter = MaxTrialChanges / 4
)

// Add keeps a change, if there may be room for it.
func (k *TrialChanges) Add(c TrialChange) {
	list := &k.other
	switch c.Effect {
	case EffectWorse:
		list = &k.worse
	case EffectBetter:
		list = &k.better
	}
	if len(*list) < MaxTrialChanges {
		*list = append(*list, c)
	}
}

// Kept is what there is room for, at most MaxTrialChanges.
func (k *TrialChanges) Kept() []TrialChange {
	lists := [][]TrialChange{k.worse, k.better, k.other}
	rooms := []int{roomForWorse, roomForBetter, MaxTrialChanges - roomForWorse - roomForBetter}
	var kept []TrialChange
	for i, list := range lists {
		n := min(len(list), rooms[i])
		kept = append(kept, list[:n]...)
		lists[i] = list[n:]
	}
	for _, list := range lists {
		kept = append(kept, list[:min(len(list), MaxTrialChanges-len(kept))]...)
	}
	return kept
}

// TrialEffects are the effects that a trial's changes can be narrowed to.
var TrialEffects = []TrialEffect{EffectWorse, EffectBetter, EffectNeither, EffectUnjudged}

// TrialFilter is the state of a trial's page: the effect that is shown, "" for
// all, and the ticket's number after which the list goes on, 0 from the top.
type TrialFilter struct {
	Effect TrialEffect
	After  int64
}

// OneTrial is a trial with a page of its changes.
type OneTrial struct {
	Trial   Trial
	Changes []TrialChange
	More    bool         // there are others after these
	Was     []rules.Rule // the published rules, for their names
	Rules   []rules.Rule // the draft's
}

// RuleNamed finds a rule of the trial by its key, the draft's first.
func (o OneTrial) RuleNamed(key string) (rules.Rule, bool) {
	for _, list := range [][]rules.Rule{o.Rules, o.Was} {
		if i := slices.IndexFunc(list, func(r rules.Rule) bool { return r.Key == key }); i >= 0 {
			return list[i], true
		}
	}
	return rules.Rule{}, false
}

// Trials is what there is to know before one is begun.
type Trials struct {
	List     []Trial // newest first
	Running  *Trial  // the one under way
	Drafted  bool    // there is a draft to try
	Revision int     // the draft's
}
