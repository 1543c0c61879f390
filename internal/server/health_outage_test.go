package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The state of services is asked for when something is down, which may be our
// own database.
func TestTheLastStateIsShownWithoutADatabase(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	lea, sam, gone, nobody := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "sam@hoteldulac.example"), d.as(t, "alpine", "max@lumen.example"), d.visitor(t)
	for _, c := range []*http.Client{lea, sam, gone, nobody} {
		if a := d.get(t, c, "/alpine/health"); a.status != http.StatusOK {
			t.Fatal(a.status)
		}
	}
	address, err := url.Parse(d.Base)
	if err != nil {
		t.Fatal(err)
	}
	ended := gone.Jar.Cookies(address)
	if a := d.post(t, gone, "/alpine/sign-out", url.Values{}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	gone.Jar.SetCookies(address, ended) // the session that was closed, brought back
	back := d.cut(t)
	for range 2 {
		his := d.get(t, lea, "/alpine/health")
		doc := his.page(t)
		if got := titles(doc); his.status != http.StatusOK || !strings.Contains(got, "Lumen") || strings.Contains(his.body, "du Lac") || doc.Find(".issue form").Length() != 0 {
			t.Errorf("Léa: %d %s", his.status, got)
		}
		if got := doc.Find(".banner").First().Text(); !strings.Contains(got, "Page gardée en mémoire") || !strings.Contains(got, "téléphonez") || his.header.Get("Cache-Control") != "no-store" {
			t.Errorf("Léa is not told that the page is old: %q", got)
		}
		if got := titles(d.get(t, sam, "/alpine/health").page(t)); !strings.Contains(got, "du Lac") || strings.Contains(got, "Lumen") {
			t.Errorf("Sam: %s", got)
		}
		for who, c := range map[string]*http.Client{"a visitor": nobody, "who signed out": gone, "a new visitor": d.visitor(t)} {
			a := d.get(t, c, "/alpine/health")
			if got := titles(a.page(t)); a.status != http.StatusOK || got != "SharePoint Online\u202f: le service fonctionne mal" || strings.Contains(a.body, "Max") {
				t.Errorf("%s: %d %s", who, a.status, got)
			}
		}
	}
	d.isDown(t, lea, http.MethodPost, "/alpine/health/issues/"+lumens+"/tickets", url.Values{}, "fr")
	d.isDown(t, lea, http.MethodGet, "/alpine/tickets", nil, "fr")
	d.isDown(t, d.visitor(t), http.MethodGet, "/meridian/health", nil, "fr") // nobody has asked for it yet
	back()
	d.db.Reset()
	a := d.get(t, lea, "/alpine/health")
	for range 50 { // a connection that was cut is found dead when it is next used
		if a.status == http.StatusOK && a.page(t).Find(".banner").Length() == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
		a = d.get(t, lea, "/alpine/health")
	}
	t.Errorf("afterwards: %d %s", a.status, a.text(t))
}
