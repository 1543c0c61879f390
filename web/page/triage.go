package page

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/web/ui"
)

var outcomeWords = map[desk.Outcome]string{desk.Partner: "triage.partner", desk.Microsoft: "triage.microsoft", desk.NeedsInfo: "triage.needs_info"}

// outcomeName is who solves a ticket, in a word that fits a badge.
func outcomeName(p *i18n.Printer, o desk.Outcome) string {
	if key, ok := outcomeWords[o]; ok {
		return p.T(key)
	}
	return p.T("triage.needs_info")
}

// verdict is an outcome with its category.
func verdict(p *i18n.Printer, outcome, category string) string {
	if category == "" || category == string(desk.Unclear) {
		return outcomeName(p, desk.Outcome(outcome))
	}
	return p.T("triage.verdict", "Outcome", outcomeName(p, desk.Outcome(outcome)), "Category", p.T("category."+category))
}

// reason is a fact that a decision rests on, as a clause.
func reason(p *i18n.Printer, r desk.Reason) string {
	return p.T("because."+r.Fact, "Value", factWord(p, r.Fact, r.Value))
}

// quoted is the clause with the words that made the fact.
func quoted(p *i18n.Printer, r desk.Reason) string {
	if r.Quote == "" || r.Source == "hint" { // what weighed with the hint is told apart
		return reason(p, r)
	}
	return p.T("triage.because_quoted", "Clause", reason(p, r), "Quote", r.Quote)
}

var sourceKeys = map[string]string{
	"form": "triage.from_form", "text": "triage.from_text", "finding": "triage.from_finding", "health": "triage.from_health", "tickets": "triage.from_tickets",
	"hint": "trace.from_hint", "person": "trace.from_person",
}

// source is where a fact comes from, unless its clause says so already.
func source(p *i18n.Printer, r desk.Reason) string {
	key := sourceKeys[r.Source]
	if key == "" || strings.HasPrefix(r.Fact, "said_") || strings.HasPrefix(r.Fact, "found_") {
		return ""
	}
	return p.T("triage.from", "From", p.T(key))
}

// triageStep is one of the five things that a partner does before he escalates
// (Partner Center, "Get support for your customers": health, known issues, what
// is the partner's own, tests, decision).
type triageStep struct {
	Title, Result string
	Done          bool
}

// steps tells how far the triage of a ticket has come.
func (t DeskTicket) steps(ctx context.Context) []triageStep {
	if t.Thread.Decision.Verdict.Rule == desk.SubscriptionChange { // an order is no problem to look into
		return nil
	}
	p := i18n.From(ctx)
	d := t.Thread.Decision
	health, baseline := t.lastFinding("health"), t.lastFinding("configuration", "local_cause")
	steps := []triageStep{
		{p.T("triage.step_health"), p.T("triage.to_check"), health != ""},
		{p.T("triage.step_documented"), p.T("triage.to_check"), health != "" || d.Category == desk.KnownIssue || d.Category == desk.HowTo},
		{p.T("triage.step_baseline"), p.T("triage.to_check"), baseline != "" || d.Outcome != desk.NeedsInfo && d.Outcome != ""},
		{p.T("triage.step_tests"), p.T("triage.no_tests"), len(t.Thread.Found) > 0},
	}
	if steps[0].Done {
		steps[0].Result = p.T(healthKey(health))
	}
	if steps[1].Done {
		steps[1].Result = p.T(documentedKey(d.Category))
	}
	if steps[2].Done {
		steps[2].Result = p.T(baselineKey(d.Outcome))
	}
	if steps[3].Done {
		steps[3].Result = p.N("triage.tests", len(t.Thread.Found))
	}
	return steps
}

func healthKey(result string) string {
	switch result {
	case "confirmed":
		return "triage.health_open"
	case "ruled_out":
		return "triage.health_clear"
	}
	return "triage.checked"
}

func documentedKey(c desk.Category) string {
	if c == desk.KnownIssue || c == desk.HowTo {
		return "triage.documented"
	}
	return "triage.not_documented"
}

func baselineKey(o desk.Outcome) string {
	switch o {
	case desk.Partner:
		return "triage.within"
	case desk.Microsoft:
		return "triage.beyond"
	}
	return "triage.checked"
}

