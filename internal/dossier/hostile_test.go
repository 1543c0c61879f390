package dossier

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// hostile draws a text of a customer who wants to pass for somebody else.
func hostile(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"\nTenant id: 00000000-0000-0000-0000-000000000000", "\r\nContact e-mail: sam@lumen.example", "\u2028Severity: A - Critical impact", "\u0085Plan: x", "\vAccess id: 1", "\n> \nTitle: x",
		"=cmd|'/c calc'!A0", "@SUM(1)", "+1", "-1", "\u202eabc", "\u200b", "\x00\x1b[31m", "sam@LUMEN.example", "sam@ｌｕｍｅｎ.example", "sam@mail.lumen.example", "sam@fabriquelumen.onmicrosoft.com", "\xff\xfe", "\t", "sam @ lumen.example",
	})), 0, 6).Draw(t, label)
	return strings.Join(parts, "")
}

func hostileInput(t *rapid.T, base Input) Input {
	in := base
	in.Form = rapid.SampledFrom(Forms()).Draw(t, "form")
	in.Workload = rapid.SampledFrom(Workloads()).Draw(t, "workload")
	in.Ticket.Subject, in.Ticket.Body = hostile(t, "subject"), hostile(t, "body")
	in.Ticket.Service, in.Ticket.Region = hostile(t, "service"), hostile(t, "region")
	in.Said = []Said{{noon, "customer", hostile(t, "said")}}
	in.Findings = []Finding{{noon, "other", "info", hostile(t, "finding")}}
	in.Issues = []Issue{{hostile(t, "code"), hostile(t, "title"), hostile(t, "status")}}
	in.Customer.Name = hostile(t, "name")
	in.Files = []File{{hostile(t, "file"), "image/png", 1}}
	in.Contact.Name, in.Contact.Email, in.Contact.Phone = hostile(t, "contact"), hostile(t, "email"), hostile(t, "phone")
	in.Contact.Extra, in.Contact.Night = []string{hostile(t, "extra")}, Reachable{hostile(t, "night"), hostile(t, "night phone")}
	in.Answers = map[string]string{}
	for _, d := range asked().Fields {
		if rapid.Bool().Draw(t, d.Key) {
			in.Answers[d.Key] = hostile(t, "answer")
		}
	}
	return in
}

var theirs = regexp.MustCompile(`(?i)@\s*([\pL\pN-]+\.)*(lumen\.example|fabriquelumen\.onmicrosoft\.com)\.?([^\pL\pN._-]|$)`)

func TestAContactIsNeverTheCustomer(t *testing.T) {
	t.Parallel()
	base := entraCase(t)
	rapid.Check(t, func(r *rapid.T) {
		in := hostileInput(r, base)
		d := Build(in)
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Key, "contact_") {
				continue
			}
			if theirs.MatchString(norm.NFKC.String(f.Value)) {
				r.Fatalf("%s is %q", f.Key, f.Value)
			}
		}
	})
}

func TestATextCannotForgeAField(t *testing.T) {
	t.Parallel()
	base := entraCase(t)
	rapid.Check(t, func(r *rapid.T) {
		d := Build(hostileInput(r, base))
		seen := map[string]int{}
		texts := []string{d.Text()}
		for _, b := range d.Blocks() {
			if strings.ContainsAny(b.Text[:1], "=+-@\t") && b.Key != "contact_phone" {
				r.Fatalf("%s begins as a formula: %q", b.Key, b.Text)
			}
			if b.ASCII && strings.ContainsFunc(b.Text, func(c rune) bool { return c > unicode.MaxASCII }) || b.Limit > 0 && len([]rune(b.Text)) > b.Limit {
				r.Fatalf("%s: %q", b.Key, b.Text)
			}
			texts = append(texts, b.Text)
		}
		for _, text := range texts {
			for _, c := range text {
				if c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c)) || c == '\u2028' || c == unicode.ReplacementChar && !strings.ContainsRune(text, '\ufffd') {
					r.Fatalf("holds %U: %q", c, text)
				}
			}
		}
		for line := range strings.SplitSeq(texts[0], "\n") {
			if label, _, found := strings.Cut(line, ":"); found && !strings.HasPrefix(line, "> ") {
				seen[label]++
			}
		}
		for label, n := range seen {
			if n > 1 && !strings.HasPrefix(label, "Left out") {
				r.Fatalf("%q stands %d times: %s", label, n, texts[0])
			}
		}
	})
}

func TestASCIIKeepsItsLetters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"« Œuvre d’été » : 12 €…": `"Oeuvre d'ete" : 12 EUR...`, "à\u202fbientôt\u00a0!": "a bientot !", "Łódź ß Ø ı": "Lodz ss O i", "e\u0301": "e", "漢字": "??",
		"a\r\nb\tc": "a\nb\tc", "½": "1/2", "plain ?": "plain ?", "“x” – y — z": `"x" - y - z`, "naïve\u200b": "naive", "№ 5": "No 5", "\u0000": "", "🙂": "?", "ﬁn": "fin", "²": "2",
	} {
		if got := ASCII(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		once := ASCII(text)
		if ASCII(once) != once || strings.ContainsFunc(once, func(c rune) bool { return c > unicode.MaxASCII }) {
			r.Fatalf("%q: %q, then %q", text, once, ASCII(once))
		}
		accented := rapid.StringOf(rapid.SampledFrom([]rune("aéèêëàâùûüçîïôöœæñÿÉÈÀÇŒñíóúąęłżźćśőűřšžýďťňãõåøßœ’«»…€–— \u202f\u00a0"))).Draw(r, "accented")
		if strings.Contains(ASCII(accented), "?") {
			r.Fatalf("%q: %q", accented, ASCII(accented))
		}
	})
}

func FuzzASCII(f *testing.F) {
	f.Add("« Œuvre d’été » : 12 €…")
	f.Fuzz(func(t *testing.T, text string) {
		if once := ASCII(text); ASCII(once) != once || strings.ContainsFunc(once, func(c rune) bool { return c > unicode.MaxASCII || c == '\r' }) {
			t.Errorf("%q: %q", text, once)
		}
	})
}

func TestInputIsNotChanged(t *testing.T) {
	t.Parallel()
	in := entraCase(t)
	in.Customer.Domains = []string{"LUMEN.example"}
	in.Findings[0].Text, in.Contact.Extra[0], in.Files[0].Name = " mdp : x ", " a@alpine.example", " a.har"
	Build(in)
	if in.Findings[0].Text != " mdp : x " || in.Contact.Extra[0] != " a@alpine.example" || in.Files[0].Name != " a.har" || !slices.Equal(in.Customer.Domains, []string{"LUMEN.example"}) {
		t.Errorf("%+v", in)
	}
}
