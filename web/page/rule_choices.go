package page

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/web/ui"
)

// factOrigins are where facts come from, in the order in which they are offered.
var factOrigins = []string{"form", "words", "findings", "health", "tickets", "hint"}

// factOrigin is where a fact comes from.
func factOrigin(name string) string {
	switch {
	case slices.Contains([]string{"kind", "service", "family", "affected", "region", "language", "subject"}, name):
		return "form"
	case strings.HasPrefix(name, "found_"), strings.HasPrefix(name, "leans_"), slices.Contains([]string{"findings", "own_prevails", "own_signs", "service_prevails", "service_signs"}, name):
		return "findings"
	case strings.HasPrefix(name, "issue_"):
		return "health"
	case name == "similar":
		return "tickets"
	case strings.HasPrefix(name, "hint_"), strings.HasPrefix(name, "likely_"):
		return "hint"
	}
	return "words"
}

// factOptions are all facts as a person chooses one, by where they come from and then by name.
func factOptions(ctx context.Context) []ui.OptionGroup {
	p := i18n.From(ctx)
	byGroup := map[string][]ui.Option{}
	for _, f := range ruleFacts() {
		g := factOrigin(f.Name)
		byGroup[g] = append(byGroup[g], ui.Option{Value: f.Name, Text: factName(p, f.Name)})
	}
	groups := []ui.OptionGroup{{Options: []ui.Option{{Text: p.T("rules.choose_fact")}}}}
	for _, g := range factOrigins {
		slices.SortFunc(byGroup[g], func(a, b ui.Option) int { return strings.Compare(a.Text, b.Text) })
		groups = append(groups, ui.OptionGroup{Title: p.T("rules.from." + g), Options: byGroup[g]})
	}
	return groups
}

// opOptions are all operators; those that do not go with the row's fact come last.
func opOptions(ctx context.Context, r rules.Row) []ui.OptionGroup {
	p := i18n.From(ctx)
	t := factType(r.Fact)
	fit := rules.Ops(t)
	first, others := ui.OptionGroup{}, ui.OptionGroup{Title: p.T("rules.other_facts")}
	for _, o := range fit {
		first.Options = append(first.Options, ui.Option{Value: string(o), Text: opWord(p, t, o)})
	}
	if len(fit) == 0 {
		others.Title = ""
	}
	for _, other := range []rules.Type{rules.Bool, rules.Text, rules.Int, rules.List} {
		for _, o := range rules.Ops(other) {
			if !slices.Contains(fit, o) && !slices.ContainsFunc(others.Options, func(x ui.Option) bool { return x.Value == string(o) }) {
				others.Options = append(others.Options, ui.Option{Value: string(o), Text: opWord(p, "", o)})
			}
		}
	}
	return []ui.OptionGroup{first, others}
}

// opWord is an operator in words; asked of what is true or false, "is" needs more of them.
func opWord(p *i18n.Printer, t rules.Type, o rules.Op) string {
	switch {
	case t == rules.Bool && o == rules.OpIs:
		return p.T("rules.so")
	case t == rules.Bool && o == rules.OpIsNot:
		return p.T("rules.not_so")
	}
	return p.T("rules.op." + string(o))
}

// opAttributes give the script both wordings of an operator.
func opAttributes(ctx context.Context, o string) templ.Attributes {
	p := i18n.From(ctx)
	a := templ.Attributes{"data-text": opWord(p, "", rules.Op(o))}
	if slices.Contains(rules.Ops(rules.Bool), rules.Op(o)) {
		a["data-bool"] = opWord(p, rules.Bool, rules.Op(o))
	}
	return a
}

// opTypes lists, for the script, the types that each operator goes with.
func opTypes() string {
	var parts []string
	for _, t := range []rules.Type{rules.Bool, rules.Int, rules.Text, rules.List} {
		ops := make([]string, 0, 10)
		for _, o := range rules.Ops(t) {
			ops = append(ops, string(o))
		}
		parts = append(parts, string(t)+":"+strings.Join(ops, ","))
	}
	return strings.Join(parts, ";")
}

// factTypes lists, for the script, the facts of each type.
func factTypes() string {
	byType := map[rules.Type][]string{}
	for _, f := range ruleFacts() {
		byType[f.Type] = append(byType[f.Type], f.Name)
	}
	var parts []string
	for _, t := range slices.Sorted(maps.Keys(byType)) {
		parts = append(parts, string(t)+":"+strings.Join(byType[t], ","))
	}
	return strings.Join(parts, ";")
}

// closedFacts are those whose values are a closed list.
func closedFacts() []rules.Fact {
	return slices.DeleteFunc(slices.Clone(ruleFacts()), func(f rules.Fact) bool { return len(f.Values) == 0 })
}

// rowField is one control of a row; its label is read, not seen.
func rowField(name, part, label string, bad bool) ui.Field {
	f := ui.Field{Name: name + "_" + part, Label: label, More: templ.Attributes{}}
	if bad {
		f.More["aria-invalid"], f.More["aria-describedby"], f.More["data-tone"] = "true", name+"-error", "bad"
	}
	return f
}

