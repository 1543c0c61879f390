package server_test

import (
	"maps"
	"net/http"
	"net/url"
)

// The issues of the walk are Microsoft's: who may change those that are recorded
// by hand is told so. Nobody there has a connection, or an application to ask by.
func init() {
	maps.Copy(ways, map[string]way{
		"GET /consent/return": {done: http.StatusNotFound, or: http.StatusForbidden},

		"GET /{desk}/issues":                              {who: agents, done: http.StatusOK},
		"GET /{desk}/issues/new":                          {who: staff, done: http.StatusOK},
		"POST /{desk}/issues":                             {who: staff, done: http.StatusSeeOther, ids: map[string]string{"customers": "customer"}, form: anIssue},
		"POST /{desk}/issues/note":                        {who: staff, done: http.StatusSeeOther, form: url.Values{"note_fr": {"Une note."}}},
		"GET /{desk}/issues/{issue}":                      {who: agents, done: http.StatusOK},
		"GET /{desk}/issues/{issue}/edit":                 {who: staff, done: http.StatusConflict},
		"POST /{desk}/issues/{issue}":                     {who: staff, done: http.StatusConflict, form: anIssue},
		"POST /{desk}/issues/{issue}/words":               {who: staff, done: http.StatusSeeOther, form: url.Values{"sees_fr": {"Le courrier tarde."}}},
		"POST /{desk}/issues/{issue}/state":               {who: staff, done: http.StatusConflict, form: url.Values{"do": {"end"}}},
		"GET /{desk}/settings/health":                     {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/health/feed":               {who: admins, done: http.StatusSeeOther, form: url.Values{"do": {"on"}}},
		"GET /{desk}/settings/health/{customer}":          {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/health/{customer}/consent": {who: admins, done: http.StatusSeeOther, or: http.StatusUnprocessableEntity},
		"POST /{desk}/settings/health/{customer}/poll":    {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound},
		"POST /{desk}/settings/health/{customer}/off":     {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound},
		"POST /{desk}/settings/health/{customer}/subscriptions": {who: admins, done: http.StatusSeeOther, or: http.StatusNotFound,
			form: url.Values{"subscription": {"8f2c41d7-0b6e-4f93-a1d5-3e7c9b20f684"}}},
		"POST /{desk}/settings/health/{customer}/subscriptions/{subscription}/removal": {who: admins, done: http.StatusNotFound},
	})
}

var anIssue = url.Values{"title": {"Le courrier tarde"}, "service": {"Exchange Online"}, "classification": {"incident"}, "stage": {"investigating"}}
