package page

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/web/ui"
)

// RuleForm is a rule as it is being typed. Its condition is typed as rows or as CEL.
type RuleForm struct {
	Rule      rules.Rule
	Known     bool // the rule is one that there is; a new one has no key yet
	At        desk.DraftMark
	After     string // of a new rule: the one that it follows
	Was       rules.Rule
	CEL       bool
	Condition rules.Condition
	RowFaults map[string]string // by the name of the row, a message key
	Faults    []*RuleFault
	Conflict  *RuleConflict
	Count     *desk.RuleCount
	Rules     []rules.Rule // among which it stands
}

// RuleConflict is a rule that somebody else changed meanwhile.
type RuleConflict struct {
	RulesConflict
	Now  rules.Rule // as it is there; zero when it is gone
	Gone bool
}

// RuleFormOf is the form of a rule as it stands; the zero rule is a new one.
func RuleFormOf(b desk.Rulebook, r rules.Rule) RuleForm {
	f := RuleForm{Rule: r, Known: r.Key != "", At: b.Mark(), Was: r, Rules: b.Rules()}
	if !f.Known {
		f.Rule.Outcome, f.Rule.Category = rules.Partner, rules.Unclear
		f.Condition = rules.Condition{Groups: []rules.Group{{Join: rules.JoinAll, Rows: []rules.Row{{}}}}}
		f.After = beforeAlways(f.Rules)
		return f
	}
	var err error
	if f.Condition, err = rules.Rows(r.When, ruleFacts()); err != nil {
		f.CEL = true
	}
	return f
}

// beforeAlways is the last rule that can still be followed: behind one that always holds, none is reached.
func beforeAlways(list []rules.Rule) string {
	key := ""
	for _, r := range list {
		if always(r.When) {
			break
		}
		key = r.Key
	}
	return key
}

// ReadRuleForm reads what was typed. The rule's condition is that of the view it was typed in.
func ReadRuleForm(v url.Values, key string) RuleForm {
	f := RuleForm{Known: key != "", At: ReadDraftMark(v.Get("at")), After: v.Get("after"), CEL: v.Get("view") == "cel"}
	_ = json.Unmarshal([]byte(v.Get("was")), &f.Was) // ours; without it the comparison is the poorer
	f.Rule = rules.Rule{Key: key, Name: map[string]string{}, Because: map[string]string{}, Outcome: rules.Outcome(v.Get("outcome")),
		Category: rules.Category(v.Get("category")), When: v.Get("when")}
	for _, l := range i18n.Langs() {
		f.Rule.Name[string(l)], f.Rule.Because[string(l)] = v.Get("name_"+string(l)), v.Get("because_"+string(l))
	}
	if f.Rule.Outcome == rules.NeedsInfo {
		f.Rule.Category = rules.Unclear
	}
	for _, q := range v["question"] {
		f.Rule.Questions = append(f.Rule.Questions, rules.Question{Key: q})
	}
	for n := range rules.MaxQuestions {
		own := map[string]string{}
		for _, l := range i18n.Langs() {
			if text := v.Get(ownQuestion(n, string(l))); text != "" {
				own[string(l)] = text
			}
		}
		if len(own) > 0 {
			f.Rule.Questions = append(f.Rule.Questions, rules.Question{Text: own})
		}
	}
	f.Rule.Effects.Priority, _ = strconv.Atoi(v.Get("priority"))
	f.Rule.Effects.Tags, f.Rule.Effects.Team = strings.Split(v.Get("tags"), ","), v.Get("team")
	if !f.CEL {
		f.Condition = readCondition(v)
	}
	return f
}

func ownQuestion(n int, lang string) string { return "own_" + strconv.Itoa(n) + "_" + lang }

// Written puts what was typed as rows into the rule as CEL, and tells whether every row can be
// read.
func (f *RuleForm) Written() bool {
	if f.CEL {
		return true
	}
	f.RowFaults = map[string]string{}
	for g, group := range f.Condition.Groups {
		for n, row := range group.Rows {
			if key := rowFault(row); key != "" {
				f.RowFaults[rowName(g, n)] = key
			}
		}
	}
	f.Rule.When = f.Condition.CEL(ruleFacts())
	if was, err := rules.Rows(f.Was.When, ruleFacts()); err == nil && was.CEL(ruleFacts()) == f.Rule.When {
		f.Rule.When = f.Was.When // nobody touched it: what was written by hand stays as it was
	}
	return len(f.RowFaults) == 0
}

