package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

func init() {
	const in, erasure = "/{desk}/settings/import", "/{desk}/settings/people/{person}/erasure"
	maps.Copy(ways, map[string]way{
		"GET " + in:                         {who: admins, done: http.StatusOK},
		"POST " + in:                        {who: admins, done: http.StatusUnprocessableEntity}, // no file is in it
		"GET " + in + "/templates/{kind}":   {who: admins, done: http.StatusOK},
		"GET " + in + "/{import}":           {who: admins, done: http.StatusOK},
		"GET " + in + "/{import}/refused":   {who: admins, done: http.StatusOK},
		"POST " + in + "/{import}/addition": {who: admins, done: http.StatusSeeOther},
		"POST " + in + "/{import}/removal":  {who: admins, done: http.StatusSeeOther},
		"GET /{desk}/settings/export":       {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/export":      {who: admins, done: http.StatusOK, form: url.Values{"form": {"jsonl"}}},
		"GET " + erasure:                    {who: admins, done: http.StatusOK},
		"POST " + erasure:                   {who: admins, done: http.StatusUnprocessableEntity, form: url.Values{"email": {"nobody@nowhere.example"}}},
	})
}

// moves gives each desk a file that was read, with a line that is refused.
func (d *door) moves(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into imports (desk_id, id, kind, name, bytes, sum, blob, state, bad, person_id, created_at)
		select desk_id, gen_random_uuid(), 'customers', 'staged.csv', 1, '', '', 'read', 1, min(id::text)::uuid, now() from people where role = 'admin' group by desk_id`)
	d.stage(t, `insert into import_lines (desk_id, import_id, line, state, cells, problems)
		select desk_id, id, 2, 'bad', '{"name": "Atelier"}', '[{"Field": "tenant", "Key": "error.tenant", "Args": []}]' from imports`)
}

func (w *walker) moves(t *testing.T, d *door, home string) {
	t.Helper()
	w.own["import"] = look[string](t, d, `select id::text from imports where desk_id = $1`, home)
	w.foreign["import"] = list[string](t, d, `select id::text from imports where desk_id <> $1`, home)
}
