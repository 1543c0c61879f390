package journey_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// outsider is refused kindly: he learns whom to ask, and nothing of the desk.
func outsider(t *testing.T, site *running.Portal) {
	for _, view := range []journey.View{{}, {Width: journey.Phone, Dark: true, NoScript: true}} {
		p := journey.Open(t, site.Base+"/alpine", view)
		p.SignIn(t, site.Base, "alpine", "eve@outsider.example")
		if p.Status() != http.StatusForbidden {
			t.Errorf("an outsider is answered %d", p.Status())
		}
		says(t, p, "main", "Alpine Cloud")
		has(t, p, `main a[href="mailto:support@alpine.example"]`)
		fits(t, p)
		p.Shot(t, "outsider")
		journey.Vnu(t, map[string]string{"outsider": p.Source(t)})
		p.Go(t, site.Base+"/alpine/queue")
		if strings.HasPrefix(p.Address(t), site.Base) {
			t.Errorf("an outsider reads %s", p.Address(t))
		}
	}
}

// surroundings are the pages beside the portal, and the letters it sends: the
// identity provider when a sign-in is spent, the mail sink with a message.
func surroundings(t *testing.T, site *running.Portal) {
	p := journey.Open(t, site.Base+"/alpine/sign-in?by=mail", journey.View{})
	p.Fill(t, "email", "julien@cabinet-morand.example")
	p.Submit(t, "main form button")
	p.Axe(t)
	sent := letter(t, site, "julien@cabinet-morand.example", "/sign-in/link/")
	documents := map[string]string{"link sent": p.Source(t)}
	outside := (&url.URL{Scheme: "http", Host: site.Config.EntraAuthority.Host}).String()
	for name, address := range map[string]string{"mails": "/mail/", "mail": fmt.Sprint("/mail/", sent.ID)} {
		p.Go(t, outside+address)
		documents[name] = p.Source(t)
		lookAround(t, p, name, "", true)
	}
	p.Go(t, outside+fmt.Sprint("/mail/", sent.ID, "/html"))
	p.FitsWidth(t)
	p.Shot(t, "letter", journey.View{Width: journey.Phone, Dark: true})
	p.Go(t, site.Base+"/alpine/sign-in/link/spent")
	p.Submit(t, "main form button")
	if p.Status() != http.StatusGone {
		t.Errorf("a link that is spent is answered %d", p.Status())
	}
	documents["spent"] = p.Source(t)
	lookAround(t, p, "spent", "", true)
	for _, m := range site.Mail.Messages() {
		documents["letter "+m.Subject] = m.HTML
	}
	journey.Vnu(t, documents)
}
