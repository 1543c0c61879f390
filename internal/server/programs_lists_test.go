package server_test

import (
	"net/http"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// Every list that the description has takes a limit with a maximum, and walked with the
// smallest it is the same as in one piece.
func limitedLists(t *testing.T, p program) {
	paul := p.program(t, "alpine", "paul@alpine.example", "paul@alpine.example")
	ids := p.idsOf(t, "alpine", "true")
	described := p.ask(t, http.MethodGet, "/openapi.json", "").json(t)["paths"].(map[string]any)
	for path, item := range described {
		get, ok := item.(map[string]any)["get"].(map[string]any)
		if !ok || !strings.HasPrefix(get["operationId"].(string), "list") {
			continue
		}
		most := 0.0
		for _, parameter := range get["parameters"].([]any) {
			if m := parameter.(map[string]any); m["name"] == "limit" {
				most, _ = m["schema"].(map[string]any)["maximum"].(float64)
			}
		}
		if most < 1 || most > 100 {
			t.Errorf("%s has no limit with a maximum: %v", path, most)
		}
	}
	for _, list := range []string{"/tickets/" + ids["number"] + "/messages", "/customers", "/customers/" + ids["customer"] + "/people", "/people", "/incidents", "/incidents/" + ids["incident"] + "/tickets",
		"/escalations", "/offer/versions", "/issues", "/issues?state=over", "/webhooks", "/webhooks/" + ids["webhook"] + "/deliveries"} {
		whole := paul.want(t, http.StatusOK, http.MethodGet, list, "")
		var some []any
		sign := "?"
		if strings.Contains(list, "?") {
			sign = "&"
		}
		for path := list + sign + "limit=1"; path != ""; {
			a := paul.ask(t, http.MethodGet, path, "")
			out := a.json(t)
			if a.status != http.StatusOK || len(out["items"].([]any)) > 1 {
				t.Fatalf("%s: %d %s", path, a.status, a.body)
			}
			some = append(some, out["items"].([]any)...)
			if path = strings.TrimSuffix(strings.TrimPrefix(a.header.Get("Link"), "</api/v1"), `>; rel="next"`); len(some) >= len(whole["items"].([]any)) && whole["next"] != nil {
				path = ""
			}
		}
		if len(some) != len(whole["items"].([]any)) {
			t.Errorf("%s: %d items one by one, %d at once", list, len(some), len(whole["items"].([]any)))
		}
		paul.want(t, http.StatusUnprocessableEntity, http.MethodGet, list+sign+"limit=101", "")
		paul.want(t, http.StatusUnprocessableEntity, http.MethodGet, list+sign+"cursor=%21", "")
	}
	live := paul.want(t, http.StatusOK, http.MethodGet, "/escalations?live=true", "")["items"].([]any)
	for _, item := range live {
		if item.(map[string]any)["ended_at"] != nil {
			t.Errorf("over: %v", item)
		}
	}
}

// Whoever makes something is told where it is, and finds there what he was told.
func madeThings(t *testing.T, p program) {
	paul := p.program(t, "alpine", "paul@alpine.example", "paul@alpine.example")
	ids := p.idsOf(t, "alpine", "t.state = 'open'")
	at := "/tickets/" + ids["number"]
	for path, body := range map[string]string{
		"/tickets":       `{"requester_id":"` + ids["requester"] + `","subject":"Où donc","body":"Une question.","price_agreed":true}`,
		at + "/messages": `{"body":"Où est-il ?"}`,
		at + "/notes":    `{"body":"Ici."}`,
		at + "/findings": `{"kind":"other","result":"info","text":"Trouvé."}`,
		at + "/decision": `{"outcome":"PARTNER","category":"how_to","reason":"Vu."}`,
		"/customers":     `{"name":"Où SARL"}`,
		"/webhooks":      `{"url":"https://ou.example/guichet","events":["incident.opened"]}`,
	} {
		a := paul.ask(t, http.MethodPost, path, body)
		if a.status != http.StatusCreated || !strings.HasPrefix(a.to(), "/api/v1/") || a.header.Get("ETag") == "" {
			t.Errorf("%s: %d to %q, %q\n%s", path, a.status, a.to(), a.header.Get("ETag"), a.body)
			continue
		}
		made, found := a.json(t), paul.want(t, http.StatusOK, http.MethodGet, strings.TrimPrefix(a.to(), "/api/v1"), "")
		delete(made, "secret") // shown once
		for name, value := range made {
			if s, ok := value.(string); ok && found[name] != s {
				t.Errorf("%s: %s is %v where it was made %v", path, name, found[name], value)
			}
		}
	}
	paul.want(t, http.StatusNotFound, http.MethodGet, at+"/messages/"+ids["note"], "") // a note is no message
	paul.want(t, http.StatusNotFound, http.MethodGet, at+"/findings/"+desk.NewID().String(), "")
}
