package server_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// A part is one part of a form with files: a field where it has no file's name.
type part struct{ field, file, text string }

func (d *door) send(t *testing.T, c *http.Client, path string, parts ...part) answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		to, err := w.CreateFormField(p.field)
		if p.file != "" {
			to, err = w.CreateFormFile(p.field, p.file)
		}
		if err != nil {
			t.Fatal(err)
		}
		_, _ = to.Write([]byte(p.text))
	}
	_ = w.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return d.do(t, c, r)
}

func aPicture(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	for name, run := range map[string]func(*testing.T, *door, *http.Client){"a form keeps its files, and none is served as HTML or SVG": formKeepsItsFiles,
		"five gigabytes are refused early": fiveGigabytesAreRefusedEarly, "an interrupted upload resumes": interruptedUploadResumes} {
		t.Run(name, func(t *testing.T) { run(t, d, lea) })
	}
}

// What is refused comes back beside the field, with what was typed and with the files
// that were taken; sent again, they come along.
func formKeepsItsFiles(t *testing.T, d *door, lea *http.Client) {
	fields := func(subject string) (out []part) {
		for name, values := range ticketForm("subject", subject) {
			out = append(out, part{field: name, text: values[0]})
		}
		return out
	}
	a := d.send(t, lea, "/alpine/tickets", append(fields("Avec des fichiers"), part{"attachments", `..\../../etc/journal.log`, "rien"}, part{"attachments", "facture.pdf.exe", "MZ"})...)
	page := a.page(t)
	held := page.Find(`[name="held"]`).AttrOr("value", "")
	if a.status != http.StatusUnprocessableEntity || held == "" || page.Find("#subject").AttrOr("value", "") != "Avec des fichiers" || page.Find(".file").Length() != 1 {
		t.Fatalf("%d: %q", a.status, a.text(t))
	}
	if text := page.Find("[data-files]").Text(); !strings.Contains(text, "journal.log") || strings.Contains(text, "etc") || !strings.Contains(text, "facture.pdf.exe") {
		t.Errorf("the field says %q", text)
	}
	sam := d.as(t, "alpine", "sam@hoteldulac.example")
	if stolen := d.send(t, sam, "/alpine/tickets", append(fields("À moi"), part{field: "held", text: held})...); stolen.status != http.StatusUnprocessableEntity {
		t.Errorf("another sends a file of somebody's draft: %d", stolen.status)
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	a = d.send(t, lea, "/alpine/tickets", append(fields("Avec des fichiers"), part{field: "held", text: held}, part{"attachments", "a.png", aPicture(t)}, part{"attachments", "dessin.svg", svg},
		part{"attachments", "page.html", "<html><script>alert(1)</script>"}, part{"attachments", "faux.png", "PK\x03\x04 zip"})...)
	if a.status != http.StatusSeeOther {
		t.Fatalf("sent again: %d %q", a.status, a.text(t))
	}
	d.handsOutSafely(t, lea, sam, a.to())
	d.asksBeforeItRemoves(t, a.to())
}

// A file that waits for an admin's word goes after a second word, from a page that works
// without scripts; a first one alone, of whoever, removes nothing.
func (d *door) asksBeforeItRemoves(t *testing.T, ticket string) {
	t.Helper()
	file := look[string](t, d, `select id::text from attachments where name = 'dessin.svg'`)
	d.stage(t, `update attachments set state = 'unscanned', signature = 'too large' where id = $1`, file)
	state := func(want string) {
		t.Helper()
		if got := look[string](t, d, `select state from attachments where id = '`+file+`'`); got != want {
			t.Errorf("the file is %s, want %s", got, want)
		}
	}
	paul, verdict := d.byLink(t, "alpine", "paul@alpine.example"), ticket+"/attachments/"+file+"/verdict"
	if a := d.post(t, d.byLink(t, "alpine", "ines@alpine.example"), verdict, url.Values{"verdict": {"remove"}}); a.status != http.StatusForbidden {
		t.Errorf("an agent is asked: %d", a.status)
	}
	if d.get(t, paul, ticket).page(t).Find(`form[action="`+verdict+`"] [value="remove"]`).Length() == 0 {
		t.Error("the ticket's page has no button")
	}
	a := d.post(t, paul, verdict, url.Values{"verdict": {"remove"}})
	form := a.form(t, verdict)
	state("unscanned")
	if a.status != http.StatusOK || !strings.Contains(a.text(t), "dessin.svg") || form.Get("verdict") != "remove" || a.page(t).Find(`main a[href="`+ticket+`"]`).Length() != 2 {
		t.Errorf("the question: %d %v\n%s", a.status, form, a.text(t))
	}
	form.Set("sure", "on")
	if a := d.post(t, paul, verdict, form); a.status != http.StatusSeeOther {
		t.Errorf("the second word: %d", a.status)
	}
	state("removed")
	if a := d.post(t, paul, verdict, url.Values{"verdict": {"remove"}}); a.status != http.StatusConflict {
		t.Errorf("about one that is gone: %d", a.status)
	}
}

// handsOutSafely opens every file of a ticket, as whoever may and as somebody else.
func (d *door) handsOutSafely(t *testing.T, owner, other *http.Client, ticket string) {
	t.Helper()
	page := d.get(t, owner, ticket).page(t)
	if field := page.Find("[data-files]"); field.AttrOr("data-each", "") != "262144000" || !strings.Contains(field.Text(), "250\u00a0Mo") {
		t.Errorf("the limits are not told before one chooses: %q", field.Text())
	}
	links := page.Find(".bubble .file a")
	if links.Length() != 5 {
		t.Fatalf("%d files on the ticket", links.Length())
	}
	for _, link := range links.Nodes {
		href := ""
		for _, attr := range link.Attr {
			if attr.Key == "href" {
				href = attr.Val
			}
		}
		r := d.request(t, http.MethodGet, href, nil)
		r.Header.Set("Range", "bytes=1-2")
		resp, err := owner.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		h := resp.Header
		kind := h.Get("Content-Type")
		if resp.StatusCode != http.StatusPartialContent || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v", href, resp.StatusCode, h)
		}
		if kind != "image/png" && kind != "text/plain; charset=utf-8" && (kind != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment")) {
			t.Errorf("%s is served as %s, %s", href, kind, h.Get("Content-Disposition"))
		}
		if a := d.get(t, other, href); a.status != http.StatusNotFound {
			t.Errorf("another customer opens %s: %d", href, a.status)
		}
	}
}

