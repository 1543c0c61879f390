package server_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/rules"
)

func TestRulesArePublishedAndBroughtBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul, nora := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "brume", "nora@brume.example")
	at := d.draftWith(t, paul, rules.Default().Rules[0].Key, "removal", url.Values{})
	publication := rulesPath + "/publication"
	if n := d.get(t, paul, publication).page(t).Find("[data-change=removed]").Length(); n != 1 {
		t.Errorf("%d changes to publish", n)
	}
	a := d.post(t, paul, publication, url.Values{"at": {at}, "note": {" "}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a note: %d", a.status)
	}
	a.complains(t, "note")
	if a := d.post(t, nora, "/brume/settings/rules/publication", url.Values{"at": {at}, "note": {"x"}}); a.status != http.StatusConflict {
		t.Errorf("another desk's draft: %d", a.status)
	}
	if a := d.post(t, paul, publication, url.Values{"at": {at}, "note": {"Une règle de moins"}}); a.status != http.StatusSeeOther || a.to() != rulesPath {
		t.Fatalf("publishing: %d %s", a.status, a.to())
	}
	if text := d.get(t, paul, rulesPath+"/versions/2").text(t); !strings.Contains(text, "Une règle de moins") || !strings.Contains(text, "Publiée par Paul Mercier") {
		t.Errorf("version 2 says %s", text)
	}
	old := d.get(t, paul, rulesPath+"/versions/1")
	form := old.form(t, rulesPath+"/versions/1/restoration")
	if !strings.Contains(form.Get("note"), "Retour à la version 1") {
		t.Errorf("the note proposed is %q", form.Get("note"))
	}
	if a := d.post(t, paul, rulesPath+"/versions/1/restoration", form); a.status != http.StatusSeeOther {
		t.Errorf("bringing version 1 back: %d %s", a.status, a.text(t))
	}
	d.draftWith(t, paul, rules.Default().Rules[1].Key, "removal", url.Values{})
	restore := d.get(t, paul, rulesPath+"/versions/2").form(t, rulesPath+"/versions/2/restoration")
	if a := d.post(t, paul, rulesPath+"/versions/2/restoration", restore); a.status != http.StatusSeeOther {
		t.Errorf("bringing version 2 back beside a draft: %d", a.status)
	}
	if text := d.get(t, paul, rulesPath).text(t); !strings.Contains(text, "Ce brouillon est né de la version 3") {
		t.Errorf("nobody is told that the draft is out of date: %.300s", text)
	}
	if text := d.get(t, paul, rulesPath+"/versions/3").text(t); !strings.Contains(text, "reprend les règles de la version 1") {
		t.Errorf("version 3 says %s", text)
	}
	for _, wrong := range []string{"5", "0", "x", "99999999999"} {
		if a := d.get(t, paul, rulesPath+"/versions/"+wrong); a.status != http.StatusNotFound {
			t.Errorf("version %s: %d", wrong, a.status)
		}
	}
}

// upload sends a file as a browser does.
func (d *door) upload(t *testing.T, c *http.Client, at string, file []byte) answer {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if err := m.WriteField("at", at); err != nil {
		t.Fatal(err)
	}
	part, err := m.CreateFormFile("file", "rules.json")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = m.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Base+rulesPath+"/file", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return d.do(t, c, r)
}

func TestRulesAreExchangedAsFiles(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	a := d.get(t, paul, rulesPath+"/export")
	rs, err := rules.Parse([]byte(a.body))
	if err != nil || len(rs.Rules) != len(rules.Default().Rules) || !strings.Contains(a.header.Get("Content-Disposition"), "alpine-rules-1.json") {
		t.Fatalf("exported %d rules as %s (%v)", len(rs.Rules), a.header.Get("Content-Disposition"), err)
	}
	at := d.get(t, paul, rulesPath).at(t)
	before := d.fingerprint(t)
	for what, c := range map[string]struct {
		file []byte
		want int
		says string
	}{
		"a bad line":     {[]byte(strings.Replace(a.body, `"outcome": "PARTNER"`, `"outcome": "NOBODY"`, 1)), http.StatusUnprocessableEntity, "Ligne "},
		"no file":        {nil, http.StatusUnprocessableEntity, "Choisissez un fichier"},
		"no ruleset":     {[]byte("\x00\xff"), http.StatusUnprocessableEntity, "Ligne 1"},
		"two megabytes":  {bytes.Repeat([]byte(" "), 2<<20), http.StatusUnprocessableEntity, "c’est trop"},
		"five megabytes": {bytes.Repeat([]byte(" "), 5<<20), http.StatusRequestEntityTooLarge, "trop long"},
	} {
		answer := d.upload(t, paul, at, c.file)
		if answer.status != c.want || !strings.Contains(answer.text(t), c.says) {
			t.Errorf("%s: %d %.300s", what, answer.status, answer.text(t))
		}
	}
	d.unchanged(t, before, "files that were refused")
	pasted := `{"version": 7, "rules": [{"key": "seule", "name": {"fr": "Seule"}, "when": "true", "outcome": "PARTNER", "category": "unclear"}]}`
	if a := d.post(t, paul, rulesPath+"/file", url.Values{"at": {at}, "rules": {pasted + "x"}}); a.status != http.StatusUnprocessableEntity || a.page(t).Find("[name=rules]").Text() != pasted+"x" {
		t.Errorf("a pasted fault: %d", a.status)
	}
	if a := d.upload(t, paul, at, []byte(pasted)); a.status != http.StatusSeeOther {
		t.Fatalf("importing: %d %s", a.status, a.text(t))
	}
	if doc := d.get(t, paul, rulesPath).page(t); doc.Find(`.rules > li[data-change=added]`).Length() != 1 {
		t.Error("the draft is not the file's")
	}
}
