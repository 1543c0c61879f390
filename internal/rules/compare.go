package rules

import (
	"maps"
	"reflect"
	"slices"
)

// Difference is what became of one rule between two rulesets.
type Difference string

// The differences.
const (
	Same    Difference = "same"
	Added   Difference = "added"
	Removed Difference = "removed"
	Edited  Difference = "edited"
	Moved   Difference = "moved"
)

// Change is a rule in the newer ruleset, or one that it no longer has, beside what it was.
type Change struct {
	Difference Difference
	Rule       Rule // as it is now; as it was, for one removed
	Was        Rule // as it was; zero for one added
	Rank       int  // from 1, in the newer ruleset; 0 for one removed
	WasRank    int  // from 1, in the older; 0 for one added
	HasMoved   bool // against the rules around it; one that was edited may have moved as well
}

// Compare tells what changed from one ruleset to another, in the order of the newer. A rule
// that was removed stands where it used to. A rule has moved when it left the longest
// run of rules that kept their order, so one rule lifted to the top is one move.
func Compare(older, newer []Rule) []Change {
	was := ranks(older)
	var common []int
	for _, r := range newer {
		if rank, ok := was[r.Key]; ok {
			common = append(common, rank)
		}
	}
	stayed := map[int]bool{}
	for _, rank := range longestRise(common) {
		stayed[rank] = true
	}
	var changes []Change
	for i, r := range newer {
		c := Change{Difference: Added, Rule: r, Rank: i + 1}
		if rank, ok := was[r.Key]; ok {
			c.Difference, c.Was, c.WasRank, c.HasMoved = Same, older[rank-1], rank, !stayed[rank]
			switch {
			case !alike(c.Was, r):
				c.Difference = Edited
			case c.HasMoved:
				c.Difference = Moved
			}
		}
		changes = append(changes, c)
	}
	return withRemoved(changes, older, ranks(newer))
}

// Changes counts the rules that are not the same.
func Changes(list []Change) int {
	n := 0
	for _, c := range list {
		if c.Difference != Same {
			n++
		}
	}
	return n
}

// alike tells that two rules say the same, their places aside.
func alike(a, b Rule) bool {
	return a.Key == b.Key && a.When == b.When && a.Outcome == b.Outcome && a.Category == b.Category &&
		maps.Equal(a.Name, b.Name) && maps.Equal(a.Because, b.Because) &&
		(len(a.Questions) == 0 && len(b.Questions) == 0 || reflect.DeepEqual(a.Questions, b.Questions)) &&
		a.Effects.Priority == b.Effects.Priority && a.Effects.Team == b.Effects.Team && slices.Equal(a.Effects.Tags, b.Effects.Tags)
}

func ranks(rules []Rule) map[string]int {
	ranks := make(map[string]int, len(rules))
	for i, r := range rules {
		ranks[r.Key] = i + 1
	}
	return ranks
}

// withRemoved puts what the newer ruleset lacks behind the rule that stood before it.
func withRemoved(changes []Change, older []Rule, now map[string]int) []Change {
	for i, r := range older {
		if now[r.Key] > 0 {
			continue
		}
		at := 0
		if i > 0 {
			at = 1 + slices.IndexFunc(changes, func(c Change) bool { return c.Rule.Key == older[i-1].Key })
		}
		changes = slices.Insert(changes, at, Change{Difference: Removed, Rule: r, Was: r, WasRank: i + 1})
	}
	return changes
}

// longestRise is the longest rising subsequence of distinct numbers.
func longestRise(list []int) []int {
	best := make([][]int, len(list))
	var longest []int
	for i, n := range list {
		for j := range i {
			if list[j] < n && len(best[j]) > len(best[i]) {
				best[i] = best[j]
			}
		}
		best[i] = append(slices.Clone(best[i]), n)
		if len(best[i]) > len(longest) {
			longest = best[i]
		}
	}
	return longest
}
