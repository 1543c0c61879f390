package page

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// tracedRule is what became of one rule, with its place in the order.
type tracedRule struct {
	Rank int
	Name string
	rules.Step
	Behind bool // held, behind the rule that decided
}

// traced lists the rules in their order; none where what was judged by is not known.
func traced(p *i18n.Printer, t DeskTicket, trace []rules.Step) []tracedRule {
	var list []tracedRule
	decided := false
	for n, s := range trace {
		list = append(list, tracedRule{n + 1, t.ruleName(p, s.Rule), s, decided && s.Result == rules.Held})
		decided = decided || s.Decided
	}
	return list
}

// shippedRules are the rules that have their names in the catalogue.
var shippedRules = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, r := range rules.Default().Rules {
		known[r.Key] = true
	}
	return known
})

// ruleName is a rule as people call it: by the version that decided, which may
// have changed since an older line of the timeline.
func (t DeskTicket) ruleName(p *i18n.Printer, key string) string {
	if key == "" {
		return p.T("triage.no_rule")
	}
	if key == desk.SubscriptionChange {
		return p.T("order.rule")
	}
	if t.Thread.Program != nil {
		if r, ok := t.Thread.Program.Rule(key); ok {
			return ruleTitle(p, r)
		}
	}
	if shippedRules()[key] {
		return p.T("rule." + key)
	}
	return key
}

// lead is the deciding rule's own sentence, "" without one.
func (t DeskTicket) lead(p *i18n.Printer) string {
	if t.Thread.Decision.Verdict.Rule == desk.SubscriptionChange {
		return p.T("order.because")
	}
	if t.Thread.Program == nil {
		return ""
	}
	r, ok := t.Thread.Program.Rule(t.Thread.Decision.Verdict.Rule)
	if !ok {
		return ""
	}
	facts := t.Thread.Decision.Verdict.Map(t.Thread.Ticket.Subject, "")
	return rules.Placeholders.ReplaceAllStringFunc(shown(inLanguage(p, r.Because)), func(mark string) string {
		name := strings.Trim(mark, "{}")
		if facts[name] == true {
			return factName(p, name)
		}
		return metWord(p, name, facts[name])
	})
}

// tag is what became of a rule, in a word or two.
func (r tracedRule) tag(p *i18n.Printer) string {
	switch {
	case r.Decided:
		return p.T("trace.decided")
	case r.Behind:
		return p.T("trace.behind")
	case r.Result == rules.Failed:
		return p.T("trace.failed")
	}
	return ""
}

func partIcon(v rules.Verdict) string {
	switch v {
	case rules.Held:
		return "check"
	case rules.Failed:
		return "alert"
	}
	return "cross"
}

// partWord says a sign's meaning to those who do not see it.
func partWord(p *i18n.Printer, v rules.Verdict) string {
	switch v {
	case rules.Held:
		return p.T("trace.true")
	case rules.Failed:
		return p.T("trace.unknown")
	}
	return p.T("trace.false")
}

// fewMissing are named in one sentence; the rest stand in the list below it.
const fewMissing = 3

// why says in a sentence why a rule did not fire; "" for one that did.
func (r tracedRule) why(p *i18n.Printer) string {
	if r.Result == rules.Held {
		return ""
	}
	clauses := missing(p, r.Whole)
	rest := len(clauses) - fewMissing
	if rest > 0 {
		clauses = append(clauses[:fewMissing], p.N("trace.more", rest))
	}
	return p.T("trace.missing", "What", strings.Join(clauses, p.T("trace.and")))
}

