package server_test

import (
	"maps"
	"net/http"
	"net/url"
)

// Whether an incident takes what is asked hangs on what was asked of it before: a
// late form is a conflict.
func init() {
	about := url.Values{"title": {"Appels coupés"}, "service": {"Microsoft Teams"}, "kind": {"regional_multitenant"}}
	maps.Copy(ways, map[string]way{
		"GET /{desk}/incidents":                                    {who: staff, done: http.StatusOK},
		"GET /{desk}/incidents/new":                                {who: staff, done: http.StatusOK},
		"POST /{desk}/incidents":                                   {who: staff, done: http.StatusSeeOther, form: about},
		"GET /{desk}/incidents/{incident}":                         {who: staff, done: http.StatusOK},
		"POST /{desk}/incidents/{incident}/state":                  {who: staff, done: http.StatusSeeOther, or: http.StatusConflict, form: url.Values{"act": {"mitigate"}}},
		"POST /{desk}/incidents/{incident}/about":                  {who: staff, done: http.StatusSeeOther, form: about},
		"POST /{desk}/incidents/{incident}/words":                  {who: staff, done: http.StatusSeeOther, form: url.Values{"title_fr": {"Des appels se coupent"}}},
		"POST /{desk}/incidents/{incident}/request":                {who: staff, done: http.StatusSeeOther, form: url.Values{"request": {"2611261420001234"}}},
		"POST /{desk}/incidents/{incident}/merge":                  {who: staff, done: http.StatusUnprocessableEntity, ids: map[string]string{"into": "incident"}}, // into itself
		"POST /{desk}/incidents/{incident}/issues":                 {who: staff, done: http.StatusSeeOther, ids: map[string]string{"issue": "issue"}, form: url.Values{"do": {"link"}}},
		"POST /{desk}/incidents/{incident}/tickets":                {who: staff, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, ids: map[string]string{"ticket": "number"}},
		"POST /{desk}/incidents/{incident}/tickets/{number}/leave": {who: staff, done: http.StatusSeeOther, or: http.StatusNotFound},
		"POST /{desk}/tickets/{number}/incident":                   {who: staff, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity, ids: map[string]string{"incident": "incident"}},
	})
}
