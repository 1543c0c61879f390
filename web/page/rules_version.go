package page

import (
	"context"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// RuleFault is one thing that is wrong with a rule.
type RuleFault = rules.Error

// RulesOld is the page of one published version.
type RulesOld struct {
	Book            desk.Rulebook
	Version, Before desk.RulesetVersion
	Conflict        *RulesConflict
	Note            string
	Problems        desk.Problems
	Faults          []*RuleFault
}

func (v RulesOld) title(p *i18n.Printer) string {
	return p.T("rules.version_title", "Version", strconv.Itoa(v.Version.Version))
}

func (v RulesOld) heading(p *i18n.Printer) string {
	if v.Before.Version == 0 {
		return p.T("rules.first_version")
	}
	return p.T("rules.compared_version", "Version", strconv.Itoa(v.Before.Version))
}

// changes compares with the version before; the first one has nothing to be compared with.
func (v RulesOld) changes() []rules.Change {
	if v.Before.Version == 0 {
		return rules.Compare(v.Version.Rules, v.Version.Rules)
	}
	return rules.Compare(v.Before.Rules, v.Version.Rules)
}

// note is what bringing the version back is said to be for, until its author says more.
func (v RulesOld) note(p *i18n.Printer) string {
	if v.Note == "" && len(v.Problems) == 0 {
		return p.T("rules.roll_back_note", "Version", strconv.Itoa(v.Version.Version))
	}
	return v.Note
}

func (r Rules) published() string { return strconv.Itoa(r.Book.Published.Version) }

// few are as many faults as a person reads at once.
func (i RulesImport) few() []*RuleFault { return i.Faults[:min(len(i.Faults), 30)] }

func (i RulesImport) failed() bool { return len(i.Faults) > 0 || i.Key != "" || i.Text != "" }

func (i RulesImport) error(ctx context.Context) string {
	if i.Key == "" {
		return ""
	}
	return i18n.T(ctx, i.Key)
}

// faultOf says what is wrong and with which rule.
func faultOf(p *i18n.Printer, e *RuleFault) string {
	if e.Rule == "" {
		return faultText(p, e)
	}
	return p.T("rules.fault_of", "Rule", shown(e.Rule), "Text", faultText(p, e))
}
