package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo"
	"guichet/internal/desk"
)

// hook adds a webhook through the API and returns its id and its secret.
func (p program) hook(t *testing.T, url string, events ...string) (id, secret string) {
	t.Helper()
	list, _ := json.Marshal(events)
	out := p.want(t, http.StatusCreated, http.MethodPost, "/webhooks", `{"url":"`+url+`","events":`+string(list)+`}`)
	return out["id"].(string), out["secret"].(string)
}

// One world serves them all, in this order.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	p := open(t).program(t, "alpine", "paul@alpine.example", "paul@alpine.example")
	e := listen(t)
	t.Run("a customer's act is told, signed and thin", func(t *testing.T) { toldAndSigned(t, p, e) })
	t.Run("one slow receiver keeps nobody waiting", func(t *testing.T) { slowKeepsNobody(t, p, e) })
	t.Run("what failed is kept, shown and sent again", func(t *testing.T) { sentAgain(t, p, e) })
	t.Run("one that is gone is switched off", func(t *testing.T) { goneIsOff(t, p, e) })
	t.Run("a webhook to the metadata address", func(t *testing.T) { noMetadata(t, p) })
	t.Run("secrets are shown once and turned", func(t *testing.T) { secretsTurn(t, p, e) })
	t.Run("the receiver of the README", func(t *testing.T) { receiverHears(t, p) })
}

func toldAndSigned(t *testing.T, p program, e *ear) {
	_, secret := p.hook(t, e.url+"/well", "ticket.created", "ticket.updated", "message.created")
	lea := p.as(t, "alpine", "lea@lumen.example")
	a := p.post(t, lea, "/alpine/tickets", url.Values{"subject": {"Secret du sujet"}, "body": {"Secret du corps"}, "key": {desk.NewID().String()}})
	number := a.to()[strings.LastIndexByte(a.to(), '/')+1:]
	types := map[string]heard{}
	for range 2 {
		h := e.next(t, "/well")
		data := h.data(t)
		types[data["type"].(string)] = h
		ticket := data["ticket"].(map[string]any)
		if !h.signed(secret) || h.header.Get("Content-Type") != "application/json" || strings.Contains(h.body, "Secret") || ticket["path"] != "/api/v1/tickets/"+number || ticket["state"] != "new" {
			t.Errorf("%v\n%s", h.header, h.body)
		}
	}
	p.described(t, types["message.created"].body, "ticket", "message")
	if len(types) != 2 || types["ticket.created"].id == "" || types["message.created"].id == "" {
		t.Errorf("of a new ticket: %v", types)
	}
	p.want(t, http.StatusCreated, http.MethodPost, "/tickets/"+number+"/notes", `{"body":"Entre nous."}`) // which nobody asked for
	p.want(t, http.StatusOK, http.MethodPatch, "/tickets/"+number, `{"priority":1,"state":"waiting_customer"}`)
	last := e.next(t, "/well")
	p.described(t, last.body, "ticket", "changed")
	changed := last.data(t)
	if list, _ := changed["changed"].([]any); changed["type"] != "ticket.updated" || !slices.Contains(list, any("priority")) || !slices.Contains(list, any("state")) || changed["ticket"].(map[string]any)["priority"] != 1.0 {
		t.Errorf("%v", changed)
	}
}

func slowKeepsNobody(t *testing.T, p program, e *ear) {
	slow, _ := p.hook(t, e.url+"/slow", "ticket.updated")
	began := time.Now()
	p.want(t, http.StatusCreated, http.MethodPost, "/webhooks/"+slow+"/test", "")
	p.want(t, http.StatusOK, http.MethodPatch, "/tickets/"+p.aTicket(t), `{"priority":2}`)
	p.want(t, http.StatusOK, http.MethodPatch, "/tickets/"+p.aTicket(t), `{"priority":3}`)
	e.next(t, "/well")
	if waited := time.Since(began); waited > 5*time.Second {
		t.Errorf("told after %v", waited)
	}
	e.slow <- true
	e.next(t, "/slow")
	p.want(t, http.StatusNoContent, http.MethodDelete, "/webhooks/"+slow, "")
}

func sentAgain(t *testing.T, p program, e *ear) {
	id, _ := p.hook(t, e.url+"/wrong", "incident.opened")
	made := p.want(t, http.StatusCreated, http.MethodPost, "/webhooks/"+id+"/test", "")
	first := e.next(t, "/wrong")
	at := "/webhooks/" + id + "/deliveries/" + first.id
	p.tried(t, at, 1)
	if out := p.want(t, http.StatusOK, http.MethodGet, at, ""); made["id"] != first.id || out["status"] != 500.0 || out["state"] != "waiting" || out["due_at"] == nil || out["body"] != first.body {
		t.Errorf("%v", out)
	}
	paul := p.as(t, "alpine", "paul@alpine.example")
	page := p.get(t, paul, "/alpine/settings"+at)
	if text := page.text(t); !strings.Contains(text, "HTTP 500") || !strings.Contains(text, "<b>nicht jetzt</b>") || !strings.Contains(text, first.id) {
		t.Errorf("the page says %s", text)
	}
	if again := p.post(t, paul, "/alpine/settings"+at+"/tries", nil); again.to() != "/alpine/settings"+at {
		t.Errorf("%d to %s", again.status, again.to())
	}
	if second := e.next(t, "/wrong"); second.id != first.id || second.body != first.body {
		t.Errorf("%s and %s are not the same", first.id, second.id)
	}
	p.tried(t, at, 2)
	p.want(t, http.StatusOK, http.MethodPatch, "/webhooks/"+id, `{"active":false}`)
	p.want(t, http.StatusConflict, http.MethodPost, at+"/tries", "")
	if out := p.want(t, http.StatusOK, http.MethodGet, at, ""); out["state"] != "failed" {
		t.Errorf("of one that is off: %v", out)
	}
}

