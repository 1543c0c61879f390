package postgres_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Whoever holds a stolen cookie can keep a slow request open, and have its
// session stored when it ends.
func TestEndedSessionStaysEndedWhateverIsUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store, ctx := w.db.Sessions(), t.Context()
	signedIn := []byte(`{"values": {"person": "` + w.one.agent.ID.String() + `"}}`)
	for name, end := range map[string]func(token string) error{
		"signed out": func(token string) error { return store.DeleteCtx(ctx, token) },
		"revoked": func(token string) error {
			return w.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.Revoke(w.one.agent.ID, token) })
		},
	} {
		save := func() {
			if err := store.CommitCtx(ctx, name, signedIn, time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		save()
		if _, found, err := store.FindCtx(ctx, name); err != nil || !found {
			t.Fatalf("a new session: %v %v", found, err)
		}
		if err := end(name); err != nil {
			t.Fatal(err)
		}
		save()
		if _, found, err := store.FindCtx(ctx, name); err != nil || found {
			t.Errorf("%s, then stored by a request under way: %v %v", name, found, err)
		}
		err := w.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.Revoke(w.one.agent.ID, name) })
		if !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s, it can be ended again: %v", name, err)
		}
	}
}
