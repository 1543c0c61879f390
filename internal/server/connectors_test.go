package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A connector's secrets go in and never come out: in no page, no refused form, no
// draft of an ended session, and not as they are in the database.
func TestConnectorsSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	const all, secret, token = "/alpine/settings/connectors", "S-TOP-HUSH-81", "R-TOP-HUSH-82"
	const at = all + "/partner_center"
	typed := func(change url.Values) url.Values {
		form := url.Values{"enabled": {"on"}, "tenant": {"11111111-2222-3333-4444-555555555555"}, "client_id": {"our-guichet"}, "client_secret": {secret}, "refresh": {token}, "revision": {"0"}}
		for name, values := range change {
			form[name] = values
		}
		return form
	}
	silent := func(what string, a answer) {
		t.Helper()
		if strings.Contains(a.body, secret) || strings.Contains(a.body, token) {
			t.Errorf("%s shows a secret", what)
		}
	}
	for field, bad := range map[string]string{"tenant": "alpine", "client_id": "a b", "client_secret": "in two\nlines"} {
		change := url.Values{}
		change.Set(field, bad)
		a := d.post(t, paul, at, typed(change))
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("%s %q: %d", field, bad, a.status)
		}
		a.complains(t, field)
		silent("a refused form", a)
		if got, want := a.page(t).Find("#client_id").AttrOr("value", ""), typed(change).Get("client_id"); got != want {
			t.Errorf("the application came back as %q, not %q", got, want)
		}
	}
	if a := d.post(t, paul, at, typed(nil)); a.status != http.StatusSeeOther {
		t.Fatalf("saved: %d %s", a.status, a.text(t))
	}
	for _, path := range []string{all, at} {
		silent(path, d.get(t, paul, path))
	}
	doc := d.get(t, paul, at).page(t)
	for _, field := range []string{"#client_secret", "#refresh"} {
		if doc.Find(field).AttrOr("value", "") != "" || !strings.Contains(doc.Find(field+"-hint").Text(), "Enregistré le") {
			t.Errorf("%s: that one is kept is not said: %q", field, doc.Find(field+"-hint").Text())
		}
	}
	if n := look[int](t, d, `select count(*) from connectors where position('HUSH'::bytea in secret) > 0 or settings::text like '%HUSH%'`); n != 0 {
		t.Error("it is stored as it is")
	}
	another := d.post(t, paul, at, typed(url.Values{"client_id": {"another-one"}, "client_secret": nil, "refresh": nil, "revision": {"1"}}))
	if another.status != http.StatusUnprocessableEntity || another.page(t).Find("#client_secret-error").Length() != 1 {
		t.Errorf("another application takes the secret over: %d", another.status)
	}
	if a := d.post(t, paul, at, typed(nil)); a.status != http.StatusConflict || !strings.Contains(a.text(t), "pendant ce temps") {
		t.Errorf("from an old page: %d", a.status)
	}
	d.stage(t, `delete from sessions`)
	if a := d.post(t, paul, at, typed(nil)); a.status != http.StatusSeeOther || look[int](t, d, `select count(*) from sessions where data::text like '%HUSH%'`) != 0 {
		t.Errorf("the draft of an ended session holds a secret: %d", a.status)
	}
}

func TestOnlyAdminsSeeConnectors(t *testing.T) {
	t.Parallel()
	d := open(t)
	const at = "/alpine/settings/connectors"
	for _, email := range []string{"ines@alpine.example", "karim@alpine.example", "lea@lumen.example", "noe@vigienuit.example"} {
		who := d.as(t, "alpine", email)
		for _, path := range []string{at, at + "/azure_support", at + "/partner_center/profile"} {
			if a := d.get(t, who, path); a.status != http.StatusForbidden {
				t.Errorf("%s reads %s: %d", email, path, a.status)
			}
		}
		if a := d.post(t, who, at+"/azure_support", url.Values{"client_id": {"ours"}, "client_secret": {"x"}}); a.status != http.StatusForbidden {
			t.Errorf("%s saves: %d", email, a.status)
		}
	}
	if n := look[int](t, d, `select count(*) from connectors`); n != 0 {
		t.Errorf("%d are set up", n)
	}
	paul := d.as(t, "alpine", "paul@alpine.example")
	for _, kind := range []string{"nothing", "gdap"} {
		if a := d.get(t, paul, at+"/"+kind); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", kind, a.status)
		}
		if a := d.post(t, paul, at+"/"+kind, url.Values{"client_id": {"ours"}, "client_secret": {"x"}}); a.status != http.StatusNotFound {
			t.Errorf("%s is saved: %d", kind, a.status)
		}
	}
	a := d.get(t, paul, at)
	if names := a.page(t).Find("main h2").Length(); a.status != http.StatusOK || names != 3 || !strings.Contains(a.text(t), "Pas réglé") {
		t.Errorf("the list: %d %s", a.status, a.text(t))
	}
}
