package journey_test

import (
	"net/http"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// A writer is somebody whose session ends while he types.
type writer struct {
	who, page   string
	field, open string // what he types into, and what he must open before
	send        string
}

// interrupted people find what they typed, once they are back.
func interrupted(t *testing.T, site *running.Portal) {
	mine, yours := asks(t, site, "dan@northgate.example", "A question about gazelles"), asks(t, site, "elodie@troisvallees.example", "Une question de gazelle")
	writers := []writer{
		{who: "ines@alpine.example", page: "/tickets/" + yours, field: "body", send: ".composer button.if-reply"},
		{who: "dan@northgate.example", page: "/tickets/" + mine, field: "body", send: `form[action$="/messages"] button[data-kind=main]`},
		{who: "priya@harbourfinch.example", page: "/tickets/new", field: "subject", send: ".stub button"},
		{who: "ines@alpine.example", page: "/tickets/" + yours, field: "text", open: "details:has([name=finding_kind]) > summary", send: `form[action$="/findings"] button`},
	}
	for n, view := range hands[3] {
		t.Run(view.String(), func(t *testing.T) {
			t.Parallel()
			w := writers[n]
			p := journey.Open(t, site.Base+"/alpine", view)
			p.SignIn(t, site.Base, "alpine", w.who)
			p.Go(t, site.Base+"/alpine"+w.page)
			if w.open != "" {
				p.Click(t, w.open)
				p.Choose(t, "finding_kind", "other")
				p.Choose(t, "result", "info")
			}
			const text = "Ce que j’ai mis longtemps à écrire"
			p.Fill(t, w.field, text)
			if w.field == "subject" {
				p.Fill(t, "body", text)
			}
			signsOut(t, site, p.Beside(t, site.Base+"/alpine/account"))
			p.Submit(t, w.send)
			fits(t, p)
			p.Shot(t, "session-ended")
			p.Submit(t, `main a[data-kind=main][href*="/sign-in"]`)
			p.Submit(t, `button[name=person][value="`+w.who+`"]`)
			ends(t, p, site, "/alpine"+w.page)
			if got := p.Value(t, `[name="`+w.field+`"]`); got != text {
				t.Errorf("%s: of what was typed there is %q", view, got)
			}
			if p.Count(t, `[name="`+w.field+`"]`) != 1 {
				t.Errorf("%s: what was typed is out of sight", view)
			}
			fits(t, p)
			p.Shot(t, "restored")
			p.Submit(t, w.send)
			if p.Status() != http.StatusOK {
				t.Errorf("%s: sent again, it is answered %d", view, p.Status())
			}
			says(t, p, "main", text)
		})
	}
}
