package app

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/sheet"
)

// importBatch is how many lines are held, judged and written at once, and ImportTime
// how long a file may take.
const (
	importBatch = 500
	ImportTime  = 30 * time.Minute
)

// importing is a file that a job is at work on.
type importing struct {
	*App
	scope desk.Scope
	desk  desk.Desk
	file  desk.Import
	marks *desk.ImportMarks
	at    map[string]int // which of its columns says what
}

// ReadImport works a ReadImport. Worked again, it begins anew.
func (a *App) ReadImport(ctx context.Context, job ReadImport) error {
	w, err := a.importing(ctx, job.Desk, job.Import)
	if err != nil || w.file.State != desk.ImportReading {
		return ignoreGone(err)
	}
	blob := w.file.Blob
	err = w.read(ctx)
	if err != nil && ctx.Err() == nil {
		w.file.State, w.file.Problem = desk.ImportFailed, troubleOf(err)
		err = nil
	}
	if err == nil {
		err = w.save(ctx, func(i *desk.Import, now time.Time) {
			i.Blob = ""
			if i.State == desk.ImportFailed {
				i.EndedAt = &now
			}
		})
	}
	if err == nil {
		a.dropBlobs(ctx, blob)
	}
	return err
}

func (a *App) importing(ctx context.Context, of, id desk.ID) (*importing, error) {
	w := &importing{App: a, scope: desk.Scope{Desk: of}, marks: desk.NewImportMarks()}
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		w.desk, err = tx.DeskByID(of)
		return err
	})
	if err != nil {
		return w, err
	}
	return w, a.db.View(ctx, w.scope, func(tx *postgres.Tx) (err error) {
		w.file, err = tx.Import(id)
		return err
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}

// unread is why nothing of a file can be used, by a key below "moving.file.".
type unread string

func (u unread) Error() string { return string(u) }

func troubleOf(err error) string {
	var u unread
	switch {
	case errors.As(err, &u):
		return string(u)
	case errors.Is(err, sheet.ErrNoText):
		return "no_text"
	case errors.Is(err, sheet.ErrEmpty):
		return "empty"
	}
	return "broken"
}

// save writes how far a file has come.
func (w *importing) save(ctx context.Context, change func(i *desk.Import, now time.Time)) error {
	return w.db.Update(ctx, w.scope, func(tx *postgres.Tx) error {
		change(&w.file, tx.Now)
		return tx.SaveImport(w.file)
	})
}

func (w *importing) read(ctx context.Context) error {
	w.file.At, w.file.Good, w.file.Known, w.file.Bad = 0, 0, 0, 0
	err := w.db.Update(ctx, w.scope, func(tx *postgres.Tx) error { tx.DropImportLines(w.file.ID); return nil })
	if err != nil {
		return err
	}
	in, err := w.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = in.body.Close() }() // only read
	for more := true; more; {
		var batch []desk.ImportLine
		if batch, more, err = in.batch(w.at); err != nil {
			return err
		}
		if w.file.Lines()+len(batch) > desk.MaxImportLines {
			return unread("too_long")
		}
		if err := w.judge(ctx, batch); err != nil {
			return err
		}
	}
	if w.file.Lines() == 0 {
		return sheet.ErrEmpty
	}
	w.file.State = desk.ImportRead
	return nil
}

// table is a file that is read line by line.
type table struct {
	*sheet.Reader
	body io.Closer
}

// open finds out how the file is written and which of its columns say what.
func (w *importing) open(ctx context.Context) (table, error) {
	body, err := w.files.Open(ctx, w.file.Blob)
	if err != nil {
		return table{}, err
	}
	f, err := sheet.FormatOf(body)
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	var r *sheet.Reader
	if err == nil {
		r, err = sheet.NewReader(body, f)
	}
	if err != nil {
		return table{}, errors.Join(err, body.Close())
	}
	w.file.Encoding, w.file.Comma = f.Encoding, string(f.Comma)
	var missing []string
	if w.at, w.file.Unread, missing = sheet.Places(r.Head, w.file.Kind.Columns()); len(missing) > 0 {
		w.file.Unread = missing
		return table{}, errors.Join(unread("columns"), body.Close())
	}
	w.file.Unread = short(w.file.Unread)
	return table{r, body}, nil
}

