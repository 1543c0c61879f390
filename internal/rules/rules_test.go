package rules

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var declared = []Fact{{"down", Bool}, {"alone", Bool}, {"similar", Int}, {"service", Text}, {"ids", List}}

func facts(down, alone bool, similar int64, service string, ids ...string) map[string]any {
	return map[string]any{"down": down, "alone": alone, "similar": similar, "service": service, "ids": ids}
}

func ruleset(when ...string) Ruleset {
	rs := Ruleset{Version: 7}
	for i, w := range when {
		rs.Rules = append(rs.Rules, Rule{Key: string(rune('a' + i)), When: w, Outcome: Partner, Category: HowTo})
	}
	return rs
}

func compiledFrom(t testing.TB, when ...string) *Program {
	t.Helper()
	p, err := Compile(ruleset(when...), declared)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheFirstRuleThatHoldsDecides(t *testing.T) {
	t.Parallel()
	d := compiledFrom(t, "alone", "down", "true").Decide(facts(true, false, 0, ""))
	if d.Rule != "b" || d.Ruleset != 7 || len(d.Trace) != 2 {
		t.Errorf("rule %s of ruleset %d after %d steps, want b of 7 after 2", d.Rule, d.Ruleset, len(d.Trace))
	}
}

func TestWithoutARuleThatHoldsMoreIsAsked(t *testing.T) {
	t.Parallel()
	d := compiledFrom(t, "alone").Decide(facts(true, false, 0, ""))
	if d.Outcome != NeedsInfo || d.Rule != "" {
		t.Errorf("%s by %q, want %s by no rule", d.Outcome, d.Rule, NeedsInfo)
	}
}

func TestTraceNamesAllThatWasMissing(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, `down && (alone || similar > 3) && service.startsWith("Azure")`)
	d := p.Decide(facts(true, false, 2, "Teams"))
	want := []Atom{{"alone", []string{"alone"}}, {"similar > 3", []string{"similar"}}, {`service.startsWith("Azure")`, []string{"service"}}}
	if got := d.Trace[0].Failed; !reflect.DeepEqual(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
}

func TestReasonsAreTheFactsThatHeld(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, `!alone && (similar >= 5 || "EX1" in ids) && service != ""`)
	got := p.Decide(facts(false, false, 2, "Teams", "EX1", "EX2")).Because
	want := []Reason{{Fact: "ids", Value: "EX1, EX2"}, {Fact: "service", Value: "Teams"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("because %v, want %v", got, want)
	}
}

func TestARuleThatFailsDoesNotFire(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, "similar / (similar - similar) > 0", "down")
	d := p.Decide(facts(true, false, 2, ""))
	if d.Rule != "b" || d.Trace[0].Fired || !strings.Contains(d.Trace[0].Error, "zero") {
		t.Errorf("rule %q after %+v, want b after a division by zero", d.Rule, d.Trace[0])
	}
}

func TestAnErrorGivesWayToADecidingNeighbour(t *testing.T) {
	t.Parallel()
	const broken = "1 / (similar - similar) > 0"
	for when, fires := range map[string]bool{
		broken + " || down": true, "down || " + broken: true, broken + " && alone": false, "alone && " + broken: false, broken + " && down": false,
	} {
		d := compiledFrom(t, when).Decide(facts(true, false, 2, ""))
		if d.Trace[0].Fired != fires {
			t.Errorf("%s: fired %t, want %t", when, d.Trace[0].Fired, fires)
		}
	}
}

func TestMissingFactsDoNotPanic(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, "down", `ids.exists(i, i == "EX1")`, "true")
	for _, given := range []map[string]any{nil, {}, {"down": "yes", "ids": 3}} {
		if d := p.Decide(given); d.Rule != "c" {
			t.Errorf("%v: rule %q, want c", given, d.Rule)
		}
	}
}

