package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/desk"
)

// aTicket is the number of one that a token reaches.
func (p program) aTicket(t *testing.T) string {
	t.Helper()
	return p.idsOf(t, "alpine", "t.state = 'open'")["number"]
}

func count(t *testing.T, d *door, sql string, args ...any) int64 {
	t.Helper()
	return look[int64](t, d, sql, args...)
}

// Walked page by page a list is the whole of it, each item once; what changes on the
// way comes at its end, and whoever asks again from sync_from misses nothing.
func listsGoOn(t *testing.T, p program) {
	all := count(t, p.door, `select count(*) from tickets t join desks d on d.id = t.desk_id where d.slug = 'alpine'`)
	seen := map[float64]int{}
	changed := p.aTicket(t)
	path, pages, sync := "/tickets?limit=100", 0, ""
	for path != "" {
		a := p.ask(t, http.MethodGet, path, "")
		out := a.json(t)
		for _, item := range out["items"].([]any) {
			seen[item.(map[string]any)["number"].(float64)]++
		}
		if pages++; pages == 1 {
			sync = out["sync_from"].(string)
			p.want(t, http.StatusOK, http.MethodPatch, "/tickets/"+changed, `{"impact":"minor"}`)
		}
		path = ""
		if next, ok := out["next"].(string); ok {
			link := strings.TrimSuffix(strings.TrimPrefix(a.header.Get("Link"), "</api/v1"), `>; rel="next"`)
			if u, err := url.Parse(link); err != nil || u.Query().Get("cursor") != next || u.Query().Get("limit") != "100" {
				t.Fatalf("Link %q, next %q", a.header.Get("Link"), next)
			}
			path = link
		}
	}
	if int64(len(seen)) != all {
		t.Errorf("%d pages have %d tickets of %d", pages, len(seen), all)
	}
	n, _ := strconv.ParseFloat(changed, 64)
	out := p.want(t, http.StatusOK, http.MethodGet, "/tickets?limit=100&updated_since="+url.QueryEscape(sync), "")
	if items := out["items"].([]any); !slices.ContainsFunc(items, func(i any) bool { return i.(map[string]any)["number"] == n }) {
		t.Errorf("since %s ticket %s has not changed", sync, changed)
	}
	for query, problem := range map[string]string{"cursor=nonsense": "cursor", "limit=101": "limit", "limit=0": "limit", "state=lost": "state", "customer=7": "customer", "updated_since=yesterday": "updated_since", "color=red": "color"} {
		faults, _ := p.want(t, http.StatusUnprocessableEntity, http.MethodGet, "/tickets?"+query, "")["errors"].([]any)
		if len(faults) != 1 || faults[0].(map[string]any)["parameter"] != problem {
			t.Errorf("%s: %v", query, faults)
		}
	}
	filtered := p.want(t, http.StatusOK, http.MethodGet, "/tickets?state=waiting_customer&outcome=PARTNER&limit=100", "")
	for _, item := range filtered["items"].([]any) {
		if m := item.(map[string]any); m["state"] != "waiting_customer" || m["outcome"] != "PARTNER" {
			t.Errorf("%v", m)
		}
	}
	first := p.want(t, http.StatusOK, http.MethodGet, "/tickets/"+changed+"/messages?limit=1", "")
	p.want(t, http.StatusCreated, http.MethodPost, "/tickets/"+changed+"/messages", `{"body":"Encore un mot."}`)
	rest := p.want(t, http.StatusOK, http.MethodGet, "/tickets/"+changed+"/messages?limit=1", "")
	if next, _ := rest["next"].(string); next == "" {
		t.Errorf("%v then %v", first, rest)
	} else if two := p.want(t, http.StatusOK, http.MethodGet, "/tickets/"+changed+"/messages?cursor="+next, ""); len(two["items"].([]any)) == 0 {
		t.Errorf("%v", two)
	}
}

func notSentAgain(t *testing.T, p program) {
	for _, path := range []string{"/tickets/" + p.aTicket(t), "/customers", "/offer", "/people"} {
		a := p.ask(t, http.MethodGet, path, "")
		tag := a.header.Get("ETag")
		if again := p.ask(t, http.MethodGet, path, "", "If-None-Match", `"other", W/`+tag); again.status != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != tag {
			t.Errorf("%s: %d with %d bytes, %s after %s", path, again.status, len(again.body), again.header.Get("ETag"), tag)
		}
		if a.header.Get("Cache-Control") != "private, no-cache" || a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, a.header)
		}
	}
}

