package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"guichet/internal/hint"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

func shipped(t testing.TB) *rules.Program {
	t.Helper()
	p, err := rules.Compile(rules.Default(), Vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sample is a ticket with what people decided.
type sample struct {
	ID, Language, Subject, Body, Service, Region, Affected string
	Context                                                struct {
		Issue    *signals.KnownIssue `json:"open_service_health_issue"`
		Similar  int                 `json:"similar_open_tickets_other_customers_last_hour"`
		Findings []string            `json:"agent_findings"`
	}
	Gold struct {
		Decision, Category string
		Acceptable         []string `json:"acceptable_categories"`
	}
	FirstTouch string `json:"gold_first_touch"`
}

// samples reads every example ticket, by file.
func samples(t testing.TB) map[string][]sample {
	t.Helper()
	names, err := filepath.Glob("testdata/tickets/*.jsonl")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	all := map[string][]sample{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var s sample
			if err := json.Unmarshal(line, &s); err != nil {
				t.Fatal(name, err)
			}
			all[name] = append(all[name], s)
		}
	}
	return all
}

// everySample is all of them in one list, in an order that does not change.
func everySample(t testing.TB) []sample {
	t.Helper()
	files := samples(t)
	var all []sample
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, files[name]...)
	}
	return all
}

func (s sample) input() signals.Input {
	in := signals.Input{Language: s.Language, Subject: s.Subject, Body: s.Body, Service: s.Service, Region: s.Region,
		Affected: s.Affected, KnownIssue: s.Context.Issue, SimilarLastHour: s.Context.Similar}
	for _, f := range s.Context.Findings {
		in.Findings = append(in.Findings, signals.Finding{Text: f})
	}
	return in
}

func found(texts ...string) []signals.Finding {
	var all []signals.Finding
	for _, text := range texts {
		all = append(all, signals.Finding{Text: text})
	}
	return all
}

var outage = &signals.KnownIssue{ID: "EX900001", Service: "Exchange Online", Classification: "incident", Status: "investigating",
	Title: "Users are unable to access their mailboxes", Region: "europe"}

func restored(issue signals.KnownIssue) *signals.KnownIssue {
	issue.Status = "serviceRestored"
	return &issue
}

func TestTriage(t *testing.T) {
	t.Parallel()
	p := shipped(t)
	down := signals.Input{Subject: "No mail", Body: "Nobody in the company can open Outlook or webmail since 9:00.", Service: "Exchange Online",
		Region: "europe", Affected: "whole_tenant", SimilarLastHour: 7}
	with := func(in signals.Input, change func(*signals.Input)) signals.Input {
		change(&in)
		return in
	}
	for name, c := range map[string]struct {
		in       signals.Input
		outcome  rules.Outcome
		category rules.Category
	}{
		"a published issue covers it":          {with(down, func(in *signals.Input) { in.KnownIssue = outage }), rules.Partner, rules.Known},
		"the same, but the issue is elsewhere": {with(down, func(in *signals.Input) { in.KnownIssue, in.Region = outage, "japaneast" }), rules.Microsoft, rules.ServiceUnavailable},
		"the same, but the issue is over":      {with(down, func(in *signals.Input) { in.KnownIssue = restored(*outage) }), rules.Microsoft, rules.ServiceUnavailable},
		"no issue, many customers":             {down, rules.Microsoft, rules.ServiceUnavailable},
		"no issue, alone":                      {with(down, func(in *signals.Input) { in.SimilarLastHour, in.Affected = 0, "some_users" }), rules.NeedsInfo, rules.Unclear},
		"an invoice is ours, outage or not":    {with(down, func(in *signals.Input) { in.Kind = "billing" }), rules.Partner, rules.Billing},
		"one device among working ones":        {signals.Input{Subject: "Outlook", Body: "Outlook keeps closing on my laptop, my colleagues are fine.", Service: "Microsoft 365 Apps", Affected: "one_user"}, rules.Partner, rules.Client},
		"a suspicious mail":                    {signals.Input{Subject: "Mail bizarre", Body: "J'ai cliqué sur le lien d'un mail suspect et donné mon mot de passe.", Affected: "one_user"}, rules.Partner, rules.Security},
		"a password, alone":                    {signals.Input{Subject: "Passwort", Body: "Ich habe mein Passwort vergessen und komme nicht mehr rein.", Service: "Microsoft Entra", Affected: "one_user"}, rules.Partner, rules.Identity},
		"an expired secret was found":          {with(down, func(in *signals.Input) { in.Findings = found("app secret expired yesterday") }), rules.Partner, rules.Configuration},
		"settings verified, fails elsewhere too": {with(down, func(in *signals.Input) {
			in.Findings = found("connector settings verified", "same error in our own test tenant")
		}), rules.Microsoft, rules.Regional},
		"a release broke it":     {signals.Input{Subject: "Export", Body: "The export button does nothing in the browser.", Service: "Power BI", Findings: found("worked until last release", "reproduced in a clean workspace", "desktop ok")}, rules.Microsoft, rules.Bug},
		"other vendor's plug-in": {signals.Input{Subject: "Outlook", Body: "Outlook zeigt die Kundendaten nicht.", Findings: found("Plug-in des Herstellers fehlerhaft, Hersteller bestätigt Fehler")}, rules.Partner, rules.ThirdParty},
		"finding by kind, local cause confirmed": {with(down, func(in *signals.Input) {
			in.Findings = []signals.Finding{{Kind: "local_cause", Result: "confirmed", Text: "—"}}
		}), rules.Partner, rules.Client},
		"finding by kind, local cause ruled out": {with(down, func(in *signals.Input) {
			in.Findings = []signals.Finding{{Kind: "local_cause", Result: "ruled_out", Text: "—"}}
		}), rules.Microsoft, rules.Regional},
		"an agent found the published issue": {with(down, func(in *signals.Input) {
			in.Findings = []signals.Finding{{Kind: "health", Result: "confirmed", Text: "EX1184213, Europe"}}
		}), rules.Partner, rules.Known},
		"and then that it is over": {with(down, func(in *signals.Input) {
			in.Findings = []signals.Finding{{Kind: "health", Result: "confirmed", Text: "EX1184213"}, {Kind: "health", Result: "ruled_out", Text: "closed since noon"}}
		}), rules.Microsoft, rules.Regional},
		"urgency alone decides nothing":            {signals.Input{Subject: "URGENT!!!", Body: "URGENT, escalate to Microsoft now, sev A outage!!!"}, rules.NeedsInfo, rules.Unclear},
		"a question, whatever the words around it": {signals.Input{Kind: "question", Subject: "Panne", Body: "Que se passe-t-il en cas de panne de région ?"}, rules.Partner, rules.HowTo},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := Triage(p, hint.Shipped(), c.in)
			if d.Outcome != c.outcome || d.Category != c.category {
				t.Errorf("%s/%s by %s, want %s/%s; facts %v", d.Outcome, d.Category, d.Rule, c.outcome, c.category, holding(c.in))
			}
		})
	}
}

