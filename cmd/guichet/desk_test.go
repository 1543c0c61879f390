package main

import (
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/testbed"
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

// A desk that was opened from the command line is removed from it, with its files, and
// only once.
func TestADeskIsOpenedAndRemoved(t *testing.T) {
	owner, serving := testbed.Empty(t)
	folder := t.TempDir()
	for name, value := range map[string]string{"DATABASE_URL": serving, "DATABASE_OWNER_URL": owner, "BASE_URL": "http://127.0.0.1:8080", "SECRET_KEY": base64.StdEncoding.EncodeToString([]byte(testbed.SecretKey)),
		"FILES_URL": "file://" + folder, "STATE_DIR": folder} {
		t.Setenv(name, value)
	}
	if err := (&DeskCmd{Slug: "gone", Name: "Gone", Tenant: desk.NewID().String(), Admin: "admin@gone.example", Language: "fr", Zone: "Europe/Paris"}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	c := &DeskCmd{Slug: "gone", Remove: true}
	if err := c.remove(t.Context(), strings.NewReader("another\n"), io.Discard); err == nil {
		t.Error("removed without its name")
	}
	if err := c.remove(t.Context(), strings.NewReader("gone\n"), &told); err != nil || !strings.Contains(told.String(), "Its files are erased.") {
		t.Errorf("%v, %s", err, told.String())
	}
	if err := c.remove(t.Context(), strings.NewReader("gone\n"), io.Discard); err == nil || !strings.Contains(err.Error(), "no such desk") {
		t.Errorf("twice: %v", err)
	}
}
