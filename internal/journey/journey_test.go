package journey

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

const goodPage = `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Bonne page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<script src="/script.js" defer></script></head>
<body><main><h1>Bonne page</h1><p id="by"></p>
<form method="post" action="/said"><label>Objet <input name="subject" value="avant"></label>
<label>Service <select name="service"><option>Teams</option><option>Exchange</option></select></label>
<label><input type="radio" name="affected" value="one_user"> Une personne</label>
<button>Envoyer</button></form></main></body></html>`

func TestAPersonFillsAFormWithAndWithoutScript(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for _, view := range Views() {
		p := Open(t, site+"/good", view)
		if by := p.Has(t, "#by.script"); by == view.NoScript {
			t.Errorf("%s: JavaScript ran: %v", view, by)
		}
		p.FitsWidth(t)
		p.Fill(t, "subject", "après")
		p.Choose(t, "service", "Exchange")
		p.Choose(t, "affected", "one_user")
		p.Submit(t, "button")
		if got := p.See(t, "main"); got != "après Exchange one_user "+view.language() {
			t.Errorf("%s: the server was told %q", view, got)
		}
		if p.Status() != http.StatusUnprocessableEntity || !strings.HasSuffix(p.Address(t), "/said") {
			t.Errorf("%s: status %d at %s", view, p.Status(), p.Address(t))
		}
	}
}

func TestAxeFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	if found := Open(t, site+"/good", View{}).violations(t); len(found) > 0 {
		t.Errorf("the good page is faulted: %v", found)
	}
	p := newPage(t, View{Dark: true})
	p.Go(t, site+"/bad")
	found := p.violations(t)
	for _, rule := range []string{"image-alt", "color-contrast", "html-has-lang"} {
		if !slices.ContainsFunc(found, func(v Violation) bool { return v.ID == rule && strings.Contains(v.String(), "Fix ") }) {
			t.Errorf("%s was not found in %v", rule, found)
		}
	}
}

func TestVnuFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	found := vnuFaults(t, map[string]string{
		"good": goodPage,
		"bad?": strings.Replace(goodPage, "<main>", `<main><a><a>x</a></a>`, 1),
		"warn": strings.Replace(goodPage, "<main>", `<main role="main">`, 1),
	})
	named := func(name string) bool {
		return slices.ContainsFunc(found, func(f Fault) bool { return strings.HasPrefix(f.String(), name) })
	}
	if named("good") || !named("bad_") || !named("warn") {
		t.Errorf("found %v", found)
	}
}

func TestTheBrowsersComplaintsAreKept(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p := newPage(t, View{})
	p.Go(t, site+"/bad")
	said := strings.Join(p.seen.complaints(), "\n")
	for _, want := range []string{"left this machine: http://outside.example/", "JavaScript failed", "/absent.png answered 404", "Content Security Policy"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing said %q:\n%s", want, said)
		}
	}
	quiet := newPage(t, View{})
	quiet.Go(t, site+"/good")
	if said := quiet.seen.complaints(); len(said) > 0 {
		t.Errorf("the good page was complained of: %q", said)
	}
}

func TestSourceIsWhatTheServerSent(t *testing.T) {
	t.Parallel()
	p := Open(t, newSite(t)+"/good", View{})
	if p.Source(t) != goodPage {
		t.Errorf("source: %s", p.Source(t))
	}
}

func TestTabsShareNoCookie(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	Open(t, site+"/remember", View{})
	if got := Open(t, site+"/remembered", View{}).See(t, "main"); got != "nobody" {
		t.Errorf("another tab is taken for %s", got)
	}
}

func TestShotKeepsAPicture(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("SHOTS", folder)
	p := Open(t, newSite(t)+"/good", View{Width: Phone, Dark: true})
	p.Shot(t, "good")
	png, err := os.ReadFile(filepath.Join(folder, "good-390-dark-script-fr.png"))
	if err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("no picture: %v", err)
	}
}

func newSite(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	html := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(body))
	}
	mux.HandleFunc("GET /good", func(w http.ResponseWriter, r *http.Request) { html(w, goodPage) })
	mux.HandleFunc("GET /script.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Write([]byte(`document.querySelector("#by").className = "script"`))
	})
	mux.HandleFunc("POST /said", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnprocessableEntity)
		w.Write([]byte(`<!doctype html><link rel="icon" href="data:,"><main>` + strings.Join([]string{
			r.FormValue("subject"), r.FormValue("service"), r.FormValue("affected"), r.Header.Get("Accept-Language"),
		}, " ") + `</main>`))
	})
	mux.HandleFunc("GET /bad", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "script-src 'self'")
		html(w, `<!doctype html><title>x</title><script src="/broken.js"></script>
			<script>alert(1)</script><body><img src="/absent.png"><img src="http://outside.example/x.png"><p style="color:#eee;background:#fff">pale</p>`)
	})
	mux.HandleFunc("GET /broken.js", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(`nothing.at.all()`)) })
	mux.HandleFunc("GET /remember", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "person", Value: "lea", Path: "/"})
		html(w, `<!doctype html><link rel="icon" href="data:,"><main>ok</main>`)
	})
	mux.HandleFunc("GET /remembered", func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if cookie, err := r.Cookie("person"); err == nil {
			who = cookie.Value
		}
		html(w, `<!doctype html><link rel="icon" href="data:,"><main>`+who+`</main>`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}
