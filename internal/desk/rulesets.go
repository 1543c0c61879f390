package desk

import (
	"time"

	"guichet/internal/rules"
)

// MaxVersionNote is the most that is said of a published version, in characters.
const MaxVersionNote = 500

// RuleDraft is the rules that a desk's admins are working on. A desk has one; it
// serves nobody before it is published.
type RuleDraft struct {
	BasedOn   int // the version that it began as
	Revision  int // grows with each change, so that of two who edit at once the second is told
	NoHint    bool
	Rules     []rules.Rule
	PersonID  ID // who changed it last
	Author    string
	UpdatedAt time.Time
}

// Ruleset is the draft as rules that can be compiled, under the number that it would get.
func (d RuleDraft) Ruleset(version int) rules.Ruleset {
	return rules.Ruleset{Version: version, NoHint: d.NoHint, Rules: d.Rules}
}

// Mark tells this state of the draft from every other.
func (d RuleDraft) Mark() RulesMark { return RulesMark{d.BasedOn, d.Revision} }

// RulesetVersion is a published version. It never changes.
type RulesetVersion struct {
	Version      int
	Note         string
	NoHint       bool
	Rules        []rules.Rule // none in a list of versions
	PersonID     ID           // Nobody for the rules that came with the desk
	Author       string
	CreatedAt    time.Time
	RestoredFrom int // the version that this one brought back, 0 for none
}

// Ruleset is the version as rules that can be compiled.
func (v RulesetVersion) Ruleset() rules.Ruleset {
	return rules.Ruleset{Version: v.Version, NoHint: v.NoHint, Rules: v.Rules}
}

// ShippedVersion is the rules that every desk begins with.
func ShippedVersion() RulesetVersion {
	rs := rules.Default()
	return RulesetVersion{Version: rs.Version, NoHint: rs.NoHint, Rules: rs.Rules}
}

// RulesMark names the state of a desk's rules that a form was made from: the
// version, and the revision of the draft, 0 where there was none.
type RulesMark struct{ Version, Revision int }

// RuleCount is how often a rule decided lately, and how often people decided otherwise.
type RuleCount struct{ Fired, Overridden int }
