package page

import (
	"context"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/i18n"
	"guichet/web/ui"

	"github.com/a-h/templ"
)

// EvidenceForm is what came of sending files: how many were taken, and why others
// were not, each problem with its file's "Name".
type EvidenceForm struct {
	Taken    int
	Problems desk.Problems
	Pack     *dossier.TooBig // the zip was asked for and is over the portal's limit
}

// refusal is a file that was not taken, and why.
type refusal struct{ name, why string }

func (e EvidenceForm) refusals(ctx context.Context) []refusal {
	list := make([]refusal, len(e.Problems))
	for i, p := range e.Problems {
		list[i].why = i18n.T(ctx, p.Key, p.Args...)
		for n := 0; n+1 < len(p.Args); n += 2 {
			if name, ok := p.Args[n+1].(string); ok && p.Args[n] == "Name" {
				list[i].name = name
			}
		}
	}
	return list
}

// error is what stands at the field: the reason, or how many were not taken.
func (e EvidenceForm) error(ctx context.Context) string {
	switch list := e.refusals(ctx); {
	case len(list) == 0:
		return ""
	case len(list) > 1:
		return i18n.N(ctx, "evidence.refused_count", len(list))
	case list[0].name == "":
		return list[0].why
	default:
		return i18n.T(ctx, "evidence.refused_one", "Name", list[0].name, "Why", list[0].why)
	}
}

func evidenceField(ctx context.Context, e EvidenceForm) ui.Field {
	return ui.Field{Name: "files", Label: i18n.T(ctx, "evidence.choose"), Error: e.error(ctx), Required: true,
		Hint: i18n.T(ctx, "evidence.covered"), More: templ.Attributes{"multiple": true}}
}

// evidenceRoom says what can be sent, before anybody chooses.
func evidenceRoom(ctx context.Context, s desk.EscalationStory) string {
	p := i18n.From(ctx)
	return p.T("evidence.room", "Each", p.Size(desk.MaxEvidence), "All", p.Size(desk.MaxDossierBytes), "Files", desk.MaxDossierFiles,
		"Left", p.Size(max(0, desk.MaxDossierBytes-desk.EvidenceBytes(s.Evidence))))
}

// portalRules says what the form that the dossier is for takes.
func portalRules(ctx context.Context, s desk.EscalationStory) string {
	p, r := i18n.From(ctx), dossier.RulesOf(s.Dossier.Form)
	if r.Most == 0 {
		return p.T("evidence.portal_mail", "Bytes", p.Size(r.Bytes))
	}
	portal := p.T(dossier.FormKey(s.Dossier.Form))
	return p.T("evidence.portal", "Portal", portal, "Bytes", p.Size(r.Bytes), "Most", r.Most, "First", r.MostAtCreation, "Name", r.Name)
}

// blockedTypes are those that the form refuses, for a line of text.
func blockedTypes(s desk.EscalationStory) string {
	return strings.Join(dossier.RulesOf(s.Dossier.Form).Blocked, " ")
}

// tooBig tells a file that the form takes in a zip only.
func tooBig(s desk.EscalationStory, f desk.EvidenceFile) bool {
	return f.Bytes > dossier.RulesOf(s.Dossier.Form).Bytes
}

// coveredText is which secrets were covered in a file: that there were none, or that
// nobody could look.
func coveredText(ctx context.Context, f desk.EvidenceFile) string {
	p := i18n.From(ctx)
	if len(f.Masked) == 0 && dossier.Reads(f.Name) {
		return p.T("evidence.nothing_covered")
	}
	if len(f.Masked) == 0 {
		return p.T("evidence.not_read")
	}
	words := make([]string, len(f.Masked))
	for i, m := range f.Masked {
		what := p.T(m.MessageKey())
		words[i] = p.T("evidence.counted", "What", what, "Count", p.Number(m.Count))
	}
	return strings.Join(words, ", ")
}

// sending tells a dossier whose files a connector sends.
func sending(s desk.EscalationStory) bool {
	return slices.ContainsFunc(s.Evidence, func(f desk.EvidenceFile) bool { return f.Sending != "" })
}

// zipKey says how a file travels that the form takes in a zip only: a person sends it
// in the dossier's, a connector in one of its own.
func zipKey(f desk.EvidenceFile) string {
	if f.Sending != "" {
		return "evidence.zip_own"
	}
	return "evidence.zip_only"
}

// sendsAgain tells one of which something was refused that people can mend.
func sendsAgain(s desk.EscalationStory) bool {
	return s.TakesFiles() && slices.ContainsFunc(s.Evidence, desk.EvidenceFile.Mends)
}

// look is a state as it is drawn: its tone, its sign and the key of its word.
type look struct{ tone, icon, key string }

func sendingLook(s desk.EscalationStory, f desk.EvidenceFile) look {
	switch {
	case f.Sending == desk.EvidenceSent:
		return look{"ok", "ok", "evidence.sending.sent"}
	case f.Sending == desk.EvidenceRefused:
		return look{"bad", "stop", "evidence.sending.refused"}
	case f.Sending == "" || !s.TakesFiles():
		return look{"", "pause", "evidence.sending.not"}
	case f.Trouble != "":
		return look{"warn", "clock", "evidence.sending.later"}
	}
	return look{"info", "clock", "evidence.sending.waiting"}
}

// unsentKey is why a file is not there.
func unsentKey(f desk.EvidenceFile) string {
	return "evidence.unsent." + string(f.Trouble)
}

// unsentNext is what follows from it.
func unsentNext(f desk.EvidenceFile) string {
	if f.Trouble.Passes() {
		return "evidence.unsent.later"
	}
	return "evidence.unsent." + string(f.Trouble) + ".mend"
}

// sendingText sums up how the files of a dossier stand at Microsoft.
func sendingText(ctx context.Context, s desk.EscalationStory) string {
	p, sent, refused := i18n.From(ctx), 0, 0
	for _, f := range s.Evidence {
		switch f.Sending {
		case desk.EvidenceSent:
			sent++
		case desk.EvidenceRefused:
			refused++
		}
	}
	text := p.N("evidence.sum.sent", sent, "All", len(s.Evidence))
	if refused > 0 {
		text += " " + p.N("evidence.sum.refused", refused)
	}
	return text
}

func evidenceHref(f Frame, s desk.EscalationStory, what string) string {
	return f.Href("/escalations/" + number(s.Number) + what)
}
