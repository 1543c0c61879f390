package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
)

func long(n int) string { return strings.Repeat("é", n) }

// A blank is a form as it can be sent, and the answers that make it wrong, by
// field; the page that shows it is another than the address it posts to.
type blank struct {
	email, desk string
	path        string
	form        url.Values
	wrong       map[string][]string
	right       map[string][]string // just within the limits
}

func blanks(d *door, t *testing.T) []blank {
	t.Helper()
	text := func(sql string) string { return look[string](t, d, sql) }
	ticket := "/alpine/tickets/" + text(`select min(number)::text from tickets t join people p on p.desk_id = t.desk_id and p.id = t.requester_id where email = 'lea@lumen.example' and state not in ('resolved', 'closed')`)
	customer := text(`select id::text from customers where name = 'Hôtel du Lac'`)
	taken := text(`select tenant from customers where name = 'Fabrique Lumen'`)
	person := text(`select id::text from people where email = 'sam@hoteldulac.example'`)
	names := []string{"", "  ", long(81), "a\x00b", "\xff"}
	company := map[string][]string{"name": append(names, "fabrique lumen"), "tenant": {"x", "9188040d-6c67-4c5b-b112-36a304b66dad", taken}, "initial_domain": {"lumen.example", long(300) + ".onmicrosoft.com"},
		"domains": {"pas un domaine!", strings.Repeat("a.example ", 1) + "-b.example"}, "relationship": {"", "friend"}, "region": {long(61), "\x00"}, "note": {long(2001), "\xfe"}}
	human := map[string][]string{"name": names, "email": {"", "x", long(250) + "@b.example", "claire@hoteldulac.example"}, "role": {"", "agent", "god"}, "language": {"de"}}
	return []blank{
		{"lea@lumen.example", "alpine", "/alpine/tickets", url.Values{"kind": {"problem"}, "subject": {"Objet"}, "body": {"Texte"}, "service": {"Unknown"}, "affected": {"one_user"}, "impact": {"slowed"}, "since": {time.Now().AddDate(0, 0, -2).Format("2006-01-02T15:04")}},
			map[string][]string{"kind": {"other", "\x00"}, "subject": {"", " \t ", long(desk.MaxSubject + 1), "\xff", "\x00"}, "body": {"", " \r\n ", long(desk.MaxBody + 1), "\xfe", "a\x00"}, "service": {"Lotus Notes", "\x00"},
				"affected": {"everybody"}, "impact": {"huge"}, "since": {"hier", "2999-01-01T00:00", "1999-01-01T00:00", "2026-13-01T00:00", "0000-00-00T00:00", "\x00"}, "region": {long(61), "\xff"}},
			map[string][]string{"subject": {long(desk.MaxSubject)}, "body": {long(desk.MaxBody)}, "service": {"microsoft TEAMS", ""}, "region": {long(60)}, "since": {""}}},
		{"lea@lumen.example", "alpine", ticket + "/messages", url.Values{"kind": {"message"}}, map[string][]string{"body": {"", long(desk.MaxBody + 1), "\xff", "\x00"}}, map[string][]string{"body": {long(desk.MaxBody)}}},
		{"lea@lumen.example", "alpine", ticket + "/followers", nil, map[string][]string{"person": {"", "x", "00000000-0000-0000-0000-000000000000"}}, nil},
		{"ines@alpine.example", "alpine", ticket + "/messages", url.Values{"kind": {"note"}}, map[string][]string{"body": {"", long(desk.MaxBody + 1), "\xff", "\x00"}}, map[string][]string{"body": {long(desk.MaxBody)}}},
		{"ines@alpine.example", "alpine", ticket + "/findings", url.Values{"finding_kind": {"other"}, "result": {"info"}, "text": {"Vu"}},
			map[string][]string{"finding_kind": {"", "guess"}, "result": {"", "maybe"}, "text": {"", long(desk.MaxFinding + 1), "\xff"}}, map[string][]string{"text": {long(desk.MaxFinding)}}},
		{"ines@alpine.example", "alpine", ticket + "/decision", url.Values{"do": {"override"}, "outcome": {"PARTNER"}, "category": {"how_to"}, "reason": {"Vu"}},
			map[string][]string{"outcome": {"", "partner"}, "category": {"", "bug", "x"}, "reason": {"", long(desk.MaxReason + 1), "\xff"}}, map[string][]string{"reason": {long(desk.MaxReason)}}},
		{"ines@alpine.example", "alpine", "/alpine/account", url.Values{"language": {"fr"}, "zone": {""}}, map[string][]string{"language": {"de", "\x00"}, "zone": {"Europe/Lyon", "Local", "../../etc/passwd"}}, map[string][]string{"zone": {"Asia/Tokyo"}, "language": {"", "en"}}},
		{"paul@alpine.example", "alpine", "/alpine/settings/customers", url.Values{"name": {"Neuve"}, "relationship": {"direct"}}, company, map[string][]string{"name": {long(80)}}},
		{"paul@alpine.example", "alpine", "/alpine/settings/customers/" + customer, url.Values{"name": {"Hôtel du Lac"}, "relationship": {"direct"}, "active": {"on"}}, company, map[string][]string{"note": {long(2000)}, "region": {long(60)}}},
		{"paul@alpine.example", "alpine", "/alpine/settings/people", url.Values{"name": {"Neuf"}, "email": {"neuf@hoteldulac.example"}, "role": {"contact"}, "customer": {customer}}, human, map[string][]string{"name": {long(80)}}},
		{"paul@alpine.example", "alpine", "/alpine/settings/people/" + person, url.Values{"name": {"Sam"}, "email": {"sam@hoteldulac.example"}, "role": {"contact"}, "active": {"on"}}, human, map[string][]string{"name": {long(80)}}},
		{"paul@alpine.example", "alpine", "/alpine/settings/subcontractors", url.Values{"name": {"Relève"}, "all_customers": {"on"}, "all_services": {"on"}, "zone": {"Europe/Paris"}, "mon": {"08:30-12:30"}},
			map[string][]string{"name": append(names, "vigie nuit"), "tenant": {"x", "9188040d-6c67-4c5b-b112-36a304b66dad"}, "zone": {"", "Mars/Olympus", "\x00"},
				"mon": {"", "08:30", "25:00-26:00", "08:00-12:00, 11:00-13:00", "\x00", "\xff"}, "sun": {"22:00-08:31"}},
			map[string][]string{"name": {long(78)}, "tue": {"08:30 – 12:30; 13:30-18:00", "22:00-06:00"}}},
		{"otto@meridian.example", "meridian", "/meridian/settings/desk", url.Values{"name": {"Meridian"}, "language": {"fr"}, "zone": {"Europe/Brussels"}},
			map[string][]string{"name": names, "language": {"", "de"}, "zone": {"", "Mars/Olympus"}, "accent": {"red", "#12345"}, "email": {"x"}, "phone": {long(41)}, "website": {"http://a.example", "https://" + long(200)},
				"address": {long(201), "\xff"}, "client_id": {long(201)}},
			map[string][]string{"name": {long(80)}, "accent": {"#a03c28"}, "phone": {long(40)}, "address": {long(200)}}},
		{"otto@meridian.example", "meridian", "/meridian/settings/desk", url.Values{"name": {"Meridian"}, "language": {"fr"}, "zone": {"Europe/Brussels"}, "issuer": {"https://id.example"}, "client_id": {"portal"}},
			map[string][]string{"issuer": {"http://a.example", "https://", "id.example"}, "client_id": {""}}, nil},
	}
}