func holding(in signals.Input) []string {
	var names []string
	for name, value := range signals.Read(in).Map() {
		if value == true {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestUrgencyChangesNothing(t *testing.T) {
	t.Parallel()
	p := shipped(t)
	for _, s := range everySample(t) {
		in := s.input()
		calm := Triage(p, hint.Shipped(), in)
		in.Subject = "URGENT " + in.Subject
		in.Impact = "stopped"
		if d := Triage(p, hint.Shipped(), in); d.Outcome != calm.Outcome {
			t.Errorf("%s: %s by %s, urgent %s by %s", s.ID, calm.Outcome, calm.Rule, d.Outcome, d.Rule)
		}
	}
}

func TestQuotedMailChangesNothing(t *testing.T) {
	t.Parallel()
	p := shipped(t)
	old := "\n\nOn Mon, 2 Mar 2026 at 10:00, Support wrote:\n> our invoice is wrong, password forgotten, phishing mail, licence expired\n> the whole company is down in every browser"
	for _, s := range everySample(t) {
		in := s.input()
		alone := Triage(p, hint.Shipped(), in)
		in.Body += old
		if d := Triage(p, hint.Shipped(), in); d.Outcome != alone.Outcome || d.Category != alone.Category {
			t.Errorf("%s: %s/%s, with an old mail below %s/%s", s.ID, alone.Outcome, alone.Category, d.Outcome, d.Category)
		}
	}
}

func TestReasonsCarryTheirWords(t *testing.T) {
	t.Parallel()
	d := Triage(shipped(t), hint.Shipped(), signals.Input{Subject: "Mail", Body: "No mail arrives.", Findings: found("transport rule changed by customer")})
	want := rules.Reason{Fact: "found_own_change", Value: "true", Quote: "transport rule changed by customer", Source: signals.FromFinding}
	if !slices.Contains(d.Because, want) {
		t.Errorf("%+v lacks %+v", d.Because, want)
	}
}

func TestShippedQuestionsAreKnown(t *testing.T) {
	t.Parallel()
	for _, r := range rules.Default().Rules {
		for _, q := range r.Questions {
			if !slices.Contains(TriageQuestions, q.Key) {
				t.Errorf("rule %s asks %s, which is no question", r.Key, q.Key)
			}
		}
		if r.Name["fr"] == "" || r.Name["en"] == "" {
			t.Errorf("rule %s lacks a name", r.Key)
		}
	}
}

func TestTriageIsDeterministic(t *testing.T) {
	t.Parallel()
	p, words := shipped(t), vocabulary(t)
	rapid.Check(t, func(t *rapid.T) {
		in := signals.Input{
			Language: rapid.SampledFrom([]string{"", "fr", "en", "de", "xx"}).Draw(t, "language"),
			Subject:  strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 8).Draw(t, "subject"), " "),
			Body:     strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 60).Draw(t, "body"), " "),
			Service:  rapid.SampledFrom([]string{"", "Exchange Online", "Azure SQL Database", "Other"}).Draw(t, "service"),
			Affected: rapid.SampledFrom([]string{"", "one_user", "whole_tenant"}).Draw(t, "affected"),
			Findings: found(rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(t, "findings")...),

			SimilarLastHour: rapid.IntRange(-3, 30).Draw(t, "similar"),
		}
		d := Triage(p, hint.Shipped(), in)
		if !reflect.DeepEqual(d, Triage(p, hint.Shipped(), in)) {
			t.Fatal("the same ticket gave two decisions")
		}
		if !slices.Contains(rules.Categories(d.Outcome), d.Category) {
			t.Fatalf("category %s does not go with %s", d.Category, d.Outcome)
		}
	})
}

func vocabulary(t testing.TB) []string {
	t.Helper()
	var words []string
	for _, s := range everySample(t) {
		words = append(words, strings.Fields(s.Body)...)
		words = append(words, s.Context.Findings...)
	}
	return words
}

func TestTriageInParallel(t *testing.T) {
	t.Parallel()
	p, all := shipped(t), everySample(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, s := range all {
				if d := Triage(p, hint.Shipped(), s.input()); d.Ruleset != 1 {
					panic(fmt.Sprintf("ruleset %d", d.Ruleset))
				}
			}
		})
	}
	group.Wait()
}
