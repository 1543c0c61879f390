package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// opened is a ticket that a customer has just opened, by its address.
func (d *door) opened(t *testing.T, c *http.Client) string {
	t.Helper()
	sent := d.post(t, c, "/alpine/tickets", ticketForm())
	if sent.status != http.StatusSeeOther {
		t.Fatalf("opening a ticket: %d", sent.status)
	}
	return sent.to()
}

func TestAgentWorksATicketFromHisList(t *testing.T) {
	t.Parallel()
	d := open(t)
	ticket := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	ines := d.as(t, "alpine", "ines@alpine.example")
	const from = "?from=all%3Fservice%3DMicrosoft%2BTeams"
	if row := d.get(t, ines, "/alpine/queue/all?service=Microsoft+Teams").page(t).Find(`.queue .title a[href="` + ticket + from + `"]`); row.Length() != 1 {
		t.Fatal("the ticket is not in the list it belongs to")
	}
	for _, act := range []struct {
		what string
		form url.Values
		says string
	}{
		{"assignment", url.Values{"assignee": {"me"}}, "Inès Caron prend la demande"},
		{"state", url.Values{"state": {"waiting_microsoft"}}, "Inès Caron change l’état"},
		{"priority", url.Values{"priority": {"1"}}, "Inès Caron change la priorité"},
		{"messages", url.Values{"kind": {"note"}, "body": {"Vu avec Hugo."}, "key": {desk.NewID().String()}}, "Vu avec Hugo."},
		{"findings", url.Values{"finding_kind": {"other_device"}, "result": {"confirmed"}, "text": {"Pareil sur un autre poste."}}, "Pareil sur un autre poste."},
		{"decision", url.Values{"do": {"confirm"}}, "Inès Caron confirme le tri"},
		{"decision", url.Values{"do": {"override"}, "outcome": {"MICROSOFT"}, "category": {"bug"}, "reason": {"Vu chez trois clients."}}, "Motif : Vu chez trois clients."},
		{"assignment", url.Values{"assignee": {""}}, "Inès Caron rend la demande libre"},
	} {
		done := d.post(t, ines, ticket+"/"+act.what+from, act.form)
		if done.status != http.StatusSeeOther || done.to() != ticket+from {
			t.Errorf("%s: %d to %q", act.what, done.status, done.to())
			continue
		}
		if page := d.get(t, ines, done.to()); !strings.Contains(page.text(t), act.says) || page.page(t).Find(".toast").Length() != 1 {
			t.Errorf("%s is not told: %q is missing", act.what, act.says)
		}
	}
}

func TestWrongFormsOfAnAgentComeBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	ticket := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	ines := d.as(t, "alpine", "ines@alpine.example")
	for _, c := range []struct {
		what, field, kept string
		form              url.Values
	}{
		{"messages", "body", `input[name=kind][value=note][checked]`, url.Values{"kind": {"note"}, "body": {" "}}},
		{"findings", "text", `#finding_kind option[value=health][selected]`, url.Values{"finding_kind": {"health"}, "result": {"info"}, "text": {""}}},
		{"findings", "finding_kind", `#text:contains("Mot pour mot")`, url.Values{"result": {"info"}, "text": {"Mot pour mot"}}},
		{"decision", "reason", `#category option[value=bug][selected]`, url.Values{"do": {"override"}, "outcome": {"MICROSOFT"}, "category": {"bug"}}},
		{"decision", "category", `#reason:contains("Parce que")`, url.Values{"do": {"override"}, "outcome": {"MICROSOFT"}, "category": {"billing"}, "reason": {"Parce que"}}},
	} {
		a := d.post(t, ines, ticket+"/"+c.what, c.form)
		doc := a.page(t)
		if a.status != http.StatusUnprocessableEntity || doc.Find(`[role=alert] a[href="#`+c.field+`"]`).Length() != 1 || doc.Find("#"+c.field+"[aria-invalid=true]").Length() != 1 {
			t.Errorf("%s without %s: %d, told as %q", c.what, c.field, a.status, strings.TrimSpace(doc.Find("[role=alert]").Text()))
		}
		if doc.Find(c.kept).Length() != 1 {
			t.Errorf("%s without %s forgets %s", c.what, c.field, c.kept)
		}
	}
	for what, form := range map[string]url.Values{"state": {"state": {"lost"}}, "priority": {"priority": {"9"}}, "assignment": {"assignee": {"nobody"}}, "decision": {"do": {"guess"}}} {
		if a := d.post(t, ines, ticket+"/"+what, form); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s takes what no page sends: %d", what, a.status)
		}
	}
}

func TestDecisionIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	d := open(t)
	ticket := d.opened(t, d.as(t, "alpine", "lea@lumen.example"))
	ines, paul := d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "paul@alpine.example")
	confirm := url.Values{"do": {"confirm"}}
	if first := d.post(t, ines, ticket+"/decision", confirm); first.status != http.StatusSeeOther {
		t.Errorf("the first: %d", first.status)
	}
	if second := d.post(t, paul, ticket+"/decision", confirm); second.status != http.StatusConflict {
		t.Errorf("the second: %d", second.status)
	}
}

func TestReplyStopsBeforeANewerMessage(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	ticket := d.opened(t, lea)
	ines := d.as(t, "alpine", "ines@alpine.example")
	hidden := func(a answer, name string) string {
		return a.page(t).Find("form.composer input[name="+name+"]").AttrOr("value", "")
	}
	before := d.get(t, ines, ticket)
	d.post(t, lea, ticket+"/messages", url.Values{"body": {"En fait, c’est réparé."}, "key": {desk.NewID().String()}})
	reply := url.Values{"kind": {"message"}, "body": {"Redémarrez le poste."}, "then": {"resolved"}, "key": {hidden(before, "key")}, "seen": {hidden(before, "seen")}}
	stopped := d.post(t, ines, ticket+"/messages", reply)
	if stopped.status != http.StatusConflict || stopped.page(t).Find("#body").Text() != "Redémarrez le poste." || !strings.Contains(stopped.page(t).Find(".banner").Text(), "En fait, c’est réparé.") {
		t.Fatalf("%d, %q", stopped.status, stopped.page(t).Find(".banner").Text())
	}
	reply.Set("seen", hidden(stopped, "seen"))
	if sent := d.post(t, ines, ticket+"/messages", reply); sent.status != http.StatusSeeOther {
		t.Errorf("read and sent again: %d", sent.status)
	}
}

func TestCustomersNeverSeeTheQueue(t *testing.T) {
	t.Parallel()
	d := open(t)
	max := d.as(t, "alpine", "max@lumen.example")
	for _, path := range []string{"/alpine/queue", "/alpine/queue/all"} {
		if a := d.get(t, max, path); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	ines := d.as(t, "alpine", "ines@alpine.example")
	for path, status := range map[string]int{"/alpine/queue/lost": http.StatusNotFound, "/alpine/queue?customer=" + desk.NewID().String(): http.StatusNotFound, "/alpine/queue?priority=7": http.StatusOK} {
		if a := d.get(t, ines, path); a.status != status {
			t.Errorf("%s: %d, want %d", path, a.status, status)
		}
	}
}