func staleChanges(t *testing.T, p program) {
	path := "/tickets/" + p.aTicket(t)
	tag := p.ask(t, http.MethodGet, path, "").header.Get("ETag")
	p.want(t, http.StatusOK, http.MethodPatch, path, `{"priority":1}`, "If-Match", tag)
	p.want(t, http.StatusPreconditionFailed, http.MethodPatch, path, `{"priority":4}`, "If-Match", tag)
	p.want(t, http.StatusPreconditionFailed, http.MethodPatch, path, `{"priority":4}`, "If-Match", `"made-up"`)
	if out := p.want(t, http.StatusOK, http.MethodPatch, path, `{"assignee_id":null}`, "If-Match", "*"); out["priority"] != 1.0 || out["assignee"] != nil {
		t.Errorf("%v", out)
	}
	paul := p.program(t, "alpine", "paul@alpine.example", "paul@alpine.example")
	path = "/customers/" + p.idsOf(t, "alpine", "true")["customer"]
	tag = paul.ask(t, http.MethodGet, path, "").header.Get("ETag")
	if out := paul.want(t, http.StatusOK, http.MethodPatch, path, `{"note":"Facturé à l’heure."}`, "If-Match", tag); out["note"] != "Facturé à l’heure." || out["name"] == "" {
		t.Errorf("%v", out)
	}
	paul.want(t, http.StatusPreconditionFailed, http.MethodPatch, path, `{"note":""}`, "If-Match", tag)
	p.want(t, http.StatusForbidden, http.MethodPatch, path, `{"note":""}`) // an agent may not, whatever his token's scopes
}

func doneOnce(t *testing.T, p program) {
	ids := p.idsOf(t, "alpine", "true")
	said := func() int64 { return count(t, p.door, `select count(*) from messages`) }
	body := `{"requester_id":"` + ids["requester"] + `","subject":"Une fois","body":"Une seule."}`
	first := p.ask(t, http.MethodPost, "/tickets", body, "Idempotency-Key", "psa-1")
	before := said()
	again := p.ask(t, http.MethodPost, "/tickets", body, "Idempotency-Key", "psa-1")
	if first.status != http.StatusCreated || again.status != first.status || again.body != first.body || again.to() != first.to() || again.header.Get("ETag") != first.header.Get("ETag") ||
		again.header.Get("Idempotency-Replayed") != "true" || said() != before {
		t.Errorf("%d %s\n%d %s", first.status, first.body, again.status, again.body)
	}
	out := p.want(t, http.StatusUnprocessableEntity, http.MethodPost, "/tickets", strings.Replace(body, "seule", "autre", 1), "Idempotency-Key", "psa-1")
	if fault := out["errors"].([]any)[0].(map[string]any); fault["header"] != "Idempotency-Key" {
		t.Errorf("%v", out)
	}
	paul := p.program(t, "alpine", "paul@alpine.example", "paul@alpine.example")
	if other := paul.ask(t, http.MethodPost, "/tickets", body, "Idempotency-Key", "psa-1"); other.status != http.StatusCreated || other.to() == first.to() {
		t.Errorf("another token's key: %d %s", other.status, other.to()) // keys of two tokens are two keys
	}
	// What was refused is refused alike; mended, it is another request and takes another key.
	wrong := `{"requester_id":"` + desk.NewID().String() + `","subject":"Sans personne","body":"x"}`
	refusal := p.ask(t, http.MethodPost, "/tickets", wrong, "Idempotency-Key", "psa-2")
	if again := p.ask(t, http.MethodPost, "/tickets", wrong, "Idempotency-Key", "psa-2"); refusal.status != http.StatusUnprocessableEntity || again.status != refusal.status || again.body != refusal.body ||
		again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s\n%d %s", refusal.status, refusal.body, again.status, again.body)
	}
	p.want(t, http.StatusUnprocessableEntity, http.MethodPost, "/tickets", body, "Idempotency-Key", "psa-2")
	// What failed for another reason is not kept: it goes through when that is over.
	p.want(t, http.StatusNotFound, http.MethodPost, "/tickets/99999999/notes", `{"body":"Trop tôt."}`, "Idempotency-Key", "psa-5")
	p.want(t, http.StatusNotFound, http.MethodPost, "/tickets/99999999/notes", `{"body":"Trop tôt."}`, "Idempotency-Key", "psa-5")
	// A process that died after it wrote, and before it kept the answer.
	path := "/tickets/" + ids["number"] + "/notes"
	note := p.want(t, http.StatusCreated, http.MethodPost, path, `{"body":"Note unique."}`, "Idempotency-Key", "psa-3")
	before = said()
	p.stage(t, `update api_requests set status = null, held_until = now() - interval '1 second' where key = 'psa-3'`)
	if again := p.want(t, http.StatusCreated, http.MethodPost, path, `{"body":"Note unique."}`, "Idempotency-Key", "psa-3"); again["id"] != note["id"] || said() != before {
		t.Errorf("%v after %v", again, note)
	}
	finding := `{"kind":"other","result":"info","text":"Vu une fois."}`
	p.want(t, http.StatusCreated, http.MethodPost, "/tickets/"+ids["number"]+"/findings", finding, "Idempotency-Key", "psa-4")
	p.stage(t, `update api_requests set status = null, held_until = now() - interval '1 second' where key = 'psa-4'`)
	if out := p.want(t, http.StatusConflict, http.MethodPost, "/tickets/"+ids["number"]+"/findings", finding, "Idempotency-Key", "psa-4"); out["code"] != "outcome_unknown" {
		t.Errorf("%v", out)
	}
	p.want(t, http.StatusBadRequest, http.MethodPost, path, `{"body":"x"}`, "Idempotency-Key", strings.Repeat("k", 256))
}

