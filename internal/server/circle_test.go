package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An admin whose desk was let in joins the circle and leaves it; one whose desk
// was not finds no way, and makes none.
func TestCircleIsJoinedAndLeft(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `delete from circle`)
	paul := d.as(t, "alpine", "paul@alpine.example")
	const at = "/alpine/settings/circle"
	joins, leaves := url.Values{"do": {"join"}}, url.Values{"do": {"leave"}}
	if page := d.get(t, paul, at).page(t); page.Find("button[name=do]").Length() != 0 || !strings.Contains(page.Text(), "Pas encore admis") {
		t.Error("a desk that was not let in is shown a way in")
	}
	if a := d.post(t, paul, at, joins); a.status != http.StatusNotFound || look[int](t, d, `select count(*) from circle`) != 0 {
		t.Errorf("it joins by itself: %d", a.status)
	}
	d.stage(t, `insert into circle (desk_id, let_at) select id, now() from desks where slug = 'alpine'`)
	if a := d.get(t, paul, at); a.status != http.StatusOK || a.page(t).Find("button[name=do][value=join]").Length() != 1 {
		t.Errorf("let in, it is shown no way: %d", a.status)
	}
	if a := d.post(t, paul, at, url.Values{"do": {"let"}}); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
		t.Errorf("asked for what there is not: %d", a.status)
	}
	for range 2 { // joining twice is joining once
		if a := d.post(t, paul, at, joins); a.status != http.StatusSeeOther || a.to() != at {
			t.Fatalf("joins: %d %s", a.status, a.text(t))
		}
	}
	d.stage(t, `insert into circle_counts (desk_id, service, region, customers) select id, 'Exchange Online', 'france', 2 from desks where slug = 'alpine'`)
	if text := d.get(t, paul, at).page(t).Find("main").Text(); !strings.Contains(text, "par décision de Paul") || !strings.Contains(text, "Exchange Online") {
		t.Errorf("it does not say what leaves: %s", text)
	}
	if a := d.post(t, paul, at, leaves); a.status != http.StatusSeeOther || look[int](t, d, `select count(*) from circle_counts`) != 0 || look[int](t, d, `select count(*) from circle where joined_at is not null`) != 0 {
		t.Errorf("leaves: %d", a.status)
	}
	if a := d.get(t, d.as(t, "alpine", "ines@alpine.example"), at); a.status != http.StatusForbidden {
		t.Errorf("an agent opens it: %d", a.status)
	}
}

// What other desks see stands beside incidents, known issues and the tickets
// about that service: for the desk's own people, and for nobody else.
func TestElsewhereIsForTheDesksOwn(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `insert into desks (id, slug, name, language, zone, created_at) select gen_random_uuid(), 'other-' || n, 'Other ' || n, 'fr', 'Europe/Paris', now() from generate_series(1, 3) n`)
	d.stage(t, `insert into circle (desk_id, let_at, joined_at) select id, now(), now() - interval '1 hour' from desks where slug = 'alpine' or slug like 'other-%'`)
	// In two slices, so that it does not matter when this one ends.
	d.stage(t, `insert into circle_counts (desk_id, at, service, region, customers) select id, circle_slice() - n * interval '5 minutes', 'Exchange Online', 'france', 2
		from desks, generate_series(0, 1) n where slug like 'other-%'`)
	about := func(service string) string {
		return "/alpine/tickets/" + look[string](t, d, `select min(number)::text from tickets k join desks d on d.id = k.desk_id join customers c on c.desk_id = k.desk_id and c.id = k.customer_id
			where d.slug = 'alpine' and c.name = 'Hôtel du Lac' and k.service = $1 and k.kind = 'problem' and k.state not in ('resolved', 'closed')`, service)
	}
	says := func(email, path string) bool {
		a := d.get(t, d.as(t, "alpine", email), path)
		if a.status != http.StatusOK {
			t.Errorf("%s asks %s: %d", email, path, a.status)
		}
		return a.page(t).Find("#elsewhere").Length() == 1 && strings.Contains(a.page(t).Text(), "Exchange Online, France\u202f: au moins cinq clients")
	}
	mail := about("Exchange Online")
	for path, want := range map[string]bool{"/alpine/incidents": true, "/alpine/issues": true, mail: true, "/alpine/queue": false} {
		if got := says("ines@alpine.example", path); got != want {
			t.Errorf("an agent reads it on %s: %v", path, got)
		}
	}
	if !says("paul@alpine.example", "/alpine/settings/health") || !says("paul@alpine.example", "/alpine/settings/circle") {
		t.Error("an admin does not read it among the settings")
	}
	if says("noe@vigienuit.example", mail) || says("sam@hoteldulac.example", mail) {
		t.Error("others than the desk's own read it")
	}
}