// TestWrongFormsComeBackAsTyped sends each form of the house with each wrong
// answer: nothing is stored, and the page says what is wrong, where it is.
func TestWrongFormsComeBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	people := map[string]*http.Client{}
	all := blanks(d, t)
	for _, b := range all {
		if people[b.email] == nil {
			people[b.email] = d.as(t, b.desk, b.email)
		}
	}
	before := d.fingerprint(t)
	for _, b := range all {
		for field, answers := range b.wrong {
			for _, answer := range answers {
				form := maps.Clone(b.form)
				if form == nil {
					form = url.Values{}
				}
				form.Set(field, answer)
				d.refuses(t, people[b.email], b.path, form, field)
			}
		}
	}
	d.unchanged(t, before, "forms that were refused")
	for _, b := range all {
		for field, answers := range b.right {
			for i, answer := range answers {
				form := maps.Clone(b.form)
				form.Set("name", form.Get("name")+strconv.Itoa(i))
				form.Set(field, answer)
				if a := d.post(t, people[b.email], b.path, form); a.status != http.StatusSeeOther {
					t.Errorf("%s with a %s just within its limit: %d", b.path, field, a.status)
				}
			}
		}
	}
}

// refuses holds a form to coming back with 422, one complaint at the field, and
// everything in it as it was typed.
func (d *door) refuses(t *testing.T, c *http.Client, path string, form url.Values, field string) {
	t.Helper()
	a := d.post(t, c, path, form)
	typed := form.Get(field)
	if len(typed) > 40 {
		typed = typed[:40] + "…"
	}
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("%s with %s %q: %d", path, field, typed, a.status)
		return
	}
	t.Run("", func(t *testing.T) {
		a.complains(t, field)
		doc := a.page(t)
		for name := range form {
			kept := doc.Find(`input[name="` + name + `"]:not([type=radio]):not([type=checkbox]):not([type=hidden]), textarea[name="` + name + `"]`)
			if kept.Length() == 1 && value(kept) != shownAs(form.Get(name)) {
				t.Errorf("%s became %q", name, value(kept))
			}
		}
		if t.Failed() {
			t.Errorf("on %s with %s %q", path, field, typed)
		}
	})
}

func value(s *goquery.Selection) string {
	if goquery.NodeName(s) == "textarea" {
		return s.Text()
	}
	return s.AttrOr("value", "")
}

// shownAs is typed text as HTML can hold it: one replacement character for what
// is no text, lines as a parser ends them.
func shownAs(s string) string {
	return strings.NewReplacer("\x00", "\uFFFD", "\r\n", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
}
