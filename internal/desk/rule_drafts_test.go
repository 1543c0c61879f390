package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/internal/rules"
)

func draftOf(keys ...string) RuleDraft {
	d := RuleDraft{BasedOn: 1, Revision: 1}
	for _, k := range keys {
		d.Rules = append(d.Rules, ruleNamed(k, k))
	}
	return d
}

func ruleNamed(key, name string) rules.Rule {
	return rules.Rule{Key: key, Name: map[string]string{"en": name}, When: "similar > 0", Outcome: Partner, Category: HowTo}
}

func order(d RuleDraft) string {
	var keys []string
	for _, r := range d.Rules {
		keys = append(keys, r.Key)
	}
	return strings.Join(keys, " ")
}

func TestRulesMoveWithinTheDraft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  string
		rank int
		want string
	}{{"a", 3, "b c a"}, {"c", 1, "c a b"}, {"b", 2, "a b c"}, {"b", -7, "b a c"}, {"b", 99, "a c b"}} {
		d := draftOf("a", "b", "c")
		before := slices.Clone(d.Rules)
		if err := d.Move(c.key, c.rank); err != nil || order(d) != c.want {
			t.Errorf("%s to %d: %s (%v), want %s", c.key, c.rank, order(d), err, c.want)
		}
		if before[0].Key != "a" || before[2].Key != "c" {
			t.Error("the rules it began with were changed")
		}
	}
	d := draftOf("a", "b")
	for key, by := range map[string]int{"a": -1, "b": 1} {
		if err := d.Shift(key, by); err != nil || order(d) != "a b" {
			t.Errorf("%s beyond the end: %s (%v)", key, order(d), err)
		}
	}
	if err := d.Move("x", 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("a rule that is not there: %v", err)
	}
}

func TestARemovedRuleComesBackToItsPlace(t *testing.T) {
	t.Parallel()
	published := draftOf("a", "b", "c", "d").Rules
	d := RulesetVersion{Version: 1, Rules: published}.Draft()
	for _, key := range []string{"b", "c"} {
		if err := d.Remove(key); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(d.Restore("c", published), d.Restore("b", published)); err != nil || order(d) != "a b c d" {
		t.Errorf("%s (%v)", order(d), err)
	}
	changed := d.Rules[0]
	changed.When = "similar > 5"
	if err := errors.Join(d.Put(changed), d.Restore("a", published)); err != nil || d.Rules[0].When != "similar > 0" {
		t.Errorf("an edited rule restored: %+v (%v)", d.Rules[0], err)
	}
	if err := d.Restore("x", published); !errors.Is(err, ErrNotFound) {
		t.Errorf("what was never published: %v", err)
	}
}

func TestANewRuleGetsAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	d := draftOf("a")
	for _, c := range []struct{ name, want string }{
		{"Écran noir : à l’été", "ecran_noir_a_l_ete"}, {"Écran noir à l'été !", "ecran_noir_a_l_ete_2"}, {"日本", "rule"}, {"2 étages", "etages"},
		{strings.Repeat("très ", 14) + "long", "tres_tres_tres_tres_tres_tres_tres_tres"},
	} {
		r := ruleNamed("", c.name)
		r.Name = map[string]string{"fr": c.name}
		key, err := d.Add(r, "a")
		if err != nil || key != c.want {
			t.Errorf("%q: key %q (%v), want %q", c.name, key, err, c.want)
		}
	}
	if d.Rules[0].Key != "a" || d.Rules[1].Key != "tres_tres_tres_tres_tres_tres_tres_tres" {
		t.Errorf("behind the one named, the last added first: %s", order(d))
	}
}

func TestAWrongRuleLeavesTheDraft(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change func(*rules.Rule)
		field  string
		kind   rules.Kind
	}{
		"a name that exists": {func(r *rules.Rule) { r.Name = map[string]string{"en": " B "} }, "name", rules.NameTwice},
		"no name":            {func(r *rules.Rule) { r.Name = map[string]string{"en": " "} }, "name", rules.NameMissing},
		"a long name":        {func(r *rules.Rule) { r.Name["en"] = strings.Repeat("é", rules.MaxName+1) }, "name", rules.TextTooLong},
		"a syntax error":     {func(r *rules.Rule) { r.When = "similar >" }, "when", rules.Syntax},
		"an unknown fact":    {func(r *rules.Rule) { r.When = "similr > 1" }, "when", rules.UnknownFact},
		"a wrong type":       {func(r *rules.Rule) { r.When = "similar == 'x'" }, "when", rules.WrongType},
		"no yes or no":       {func(r *rules.Rule) { r.When = "similar + 1" }, "when", rules.NotBool},
		"a megabyte":         {func(r *rules.Rule) { r.When = strings.Repeat("x", 1<<20) }, "when", rules.TooLong},
		"an endless loop": {func(r *rules.Rule) {
			r.When = "ids.all(a, ids.all(b, ids.all(c, ids.all(d, ids.all(e, a + b + c + d + e == text)))))"
		}, "when", rules.TooCostly},
		"an unknown outcome":    {func(r *rules.Rule) { r.Outcome = "GOOGLE" }, "outcome", rules.UnknownOutcome},
		"another's category":    {func(r *rules.Rule) { r.Category = rules.Bug }, "category", rules.WrongCategory},
		"an unknown {fact}":     {func(r *rules.Rule) { r.Because = map[string]string{"fr": "{nothing}"} }, "because", rules.UnknownInText},
		"a NUL byte":            {func(r *rules.Rule) { r.Effects.Team = "a\x00b" }, "effects", Unstorable},
		"bytes that are none":   {func(r *rules.Rule) { r.Name["fr"] = "\xff" }, "name", Unstorable},
		"no question":           {func(r *rules.Rule) { r.Outcome, r.Category = NeedsInfo, Unclear }, "questions", rules.NoQuestion},
		"a question of nowhere": {func(r *rules.Rule) { r.Questions = []rules.Question{{Key: "question.x"}} }, "questions", rules.UnknownQuestion},
	} {
		d := draftOf("a", "b")
		r := ruleNamed("a", "a")
		c.change(&r)
		err := d.Put(r)
		var wrong InvalidRules
		if !errors.As(err, &wrong) || wrong.Faults[0].Field != c.field || wrong.Faults[0].Kind != c.kind {
			t.Errorf("%s: %v, want %s of %s", what, err, c.kind, c.field)
		}
		if d.Rules[0].When != "similar > 0" || d.Rules[0].Name["en"] != "a" {
			t.Errorf("%s is in the draft", what)
		}
	}
}

