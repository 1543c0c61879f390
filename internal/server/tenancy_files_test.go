package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

// No bytes stand behind the files that are staged here: whoever may open one is told
// that it is gone, like everybody else.
func init() {
	const at = "/{desk}/tickets/{number}/attachments"
	maps.Copy(ways, map[string]way{
		"POST " + at:                            {who: people, form: url.Values{"body": {"See the file"}}, done: http.StatusSeeOther},
		"GET " + at + "/{attachment}":           {who: people, done: http.StatusNotFound},
		"GET " + at + "/{attachment}/thumbnail": {who: people, done: http.StatusNotFound},
		"POST " + at + "/{attachment}/verdict":  {who: admins, form: url.Values{"verdict": {"release"}}, done: http.StatusConflict}, // none waits for one
		"POST /{desk}/uploads":                  {who: people, form: url.Values{"name": {"a.log"}, "bytes": {"10"}}, done: http.StatusCreated},
		"GET /{desk}/uploads/{upload}":          {who: people, done: http.StatusOK, or: http.StatusNotFound},
		"PUT /{desk}/uploads/{upload}":          {who: people, done: http.StatusUnprocessableEntity},
		"POST /{desk}/uploads/{upload}/removal": {who: people, done: http.StatusNoContent},
		"GET /{desk}/settings/files":            {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/files":           {who: admins, form: url.Values{"each": {"20"}, "together": {"40"}}, done: http.StatusSeeOther},
	})
}

// attached stages a file of every ticket, and one that everybody is about to send.
func (d *door) attached(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into attachments (desk_id, id, ticket_id, customer_id, internal, name, type, bytes, blob, sum, state, person_id, created_at)
		select desk_id, gen_random_uuid(), id, customer_id, false, 'a.log', 'text/plain', 10, desk_id || '/a' || id, 'sum', 'kept', requester_id, now() from tickets`)
	d.stage(t, `insert into uploads (desk_id, id, person_id, customer_id, subcontractor_id, name, bytes, received, created_at)
		select desk_id, gen_random_uuid(), id, customer_id, subcontractor_id, 'b.log', 10, 0, now() from people`)
}

// sends looks up the files of a walker's ticket and of his own, and others'.
func (w *walker) sends(t *testing.T, d *door, home string) {
	t.Helper()
	const files = `select a.id::text from attachments a join tickets k on k.desk_id = a.desk_id and k.id = a.ticket_id where `
	w.own["attachment"] = look[string](t, d, files+`a.desk_id = $1 and k.number = $2::bigint limit 1`, home, w.own["number"])
	w.foreign["attachment"] = append(list[string](t, d, files+`a.desk_id = $1 and k.number <> $2::bigint order by a.id limit 2`, home, w.own["number"]),
		list[string](t, d, `select min(id::text) from attachments where desk_id <> $1 group by desk_id`, home)...)
	w.own["upload"] = look[string](t, d, `select id::text from uploads where desk_id = $1 and person_id = $2`, home, w.id)
	w.foreign["upload"] = append(list[string](t, d, `select id::text from uploads where desk_id = $1 and person_id <> $2 order by id limit 2`, home, w.id),
		list[string](t, d, `select min(id::text) from uploads where desk_id <> $1 group by desk_id`, home)...)
}
