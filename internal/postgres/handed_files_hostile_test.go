package postgres_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
)

// evidenced adds a file to the dossier that was handed over.
func (c *crossing) evidenced(t *testing.T, name string) desk.ID {
	t.Helper()
	f := desk.EvidenceFile{ID: desk.NewID(), EscalationID: c.handoff.EscalationID, Name: name, Bytes: 7, Blob: "blob of " + name, Sum: name, Masked: []dossier.Masked{}, PersonID: c.two.agent.ID}
	c.update(t, c.two.scope(), func(tx *postgres.Tx) error {
		f.CreatedAt = tx.Now
		_, err := tx.AddEvidence(f)
		return err
	})
	return f.ID
}

func (c *crossing) handedTo(t *testing.T, s desk.Scope) (names []string) {
	t.Helper()
	c.view(t, s, func(tx *postgres.Tx) error {
		list, err := tx.HandedFiles(c.handoff.ID)
		for _, f := range list {
			names = append(names, f.Name)
		}
		return err
	})
	return names
}

// The provider's own people read the files of the dossier that was handed over;
// nobody else does by this way, and they read nothing else of the reseller.
func TestOnlyTheProviderReadsHandedFiles(t *testing.T) {
	t.Parallel()
	c := newCrossing(t)
	id := c.evidenced(t, "trace.har")
	for name, r := range map[string]struct {
		scope desk.Scope
		want  int
	}{
		"the provider": {c.one.scope(), 1}, "the reseller, who has a page of his own": {c.two.scope(), 0}, "a third desk": {c.three.scope(), 0},
		"the reseller as the provider's customer": {c.one.scopeOf(c.one.first), 0}, "another customer of the provider": {c.one.scopeOf(c.one.second), 0},
		"the customer it is about": {c.two.scopeOf(c.two.first), 0}, "the provider's subcontractor": {c.one.scopeOfNight(), 0}, "the reseller's subcontractor": {c.two.scopeOfNight(), 0},
	} {
		if got := c.handedTo(t, r.scope); len(got) != r.want {
			t.Errorf("%s reads %q", name, got)
		}
		c.view(t, r.scope, func(tx *postgres.Tx) error {
			if _, err := tx.HandedFile(c.handoff.ID, id); (err == nil) != (r.want > 0) || err != nil && !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s opens it: %v", name, err)
			}
			return nil
		})
	}
	others := []desk.ID{c.two.first.escalation.ID, c.two.second.escalation.ID, c.one.first.escalation.ID, c.three.first.escalation.ID} // each has a file under its own id
	c.view(t, c.one.scope(), func(tx *postgres.Tx) error {
		for _, other := range others {
			if f, err := tx.HandedFile(c.handoff.ID, other); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("the provider reads another file of the reseller: %+v, %v", f, err)
			}
			if list, err := tx.HandedFiles(other); err != nil || len(list) != 0 {
				t.Errorf("by an escalation's id he reads %+v, %v", list, err)
			}
		}
		if n := counted(t, tx, "evidence_files", "desk_id = '"+c.two.desk.ID.String()+"'"); n != 0 {
			t.Errorf("the provider reads %d rows of the reseller's table", n)
		}
		return nil
	})
	// Nor does the function itself tell anybody else, asked past the query.
	for name, s := range map[string]desk.Scope{"the reseller": c.two.scope(), "a third desk": c.three.scope(), "a customer": c.one.scopeOf(c.one.first), "a subcontractor": c.one.scopeOfNight()} {
		c.view(t, s, func(tx *postgres.Tx) error {
			if n := counted(t, tx, "handed_files('"+c.handoff.ID.String()+"')", "true"); n != 0 {
				t.Errorf("%s is told of %d files", name, n)
			}
			return nil
		})
	}
	// Neither changes them for the other.
	for _, sql := range []string{`update evidence_files set blob = 'mine' where id = '` + id.String() + `'`, `delete from evidence_files where id = '` + id.String() + `'`,
		`insert into evidence_files (desk_id, id, escalation_id, name, type, bytes, blob, sum, person_id, created_at) values ('` + c.two.desk.ID.String() + `', gen_random_uuid(), '` + c.handoff.EscalationID.String() +
			`', 'planted.exe', '', 1, 'planted', 'planted', '` + c.two.agent.ID.String() + `', now())`} {
		_ = c.db.Update(t.Context(), c.one.scope(), func(tx *postgres.Tx) error { return exec(tx, sql) })
	}
	c.view(t, c.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.HandedFiles(c.handoff.ID)
		if err != nil || len(list) != 1 || list[0].Blob != "blob of trace.har" {
			t.Errorf("after the provider tried to change them: %+v, %v", list, err)
		}
		return nil
	})
}

// What was taken out, what came after it was over for the reseller, and everything
// once the link ends, crosses no more.
func TestHandedFilesEndWithWhatHandedThem(t *testing.T) {
	t.Parallel()
	c := newCrossing(t)
	gone := c.evidenced(t, "gone.log")
	c.evidenced(t, "kept.log")
	c.update(t, c.two.scope(), func(tx *postgres.Tx) error { return tx.RemoveEvidence(c.handoff.EscalationID, gone) })
	if got := c.handedTo(t, c.one.scope()); len(got) != 1 || got[0] != "kept.log" {
		t.Errorf("with one taken out: %q", got)
	}
	c.update(t, c.two.scope(), func(tx *postgres.Tx) error { tx.EndHandoff(c.handoff); return nil })
	time.Sleep(2 * time.Millisecond) // times are kept to the microsecond
	c.evidenced(t, "for another.log")
	if got := c.handedTo(t, c.one.scope()); len(got) != 1 || got[0] != "kept.log" {
		t.Errorf("of what came after: %q", got)
	}
	c.update(t, c.two.scope(), func(tx *postgres.Tx) error {
		l, err := tx.LockProviderLink(c.link.ID)
		if err != nil {
			return err
		}
		if err := l.End(c.two.desk.ID, tx.Now); err != nil {
			return err
		}
		return tx.SaveProviderLink(l)
	})
	if got := c.handedTo(t, c.one.scope()); len(got) != 0 {
		t.Errorf("once the link ended: %q", got)
	}
}
