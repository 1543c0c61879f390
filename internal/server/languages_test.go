package server_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// TestEveryPageSpeaksItsReadersLanguage: no page shows a key in place of its
// words, a placeholder that nobody filled in, or a word of the other language
// where the catalogues have one of this.
func TestEveryPageSpeaksItsReadersLanguage(t *testing.T) {
	t.Parallel()
	d := open(t)
	keys := regexp.MustCompile(`\b(` + strings.Join(areas(t), "|") + `)\.[a-z_]+(\.[a-z_]+)*\b`)
	for _, lang := range i18n.Langs() {
		d.stage(t, `update people set language = $1`, string(lang))
		time.Sleep(2100 * time.Millisecond) // what was written behind the portal's back is seen after two seconds
		other := foreignWords(t, lang)
		d.everyPage(t, func(c *http.Client) { d.get(t, c, "/alpine?lang="+string(lang)) }, func(s stop, a answer) {
			doc := a.page(t)
			if got := doc.Find("html").AttrOr("lang", ""); got != string(lang) {
				t.Errorf("%s for %q is in %q, want %q", s.path, s.reader, got, lang)
			}
			for _, text := range visible(doc) {
				if key := keys.FindString(text); key != "" && !strings.Contains(text, "@") {
					t.Errorf("%s for %q shows the key %s", s.path, s.reader, key)
				}
				if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") || strings.Contains(text, "%!") {
					t.Errorf("%s for %q shows a gap: %q", s.path, s.reader, text)
				}
			}
			doc.Find(".bubble .said").Remove() // what people wrote stays in the language they wrote it in
			for _, text := range visible(doc) {
				if other[text] {
					t.Errorf("%s for %q says %q in %s", s.path, s.reader, text, lang)
				}
			}
		})
	}
	if missing := i18n.Missing(); len(missing) > 0 {
		t.Errorf("words that no catalogue has: %q", missing)
	}
}

// visible are the texts that a reader sees or hears on a page.
func visible(doc *goquery.Document) []string {
	var texts []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			switch a.Key {
			case "title", "alt", "placeholder", "aria-label", "aria-description", "data-label":
				texts = append(texts, strings.TrimSpace(a.Val))
			}
		}
		// The other language's own name is written in it.
		own := n.Type == html.ElementNode && n.Data == "a" && goquery.NewDocumentFromNode(n).AttrOr("hreflang", "") != ""
		for c := n.FirstChild; c != nil && !own; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.TextNode {
			texts = append(texts, strings.TrimSpace(n.Data))
		}
	}
	walk(doc.Nodes[0])
	return texts
}

var entry = regexp.MustCompile(`(?m)^"(([a-z_]+)\.[^"]+)" = "([^"]*)"`)

// catalogue reads a language's plain messages, as they stand in the sources.
func catalogue(t *testing.T, lang i18n.Lang) (all [][]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "i18n", "catalog", "*."+string(lang)+".toml"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d catalogues, %v", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry.FindAllStringSubmatch(string(text), -1)...)
	}
	return all
}

// areas are the first parts of keys.
func areas(t *testing.T) []string {
	t.Helper()
	seen, out := map[string]bool{}, []string{}
	for _, m := range catalogue(t, i18n.French) {
		if !seen[m[2]] {
			seen[m[2]] = true
			out = append(out, m[2])
		}
	}
	return out
}

// foreignWords are whole messages that only the other language has.
func foreignWords(t *testing.T, lang i18n.Lang) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	for _, l := range i18n.Langs() {
		if l != lang {
			for _, m := range catalogue(t, l) {
				words[m[3]] = len(m[3]) > 3
			}
		}
	}
	for _, m := range catalogue(t, lang) {
		delete(words, m[3])
	}
	for _, s := range desk.Services() { // products keep their names
		delete(words, s.Name)
	}
	delete(words, "Guichet")
	return words
}

func TestWhoseLanguageCounts(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `update desks set language = 'en' where slug = 'meridian'`)
	d.stage(t, `update people set language = case email when 'lea@lumen.example' then 'en' when 'max@lumen.example' then '' else language end`)
	lea, max := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "max@lumen.example")
	chose := d.visitor(t)
	d.get(t, chose, "/alpine?lang=en")
	for _, c := range []struct {
		what    string
		browser *http.Client
		path    string
		accepts string
		want    string
	}{
		{"a person's, beside the desk's and the browser's", lea, "/alpine/tickets", "fr", "en"},
		{"a person's, beside what is asked for", lea, "/alpine/tickets?lang=fr", "fr", "en"},
		{"the desk's, of a person without one", max, "/alpine/tickets", "en", "fr"},
		{"the desk's, for a visitor", d.visitor(t), "/alpine", "en", "fr"},
		{"another desk's", d.visitor(t), "/meridian", "fr", "en"},
		{"what a visitor asks for", d.visitor(t), "/alpine?lang=en", "fr", "en"},
		{"what a visitor asked for before", chose, "/alpine/sign-in?by=mail", "fr", "en"},
		{"what he asked for, at another desk", chose, "/brume", "fr", "en"},
		{"no such language", d.visitor(t), "/alpine?lang=de", "en", "fr"},
		{"the browser's, where no desk is", d.visitor(t), "/", "fr-CA, en;q=0.5", "fr"},
		{"the browser's, at no desk's address", d.visitor(t), "/nodesk", "fr", "fr"},
		{"English, for a browser that speaks neither", d.visitor(t), "/", "de", "en"},
		{"the browser's own nonsense", d.visitor(t), "/", "\t;;q=x", "en"},
	} {
		r := d.request(t, http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.accepts)
		if got := d.do(t, c.browser, r).page(t).Find("html").AttrOr("lang", ""); got != c.want {
			t.Errorf("%s: %s is in %q, want %q", c.what, c.path, got, c.want)
		}
	}
}
