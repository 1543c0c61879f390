package app

import (
	"context"
	"errors"
	"io"

	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/postgres"
)

// ReadImport is the job of reading a file that an admin sent: what each of its lines
// would add, or why it cannot.
type ReadImport struct {
	Desk   desk.ID `json:"desk"`
	Import desk.ID `json:"import"`
}

// Kind names the job.
func (ReadImport) Kind() string { return "read_import" }

// AddImport is the job of adding what was good in it.
type AddImport struct {
	Desk   desk.ID `json:"desk"`
	Import desk.ID `json:"import"`
}

// Kind names the job.
func (AddImport) Kind() string { return "add_import" }

// mostImports is how many files are told of.
const mostImports = 20

// Imports lists the files that were sent, the newest first.
func (a *App) Imports(ctx context.Context, who desk.Actor) (list []desk.Import, err error) {
	if err := who.May(desk.MoveData); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Imports(mostImports)
		return err
	})
	return list, err
}

// StartImport keeps a file and has it read; nothing is added yet. Errors: Invalid on
// "kind" or "file", or on "" while another file is worked on; ErrUpload for a stream
// that breaks.
func (a *App) StartImport(ctx context.Context, who desk.Actor, kind, name string, body io.Reader) (desk.ID, error) {
	if err := who.May(desk.MoveData); err != nil {
		return desk.Nobody, err
	}
	i, err := desk.NewImport(kind, name, who.Person.ID, a.now())
	if err != nil {
		return desk.Nobody, err
	}
	kept, err := a.files.Put(ctx, who.Desk.ID, &arriving{r: body, left: desk.MaxImportBytes}, desk.MaxImportBytes)
	switch {
	case errors.Is(err, errTooMuch), errors.Is(err, files.ErrTooLong):
		return desk.Nobody, desk.NewInvalid("file", "moving.error.large", "Most", desk.MaxImportBytes>>20)
	case err != nil:
		return desk.Nobody, err
	case kept.Bytes == 0:
		a.dropBlobs(ctx, kept.Blob)
		return desk.Nobody, desk.NewInvalid("file", "moving.error.no_file")
	}
	i.Blob, i.Bytes, i.Sum = kept.Blob, kept.Bytes, kept.Sum
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		if err := tx.AddImport(i); err != nil {
			return err
		}
		return tx.Enqueue(ReadImport{who.Desk.ID, i.ID}, nil)
	})
	if err != nil {
		a.dropBlobs(ctx, i.Blob)
	}
	return i.ID, oneImport(err)
}

// oneImport says that another file is worked on.
func oneImport(err error) error {
	if errors.Is(err, desk.ErrConflict) {
		return desk.NewInvalid("", "moving.error.import_runs")
	}
	return err
}

// Import reads how far a file has come, with a page of its lines of one state, from
// after one of them. Errors: ErrNotFound.
func (a *App) Import(ctx context.Context, who desk.Actor, id desk.ID, state desk.LineState, after int) (i desk.Import, lines []desk.ImportLine, err error) {
	if err := who.May(desk.MoveData); err != nil {
		return i, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if i, err = tx.Import(id); err != nil {
			return err
		}
		lines, err = tx.ImportLines(id, state, after, desk.PageSize+1)
		return err
	})
	return i, lines, err
}

// EachRefused hands the lines on that were not, or will not be, added. Errors:
// ErrNotFound, before the first.
func (a *App) EachRefused(ctx context.Context, who desk.Actor, id desk.ID, begin func(desk.Import) error, line func(desk.ImportLine) error) error {
	i, _, err := a.Import(ctx, who, id, desk.LineBad, 0)
	if err == nil {
		err = begin(i)
	}
	for after, more := 0, true; more && err == nil; {
		var lines []desk.ImportLine
		err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
			lines, err = tx.ImportLines(id, desk.LineBad, after, importBatch)
			return err
		})
		more = len(lines) == importBatch
		for n := 0; n < len(lines) && err == nil; n++ {
			after = lines[n].Line
			err = line(lines[n])
		}
	}
	return err
}

// AddImported has what was good in a file added. Errors: ErrNotFound; ErrConflict for
// one that does not wait for that, or has nothing good; Invalid on "" while another
// file is worked on.
func (a *App) AddImported(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.MoveData); err != nil {
		return err
	}
	stale := false
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		i, err := tx.Import(id)
		if err != nil {
			return err
		}
		if stale = i.State != desk.ImportRead || i.Good == 0; stale {
			return nil
		}
		i.State, i.At = desk.ImportAdding, 0
		if err := tx.SaveImport(i); err != nil {
			return err
		}
		return tx.Enqueue(AddImport{who.Desk.ID, i.ID}, nil)
	})
	if err == nil && stale {
		return desk.ErrConflict
	}
	return oneImport(err)
}

// DropImport forgets a file that was read and that nobody wants. Errors: ErrNotFound;
// ErrConflict for one that does not wait.
func (a *App) DropImport(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.MoveData); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		i, err := tx.Import(id)
		if err == nil && i.State != desk.ImportRead {
			err = desk.ErrConflict
		}
		if err != nil {
			return err
		}
		i.State, i.EndedAt = desk.ImportDropped, &tx.Now
		tx.DropImportLines(id)
		return tx.SaveImport(i)
	})
}
