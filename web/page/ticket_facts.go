package page

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/web/ui"
)

// CorrectionForm is what a person says of a fact, as typed; without a fact, the
// list that one is chosen from.
type CorrectionForm struct {
	Fact, Value string
	Open        bool
	Problems    desk.Problems
	Restored    bool
}

// ChooseFact asks for the form without a fact.
const ChooseFact = "-"

// Correct opens the form for a fact, with the value that it has.
func (t *DeskTicket) Correct(fact string) {
	t.Why, t.Correction = true, CorrectionForm{Open: true}
	if f, known := desk.FactNamed(fact); known && desk.Correctable(f) {
		t.Correction.Fact = fact
		t.Correction.Value = rules.Said(t.Thread.Decision.Verdict.Map("", "")[fact])
		if f.Type == rules.Bool && t.Correction.Value == "" {
			t.Correction.Value = "false"
		}
	}
}

// heldFact is a fact that holds, as the page lists it.
type heldFact struct {
	Name, Text, Quote string
	By                string // who set it right
	Correctable       bool
}

// heldGroup is the facts of one source.
type heldGroup struct {
	Title string
	Facts []heldFact
}

// factSources in the order in which the page shows them.
var factSources = []string{"form", "text", "finding", "health", "tickets", ""}

// factGroups lists what is known of the ticket by where it came from; what people
// set right comes first, and the hint has its own place.
func (t DeskTicket) factGroups(p *i18n.Printer) []heldGroup {
	var groups []heldGroup
	if len(t.Thread.Corrected) > 0 {
		g := heldGroup{Title: p.T("trace.from_person")}
		for _, c := range t.Thread.Corrected {
			g.Facts = append(g.Facts, heldFact{Name: c.Fact.Name, Text: factSays(p, c.Fact.Name, c.Fact.Value), By: c.AuthorName, Correctable: true})
		}
		groups = append(groups, g)
	}
	for _, source := range factSources {
		g := heldGroup{Title: p.T(cmp.Or(sourceKeys[source], "trace.from_elsewhere"))}
		for _, k := range t.Thread.Decision.Verdict.Facts {
			f, _ := desk.FactNamed(k.Name)
			if k.Source == source && !desk.OfHint(k.Name) {
				g.Facts = append(g.Facts, heldFact{Name: k.Name, Text: factSays(p, k.Name, k.Value), Quote: shown(k.Quote), Correctable: f.Name != "" && desk.Correctable(f)})
			}
		}
		if len(g.Facts) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// count is how many facts hold.
func (t DeskTicket) factCount() int {
	n := len(t.Thread.Corrected)
	for _, k := range t.Thread.Decision.Verdict.Facts {
		if k.Source != "person" && !desk.OfHint(k.Name) {
			n++
		}
	}
	return n
}

// factSays is a fact with its value.
func factSays(p *i18n.Printer, name string, value any) string {
	switch value {
	case true:
		return factName(p, name)
	case false:
		return p.T("trace.fact_not", "Fact", factName(p, name))
	}
	return p.T("trace.fact", "Fact", factName(p, name), "Met", metWord(p, name, value))
}

// saidWord is a value as an event kept it, which is "" for what did not hold.
func saidWord(p *i18n.Printer, name, value string) string {
	switch factType(name) {
	case rules.Bool:
		return metWord(p, name, value == "true")
	case rules.Int:
		return cmp.Or(value, "0")
	}
	return metWord(p, name, value)
}

// hintShown is how many guesses of the hint are listed.
const hintShown = 4

// hint is what the learned hint says: its best guesses and the words that weighed.
type learnedHint struct {
	Guesses []string
	Words   string
	Used    bool // the deciding rule asks for it
}

func (t DeskTicket) hint(p *i18n.Printer, trace []rules.Step) learnedHint {
	var h learnedHint
	var facts []desk.Known
	for _, k := range t.Thread.Decision.Verdict.Facts {
		if !desk.OfHint(k.Name) {
			continue
		}
		h.Words = cmp.Or(h.Words, hintWords(p, k.Quote))
		if factType(k.Name) == rules.Int {
			facts = append(facts, k)
		}
	}
	slices.SortStableFunc(facts, func(a, b desk.Known) int { return cmp.Compare(hintPercent(b), hintPercent(a)) })
	for _, k := range facts[:min(len(facts), hintShown)] {
		h.Guesses = append(h.Guesses, p.T("because."+k.Name, "Value", strconv.FormatInt(hintPercent(k), 10)))
	}
	for _, s := range trace {
		h.Used = h.Used || s.Decided && asksHint(s.Whole)
	}
	return h
}

// hintWords are the words that weighed; where it was a fact, its name.
func hintWords(p *i18n.Printer, quote string) string {
	var words []string
	for _, w := range strings.Split(shown(quote), ", ") {
		if _, known := desk.FactNamed(w); known {
			w = factName(p, w)
		}
		words = append(words, w)
	}
	return strings.Join(words, p.T("trace.and"))
}

func hintPercent(k desk.Known) int64 {
	n, _ := k.Value.(int64)
	return n
}

func asksHint(part rules.Part) bool {
	return slices.ContainsFunc(part.Facts, func(r rules.Reading) bool { return desk.OfHint(r.Fact) }) ||
		slices.ContainsFunc(part.Parts, asksHint)
}

// correctable is every fact that a person may set right, by what it is about.
func correctable(ctx context.Context) []ui.OptionGroup {
	p := i18n.From(ctx)
	groups := []ui.OptionGroup{{Options: []ui.Option{{Text: p.T("triage.choose")}}}, {Title: p.T("trace.about_ticket")},
		{Title: p.T("triage.from_text")}, {Title: p.T("triage.from_finding")}}
	for _, f := range desk.CorrectableFacts() {
		n := 1
		switch {
		case strings.HasPrefix(f.Name, "said_"):
			n = 2
		case strings.HasPrefix(f.Name, "found_"):
			n = 3
		}
		groups[n].Options = append(groups[n].Options, ui.Option{Value: f.Name, Text: factName(p, f.Name)})
	}
	return groups
}

// field asks for a fact's value.
func (f CorrectionForm) field(ctx context.Context) ui.Field {
	return ui.Field{Name: "value", Label: factName(i18n.From(ctx), f.Fact), Value: shown(f.Value), Error: problemOf(ctx, f.Problems, "value")}
}

// list asks for values parted by commas.
func (f CorrectionForm) list(ctx context.Context, field ui.Field) ui.Field {
	field.Hint = i18n.T(ctx, "trace.commas")
	return field
}

// answers are the values that a fact can have, where they are few.
func (f CorrectionForm) answers(ctx context.Context) []ui.Option {
	p := i18n.From(ctx)
	fact, _ := desk.FactNamed(f.Fact)
	if fact.Type == rules.Bool {
		return []ui.Option{{Value: "true", Text: p.T("trace.yes")}, {Value: "false", Text: p.T("trace.no")}}
	}
	var options []ui.Option
	for _, v := range fact.Values {
		options = append(options, ui.Option{Value: v, Text: factWord(p, f.Fact, v)})
	}
	if len(options) > 0 {
		options = choose(ctx, options)
	}
	return options
}

// tagsText is a ticket's tags as its form has them.
func tagsText(tags []string) string { return strings.Join(tags, ", ") }

// SortForm is a ticket's tags and team as typed.
type SortForm struct {
	Tags, Team string
	Problems   desk.Problems
	Restored   bool
}

// sorting is the form as it was typed, or what the ticket has.
func (t DeskTicket) sorting() SortForm {
	if t.Sort.Restored || len(t.Sort.Problems) > 0 {
		return t.Sort
	}
	return SortForm{Tags: tagsText(t.Thread.Ticket.Tags), Team: t.Thread.Ticket.Team}
}

// tagHref is the open tickets that have a tag.
func tagHref(f Frame, tag string) string {
	return queueHref(f, desk.QueueFilter{View: desk.ViewAll, Tag: tag})
}

func teamHref(f Frame, team string) string {
	return queueHref(f, desk.QueueFilter{View: desk.ViewAll, Team: team})
}
