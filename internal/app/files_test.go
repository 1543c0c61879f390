package app_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/files"
)

// hand is a form's files, as a door gives them.
func hand(list ...app.Upload) func() (app.Upload, error) {
	return func() (app.Upload, error) {
		if len(list) == 0 {
			return app.Upload{}, io.EOF
		}
		u := list[0]
		list = list[1:]
		return u, nil
	}
}

func textFile(name, text string) app.Upload {
	return app.Upload{Name: name, Body: strings.NewReader(text)}
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hold has a person's files wait for their form.
func (w *world) hold(t *testing.T, who desk.Actor, list ...app.Upload) []desk.ID {
	t.Helper()
	held, err := w.HoldFiles(bg, who, hand(list...))
	if err != nil {
		t.Fatal(err)
	}
	var ids []desk.ID
	for _, u := range held {
		ids = append(ids, u.ID)
	}
	return ids
}

func reads(t *testing.T, w *world, who desk.Actor, n int64, f desk.Attachment, small bool) (string, error) {
	t.Helper()
	_, body, err := w.ReadFile(bg, who, n, f.ID, small)
	if err != nil {
		return "", err
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	return string(text), err
}

func TestFilesComeWithWhatIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.first
	held, err := w.HoldFiles(bg, c.contact, hand(textFile("..\\..\\C:\\logs\\../trace\u202efdp.log", "it broke"), textFile("setup.pdf.exe", "MZ"), textFile("note.txt", "MZ\x90"), app.Upload{Name: "écran.png", Body: bytes.NewReader(picture(t, 2000, 1000))}))
	var refused desk.Invalid
	if !errors.As(err, &refused) || len(refused.Problems) != 2 || refused.Problems[0].Key != "files.refused.program" || len(held) != 2 || held[0].Name != "tracefdp.log" {
		t.Fatalf("held %+v, %v", held, err)
	}
	ids := []desk.ID{held[0].ID, held[1].ID}
	for what, who := range map[string]desk.Actor{"a colleague": c.other, "another customer": w.one.second.contact, "an agent": w.one.agent, "another desk": w.two.agent} {
		if list, err := w.HeldFiles(bg, who, ids); err != nil || len(list) != 0 {
			t.Errorf("%s sees files of a form that was not sent: %v, %v", what, list, err)
		}
		n := w.submit(t, c.contact, desk.Submission{})
		if err := w.WriteMessage(bg, who, n, app.Reply{Body: "b", Files: ids}); err == nil {
			t.Errorf("%s sends files of somebody else's form", what)
		}
	}
	n := w.submit(t, c.contact, desk.Submission{Files: ids})
	th := w.thread(t, w.one, n)
	if len(th.Files) != 2 || th.Files[0].Type != desk.PlainText || th.Files[0].MessageID != th.Said[0].ID || th.Files[0].CustomerID != c.id || th.Files[1].Type != "image/png" {
		t.Fatalf("the ticket has %+v", th.Files)
	}
	if text, err := reads(t, w, c.contact, n, th.Files[0], false); text != "it broke" || err != nil {
		t.Errorf("the file reads %q, %v", text, err)
	}
	if err := w.WriteMessage(bg, c.contact, n, app.Reply{Body: "again", Files: ids}); !errors.As(err, &refused) || refused.Problems[0].Key != "files.gone" {
		t.Errorf("files that were sent are sent again: %v", err)
	}
	for what, who := range map[string]desk.Actor{"a colleague": c.other, "another customer": w.one.second.contact, "another desk": w.two.agent} {
		if _, err := reads(t, w, who, n, th.Files[0], false); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s reads the file: %v", what, err)
		}
	}
	other := w.submit(t, c.contact, desk.Submission{}) // parent and child must match
	if _, err := reads(t, w, c.contact, other, th.Files[0], false); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("through another ticket: %v", err)
	}
	w.notesFile(t, n)
	w.sendsNoWord(t, n)
	w.makesPictures(t, n, th.Files[1])
}

// notesFile is the desk's alone, by list and by its id.
func (w *world) notesFile(t *testing.T, n int64) {
	t.Helper()
	c := w.one.first
	if err := w.WriteMessage(bg, w.one.agent, n, app.Reply{Body: "Look", Internal: true, Files: w.hold(t, w.one.agent, textFile("passwords.txt", "secret"))}); err != nil {
		t.Fatal(err)
	}
	if err := w.RecordFinding(bg, w.one.agent, n, "health", "confirmed", "as shown", w.hold(t, w.one.agent, textFile("found.txt", "secret"))...); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range w.thread(t, w.one, n).Files {
		if !f.Internal {
			continue
		}
		seen++
		if _, err := reads(t, w, c.contact, n, f, false); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("the customer reads %s: %v", f.Name, err)
		}
		if text, err := reads(t, w, w.one.agent, n, f, false); text != "secret" || err != nil {
			t.Errorf("the desk reads %q, %v", text, err)
		}
	}
	th, err := w.ReadTicket(bg, c.contact, n)
	if seen != 2 || err != nil || len(th.Files) != 2 {
		t.Errorf("%d files inside; the customer sees %d, %v", seen, len(th.Files), err)
	}
}

