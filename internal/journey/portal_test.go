package journey_test

import (
	"testing"

	"guichet/internal/testbed/running"
)

// TestPortal walks through the whole portal as people do. All journeys share
// one portal, each with people and tickets of its own.
func TestPortal(t *testing.T) {
	t.Parallel()
	site := running.Start(t)
	journeys := map[string]func(*testing.T, *running.Portal){
		"every page": everyPage,
	}
	for name, walk := range journeys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, site)
		})
	}
}
