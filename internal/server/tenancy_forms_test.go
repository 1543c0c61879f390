package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// What a form of one's own may carry and must not count: ids of others in
// fields that are not for him to fill in.

func TestCustomerWritesForHimselfWhateverHisFormSays(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea, sam := d.actor(t, "alpine", "lea@lumen.example"), d.actor(t, "alpine", "sam@hoteldulac.example")
	a := d.post(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/tickets", url.Values{"subject": {"Au nom d’un autre"}, "body": {"…"},
		"requester": {sam.Person.ID.String()}, "customer": {sam.Person.CustomerID.String()}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("submitting: %d", a.status)
	}
	if got := look[desk.ID](t, d, `select requester_id from tickets where subject = 'Au nom d’un autre'`); got != lea.Person.ID {
		t.Errorf("the ticket is of %s", got)
	}
	if got := look[desk.ID](t, d, `select customer_id from tickets where subject = 'Au nom d’un autre'`); got != lea.Person.CustomerID {
		t.Errorf("the ticket is the company's %s", got)
	}
}

func TestKeyOfAnotherPersonsFormFindsNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	form := url.Values{"subject": {"La demande de Léa"}, "body": {"…"}, "key": {desk.NewID().String()}}
	first := d.post(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/tickets", form)
	for _, other := range []struct{ desk, email string }{{"alpine", "max@lumen.example"}, {"alpine", "sam@hoteldulac.example"}, {"brume", "remi@ateliernord.example"}} {
		form.Set("subject", "Une autre, de "+other.email)
		a := d.post(t, d.as(t, other.desk, other.email), "/"+other.desk+"/tickets", form)
		if a.status != http.StatusSeeOther || a.to() == first.to() {
			t.Errorf("%s with Léa's key: %d %s", other.email, a.status, a.to())
		}
		if n := look[int64](t, d, `select count(*) from tickets where subject = $1`, form.Get("subject")); n != 1 {
			t.Errorf("%s has %d tickets of his own", other.email, n)
		}
	}
}

func TestAnotherDesksMessageIsNotTheOneSeen(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	number := look[int64](t, d, `select min(number) from tickets where state = 'open' and desk_id = $1`, d.actor(t, "alpine", "ines@alpine.example").Desk.ID)
	foreign := look[string](t, d, `select min(m.id::text) from messages m join desks d on d.id = m.desk_id where d.slug = 'brume'`)
	before := d.fingerprint(t)
	a := d.post(t, ines, "/alpine/tickets/"+strconv.FormatInt(number, 10)+"/messages", url.Values{"kind": {"message"}, "body": {"Réponse"}, "seen": {foreign}})
	if a.status != http.StatusConflict {
		t.Errorf("answering after another desk's message: %d", a.status)
	}
	d.unchanged(t, before, "an answer after another desk's message")
}

func TestOneNumberIsAnotherTicketAtAnotherDesk(t *testing.T) {
	t.Parallel()
	d := open(t)
	share(t, d, "lea@lumen.example", map[string]string{"brume": "remi@ateliernord.example"})
	number := look[int64](t, d, `select number from tickets where subject = 'Le même numéro chez brume'`)
	path := "/tickets/" + strconv.FormatInt(number, 10)
	own := look[string](t, d, `select t.subject from tickets t join desks d on d.id = t.desk_id where d.slug = 'alpine' and number = $1`, number)
	for _, who := range []struct{ desk, email, subject string }{
		{"alpine", "lea@lumen.example", own}, {"alpine", "ines@alpine.example", own},
		{"brume", "remi@ateliernord.example", "Le même numéro chez brume"}, {"brume", "nora@brume.example", "Le même numéro chez brume"},
	} {
		a := d.get(t, d.as(t, who.desk, who.email), "/"+who.desk+path)
		if title := a.page(t).Find("h1").Text(); !strings.Contains(title, who.subject) {
			t.Errorf("%s reads %q under number %d", who.email, title, number)
		}
	}
	if a := d.get(t, d.as(t, "alpine", "sam@hoteldulac.example"), "/alpine"+path); a.status != http.StatusNotFound {
		t.Errorf("Sam reads Léa's: %d", a.status)
	}
}

func TestOutsiderComesInNowhere(t *testing.T) {
	t.Parallel()
	d := open(t)
	before := look[int64](t, d, `select count(*) from people`)
	for _, slug := range []string{"alpine", "brume", "meridian"} {
		c := d.visitor(t)
		a := d.signIn(t, c, "/"+slug+"/sign-in", "eve@outsider.example")
		if a.status != http.StatusForbidden || !strings.Contains(a.text(t), "ne connaît pas votre compte") {
			t.Errorf("Eve at %s: %d %s", slug, a.status, a.text(t))
		}
		if a := d.get(t, c, "/"+slug+"/tickets"); a.status != http.StatusSeeOther {
			t.Errorf("Eve then asks %s for tickets: %d", slug, a.status)
		}
	}
	if n := look[int64](t, d, `select count(*) from people`); n != before {
		t.Errorf("%d people where %d were", n, before)
	}
}
