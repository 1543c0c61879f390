package app_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/files"
)

// blinded is a scanner that cannot look through some files, and counts how often it is
// asked.
type blinded struct {
	asked atomic.Int64
	err   error
}

func (b *blinded) Scan(_ context.Context, body io.Reader) (string, error) {
	b.asked.Add(1)
	text, err := io.ReadAll(body)
	if b.err != nil && strings.Contains(string(text), "locked") {
		return "", b.err
	}
	return "", err
}

// A file that no scanner can look through is asked about once and then waits for an
// admin: nobody opens it before, nothing tries for ever, and what he deletes leaves no
// byte.
func TestUnscannedFilesWaitForAnAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := &blinded{err: desk.Unscannable{Why: "Heuristics.Limits.Exceeded.MaxScanSize"}}
	w.App = made(app.New(app.Parts{DB: w.db, Secrets: w.sealer, Now: w.clock.read, Silent: true, Scanner: s, ScanMost: 1000, Files: files.Folder(w.files)}))
	c := w.one.first.contact
	n := w.submit(t, c, desk.Submission{Files: w.hold(t, c, textFile("large.log", strings.Repeat("x", 1001)), textFile("bomb.zip", "locked"), textFile("fine.log", "fine"))})
	look := func() (paused int) {
		t.Helper()
		for _, f := range w.thread(t, w.one, n).Files {
			if err := w.LookIntoFile(bg, app.LookIntoFile{Desk: w.one.desk.ID, File: f.ID}); err != nil {
				paused++
			}
		}
		return paused
	}
	if paused := look() + look(); paused != 0 || s.asked.Load() != 2 { // never about what is too large
		t.Errorf("%d files try again, the scanner was asked %d times", paused, s.asked.Load())
	}
	list, err := w.UnscannedFiles(bg, w.one.admin)
	if err != nil || len(list) != 2 || list[0].Number != n || list[0].CustomerName == "" {
		t.Fatalf("for the admin wait %+v, %v", list, err)
	}
	byName := map[string]desk.Attachment{}
	for _, f := range list {
		byName[f.Name] = f.Attachment
		if _, err := reads(t, w, w.one.admin, n, f.Attachment, false); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s opens before anybody said a word: %v", f.Name, err)
		}
	}
	if byName["large.log"].Signature != "" || byName["bomb.zip"].Signature != "Heuristics.Limits.Exceeded.MaxScanSize" {
		t.Errorf("the reasons are %+v", byName)
	}
	if th, err := w.ReadTicket(bg, c, n); err != nil || len(th.Happened) > 0 && th.Happened[len(th.Happened)-1].Kind == desk.EventUnscanned {
		t.Errorf("the customer reads what the scanner said: %v", err)
	}
	w.clock.set(time.Now().Add(25 * time.Hour))
	if err := w.SweepDesk(bg, app.SweepDesk{Desk: w.one.desk.ID}); err != nil || len(w.blobs(t)) != 3 {
		t.Errorf("after a sweep %d of 3 files are there (%v)", len(w.blobs(t)), err)
	}
	w.judges(t, s, n, byName, look)
}

func (w *world) judges(t *testing.T, s *blinded, n int64, byName map[string]desk.Attachment, look func() int) {
	t.Helper()
	say := func(name string, v desk.FileVerdict) error {
		return w.JudgeFile(bg, w.one.admin, n, byName[name].ID, v)
	}
	var invalid desk.Invalid
	if err := say("large.log", "shred"); !errors.As(err, &invalid) {
		t.Errorf("an odd verdict: %v", err)
	}
	if err := w.JudgeFile(bg, w.two.admin, n, byName["large.log"].ID, desk.ReleaseFile); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk's admin: %v", err)
	}
	if err := w.JudgeFile(bg, w.one.admin, w.submit(t, w.one.second.contact, desk.Submission{}), byName["large.log"].ID, desk.ReleaseFile); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("through another ticket: %v", err)
	}
	if err := errors.Join(say("large.log", desk.ReleaseFile), say("bomb.zip", desk.RescanFile)); err != nil {
		t.Fatal(err)
	}
	if text, err := reads(t, w, w.one.first.contact, n, byName["large.log"], false); len(text) != 1001 || err != nil {
		t.Errorf("released: %d bytes, %v", len(text), err)
	}
	if err := say("large.log", desk.RemoveFile); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second verdict: %v", err)
	}
	if look(); s.asked.Load() != 3 {
		t.Errorf("the scanner was asked %d times", s.asked.Load())
	}
	if err := say("bomb.zip", desk.RemoveFile); err != nil {
		t.Fatal(err)
	}
	if left := w.blobs(t); len(left) != 2 {
		t.Errorf("bytes that are left: %v", left)
	}
	kinds := map[desk.EventKind]int{}
	for _, e := range w.thread(t, w.one, n).Happened {
		kinds[e.Kind]++
	}
	if kinds[desk.EventUnscanned] != 3 || kinds[desk.EventJudged] != 3 {
		t.Errorf("the time line tells %v", kinds)
	}
}

// A scanner that says nothing for a day is not asked for ever.
func TestASilentScannerIsNotAskedForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := &blinded{err: errors.New("nobody there")}
	w.App = made(app.New(app.Parts{DB: w.db, Secrets: w.sealer, Now: w.clock.read, Silent: true, Scanner: s, Files: files.Folder(w.files)}))
	c := w.one.first.contact
	n := w.submit(t, c, desk.Submission{Files: w.hold(t, c, textFile("a.log", "locked"))})
	f := w.thread(t, w.one, n).Files[0]
	job := app.LookIntoFile{Desk: w.one.desk.ID, File: f.ID}
	if err := w.LookIntoFile(bg, job); err == nil {
		t.Error("a scanner that is down is not waited for")
	}
	w.clock.set(w.clock.read().Add(25 * time.Hour))
	if err := w.LookIntoFile(bg, job); err != nil {
		t.Errorf("a day later: %v", err)
	}
	if f = w.thread(t, w.one, n).Files[0]; f.State != desk.FileUnscanned {
		t.Errorf("a day later the file is %s", f.State)
	}
}
