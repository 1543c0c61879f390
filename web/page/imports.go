package page

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/sheet"
	"guichet/web/ui"
)

// ImportsPage is the files of other systems that were read in, and the form of the
// next.
type ImportsPage struct {
	List     []desk.Import
	Kind     string
	Text     string
	Problems desk.Problems
}

// ImportPage is one file, with a page of its lines of one state.
type ImportPage struct {
	desk.Import
	Shown desk.LineState
	Rows  []desk.ImportLine
}

// first are the lines of a page, more that there are others after them.
func (o ImportPage) first() []desk.ImportLine { return o.Rows[:min(len(o.Rows), desk.PageSize)] }

func (o ImportPage) more() bool { return len(o.Rows) > desk.PageSize }

func importHref(f Frame, i desk.Import) string { return f.Href("/settings/import/" + i.ID.String()) }

func importKind(ctx context.Context, k desk.ImportKind) string {
	return i18n.T(ctx, "moving.kind."+string(k))
}

func importKinds(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, k := range desk.ImportKinds() {
		options = append(options, ui.Option{Value: string(k), Text: importKind(ctx, k), Hint: i18n.T(ctx, "moving.kind_hint."+string(k))})
	}
	return options
}

var importTones = map[desk.ImportState][2]string{
	desk.ImportReading: {"info", "play"}, desk.ImportRead: {"warn", "eye"}, desk.ImportAdding: {"info", "play"},
	desk.ImportDone: {"ok", "ok"}, desk.ImportFailed: {"bad", "stop"}, desk.ImportDropped: {"", "pause"},
}

// importSays sums a file up in a line.
func importSays(p *i18n.Printer, i desk.Import) string {
	if i.Problem != "" {
		if i.Problem != "columns" {
			i.Unread = nil
		}
		return p.T("moving.file."+i.Problem, "Columns", columnNames(p, i.Unread), "Most", p.Number(desk.MaxImportLines))
	}
	var parts []string
	for _, n := range []struct {
		key string
		n   int
	}{{"moving.n_added", i.Added}, {"moving.n_good", i.Good - i.Added}, {"moving.n_known", i.Known}, {"moving.n_bad", i.Bad}} {
		if n.n > 0 {
			parts = append(parts, p.N(n.key, n.n))
		}
	}
	return strings.Join(parts, " · ")
}

// columnName is a column as the template names it.
func columnName(ctx context.Context, name string) string {
	return i18n.T(ctx, "moving.column."+name)
}

func columnNames(p *i18n.Printer, names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = p.T("moving.quoted", "Name", p.T("moving.column."+name))
	}
	return strings.Join(out, ", ")
}

// polling has the page look again while a job is at work on the file.
func (o ImportPage) polling(f Frame) templ.Attributes {
	if !o.State.Running() {
		return nil
	}
	return templ.Attributes{"data-hx-get": importHref(f, o.Import), "data-hx-trigger": "every 2s", "data-hx-select": "#import", "data-hx-swap": "outerHTML"}
}

// progress is how far the job has come: what was added of what is to be.
func (o ImportPage) progress() (value, of string) {
	if o.State == desk.ImportAdding {
		return strconv.Itoa(o.Added), strconv.Itoa(max(o.Good, 1))
	}
	return "", ""
}

// tab is a link to the lines of a state.
type lineTab struct {
	state desk.LineState
	n     int
}

func (o ImportPage) tabs() (list []lineTab) {
	for _, t := range []lineTab{{desk.LineBad, o.Bad}, {desk.LineGood, o.Good - o.Added}, {desk.LineKnown, o.Known}} {
		if t.n > 0 {
			list = append(list, t)
		}
	}
	return list
}

// FirstTab are the lines that are shown where nobody asks for others.
func (o ImportPage) FirstTab() desk.LineState {
	if tabs := o.tabs(); len(tabs) > 0 {
		return tabs[0].state
	}
	return ""
}

func (o ImportPage) linesHref(f Frame, s desk.LineState, after int) string {
	href := importHref(f, o.Import) + "?lines=" + string(s)
	if after > 0 {
		href += "&after=" + strconv.Itoa(after)
	}
	return href
}

// lastLine is where the next page begins.
func (o ImportPage) lastLine() int {
	rows := o.first()
	return rows[len(rows)-1].Line
}

// mostCell bounds what is shown of a cell.
const mostCell = 80

func cellShown(text string) string {
	if runes := []rune(text); len(runes) > mostCell {
		text = string(runes[:mostCell]) + "…"
	}
	return shown(text)
}

// lineWords are the first cells of a line, in the order of its columns.
func (o ImportPage) lineWords(l desk.ImportLine) string {
	var words []string
	for _, c := range o.Kind.Columns() {
		if text := l.Cells[c.Name]; text != "" && len(words) < 4 {
			words = append(words, cellShown(text))
		}
	}
	return strings.Join(words, " · ")
}

// WriteTemplate writes an empty file of a kind with the names of its columns, as the
// reader's spreadsheet parts them.
func WriteTemplate(ctx context.Context, k desk.ImportKind, to io.Writer) error {
	head := make([]any, 0, len(k.Columns()))
	for _, c := range k.Columns() {
		head = append(head, columnName(ctx, c.Name))
	}
	return Sheet{Rows: [][]any{head}}.CSV(ctx, to)
}

// Refused is the file of the lines of another that were not added, each with what is
// wrong with it: repaired, and without its first columns, it can come again.
type Refused struct {
	ctx     context.Context
	to      io.Writer
	out     *csv.Writer
	columns []sheet.Column
}

// RefusedTo writes in the words of the reader, as his spreadsheet parts them.
func RefusedTo(ctx context.Context, to io.Writer) *Refused { return &Refused{ctx: ctx, to: to} }

// Begin writes the names of the columns.
func (r *Refused) Begin(i desk.Import) (err error) {
	comma := ','
	if i18n.From(r.ctx).Lang() == i18n.French {
		comma = ';'
	}
	if r.out, err = sheet.NewWriter(r.to, comma); err != nil {
		return err
	}
	r.columns = i.Kind.Columns()
	head := []string{i18n.T(r.ctx, "moving.line"), i18n.T(r.ctx, "moving.wrong")}
	for _, c := range r.columns {
		head = append(head, columnName(r.ctx, c.Name))
	}
	return r.out.Write(head)
}

// Line writes one.
func (r *Refused) Line(l desk.ImportLine) error {
	var wrong []string
	for _, p := range l.Problems {
		wrong = append(wrong, problemWords(r.ctx, p))
	}
	cells := []string{strconv.Itoa(l.Line), sheet.Guarded(strings.Join(wrong, " "))}
	for _, c := range r.columns {
		cells = append(cells, sheet.Guarded(l.Cells[c.Name]))
	}
	return r.out.Write(cells)
}

// End writes what is left, if anything was begun.
func (r *Refused) End() error {
	if r.out == nil {
		return nil
	}
	r.out.Flush()
	return r.out.Error()
}

// problemWords says what is wrong with a cell, by the name of its column.
func problemWords(ctx context.Context, p desk.Problem) string {
	text := i18n.T(ctx, p.Key, p.Args...)
	if p.Field == "" {
		return text
	}
	first, size := utf8.DecodeRuneInString(text) // it goes on where the column's name began
	return i18n.T(ctx, "moving.in_column", "Column", columnName(ctx, p.Field), "Text", string(unicode.ToLower(first))+text[size:])
}

// unjudged tells a ticket that came from another system, and that no rule has judged
// since.
func (t DeskTicket) unjudged() bool {
	return t.Thread.Ticket.External != "" && t.Thread.Decision.ID == desk.Nobody
}
