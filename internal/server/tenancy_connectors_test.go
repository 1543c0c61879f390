package server_test

import (
	"maps"
	"net/http"
	"net/url"
)

// Nothing of a connector has an id: it is the desk's own. None is set up yet.
func init() {
	const at = "/{desk}/settings/connectors"
	const of = "/{desk}/escalations/{escalation}"
	maps.Copy(ways, map[string]way{
		"GET " + of + "/connector":              {who: agents, done: http.StatusUnprocessableEntity}, // it is filed, and about Exchange
		"POST " + of + "/connector":             {who: agents, done: http.StatusUnprocessableEntity, form: url.Values{"severity": {"B"}}},
		"POST " + of + "/words":                 {who: agents, done: http.StatusUnprocessableEntity, or: http.StatusConflict, form: url.Values{"text": {"Bonjour."}}},
		"GET " + at:                             {who: admins, done: http.StatusOK},
		"GET " + at + "/{connector}":            {who: admins, done: http.StatusOK},
		"POST " + at + "/{connector}":           {who: admins, done: http.StatusSeeOther, form: url.Values{"revision": {"0"}, "client_id": {"guichet"}, "client_secret": {"hush"}}},
		"POST " + at + "/{connector}/check":     {who: admins, done: http.StatusUnprocessableEntity},
		"GET " + at + "/partner_center/profile": {who: admins, done: http.StatusUnprocessableEntity},
		"POST " + at + "/partner_center/profile": {who: admins, done: http.StatusUnprocessableEntity,
			form: url.Values{"email": {"x@example.org"}}},
	})
}
