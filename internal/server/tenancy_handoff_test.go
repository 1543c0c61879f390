package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

func init() {
	const at = "/{desk}/settings/providers"
	maps.Copy(ways, map[string]way{
		"GET " + at: {who: admins, done: http.StatusOK},
		"POST " + at: {who: admins, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, // itself, or one that was asked
			form: url.Values{"side": {"reseller"}, "slug": {"meridian"}}},
		"POST " + at + "/{link}/accept":                  {who: admins, done: http.StatusSeeOther, or: http.StatusConflict}, // ended already
		"POST " + at + "/{link}/end":                     {who: admins, done: http.StatusSeeOther},
		"POST /{desk}/escalations/{escalation}/mail":     {who: agents, done: http.StatusUnprocessableEntity, or: http.StatusConflict, form: url.Values{"party": {"nobody"}}},
		"GET /{desk}/tickets/{number}/handed/{evidence}": {who: agents, done: http.StatusNotFound},                                            // nobody handed it over
		"POST /{desk}/tickets/{number}/return":           {who: agents, done: http.StatusNotFound, form: url.Values{"why": {"Pas la nôtre"}}}, // nobody handed it over
	})
}

// askForLinks has providers ask each desk for a link, as the reseller it would be.
func (d *door) askForLinks(t *testing.T) {
	t.Helper()
	for reseller, provider := range map[string]string{"alpine": "brume", "brume": "alpine", "meridian": "alpine"} {
		d.stage(t, `insert into provider_links (id, reseller_id, provider_id, state, asked_by, customer_id, speaker_id, asked_at)
			select gen_random_uuid(), r.id, v.id, 'asked', 'provider', p.customer_id, p.id, now() from desks r, desks v, people p where r.slug = $1 and v.slug = $2
			and p.desk_id = v.id and p.customer_id is not null and not exists (select from provider_links l where l.customer_id = p.customer_id) order by p.id limit 1`, reseller, provider)
	}
}

// links looks up which of them is a walker's desk's to answer, and which is none of its.
func (w *walker) links(t *testing.T, d *door, home string) {
	t.Helper()
	w.own["link"] = look[string](t, d, `select id::text from provider_links where reseller_id::text = $1 and state = 'asked'`, home)
	w.foreign["link"] = list[string](t, d, `select id::text from provider_links where reseller_id::text <> $1 and provider_id::text <> $1
		union all select gen_random_uuid()::text`, home)
}
