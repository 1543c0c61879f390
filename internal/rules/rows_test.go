package rules

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestAConditionReadsAsRows(t *testing.T) {
	t.Parallel()
	row := func(fact string, op Op, values ...string) Row { return Row{Fact: fact, Op: op, Values: values} }
	for when, want := range map[string]Condition{
		`down`:                            {Groups: []Group{{JoinAll, []Row{row("down", OpIs)}}}},
		`down && !alone`:                  {Groups: []Group{{JoinAll, []Row{row("down", OpIs), row("alone", OpIsNot)}}}},
		`down || similar >= 3`:            {Any: true, Groups: []Group{{JoinAny, []Row{row("down", OpIs), row("similar", OpAtLeast, "3")}}}},
		`!(similar < 3) && !("x" in ids)`: {Groups: []Group{{JoinAll, []Row{row("similar", OpAtLeast, "3"), row("ids", OpHasNot, "x")}}}},
		`down && (alone || service == "A") && similar != 2`: {Groups: []Group{{JoinAll, []Row{row("down", OpIs)}},
			{JoinAny, []Row{row("alone", OpIs), row("service", OpIs, "A")}}, {JoinAll, []Row{row("similar", OpIsNot, "2")}}}},
		`!(down || alone) && service in ["A", "B"]`: {Groups: []Group{{JoinNone, []Row{row("down", OpIs), row("alone", OpIs)}}, {JoinAll, []Row{row("service", OpOneOf, "A", "B")}}}},
		`service == "" || size(ids) > 0 && service.contains("zu")`: {Any: true, Groups: []Group{{JoinAny, []Row{row("service", OpEmpty)}},
			{JoinAll, []Row{row("ids", OpNotEmpty), row("service", OpContains, "zu")}}}},
		`down && ids.exists(i, i == "x")`:                  {Groups: []Group{{JoinAll, []Row{row("down", OpIs), {CEL: `ids.exists(i, i == "x")`}}}}},
		`down && (alone || service == "A" && similar > 1)`: {Groups: []Group{{JoinAll, []Row{row("down", OpIs), {CEL: `alone || service == "A" && similar > 1`}}}}},
	} {
		got, err := Rows(when, declared)
		if err != nil {
			t.Errorf("%s: %v", when, err)
		}
		for _, g := range got.Groups {
			for n := range g.Rows {
				g.Rows[n].kind, g.Rows[n].number = "", 0
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\n reads as %+v\n not as   %+v", when, got, want)
		}
		again, err := Rows(got.CEL(declared), declared)
		if err != nil || again.CEL(declared) != got.CEL(declared) {
			t.Errorf("%s becomes %s and then %s (%v)", when, got.CEL(declared), again.CEL(declared), err)
		}
	}
}

// conditions draws conditions of every shape that CEL can give the facts.
func conditions() *rapid.Generator[string] {
	text := rapid.SampledFrom([]string{`""`, `"Teams"`, `"a\"b\\c"`, `"é\n"`})
	atom := rapid.OneOf(
		rapid.SampledFrom([]string{"down", "alone", "true", "!down", `service.contains("ea")`, `service.startsWith("T")`, `service.matches("^T.*s$")`,
			"size(ids) == 0", "ids.size() > 0", "similar + 1 > 3", `ids.exists(i, i == "EX1")`, "1 / similar > 0"}),
		rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("similar %s %d", rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(t, "sign"), rapid.IntRange(-2, 6).Draw(t, "n"))
		}),
		rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("service %s %s", rapid.SampledFrom([]string{"==", "!="}).Draw(t, "sign"), text.Draw(t, "text"))
		}),
		rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("service in [%s, %s]", text.Draw(t, "a"), text.Draw(t, "b"))
		}),
		rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("%s in ids", text.Draw(t, "text")) }),
	)
	var tree func(depth int) *rapid.Generator[string]
	tree = func(depth int) *rapid.Generator[string] {
		if depth == 0 {
			return atom
		}
		return rapid.OneOf(atom,
			rapid.Custom(func(t *rapid.T) string { return "!(" + tree(depth-1).Draw(t, "not") + ")" }),
			rapid.Custom(func(t *rapid.T) string {
				return "(" + tree(depth-1).Draw(t, "left") + rapid.SampledFrom([]string{" && ", " || "}).Draw(t, "sign") + tree(depth-1).Draw(t, "right") + ")"
			}))
	}
	return tree(4)
}

func drawn(t *rapid.T) map[string]any {
	return facts(rapid.Bool().Draw(t, "down"), rapid.Bool().Draw(t, "alone"), rapid.Int64Range(-2, 6).Draw(t, "similar"),
		rapid.SampledFrom([]string{"", "Teams", "a\"b\\c", "é\n", "Tea"}).Draw(t, "service"), rapid.SliceOfN(rapid.SampledFrom([]string{"", "EX1", "Teams"}), 0, 3).Draw(t, "ids")...)
}

func TestRowsSayWhatTheConditionSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		when := conditions().Draw(t, "when")
		rows, err := Rows(when, declared)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		p, err := Compile(ruleset(when, rows.CEL(declared)), words)
		if err != nil {
			t.Fatalf("%s became %s: %v", when, rows.CEL(declared), err)
		}
		steps := p.Explain(drawn(t))
		if steps[0].Result != steps[1].Result {
			t.Fatalf("%s: %v, as rows %s: %v", when, steps[0].Result, rows.CEL(declared), steps[1].Result)
		}
	})
}

// What Go compares itself must come out as CEL has it.
func TestPlainPartsAnswerAsCELDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		when, given := conditions().Draw(t, "when"), drawn(t)
		quick, err := Compile(ruleset(when), words)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := Compile(ruleset(when), words)
		if err != nil {
			t.Fatal(err)
		}
		for i := range slow.atoms {
			slow.atoms[i].plain = nil
		}
		if got, want := quick.Explain(given)[0].Result, slow.Explain(given)[0].Result; got != want {
			t.Fatalf("%s of %v: %v, by CEL %v", when, given, got, want)
		}
	})
}

// A fact that a ruleset does not speak of changes nothing, and neither does a rule behind the one that decides.
func TestOnlyWhatIsAskedMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first, later := conditions().Draw(t, "first"), conditions().Draw(t, "later")
		p, err := Compile(ruleset("down && ("+first+")", "true", later), words)
		if err != nil {
			t.Fatal(err)
		}
		shorter, err := Compile(ruleset("down && ("+first+")", "true"), words)
		if err != nil {
			t.Fatal(err)
		}
		given := drawn(t)
		d := p.Decide(given)
		given["unheard_of"] = "whatever"
		if !reflect.DeepEqual(d, p.Decide(given)) || !reflect.DeepEqual(d, shorter.Decide(given)) {
			t.Fatalf("%+v depends on what decides nothing", d)
		}
	})
}

func FuzzRows(f *testing.F) {
	for _, r := range Default().Rules {
		f.Add(r.When)
	}
	f.Fuzz(func(t *testing.T, when string) {
		facts := append([]Fact{{Name: "kind", Type: Text}, {Name: "said_threat", Type: Bool}}, declared...)
		rows, err := Rows(when, facts)
		if err != nil {
			return
		}
		if _, err := Rows(rows.CEL(facts), facts); err != nil {
			t.Fatalf("%q became %q, which is refused: %v", when, rows.CEL(facts), err)
		}
	})
}
