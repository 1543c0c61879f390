package page

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func body(t *testing.T, text string) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := Body(text).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestBodyKeepsParagraphsAndLines(t *testing.T) {
	t.Parallel()
	doc := body(t, "Bonjour,\r\n\r\nLe message :\n  0x80070005\n  refus\n \n\n\nMerci\n")
	if n := doc.Find("p").Length(); n != 3 {
		t.Errorf("%d paragraphs, want 3", n)
	}
	second, _ := doc.Find("p").Eq(1).Html()
	if second != "Le message :<br/>  0x80070005<br/>  refus" {
		t.Errorf("second paragraph %q", second)
	}
}

func TestBodyLeadsToAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, href string }{
		{"voir https://contoso.sharepoint.com/sites/plans.", "https://contoso.sharepoint.com/sites/plans"},
		{"(https://example.com/a_(b))", "https://example.com/a_(b)"},
		{"est-ce http://example.com/?a=1&b=2\u202f?", "http://example.com/?a=1&b=2"},
		{"«\u202fhttps://example.com/x\u202f»", "https://example.com/x"},
		{"HTTPS://EXAMPLE.COM/Y, merci", "HTTPS://EXAMPLE.COM/Y"},
		{`<a href="https://example.com/z">`, "https://example.com/z"},
		{"https://example.com/\u202egpj.exe", "https://example.com/"},
	}
	for _, test := range tests {
		link := body(t, test.text).Find("a")
		if link.Length() != 1 || link.AttrOr("href", "") != test.href || link.Text() != test.href {
			t.Errorf("%q leads to %q, reads %q", test.text, link.AttrOr("href", ""), link.Text())
		}
		if rel := link.AttrOr("rel", ""); !strings.Contains(rel, "noopener") || !strings.Contains(rel, "nofollow") {
			t.Errorf("%q: rel %q", test.text, rel)
		}
	}
}

func TestBodyReadsNothingElseIntoText(t *testing.T) {
	t.Parallel()
	hostile := []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `javascript:alert(1)`, `[here](javascript:alert(1))`,
		`data:text/html,<b>x</b>`, `https://`, `https://microsoft.com@example.org/login`, `http://[::1`, `xhttps://example.com`,
		`</p></article><form action=https:>`, `&lt;b&gt;`, `**not bold** _nor this_ #7`, "7d1c4ea1-60b2-5000-9a3f-1b7f2c0d88e4", "file://server/share",
	}
	for _, text := range hostile {
		doc := body(t, text)
		if n := doc.Find("body *").Length(); n != 1 {
			inner, _ := doc.Find("body").Html()
			t.Errorf("%q became %q", text, inner)
		}
		if got := doc.Find("p").Text(); got != text {
			t.Errorf("%q reads %q", text, got)
		}
	}
}

func TestBodyShowsWhatIsNoText(t *testing.T) {
	t.Parallel()
	if got := body(t, "a\x00b\xffc").Find("p").Text(); got != "a\uFFFDb\uFFFDc" {
		t.Errorf("reads %q", got)
	}
}

func FuzzBody(f *testing.F) {
	f.Add("see https://example.com/(a)]. <b>")
	f.Fuzz(func(t *testing.T, text string) {
		var got strings.Builder
		for i, p := range paragraphs(text) {
			if i > 0 {
				got.WriteString("\n")
			}
			for j, l := range p {
				if j > 0 {
					got.WriteString("\n")
				}
				for _, s := range l {
					if s.Href != "" && !strings.HasPrefix(strings.ToLower(s.Href), "http") {
						t.Fatalf("leads to %q", s.Href)
					}
					got.WriteString(s.Text)
				}
			}
		}
		words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if words(got.String()) != words(shown(text)) {
			t.Fatalf("%q became %q", text, got.String())
		}
	})
}
