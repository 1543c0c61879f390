package app_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

const aHAR = `{"log":{"version":"1.2","creator":{"name":"Edge","version":"1"},"entries":[{"startedDateTime":"2026-03-02T08:14:22Z","request":{"method":"GET",` +
	`"url":"https://tasks.office.com/","headers":[{"name":"Authorization","value":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"},` +
	`{"name":"x-ms-request-id","value":"8f14e45f-ceea-467f-9575-1b2c3d4e5f60"}]},"response":{"status":500}}]}}`

// sent gives files as a form does.
func sent(files ...app.Upload) func() (app.Upload, error) {
	return func() (app.Upload, error) {
		if len(files) == 0 {
			return app.Upload{}, io.EOF
		}
		f := files[0]
		files = files[1:]
		return f, nil
	}
}

func file(name, text string) app.Upload {
	return app.Upload{Name: name, Type: "text/html", Body: strings.NewReader(text)}
}

// blobs are the files in the bucket.
func (w *world) blobs(t *testing.T) (found []string) {
	t.Helper()
	err := filepath.WalkDir(w.files, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

func (w *world) evidence(t *testing.T, who desk.Actor, number int64, id desk.ID) string {
	t.Helper()
	_, r, err := w.Evidence(t.Context(), who, number, id)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = r.Close() }()
	return string(made(io.ReadAll(r)))
}

func TestEvidenceIsCoveredBeforeItIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	picture := "\x89PNG\r\n\x1a\n password=Tr0ub4dor&3xyz"
	taken, err := w.AddEvidence(t.Context(), o.agent, n, sent(file("journal.log", "08:14 échec\npassword=Tr0ub4dor&3xyz\ncorrelation 8f14e45f-ceea-467f-9575-1b2c3d4e5f60\n"),
		file("trace.HAR", aHAR), file(`C:\Users\léa\Bureau\écran.png`, picture)))
	if taken != 3 || err != nil {
		t.Fatalf("%d taken, %v", taken, err)
	}
	list := w.escalation(t, o, n).Evidence
	if len(list) != 3 || list[0].Name != "journal.log" || list[0].PersonName != o.agent.Person.Name || list[2].Name != "écran.png" || len(list[2].Masked) != 0 {
		t.Fatalf("%+v", list)
	}
	for i, want := range []struct{ keeps, covers string }{{"8f14e45f-ceea-467f-9575-1b2c3d4e5f60", "Tr0ub4dor"}, {"8f14e45f-ceea-467f-9575-1b2c3d4e5f60", "dozjgNryP4J3jVmNHl0w5N"}} {
		got := w.evidence(t, o.agent, n, list[i].ID)
		if !strings.Contains(got, want.keeps) || strings.Contains(got, want.covers) || len(list[i].Masked) == 0 || int64(len(got)) != list[i].Bytes {
			t.Errorf("%s: %q, %+v", list[i].Name, got, list[i])
		}
		for _, blob := range w.blobs(t) {
			if bytes.Contains(made(os.ReadFile(blob)), []byte(want.covers)) && !strings.Contains(list[i].Name, "png") && bytes.HasPrefix(made(os.ReadFile(blob)), []byte(got[:5])) {
				t.Errorf("%s holds what was covered", blob)
			}
		}
	}
	if got := w.evidence(t, o.agent, n, list[2].ID); got != picture {
		t.Errorf("a picture came back as %q", got)
	}
	// The same bytes once, whatever they are called.
	if taken, err := w.AddEvidence(t.Context(), o.lead, n, sent(file("again.png", picture))); taken != 0 || err != nil {
		t.Errorf("the same file again: %d, %v", taken, err)
	}
	if got := w.blobs(t); len(got) != 3 {
		t.Errorf("%d blobs", len(got))
	}
	w.packs(t, o, n)
	if err := w.RemoveEvidence(t.Context(), o.lead, n, list[0].ID); err != nil {
		t.Error(err)
	}
	if err := w.RemoveEvidence(t.Context(), o.lead, n, list[0].ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	s := w.escalation(t, o, n)
	if len(s.Evidence) != 2 || len(w.blobs(t)) != 2 || s.Events[0].Kind != desk.EscalationFileGone || s.Events[0].Data["name"] != "journal.log" {
		t.Errorf("after it was removed: %d rows, %d blobs, %+v", len(s.Evidence), len(w.blobs(t)), s.Events[0])
	}
}

// packs looks into the zip of a dossier.
func (w *world) packs(t *testing.T, o office, n int64) {
	t.Helper()
	var b bytes.Buffer
	if err := w.PackDossier(t.Context(), o.agent, n, &b); err != nil {
		t.Fatal(err)
	}
	z := made(zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len())))
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"dossier.json", "dossier.txt", "ecran.png", "journal.log", "trace.har"}) {
		t.Errorf("the zip holds %q", names)
	}
}

