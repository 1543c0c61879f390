package page

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

func saidAs(list []ruleWord) string {
	var b strings.Builder
	_ = conditionText(list).Render(context.Background(), &b)
	text := strings.NewReplacer("<br>", " / ", `<span class="fact">`, "[", "</span>", "]", "<code>", "<", "</code>", ">").Replace(b.String())
	for _, depth := range "0123" {
		text = strings.ReplaceAll(text, `<span class="indent" data-depth="`+string(depth)+`">]`, string(depth)+" ")
	}
	return text
}

func TestConditionsReadAsSentences(t *testing.T) {
	t.Parallel()
	p := i18n.New(i18n.English, time.UTC, time.Now())
	for when, want := range map[string]string{
		"true":                                "In all other cases",
		"similar >= 3":                        "[other customers hit within the hour] is at least [3]",
		"!issue_covers":                       "[a published issue covers the ticket] does not hold",
		"affected in ['one_user', 'unknown']": "[scope] is one of [One person] or [Not known]",
		"region != ''":                        "[place] is not empty",
		"text.contains('a <b>')":              "[words of the ticket (no accents, lower case)] contains [“a &lt;b&gt;”]",
		"similar > 1 && (issue_covers || issue_restored)": "[other customers hit within the hour] is more than [1] / 0 and ([a published issue covers the ticket] or [a published issue, but over])",
		"size(text) + words > 3":                          "<size(text) + words &gt; 3>",
		"similar >":                                       "<similar &gt;>",
		"words > 3 && !(issue_covers && similar < 4)":     "[number of words] is more than [3] / 0 and it is false that ([a published issue covers the ticket] and [other customers hit within the hour] is less than [4])",
		"!(issue_covers) && (issue_restored)":             "[a published issue covers the ticket] does not hold / 0 and [a published issue, but over]",
	} {
		if got := saidAs(conditionWords(p, when)); got != want {
			t.Errorf("%s\nreads %s\nwant  %s", when, got, want)
		}
	}
}

func TestAComparisonKeepsWhatIsShared(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (list []ruleWord) {
			for _, c := range rapid.StringMatching("[abc]{0,8}").Draw(t, name) {
				list = append(list, ruleWord{Text: string(c)})
			}
			return list
		}
		older, newer := draw("older"), draw("newer")
		var was, now []ruleWord
		for _, part := range compareWords(older, newer) {
			if part.Change != "ins" {
				was = append(was, part.Words...)
			}
			if part.Change != "del" {
				now = append(now, part.Words...)
			}
		}
		if saidAs(was) != saidAs(older) || saidAs(now) != saidAs(newer) {
			t.Fatalf("%s became %s, %s became %s", saidAs(older), saidAs(was), saidAs(newer), saidAs(now))
		}
	})
}

// typedAs is what a browser sends of a condition in rows.
func typedAs(c rules.Condition) url.Values {
	v := url.Values{"view": {"rows"}, "any": {map[bool]string{true: "true", false: "false"}[c.Any]}}
	for g, group := range c.Groups {
		v.Set(groupName(g), string(group.Join))
		for n, r := range group.Rows {
			name := rowName(g, n)
			if typable(r) {
				v.Set(name+"_fact", r.Fact)
				v.Set(name+"_op", string(r.Op))
				v.Set(name+"_value", rowValue(r))
				continue
			}
			v.Set(name+"_cel", rowCEL(r))
		}
	}
	return v
}

func TestShippedRulesSurviveTheForm(t *testing.T) {
	t.Parallel()
	book := desk.Rulebook{Published: desk.ShippedVersion()}
	for _, r := range book.Published.Rules {
		f := RuleFormOf(book, r)
		v := typedAs(f.Condition)
		v.Set("was", f.was())
		again := ReadRuleForm(v, r.Key)
		if !again.Written() || again.Rule.When != r.When {
			t.Errorf("%s: untouched, it became %s (%v)", r.Key, again.Rule.When, again.RowFaults)
		}
		v.Del("was")
		again = ReadRuleForm(v, r.Key)
		if again.Written(); again.Rule.When == "" {
			t.Errorf("%s says nothing", r.Key)
		}
		if _, err := rules.Rows(again.Rule.When, ruleFacts()); err != nil {
			t.Errorf("%s: as rows it is %s: %v", r.Key, again.Rule.When, err)
		}
	}
}

func TestRowsSayWhatIsWrongWithThem(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]rules.Row{
		"fault.row_fact":    {Op: rules.OpIs},
		"fault.row_unknown": {Fact: "nothing", Op: rules.OpIs},
		"fault.row_op":      {Fact: "similar", Op: rules.OpContains, Values: []string{"1"}},
		"fault.row_value":   {Fact: "region", Op: rules.OpContains},
		"fault.row_number":  {Fact: "similar", Op: rules.OpAtLeast, Values: []string{"3 || true"}},
		"fault.row_empty":   {CEL: " "},
	} {
		if got := rowFault(r); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
	for _, r := range []rules.Row{{Fact: "similar", Op: rules.OpIs, Values: []string{" 3 "}}, {Fact: "region", Op: rules.OpEmpty}, {Fact: "issue_covers", Op: rules.OpIsNot}, {CEL: "true"}} {
		if got := rowFault(r); got != "" {
			t.Errorf("%+v: %q", r, got)
		}
	}
}

func TestAnyFormCanBeReadAndShown(t *testing.T) {
	t.Parallel()
	names := []string{"at", "was", "view", "any", "g0_join", "g0_r0_fact", "g0_r0_op", "g0_r0_value", "g0_r0_cel", "g1_join", "g1_r3_fact", "when", "outcome", "category", "question", "own_0_fr", "priority", "tags"}
	rapid.Check(t, func(t *rapid.T) {
		v := url.Values{}
		for range rapid.IntRange(0, 12).Draw(t, "fields") {
			v.Set(rapid.SampledFrom(names).Draw(t, "name"), rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"cel", "true", "any", "similar", "is", "3", `{"key":"a","when":"true"}`})).Draw(t, "value"))
		}
		f := ReadRuleForm(v, rapid.SampledFrom([]string{"", "a"}).Draw(t, "key"))
		f.Reshape(rapid.OneOf(rapid.SampledFrom([]string{"cel", "rows", "add_group", "add_row:0", "add_row:-1", "remove_row:0.0", "remove_row:9.9"}), rapid.String()).Draw(t, "do"))
		f.Written()
	})
}

func TestAMarkComesBackFromItsForm(t *testing.T) {
	t.Parallel()
	m := desk.DraftMark{Version: 12, Revision: 3, Changed: 1795641528164251}
	if got := ReadDraftMark(DraftMark(m)); got != m {
		t.Errorf("%+v", got)
	}
	for _, wrong := range []string{"", "1", "a.b.c", "1.2", "\x00"} {
		if got := ReadDraftMark(wrong); got != (desk.DraftMark{}) {
			t.Errorf("%q: %+v", wrong, got)
		}
	}
}
