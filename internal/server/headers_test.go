package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestEveryPageKeepsToItsPolicy: nothing on any page needs what the policy
// forbids, and every answer says the policy, errors too.
func TestEveryPageKeepsToItsPolicy(t *testing.T) {
	t.Parallel()
	d := open(t)
	seen := 0
	d.everyPage(t, nil, func(s stop, a answer) {
		seen++
		where := s.path + " for " + s.reader
		policy := a.header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s has the policy %q", where, policy)
		}
		for name, want := range map[string]string{"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s has %s %q", where, name, got)
			}
		}
		if referrer := a.header.Get("Referrer-Policy"); referrer != "same-origin" && referrer != "no-referrer" {
			t.Errorf("%s tells others where its reader was: %q", where, referrer)
		}
		kept := strings.Join(a.header["Cache-Control"], ", ")
		forAll := s.reader == "" && a.status == http.StatusOK && strings.Count(s.path, "/") == 1 && s.path != "/"
		public := s.path == "/alpine" || strings.HasPrefix(s.path, "/alpine/help")
		if signedIn := s.reader != "" && !public; signedIn && !strings.Contains(kept, "no-store") || !strings.Contains(kept, "no-store") && !strings.HasPrefix(kept, "private, no-cache") && !forAll {
			t.Errorf("%s may be kept: %q", where, kept)
		}
		tidy(t, where, a.page(t))
	})
	if seen < 150 {
		t.Errorf("a tour of only %d pages", seen)
	}
}

var local = regexp.MustCompile(`^(/[^/\\]|/$|#|\?)`)

// tidy finds what a page carries inside it and should not, where it loads from,
// and whether its ids and headings are in order.
func tidy(t *testing.T, where string, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find("style, script:not([src], [type='application/ld+json']), base, iframe, object, embed, [style]").Length(); n > 0 {
		t.Errorf("%s carries %d styles, scripts or frames of its own", where, n)
	}
	if doc.Find("h1").Length() != 1 || doc.Find("main").Length() != 1 || strings.TrimSpace(doc.Find("title").Text()) == "" {
		t.Errorf("%s has %d h1, %d main and the title %q", where, doc.Find("h1").Length(), doc.Find("main").Length(), doc.Find("title").Text())
	}
	level := 0
	doc.Find("main").Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, s *goquery.Selection) {
		next := int(goquery.NodeName(s)[1] - '0')
		if next > level+1 {
			t.Errorf("%s: %q is a heading of level %d below one of %d", where, strings.TrimSpace(s.Text()), next, level)
		}
		level = next
	})
	ids := attributes(t, where, doc)
	doc.Find(`[aria-describedby], [aria-labelledby], label[for], a[href^="#"], [popovertarget]`).Each(func(_ int, s *goquery.Selection) {
		named := strings.Fields(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "") + " " + s.AttrOr("for", "") + " " + s.AttrOr("popovertarget", ""))
		if id, within := strings.CutPrefix(s.AttrOr("href", ""), "#"); within {
			named = append(named, id)
		}
		for _, id := range named {
			if !ids[id] {
				t.Errorf("%s: <%s> names %q, which is not there", where, goquery.NodeName(s), id)
			}
		}
	})
}

// attributes goes through all of them, and gathers the ids.
func attributes(t *testing.T, where string, doc *goquery.Document) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		name := goquery.NodeName(s)
		for _, a := range s.Nodes[0].Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), strings.HasPrefix(a.Key, "hx-on"):
				t.Errorf("%s: <%s %s>", where, name, a.Key)
			case a.Key == "id" && (a.Val == "" || ids[a.Val]):
				t.Errorf("%s has two of id %q", where, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "href" && name == "a":
				if scheme, _, found := strings.Cut(a.Val, ":"); found && !slices.Contains([]string{"https", "http", "mailto", "tel"}, scheme) && !local.MatchString(a.Val) {
					t.Errorf("%s leads to %q", where, a.Val)
				}
			case name == "link" && slices.Contains([]string{"canonical", "alternate"}, s.AttrOr("rel", "")): // loads nothing
			case slices.Contains([]string{"src", "srcset", "poster", "action", "formaction", "href"}, a.Key) && !local.MatchString(a.Val):
				t.Errorf("%s: <%s %s=%q> leads outside", where, name, a.Key, a.Val)
			}
		}
	})
	return ids
}

func TestWhatPagesLoadIsKeptForEver(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	types := map[string]string{}
	d.get(t, c, "/alpine").page(t).Find("script[src], link[href^='/']").Each(func(_ int, s *goquery.Selection) {
		path := s.AttrOr("src", s.AttrOr("href", ""))
		a := d.get(t, c, path)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		types[strings.Split(a.header.Get("Content-Type"), ";")[0]] = path
	})
	for _, want := range []string{"text/css", "text/javascript", "image/svg+xml"} {
		if types[want] == "" {
			t.Errorf("no %s among %v", want, types)
		}
	}
	accent := d.get(t, c, d.get(t, c, "/brume").page(t).Find(`link[href^="/brume/accent.css"]`).AttrOr("href", ""))
	if accent.status != http.StatusOK || !strings.HasPrefix(accent.header.Get("Content-Type"), "text/css") || !strings.HasPrefix(accent.header.Get("Cache-Control"), "public") {
		t.Errorf("the desk's own colour: %d %v", accent.status, accent.header)
	}
}

func TestPagesTravelCompressed(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	plain := d.get(t, c, "/alpine")
	for _, path := range []string{"/alpine", plain.page(t).Find("link[rel=stylesheet]").AttrOr("href", "")} {
		want := d.get(t, c, path)
		r := d.request(t, http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		a := d.do(t, c, r)
		if a.header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(a.header["Vary"], ","), "Accept-Encoding") {
			t.Errorf("%s: %v", path, a.header)
			continue
		}
		z, err := gzip.NewReader(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(z); err != nil || string(body) != want.body || len(a.body) > len(want.body)/2 {
			t.Errorf("%s: %d bytes of %d, %v", path, len(a.body), len(want.body), err)
		}
	}
}
