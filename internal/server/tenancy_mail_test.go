package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/files"
)

// A mail that was dropped once is dropped for whoever asks next; one that was let in is
// no more among those that wait.
func init() {
	const message, mail = "/{desk}/tickets/{number}/messages/{message}", "/{desk}/quarantine"
	maps.Copy(ways, map[string]way{
		"GET " + message + "/mail":                      {who: people, done: http.StatusOK},
		"GET " + message + "/html":                      {who: people, done: http.StatusOK},
		"GET " + message + "/original":                  {who: agents, done: http.StatusOK},
		"GET " + mail:                                   {who: staff, done: http.StatusOK},
		"GET " + mail + "/{mail}":                       {who: staff, done: http.StatusOK},
		"GET " + mail + "/{mail}/original":              {who: staff, done: http.StatusOK},
		"POST " + mail + "/{mail}/ticket":               {who: staff, done: http.StatusUnprocessableEntity, form: url.Values{"customer": {"x"}}},
		"POST " + mail + "/{mail}/attachment":           {who: staff, done: http.StatusUnprocessableEntity, form: url.Values{"number": {"x"}}},
		"POST " + mail + "/{mail}/removal":              {who: staff, done: http.StatusSeeOther},
		"POST /{desk}/settings/people/{person}/address": {who: admins, done: http.StatusSeeOther},
		"GET /{desk}/settings/letters":                  {who: admins, done: http.StatusOK},
		"GET /{desk}/settings/letters/{kind}":           {who: admins, done: http.StatusNotFound}, // of no kind
		"POST /{desk}/settings/letters/{kind}":          {who: admins, done: http.StatusNotFound},
		"GET /{desk}/settings/sender":                   {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/sender":                  {who: admins, done: http.StatusUnprocessableEntity, form: url.Values{"address": {"x"}}},
		"POST /{desk}/settings/sender/check":            {who: admins, done: http.StatusNotFound}, // there is no domain
		"GET /{desk}/letters/{token}":                   {done: http.StatusGone},
		"POST /{desk}/letters/{token}":                  {done: http.StatusGone},
		"GET /{desk}/settings/mail":                     {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/mail":                    {who: admins, done: http.StatusUnprocessableEntity, form: url.Values{"unknown": {"x"}}},
		"POST /{desk}/settings/mail/check":              {who: admins, done: http.StatusNotFound}, // there is no mailbox
	})
}

// mails has the first message of each ticket come by mail, and one wait at each desk.
func (d *door) mails(t *testing.T) {
	t.Helper()
	raw := "From: eve@nowhere.test\r\nSubject: Staged\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>Staged</p>\r\n"
	kept, err := files.Folder(d.Config.FilesURL.Path).Put(t.Context(), desk.NewID(), strings.NewReader(raw), 1000)
	if err != nil {
		t.Fatal(err)
	}
	const columns = `insert into mails (desk_id, id, blob, bytes, sum, via, recipients, message_id, from_email, subject, state, reason, html, ticket_id, customer_id, message, created_at) `
	d.stage(t, columns+`select desk_id, gen_random_uuid(), $1, $2, 'x', 'smtp', '{}', 'm' || id, 'eve@nowhere.test', 'Staged', 'taken', '', true, ticket_id, customer_id, id, now()
		from (select distinct on (desk_id, ticket_id) * from messages where side = 'customer' and not internal order by desk_id, ticket_id, created_at) m`, kept.Blob, kept.Bytes)
	d.stage(t, columns+`select id, gen_random_uuid(), $1, $2, 'x', 'smtp', '{}', 'w' || id, 'eve@nowhere.test', 'Staged', 'quarantined', 'stranger', true, null, null, null, now() from desks`, kept.Blob, kept.Bytes)
}

// mailed looks up the mail of a walker's ticket and the one that waits at his desk, and
// others'.
func (w *walker) mailed(t *testing.T, d *door, home string) {
	t.Helper()
	const of = `select m.message::text from mails m join tickets k on k.desk_id = m.desk_id and k.id = m.ticket_id where m.subject = 'Staged' and m.desk_id `
	w.own["message"] = look[string](t, d, of+`= $1 and k.number = $2::bigint`, home, w.own["number"])
	w.foreign["message"] = append(list[string](t, d, of+`= $1 and k.number <> $2::bigint order by m.id limit 2`, home, w.own["number"]), list[string](t, d, of+`<> $1 order by m.id limit 2`, home)...)
	w.own["mail"] = look[string](t, d, `select id::text from mails where desk_id = $1 and reason = 'stranger'`, home)
	w.foreign["mail"] = list[string](t, d, `select id::text from mails where desk_id <> $1 and reason = 'stranger'`, home)
}
