package page

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
	"guichet/web/ui"
)

// Rules is the page of a desk's rules.
type Rules struct {
	Book     desk.Rulebook
	Counts   map[string]desk.RuleCount // how each rule did lately, by its key; nil where that is not known
	Trial    TrialPanel
	Conflict *RulesConflict // somebody was faster
	Import   RulesImport
	Note     string // of the version to be published
	Problems desk.Problems
	Faults   []*RuleFault // what keeps the draft from being published
}

// RulesImport is the form that takes a file of rules.
type RulesImport struct {
	Text   string
	Faults []*RuleFault
	Key    string // message key of what is wrong with the file as a whole
}

// RulesConflict tells who changed the rules while a form was being filled in.
type RulesConflict struct {
	Author    string
	At        time.Time
	Published bool // it was a publication
}

// ConflictOf is the last act on a desk's rules.
func ConflictOf(b desk.Rulebook) *RulesConflict {
	if b.Draft != nil && b.Draft.UpdatedAt.After(b.Published.CreatedAt) {
		return &RulesConflict{Author: b.Draft.Author, At: b.Draft.UpdatedAt}
	}
	return &RulesConflict{Author: b.Published.Author, At: b.Published.CreatedAt, Published: true}
}

// text says who did what, and when.
func (c RulesConflict) text(ctx context.Context) string {
	p := i18n.From(ctx)
	switch {
	case c.Author == "":
		return p.T("rules.conflict_gone")
	case c.Published:
		return p.T("rules.conflict_published", "Who", c.Author, "When", p.When(c.At))
	}
	return p.T("rules.conflict_changed", "Who", c.Author, "When", p.When(c.At))
}

// href is an address of the rules.
func rulesHref(f Frame, path ...string) string {
	return f.Href("/settings/rules" + strings.Join(append([]string{""}, path...), "/"))
}

// DraftMark writes a state of the rules or of the offer into a form; ReadDraftMark reads it back.
func DraftMark(m desk.DraftMark) string {
	return fmt.Sprint(m.Version, ".", m.Revision, ".", m.Changed)
}

// ReadDraftMark reads what DraftMark wrote; anything else is no state of any.
func ReadDraftMark(text string) (m desk.DraftMark) {
	if _, err := fmt.Sscanf(text, "%d.%d.%d", &m.Version, &m.Revision, &m.Changed); err != nil {
		return desk.DraftMark{}
	}
	return m
}

func (r Rules) mark() string { return DraftMark(r.Book.Mark()) }

// edits tells a reader who may change the rules.
func (f Frame) edits() bool { return f.Who.May(desk.ManageRules) == nil }

func (r Rules) next() string { return strconv.Itoa(r.Book.Published.Version + 1) }

// heading is what the list shows.
func (r Rules) heading(p *i18n.Printer) string {
	if r.Book.Draft == nil {
		return p.T("rules.published", "Version", strconv.Itoa(r.Book.Published.Version))
	}
	return p.T("rules.compared", "Draft", r.next(), "Version", strconv.Itoa(r.Book.Published.Version))
}

// count is how often a rule decided, "" where that is not known.
func (r Rules) count(p *i18n.Printer, key string) string {
	if r.Counts == nil {
		return ""
	}
	c := r.Counts[key]
	switch {
	case c.Fired == 0:
		return p.T("rules.never_fired")
	case c.Overridden > 0:
		return p.T("rules.fired_overridden", "Fired", p.N("rules.fired", c.Fired), "Overridden", p.N("rules.overridden", c.Overridden))
	}
	return p.N("rules.fired", c.Fired)
}

// ruleTitle is a rule's name in the reader's language.
func ruleTitle(p *i18n.Printer, r rules.Rule) string {
	if name := inLanguage(p, r.Name); name != "" {
		return shown(name)
	}
	return r.Key
}

var changeIcons = map[rules.Difference]string{rules.Added: "plus", rules.Edited: "pen", rules.Moved: "turn", rules.Removed: "cross"}

// changeText says what became of a rule.
func changeText(p *i18n.Printer, c rules.Change) string {
	text := p.T("rules.change." + string(c.Difference))
	if c.Difference == rules.Moved || c.Difference == rules.Edited && c.HasMoved {
		moved := "rules.moved_down"
		by := c.Rank - c.WasRank
		if by < 0 {
			moved, by = "rules.moved_up", -by
		}
		if by == 0 {
			return text
		}
		where := p.N(moved, by)
		if c.Difference == rules.Moved {
			return where
		}
		return text + ", " + where
	}
	return text
}

// ruleDetail is one thing that a rule says besides its condition.
type ruleDetail struct{ Label, Was, Now string }

