package desk_test

import (
	"testing"

	"pgregory.net/rapid"

	"guichet/internal/desk"
)

// Of many changes those are kept that a reader looks for, each with its room.
func TestKeptChangesHaveRoomForEachEffect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all desk.TrialChanges
		given := map[desk.TrialEffect]int{}
		for _, e := range desk.TrialEffects {
			given[e] = rapid.IntRange(0, 1500).Draw(t, string(e))
			for i := range given[e] {
				all.Add(desk.TrialChange{Number: int64(i), Effect: e})
			}
		}
		kept := map[desk.TrialEffect]int{}
		list := all.Kept()
		for _, c := range list {
			kept[c.Effect]++
		}
		total := given[desk.EffectWorse] + given[desk.EffectBetter] + given[desk.EffectNeither] + given[desk.EffectUnjudged]
		switch {
		case len(list) != min(total, desk.MaxTrialChanges):
			t.Fatalf("%d of %d are kept", len(list), total)
		case kept[desk.EffectWorse] < min(given[desk.EffectWorse], desk.MaxTrialChanges/2):
			t.Fatalf("%d of %d worse", kept[desk.EffectWorse], given[desk.EffectWorse])
		case kept[desk.EffectBetter] < min(given[desk.EffectBetter], desk.MaxTrialChanges/4):
			t.Fatalf("%d of %d better", kept[desk.EffectBetter], given[desk.EffectBetter])
		}
	})
}

func TestARuleIsDoubtfulWhereManyDecideOtherwise(t *testing.T) {
	t.Parallel()
	for c, want := range map[desk.RuleCount]bool{{Fired: 41, Overridden: 9}: true, {Fired: 25, Overridden: 5}: true, {Fired: 4, Overridden: 4}: false,
		{Fired: 41, Overridden: 6}: false, {Fired: 0, Overridden: 5}: true, {}: false} {
		if c.Doubtful() != want {
			t.Errorf("%+v", c)
		}
	}
}