func TestEvidenceThatIsRefusedHoldsNothingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	taken, err := w.AddEvidence(t.Context(), o.agent, n, sent(
		file("setup.exe", "MZ"), file("rapport.pdf.EXE ", "MZ"), file("photo\u202egpj.exe", "MZ"), file("x.exe::$DATA", "MZ"), file("note.txt", "ok"), file("empty.txt", ""),
		file("trace.har", "{\"log\":{\"entries\":["), app.Upload{Name: "film.mp4", Body: io.LimitReader(endless{}, 6<<20)},
		app.Upload{Name: "huge.etl", Body: endless{}}, file("../../../etc/passwd\x00", "root"), file(strings.Repeat("é", 300)+".csv", "a;b")))
	var wrong desk.Invalid
	if taken != 3 || !errors.As(err, &wrong) {
		t.Fatalf("%d taken, %v", taken, err)
	}
	var got []string
	for _, p := range wrong.Problems {
		got = append(got, p.Args[1].(string)+" "+p.Key)
	}
	want := []string{"setup.exe dossier.problem.file_type", "rapport.pdf.EXE dossier.problem.file_type", "photogpj.exe dossier.problem.file_type", "x.exe__$DATA dossier.problem.file_type",
		"empty.txt dossier.problem.file_empty", "trace.har evidence.refused.har", "film.mp4 dossier.problem.file_too_big", "huge.etl evidence.refused.size"}
	if !slices.Equal(got, want) {
		t.Errorf("refused: %q", got)
	}
	var names []string
	for _, f := range w.escalation(t, o, n).Evidence {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"note.txt", "passwd", strings.Repeat("é", 106) + ".csv"}) || len(w.blobs(t)) != 3 {
		t.Errorf("kept: %q, %d blobs", names, len(w.blobs(t)))
	}
	if _, err := w.AddEvidence(t.Context(), o.agent, n, sent()); !errors.As(err, &wrong) || wrong.Problems[0].Key != "evidence.none" {
		t.Errorf("no file: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestNothingIsKeptOfAnUploadThatBreaks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	cut := errors.New("connection reset")
	for _, name := range []string{"late.log", "late.har", "late.etl"} {
		half := io.MultiReader(strings.NewReader(aHAR[:200]), iotest.ErrReader(cut))
		_, err := w.AddEvidence(t.Context(), o.agent, n, sent(file("first.txt", "whole"), app.Upload{Name: name, Body: half}))
		if !errors.Is(err, cut) || name != "late.etl" && !errors.Is(err, app.ErrUpload) {
			t.Errorf("%s: %v", name, err)
		}
	}
	between := sent(file("first.txt", "whole"))
	_, err := w.AddEvidence(t.Context(), o.agent, n, func() (app.Upload, error) {
		u, err := between()
		if err != nil {
			return u, cut
		}
		return u, nil
	})
	if !errors.Is(err, cut) {
		t.Errorf("cut between two: %v", err)
	}
	if s := w.escalation(t, o, n); len(s.Evidence) != 0 || len(w.blobs(t)) != 0 {
		t.Errorf("%d rows and %d blobs are left", len(s.Evidence), len(w.blobs(t)))
	}
}

func TestEvidenceFollowsTheEscalation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	add := func(who desk.Actor, name string) error {
		_, err := w.AddEvidence(t.Context(), who, n, sent(file(name, name)))
		return err
	}
	if err := add(o.agent, "a.txt"); err != nil {
		t.Fatal(err)
	}
	id := w.escalation(t, o, n).Evidence[0].ID
	for _, stranger := range []desk.Actor{w.two.agent, w.two.admin} {
		if _, _, err := w.Evidence(t.Context(), stranger, n, id); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another desk reads it: %v", err)
		}
		if err := w.RemoveEvidence(t.Context(), stranger, n, id); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another desk removes it: %v", err)
		}
		if err := add(stranger, "b.txt"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another desk adds: %v", err)
		}
	}
	other := w.begin(t, o, w.diagnosed(t, o, o.second.contact))
	if _, _, err := w.Evidence(t.Context(), o.agent, other, id); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("by another escalation's number: %v", err)
	}
	if err := w.EndEscalation(t.Context(), o.agent, n, 0, desk.EndedWithdrawn, "it works again"); err != nil {
		t.Fatal(err)
	}
	if err := add(o.agent, "late.txt"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("added after the end: %v", err)
	}
	if err := w.RemoveEvidence(t.Context(), o.agent, n, id); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("removed after the end: %v", err)
	}
	if got := w.evidence(t, o.agent, n, id); got != "a.txt" || len(w.blobs(t)) != 1 {
		t.Errorf("what was there is %q, of %d blobs", got, len(w.blobs(t)))
	}
}

func TestSweepsEraseWhatNoRowNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	if _, err := w.AddEvidence(t.Context(), o.agent, n, sent(file("a.txt", "kept"))); err != nil {
		t.Fatal(err)
	}
	kept := w.blobs(t)[0]
	orphan := filepath.Join(filepath.Dir(kept), "ORPHAN")
	if err := os.WriteFile(orphan, []byte("left by a process that died"), 0o600); err != nil {
		t.Fatal(err)
	}
	sweep := func(want int) {
		t.Helper()
		if err := w.SweepDesk(t.Context(), app.SweepDesk{Desk: o.desk.ID}); err != nil || len(w.blobs(t)) != want {
			t.Errorf("%d blobs after a sweep, want %d (%v)", len(w.blobs(t)), want, err)
		}
	}
	w.clock.set(time.Now())
	sweep(2) // too young
	w.clock.pass(25 * time.Hour)
	if err := w.SweepDesk(t.Context(), app.SweepDesk{Desk: w.two.desk.ID}); err != nil || len(w.blobs(t)) != 2 {
		t.Errorf("another desk's sweep: %v", err)
	}
	sweep(1)
	if got := w.blobs(t); len(got) != 1 || got[0] != kept {
		t.Errorf("left: %q", got)
	}
}

// A trace of 40 MB goes through a process that hardly grows.
func TestALargeTraceFillsNoMemory(t *testing.T) {
	w := newWorld(t) // by itself: what others hold would be counted
	o := w.one
	n := w.begin(t, o, w.diagnosed(t, o, o.first.contact))
	entry := strings.Replace(aHAR[strings.Index(aHAR, `{"started`):strings.Index(aHAR, "]}}")], `"status":500`,
		`"status":500,"content":{"mimeType":"text/html","text":"`+strings.Repeat("<p>Something went wrong.</p>", 150)+`"}`, 1)
	head, tail := aHAR[:strings.Index(aHAR, `{"started`)], entry+"]}}"
	repeated := strings.Repeat(entry+",", 40<<20/(len(entry)+1)/100)
	parts := []io.Reader{strings.NewReader(head)}
	for range 100 {
		parts = append(parts, strings.NewReader(repeated))
	}
	body := io.MultiReader(append(parts, strings.NewReader(tail))...)
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	done, most := make(chan struct{}), uint64(0)
	go func() {
		defer close(done)
		if taken, err := w.AddEvidence(t.Context(), o.agent, n, sent(app.Upload{Name: "large.har", Body: body})); taken != 1 || err != nil {
			t.Errorf("%d taken, %v", taken, err)
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-time.After(5 * time.Millisecond):
		}
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapSys-now.HeapReleased+now.StackSys)
	}
	grew := int64(most) - int64(before.HeapSys-before.HeapReleased+before.StackSys)
	f := w.escalation(t, o, n).Evidence[0]
	t.Logf("grew by %d kB for %d kB", grew>>10, f.Bytes>>10)
	if grew > 60<<20 || f.Bytes < 20<<20 || f.Masked[0].Count < 5_000 {
		t.Errorf("grew by %d bytes for a file of %d, %+v", grew, f.Bytes, f.Masked)
	}
}
