package postgres_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Tokens": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.Tokens()
			return len(slices.DeleteFunc(list, func(k desk.Token) bool { return k.ID != i.desk.token() })), err
		}),
		"AddToken": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddToken(desk.Token{ID: desk.NewID(), Name: "Mine", Scopes: []string{"tickets:read"}, PersonID: i.desk.agent.ID, CreatedAt: tx.Now}, hashOf("mine"), i.desk.agent.ID)
		}),
		"RevokeToken": writes(func(tx *postgres.Tx, i intruder) error { return tx.RevokeToken(i.desk.token()) }),
		"UsedToken":   touches0(func(tx *postgres.Tx, i intruder) { tx.UsedToken(i.desk.token()) }),
		"HoldRequest": writes(func(tx *postgres.Tx, i intruder) error {
			_, _, err := tx.HoldRequest(i.desk.token(), "another", hashOf("body"), time.Minute)
			return err
		}),
		"KeepAnswer":  touches0(func(tx *postgres.Tx, i intruder) { tx.KeepAnswer(i.desk.token(), "key", desk.KeptAnswer{Status: 201}) }),
		"DropRequest": touches0(func(tx *postgres.Tx, i intruder) { tx.DropRequest(i.desk.token(), "key") }),
	})
}

// token is the id of the one that every desk of a world has.
func (p partner) token() desk.ID { return p.desk.ID } // of another table: no id is two things

func hashOf(text string) []byte { return append(make([]byte, 32-len(text)), text...) }

// tokens gives a desk a token with a request under way.
func (w *world) tokens(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		tx.AddToken(desk.Token{ID: p.token(), Name: "PSA", Scopes: []string{"tickets:read"}, PersonID: p.agent.ID, CreatedAt: tx.Now}, hashOf(p.desk.Slug), p.agent.ID)
		_, _, err := tx.HoldRequest(p.token(), "key", hashOf("body"), time.Minute)
		return err
	})
}

// A token's hash leads to its own desk, and a revoked one nowhere.
func TestBearersAreOfTheTokensDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range []partner{w.one, w.two} {
		b, err := w.db.Bearer(t.Context(), hashOf(p.desk.Slug))
		if err != nil || b.DeskID != p.desk.ID || b.ID != p.token() || b.PersonID != p.agent.ID || !b.May(desk.ScopeTicketsRead) {
			t.Errorf("%+v, %v", b, err)
		}
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.RevokeToken(w.one.token()) })
	for _, hash := range [][]byte{hashOf(w.one.desk.Slug), hashOf("nobody's"), nil} {
		if b, err := w.db.Bearer(t.Context(), hash); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%q leads to %+v (%v)", hash, b, err)
		}
	}
}

// The same key is one request: under way, then answered, and a day later forgotten.
func TestRequestsAreHeldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hold := func(db *postgres.DB, key, body string) (kept *desk.KeptAnswer, stale bool, err error) {
		err = db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) (err error) {
			kept, stale, err = tx.HoldRequest(w.one.token(), key, hashOf(body), time.Minute)
			return err
		})
		return kept, stale, err
	}
	if _, _, err := hold(w.db, "key", "body"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("under way: %v", err)
	}
	var invalid desk.Invalid
	if _, _, err := hold(w.db, "key", "other"); !errors.As(err, &invalid) {
		t.Errorf("another request: %v", err)
	}
	later := w.db.At(func() time.Time { return time.Now().Add(time.Hour) })
	if _, stale, err := hold(later, "key", "body"); err != nil || !stale {
		t.Errorf("cut off: %v, %v", stale, err)
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		tx.KeepAnswer(w.one.token(), "key", desk.KeptAnswer{Status: 201, Location: "/there", Body: []byte("{}")})
		tx.DropRequest(w.one.token(), "key") // which was answered: it stays
		return nil
	})
	if kept, _, err := hold(w.db, "key", "body"); err != nil || kept == nil || kept.Status != 201 || kept.Location != "/there" || string(kept.Body) != "{}" {
		t.Errorf("answered: %+v, %v", kept, err)
	}
	tomorrow := w.db.At(func() time.Time { return time.Now().Add(postgres.KeptFor + time.Hour) })
	if kept, stale, err := hold(tomorrow, "key", "other"); err != nil || kept != nil || stale {
		t.Errorf("a day later: %+v, %v, %v", kept, stale, err)
	}
}