func goneIsOff(t *testing.T, p program, e *ear) {
	id, _ := p.hook(t, e.url+"/gone", "incident.opened")
	made := p.want(t, http.StatusCreated, http.MethodPost, "/webhooks/"+id+"/test", "")
	p.tried(t, "/webhooks/"+id+"/deliveries/"+made["id"].(string), 1)
	if out := p.want(t, http.StatusOK, http.MethodGet, "/webhooks/"+id, ""); out["active"] != false || out["off_reason"] != "gone" {
		t.Errorf("%v", out)
	}
	if m := p.await(t, "paul@alpine.example", "410"); !strings.Contains(m.Text, e.url+"/gone") {
		t.Errorf("%s", m.Text)
	}
	if slices.ContainsFunc(p.Mail.Messages(), func(m demo.Message) bool {
		return strings.Contains(m.Text, "410") && slices.Contains(m.To, "ines@alpine.example")
	}) {
		t.Error("an agent is told, who can do nothing about it")
	}
}

// It is refused as it is written, and where somebody wrote it into the database all the
// same, nothing is connected to.
func noMetadata(t *testing.T, p program) {
	paul := p.as(t, "alpine", "paul@alpine.example")
	for _, address := range []string{"https://169.254.169.254/latest/meta-data/", "http://169.254.169.254/", "https://[fd00:ec2::254]/", "https://[::ffff:169.254.169.254]/", "https://metadata@psa.example/"} {
		out := p.want(t, http.StatusUnprocessableEntity, http.MethodPost, "/webhooks", `{"url":"`+address+`","events":["ticket.created"]}`)
		if fault := out["errors"].([]any)[0].(map[string]any); fault["pointer"] != "#/url" {
			t.Errorf("%s: %v", address, out)
		}
		p.post(t, paul, "/alpine/settings/webhooks", url.Values{"url": {address}, "events": {"ticket.created"}, "key": {desk.NewID().String()}}).complains(t, "url")
	}
	id, _ := p.hook(t, "https://psa.example/guichet", "incident.opened")
	p.stage(t, `update webhooks set url = 'https://169.254.169.254/latest/meta-data/' where id = $1`, id)
	made := p.want(t, http.StatusCreated, http.MethodPost, "/webhooks/"+id+"/test", "")
	at := "/webhooks/" + id + "/deliveries/" + made["id"].(string)
	p.tried(t, at, 1)
	if out := p.want(t, http.StatusOK, http.MethodGet, at, ""); out["trouble"] != "private" || out["status"] != 0.0 {
		t.Errorf("%v", out)
	}
}

func secretsTurn(t *testing.T, p program, e *ear) {
	paul := p.as(t, "alpine", "paul@alpine.example")
	form := url.Values{"url": {e.url + "/well"}, "events": {"incident.opened"}, "key": {desk.NewID().String()}}
	made := p.post(t, paul, "/alpine/settings/webhooks", form)
	old := made.page(t).Find("#secret").Text()
	at := "/alpine/settings/webhooks/" + look[string](t, p.door, `select id::text from webhooks order by created_at desc limit 1`)
	if again := p.post(t, paul, "/alpine/settings/webhooks", form); made.status != http.StatusCreated || again.status != http.StatusConflict || strings.Contains(again.body, "whsec_") {
		t.Errorf("%d, then %d", made.status, again.status)
	}
	if strings.Contains(p.get(t, paul, at).body, "whsec_") || strings.Contains(look[string](t, p.door, `select string_agg(encode(secret, 'escape'), ' ') from webhooks`), old) {
		t.Error("the secret can be read again")
	}
	turned := p.post(t, paul, at+"/secret", nil).page(t).Find("#secret").Text()
	p.post(t, paul, at+"/test", nil)
	if h := e.tested(t, "/well"); turned == old || !h.signed(turned) || !h.signed(old) {
		t.Errorf("%s is not signed with both", h.header.Get("Webhook-Signature"))
	}
	p.stage(t, `update webhooks set old_until = now() - interval '1 second' where old_until is not null`)
	p.post(t, paul, at+"/test", nil)
	if h := e.tested(t, "/well"); !h.signed(turned) || h.signed(old) {
		t.Errorf("%s is signed with the old one", h.header.Get("Webhook-Signature"))
	}
	p.post(t, paul, at+"/removal", nil).complains(t, "sure")
	p.post(t, paul, at+"/removal", url.Values{"sure": {"on"}})
	if a := p.get(t, paul, at); a.status != http.StatusNotFound {
		t.Errorf("after its removal: %d", a.status)
	}
	kept := p.ask(t, http.MethodPost, "/webhooks", `{"url":"https://psa.example/keyed","events":["incident.opened"]}`, "Idempotency-Key", "hook-1")
	replayed := p.ask(t, http.MethodPost, "/webhooks", `{"url":"https://psa.example/keyed","events":["incident.opened"]}`, "Idempotency-Key", "hook-1")
	if kept.status != http.StatusCreated || replayed.body != kept.body || look[int](t, p.door, `select count(*)::int from api_requests where position(convert_to('whsec_', 'UTF8') in body) > 0`) != 0 {
		t.Errorf("%s\n%s", kept.body, replayed.body)
	}
}
