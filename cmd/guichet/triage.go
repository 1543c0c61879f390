package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/internal/hint"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

// TriageCmd reads tickets as JSON lines and writes a decision for each, in the same order.
type TriageCmd struct {
	Ruleset string `help:"JSON file of a ruleset; the shipped one without." type:"existingfile"`
	File    string `arg:"" optional:"" default:"-" help:"File of JSON lines; - is standard input."`
}

// Run triages File to standard output. It answers every line it can read, and fails at the end
// when there was one that it could not.
func (c *TriageCmd) Run(ctx context.Context) error {
	program, err := c.program()
	if err != nil {
		return err
	}
	return answerFile(ctx, c.File, anyLength, triageBy(program))
}

func (c *TriageCmd) program() (*rules.Program, error) {
	rs := rules.Default()
	if c.Ruleset != "" {
		data, err := os.ReadFile(c.Ruleset)
		if err != nil {
			return nil, fmt.Errorf("open ruleset: %w", err)
		}
		if rs, err = rules.Parse(data); err != nil {
			return nil, err
		}
	}
	return rules.Compile(rs, desk.Vocabulary())
}

// triageBy answers a line by a ruleset. A line may be of any length: what a customer pastes has no bound.
func triageBy(p *rules.Program) lineAnswer {
	return func(line []byte, encode *json.Encoder) error { return triageLine(p, line, encode) }
}

// ticketLine is a ticket as the command reads it. Anything may be missing or null.
type ticketLine struct {
	ID       string `json:"id"`
	Language string `json:"language"`
	Kind     string `json:"kind"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
	Service  string `json:"service"`
	Region   string `json:"region"`
	Affected string `json:"affected"`
	Impact   string `json:"impact"`
	Context  struct {
		Issue *struct {
			ID             string `json:"id"`
			Service        string `json:"service"`
			Classification string `json:"classification"`
			Status         string `json:"status"`
			Title          string `json:"title"`
			Region         string `json:"region"`
		} `json:"open_service_health_issue"`
		Similar  float64  `json:"similar_open_tickets_other_customers_last_hour"`
		Findings []string `json:"agent_findings"`
	} `json:"context"`
}

type decisionLine struct {
	ID       string         `json:"id"`
	Decision rules.Outcome  `json:"decision"`
	Category rules.Category `json:"category"`
	Rule     string         `json:"rule"`
	Because  []string       `json:"because"`
}

func triageLine(p *rules.Program, line []byte, encode *json.Encoder) error {
	if bytes.Equal(bytes.TrimSpace(line), []byte("null")) {
		return errors.New("null is no ticket")
	}
	var t ticketLine
	if err := json.Unmarshal(line, &t); err != nil {
		return err
	}
	in := signals.Input{Language: t.Language, Kind: t.Kind, Subject: t.Subject, Body: t.Body, Service: t.Service,
		Region: t.Region, Affected: t.Affected, Impact: t.Impact, SimilarLastHour: int(t.Context.Similar)}
	for _, text := range t.Context.Findings {
		in.Findings = append(in.Findings, signals.Finding{Text: text})
	}
	if issue := t.Context.Issue; issue != nil {
		in.KnownIssue = &signals.KnownIssue{ID: issue.ID, Service: issue.Service, Classification: issue.Classification,
			Status: issue.Status, Title: issue.Title, Region: issue.Region}
	}
	d := desk.Triage(p, hint.Shipped(), in)
	rule, _ := p.Rule(d.Rule)
	return encode.Encode(decisionLine{ID: t.ID, Decision: d.Outcome, Category: d.Category, Rule: d.Rule, Because: sentences(rule, d, t.Language)})
}

// sentences says the reasons of a decision in the ticket's language where it is one of ours:
// what the rule itself says, then the facts that it rests on.
func sentences(rule rules.Rule, d desk.Verdict, language string) []string {
	lang := i18n.English
	if strings.HasPrefix(strings.ToLower(language), string(i18n.French)) {
		lang = i18n.French
	}
	p := i18n.New(lang, time.UTC, time.Time{})
	said := make([]string, 0, len(d.Because)+1)
	if template := rule.Because[string(lang)]; template != "" {
		said = append(said, filled(p, template, d))
	}
	for _, r := range d.Because {
		said = append(said, sentence(p, r))
	}
	if len(said) == 0 && d.Rule != "" {
		said = append(said, p.T("triage.no_reason"))
	}
	return said
}

// filled puts the facts' values where a rule's sentence names them.
func filled(p *i18n.Printer, template string, d desk.Verdict) string {
	return rules.Placeholders.ReplaceAllStringFunc(template, func(mark string) string {
		name := strings.Trim(mark, "{}")
		for _, k := range d.Facts {
			if k.Name == name {
				return word(p, name, rules.Said(k.Value))
			}
		}
		return "–"
	})
}

func sentence(p *i18n.Printer, r rules.Reason) string {
	clause := p.T("because."+r.Fact, "Value", word(p, r.Fact, r.Value))
	if r.Quote != "" && r.Source != signals.FromHint {
		clause = p.T("triage.because_quoted", "Clause", clause, "Quote", r.Quote)
	}
	first, size := utf8.DecodeRuneInString(clause)
	return string(unicode.ToUpper(first)) + clause[size:] + "."
}

// word is a fact's value as a person reads it.
func word(p *i18n.Printer, fact, value string) string {
	family := map[string]string{"affected": "affected.", "kind": "kind.", "likely_partner": "category.", "likely_microsoft": "category."}[fact]
	if fact == "affected" && !slices.Contains(desk.Affecteds, value) || fact == "kind" && !slices.Contains(desk.Kinds, value) || family == "" {
		return value
	}
	return p.T(family + value)
}
