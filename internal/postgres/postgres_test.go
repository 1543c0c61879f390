package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/testbed"
)

func TestQuick(t *testing.T) {
	t.Parallel()
	_, serving := testbed.Empty(t)
	db, err := postgres.Open(context.Background(), serving, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.CheckRole(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, _ := desk.NewDesk("one", "One", "fr", "Europe/Paris")
	if err := db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 100) }); err != nil {
		t.Fatal(err)
	}
	_, err = db.PersonNow(t.Context(), d.ID, desk.NewID())
	if !errors.Is(err, desk.ErrNotFound) {
		t.Fatal(err)
	}
	_ = time.Now
}