func twoAtOnce(t *testing.T, p program) {
	ids := p.idsOf(t, "alpine", "true")
	var all sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		all.Go(func() {
			statuses[i] = p.ask(t, http.MethodPost, "/tickets/"+ids["number"]+"/findings", `{"kind":"other","result":"info","text":"À huit."}`, "Idempotency-Key", "at-once").status
		})
	}
	all.Wait()
	for _, s := range statuses {
		if s != http.StatusCreated && s != http.StatusConflict {
			t.Errorf("%v", statuses)
		}
	}
	if n := count(t, p.door, `select count(*) from findings where text = 'À huit.'`); n != 1 || !slices.Contains(statuses, http.StatusCreated) {
		t.Errorf("%d findings: %v", n, statuses)
	}
}

func refusalsSayWhere(t *testing.T, p program) {
	ids := p.idsOf(t, "alpine", "true")
	for body, pointer := range map[string]string{
		`{"requester_id":"` + ids["requester"] + `","subject":"a","body":"b","impact":"huge"}`:                "#/impact",
		`{"requester_id":"` + ids["requester"] + `","subject":"a","body":"b","colour":"red"}`:                 "#/colour",
		`{"requester_id":"` + ids["requester"] + `","subject":"a","body":"b","service":"Minitel"}`:            "#/service",
		`{"requester_id":"` + desk.NewID().String() + `","subject":"a","body":"b"}`:                           "#/requester_id",
		`{"requester_id":"` + ids["requester"] + `","subject":"` + strings.Repeat("é", 201) + `","body":"b"}`: "#/subject",
		`{"requester_id":"` + ids["requester"] + `","subject":"a","body":"b","since":"2999-01-01T00:00:00Z"}`: "#/since",
		`{"requester_id":7,"subject":"a","body":"b"}`:                                                         "#/requester_id",
	} {
		out := p.want(t, http.StatusUnprocessableEntity, http.MethodPost, "/tickets", body)
		if fault := out["errors"].([]any)[0].(map[string]any); fault["pointer"] != pointer || fault["detail"] == "" || out["code"] != "invalid" || out["status"] != 422.0 {
			t.Errorf("%s: %v", body, out)
		}
	}
	out := p.want(t, http.StatusUnprocessableEntity, http.MethodPost, "/tickets", `{"requester_id":"`+desk.NewID().String()+`","subject":"a","body":"b"}`, "Accept-Language", "fr")
	if detail := out["errors"].([]any)[0].(map[string]any)["detail"].(string); !strings.Contains(detail, "hoisi") {
		t.Errorf("in French: %s", detail)
	}
	p.want(t, http.StatusUnprocessableEntity, http.MethodPatch, "/tickets/"+ids["number"], `{"priority":9}`)
	p.want(t, http.StatusUnprocessableEntity, http.MethodPatch, "/tickets/"+ids["number"], `{"assignee_id":"`+desk.NewID().String()+`"}`)
	seen := p.want(t, http.StatusOK, http.MethodGet, "/tickets/"+ids["number"]+"/messages", "")["items"].([]any)[0].(map[string]any)["id"].(string)
	p.want(t, http.StatusCreated, http.MethodPost, "/tickets/"+ids["number"]+"/messages", `{"body":"Entre-temps."}`)
	if out := p.want(t, http.StatusConflict, http.MethodPost, "/tickets/"+ids["number"]+"/messages", `{"body":"Trop tard.","seen":"`+seen+`"}`); out["code"] != "newer_message" {
		t.Errorf("%v", out)
	}
}

func revokedTokens(t *testing.T, p program) {
	paul := p.actor(t, "alpine", "paul@alpine.example")
	gone := p.program(t, "alpine", "paul@alpine.example", "ines@alpine.example")
	gone.want(t, http.StatusOK, http.MethodGet, "/people", "")
	if err := p.Parts.App.RevokeToken(t.Context(), paul, look[desk.ID](t, p.door, `select id from api_tokens order by created_at desc limit 1`)); err != nil {
		t.Fatal(err)
	}
	if out := gone.want(t, http.StatusUnauthorized, http.MethodGet, "/people", ""); out["code"] != "invalid_token" {
		t.Errorf("%v", out)
	}
	last := p.program(t, "alpine", "paul@alpine.example", "ines@alpine.example")
	p.stage(t, `update api_tokens set ends_at = $1 where created_at = (select max(created_at) from api_tokens)`, time.Now().Add(-time.Second))
	last.want(t, http.StatusUnauthorized, http.MethodGet, "/people", "")
}