// missing lists what kept a part from holding, each as a clause.
func missing(p *i18n.Printer, part rules.Part) []string {
	if part.Result == rules.Held {
		return nil
	}
	if len(part.Parts) == 0 {
		return []string{wanting(p, part)}
	}
	if !part.All && slices.ContainsFunc(part.Parts, func(inner rules.Part) bool { return len(inner.Parts) > 0 }) {
		return []string{p.N("trace.cases", len(part.Parts))} // too long for a sentence
	}
	var clauses []string
	for _, inner := range part.Parts {
		clauses = append(clauses, missing(p, inner)...)
	}
	if part.All {
		return clauses
	}
	rest := ""
	if len(clauses) > fewMissing {
		rest = "…"
		clauses = clauses[:fewMissing]
	}
	return []string{strings.Join(clauses, p.T("trace.or_else")) + rest}
}

// wanting says what a single question lacked, with the value that it met.
func wanting(p *i18n.Printer, part rules.Part) string {
	if part.Result == rules.Failed {
		return p.T("trace.part_failed")
	}
	row := part.Row
	switch {
	case row.Fact == "":
		return p.T("trace.formula")
	case factType(row.Fact) == rules.Bool && row.Op == rules.OpIsNot:
		return p.T("trace.absence", "Fact", factName(p, row.Fact))
	case factType(row.Fact) == rules.Bool:
		return factName(p, row.Fact)
	}
	return tellWanted(p, part)
}

// clause says a single question with its answer, for one that held as well.
func clause(p *i18n.Printer, part rules.Part) string {
	row := part.Row
	name := factName(p, row.Fact)
	switch {
	case factType(row.Fact) == rules.Bool && (part.Result == rules.Held) == (row.Op == rules.OpIsNot):
		return p.T("trace.fact_not", "Fact", name)
	case factType(row.Fact) == rules.Bool && row.Op == rules.OpIsNot:
		return p.T("trace.fact_so", "Fact", name)
	case factType(row.Fact) == rules.Bool:
		return name
	case part.Result != rules.Held:
		return tellWanted(p, part)
	case row.Op == rules.OpIs || row.Op == rules.OpOneOf:
		return p.T("trace.fact", "Fact", name, "Met", met(p, part))
	}
	return p.T("trace.fact_met", "Fact", name, "Met", met(p, part), "Wanted", wanted(p, row))
}

func tellWanted(p *i18n.Printer, part rules.Part) string {
	return p.T("trace.wanted", "Fact", factName(p, part.Row.Fact), "Met", met(p, part), "Wanted", wanted(p, part.Row))
}

// wanted is what a row asks of its fact.
func wanted(p *i18n.Printer, row rules.Row) string {
	var values []string
	for _, v := range row.Values {
		values = append(values, valueWord(p, row.Fact, v))
	}
	return p.T("trace.op."+string(row.Op), "Value", strings.Join(values, p.T("trace.or")))
}

func met(p *i18n.Printer, part rules.Part) string {
	for _, r := range part.Facts {
		if r.Fact == part.Row.Fact {
			return metWord(p, r.Fact, r.Value)
		}
	}
	return p.T("trace.nothing")
}

// longestMet is how much of a value stands within a sentence.
const longestMet = 60

// metWord is a fact's value as a sentence says it, also where nothing is.
func metWord(p *i18n.Printer, name string, value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return p.T("trace.yes")
		}
		return p.T("trace.no")
	case int64:
		return strconv.FormatInt(v, 10)
	}
	text := rules.Said(value)
	if text == "" {
		return p.T("trace.nothing")
	}
	if f, _ := desk.FactNamed(name); len(f.Values) > 0 {
		return valueWord(p, name, text)
	}
	if utf8.RuneCountInString(text) > longestMet {
		text = string([]rune(text)[:longestMet]) + "…"
	}
	return p.T("trace.quoted", "Text", shown(text))
}

// readings are the values that a part without a row met.
func readings(p *i18n.Printer, part rules.Part) string {
	var list []string
	for _, r := range part.Facts {
		list = append(list, p.T("trace.fact", "Fact", factName(p, r.Fact), "Met", metWord(p, r.Fact, r.Value)))
	}
	return strings.Join(list, p.T("trace.and"))
}
