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
		"SentNames": reads(func(tx *postgres.Tx, i intruder) ([]string, error) { return tx.SentNames(i.theirs.escalation.ID) }),
		"StageEvidence": touches0(func(tx *postgres.Tx, i intruder) {
			f := aFile(i.theirs.escalation, i.desk.agent.ID, "sum")
			f.Sending, f.SentName = desk.EvidenceWaits, "taken over.har"
			tx.StageEvidence(f)
		}),
		"HoldEvidence": finds(func(tx *postgres.Tx, i intruder) (desk.EvidenceFile, error) {
			return tx.HoldEvidence(i.theirs.escalation.ID, tx.Now.Add(time.Hour))
		}),
		"SaveSending": touches0(func(tx *postgres.Tx, i intruder) {
			f := aFile(i.theirs.escalation, i.desk.agent.ID, "sum")
			f.Sent(tx.Now)
			tx.SaveSending(f, tx.Now)
		}),
		"SendingHeld": reads(func(tx *postgres.Tx, i intruder) ([]time.Time, error) {
			until, err := tx.SendingHeld(i.theirs.escalation.ID)
			if err != nil || until == nil {
				return nil, err
			}
			return []time.Time{*until}, nil
		}),
		"SendEvidenceAgain": reads(func(tx *postgres.Tx, i intruder) (bool, error) {
			return tx.SendEvidenceAgain(i.theirs.escalation.ID, nil)
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

// filed gives both customers' escalations a file, which waits to be sent.
func (w *world) filed(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		for _, c := range []company{p.first, p.second} {
			f := aFile(c.escalation, p.agent.ID, "sum")
			if added, err := tx.AddEvidence(f); err != nil || !added {
				return errors.Join(err, errors.New("no file"))
			}
			f.Sending, f.SentName = desk.EvidenceWaits, "trace.har"
			tx.StageEvidence(f)
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

func TestAFileIsHeldByOneWhoSendsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.one.first.escalation
	var until time.Time
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		f, err := tx.HoldEvidence(e.ID, tx.Now.Add(time.Hour))
		if err != nil || f.ID != e.ID || f.SentName != "trace.har" || f.PersonName != w.one.agent.Name {
			t.Errorf("held %+v, %v", f, err)
		}
		if _, err := tx.HoldEvidence(e.ID, tx.Now); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("held twice: %v", err)
		}
		held, err := tx.SendingHeld(e.ID)
		if err != nil || held == nil || tx.Now.Add(time.Hour).Sub(*held).Abs() > time.Millisecond {
			t.Errorf("held until %v, %v", held, err)
		}
		f.Refuse(desk.Refusal{Kind: desk.RefusedRole, Detail: "no\x00role"})
		tx.SaveSending(f, until)
		if again, err := tx.SendEvidenceAgain(e.ID, []desk.RefusalKind{desk.RefusedRole}); again || err != nil {
			t.Errorf("what nobody can mend waits again: %v, %v", again, err)
		}
		if again, err := tx.SendEvidenceAgain(e.ID, []desk.RefusalKind{desk.RefusedType}); !again || err != nil {
			t.Errorf("what is mended does not wait again: %v, %v", again, err)
		}
		if f, err = tx.HoldEvidence(e.ID, tx.Now); err != nil || f.Trouble != "" {
			t.Errorf("held %+v, %v", f, err)
		}
		f.Sent(tx.Now)
		tx.SaveSending(f, tx.Now)
		list, err := tx.Evidence(e.ID)
		if err != nil || len(list) != 1 || list[0].Sending != desk.EvidenceSent || list[0].SentAt == nil {
			t.Errorf("sent: %+v, %v", list, err)
		}
		return tx.RemoveEvidence(e.ID, e.ID)
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		if names, err := tx.SentNames(e.ID); err != nil || len(names) != 1 || names[0] != "trace.har" {
			t.Errorf("a name that is taken there is forgotten with the file: %q, %v", names, err)
		}
		held, err := tx.SendingHeld(e.ID)
		if held != nil {
			t.Errorf("a removed file waits until %v", held)
		}
		return err
	})
}