func TestCompileSaysWhereItHurts(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]Error{
		"down &&":          {Rule: "a", Line: 1, Column: 8},
		"down\n&& unknown": {Rule: "a", Line: 2, Column: 4, Message: "undeclared reference to 'unknown'"},
		"similar":          {Rule: "a", Line: 1, Column: 1, Message: "the condition is of type int, not bool"},
		"similar == true":  {Rule: "a", Line: 1, Column: 9},
		strings.Repeat("down || ", 900) + "alone":                 {Rule: "a", Message: "the condition is too long"},
		`ids.exists(a, ids.exists(b, ids.exists(c, a + b == c)))`: {Rule: "a", Message: "the condition could take too long to evaluate"},
	} {
		_, err := Compile(ruleset(when), declared)
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%.60q: %v, want an Error", when, err)
			continue
		}
		if got.Rule != want.Rule || got.Line != want.Line || got.Column != want.Column || !strings.Contains(got.Message, want.Message) {
			t.Errorf("%.60q: %+v, want %+v", when, *got, want)
		}
	}
}

func TestCompileRefusesAWrongRule(t *testing.T) {
	t.Parallel()
	good := Rule{Key: "a", When: "true", Outcome: Partner, Category: HowTo}
	change := func(f func(*Rule)) []Rule { r := good; f(&r); return []Rule{r} }
	for name, list := range map[string][]Rule{
		"no key":                    change(func(r *Rule) { r.Key = "" }),
		"a key twice":               {good, good},
		"an unknown outcome":        change(func(r *Rule) { r.Outcome = "MAYBE" }),
		"a category of the others":  change(func(r *Rule) { r.Category = Bug }),
		"no condition":              change(func(r *Rule) { r.When = "" }),
		"a condition about nothing": change(func(r *Rule) { r.When = "   " }),
	} {
		if _, err := Compile(Ruleset{Rules: list}, declared); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestEveryFaultIsReported(t *testing.T) {
	t.Parallel()
	_, err := Compile(ruleset("zzz", "down", "yyy"), declared)
	if err == nil || !strings.Contains(err.Error(), "zzz") || !strings.Contains(err.Error(), "yyy") {
		t.Errorf("%v, want both faults", err)
	}
}

func TestEvaluationIsCutShort(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, `ids.exists(a, a == "z" || a == "y")`, "true")
	huge := make([]string, 20_000)
	if d := p.Decide(facts(false, false, 0, "", huge...)); d.Trace[0].Error == "" || d.Rule != "b" {
		t.Errorf("a condition over a list far larger than declared was evaluated to its end: %+v", d.Trace[0])
	}
}

func TestDecideIsDeterministic(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, "down && similar > 3", `service in ["Teams", "Power BI"] && !alone`, "ids.size() > 1 || alone", "1 / similar > 0")
	rapid.Check(t, func(t *rapid.T) {
		given := facts(rapid.Bool().Draw(t, "down"), rapid.Bool().Draw(t, "alone"), rapid.Int64().Draw(t, "similar"),
			rapid.SampledFrom([]string{"", "Teams"}).Draw(t, "service"), rapid.SliceOf(rapid.String()).Draw(t, "ids")...)
		d := p.Decide(given)
		if !reflect.DeepEqual(d, p.Decide(given)) {
			t.Fatal("the same facts gave two decisions")
		}
		for i, step := range d.Trace {
			if step.Fired != (i == len(d.Trace)-1 && d.Rule != "") {
				t.Fatalf("step %d of %d fired: %t, rule %q", i, len(d.Trace), step.Fired, d.Rule)
			}
			if !step.Fired && len(step.Failed) == 0 {
				t.Fatalf("nothing says why %s did not fire", step.Rule)
			}
		}
	})
}

func TestParseRefusesWhatIsNoRuleset(t *testing.T) {
	t.Parallel()
	if _, err := Parse([]byte(`{"rules": "none"}`)); err == nil {
		t.Error("a text was read as a list of rules")
	}
	if rs := Default(); rs.Version != 1 || len(rs.Rules) < 20 {
		t.Errorf("the shipped ruleset is version %d with %d rules", rs.Version, len(rs.Rules))
	}
}

func FuzzCompile(f *testing.F) {
	for _, r := range Default().Rules {
		f.Add(r.When)
	}
	f.Add("down && (alone ? similar > 3 : ids.exists(i, i.matches('^E')))")
	f.Fuzz(func(t *testing.T, when string) {
		p, err := Compile(ruleset(when), declared)
		if err != nil {
			return
		}
		d := p.Decide(facts(true, false, 3, "Teams", "EX1"))
		if len(d.Trace) != 1 {
			t.Fatalf("%q: %d steps", when, len(d.Trace))
		}
	})
}
