package postgres_test

import (
	"errors"
	"maps"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Evidence": reads(func(tx *postgres.Tx, i intruder) ([]desk.EvidenceFile, error) {
			return tx.Evidence(i.theirs.escalation.ID)
		}),
		"EvidenceFile": finds(func(tx *postgres.Tx, i intruder) (desk.EvidenceFile, error) {
			return tx.EvidenceFile(i.theirs.escalation.ID, i.theirs.escalation.ID)
		}),
		"AddEvidence": writes(func(tx *postgres.Tx, i intruder) error {
			_, err := tx.AddEvidence(aFile(i.theirs.escalation, i.desk.agent.ID, "another"))
			return err
		}),
		"RemoveEvidence": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.RemoveEvidence(i.theirs.escalation.ID, i.theirs.escalation.ID)
		}),
		"KnownBlobs": reads(func(tx *postgres.Tx, i intruder) ([]string, error) {
			return tx.KnownBlobs([]string{"blob " + i.theirs.escalation.ID.String()})
		}),
	})
}

// aFile is one of an escalation's, under the escalation's own id, which a guess
// would try.
func aFile(e desk.Escalation, who desk.ID, sum string) desk.EvidenceFile {
	f := desk.NewEvidence(e, "a secret trace.har", "application/json", nil, who, e.CreatedAt)
	f.ID, f.Bytes, f.Blob, f.Sum = e.ID, 1000, "blob "+e.ID.String(), sum
	if sum != "sum" {
		f.ID, f.Blob = desk.NewID(), "blob of "+sum
	}
	return f
}

// filed gives both customers' escalations a file.
func (w *world) filed(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		for _, c := range []company{p.first, p.second} {
			if added, err := tx.AddEvidence(aFile(c.escalation, p.agent.ID, "sum")); err != nil || !added {
				return errors.Join(err, errors.New("no file"))
			}
		}
		return nil
	})
}

func TestEvidenceIsKeptOnceUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.one.first.escalation
	f := aFile(e, w.one.agent.ID, "sum")
	again := f
	again.ID, again.Blob, again.Name = desk.NewID(), "another blob", "b.har"
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		added, err := tx.AddEvidence(again)
		if added {
			t.Error("the same bytes were added twice")
		}
		return err
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.Evidence(e.ID)
		if len(list) != 1 || list[0].Name != f.Name || list[0].PersonName != w.one.agent.Name || list[0].Bytes != 1000 || list[0].Sum != "sum" {
			t.Errorf("%+v", list)
		}
		return err
	})
	w.view(t, w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error {
		list, err := tx.Evidence(e.ID)
		if len(list) != 0 {
			t.Errorf("the customer himself reads %+v", list)
		}
		return err
	})
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		if known, err := tx.KnownBlobs([]string{f.Blob, "another blob"}); err != nil || len(known) != 1 || known[0] != f.Blob {
			t.Errorf("known: %q, %v", known, err)
		}
		if err := tx.RemoveEvidence(e.ID, f.ID); err != nil {
			return err
		}
		if err := tx.RemoveEvidence(e.ID, f.ID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if known, err := tx.KnownBlobs([]string{f.Blob}); err != nil || len(known) != 0 {
			t.Errorf("what was removed is known: %q, %v", known, err)
		}
		if added, err := tx.AddEvidence(again); err != nil || !added { // it may come back
			t.Errorf("added after it was removed: %v, %v", added, err)
		}
		return nil
	})
}
