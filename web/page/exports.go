package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// ExportsPage is who took what the desk owns, and the form of the next export.
type ExportsPage struct {
	List     []desk.Export
	Form     string
	Files    bool
	Problems desk.Problems
}

func exportForms(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, form := range []desk.ExportForm{desk.ExportJSON, desk.ExportCSV} {
		options = append(options, ui.Option{Value: string(form), Text: i18n.T(ctx, "moving.form."+string(form)), Hint: i18n.T(ctx, "moving.form_hint."+string(form))})
	}
	return options
}

var exportTones = map[desk.ExportState][2]string{desk.ExportRunning: {"info", "play"}, desk.ExportDone: {"ok", "ok"}, desk.ExportBroken: {"bad", "stop"}}

// exportWords say what one holds.
func exportWords(p *i18n.Printer, e desk.Export) string {
	words := p.T("moving.form." + string(e.Form))
	if e.Files {
		words += ", " + p.T("moving.and_files")
	}
	return words
}

func unreadNames(names []string) string { return strings.Join(names, ", ") }

// ErasurePage is what is about to be forgotten of somebody.
type ErasurePage struct {
	Person   desk.Person
	Traces   desk.Traces
	Email    string // as it was typed
	Problems desk.Problems
}
