package server_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// multi is a form with files, as a browser without scripts sends it.
func (d *door) multi(t *testing.T, path string, files ...[2]string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, f := range files {
		w, err := m.CreateFormFile("files", f[0])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, f[1])
	}
	_ = m.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+path, &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}

// staged is the address of an escalation of the desk that was not filed.
func (d *door) staged(t *testing.T) string {
	t.Helper()
	d.escalations(t)
	d.stage(t, `update escalations set state = 'preparing', filed_by = null, filed_at = null`)
	n := look[int64](t, d, `select min(e.number) from escalations e join desks d on d.id = e.desk_id where d.slug = 'alpine'`)
	return fmt.Sprintf("/alpine/escalations/%d", n)
}

func TestEvidenceThroughItsForm(t *testing.T) {
	t.Parallel()
	d := open(t)
	at := d.staged(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	form := d.do(t, ines, d.request(t, http.MethodGet, at+"/evidence", nil)).page(t)
	if form.Find(`form[enctype="multipart/form-data"][action="`+at+`/evidence"] input[type=file][multiple][name=files]`).Length() != 1 {
		t.Error("no form takes files without scripts")
	}
	if text := form.Find("form[enctype]").Text(); !strings.Contains(text, "50\u00a0M") || !strings.Contains(text, ".exe") {
		t.Errorf("what may be sent is not said: %q", text)
	}
	page := `<html><script>alert(1)</script></html>`
	a := d.do(t, ines, d.multi(t, at+"/evidence", [2]string{"é \"x\".svg", page}, [2]string{"journal.log", "password=Tr0ub4dor&3xyz\n"}))
	if a.status != http.StatusSeeOther || a.to() != at+"#evidence" {
		t.Fatalf("%d %s\n%s", a.status, a.to(), a.text(t))
	}
	list := d.do(t, ines, d.request(t, http.MethodGet, at+"/evidence", nil)).page(t)
	rows := list.Find("table.data.folds tbody tr")
	if rows.Length() != 2 || !strings.Contains(rows.Eq(1).Text(), "(1)") {
		t.Fatalf("listed: %q", rows.Text())
	}
	href, _ := rows.Eq(0).Find("a").Attr("href")
	got := d.do(t, ines, d.request(t, http.MethodGet, href, nil))
	h := got.header
	if got.body != page || h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") ||
		h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("handed out as %v", h)
	}
	d.papers(t, ines, at)
	rows.Find("form").Each(func(_ int, f *goquery.Selection) {
		action, _ := f.Attr("action")
		if a := d.do(t, ines, d.request(t, http.MethodPost, action, nil)); a.status != http.StatusSeeOther {
			t.Errorf("removal: %d", a.status)
		}
	})
	if got := d.do(t, ines, d.request(t, http.MethodGet, href, nil)); got.status != http.StatusNotFound {
		t.Errorf("what was removed is %d", got.status)
	}
}

// papers reads the dossier in its three forms.
func (d *door) papers(t *testing.T, c *http.Client, at string) {
	t.Helper()
	for end, kind := range map[string]string{".zip": "application/zip", ".json": "application/json", ".txt": "text/plain; charset=utf-8"} {
		a := d.do(t, c, d.request(t, http.MethodGet, at+"/dossier"+end, nil))
		if a.status != http.StatusOK || a.header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %v", end, a.status, a.header)
		}
		if text := a.body; end == ".zip" {
			z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
			if err != nil || len(z.File) != 4 {
				t.Errorf("the zip: %v", err)
			}
		}
	}
}

func TestEvidenceThatIsWrongSaysSoAtItsField(t *testing.T) {
	t.Parallel()
	d := open(t)
	at := d.staged(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	whole := d.multi(t, at+"/evidence", [2]string{"a.txt", strings.Repeat("x", 3<<20)})
	torn := d.multi(t, at+"/evidence")
	torn.Body = io.NopCloser(strings.NewReader("--" + strings.TrimPrefix(torn.Header.Get("Content-Type"), "multipart/form-data; boundary=") + "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nhalf a fi"))
	torn.ContentLength = -1
	for name, tc := range map[string]struct {
		r      *http.Request
		status int
		says   string
	}{
		"a program":       {d.multi(t, at+"/evidence", [2]string{"setup.exe", "MZ"}), http.StatusUnprocessableEntity, "setup.exe"},
		"none":            {d.multi(t, at+"/evidence", [2]string{"", ""}), http.StatusUnprocessableEntity, "Choisissez"},
		"another kind":    {d.request(t, http.MethodPost, at+"/evidence", nil), http.StatusUnprocessableEntity, "interrompu"},
		"torn":            {torn, http.StatusUnprocessableEntity, "interrompu"},
		"3 MB, past 1 MB": {whole, http.StatusSeeOther, ""},
	} {
		a := d.do(t, ines, tc.r)
		if a.status != tc.status {
			t.Errorf("%s: %d\n%s", name, a.status, a.text(t))
			continue
		}
		if tc.says != "" && !strings.Contains(a.page(t).Find("#files-error").Text(), tc.says) {
			t.Errorf("%s: at the field stands %q", name, a.page(t).Find("#files-error").Text())
		}
	}
	if n := look[int](t, d, `select count(*)::int from evidence_files`); n != 1 {
		t.Errorf("%d files are kept", n)
	}
	// Whoever may not send files is not read so far.
	lea := d.as(t, "alpine", "lea@lumen.example")
	if a := d.do(t, lea, d.multi(t, at+"/evidence", [2]string{"a.txt", "x"})); a.status != http.StatusForbidden {
		t.Errorf("a customer sends files: %d", a.status)
	}
	if a := d.do(t, d.visitor(t), d.multi(t, at+"/evidence", [2]string{"a.txt", "x"})); a.status != http.StatusSeeOther || !strings.Contains(a.to(), "/sign-in?") {
		t.Errorf("a visitor sends files: %d %s", a.status, a.to())
	}
}
