package desk

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/internal/rules"
)

func TestCorrectionsHaveTheTypeOfTheirFact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact, typed string
		want        any
	}{
		{"affected", "one_user", "one_user"}, {"similar", " 12 ", int64(12)}, {"said_outage", "false", false}, {"said_outage", "true", true},
		{"ids", " EX1 ,, EX2, EX1", []string{"EX1", "EX2"}}, {"ids", "", []string{}}, {"region", "  west   europe ", "west europe"}, {"region", "", ""},
		{"affected", "half", nil}, {"similar", "-1", nil}, {"similar", "1.5", nil}, {"similar", "99999999999999999999", nil}, {"said_outage", "", nil},
		{"region", strings.Repeat("x", MaxFactText+1), nil}, {"ids", strings.Repeat("x,y", 9) + strings.Repeat("z", 9_000), nil}, {"region", "\x00", nil},
	} {
		got, err := NewCorrection(Ticket{}, NewID(), c.fact, c.typed, noon)
		var invalid Invalid
		if c.want == nil {
			if !errors.As(err, &invalid) || invalid.Problems[0].Field != "value" {
				t.Errorf("%s as %q is %v", c.fact, c.typed, err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got.Fact.Value, c.want) {
			t.Errorf("%s as %q is %#v (%v)", c.fact, c.typed, got.Fact.Value, err)
		}
	}
	for _, fact := range []string{"", "subject", "text", "words", "hint_bug", "hint_partner", "likely_partner", "nothing"} {
		_, err := NewCorrection(Ticket{}, NewID(), fact, "1", noon)
		_, back := TakeBack(Ticket{}, NewID(), fact, noon)
		if err == nil || back == nil {
			t.Errorf("%q can be corrected", fact)
		}
	}
}

// Whatever is accepted is what triage takes: a value of the type that conditions
// know, of a fact that exists.
func TestEveryCorrectableFactCanBeSetRight(t *testing.T) {
	t.Parallel()
	facts := CorrectableFacts()
	rapid.Check(t, func(r *rapid.T) {
		f := rapid.SampledFrom(facts).Draw(r, "fact")
		typed := rapid.OneOf(rapid.String(), rapid.SampledFrom(append([]string{"true", "false", "0", "7", "a, b", ""}, f.Values...))).Draw(r, "typed")
		c, err := NewCorrection(Ticket{}, NewID(), f.Name, typed, noon)
		if err != nil {
			return
		}
		v := Verdict{Facts: []Known{c.Fact}}
		if got := v.Map("", "")[f.Name]; !reflect.DeepEqual(got, c.Fact.Value) {
			r.Fatalf("%s is %#v for the rules, not %#v", f.Name, got, c.Fact.Value)
		}
	})
}

func TestSetRightLeavesOutWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	got := SetRight([]Correction{{Fact: Known{Name: "similar", Value: int64(0)}}, {Fact: Known{Name: "ids"}}})
	if len(got) != 1 || got["similar"] != int64(0) {
		t.Errorf("%v", got)
	}
}

func TestEffectsAreTakenAndUndone(t *testing.T) {
	t.Parallel()
	e := rules.Effects{Priority: 1, Tags: []string{"wide", "net"}, Team: "Crisis"}
	k := Ticket{Impact: Minor, Affected: "one_user", Priority: 4, Tags: []string{"vip"}}
	if got := k.TakeEffects(rules.Effects{}, e, false); k.Priority != 1 || tagsOf(k) != "vip wide net" || k.Team != "Crisis" ||
		!reflect.DeepEqual(got, map[string]string{"priority": "1", "tags": "vip, wide, net", "team": "Crisis"}) {
		t.Errorf("%+v, told as %v", k, got)
	}
	if again := k.TakeEffects(e, e, false); again != nil || tagsOf(k) != "vip wide net" {
		t.Errorf("once more: %v, %v", again, k.Tags)
	}
	by := k
	if by.TakeEffects(e, rules.Effects{}, false); by.Priority != 4 || tagsOf(by) != "vip" || by.Team != "" {
		t.Errorf("undone: %+v", by)
	}
	hand := k
	hand.Priority, hand.Team = 2, "Network"
	if hand.TakeEffects(e, rules.Effects{Priority: 3, Team: "Other"}, true); hand.Priority != 2 || hand.Team != "Network" {
		t.Errorf("what a person did is gone: %+v", hand)
	}
}

func tagsOf(k Ticket) string { return strings.Join(k.Tags, " ") }

func TestSortingTakesTagsAndTeam(t *testing.T) {
	t.Parallel()
	var k Ticket
	changed, err := k.Sort(" vip,, réseau ,vip", "  Équipe   réseau ")
	if !changed || err != nil || tagsOf(k) != "vip réseau" || k.Team != "Équipe réseau" {
		t.Errorf("%v %q %q (%v)", changed, k.Tags, k.Team, err)
	}
	if changed, err := k.Sort("vip, réseau", "Équipe réseau"); changed || err != nil {
		t.Errorf("the same again: %v, %v", changed, err)
	}
	before := k
	for field, form := range map[string][2]string{"tags": {strings.Repeat("t", MaxTag+1), ""}, "team": {"", strings.Repeat("é", MaxTag+1)}} {
		_, err := k.Sort(form[0], form[1])
		var invalid Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != field || !reflect.DeepEqual(k, before) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := k.Sort("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", ""); err == nil {
		t.Error("seventeen tags")
	}
}
