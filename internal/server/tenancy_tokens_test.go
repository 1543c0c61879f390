package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// The programs' door reads no cookie: whoever comes with one is nobody there.
func init() {
	const at, api = "/{desk}/settings/tokens", "/api/v1"
	maps.Copy(ways, map[string]way{
		"GET " + at: {who: admins, done: http.StatusOK},
		"POST " + at: {who: admins, done: http.StatusCreated, ids: map[string]string{"person": "self"},
			form: url.Values{"name": {"PSA"}, "scopes": {"tickets:read"}}},
		"POST " + at + "/{apitoken}/revocation": {who: admins, done: http.StatusSeeOther},
		"GET " + api + "/openapi.json":          {done: http.StatusOK},
	})
	for route := range programRoutes {
		method, path, _ := strings.Cut(route, " ")
		ways[method+" "+api+path] = way{done: http.StatusUnauthorized}
	}
}

// apiTokens gives each desk a token, as the walkers meet it.
func (d *door) apiTokens(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into api_tokens (desk_id, id, name, scopes, person_id, hash, hint, created_by, created_at)
		select desk_id, gen_random_uuid(), 'Staged', '{tickets:read}', min(id::text)::uuid, decode(md5(desk_id::text) || md5('staged'), 'hex'), 'gch_', min(id::text)::uuid, now()
		from people where role = 'admin' group by desk_id`)
}

func (d *door) equipTokens(t *testing.T, w *walker, home desk.ID) {
	t.Helper()
	w.own["self"] = w.id.String()
	w.own["apitoken"] = look[string](t, d, `select id::text from api_tokens where desk_id = $1 and name = 'Staged'`, home)
	w.foreign["apitoken"] = list[string](t, d, `select id::text from api_tokens where desk_id <> $1 and name = 'Staged'`, home)
	w.foreign["self"] = list[string](t, d, `select id::text from people where desk_id <> $1 or customer_id is not null order by id limit 3`, home)
}
