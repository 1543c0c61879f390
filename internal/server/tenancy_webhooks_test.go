package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"guichet/internal/desk"
)

// A form without its tick removes nothing: the webhook is there for who comes next.
func init() {
	const at = "/{desk}/settings/webhooks"
	form := url.Values{"url": {"https://psa.example/staged"}, "events": {"webhook.none"}}
	maps.Copy(ways, map[string]way{
		"GET " + at:                                             {who: admins, done: http.StatusOK},
		"POST " + at:                                            {who: admins, done: http.StatusUnprocessableEntity, form: form},
		"GET " + at + "/{webhook}":                              {who: admins, done: http.StatusOK},
		"POST " + at + "/{webhook}":                             {who: admins, done: http.StatusUnprocessableEntity, form: form},
		"POST " + at + "/{webhook}/secret":                      {who: admins, done: http.StatusCreated},
		"POST " + at + "/{webhook}/test":                        {who: admins, done: http.StatusSeeOther},
		"POST " + at + "/{webhook}/removal":                     {who: admins, done: http.StatusUnprocessableEntity},
		"GET " + at + "/{webhook}/deliveries/{delivery}":        {who: admins, done: http.StatusOK},
		"POST " + at + "/{webhook}/deliveries/{delivery}/tries": {who: admins, done: http.StatusSeeOther},
	})
}

// stagedWebhooks gives each desk a webhook with a message that went through, and one to
// spare. Nothing is sent to them: what seals their secrets is no key of ours.
func (d *door) stagedWebhooks(t *testing.T) {
	t.Helper()
	for _, name := range []string{"staged", "spare"} {
		d.stage(t, `insert into webhooks (desk_id, id, url, events, texts, secret, active, created_by, created_at, changed_at)
			select desk_id, gen_random_uuid(), 'https://psa.example/' || $1, '{incident.opened}', false, 'x', true, min(id::text)::uuid, now(), now() from people where role = 'admin' group by desk_id`, name)
	}
	d.stage(t, `insert into webhook_deliveries (desk_id, id, webhook_id, event, body, state, due_at, created_at, ended_at)
		select desk_id, gen_random_uuid(), id, 'ticket.created', '{"type":"ticket.created"}', 'delivered', now(), now(), now() from webhooks where url like '%/staged'`)
	d.stage(t, `insert into webhook_attempts (desk_id, id, delivery_id, status, trouble, took_ms, answer, created_at) select desk_id, gen_random_uuid(), id, 204, '', 12, '', now() from webhook_deliveries`)
}

func (d *door) equipWebhooks(t *testing.T, w *walker, home desk.ID) {
	t.Helper()
	const hook, delivery = `select id::text from webhooks where url like '%/staged' and desk_id `, `select id::text from webhook_deliveries where event = 'ticket.created' and desk_id `
	w.own["webhook"], w.foreign["webhook"] = look[string](t, d, hook+`= $1`, home), list[string](t, d, hook+`<> $1`, home)
	w.own["delivery"], w.foreign["delivery"] = look[string](t, d, delivery+`= $1`, home), list[string](t, d, delivery+`<> $1`, home)
}
