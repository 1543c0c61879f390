package page

import (
	"context"
	"maps"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// FilesField is where a form takes files: what may be sent, what is sent already, and
// what was refused.
type FilesField struct {
	ID       string    // of the field, where a page has several; "" for attachments
	IDs      []desk.ID // of what the form names
	Held     []desk.Upload
	Limits   desk.FileLimits
	Scanned  int64 // bytes of the largest file that is scanned, 0 where that is no question
	Problems desk.Problems
}

func (x FilesField) id() string {
	if x.ID == "" {
		return "attachments"
	}
	return x.ID
}

// under is the same field under another id.
func (x FilesField) under(id string) FilesField { x.ID = id; return x }

// room says what can be sent, before anybody chooses.
func (x FilesField) room(ctx context.Context) string {
	p := i18n.From(ctx)
	text := p.T("files.room", "Each", p.Size(x.Limits.Each), "All", p.Size(x.Limits.Together), "Files", desk.MaxMessageFiles)
	if !x.Limits.Programs {
		text += " " + p.T("files.no_programs")
	}
	if x.Limits.Refused != "" {
		text += " " + p.T("files.also_refused", "Endings", x.Limits.Refused)
	}
	if x.Scanned > 0 && x.Scanned < x.Limits.Each {
		text += " " + p.T("files.checked_by_hand", "Bytes", p.Size(x.Scanned))
	}
	return text
}

// portals says what Microsoft's own forms take, to whoever may hand a file on.
func portals(ctx context.Context) string {
	p, r := i18n.From(ctx), dossier.RulesOf("azure")
	return p.T("files.portals", "Bytes", p.Size(r.Bytes), "First", r.MostAtCreation, "Most", r.Most, "Name", r.Name)
}

// portalBounds are the same for the script: a file beyond them is told so when it is
// chosen.
func portalBounds(ctx context.Context) templ.Attributes {
	r := dossier.RulesOf("azure")
	return templ.Attributes{"data-portal-bytes": r.Bytes, "data-portal-name": r.Name, "data-portal": i18n.T(ctx, "files.js.portal", "Bytes", i18n.From(ctx).Size(r.Bytes), "Name", r.Name)}
}

// told are the words of the script that sends files ahead, and the bounds that it
// knows.
func (x FilesField) told(ctx context.Context, f Frame) templ.Attributes {
	p := i18n.From(ctx)
	told := templ.Attributes{"data-each": x.Limits.Each, "data-most": desk.MaxMessageFiles, "data-too-large": p.T("files.js.too_large"),
		"data-too-many": p.T("files.js.too_many"), "data-waits": p.T("files.js.waits"),
		"data-broke": p.T("files.js.broke"), "data-again": p.T("files.js.again"), "data-remove": p.T("files.js.drop"), "data-done": p.T("files.js.done"), "data-unsent": p.T("files.js.unsent")}
	if f.Who.DeskSide() {
		maps.Copy(told, portalBounds(ctx))
	}
	return told
}

// RefusedFile says in the reader's words why a file is not taken.
func RefusedFile(p *i18n.Printer, _ desk.FileLimits, wrong desk.Problem) string {
	return p.T(wrong.Key, wrong.Args...)
}

// filesOf picks the files that came with a message or a finding.
func filesOf(list []desk.Attachment, id desk.ID) (out []desk.Attachment) {
	for _, f := range list {
		if f.MessageID == id || f.FindingID == id {
			out = append(out, f)
		}
	}
	return out
}

func fileHref(f Frame, ticket string, x desk.Attachment) string {
	return f.Href("/tickets/" + ticket + "/attachments/" + x.ID.String())
}

// opened says how a link to a file opens it: a picture large, by a script, text by the
// browser; any other file is kept.
func opened(x desk.Attachment) templ.Attributes {
	switch {
	case x.Preview != "":
		return templ.Attributes{"data-picture": x.Name}
	case desk.Picture(x.Type), x.Type == desk.PlainText:
		return nil
	}
	return templ.Attributes{"download": true}
}

// fileVerdicts are what an admin can say of a file that no scanner could look through.
var fileVerdicts = []desk.FileVerdict{desk.ReleaseFile, desk.RescanFile, desk.RemoveFile}

// warned is what its reader must know of a file before he opens it.
func warned(ctx context.Context, f Frame, x desk.Attachment) string {
	switch {
	case x.State == desk.FileUnscanned && !f.Who.DeskSide():
		return i18n.T(ctx, "files.unscanned_outside", "Desk", f.Who.Desk.Name)
	case x.State == desk.FileUnscanned && x.Signature == "":
		return i18n.T(ctx, "files.unscanned_size")
	case x.State == desk.FileUnscanned:
		return i18n.T(ctx, "files.unscanned_why", "Why", x.Signature)
	case x.State == desk.FileQuarantined:
		return i18n.T(ctx, "files.checking")
	case x.State == desk.FileInfected:
		return i18n.T(ctx, "files.infected", "Signature", x.Signature)
	case x.State == desk.FileRemoved:
		return i18n.T(ctx, "files.removed")
	case desk.Lies(x.Name, x.Type):
		return i18n.T(ctx, "files.lies")
	}
	return ""
}

// previewSize is what a small picture takes on a page, in CSS pixels: half of its own.
func previewSize(x desk.Attachment) (width, height int) {
	w, h := max(x.Width, 1), max(x.Height, 1)
	if w > 320 {
		w, h = 320, max(1, h*320/w)
	}
	if h > 240 {
		w, h = max(1, w*240/h), 240
	}
	return w, h
}

// FileLimitsForm is which files the desk takes, as typed: sizes in megabytes.
type FileLimitsForm struct {
	Each, Together, Refused string
	Programs, Scans         bool
	ScanMost                int64 // bytes of the largest file that is scanned, 0 where nobody knows
	Unscanned               []desk.UnscannedFile
	Restored                bool
	Problems                desk.Problems
}

// FileLimitsFormOf is the form as the desk stands.
func FileLimitsFormOf(d desk.Desk) FileLimitsForm {
	l := d.Limits()
	return FileLimitsForm{Each: number(l.Each >> 20), Together: number(l.Together >> 20), Programs: l.Programs, Refused: l.Refused}
}

func (x FileLimitsForm) size(ctx context.Context, key, value, hint string) ui.Field {
	f := required(asked(ctx, x.Problems, key, strings.TrimSpace(value), hint))
	f.Type = "number"
	f.More = map[string]any{"min": 1, "max": desk.MostFileBytes >> 19}
	return f
}

func scanText(ctx context.Context, x FileLimitsForm) string {
	if x.Scans && x.ScanMost > 0 {
		return i18n.T(ctx, "files.scans_up_to", "Bytes", i18n.From(ctx).Size(x.ScanMost))
	}
	if x.Scans {
		return i18n.T(ctx, "files.scans")
	}
	return i18n.T(ctx, "files.scans_not")
}

func fileTone(x desk.Attachment) string {
	if x.State == desk.FileInfected {
		return "bad"
	}
	return "warn"
}

// fileEventText tells of a file that a scanner took away or could not look through,
// and of the word that was said about it.
func fileEventText(p *i18n.Printer, e desk.Happened) string {
	name := shown(e.Data["name"])
	switch e.Kind {
	case desk.EventInfected:
		return p.T("files.infected_event", "Name", name, "Signature", shown(e.Data["signature"]), "Who", e.Data["by"])
	case desk.EventUnscanned:
		return p.T("files.unscanned_event", "Name", name, "Who", e.Data["by"])
	case desk.EventJudged:
		return p.T("files.judged."+e.Data["verdict"], "Name", name, "Who", e.ActorName)
	}
	return ""
}
