package main

import (
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

func TestCircleCommand(t *testing.T) {
	t.Parallel()
	owner, serving := testbed.Empty(t)
	db, err := postgres.Open(t.Context(), serving, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d, err := desk.NewDesk("alpine", "Alpine Cloud", "fr", "Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 1) }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cmd         CircleCmd
		says, fails string
	}{
		{CircleCmd{}, "No desk is let", ""},
		{CircleCmd{Let: "nobody"}, "", "nobody: there is no such desk"},
		{CircleCmd{Remove: "alpine"}, "", "alpine: it was not let in"},
		{CircleCmd{Let: "alpine"}, "Alpine Cloud", ""},
		{CircleCmd{Let: "alpine"}, "Alpine Cloud", ""},
		{CircleCmd{}, "alpine", ""},
		{CircleCmd{Remove: "alpine"}, "No desk is let", ""},
	} {
		var out strings.Builder
		err := c.cmd.run(t.Context(), owner, &out)
		if c.fails != "" && (err == nil || err.Error() != c.fails) || c.fails == "" && err != nil || !strings.Contains(out.String(), c.says) {
			t.Errorf("%+v says %q and %v", c.cmd, out.String(), err)
		}
	}
	// The role that serves may not, whoever holds its address.
	if err := postgres.LetIntoCircle(t.Context(), serving, "alpine"); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("the serving role lets a desk in: %v", err)
	}
	if _, err := postgres.CircleDesks(t.Context(), serving); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("the serving role reads the operator's list: %v", err)
	}
}
