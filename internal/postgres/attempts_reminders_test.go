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
		"OverdueEscalations": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Escalation, error) { return tx.OverdueEscalations(100) }),
		"SaveReminded": touches0(func(tx *postgres.Tx, i intruder) {
			e := i.theirs.escalation
			e.DueAt, e.RemindedAt = &tx.Now, &tx.Now
			tx.SaveReminded(e)
		}),
		"RollUpEscalations": {call: func(tx *postgres.Tx, _ intruder) (any, error) { return nil, tx.RollUpEscalations(today(tx.Now)) }},
	})
}

// Which desks have something to say is known without a desk; what it is, at the desk
// alone.
func TestOverdueEscalationsStayAtTheirDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late := time.Now().Add(-time.Hour)
	for _, p := range []partner{w.one, w.two} {
		w.update(t, p.scope(), func(tx *postgres.Tx) error {
			e := p.first.escalation
			e.DueAt = &late
			return tx.SaveEscalation(e)
		})
	}
	desks := func() (list []desk.ID) {
		err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) (err error) {
			list, err = tx.DesksToRemind(10)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := desks(); len(list) != 2 {
		t.Errorf("desks %v", list)
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.OverdueEscalations(10)
		if err != nil || len(list) != 1 || list[0].ID != w.one.first.escalation.ID {
			t.Fatalf("%+v, %v", list, err)
		}
		_, err = list[0].Remind(tx.Now)
		tx.SaveReminded(list[0])
		again, err2 := tx.OverdueEscalations(10)
		if len(again) != 0 {
			t.Errorf("found again %+v", again)
		}
		return errors.Join(err, err2)
	})
	if list := desks(); len(list) != 1 || list[0] != w.two.desk.ID {
		t.Errorf("afterwards desks %v", list)
	}
	s := w.one.scopeOf(w.one.first)
	if err := w.db.Update(t.Context(), s, func(tx *postgres.Tx) error {
		list, err := tx.OverdueEscalations(10)
		if len(list) != 0 {
			t.Errorf("a customer reads %+v", list)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
