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
		"Attachments": reads(func(tx *postgres.Tx, i intruder) ([]desk.Attachment, error) {
			return tx.Attachments(i.theirs.ticket.ID, i.who)
		}),
		"Attachment": finds(func(tx *postgres.Tx, i intruder) (desk.Attachment, error) {
			return tx.Attachment(i.theirs.ticket.ID, i.theirs.ticket.ID, i.who)
		}),
		"AttachmentByID": finds(func(tx *postgres.Tx, i intruder) (desk.Attachment, error) {
			return tx.AttachmentByID(i.theirs.ticket.ID)
		}),
		"AddAttachments": puts(func(tx *postgres.Tx, i intruder) {
			f := attached(i.theirs.said)
			f.ID = desk.NewID()
			tx.AddAttachments([]desk.Attachment{f})
		}),
		"UnscannedFiles": reads(func(tx *postgres.Tx, i intruder) ([]desk.UnscannedFile, error) { return tx.UnscannedFiles() }),
		"SaveAttachment": writes(func(tx *postgres.Tx, i intruder) error {
			f := attached(i.theirs.said)
			f.State = desk.FileRemoved
			return tx.SaveAttachment(f)
		}),
		"AddUpload": puts(func(tx *postgres.Tx, i intruder) {
			u := sending(i.theirs.contact)
			u.ID = desk.NewID()
			tx.AddUpload(u)
		}),
		"Upload": finds(func(tx *postgres.Tx, i intruder) (desk.Upload, error) {
			return tx.Upload(i.theirs.contact.ID, i.theirs.contact.ID)
		}),
		"Uploads": reads(func(tx *postgres.Tx, i intruder) ([]desk.Upload, error) {
			return tx.Uploads([]desk.ID{i.theirs.contact.ID}, i.theirs.contact.ID)
		}),
		"BegunUpload": finds(func(tx *postgres.Tx, i intruder) (desk.Upload, error) {
			u := sending(i.theirs.other)
			return tx.BegunUpload(i.theirs.other.ID, u.Name, u.Mark, u.Bytes)
		}),
		"WaitingUploads": reads(func(tx *postgres.Tx, i intruder) (int64, error) {
			n, _, err := tx.WaitingUploads(i.theirs.contact.ID)
			return n, err
		}),
		"SaveUpload": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			u := sending(i.theirs.other)
			u.Received = 1
			err := tx.SaveUpload(u, 0)
			if errors.Is(err, desk.ErrConflict) {
				err = nil
			}
			return nil, err
		}},
		"TakeUploads": reads(func(tx *postgres.Tx, i intruder) ([]desk.Upload, error) {
			return tx.TakeUploads([]desk.ID{i.theirs.contact.ID}, i.theirs.contact.ID)
		}),
		"RemoveUpload": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.RemoveUpload(i.theirs.contact.ID, i.theirs.contact.ID)
		}),
		"ForgetUploads": touches0(func(tx *postgres.Tx, _ intruder) { tx.ForgetUploads(time.Time{}) }),
	})
}

// attached is a file that came with a message, under its ticket's own id.
func attached(m desk.Message) desk.Attachment {
	f := desk.Attachment{ID: m.TicketID, Name: "a shared picture.png", Type: "image/png", Bytes: 1000, Blob: "blob of " + m.ID.String(), Sum: "sum", State: desk.FileKept}
	return f.With(m)
}

// sending is a file that a person sends, under his own id.
func sending(p desk.Person) desk.Upload {
	u := desk.NewUpload(p, "a secret draft.png", 1000, "mark", time.Now())
	u.ID = p.ID
	return u
}

// sent gives both customers' tickets a file, and one of a note; their contacts one
// that waits for its form, their others one that has begun to come.
func (w *world) sent(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		for _, c := range []company{p.first, p.second} {
			noted := attached(c.note)
			noted.ID, noted.Name, noted.State = c.note.ID, "a secret of the desk.png", desk.FileUnscanned
			tx.AddAttachments([]desk.Attachment{attached(c.said), noted})
			whole := sending(c.contact)
			whole.Received, whole.Blob, whole.Sum = whole.Bytes, "held of "+c.contact.ID.String(), "sum"
			tx.AddUpload(whole)
			tx.AddUpload(sending(c.other))
		}
		return nil
	})
}

func TestFilesAreTheirTicketsReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.first
	see := func(s desk.Scope, who desk.Person, want int) {
		t.Helper()
		w.view(t, s, func(tx *postgres.Tx) error {
			list, err := tx.Attachments(c.ticket.ID, who)
			if len(list) != want {
				t.Errorf("%s reads %d files, want %d", who.Email, len(list), want)
			}
			_, missing := tx.Attachment(c.ticket.ID, c.note.ID, who)
			if (missing == nil) != (want == 2) {
				t.Errorf("%s reads a note's file: %v", who.Email, missing)
			}
			if th, err := tx.Thread(c.ticket.Number, who); err != nil || len(th.Files) != want {
				t.Errorf("%s reads %d files on the ticket, want %d: %v", who.Email, len(th.Files), want, err)
			}
			return err
		})
	}
	see(w.one.scope(), w.one.agent, 2)
	see(w.one.scopeOf(c), c.contact, 1)
	w.view(t, w.one.scopeOf(c), func(tx *postgres.Tx) error { // not even for a query that forgot to ask
		if _, err := tx.AttachmentByID(c.note.ID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a customer reads a note's file: %v", err)
		}
		return nil
	})
}

func TestUploadsGoOnWhereTheyStood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.one.first.other
	u := sending(p)
	w.update(t, w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error {
		begun, err := tx.BegunUpload(p.ID, u.Name, u.Mark, u.Bytes)
		if err != nil || begun.ID != u.ID || begun.SubcontractorID != desk.Nobody {
			t.Errorf("begun: %+v, %v", begun, err)
		}
		begun.Received, begun.Pieces = 400, []string{"piece"}
		if err := tx.SaveUpload(begun, 0); err != nil {
			return err
		}
		if err := tx.SaveUpload(begun, 0); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("the same piece twice: %v", err)
		}
		if list, err := tx.TakeUploads([]desk.ID{u.ID}, p.ID); err != nil || len(list) != 0 {
			t.Errorf("half a file is taken: %v, %v", list, err)
		}
		known, err := tx.KnownBlobs([]string{"piece", "held of " + w.one.first.contact.ID.String(), "blob of " + w.one.first.said.ID.String(), "none"})
		if err != nil || len(known) != 3 {
			t.Errorf("known: %q, %v", known, err)
		}
		begun.Received, begun.Blob, begun.Pieces = begun.Bytes, "whole", []string{}
		if err := tx.SaveUpload(begun, 400); err != nil {
			return err
		}
		list, err := tx.TakeUploads([]desk.ID{u.ID, w.one.first.contact.ID}, p.ID)
		if err != nil || len(list) != 1 || list[0].Blob != "whole" {
			t.Errorf("taken: %+v, %v", list, err)
		}
		if n, bytes, err := tx.WaitingUploads(w.one.first.contact.ID); err != nil || n != 1 || bytes != 1000 {
			t.Errorf("%d files of %d bytes wait: %v", n, bytes, err)
		}
		tx.ForgetUploads(tx.Now.Add(time.Hour))
		if held, err := tx.Uploads([]desk.ID{w.one.first.contact.ID}, w.one.first.contact.ID); err != nil || len(held) != 0 {
			t.Errorf("forgotten and held: %v, %v", held, err)
		}
		return nil
	})
}
