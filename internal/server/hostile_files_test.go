package server_test

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	for name, run := range map[string]func(*testing.T, *door, *http.Client){"a zip bomb stays packed": zipBombStaysPacked,
		"content that lies about its type": contentThatLies, "names that climb": namesThatClimb, "five gigabytes in chunks are cut": fiveGigabytesAreCut} {
		t.Run(name, func(t *testing.T) { run(t, d, lea) })
	}
}

// opens sends a ticket with files and returns its links to them, by name.
func (d *door) opens(t *testing.T, c *http.Client, files ...part) map[string]string {
	t.Helper()
	var parts []part
	for name, values := range ticketForm("subject", "Avec un fichier") {
		parts = append(parts, part{field: name, text: values[0]})
	}
	a := d.send(t, c, "/alpine/tickets", append(parts, files...)...)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d: %q", a.status, a.text(t))
	}
	links := map[string]string{}
	for _, link := range d.get(t, c, a.to()).page(t).Find(".bubble .file a").EachIter() {
		links[strings.TrimSpace(link.Text())] = link.AttrOr("href", "")
	}
	return links
}

// A zip bomb is a file like others: nothing here unpacks it, and it is handed out as it
// came.
func zipBombStaysPacked(t *testing.T, d *door, lea *http.Client) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"a", "b", "c"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(w, io.LimitReader(zeros{}, 32<<20))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	href := d.opens(t, lea, part{"attachments", "archive.zip", bomb.String()})["archive.zip"]
	if a := d.get(t, lea, href); a.body != bomb.String() || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d: %d bytes of %d, %s", a.status, len(a.body), bomb.Len(), a.header.Get("Content-Disposition"))
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Whatever its name says, a file is what its bytes say: a page that is called a picture
// is never shown as either, and its reader is told.
func contentThatLies(t *testing.T, d *door, lea *http.Client) {
	const page = "<!doctype html><script>alert(document.cookie)</script>"
	links := d.opens(t, lea, part{"attachments", "photo.png", page}, part{"attachments", "photo.svg", "<svg onload=alert(1)>"}, part{"attachments", "notes.txt", page},
		part{"attachments", "rapport.pdf", "GIF89a" + page})
	if len(links) != 4 {
		t.Fatalf("%v", links)
	}
	for name, href := range links {
		h := d.get(t, lea, href).header
		kind, how := h.Get("Content-Type"), h.Get("Content-Disposition")
		if kind != "application/octet-stream" && kind != "text/plain; charset=utf-8" && kind != "image/gif" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s is served as %s, %s", name, kind, how)
		}
		if kind == "application/octet-stream" && !strings.HasPrefix(how, "attachment") {
			t.Errorf("%s: %s", name, how)
		}
	}
	if text := d.get(t, lea, links["photo.png"][:strings.Index(links["photo.png"], "/attachments")]).page(t).Find(".bubble .files").Text(); strings.Count(text, "n’est pas ce que dit le nom") < 2 {
		t.Errorf("the reader is not told: %q", text)
	}
	if a := d.send(t, lea, "/alpine/tickets", part{field: "subject", text: "x"}, part{"attachments", "photo.png", "MZ\x90\x00program"}); !strings.Contains(a.text(t), "peut s’exécuter") {
		t.Errorf("a program called a picture: %d", a.status)
	}
}

// A name is no path: what climbs is cut to its end, and what would end a header or turn
// a line around is taken out.
func namesThatClimb(t *testing.T, d *door, lea *http.Client) {
	for sent, kept := range map[string]string{"../../../etc/passwd.log": "passwd.log", `..\..\C:\Windows\win.log`: "win.log", "/etc/shadow.log": "shadow.log", "..%2f..%2fkey.log": "..%2f..%2fkey.log",
		"a\u202egol.exe.log.txt": "", "nom\r\nX-Evil: 1.log": "", "....//....//x.log": "x.log"} {
		a := d.post(t, lea, "/alpine/uploads", map[string][]string{"name": {sent}, "bytes": {"10"}})
		if strings.Contains(sent, ".exe.") {
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%q: %d %s", sent, a.status, a.body)
			}
			continue
		}
		if a.status != http.StatusCreated {
			t.Errorf("%q: %d %s", sent, a.status, a.body)
		}
		if kept == "" {
			continue
		}
		links := d.opens(t, lea, part{"attachments", sent, "0123456789"})
		href, ok := links[kept]
		if !ok {
			t.Errorf("%q is kept as %v", sent, links)
			continue
		}
		if how := d.get(t, lea, href).header.Get("Content-Disposition"); strings.ContainsAny(how, "\r\n/\\") {
			t.Errorf("%q is handed out as %q", sent, how)
		}
	}
	if links := d.opens(t, lea, part{"attachments", "nom\r\nX-Evil: 1.log", "0123456789"}); len(links) == 1 {
		for _, href := range links {
			if h := d.get(t, lea, href).header; h.Get("X-Evil") != "" {
				t.Error("a name adds a header")
			}
		}
	}
}

// Five gigabytes of which nobody says that they are so many are cut where the desk's
// limit is, and never held in memory.
func fiveGigabytesAreCut(t *testing.T, d *door, lea *http.Client) {
	d.stage(t, `update desks set files = '{"each": 8388608, "together": 16777216}' where slug = 'brume'`)
	remi := d.as(t, "brume", "remi@ateliernord.example")
	var sent atomic.Int64
	out, in := io.Pipe()
	form := multipart.NewWriter(in)
	go func() {
		_ = form.WriteField("subject", "Garde-moi")
		w, err := form.CreateFormFile("attachments", "disque.bin")
		if err == nil {
			_, err = io.Copy(io.MultiWriter(w, counter{&sent}), io.LimitReader(zeros{}, 5<<30))
		}
		in.CloseWithError(err)
	}()
	var most atomic.Uint64
	done := make(chan struct{})
	go watchHeap(&most, done)
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	r := d.request(t, http.MethodPost, "/brume/tickets", nil)
	r.Body, r.ContentLength = out, -1
	r.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := remi.Do(r)
	close(done)
	if err != nil {
		t.Fatalf("after %d MB: %v", sent.Load()>>20, err)
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(page), "Garde-moi") || !strings.Contains(string(page), "trop gros") {
		t.Errorf("%d: what was typed and what is wrong are not there", resp.StatusCode)
	}
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d MB were taken", n>>20)
	}
	if grew := int64(most.Load()) - int64(before.HeapAlloc); grew > 64<<20 {
		t.Errorf("the heap grew by %d MB", grew>>20)
	}
}

// watchHeap keeps the largest heap that it sees.
func watchHeap(most *atomic.Uint64, done chan struct{}) {
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most.Store(max(most.Load(), m.HeapAlloc))
		select {
		case <-done:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}
