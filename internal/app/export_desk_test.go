package app_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// taken is an export, by the names of its files.
func (w *world) taken(t *testing.T, who desk.Actor, form string, files bool) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := w.Export(bg, who, form, files, func(desk.Export) io.Writer { return &out }); err != nil {
		t.Fatal(err)
	}
	z := made(zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len())))
	all := map[string]string{}
	for _, f := range z.File {
		r := made(f.Open())
		all[f.Name] = string(made(io.ReadAll(r)))
		_ = r.Close()
	}
	return all
}

// An export is all that the desk owns and nothing of another's, and no secret; its
// tables are harmless, and its files are those that people sent.
func TestExportIsTheDesksOwnAndWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{Subject: `=cmd|'/c calc'!A1`, Body: "Au <secours>,\n\"vite\"", Service: "Microsoft Teams", Impact: "slowed"})
	w.submit(t, w.two.first.contact, desk.Submission{Subject: "THEIRS", Body: "of the other desk", Service: "Microsoft Teams", Impact: "slowed"})
	held := made(w.HoldFiles(bg, w.one.first.contact, oneUpload("Capture d’écran.PNG", "\x89PNG\r\n\x1a\nbytes")))
	w.reply(t, w.one.first.contact, n, app.Reply{Body: "Voici", Files: []desk.ID{held[0].ID}})
	token := made(w.AddToken(bg, w.one.admin, desk.TokenForm{Name: "PSA", Scopes: []string{"tickets:read"}, Person: w.one.admin.Person.ID}))
	if err := w.SaveDesk(bg, w.one.admin, desk.DeskSettings{Name: "Desk one", Language: "fr", Zone: "Europe/Paris", Issuer: "https://id.example", ClientID: "client"}, "THE-CLIENT-SECRET"); err != nil {
		t.Fatal(err)
	}

	all := w.taken(t, w.one.admin, "jsonl", true)
	whole := strings.Join(slices.Collect(maps.Values(all)), "\n")
	for what, secret := range map[string]string{"a token": token, "how a token begins": token[:12], "a client secret": "THE-CLIENT-SECRET", "another desk's subject": "THEIRS",
		"another desk": w.two.desk.ID.String(), "another desk's person": w.two.admin.Person.ID.String(), "another desk's customer": w.two.first.id.String(), "a column of hashes": `"hash"`, "the bucket's names": w.one.desk.ID.String() + "/"} {
		if strings.Contains(whole, secret) {
			t.Errorf("it tells %s, %q", what, secret)
		}
	}
	var told struct {
		Schema, Desk string
		Kinds        []struct {
			Name, File string
			Rows       int64
			Columns    []desk.ExportColumn
		}
		LeftOut map[string]string `json:"left_out"`
	}
	if err := json.Unmarshal([]byte(all["manifest.json"]), &told); err != nil || told.Schema != "guichet.export/1" || told.Desk != "one" || told.LeftOut["sessions"] == "" {
		t.Errorf("manifest: %+v, %v", told, err)
	}
	rows := map[string]int64{}
	for _, k := range told.Kinds {
		rows[k.Name] = k.Rows
		lines, in := int64(0), bufio.NewScanner(strings.NewReader(all[k.File]))
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			lines++
			var row map[string]any
			if err := json.Unmarshal(in.Bytes(), &row); err != nil || len(row) != len(k.Columns) {
				t.Errorf("%s: %d columns of %d (%v)", k.File, len(row), len(k.Columns), err)
			}
		}
		if lines != k.Rows {
			t.Errorf("%s has %d lines, the manifest says %d", k.File, lines, k.Rows)
		}
	}
	if rows["desk"] != 1 || rows["tickets"] != 1 || rows["messages"] != 2 || rows["customers"] != 2 || rows["people"] != 9 || rows["attachments"] != 1 {
		t.Errorf("rows: %v", rows)
	}
	if all["attachments/"+held[0].ID.String()+".png"] != "\x89PNG\r\n\x1a\nbytes" {
		t.Errorf("files: %q", slices.Sorted(maps.Keys(all)))
	}

	all = w.taken(t, w.one.admin, "csv", false)
	table := made(csv.NewReader(strings.NewReader(strings.TrimPrefix(all["tickets.csv"], "\ufeff"))).ReadAll())
	subject, tags := slices.Index(table[0], "subject"), slices.Index(table[0], "tags")
	if len(table) != 2 || table[1][subject] != `'=cmd|'/c calc'!A1` || table[1][tags] != "" {
		t.Errorf("tickets.csv: %q", table)
	}
	for name := range all {
		if strings.HasPrefix(name, "attachments/") {
			t.Errorf("unasked: %s", name)
		}
	}
	list := made(w.Exports(bg, w.one.admin))
	if len(list) != 2 || list[0].State != desk.ExportDone || list[1].Rows < 20 || list[1].Bytes < 1000 || list[1].PersonID != w.one.admin.Person.ID {
		t.Errorf("told of: %+v", list)
	}
}

// One at a time; one that was not taken to its end says so, and does not stand in the
// way of the next.
func TestExportsBreakOffAndBeginAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var invalid desk.Invalid
	err := w.Export(bg, w.one.admin, "jsonl", false, func(desk.Export) io.Writer {
		err := w.Export(bg, w.one.admin, "csv", false, nil)
		if !errors.As(err, &invalid) || invalid.Problems[0].Key != "moving.error.export_runs" {
			t.Errorf("a second at once: %v", err)
		}
		return broken{}
	})
	if err == nil || made(w.Exports(bg, w.one.admin))[0].State != desk.ExportBroken {
		t.Errorf("broken off: %v", err)
	}
	w.taken(t, w.one.admin, "csv", false)
	if err := w.Export(bg, w.one.admin, "xlsx", false, nil); !errors.As(err, &invalid) {
		t.Errorf("another form: %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// oneUpload is a form of one file.
func oneUpload(name, text string) func() (app.Upload, error) {
	sent := false
	return func() (app.Upload, error) {
		if sent {
			return app.Upload{}, io.EOF
		}
		sent = true
		return app.Upload{Name: name, Body: strings.NewReader(text)}, nil
	}
}
