package app

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// mostExports is how many past exports are told of, and exportsAtOnce how many a
// process lets desks take at the same time.
const (
	mostExports   = 20
	exportsAtOnce = 3
)

// Exports lists who took what the desk owns, the newest first.
func (a *App) Exports(ctx context.Context, who desk.Actor) (list []desk.Export, err error) {
	if err := who.May(desk.MoveData); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Exports(mostExports)
		return err
	})
	return list, err
}

// Export writes all that the desk owns as a zip, as it stands now, to what open gives
// once it is sure that there will be one. It holds neither rows nor files. Errors:
// Invalid on "form", or on "" while another runs; after open, a zip that is cut off.
func (a *App) Export(ctx context.Context, who desk.Actor, form string, files bool, open func(desk.Export) io.Writer) error {
	if err := who.May(desk.MoveData); err != nil {
		return err
	}
	e, err := desk.NewExport(form, files, who.Person.ID, a.now())
	if err != nil {
		return err
	}
	defer a.exports.Add(-1)
	if a.exports.Add(1) > exportsAtOnce { // each holds a connection for as long as its reader reads
		return desk.NewInvalid("", "moving.error.export_runs")
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.BeginExport(e) })
	if errors.Is(err, desk.ErrConflict) {
		return desk.NewInvalid("", "moving.error.export_runs")
	}
	if err != nil {
		return err
	}
	out := &exporter{ctx: ctx, files: a.files, export: &e, desk: who.Desk}
	run, cancel := context.WithTimeout(ctx, desk.ExportTime)
	defer cancel()
	err = a.db.Snapshot(run, who.Scope(), func(s *postgres.Snapshot) error { return out.write(s, open(e)) })
	return errors.Join(err, a.endExport(ctx, who, e, err == nil))
}

// endExport writes how one ended, also when its reader has hung up.
func (a *App) endExport(ctx context.Context, who desk.Actor, e desk.Export, whole bool) error {
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	e.State = desk.ExportDone
	if !whole {
		e.State = desk.ExportBroken
	}
	return a.db.Update(end, who.Scope(), func(tx *postgres.Tx) error {
		e.EndedAt = &tx.Now
		return tx.EndExport(e)
	})
}

// exporter writes one export.
type exporter struct {
	ctx    context.Context
	files  blobs
	export *desk.Export
	desk   desk.Desk
	zip    *zip.Writer
	told   manifest
}

// blobs is where the bytes of files are.
type blobs interface {
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
}

// manifest says what an export holds; it comes last, when that is known.
type manifest struct {
	Schema string     `json:"schema"`
	Desk   string     `json:"desk"`
	Name   string     `json:"name"`
	At     time.Time  `json:"at"` // the instant at which the desk stood so
	Form   string     `json:"form"`
	Kinds  []manifold `json:"kinds"`
	Files  []string   `json:"folders"`           // with the bytes of files
	Gone   []string   `json:"missing,omitempty"` // files whose bytes could not be read
	// Secrets are in none: passwords, keys, tokens and sessions stay where they are.
	LeftOut map[string]string `json:"left_out"` // tables that are not here, and why
}

// manifold is one kind in a manifest.
type manifold struct {
	Name    string              `json:"name"`
	Schema  string              `json:"schema"`
	File    string              `json:"file"`
	Rows    int64               `json:"rows"`
	Columns []desk.ExportColumn `json:"columns"`
}

// exportSchema is the version of what an export looks like.
const exportSchema = "guichet.export/1"

func (x *exporter) write(s *postgres.Snapshot, w io.Writer) error {
	x.zip = zip.NewWriter(&counted{w, &x.export.Bytes})
	x.told = manifest{Schema: exportSchema, Desk: x.desk.Slug, Name: x.desk.Name, At: x.export.CreatedAt.UTC(), Form: string(x.export.Form), Files: []string{}, LeftOut: postgres.LeftOut}
	kinds, err := s.Kinds()
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if err := x.rows(s, k); err != nil {
			return fmt.Errorf("%s: %w", k.Name, err)
		}
	}
	if x.export.Files {
		for _, folder := range postgres.Folders() {
			x.told.Files = append(x.told.Files, folder+"/")
			if err := s.EachFile(folder, func(f desk.ExportedFile) error { return x.file(f, folder) }); err != nil {
				return fmt.Errorf("files of %s: %w", folder, err)
			}
		}
	}
	out, err := x.create("manifest.json", zip.Deflate)
	if err != nil {
		return err
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	if err := e.Encode(x.told); err != nil {
		return err
	}
	return x.zip.Close()
}

func (x *exporter) create(name string, method uint16) (io.Writer, error) {
	return x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: x.export.CreatedAt})
}

func (x *exporter) rows(s *postgres.Snapshot, k postgres.Kind) error {
	m := manifold{Name: k.Name, Schema: exportSchema + "/" + k.Name, File: k.Name + "." + string(x.export.Form), Columns: k.Columns}
	out, err := x.create(m.File, zip.Deflate)
	if err != nil {
		return err
	}
	write := func(object []byte) error {
		_, err := out.Write(append(object, '\n'))
		return err
	}
	end := func() error { return nil }
	if x.export.Form == desk.ExportCSV {
		if write, end, err = asCSV(out, k.Columns); err != nil {
			return err
		}
	}
	err = s.Each(k, func(object []byte) error {
		m.Rows++
		return write(object)
	})
	x.told.Kinds = append(x.told.Kinds, m)
	x.export.Rows += m.Rows
	return errors.Join(err, end())
}

// file copies one file's bytes. One that the bucket does not have is named, and holds
// the others up no more than it must.
func (x *exporter) file(f desk.ExportedFile, folder string) error {
	name := f.Path(folder)
	in, err := x.files.Open(x.ctx, f.Blob)
	if errors.Is(err, desk.ErrNotFound) {
		x.told.Gone = append(x.told.Gone, name)
		return nil
	}
	if err != nil { // a bucket that does not answer has lost nothing
		return err
	}
	defer func() { _ = in.Close() }() // only read
	out, err := x.create(name, zip.Store)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}

// counted counts what goes through it.
type counted struct {
	io.Writer
	n *int64
}

// Write implements io.Writer.
func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	*c.n += int64(n)
	return n, err
}
