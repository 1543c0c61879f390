package server_test

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

const importAt = "/alpine/settings/import"

// sendFile sends a file as the form does, and waits until a job has done with it.
func (d *door) sendFile(t *testing.T, c *http.Client, kind, name, text string) (at string, a answer) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for _, field := range [][2]string{{"kind", kind}, {"text", ""}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+importAt, &form)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	a = d.do(t, c, r)
	if a.status == http.StatusSeeOther {
		d.imported(t)
	}
	return a.to(), a
}

func (d *door) imported(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if look[int64](t, d, `select count(*) from imports where state in ('reading', 'adding')`) == 0 {
			return
		}
	}
	t.Fatal("the file is never done with")
}

// A desk moves in through its pages, and out; what came from elsewhere stands in every
// list and on every page as what it is.
func TestMovingThroughItsPages(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul, ines := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "ines@alpine.example")
	if p := d.get(t, paul, importAt).page(t); p.Find(`form[enctype="multipart/form-data"] input[type=file][name=file]`).Length() != 1 || p.Find(`a[href^="`+importAt+`/templates/"]`).Length() != 4 {
		t.Error("the form or a template is missing")
	}
	head := strings.TrimSpace(strings.TrimPrefix(d.get(t, paul, importAt+"/templates/people").body, "\ufeff"))
	at, _ := d.sendFile(t, paul, "people", "gens.csv", head+"\r\n;Fabrique Lumen;Zoé Quartz;zoe@lumen.example;;\r\nX-1;<b>Personne</b>;Ana;ana@x.example;;\r\n")
	p := d.get(t, paul, at).page(t)
	if row := p.Find("table.data tbody tr"); row.Length() != 1 || row.Find("th").Text() != "3" || !strings.Contains(row.Text(), "<b>Personne</b>") || p.Find(`form[action="`+at+`/addition"]`).Length() != 1 {
		t.Errorf("what was read: %s", p.Find("#import").Text())
	}
	if text := d.get(t, paul, at+"/refused").body; !strings.HasPrefix(text, "\ufeffLigne;") || !strings.Contains(text, "\r\n3;Client\u202f: aucun client du guichet ne s’appelle ainsi.;X-1;") {
		t.Errorf("what is refused: %q", text)
	}
	add := func(at string) {
		t.Helper()
		if a := d.post(t, paul, at+"/addition", nil); a.status != http.StatusSeeOther || a.to() != at {
			t.Errorf("adding: %d %s", a.status, a.to())
		}
		d.imported(t)
	}
	add(at)
	at, _ = d.sendFile(t, paul, "tickets", "demandes.csv", "id,requester,subject,text,created,status\nT-7,zoe@lumen.example,Scanner perdu,Introuvable.,2024-02-01,ouvert\n")
	add(at)
	number := look[int64](t, d, `select number from tickets where external = 'T-7'`)
	zoe := look[string](t, d, `select id::text from people where email = 'zoe@lumen.example'`)
	max := d.as(t, "alpine", "max@lumen.example")
	for name, c := range map[string]*http.Client{"the desk": ines, "its customer": max} {
		if a := d.get(t, c, "/alpine"+ticketPathOf(number)); a.status != http.StatusOK || !strings.Contains(a.page(t).Find("main, body").Text(), "Reprise\u202f: T-7") {
			t.Errorf("%s does not read where it came from: %d", name, a.status)
		}
	}
	for _, list := range []string{"/alpine/queue/all", "/alpine/queue/unassigned", "/alpine/search?q=T-7", "/alpine/tickets?which=all"} {
		c := ines
		if strings.HasPrefix(list, "/alpine/tickets") {
			c = max
		}
		if a := d.get(t, c, list); a.status != http.StatusOK || !strings.Contains(a.page(t).Text(), "Scanner perdu") {
			t.Errorf("%s: %d, the old ticket is not in it", list, a.status)
		}
	}
	d.movesOut(t, paul)
	d.forgets(t, paul, zoe, number)
}

func ticketPathOf(number int64) string { return "/tickets/" + strconv.FormatInt(number, 10) }

func (d *door) movesOut(t *testing.T, paul *http.Client) {
	t.Helper()
	if a := d.post(t, paul, "/alpine/settings/export", url.Values{"form": {"xls"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a form that there is not: %d", a.status)
	}
	a := d.post(t, paul, "/alpine/settings/export", url.Values{"form": {"csv"}})
	text := a.body
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil || a.header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment; filename=alpine-") || len(z.File) < 60 {
		t.Errorf("the zip: %v, %v", err, a.header)
	}
	if p := d.get(t, paul, "/alpine/settings/export").page(t); p.Find("table.data tbody tr").Length() != 1 || !strings.Contains(p.Find("table.data").Text(), "Paul Mercier") {
		t.Error("nobody is told who took it")
	}
}

func (d *door) forgets(t *testing.T, paul *http.Client, person string, number int64) {
	t.Helper()
	at := "/alpine/settings/people/" + person
	if p := d.get(t, paul, at).page(t); p.Find(`a[href="`+at+`/erasure"]`).Length() != 1 {
		t.Error("no way to erase a person")
	}
	d.post(t, paul, at+"/erasure", url.Values{"email": {"max@lumen.example"}}).complains(t, "email")
	if a := d.post(t, paul, at+"/erasure", url.Values{"email": {"zoe@lumen.example"}}); a.status != http.StatusSeeOther {
		t.Errorf("erasing: %d", a.status)
	}
	if p := d.get(t, paul, at).page(t); p.Find("main form").Length() != 0 || strings.Contains(p.Text(), "Quartz") {
		t.Error("an erased person looks as if he were there")
	}
	if a := d.get(t, paul, "/alpine"+ticketPathOf(number)); strings.Contains(a.body, "Quartz") || !strings.Contains(a.body, "Personne effacée") {
		t.Error("the ticket still says whose it was")
	}
}

// Whatever is wrong with the form is said on its page, and five gigabytes are not read.
func TestFilesThatAreNoFiles(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	for name, c := range map[string][2]string{"a kind that there is not": {"secrets", "name\n"}, "nothing": {"people", ""}, "too much": {"people", strings.Repeat("x", desk.MaxImportBytes+1)}} {
		if _, a := d.sendFile(t, paul, c[0], "../../etc/passwd", c[1]); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if at, a := d.sendFile(t, paul, "people", "photo.png", "\x89PNG\r\n\x1a\n\x00\x00"); a.status != http.StatusSeeOther || !strings.Contains(d.get(t, paul, at).page(t).Text(), "format CSV") {
		t.Errorf("a picture: %d", a.status)
	}
	if n := look[int64](t, d, `select count(*) from imports where blob <> '' or name like '%/%'`); n != 0 {
		t.Errorf("%d files are left", n)
	}
}