func (w *world) sendsNoWord(t *testing.T, n int64) {
	t.Helper()
	c := w.one.first
	if err := w.WriteMessage(bg, c.contact, n, app.Reply{Body: " ", Files: w.hold(t, c.contact, textFile("b.log", "b"))}); err != nil {
		t.Fatal(err)
	}
	if said := w.thread(t, w.one, n).Said; said[len(said)-1].Body != "" {
		t.Errorf("said %q", said[len(said)-1].Body)
	}
	var invalid desk.Invalid
	if err := w.WriteMessage(bg, c.contact, n, app.Reply{Body: " "}); !errors.As(err, &invalid) {
		t.Errorf("nothing is a message: %v", err)
	}
}

func (w *world) makesPictures(t *testing.T, n int64, f desk.Attachment) {
	t.Helper()
	c := w.one.first
	if _, err := reads(t, w, c.contact, n, f, true); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a small picture before it is made: %v", err)
	}
	for range 2 {
		if err := w.LookIntoFile(bg, app.LookIntoFile{Desk: w.one.desk.ID, File: f.ID}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := reads(t, w, c.contact, n, f, true)
	small, kind, bad := image.DecodeConfig(strings.NewReader(text))
	if err != nil || bad != nil || kind != "jpeg" || small.Width != 640 || small.Height != 320 {
		t.Errorf("a small picture: %+v %s %v %v", small, kind, err, bad)
	}
	if err := w.LookIntoFile(bg, app.LookIntoFile{Desk: w.two.desk.ID, File: f.ID}); err != nil { // names nothing there
		t.Error(err)
	}
}

// A file that breaks on its way leaves nothing, and neither do those before it.
func TestBrokenUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(bg)
	cancel()
	broken := app.Upload{Name: "b.log", Body: io.MultiReader(strings.NewReader("half"), errReader{})}
	if _, err := w.HoldFiles(ctx, w.one.first.contact, hand(textFile("a.log", "a"))); err == nil {
		t.Error("held for somebody who hung up")
	}
	if _, err := w.HoldFiles(bg, w.one.first.contact, hand(textFile("a.log", "a"), broken)); !errors.Is(err, app.ErrUpload) {
		t.Errorf("broken: %v", err)
	}
	if left := w.blobs(t); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

// scanner finds what says that it is harmful, unless it is down.
type scanner struct{ down atomic.Bool }

func (s *scanner) Scan(_ context.Context, body io.Reader) (string, error) {
	text, err := io.ReadAll(body)
	if s.down.Load() {
		return "", errors.New("nobody there")
	}
	if strings.Contains(string(text), "EICAR") {
		return "Eicar-Test-Signature", err
	}
	return "", err
}

// Until a scanner has seen a file nobody opens it; of one that is harmful nothing is
// left but its row, and a line for the desk.
func TestFilesWaitForTheScanner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := &scanner{}
	s.down.Store(true)
	w.App = made(app.New(app.Parts{DB: w.db, Secrets: w.sealer, Now: w.clock.read, Silent: true, Scanner: s, Files: files.Folder(w.files)}))
	c := w.one.first.contact
	n := w.submit(t, c, desk.Submission{Files: w.hold(t, c, textFile("virus.txt", "EICAR"), textFile("fine.txt", "fine"))})
	look := func() (paused int) {
		for _, f := range w.thread(t, w.one, n).Files {
			if err := w.LookIntoFile(bg, app.LookIntoFile{Desk: w.one.desk.ID, File: f.ID}); err != nil {
				paused++
			}
		}
		return paused
	}
	if paused := look(); paused != 2 {
		t.Errorf("%d files wait for a scanner that is down", paused)
	}
	for _, f := range w.thread(t, w.one, n).Files {
		if _, err := reads(t, w, c, n, f, false); f.State != desk.FileQuarantined || !errors.Is(err, desk.ErrConflict) {
			t.Errorf("%s is %s, and opens: %v", f.Name, f.State, err)
		}
	}
	s.down.Store(false)
	look()
	th := w.thread(t, w.one, n)
	for _, f := range th.Files {
		_, err := reads(t, w, c, n, f, false)
		if harmful := f.Name == "virus.txt"; harmful != (f.State == desk.FileInfected && f.Signature == "Eicar-Test-Signature") || harmful != errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if left := w.blobs(t); len(left) != 1 {
		t.Errorf("bytes that are left: %v", left)
	}
	if last := th.Happened[len(th.Happened)-1]; last.Kind != desk.EventInfected || last.Data["name"] != "virus.txt" || !last.Internal {
		t.Errorf("the time line ends with %+v", last)
	}
}