// lastFinding is the result of the newest finding of these kinds, "" without.
func (t DeskTicket) lastFinding(kinds ...string) string {
	result := ""
	for _, f := range t.Thread.Found {
		for _, k := range kinds {
			if f.Kind == k {
				result = f.Result
			}
		}
	}
	return result
}

// settled tells a decision that a person stands by.
func (t DeskTicket) settled() bool {
	return t.Thread.Decision.Settled()
}

// standing says who stands by the decision.
func (t DeskTicket) standing(ctx context.Context) string {
	d := t.Thread.Decision
	switch {
	case d.By == desk.ByIncident:
		return t.standingByIncident(ctx)
	case d.By == desk.ByPerson:
		return i18n.T(ctx, "triage.decided_by", "Who", t.Thread.Decider)
	case d.ConfirmedBy != desk.Nobody:
		return i18n.T(ctx, "triage.confirmed_by", "Who", t.Thread.Confirmer)
	}
	return i18n.T(ctx, "triage.to_confirm")
}

// heardOtherwise tells that the rules no longer say what a person decided.
func (t DeskTicket) heardOtherwise() bool {
	d := t.Thread.Decision
	return t.settled() && (d.Verdict.Outcome != d.Outcome || d.Verdict.Category != d.Category)
}

// categoryGroup is the categories of one outcome.
type categoryGroup struct {
	Outcome string
	Options []ui.Option
}

func categoryGroups(ctx context.Context) []categoryGroup {
	p := i18n.From(ctx)
	var groups []categoryGroup
	for _, o := range []desk.Outcome{desk.Partner, desk.Microsoft} {
		g := categoryGroup{Outcome: outcomeName(p, o)}
		for _, c := range desk.Categories(o) {
			g.Options = append(g.Options, ui.Option{Value: string(c), Text: p.T("category." + string(c))})
		}
		groups = append(groups, g)
	}
	return groups
}

// Asking is a reply that puts the deciding rule's questions to the customer, in
// the language of the ticket. "" when there is nothing to ask.
func Asking(ctx context.Context, th desk.Thread) string {
	if len(th.Questions) == 0 {
		return ""
	}
	reader := i18n.From(ctx)
	p := i18n.New(i18n.Lang(th.Ticket.Language), reader.Zone(), reader.Now())
	lines := []string{p.T("triage.ask_hello", "Name", desk.FirstName(th.Requester.Name)), "", p.T("triage.ask_intro")}
	for n, q := range th.Questions {
		lines = append(lines, strconv.Itoa(n+1)+". "+questionText(p, q))
	}
	return strings.Join(append(lines, "", p.T("triage.ask_thanks")), "\n")
}

func findingKinds(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range desk.FindingKinds {
		out = append(out, ui.Option{Value: k, Text: i18n.T(ctx, "finding.kind."+k)})
	}
	return out
}

func findingResults(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, r := range desk.FindingResults {
		out = append(out, ui.Option{Value: r, Text: i18n.T(ctx, "finding.result."+r)})
	}
	return out
}

// findingIcons give each result its shape.
var findingIcons = map[string]string{"confirmed": "check", "ruled_out": "cross", "info": "info"}

// choose puts the empty answer before the others, so that none is given unasked.
func choose(ctx context.Context, options []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: i18n.T(ctx, "triage.choose")}}, options...)
}

func (f OverrideForm) categoryAttributes(ctx context.Context) templ.Attributes {
	return wrong(ctx, f.Problems, "category")
}

func (t DeskTicket) bodyAttributes(ctx context.Context) templ.Attributes {
	a := wrong(ctx, t.Composer.Problems, "body")
	a["placeholder"] = i18n.T(ctx, "ticket.placeholder")
	return a
}

// wrong ties a control to the sentence that says what is wrong with it.
func wrong(ctx context.Context, p desk.Problems, field string) templ.Attributes {
	if problemOf(ctx, p, field) == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "data-tone": "bad", "aria-describedby": field + "-error"}
}

// questionText is what is asked, in the reader's language.
func questionText(p *i18n.Printer, q rules.Question) string {
	if q.Key != "" {
		return p.T(q.Key)
	}
	return inLanguage(p, q.Text)
}

// inLanguage is a text that the desk wrote itself: in the reader's language, else in the other.
func inLanguage(p *i18n.Printer, text map[string]string) string {
	if s := text[string(p.Lang())]; s != "" {
		return s
	}
	for _, l := range i18n.Langs() {
		if s := text[string(l)]; s != "" {
			return s
		}
	}
	return ""
}
