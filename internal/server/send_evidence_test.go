package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Each file says how it stands at Microsoft, why, and what comes next; what people
// can mend is sent again with one press.
func TestFilesSayHowTheyStandAtMicrosoft(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.escalations(t)
	const of = `select e.desk_id, gen_random_uuid(), e.id, x.name, '', 1000, x.name, x.name, e.prepared_by, now(), x.sending, x.name, x.at, x.trouble, x.detail from escalations e, (values
		('sent.log', 'sent', now(), '', ''), ('waiting.log', 'waiting', null, '', ''), ('later.log', 'waiting', null, 'throttled', ''),
		('role.log', 'refused', null, 'role', '403 <script>alert(1)</script>'), ('film.mp4', 'refused', null, 'file_size', '')) x (name, sending, at, trouble, detail)`
	d.stage(t, `insert into evidence_files (desk_id, id, escalation_id, name, type, bytes, blob, sum, person_id, created_at, sending, sent_name, sent_at, trouble, detail) `+of+
		` where e.number = (select min(s.number) from escalations s join desks d on d.id = s.desk_id where d.slug = 'alpine' and s.state = 'filed') and e.desk_id = (select id from desks where slug = 'alpine')`)
	d.stage(t, `update escalations set remote = '{"connector": "azure_support", "name": "guichet-1", "subscription": "44444444-4444-4444-8444-444444444444"}' where exists (select from evidence_files f where f.escalation_id = escalations.id)`)
	n := look[int64](t, d, `select e.number from escalations e where e.remote->>'connector' = 'azure_support'`)
	at := fmt.Sprintf("/alpine/escalations/%d", n)
	ines := d.as(t, "alpine", "ines@alpine.example")
	a := d.get(t, ines, at+"/evidence")
	rows := a.page(t).Find("tbody tr")
	if a.status != http.StatusOK || rows.Length() != 5 || strings.Contains(a.body, "<script>alert") {
		t.Fatalf("%d, %d rows", a.status, rows.Length())
	}
	for name, want := range map[string][]string{"sent.log": {"Envoyé"}, "waiting.log": {"Attend son envoi"}, "later.log": {"Sera réessayé", "Microsoft demande d’attendre.", "de lui-même"},
		"role.log": {"Pas envoyé", "Un rôle manque", "Support Request Contributor", "403 <script>"}, "film.mp4": {"Pas envoyé", "5 Mo", "la partie utile"}} {
		text := rows.FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.Contains(s.Find("th").Text(), name) }).Text()
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), w) {
				t.Errorf("%s does not say %q: %q", name, w, text)
			}
		}
	}
	if text := d.get(t, ines, at).text(t); !strings.Contains(text, "1 fichier sur 5 est dans la demande. 2 n’ont pas pu être envoyés.") {
		t.Errorf("the escalation does not sum it up: %s", text)
	}
	if a := d.post(t, ines, at+"/evidence/sending", url.Values{}); a.status != http.StatusSeeOther {
		t.Fatalf("sent again: %d", a.status)
	}
	if left := list[string](t, d, `select name from evidence_files where sending = 'refused'`); len(left) != 1 || left[0] != "film.mp4" {
		t.Errorf("still refused: %q", left)
	}
	if a := d.post(t, ines, at+"/evidence/sending", url.Values{}); a.status != http.StatusConflict {
		t.Errorf("with nothing to mend: %d", a.status)
	}
}