// rowValue is what a row compares with, as it is typed.
func rowValue(r rules.Row) string { return shown(strings.Join(r.Values, ", ")) }

// typable tells a row that the fields of a row can hold.
func typable(r rules.Row) bool {
	if r.CEL != "" {
		return false
	}
	return len(r.Values) < 2 && r.Op != rules.OpOneOf && r.Op != rules.OpNoneOf ||
		!slices.ContainsFunc(r.Values, func(v string) bool { return strings.Contains(v, ",") || strings.TrimSpace(v) != v || v == "" })
}

// rowCEL is a row as CEL.
func rowCEL(r rules.Row) string {
	return rules.Condition{Groups: []rules.Group{{Join: rules.JoinAll, Rows: []rules.Row{r}}}}.CEL(ruleFacts())
}

func joinOptions(ctx context.Context, any bool) []ui.Option {
	return []ui.Option{{Value: "false", Text: i18n.T(ctx, "rules.all_groups")}, {Value: "true", Text: i18n.T(ctx, "rules.any_group")}}
}

func groupJoins(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, j := range rules.Joins() {
		out = append(out, ui.Option{Value: string(j), Text: i18n.T(ctx, "rules.join."+string(j))})
	}
	return out
}

// afterOptions are the places where a new rule can stand.
func (f RuleForm) afterOptions(ctx context.Context) []ui.Option {
	p := i18n.From(ctx)
	out := []ui.Option{{Value: "", Text: p.T("rules.first")}}
	for n, r := range f.Rules {
		out = append(out, ui.Option{Value: r.Key, Text: p.T("rules.after", "Rank", n+1, "Name", ruleTitle(p, r))})
	}
	return out
}

func ruleOutcomes(ctx context.Context) []ui.Option {
	p := i18n.From(ctx)
	var out []ui.Option
	for _, o := range rules.Outcomes() {
		out = append(out, ui.Option{Value: string(o), Text: p.T("outcome." + string(o))})
	}
	return out
}

func ruleCategories(ctx context.Context) []ui.OptionGroup {
	var out []ui.OptionGroup
	for _, g := range categoryGroups(ctx) {
		out = append(out, ui.OptionGroup{Title: g.Outcome, Options: g.Options})
	}
	return out
}

func rulePriorities(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "0", Text: i18n.T(ctx, "rules.priority_kept")}}
	for n := 1; n <= 4; n++ {
		out = append(out, ui.Option{Value: strconv.Itoa(n), Text: i18n.T(ctx, "priority."+strconv.Itoa(n))})
	}
	return out
}

// asks tells whether a shipped question is ticked.
func (f RuleForm) asks(key string) bool {
	return slices.ContainsFunc(f.Rule.Questions, func(q rules.Question) bool { return q.Key == key })
}

// own are the desk's own questions of the rule, and room for some more.
func (f RuleForm) own() []map[string]string {
	var out []map[string]string
	for _, q := range f.Rule.Questions {
		if q.Key == "" {
			out = append(out, q.Text)
		}
	}
	for room := 2; room > 0 && len(out) < rules.MaxQuestions; room-- {
		out = append(out, map[string]string{})
	}
	return out[:min(len(out), rules.MaxQuestions)]
}

// unknownQuestions are keys that the form does not offer, kept so that they are judged.
func (f RuleForm) unknownQuestions() []string {
	var out []string
	for _, q := range f.Rule.Questions {
		if q.Key != "" && !slices.Contains(desk.TriageQuestions, q.Key) {
			out = append(out, q.Key)
		}
	}
	return out
}

func (f RuleForm) title(p *i18n.Printer) string {
	if !f.Known && f.Conflict == nil {
		return p.T("rules.new_title")
	}
	if f.Was.Key != "" {
		return ruleTitle(p, f.Was)
	}
	return ruleTitle(p, f.Rule)
}

// action is where the form goes: to its rule, or to the list that it is added to.
func (f RuleForm) action(fr Frame) string {
	if f.Known {
		return rulesHref(fr, "rule", f.Rule.Key)
	}
	return rulesHref(fr)
}

func (f RuleForm) view() string {
	if f.CEL {
		return "cel"
	}
	return "rows"
}

// was is the rule that the form was made from, to be sent along.
func (f RuleForm) was() string {
	b, _ := json.Marshal(f.Was)
	return string(b)
}

func (f RuleForm) tags() string {
	return shown(strings.TrimSpace(strings.Join(f.Rule.Effects.Tags, ",")))
}

// typed is the rule as it would be saved, to be compared.
func (f RuleForm) typed() rules.Rule {
	r := f.Rule
	r.Key = f.Was.Key
	return desk.Tidy(r)
}

func factValues(name string) []string {
	f, _ := desk.FactNamed(name)
	return f.Values
}

// firstOf gives what stands once at the first of several fields.
func firstOf(n int, text string) string {
	if n > 0 {
		return ""
	}
	return text
}
