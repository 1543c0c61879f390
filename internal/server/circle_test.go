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
