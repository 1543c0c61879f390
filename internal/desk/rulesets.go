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

// Rulebook is a desk's rules as its people see them.
type Rulebook struct {
	Published RulesetVersion
	Draft     *RuleDraft       // nil where nobody is changing them, or the reader may not
	Versions  []RulesetVersion // the newest ones, without their rules
	Hint      HintState        // what the learned hint goes by
}

// DraftMark names the state of a desk's rules or offer that a form was made from: the published version,
// and the draft, which begins anew from revision 1 and is told from an earlier one by its time.
type DraftMark struct {
	Version, Revision int
	Changed           int64 // Unix microseconds; 0 without a draft
}

// Mark tells this state of the rules from every other.
func (b Rulebook) Mark() DraftMark {
	if b.Draft == nil {
		return DraftMark{Version: b.Published.Version}
	}
	return DraftMark{b.Published.Version, b.Draft.Revision, b.Draft.UpdatedAt.UnixMicro()}
}

// Rules are the draft's, else the published ones.
func (b Rulebook) Rules() []rules.Rule {
	if b.Draft != nil {
		return b.Draft.Rules
	}
	return b.Published.Rules
}

// Says tells that the rules say already what a draft does.
func (b Rulebook) Says(d RuleDraft) bool {
	silent := b.Published.NoHint
	if b.Draft != nil {
		silent = b.Draft.NoHint
	}
	return silent == d.NoHint && rules.Changes(rules.Compare(b.Rules(), d.Rules)) == 0
}

// Changes compares the draft with what is published, rule by rule.
func (b Rulebook) Changes() []rules.Change { return rules.Compare(b.Published.Rules, b.Rules()) }

// Stale tells a draft that began as another version than the one published now.
func (b Rulebook) Stale() bool { return b.Draft != nil && b.Draft.BasedOn != b.Published.Version }

// HintChanges tells a draft that switches the learned hint on or off.
func (b Rulebook) HintChanges() bool { return b.Draft != nil && b.Draft.NoHint != b.Published.NoHint }

// CountChanges is how much of the published rules the draft changes.
func (b Rulebook) CountChanges() int {
	n := rules.Changes(b.Changes())
	if b.HintChanges() {
		n++
	}
	return n
}

// Publish makes the draft the next version. Errors: Invalid on "note"; InvalidRules.
func (b Rulebook) Publish(note string, who ID) (RulesetVersion, error) {
	if err := b.Draft.Check(); err != nil {
		return RulesetVersion{}, err
	}
	return b.next(RulesetVersion{NoHint: b.Draft.NoHint, Rules: b.Draft.Rules}, note, who)
}

// Bring makes an earlier version's rules the next version. Errors: Invalid on
// "note"; InvalidRules when they speak of what no longer exists.
func (b Rulebook) Bring(v RulesetVersion, note string, who ID) (RulesetVersion, error) {
	if err := v.Draft().Check(); err != nil {
		return RulesetVersion{}, err
	}
	return b.next(RulesetVersion{NoHint: v.NoHint, Rules: v.Rules, RestoredFrom: v.Version}, note, who)
}

func (b Rulebook) next(v RulesetVersion, note string, who ID) (RulesetVersion, error) {
	v.Version, v.Note, v.PersonID = b.Published.Version+1, cleanText(note), who
	var p Problems
	p.Text("note", v.Note, 1, MaxVersionNote)
	return v, p.Err()
}

// RuleCount is how often a rule decided lately, and how often people decided otherwise.
type RuleCount struct{ Fired, Overridden int }