// Reshape does what a button of the form asks for, without saving: another row, one less, the
// other view. It tells whether it did.
func (f *RuleForm) Reshape(do string) bool {
	verb, where, _ := strings.Cut(do, ":")
	group, row, _ := strings.Cut(where, ".")
	g, _ := strconv.Atoi(group)
	n, _ := strconv.Atoi(row)
	switch verb {
	case "cel":
		f.Written()
		f.CEL, f.RowFaults = true, nil
	case "rows":
		return f.asRows()
	case "add_group":
		if len(f.Condition.Groups) < maxGroups {
			f.Condition.Groups = append(f.Condition.Groups, rules.Group{Join: rules.JoinAll, Rows: []rules.Row{{}}})
		}
	case "add_row":
		if g >= 0 && g < len(f.Condition.Groups) && len(f.Condition.Groups[g].Rows) < maxRows {
			f.Condition.Groups[g].Rows = append(f.Condition.Groups[g].Rows, rules.Row{})
		}
	case "remove_row":
		f.removeRow(g, n)
	case "apply":
	default:
		return false
	}
	return true
}

func (f *RuleForm) removeRow(g, n int) {
	groups := f.Condition.Groups
	if g < 0 || g >= len(groups) || n < 0 || n >= len(groups[g].Rows) {
		return
	}
	groups[g].Rows = slices.Delete(groups[g].Rows, n, n+1)
	if len(groups[g].Rows) == 0 {
		f.Condition.Groups = slices.Delete(groups, g, g+1)
	}
	if len(f.Condition.Groups) == 0 {
		f.Condition.Groups = []rules.Group{{Join: rules.JoinAll, Rows: []rules.Row{{}}}}
	}
}

// asRows reads the CEL that was typed; what cannot be read stays, with what is wrong.
func (f *RuleForm) asRows() bool {
	if strings.TrimSpace(f.Rule.When) == "" {
		f.Condition = rules.Condition{Groups: []rules.Group{{Join: rules.JoinAll, Rows: []rules.Row{{}}}}}
		f.CEL = false
		return true
	}
	c, err := rules.Rows(f.Rule.When, ruleFacts())
	if err != nil {
		f.Faults = rules.Faults(err)
		return true
	}
	f.Condition, f.CEL = c, false
	return true
}

// Refused shows what is wrong with the rule.
func (f RuleForm) Refused(faults []*RuleFault) RuleForm { f.Faults = faults; return f }

// Behind tells who changed the rules meanwhile; saving again saves over it.
func (f RuleForm) Behind(b desk.Rulebook) RuleForm {
	now, there := rules.Ruleset{Rules: b.Rules()}.Rule(f.Rule.Key)
	f.Conflict = &RuleConflict{RulesConflict: *ConflictOf(b), Now: now, Gone: f.Known && !there}
	f.At, f.Rules = b.Mark(), b.Rules()
	if f.Conflict.Gone {
		f.Known, f.After = false, beforeAlways(f.Rules)
	}
	return f
}

// error is what is wrong with a field, in words.
func (f RuleForm) error(ctx context.Context, field string) string {
	var texts []string
	for _, e := range f.Faults {
		if e.Field == field || field == "name" && e.Field == "key" || field == "when" && e.Field == "" {
			texts = append(texts, faultText(i18n.From(ctx), e))
		}
	}
	if field == "when" && len(f.RowFaults) > 0 {
		texts = append(texts, i18n.T(ctx, "fault.rows"))
	}
	return strings.Join(texts, " ")
}

// controls are the ids that faults lead to, in the order of the form.
var controls = []struct{ field, id string }{{"name", "name_fr"}, {"when", "condition"}, {"outcome", "outcome"}, {"category", "category"},
	{"because", "because_fr"}, {"questions", "questions"}, {"effects", "priority"}}

func (f RuleForm) summary(ctx context.Context) []ui.Problem {
	var out []ui.Problem
	for _, c := range controls {
		if text := f.error(ctx, c.field); text != "" {
			out = append(out, ui.Problem{For: c.id, Text: text})
		}
	}
	return out
}
