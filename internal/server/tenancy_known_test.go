package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

func init() {
	word := url.Values{"text_fr": {"Un mot."}, "do": {"preview"}}
	maps.Copy(ways, map[string]way{
		"GET /{desk}/tickets/new/known": {who: people, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
		// The ticket may be another customer's of the desk than the issue's.
		"POST /{desk}/tickets/{number}/issues": {who: agents, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, ids: map[string]string{"issue": "issue"}, form: url.Values{"do": {"attach"}}},
		// Nobody has asked whether it works again.
		"POST /{desk}/tickets/{number}/works": {who: buyers, done: http.StatusConflict, form: url.Values{"works": {"yes"}}},

		"GET /{desk}/issues/{issue}/announcements":                      {who: staff, done: http.StatusOK},
		"POST /{desk}/issues/{issue}/announcements":                     {who: staff, done: http.StatusOK, form: word},
		"GET /{desk}/issues/{issue}/announcements/{announcement}":       {who: staff, done: http.StatusOK},
		"GET /{desk}/incidents/{incident}/announcements":                {who: staff, done: http.StatusOK},
		"POST /{desk}/incidents/{incident}/announcements":               {who: staff, done: http.StatusOK, form: word},
		"GET /{desk}/incidents/{incident}/announcements/{announcement}": {who: staff, done: http.StatusNotFound}, // it is about an issue
	})
}

// announcements gives each company's issue one, under the issue's own id.
func (d *door) announcements(t *testing.T) {
	t.Helper()
	d.stage(t, `insert into announcements (desk_id, id, issue_id, person_id, texts, state, created_at)
		select c.desk_id, c.id, c.id, (select p.id from people p where p.desk_id = c.desk_id and p.customer_id is null limit 1), '{"fr": "Un mot."}', 'done', now() from customers c`)
}
