package server_test

import (
	"maps"
	"net/http"
	"net/url"
)

// How the routes of live pages are asked.
func init() {
	maps.Copy(ways, map[string]way{
		// Without saying so, nobody gets a stream.
		"GET /{desk}/live":                       {who: people, done: http.StatusNotAcceptable},
		"GET /{desk}/tickets/{number}/presence":  {who: agents, done: http.StatusOK},
		"POST /{desk}/tickets/{number}/presence": {who: agents, done: http.StatusOK, form: url.Values{"doing": {"viewing"}}},
		"POST /{desk}/drafts":                    {who: people, done: http.StatusNoContent, form: url.Values{"about": {"ticket"}, "fields": {"body=Half+a+word"}}},
	})
}
