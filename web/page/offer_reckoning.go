package page

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// reckoningNews is how long the end of a recalculation is worth telling.
const reckoningNews = time.Hour

// reckoned says how far the newest recalculation of deadlines has come; "" when
// it is no news.
func (o Offer) reckoned(ctx context.Context) string {
	p, r := i18n.From(ctx), o.Book.Reckoned
	switch {
	case r == nil:
		return ""
	case r.State == desk.RecalculationWaiting:
		return p.T("reckoning.waiting")
	case r.State == desk.RecalculationRunning:
		return p.T("reckoning.running", "Done", p.Number(r.Done), "Total", p.Number(r.Total))
	case r.EndedAt == nil || p.Now().Sub(*r.EndedAt) > reckoningNews:
		return ""
	case r.State == desk.RecalculationFailed:
		return p.T("reckoning.failed", "Done", p.Number(r.Done), "Total", p.Number(r.Total))
	}
	return p.T("reckoning.done", "Done", p.N("reckoning.tickets", r.Done), "Moved", p.Number(r.Changed))
}

// reckoningTone is the colour of the news.
func (o Offer) reckoningTone() (tone, icon string) {
	if o.Book.Reckoned.State == desk.RecalculationFailed {
		return "bad", "alert"
	}
	return "info", "clock"
}

// underway asks again while there is something to see, where scripts are.
func (o Offer) underway(f Frame) templ.Attributes {
	if r := o.Book.Reckoned; r == nil || r.State != desk.RecalculationWaiting && r.State != desk.RecalculationRunning {
		return templ.Attributes{}
	}
	return templ.Attributes{"data-hx-get": string(offerHref(f)), "data-hx-trigger": "every 2s", "data-hx-select": "#reckoning", "data-hx-swap": "outerHTML"}
}
