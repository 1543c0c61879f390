package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var declared = []Fact{{Name: "down", Type: Bool}, {Name: "alone", Type: Bool}, {Name: "similar", Type: Int}, {Name: "service", Type: Text}, {Name: "ids", Type: List}}

var words = Vocabulary{Facts: declared}

func facts(down, alone bool, similar int64, service string, ids ...string) map[string]any {
	return map[string]any{"down": down, "alone": alone, "similar": similar, "service": service, "ids": ids}
}

func ruleset(when ...string) Ruleset {
	rs := Ruleset{Version: 7}
	for i, w := range when {
		rs.Rules = append(rs.Rules, Rule{Key: string(rune('a' + i)), Name: map[string]string{"en": "Rule " + string(rune('a'+i))}, When: w, Outcome: Partner, Category: HowTo})
	}
	return rs
}

func compiledFrom(t testing.TB, when ...string) *Program {
	t.Helper()
	p, err := Compile(ruleset(when...), words)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheFirstRuleThatHoldsDecides(t *testing.T) {
	t.Parallel()
	p, given := compiledFrom(t, "alone", "down", "true"), facts(true, false, 0, "")
	if d := p.Decide(given); d.Rule != "b" || d.Ruleset != 7 {
		t.Errorf("rule %s of ruleset %d, want b of 7", d.Rule, d.Ruleset)
	}
	var got []string
	for _, s := range p.Explain(given) {
		got = append(got, fmt.Sprintln(s.Rule, s.Result == Held, s.Decided))
	}
	if want := []string{"a false false\n", "b true true\n", "c true false\n"}; !slices.Equal(got, want) {
		t.Errorf("explained as %q, want %q", got, want)
	}
}

func TestWithoutARuleThatHoldsMoreIsAsked(t *testing.T) {
	t.Parallel()
	d := compiledFrom(t, "alone").Decide(facts(true, false, 0, ""))
	if d.Outcome != NeedsInfo || d.Rule != "" {
		t.Errorf("%s by %q, want %s by no rule", d.Outcome, d.Rule, NeedsInfo)
	}
}

func TestEveryPartIsExplainedWithTheValuesItMet(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, `down && (alone || similar > 3) && service.startsWith("Azure")`)
	whole := p.Explain(facts(true, false, 2, "Teams"))[0].Whole
	if !whole.All || whole.Result != NotHeld || len(whole.Parts) != 3 {
		t.Fatalf("%+v, want an and of three that did not hold", whole)
	}
	choice := whole.Parts[1]
	if choice.All || choice.Result != NotHeld || len(choice.Parts) != 2 {
		t.Errorf("%+v, want an or of two that did not hold", choice)
	}
	more := choice.Parts[1]
	if want := []Reading{{"similar", int64(2)}}; more.Text != "similar > 3" || more.Row.Op != OpMore || !reflect.DeepEqual(more.Facts, want) || more.Result != NotHeld {
		t.Errorf("%+v, want similar > 3 not held with %v", more, want)
	}
	if last := whole.Parts[2]; last.Facts[0].Value != "Teams" {
		t.Errorf("%+v read another service than Teams", last)
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
	p, given := compiledFrom(t, "similar / (similar - similar) > 0", "down"), facts(true, false, 2, "")
	if d, first := p.Decide(given), p.Explain(given)[0]; d.Rule != "b" || first.Result != Failed || !strings.Contains(first.Whole.Error, "zero") {
		t.Errorf("rule %q after %+v, want b after a division by zero", d.Rule, first)
	}
}

func TestAnErrorGivesWayToADecidingNeighbour(t *testing.T) {
	t.Parallel()
	const broken = "1 / (similar - similar) > 0"
	for when, want := range map[string]Verdict{
		broken + " || down": Held, "down || " + broken: Held, broken + " && alone": NotHeld, "alone && " + broken: NotHeld, broken + " && down": Failed,
	} {
		if got := compiledFrom(t, when).Explain(facts(true, false, 2, ""))[0].Result; got != want {
			t.Errorf("%s: %v, want %v", when, got, want)
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
		"down &&":                {Kind: Syntax, Line: 1, Column: 8},
		"down\n&& unknown":       {Kind: UnknownFact, Line: 2, Column: 4, Detail: "unknown"},
		"down && servise==''":    {Kind: UnknownFact, Line: 1, Column: 9, Detail: "servise", Near: "service"},
		"down && shout(service)": {Kind: UnknownFunction, Line: 1, Column: 9, Detail: "shout"},
		"similar":                {Kind: NotBool, Line: 1, Column: 1, Detail: "int"},
		"similar == true":        {Kind: WrongType, Line: 1, Column: 9, Detail: "_==_ (int, bool)"},
		"":                       {Kind: Empty},
		"  \n ":                  {Kind: Empty},
		strings.Repeat("down || ", 900) + "alone":                 {Kind: TooLong, Detail: "4096"},
		strings.Repeat("down || ", 300) + "alone":                 {Kind: TooComplex},
		`ids.exists(a, ids.exists(b, ids.exists(c, a + b == c)))`: {Kind: TooCostly},
	} {
		_, err := Compile(ruleset(when), words)
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%.60q: %v, want an Error", when, err)
			continue
		}
		if want.Kind == TooComplex {
			got.Line, got.Column, got.Detail = 0, 0, ""
		}
		if want.Kind == Syntax {
			got.Detail = "" // in CEL's own words
		}
		want.Rule, want.Field = "a", "when"
		if *got != want {
			t.Errorf("%.60q: %+v, want %+v", when, *got, want)
		}
	}
}

func TestCompileRefusesAWrongRule(t *testing.T) {
	t.Parallel()
	good := Rule{Key: "a", Name: map[string]string{"en": "One"}, When: "true", Outcome: Partner, Category: HowTo}
	other := good
	other.Key = "b"
	change := func(f func(*Rule)) []Rule {
		r := good
		r.Name = map[string]string{"en": "One"}
		f(&r)
		return []Rule{r}
	}
	for kind, list := range map[Kind][]Rule{
		KeyMissing:      change(func(r *Rule) { r.Key = "Not A Key" }),
		KeyTwice:        {good, {Key: "a", Name: map[string]string{"en": "Two"}, When: "true", Outcome: Partner, Category: HowTo}},
		NameTwice:       {good, other},
		NameMissing:     change(func(r *Rule) { r.Name = map[string]string{"en": " "} }),
		UnknownOutcome:  change(func(r *Rule) { r.Outcome = "MAYBE" }),
		WrongCategory:   change(func(r *Rule) { r.Category = Bug }),
		WrongEffect:     change(func(r *Rule) { r.Effects.Priority = 5 }),
		WrongTag:        change(func(r *Rule) { r.Effects.Tags = []string{"a, b"} }),
		NoQuestion:      change(func(r *Rule) { r.Outcome, r.Category = NeedsInfo, Unclear }),
		UnknownInText:   change(func(r *Rule) { r.Because = map[string]string{"en": "since {nothing}"} }),
		TextTooLong:     change(func(r *Rule) { r.Name["fr"] = strings.Repeat("é", 81) }),
		UnknownQuestion: change(func(r *Rule) { r.Questions = []Question{{}} }),
	} {
		faults := Faults(second(Compile(Ruleset{Rules: list}, words)))
		if len(faults) != 1 || faults[0].Kind != kind {
			t.Errorf("%s: %v", kind, faults)
		}
	}
	if _, err := Compile(Ruleset{Rules: make([]Rule, MaxRules+1)}, words); Faults(err)[0].Kind != TooLarge {
		t.Errorf("too many rules: %v", err)
	}
}

func second[A, B any](_ A, b B) B { return b }

func TestEveryFaultIsReported(t *testing.T) {
	t.Parallel()
	_, err := Compile(ruleset("zzz", "down", "yyy"), words)
	if err == nil || !strings.Contains(err.Error(), "zzz") || !strings.Contains(err.Error(), "yyy") {
		t.Errorf("%v, want both faults", err)
	}
}

func TestEvaluationIsCutShort(t *testing.T) {
	t.Parallel()
	p := compiledFrom(t, `ids.exists(a, a == "z" || a == "y")`, "true")
	given := facts(false, false, 0, "", make([]string, 20_000)...)
	if d, first := p.Decide(given), p.Explain(given)[0]; first.Result != Failed || d.Rule != "b" {
		t.Errorf("a condition over a list far larger than declared was evaluated to its end: %+v", first)
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
		fired := ""
		for _, step := range p.Explain(given) {
			if step.Decided {
				fired += step.Rule
			}
		}
		if fired != d.Rule {
			t.Fatalf("decided by %q, explained as %q", d.Rule, fired)
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
	f.Add("!(down || alone) && 'EX1' in ids && size(ids) > 0")
	f.Add("down && (alone ? similar > 3 : ids.exists(i, i.matches('^E')))")
	f.Fuzz(func(t *testing.T, when string) {
		p, err := Compile(ruleset(when), words)
		if err != nil {
			return
		}
		given := facts(true, false, 3, "Teams", "EX1")
		if d, steps := p.Decide(given), p.Explain(given); len(steps) != 1 || steps[0].Decided != (d.Rule != "") {
			t.Fatalf("%q: decided by %q, explained as %+v", when, d.Rule, steps)
		}
	})
}
