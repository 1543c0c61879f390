package server_test

import (
	"maps"
	"net/http"
)

// How the routes of live pages are asked.
func init() {
	maps.Copy(ways, map[string]way{
		// Without saying so, nobody gets a stream.
		"GET /{desk}/live": {who: people, done: http.StatusNotAcceptable},
	})
}
