package desk

import (
	"time"

	"guichet/internal/rules"
)

// RuleWindow is how far back a rule's figures look.
const RuleWindow = 30 * 24 * time.Hour

// RuleResults is how a rule fared lately: the tickets that it decided, what
// people confirmed, what they decided instead and why.
type RuleResults struct {
	Rule rules.Rule // only its key where no rule has it any more
	RuleCount
	Confirmed int
	Instead   []RuleInstead   // most often first
	Reasons   []OverrideCause // newest first
}

// RuleInstead is a decision that people took in place of a rule's.
type RuleInstead struct {
	Outcome  Outcome
	Category Category
	Count    int
}

// OverrideCause is one person's word against a rule.
type OverrideCause struct {
	Number    int64
	Subject   string
	Outcome   Outcome
	Category  Category
	Reason    string
	Name      string // who decided
	CreatedAt time.Time
}

// MaxReasons is how many causes are read at once.
const MaxReasons = 20

// The least that makes a rule suspicious: fewer overrides are chance.
const (
	leastOverrides = 5
	leastShare     = 20 // percent of the tickets that the rule decided
)

// Doubtful tells that people decide otherwise so often that the rule is likely
// to be wrong, and what they decide most.
func (r RuleResults) Doubtful() (RuleInstead, bool) {
	if !r.RuleCount.Doubtful() || len(r.Instead) == 0 {
		return RuleInstead{}, false
	}
	return r.Instead[0], true
}

// Doubtful tells the same of the figures alone.
func (c RuleCount) Doubtful() bool {
	return c.Overridden >= leastOverrides && c.Overridden*100 >= leastShare*c.Fired
}
