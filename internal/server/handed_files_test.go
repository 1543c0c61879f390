package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// A file that the reseller adds to the dossier is on the provider's ticket, to keep
// and with its secrets covered, and on nobody else's page.
func TestTheProvidersTicketHasTheDossiersFiles(t *testing.T) {
	t.Parallel()
	d := open(t)
	nora, otto, marc := d.as(t, "brume", "nora@brume.example"), d.as(t, "meridian", "otto@meridian.example"), d.as(t, "brume", "marc@scierie-beaulieu.example")
	h := handedOver(t, d)
	if a := d.do(t, nora, d.multi(t, h.escalation+"/evidence", [2]string{"<b>trace.log", "password=Tr0ub4dor&3xyz\n08:14 rien\n"})); a.status != http.StatusSeeOther {
		t.Fatalf("the reseller adds it: %d", a.status)
	}
	link := d.get(t, otto, h.there).page(t).Find(`a[download][href^="` + h.there + `/handed/"]`)
	if link.Length() != 1 || link.Text() != "_b_trace.log" {
		t.Fatalf("on the provider's ticket: %d, %q", link.Length(), link.Text())
	}
	at := link.AttrOr("href", "")
	a := d.get(t, otto, at)
	if a.status != http.StatusOK || !strings.Contains(a.body, "08:14 rien") || strings.Contains(a.body, "Tr0ub4dor") ||
		a.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the provider keeps it: %d %v %q", a.status, a.header, a.body)
	}
	file := at[strings.LastIndex(at, "/"):]
	for path, want := range map[string]int{h.ticket + "/handed" + file: http.StatusNotFound, "/meridian/escalations/1/evidence" + file: http.StatusNotFound} {
		who := otto
		if strings.HasPrefix(path, "/brume/") {
			who = nora
		}
		if a := d.get(t, who, path); a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := d.get(t, marc, h.ticket+"/handed"+file); a.status != http.StatusForbidden || strings.Contains(d.get(t, marc, h.ticket).body, "trace.log") {
		t.Errorf("the customer: %d", a.status)
	}
}
