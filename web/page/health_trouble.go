package page

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// troubleText is what a trouble's card says, each part with the language it is in where
// that is not the reader's.
type troubleText struct {
	Title, Sees, Known, Meanwhile string
	Lang                          string // of the partner's words, "" for the reader's own
}

// tell takes the partner's words where he said any, and makes plain sentences of
// what is known where he did not: a publisher's own text is for those who ask.
func (h Health) tell(ctx context.Context, t desk.Trouble) troubleText {
	p := i18n.From(ctx)
	own := string(p.Lang())
	words, said := t.Words.In(own)
	out := troubleText{Title: words.Title, Sees: words.Sees, Known: words.Known, Meanwhile: words.Meanwhile}
	if said && !t.Words[own].Said() {
		out.Lang = map[string]string{"fr": "en", "en": "fr"}[own]
	}
	facts := h.factual(p, t)
	if out.Title == "" {
		out.Title = facts.Title
	}
	if !said {
		out.Sees, out.Known, out.Meanwhile = facts.Sees, facts.Known, facts.Meanwhile
	}
	return out
}

// factual is a trouble in sentences of the catalogue.
func (h Health) factual(p *i18n.Printer, t desk.Trouble) troubleText {
	service := serviceName(p, t.Service)
	if service == "" {
		service = p.T("health.a_service")
	}
	level, stage := t.Level(), t.Stage()
	if t.Over {
		level = t.Harm()
	}
	out := troubleText{Title: p.T("health.title."+string(level), "Service", service), Sees: p.T("health.sees." + string(level)),
		Known: p.T("health.stage."+string(stage), "Desk", h.Desk.Name), Meanwhile: p.T("health.wait", "Desk", h.Desk.Name)}
	if t.Kind == desk.IncidentKind {
		out.Title = p.T("health.title_shared", "Service", service)
	}
	if len(t.Places) > 0 {
		out.Sees += " " + p.T("health.places", "Places", strings.Join(t.Places, ", "))
	}
	return out
}

// lasting is since when, and for how long.
func lasting(ctx context.Context, t desk.Trouble) string {
	p := i18n.From(ctx)
	return p.T("health.since", "When", p.When(t.StartedAt), "Duration", p.Duration(t.Lasted(p.Now())))
}

// nextNews says when the next word comes, or that none is announced.
func nextNews(ctx context.Context, t desk.Trouble) string {
	p := i18n.From(ctx)
	switch {
	case t.NextAt == nil:
		return p.T("health.next_unknown")
	case t.Late(p.Now()):
		return p.T("health.next_late", "Before", p.Before(*t.NextAt))
	}
	return p.T("health.next", "Before", p.Before(*t.NextAt))
}

// postWords says in plain words what kind of news a post is.
func postWords(ctx context.Context, p desk.Post) string {
	switch {
	case p.Part("final status") != "":
		return i18n.T(ctx, "health.post_final")
	case p.Part("root cause") != "" || p.Part("preliminary root cause") != "":
		return i18n.T(ctx, "health.post_cause")
	case p.Part("current status") != "":
		return i18n.T(ctx, "health.post_status")
	}
	return i18n.T(ctx, "health.post")
}

// newsOf lists a trouble's posts, the newest first.
func newsOf(t desk.Trouble) []desk.Post {
	out := make([]desk.Post, 0, len(t.Posts))
	for i := len(t.Posts) - 1; i >= 0; i-- {
		out = append(out, t.Posts[i])
	}
	return out
}

// attributes mark what is not in the reader's language.
func (t troubleText) attributes() templ.Attributes {
	if t.Lang == "" {
		return nil
	}
	return templ.Attributes{"lang": t.Lang}
}

// customersTouched counts customers, up to where counting stops.
func customersTouched(ctx context.Context, n int) string {
	if n >= desk.MostTouched {
		return i18n.T(ctx, "health.many_touched", "Most", i18n.From(ctx).Number(desk.MostTouched))
	}
	return i18n.N(ctx, "health.customers", n)
}

func (h Health) servicesTitle(ctx context.Context) string {
	switch {
	case h.Reader == HealthOverall:
		return i18n.T(ctx, "health.services_touched")
	case h.Connected():
		return i18n.T(ctx, "health.services")
	}
	return i18n.T(ctx, "health.services_known")
}

// daysText says in a word what the strip beside it shows.
func (h Health) daysText(ctx context.Context, s desk.ServiceHealth) string {
	if n := touchedDays(s); n > 0 {
		return i18n.N(ctx, "health.touched_days", n)
	}
	return i18n.T(ctx, "health.strip_quiet")
}

// touchedText is how many customers a service's troubles touch.
func (h Health) touchedText(ctx context.Context, s desk.ServiceHealth) string {
	if s.Customers == 0 {
		return "–"
	}
	return i18n.From(ctx).Number(s.Customers)
}
