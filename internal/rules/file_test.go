package rules

import (
	"reflect"
	"strings"
	"testing"
)

func TestARulesetSurvivesItsFile(t *testing.T) {
	t.Parallel()
	rs := Default()
	rs.NoHint = true
	rs.Rules[0].Because = map[string]string{"fr": "Touché : {similar} <client> & d’autres"}
	rs.Rules[0].Effects = Effects{Priority: 1, Tags: []string{"a"}, Team: "réseau"}
	rs.Rules[0].Questions = []Question{{Key: "question.scope"}, {Text: map[string]string{"fr": "Quel site ?"}}}
	data, err := Format(rs)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(data)
	if err != nil || !reflect.DeepEqual(got, rs) {
		t.Errorf("%v; read back as %+v", err, got.Rules[0])
	}
	if !strings.Contains(string(data), "<client> & d’autres") {
		t.Error("the file escapes what a person would read")
	}
}

func TestABadLineIsNamed(t *testing.T) {
	t.Parallel()
	const rule = `{"key": "a", "name": {"en": "A"}, "when": "down", "outcome": "PARTNER", "category": "how_to"}`
	for file, want := range map[string]Error{
		"{\n\"rules\": [\n" + rule + ",\n{\"key\": \"b\", \"when\" \"down\"}\n]}": {Kind: Unreadable, Line: 4, Column: 21},
		"{\n\"rules\": [\n" + rule + ",\n{\"key\": \"b\", \"wehn\": \"x\"}\n]}":   {Kind: Unreadable, Line: 4, Column: 26},
		"{\n\"rules\": [\n" + rule + ",\n\n{\"key\": 7}\n]}":                      {Kind: Unreadable, Line: 5, Column: 9},
		"{\n\"rules\": \"none\"}":         {Kind: Unreadable, Line: 2, Column: 15},
		"{\"rules\": [],\n\"colour\": 1}": {Kind: Unreadable, Line: 2, Column: 13},
		"{\"rules\": []}\n{}":             {Kind: Unreadable, Line: 2, Column: 2},
		"":                                {Kind: Unreadable, Line: 1, Column: 1},
		strings.Repeat(" ", MaxFile+1):    {Kind: TooLarge},
		"{\"rules\": [" + strings.Repeat(rule+",", MaxRules) + rule + "]}": {Kind: TooLarge},
	} {
		faults := Faults(second(Parse([]byte(file))))
		if len(faults) != 1 {
			t.Errorf("%.80q: %v", file, faults)
			continue
		}
		if got := faults[0]; got.Kind != want.Kind || got.Line != want.Line || want.Line > 0 && got.Column != want.Column {
			t.Errorf("%.80q: %s at %d:%d (%s), want %s at %d:%d", file, got.Kind, got.Line, got.Column, got.Detail, want.Kind, want.Line, want.Column)
		}
	}
}

func TestRulesKnowTheirLines(t *testing.T) {
	t.Parallel()
	_, lines, err := ParseWithLines([]byte("{\"rules\": [\n{\"key\": \"a\"},\n\n  {\"key\": \"b\"}]}"))
	if err != nil || !reflect.DeepEqual(lines, []int{2, 4}) {
		t.Errorf("lines %v, %v; want 2 and 4", lines, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version": 3, "rules": [{"key": "a", "questions": ["question.scope", {"fr": "Quoi ?"}]}]}`))
	f.Add(defaultJSON)
	f.Fuzz(func(t *testing.T, data []byte) {
		rs, lines, err := ParseWithLines(data)
		if err != nil {
			return
		}
		if len(lines) != len(rs.Rules) {
			t.Fatalf("%d lines for %d rules", len(lines), len(rs.Rules))
		}
		_, _ = Compile(rs, words)
		if _, err := Format(rs); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCompare(t *testing.T) {
	t.Parallel()
	r := func(key string) Rule { return Rule{Key: key, When: key, Outcome: Partner, Category: HowTo} }
	edited := r("b")
	edited.When = "other"
	for name, c := range map[string]struct {
		newer []Rule
		want  string
	}{
		"nothing":         {[]Rule{r("a"), r("b"), r("c"), r("d")}, "same a, same b, same c, same d"},
		"one lifted":      {[]Rule{r("d"), r("a"), r("b"), r("c")}, "moved d, same a, same b, same c"},
		"one removed":     {[]Rule{r("a"), r("c"), r("d")}, "same a, removed b, same c, same d"},
		"the first gone":  {[]Rule{r("b"), r("c"), r("d")}, "removed a, same b, same c, same d"},
		"one added":       {[]Rule{r("a"), r("b"), r("x"), r("c"), r("d")}, "same a, same b, added x, same c, same d"},
		"edited":          {[]Rule{r("a"), edited, r("c"), r("d")}, "same a, edited b, same c, same d"},
		"edited and last": {[]Rule{r("a"), r("c"), r("d"), edited}, "same a, same c, same d, edited b"},
		"all gone":        {nil, "removed a, removed b, removed c, removed d"},
	} {
		var got []string
		for _, c := range Compare([]Rule{r("a"), r("b"), r("c"), r("d")}, c.newer) {
			got = append(got, string(c.Difference)+" "+c.Rule.Key)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, ", "), c.want)
		}
	}
}
