package page

import (
	"context"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// said is an entry as the thread shows it: theirs at the other side.
func (e Escalation) said(ctx context.Context, n desk.SaidEntry) ui.Said {
	p := i18n.From(ctx)
	x := ui.Said{ID: "n-" + n.ID.String(), Kind: "desk", Author: n.PersonName, At: n.At}
	if n.Side == desk.Them {
		x.Kind, x.Author, x.Meta = "customer", targetName(p, e.Story.Target), shown(n.Author)
	}
	if x.Author == "" {
		x.Author = p.T("escalation.owes.us")
	}
	x.Initials = desk.Initials(x.Author)
	switch {
	case n.Source != desk.FromPerson:
		x.Meta = joined(x.Meta, p.T("escalation.source."+string(n.Source)))
	case n.Side == desk.Them:
		x.Meta = joined(x.Meta, p.T("escalation.entered_by", "Who", n.PersonName))
	default:
		x.Meta = routeTo(p, e.Story.Target, "")
	}
	return x
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

// relaysFirst tells the entry whose relay stands open: the newest that nobody has
// passed on. Drafts of older ones stay folded, since one message often serves for all.
func (e Escalation) relaysFirst(n desk.SaidEntry) bool {
	waiting := e.unrelayed()
	return len(waiting) > 0 && waiting[0].ID == n.ID
}

// relayField is a word to the customers in one language, drafted.
func (e Escalation) relayField(ctx context.Context, f Frame, form, language string) ui.Field {
	name := "text_" + language
	x := ui.Field{Name: name, Label: i18n.T(ctx, "escalation.relay_text", "Language", i18n.T(ctx, "published.language."+language)), Value: e.draft(ctx, f, language),
		More: templ.Attributes{"id": form + "-" + name, "lang": language}}
	if e.mine(form) {
		x.Value, x.Error = shown(e.Form.Typed.Get(name)), problemOf(ctx, e.Form.Problems, name)
	}
	return x
}
