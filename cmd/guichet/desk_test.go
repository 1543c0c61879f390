package main

import (
	"io"
	"strings"
	"testing"
)

// A desk is removed by whoever types its name, and by nobody else.
func TestRemovalIsConfirmed(t *testing.T) {
	t.Parallel()
	for typed, ok := range map[string]bool{"alpine\n": true, " alpine": true, "\n": false, "": false, "yes\n": false, "brume\nalpine\n": false} {
		if err := confirmed("alpine", strings.NewReader(typed), io.Discard); (err == nil) != ok {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if err := (&DeskCmd{Slug: "alpine", Name: "Alpine"}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("a desk without an admin: %v", err)
	}
}