// details are what a rule does and says besides deciding; of one that was edited, what it was.
func details(p *i18n.Printer, c rules.Change) []ruleDetail {
	was := rules.Rule{}
	if c.Difference == rules.Edited {
		was = c.Was
	}
	var out []ruleDetail
	add := func(label string, say func(rules.Rule) string) {
		d := ruleDetail{label, "", say(c.Rule)}
		if c.Difference == rules.Edited {
			d.Was = say(was)
		} else {
			d.Was = d.Now
		}
		if d.Was != "" || d.Now != "" {
			out = append(out, d)
		}
	}
	if c.Difference == rules.Edited {
		for _, l := range i18n.Langs() {
			if c.Was.Name[string(l)] != c.Rule.Name[string(l)] {
				add(p.T("rules.name_in", "Language", p.T("language."+string(l))), func(r rules.Rule) string { return shown(r.Name[string(l)]) })
			}
		}
	}
	for _, l := range i18n.Langs() {
		if c.Difference != rules.Edited || c.Was.Because[string(l)] == c.Rule.Because[string(l)] {
			if string(l) == string(p.Lang()) {
				add(p.T("rules.because"), func(r rules.Rule) string { return shown(r.Because[string(l)]) })
			}
		} else {
			add(p.T("rules.because_in", "Language", p.T("language."+string(l))), func(r rules.Rule) string { return shown(r.Because[string(l)]) })
		}
	}
	add(p.T("rules.asks"), func(r rules.Rule) string { return asks(p, r) })
	add(p.T("rules.priority"), func(r rules.Rule) string {
		if r.Effects.Priority < 1 || r.Effects.Priority > 4 {
			return ""
		}
		return p.T("priority." + strconv.Itoa(r.Effects.Priority))
	})
	add(p.T("rules.tags"), func(r rules.Rule) string { return shown(strings.Join(r.Effects.Tags, ", ")) })
	add(p.T("rules.team"), func(r rules.Rule) string { return shown(r.Effects.Team) })
	return out
}

// asks is a rule's questions, one behind the other.
func asks(p *i18n.Printer, r rules.Rule) string {
	var out []string
	for _, q := range r.Questions {
		out = append(out, shown(questionText(p, q)))
	}
	return strings.Join(out, " ")
}

// category is what a rule says a ticket is, in the middle of a sentence.
func categoryWord(p *i18n.Printer, r rules.Rule) string {
	if !slices.Contains(rules.Categories(r.Outcome), r.Category) || r.Category == rules.Unclear {
		return ""
	}
	return p.T("category." + string(r.Category))
}

// rulesRail is the settings and, below them, the versions of the rules.
func (f Frame) rulesRail(ctx context.Context, b desk.Rulebook, open int) []ui.RailGroup {
	p := i18n.From(ctx)
	groups := f.settingsRail(ctx)
	versions := ui.RailGroup{Title: p.T("rules.versions")}
	if b.Draft != nil {
		versions.Items = append(versions.Items, ui.RailItem{NavItem: ui.NavItem{Text: p.T("rules.draft_item", "Version", strconv.Itoa(b.Published.Version+1)),
			Href: rulesHref(f)}, Count: desk.FirstName(b.Draft.Author)})
	}
	for _, v := range b.Versions {
		text := strconv.Itoa(v.Version)
		if v.Version == b.Published.Version {
			text = p.T("rules.published_item", "Version", text)
		}
		item := ui.RailItem{NavItem: ui.NavItem{Text: text, Href: rulesHref(f, "versions", strconv.Itoa(v.Version)), Current: v.Version == open}}
		if !v.CreatedAt.IsZero() {
			item.Count = p.ShortDate(v.CreatedAt)
		}
		versions.Items = append(versions.Items, item)
	}
	return append(groups, versions)
}

// faultText says what is wrong with a rule, where, and what may be meant.
func faultText(p *i18n.Printer, e *RuleFault) string {
	text := p.T("fault."+string(e.Kind), "Detail", faultDetail(p, e))
	if e.Near != "" {
		text = p.T("rules.near", "Text", text, "Name", e.Near)
	}
	switch {
	case e.Line > 0 && e.Column > 0:
		return p.T("rules.at", "Line", e.Line, "Column", e.Column, "Text", text)
	case e.Line > 0:
		return p.T("rules.at_line", "Line", e.Line, "Text", text)
	}
	return text
}

// faultDetail is what a fault speaks of, short enough to be read.
func faultDetail(p *i18n.Printer, e *RuleFault) string {
	text := shown(e.Detail)
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return text
}

func ruleAttributes(f Frame, r Rules, c rules.Change) templ.Attributes {
	a := templ.Attributes{"id": "r-" + c.Rule.Key}
	if c.Difference != rules.Same {
		a["data-change"] = string(c.Difference)
	}
	if f.edits() && c.Difference != rules.Removed {
		a["data-moves"] = strconv.Itoa(c.Rank)
	}
	return a
}

func (r Rules) noHint() bool {
	if r.Book.Draft != nil {
		return r.Book.Draft.NoHint
	}
	return r.Book.Published.NoHint
}

// sentenceParts is a condition beside what it was, where it was edited. Two that share little
// stand one below the other.
func sentenceParts(p *i18n.Printer, c rules.Change) []ruleWords {
	now := conditionWords(p, c.Rule.When)
	if c.Difference != rules.Edited || c.Was.When == c.Rule.When {
		return []ruleWords{{"", now}}
	}
	was := conditionWords(p, c.Was.When)
	parts, kept := compareWords(was, now), 0
	for _, part := range parts {
		if part.Change == "" {
			kept += len(part.Words)
		}
	}
	if 2*kept < max(len(was), len(now)) {
		now[0].Line = 1
		return []ruleWords{{"del", was}, {"ins", now}}
	}
	return parts
}