// A form of five gigabytes is told so by its length alone, with what was typed.
func fiveGigabytesAreRefusedEarly(t *testing.T, d *door, lea *http.Client) {
	var page bytes.Buffer
	r := d.request(t, http.MethodPost, "/alpine/tickets", nil)
	head := "--x\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nGarde-moi\r\n--x\r\nContent-Disposition: form-data; name=\"attachments\"; filename=\"a.log\"\r\n\r\n"
	r.Body, r.ContentLength = struct {
		*fiveGigabytes
		closer
	}{&fiveGigabytes{head: head}, closer{}}, 5<<30
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	resp, err := lea.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := page.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page.String(), "Garde-moi") || !strings.Contains(page.String(), "trop gros ensemble") {
		t.Errorf("%d", resp.StatusCode)
	}
}

type closer struct{}

func (closer) Close() error { return nil }

// fiveGigabytes are a head and then nothing but the same byte.
type fiveGigabytes struct{ head string }

func (e *fiveGigabytes) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// An interrupted upload goes on where it stood, and only there.
func interruptedUploadResumes(t *testing.T, d *door, lea *http.Client) {
	text := strings.Repeat("une ligne du journal\n", 1000)
	begin := func() string {
		a := d.post(t, lea, "/alpine/uploads", map[string][]string{"name": {"trace.log"}, "bytes": {strconv.Itoa(len(text))}, "mark": {"1"}})
		return a.body
	}
	first := begin()
	id := strings.Split(strings.Split(first, `"id":"`)[1], `"`)[0]
	put := func(from, to int) answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, d.Base+"/alpine/uploads/"+id, strings.NewReader(text[from:to]))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Upload-Offset", strconv.Itoa(from))
		return d.do(t, lea, r)
	}
	if a := put(0, 7000); a.status != http.StatusOK || !strings.Contains(a.body, `"received":7000`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if again := begin(); !strings.Contains(again, id) || !strings.Contains(again, `"received":7000`) {
		t.Errorf("begun again: %s", again)
	}
	if a := put(0, 7000); a.status != http.StatusConflict || !strings.Contains(a.body, `"received":7000`) {
		t.Errorf("the same piece again: %d %s", a.status, a.body)
	}
	if a := put(7000, len(text)); a.status != http.StatusOK || !strings.Contains(a.body, `"whole":true`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	sent := d.post(t, lea, "/alpine/tickets", ticketForm("subject", "En morceaux", "held", id))
	file := d.get(t, lea, sent.to()).page(t).Find(".bubble .file a").AttrOr("href", "")
	if a := d.get(t, lea, file); a.body != text {
		t.Errorf("%s reads %d bytes of %d", file, len(a.body), len(text))
	}
}
