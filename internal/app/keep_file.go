package app

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/postgres"
)

// keepFile streams a file into the bucket, as an attachment that hangs on nothing
// yet. Errors: Invalid on "attachments", with the file's "Name", for one that the
// desk does not take; ErrUpload for a stream that broke; nothing is left of either.
func (a *App) keepFile(ctx context.Context, owner desk.ID, name string, body io.Reader, l desk.FileLimits) (desk.Attachment, error) {
	f := desk.Attachment{ID: desk.NewID(), Name: desk.FileName(name), State: desk.FileKept, CreatedAt: a.now()}
	if key := l.Takes(f.Name, 1, ""); key != "" { // before a byte is read
		return f, refusedFile(f.Name, key)
	}
	in := &arriving{r: body, left: l.Each}
	kept, err := a.files.Put(ctx, owner, in, l.Each)
	switch {
	case errors.Is(err, errTooMuch), errors.Is(err, files.ErrTooLong):
		return f, refusedFile(f.Name, "files.refused.size")
	case err != nil:
		return f, err
	}
	f.Bytes, f.Blob, f.Sum, f.Type = kept.Bytes, kept.Blob, kept.Sum, desk.Sniff(kept.Head)
	if key := l.Takes(f.Name, f.Bytes, f.Type); key != "" {
		a.dropBlobs(ctx, f.Blob)
		return f, refusedFile(f.Name, key)
	}
	if a.scanner != nil {
		f.State = desk.FileQuarantined
	}
	return f, nil
}

func refusedFile(name, key string) error {
	return desk.NewInvalid("attachments", key, "Name", name)
}

// dropBlobs erases what no row names. What cannot be erased now is swept later.
func (a *App) dropBlobs(ctx context.Context, names ...string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // whoever hung up leaves nothing either
	defer cancel()
	for _, name := range names {
		if name != "" {
			_ = a.files.Remove(ctx, name)
		}
	}
}

// HoldFiles keeps the files of a form, one after the other as next gives them until
// io.EOF, as their sender's alone until a verb takes them with what he wrote. Files
// that are refused do not hold the others up: they come back as an Invalid on
// "attachments", one problem each with its "Name", beside those that were kept.
// Errors: ErrUpload, with nothing kept, for an upload that breaks.
func (a *App) HoldFiles(ctx context.Context, who desk.Actor, next func() (Upload, error)) ([]desk.Upload, error) {
	if err := who.May(desk.SendFiles); err != nil {
		return nil, err
	}
	var kept []desk.Upload
	var refused desk.Problems
	for {
		u, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = a.holdOne(ctx, who, u, &kept)
		}
		if invalid := (desk.Invalid{}); errors.As(err, &invalid) {
			refused = append(refused, invalid.Problems...)
			continue
		}
		if err != nil {
			for _, k := range kept {
				a.dropBlobs(ctx, k.Blob)
			}
			return nil, err
		}
	}
	if len(kept) == 0 {
		return nil, refused.Err()
	}
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if err := roomFor(tx, who, len(kept)); err != nil {
			return err
		}
		for _, k := range kept {
			tx.AddUpload(k)
		}
		return nil
	})
	if err != nil {
		for _, k := range kept {
			a.dropBlobs(ctx, k.Blob)
		}
		return nil, err
	}
	return kept, refused.Err()
}

func (a *App) holdOne(ctx context.Context, who desk.Actor, u Upload, kept *[]desk.Upload) error {
	if len(*kept) >= desk.MaxMessageFiles {
		return refusedFile(desk.FileName(u.Name), "files.refused.many")
	}
	f, err := a.keepFile(ctx, who.Desk.ID, u.Name, u.Body, who.Desk.Limits())
	if err != nil {
		return err
	}
	k := desk.NewUpload(who.Person, f.Name, f.Bytes, "", a.now())
	k.Received, k.Type, k.Blob, k.Sum = f.Bytes, f.Type, f.Blob, f.Sum
	*kept = append(*kept, k)
	return nil
}

// roomFor bounds what one person has us keep for forms that never come. Errors:
// Invalid on "attachments".
func roomFor(tx *postgres.Tx, who desk.Actor, more int) error {
	n, bytes, err := tx.WaitingUploads(who.Person.ID)
	if err == nil && (n+int64(more) > desk.MaxUploads || bytes > 4*who.Desk.Limits().Together) {
		err = desk.NewInvalid("attachments", "files.refused.waiting")
	}
	return err
}

// HeldFiles are the whole ones among a person's own that a form names: what it shows
// again when it comes back.
func (a *App) HeldFiles(ctx context.Context, who desk.Actor, ids []desk.ID) (list []desk.Upload, err error) {
	if err := who.May(desk.SendFiles); err != nil || len(ids) == 0 {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Uploads(ids, who.Person.ID)
		return err
	})
	return list, err
}

// attachFiles puts the files that a form names on what was written with it, which with
// tells, and has them looked into. It comes after what was written, so that a form
// sent twice is known by that. Errors: Invalid on "attachments".
func (a *App) attachFiles(tx *postgres.Tx, who desk.Actor, ids []desk.ID, with func(desk.Attachment) desk.Attachment) error {
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(x, y desk.ID) int { return slices.Compare(x[:], y[:]) })
	ids = slices.Compact(ids)
	if len(ids) > desk.MaxMessageFiles {
		return desk.NewInvalid("attachments", "files.refused.many", "Name", "")
	}
	taken, err := tx.TakeUploads(ids, who.Person.ID)
	if err != nil {
		return err
	}
	if len(taken) < len(ids) {
		return desk.NewInvalid("attachments", "files.gone")
	}
	var list []desk.Attachment
	var together int64
	for _, u := range taken {
		f := desk.Attachment{ID: u.ID, Name: u.Name, Type: u.Type, Bytes: u.Bytes, Blob: u.Blob, Sum: u.Sum, State: desk.FileKept}
		if a.scanner != nil {
			f.State = desk.FileQuarantined
		}
		together += f.Bytes
		list = append(list, with(f))
	}
	if together > who.Desk.Limits().Together {
		return desk.NewInvalid("attachments", "files.refused.together")
	}
	return a.addFiles(tx, list)
}

// addFiles stores files that name what they hang on, and has them looked into.
func (a *App) addFiles(tx *postgres.Tx, list []desk.Attachment) error {
	tx.AddAttachments(list)
	for _, f := range list {
		if f.State == desk.FileQuarantined || desk.Picture(f.Type) {
			if err := tx.Enqueue(LookIntoFile{tx.Scope.Desk, f.ID}, &river.InsertOpts{MaxAttempts: fileTries}); err != nil {
				return err
			}
		}
	}
	return nil
}
