package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// triaged runs the command over some lines and returns its answers by id, in order, and its complaints.
func triaged(t *testing.T, c TriageCmd, lines ...string) (answers []decisionLine, complaints string, err error) {
	t.Helper()
	p, err := c.program()
	if err != nil {
		t.Fatal(err)
	}
	var out, faults bytes.Buffer
	err = answerLines(t.Context(), anyLength, strings.NewReader(strings.Join(lines, "\n")), &out, &faults, triageBy(p))
	for line := range bytes.Lines(out.Bytes()) {
		var d decisionLine
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatalf("answer %q: %v", line, err)
		}
		answers = append(answers, d)
	}
	return answers, faults.String(), err
}

func TestTriageAnswersInOrder(t *testing.T) {
	t.Parallel()
	got, complaints, err := triaged(t, TriageCmd{},
		`{"id":"b","language":"fr","subject":"Facture","body":"La facture de mars est fausse.","service":null,"unknown":[1],"context":{"agent_findings":null}}`,
		`{"id":"a","subject":"Mail","body":"No mail arrives","service":"Exchange Online","affected":"whole_tenant","context":{"similar_open_tickets_other_customers_last_hour":8,"open_service_health_issue":null,"agent_findings":["connector settings verified","same error in our test tenant"]}}`,
		`{"id":"c"}`)
	if err != nil || complaints != "" {
		t.Fatalf("%v, %q", err, complaints)
	}
	want := []decisionLine{
		{ID: "b", Decision: rules.Partner, Category: rules.Billing, Rule: "billing_reported"},
		{ID: "a", Decision: rules.Microsoft, Category: rules.ServiceUnavailable, Rule: "unavailable"},
		{ID: "c", Decision: rules.NeedsInfo, Category: rules.Unclear, Rule: "ask_scope"},
	}
	for i, w := range want {
		g := got[i]
		if g.ID != w.ID || g.Decision != w.Decision || g.Category != w.Category || g.Rule != w.Rule || len(g.Because) == 0 {
			t.Errorf("answer %d: %+v, want %+v", i, g, w)
		}
	}
	if !strings.Contains(strings.Join(got[0].Because, " "), "facture") || strings.Contains(strings.Join(got[1].Because, " "), "because.") {
		t.Errorf("reasons %q and %q", got[0].Because, got[1].Because)
	}
}

func TestTriageAnswersAllButTheBrokenLines(t *testing.T) {
	t.Parallel()
	got, complaints, err := triaged(t, TriageCmd{}, "\ufeff"+`{"id":"1"}`, `{"id":"2"`, "", `null`, `{"id":"5","subject":"nul \u0000 byte","body":"`+strings.Repeat("panne ", 500_000)+`"}`, `[]`, `{"id":"7"}`)
	if !errors.Is(err, errUnread) {
		t.Errorf("error %v, want %v", err, errUnread)
	}
	var ids []string
	for _, d := range got {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, []string{"1", "5", "7"}) {
		t.Errorf("answered %q", ids)
	}
	for _, line := range []string{"line 2:", "line 4:", "line 6:"} {
		if !strings.Contains(complaints, line) {
			t.Errorf("complaints lack %q: %s", line, complaints)
		}
	}
	if strings.Count(complaints, "\n") != 3 {
		t.Errorf("complaints: %s", complaints)
	}
}

func TestTriageTakesARuleset(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "rules.json")
	own := `{"version":9,"rules":[{"key":"all","name":{"en":"All"},"when":"findings == 0","outcome":"NEEDS_INFO","category":"unclear","questions":["question.scope"]}]}`
	if err := os.WriteFile(file, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	got, _, err := triaged(t, TriageCmd{Ruleset: file}, `{"id":"x","subject":"invoice"}`)
	if err != nil || got[0].Rule != "all" || got[0].Decision != rules.NeedsInfo {
		t.Errorf("%+v, %v", got, err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(own, "findings", "luck", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := TriageCmd{Ruleset: file}
	if _, err := bad.program(); err == nil || !strings.Contains(err.Error(), "rule all:1:1") {
		t.Errorf("a rule about an unknown fact: %v", err)
	}
}

func TestWhateverTriageSaysHasWords(t *testing.T) {
	t.Parallel()
	keys := slices.Clone(desk.TriageQuestions)
	for _, f := range desk.Vocabulary().Facts {
		keys = append(keys, "because."+f.Name)
	}
	for _, r := range rules.Default().Rules {
		keys = append(keys, "rule."+r.Key)
	}
	for _, o := range []rules.Outcome{rules.Partner, rules.Microsoft, rules.NeedsInfo} {
		keys = append(keys, "outcome."+string(o))
		for _, c := range rules.Categories(o) {
			keys = append(keys, "category."+string(c))
		}
	}
	for _, lang := range i18n.Langs() {
		p := i18n.New(lang, time.UTC, time.Time{})
		for _, key := range keys {
			if p.T(key, "Value", "1") == key {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
}