// short bounds what is told of columns that say nothing.
func short(names []string) []string {
	names = names[:min(len(names), 50)]
	for i, name := range names {
		names[i] = desk.FileName(name)
	}
	return names
}

// batch reads some lines. One whose quotation marks do not pair is bad; the rest of
// the file is read on.
func (t table) batch(at map[string]int) (list []desk.ImportLine, more bool, err error) {
	for len(list) < importBatch {
		line, cells, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return list, false, nil
		case errors.Is(err, sheet.ErrQuotes):
			list = append(list, desk.ImportLine{Line: line, State: desk.LineBad, Problems: desk.Problems{{Key: "moving.error.quotes"}}})
		case err != nil:
			return nil, false, err
		default:
			list = append(list, desk.ImportLine{Line: line, State: desk.LineGood, Cells: storable(sheet.Cells(cells, at))})
		}
	}
	return list, true, nil
}

// storable leaves out of cells what no text of the database can hold.
func storable(cells map[string]string) map[string]string {
	for name, text := range cells {
		if strings.ContainsRune(text, 0) || strings.ToValidUTF8(text, "") != text {
			cells[name] = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "\ufffd"), "\ufffd")
		}
	}
	return cells
}

// judge writes what would become of some lines.
func (w *importing) judge(ctx context.Context, batch []desk.ImportLine) error {
	if len(batch) == 0 {
		return nil
	}
	return w.db.Update(ctx, w.scope, func(tx *postgres.Tx) error {
		world, err := w.world(tx, batch)
		if err != nil {
			return err
		}
		i := w.file
		for n, l := range batch {
			if l.State != desk.LineBad {
				j := w.file.Kind.Judge(l.Line, l.Cells, world)
				w.marks.Once(&j)
				batch[n] = j.ImportLine
			}
			i.Count(batch[n].State, 1)
			i.At = l.Line
		}
		if err := tx.AddImportLines(i.ID, batch); err != nil {
			return err
		}
		w.file = i
		return tx.SaveImport(i)
	})
}

// world reads what lines name.
func (w *importing) world(tx *postgres.Tx, batch []desk.ImportLine) (desk.ImportWorld, error) {
	n := postgres.ImportNames{Customers: []string{}, Plain: []string{}, Emails: []string{}, Externals: []string{}, Tickets: []string{}, Keys: []desk.ID{}}
	for _, l := range batch {
		c := l.Cells
		for _, column := range []string{"customer", "tenant", "name"} {
			if c[column] != "" {
				n.Plain = append(n.Plain, strings.ToLower(strings.Join(strings.Fields(c[column]), " ")))
			}
		}
		n.Customers = append(n.Customers, c["customer"])
		if w.file.Kind == desk.ImportCustomers {
			n.Customers = append(n.Customers, c["external_id"])
		}
		for _, column := range []string{"email", "requester", "author"} {
			if c[column] != "" {
				n.Emails = append(n.Emails, strings.ToLower(c[column]))
			}
		}
		switch w.file.Kind {
		case desk.ImportPeople:
			n.Externals = append(n.Externals, c["external_id"])
		case desk.ImportTickets:
			n.Tickets = append(n.Tickets, c["external_id"])
		case desk.ImportMessages:
			n.Tickets = append(n.Tickets, c["ticket"])
			n.Keys = append(n.Keys, desk.ImportedKey(c, w.desk.Location()))
		}
	}
	world, err := tx.ImportWorld(n)
	world.Zone, world.Language, world.Now = w.desk.Location(), w.desk.Language, tx.Now
	return world, err
}
