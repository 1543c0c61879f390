package desk

import (
	"slices"
	"testing"

	"guichet/internal/hint"
	"guichet/internal/rules"
)

func asking(t *testing.T, when ...string) *rules.Program {
	t.Helper()
	rs := rules.Ruleset{Version: 3}
	for i, w := range when {
		key := string(rune('a' + i))
		rs.Rules = append(rs.Rules, rules.Rule{Key: key, Name: map[string]string{"en": key}, When: w, Outcome: Partner, Category: HowTo})
	}
	p, err := rules.Compile(rs, Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func keys(list []rules.Question) []string {
	var keys []string
	for _, q := range list {
		keys = append(keys, q.Key+q.Text["en"])
	}
	return keys
}

func TestOnlyTheQuestionsThatDecideAreAsked(t *testing.T) {
	t.Parallel()
	asked := []rules.Question{{Key: "question.scope"}, {Key: "question.since"}, {Key: "question.reproduce"}, {Key: "question.changed"}}
	own := rules.Question{Text: map[string]string{"en": "Which site?"}}
	for name, c := range map[string]struct {
		when  []string
		facts map[string]any
		asked []rules.Question
		want  []string
	}{
		"one answer of it decides":             {[]string{"said_local_cause"}, nil, asked, []string{"question.reproduce"}},
		"either answer decides":                {[]string{"affected == 'one_user'", "affected == 'whole_tenant'", "said_local_cause"}, nil, asked, []string{"question.scope"}},
		"only two answers together decide":     {[]string{"said_own_change && said_local_cause"}, nil, asked, []string{"question.reproduce", "question.changed"}},
		"nothing the customer says decides":    {[]string{"similar > 3"}, nil, asked, keys(asked)},
		"what the ticket answers is left out":  {[]string{"said_own_change", "said_local_cause"}, map[string]any{"said_all_clients": true}, asked, []string{"question.changed"}},
		"a desk's own question is always put":  {[]string{"said_local_cause"}, nil, append(slices.Clone(asked), own), []string{"question.reproduce", "Which site?"}},
		"nor does it hinder the others":        {[]string{"similar > 3"}, nil, []rules.Question{own}, []string{"Which site?"}},
		"the hint's doubt ends with an answer": {[]string{"said_local_cause && hint_needs_info < 50"}, map[string]any{"hint_needs_info": int64(90)}, asked, []string{"question.reproduce"}},
	} {
		facts := Verdict{}.Map("", "")
		for fact, value := range c.facts {
			facts[fact] = value
		}
		if got := keys(FewestQuestions(asking(t, c.when...), facts, c.asked)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestShippedRulesAskLittle(t *testing.T) {
	t.Parallel()
	p := shipped(t)
	tickets, questions := 0, 0
	for _, s := range everySample(t) {
		in := s.input()
		in.Findings = nil
		v := Triage(p, hint.Shipped(), in)
		if v.Outcome != NeedsInfo {
			continue
		}
		r, _ := p.Rule(v.Rule)
		list := FewestQuestions(p, v.Map(in.Subject, in.Body), r.Questions)
		if len(list) == 0 || len(list) > len(r.Questions) {
			t.Errorf("%s: asks %q", s.ID, keys(list))
		}
		tickets++
		questions += len(list)
	}
	t.Logf("%.1f questions a ticket", share(questions, tickets))
	if share(questions, tickets) > 2 {
		t.Errorf("%.1f questions a ticket on average, want at most 2", share(questions, tickets))
	}
}
