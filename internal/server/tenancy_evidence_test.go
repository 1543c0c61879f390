package server_test

import (
	"maps"
	"net/http"
	"testing"
)

// What was removed once is gone for whoever asks next, and what ended takes no files.
func init() {
	const at = "/{desk}/escalations/{escalation}"
	maps.Copy(ways, map[string]way{
		"GET " + at + "/evidence":                     {who: agents, done: http.StatusOK},
		"POST " + at + "/evidence":                    {who: agents, done: http.StatusUnprocessableEntity}, // no files
		"POST " + at + "/evidence/sending":            {who: agents, done: http.StatusConflict},            // no connector filed it
		"GET " + at + "/evidence/{evidence}":          {who: agents, done: http.StatusNotFound},            // of which no bytes are there
		"POST " + at + "/evidence/{evidence}/removal": {who: agents, done: http.StatusSeeOther, or: http.StatusNotFound},
		"GET " + at + "/dossier.zip":                  {who: agents, done: http.StatusOK, or: http.StatusNotFound},
		"GET " + at + "/dossier.json":                 {who: agents, done: http.StatusOK},
		"GET " + at + "/dossier.txt":                  {who: agents, done: http.StatusOK},
	})
}

// evidence stages a file of every escalation.
func (d *door) evidence(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into evidence_files (desk_id, id, escalation_id, name, type, bytes, blob, sum, person_id, created_at)
		select desk_id, gen_random_uuid(), id, 'trace.har', '', 1000, desk_id || '/' || id, id, prepared_by, now() from escalations`)
}

// proves looks up the file of a walker's escalation, and others'.
func (w *walker) proves(t *testing.T, d *door, home string) {
	t.Helper()
	const files = `select f.id::text from evidence_files f join escalations e on e.desk_id = f.desk_id and e.id = f.escalation_id where `
	w.own["evidence"] = look[string](t, d, files+`e.desk_id = $1 and e.number = $2::bigint`, home, w.own["escalation"])
	w.foreign["evidence"] = append(list[string](t, d, files+`e.desk_id = $1 and e.number <> $2::bigint order by f.id limit 2`, home, w.own["escalation"]),
		list[string](t, d, `select min(id::text) from evidence_files where desk_id <> $1 group by desk_id`, home)...)
}
