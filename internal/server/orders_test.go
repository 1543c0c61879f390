package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"guichet/internal/desk"
)

func order() url.Values {
	return url.Values{"kind": {"subscription"}, "order": {"1"}, "action": {"add_seats"}, "product": {"Visio Plan 2"}, "seats": {"4"}, "commitment": {"annual"}, "body": {"Merci."}, "key": {desk.NewID().String()}}
}

func TestOrderIsAskedForAndSent(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	page := d.get(t, lea, "/alpine/tickets/new?kind=subscription").page(t)
	for _, name := range []string{"action", "product", "seats", "wished_on", "commitment", "body", "key"} {
		if page.Find(`form[action="/alpine/tickets"] [name="`+name+`"]`).Length() == 0 {
			t.Errorf("no field %s", name)
		}
	}
	if !strings.Contains(page.Find("form").Text(), "7 jours calendaires") || page.Find("datalist#products option").Length() < 10 || page.Find("[name=subject]").Length() != 0 {
		t.Error("the form lacks its warning or its products, or asks for a subject")
	}
	if d.get(t, lea, "/alpine/tickets/new").page(t).Find(`a[href="/alpine/tickets/new?kind=subscription"]`).Length() == 0 {
		t.Error("no link leads to it")
	}
	form := order()
	first := d.post(t, lea, "/alpine/tickets", form)
	if again := d.post(t, lea, "/alpine/tickets", form); first.status != http.StatusSeeOther || again.to() != first.to() {
		t.Errorf("sent twice: %d %s, %d %s", first.status, first.to(), again.status, again.to())
	}
	if n := look[int64](t, d, `select count(*) from subscription_orders where product = 'Visio Plan 2'`); n != 1 {
		t.Errorf("%d orders", n)
	}
	text := d.get(t, lea, first.to()).text(t)
	for _, want := range []string{"Ajouter 4 licences Visio Plan 2", "Attend l’accord d’un responsable", "Merci."} {
		if !strings.Contains(text, want) {
			t.Errorf("Léa does not read %q in %s", want, text)
		}
	}
	ines := d.as(t, "alpine", "ines@alpine.example")
	text = d.get(t, ines, first.to()).text(t)
	for _, want := range []string{"Attend l’accord d’un responsable", "Changement d’abonnement", "aucune règle technique"} {
		if !strings.Contains(text, want) {
			t.Errorf("Inès does not read %q in %s", want, text)
		}
	}
	if text := d.get(t, ines, "/alpine/queue/commercial").text(t); !strings.Contains(text, "Ajouter des licences, attend un accord") {
		t.Errorf("the commercial queue says %q", text)
	}
	if a := d.get(t, ines, first.to()+"?why=1"); a.status != http.StatusOK || a.page(t).Find("#why").Length() != 0 {
		t.Errorf("asking why no rule judged it: %d", a.status)
	}
}

// A ticket of that kind in words alone is taken as it always was.
func TestSubscriptionInWordsAlone(t *testing.T) {
	t.Parallel()
	d := open(t)
	a := d.post(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/tickets", url.Values{"kind": {"subscription"}, "subject": {"Trois licences de plus"}, "body": {"Pour lundi."}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.text(t))
	}
	if got := look[string](t, d, `select t.outcome || ' ' || t.category || ' ' || d.rule from tickets t join decisions d on d.ticket_id = t.id where subject = 'Trois licences de plus'`); got != "PARTNER licensing_subscription subscription_change" {
		t.Errorf("decided %s", got)
	}
}

func TestBadOrderComesBackFilled(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	for field, value := range map[string]string{"action": "sell", "product": "", "seats": "2.5", "wished_on": "2001-01-01", "commitment": "x"} {
		form := order()
		form.Set(field, value)
		a := d.post(t, lea, "/alpine/tickets", form)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", field, value, a.status)
			continue
		}
		a.complains(t, field)
		back := a.form(t, "/alpine/tickets")
		for name := range form {
			if name != field && back.Get(name) != form.Get(name) {
				t.Errorf("with a bad %s, %s came back as %q", field, name, back.Get(name))
			}
		}
	}
	form := order()
	form.Del("action") // no button of the form was chosen
	d.post(t, lea, "/alpine/tickets", form).complains(t, "action")
}

func TestManagerAnswersAnOrder(t *testing.T) {
	t.Parallel()
	d := open(t)
	number := look[int64](t, d, `select number from tickets t join subscription_orders o on o.ticket_id = t.id where o.approval = 'waiting'`)
	ticket := "/alpine/tickets/" + strconv.FormatInt(number, 10)
	max := d.as(t, "alpine", "max@lumen.example")
	if d.get(t, max, ticket).page(t).Find(`form[action="`+ticket+`/approval"]`).Length() != 2 {
		t.Error("Max is not asked")
	}
	if d.get(t, d.as(t, "alpine", "lea@lumen.example"), ticket).page(t).Find(`form[action="`+ticket+`/approval"]`).Length() != 0 {
		t.Error("Léa may approve her own order")
	}
	a := d.post(t, max, ticket+"/approval", url.Values{"do": {"refuse"}, "reason": {""}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a refusal without a reason: %d", a.status)
	}
	a.complains(t, "reason")
	if a := d.post(t, max, ticket+"/approval", url.Values{"do": {"x"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no answer: %d", a.status)
	}
	if a := d.post(t, max, ticket+"/approval", url.Values{"do": {"approve"}}); a.status != http.StatusSeeOther || a.to() != ticket {
		t.Errorf("approving: %d %s", a.status, a.to())
	}
	a = d.post(t, max, ticket+"/approval", url.Values{"do": {"refuse"}, "reason": {"Non"}})
	if a.status != http.StatusConflict || !strings.Contains(a.text(t), "C’est déjà fait") || !strings.Contains(a.text(t), "Accord donné") {
		t.Errorf("answering again: %d %s", a.status, a.text(t))
	}
	if text := d.get(t, d.as(t, "alpine", "ines@alpine.example"), ticket).text(t); !strings.Contains(text, "a donné son accord à la commande") {
		t.Errorf("the desk reads %s", text)
	}
}