func TestAFaultOfAnotherRuleWaits(t *testing.T) {
	t.Parallel()
	d := draftOf("a", "b")
	d.Rules[1].When = "gone_fact"
	r := ruleNamed("a", "A new name")
	if err := d.Put(r); err != nil {
		t.Errorf("editing beside a faulty rule: %v", err)
	}
	if err := d.Remove("b"); err != nil {
		t.Errorf("removing the faulty rule: %v", err)
	}
	d = draftOf("a", "b")
	d.Rules[1].When = "gone_fact"
	var wrong InvalidRules
	if err := d.Check(); !errors.As(err, &wrong) || wrong.Faults[0].Rule != "b" {
		t.Errorf("publishing it: %v", err)
	}
}

func TestAFileNamesTheLinesOfItsFaults(t *testing.T) {
	t.Parallel()
	good, err := rules.Format(draftOf("a", "b").Ruleset(1))
	if err != nil {
		t.Fatal(err)
	}
	d := draftOf("x")
	if err := d.Read(good); err != nil || order(d) != "a b" {
		t.Fatalf("%s (%v)", order(d), err)
	}
	lines := strings.Split(string(good), "\n")
	second := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, `"key": "b"`) })
	when := second + slices.IndexFunc(lines[second:], func(l string) bool { return strings.Contains(l, `"when"`) })
	lines[when] = strings.Replace(lines[when], "similar", "similr", 1)
	for what, file := range map[string]struct {
		text string
		line int
		kind rules.Kind
	}{
		"an unknown fact": {strings.Join(lines, "\n"), when + 1, rules.UnknownFact},
		"Windows lines":   {strings.Join(lines, "\r\n"), when + 1, rules.UnknownFact},
		"a bad line":      {strings.Replace(string(good), `"outcome": "PARTNER",`, `"outcome": 7,`, 1), 0, rules.Unreadable},
		"no file":         {"\x00\x01", 1, rules.Unreadable},
		"two megabytes":   {strings.Repeat(" ", 2<<20), 0, rules.TooLarge},
		"a key twice":     {strings.Replace(string(good), `"key": "b"`, `"key": "a"`, 1), second + 1, rules.KeyTwice},
		"an odd outcome":  {strings.Replace(string(good), "PARTNER", "GOOGLE", 1), 0, rules.UnknownOutcome},
	} {
		d := draftOf("x")
		var wrong InvalidRules
		err := d.Read([]byte(file.text))
		if !errors.As(err, &wrong) || wrong.Faults[0].Kind != file.kind || file.line > 0 && wrong.Faults[0].Line != file.line {
			t.Errorf("%s: %v, want %s on line %d", what, err, file.kind, file.line)
		}
		if order(d) != "x" {
			t.Errorf("%s changed the draft to %s", what, order(d))
		}
	}
}

func TestPublishingNumbersAndNotes(t *testing.T) {
	t.Parallel()
	d := draftOf("a")
	b := Rulebook{Published: RulesetVersion{Version: 4, Rules: draftOf("a", "b").Rules}, Draft: &d}
	who := NewID()
	v, err := b.Publish(" why \r\n", who)
	if err != nil || v.Version != 5 || v.Note != "why" || v.PersonID != who || len(v.Rules) != 1 || v.RestoredFrom != 0 {
		t.Errorf("%+v (%v)", v, err)
	}
	for _, note := range []string{"", " ", strings.Repeat("é", MaxVersionNote+1), "\x00"} {
		var wrong Invalid
		if _, err := b.Publish(note, who); !errors.As(err, &wrong) || wrong.Problems[0].Field != "note" {
			t.Errorf("note %.10q: %v", note, err)
		}
	}
	if v, err := b.Bring(RulesetVersion{Version: 2, Rules: draftOf("c").Rules}, "back", who); err != nil || v.Version != 5 || v.RestoredFrom != 2 || v.Rules[0].Key != "c" {
		t.Errorf("%+v (%v)", v, err)
	}
	if n := b.CountChanges(); n != 1 {
		t.Errorf("%d changes", n)
	}
	d.NoHint = true
	if n := b.CountChanges(); n != 2 || !b.HintChanges() {
		t.Errorf("%d changes with the hint", n)
	}
}

func TestKeysAreAlwaysGoodAndFree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := RuleDraft{}
		for range rapid.IntRange(1, 12).Draw(t, "rules") {
			name := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"a", "A", "à", strings.Repeat("a", 60)})).Draw(t, "name")
			key := freeKey(map[string]string{"fr": name}, d.Rules)
			if d.at(key) >= 0 || len(key) > maxKey || key == "" || key[0] < 'a' || key[0] > 'z' || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
				t.Fatalf("%q gave %q", name, key)
			}
			d.Rules = append(d.Rules, rules.Rule{Key: key})
		}
	})
}
