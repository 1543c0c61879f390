package postgres_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"HintState": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			s, err := tx.HintState()
			return s.Examples, err
		}),
		"HintModel": finds(func(tx *postgres.Tx, _ intruder) ([]byte, error) { return tx.HintModel(1) }),
		"AddHintModel": writes(func(tx *postgres.Tx, _ intruder) error {
			if tx.Scope.Customer == desk.Nobody {
				return desk.ErrNotFound // it names no row of others: a desk may teach its own
			}
			tx.AddHintModel(desk.HintState{Version: 9}, []byte("model"))
			return nil
		}),
		"CountPrecedents": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			n, err := tx.CountPrecedents(time.Time{}, 10)
			return n - min(n, 1), err
		}),
		"Precedents": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Precedent, error) {
			list, _, err := tx.Precedents(desk.Cursor{}, 10)
			return list, err
		}),
	})
}

func TestOnlyTheNewestHintIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scope := desk.Scope{Desk: w.one.desk.ID}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for version := 1; version <= 2; version++ {
		err := w.db.Update(t.Context(), scope, func(tx *postgres.Tx) error {
			tx.AddHintModel(desk.HintState{Version: version, Examples: 200 * version, LearnedAt: at}, []byte{byte(version)})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := w.db.View(t.Context(), scope, func(tx *postgres.Tx) error {
		s, err := tx.HintState()
		if err != nil || s.Version != 2 || s.Examples != 400 || !s.LearnedAt.Equal(at) {
			t.Errorf("%+v, %v", s, err)
		}
		if _, err := tx.HintModel(1); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("the first model: %v", err)
		}
		model, err := tx.HintModel(2)
		if err != nil || len(model) != 1 || model[0] != 2 {
			t.Errorf("the second model: %v, %v", model, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = w.db.View(t.Context(), desk.Scope{Desk: w.two.desk.ID}, func(tx *postgres.Tx) error {
		s, err := tx.HintState()
		if s != (desk.HintState{}) {
			t.Errorf("another desk has learned %+v", s)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
