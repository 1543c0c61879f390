package journey_test

import (
	"net/http"
	"strings"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// admins look after customers, people, the desk and where they are signed in.
// They go one after the other, as they share two desks.
func admins(t *testing.T, site *running.Portal) {
	for n, view := range hands[2] {
		desk, admin := "brume", "nora@brume.example"
		if view.Language == "en" {
			desk, admin = "meridian", "otto@meridian.example"
		}
		t.Run(view.String(), func(t *testing.T) {
			tag := string(rune('a' + n))
			p := journey.Open(t, site.Base+"/"+desk, view)
			p.SignIn(t, site.Base, desk, admin)
			takesOn(t, p, "Chapellerie "+tag)
			email := "rose." + tag + "@chapellerie.example"
			invites(t, p, email)
			comesByMail(t, site, desk, email)
			promotes(t, p, email)
			recolours(t, site, p, desk, tag)
			endsSessions(t, site, p, desk, admin)
		})
	}
}

// takesOn adds a company, not without a right tenant id.
func takesOn(t *testing.T, p *journey.Page, name string) {
	t.Helper()
	p.Submit(t, `header nav a[href$="/settings/customers"]`)
	p.Submit(t, `main a[href$="/customers/new"]`)
	p.Fill(t, "name", name)
	p.Fill(t, "tenant", "pas un identifiant")
	p.Submit(t, "main form button[data-kind=main]")
	if p.Status() != http.StatusUnprocessableEntity {
		t.Errorf("a bad tenant id is answered %d", p.Status())
	}
	says(t, p, "#tenant-error", "")
	says(t, p, "[role=alert]", "")
	if got := p.Value(t, "#name") + p.Value(t, "#tenant"); got != name+"pas un identifiant" {
		t.Errorf("the form came back with %q", got)
	}
	fits(t, p)
	p.Shot(t, "customer-refused")
	p.Fill(t, "tenant", "0f7c2c52-6a8f-4b53-9d6e-"+strings.Repeat("0", 11)+name[len(name)-1:])
	p.Submit(t, "main form button[data-kind=main]")
	says(t, p, "h1", name)
	has(t, p, ".toast")
}

// invites somebody to the customer whose page is open.
func invites(t *testing.T, p *journey.Page, email string) {
	t.Helper()
	p.Submit(t, `main a[href*="/people/new?customer="]`)
	p.Fill(t, "name", "Rose Marchand")
	p.Fill(t, "email", email)
	p.Submit(t, "main form button[data-kind=main]")
	has(t, p, ".toast")
	says(t, p, "main", email)
}

// comesByMail lets the invited person in, in a browser of her own.
func comesByMail(t *testing.T, site *running.Portal, desk, email string) {
	t.Helper()
	p := journey.Open(t, site.Base+"/"+desk, journey.View{Width: journey.Phone})
	signInByMail(t, site, p, desk, email)
	ends(t, p, site, "/"+desk+"/tickets")
	says(t, p, "header", "Rose Marchand")
}

// promotes makes her the manager.
func promotes(t *testing.T, p *journey.Page, email string) {
	t.Helper()
	p.Submit(t, `main tbody a[href*="/settings/people/"]`)
	p.Choose(t, "role", "manager")
	p.Submit(t, "main form button[data-kind=main]")
	has(t, p, ".toast")
	p.Submit(t, `main tbody a[href*="/settings/people/"]`)
	has(t, p, "[name=role][value=manager]:checked")
	if got := p.Value(t, "[name=email]"); got != email {
		t.Errorf("the address is now %s", got)
	}
}

// recolours gives the desk another name and another accent, which must be seen
// on the paper.
func recolours(t *testing.T, site *running.Portal, p *journey.Page, desk, tag string) {
	t.Helper()
	p.Go(t, site.Base+"/"+desk+"/settings/desk")
	name := "Guichet " + tag
	p.Fill(t, "name", name)
	p.Choose(t, "accent", "#ffee00") // too pale for any paper as it is
	p.Submit(t, "main form button[data-kind=main]")
	says(t, p, "header .logo", name)
	p.Shot(t, "desk-recoloured")
	fits(t, p)
	p.Go(t, site.Base+"/"+desk)
	fits(t, p)
}

// endsSessions signs in elsewhere too and ends that session from here.
func endsSessions(t *testing.T, site *running.Portal, p *journey.Page, desk, admin string) {
	t.Helper()
	other := journey.Open(t, site.Base+"/"+desk, journey.View{})
	other.SignIn(t, site.Base, desk, admin)
	p.Go(t, site.Base+"/"+desk+"/account")
	fits(t, p)
	for p.Count(t, "main tbody form button") > 0 {
		p.Submit(t, "main tbody form button")
		has(t, p, ".toast")
	}
	other.Go(t, site.Base+"/"+desk+"/queue")
	if strings.HasPrefix(other.Address(t), site.Base) {
		t.Errorf("a session that was ended still shows %s", other.Address(t))
	}
	p.Go(t, site.Base+"/"+desk+"/queue")
	ends(t, p, site, "/"+desk+"/queue")
}
