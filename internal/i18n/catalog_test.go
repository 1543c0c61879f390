package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// shelf loads catalogues written in the test: a file name without folder, and its text.
func shelf(files map[string]string) library {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys["catalog/"+name] = &fstest.MapFile{Data: []byte(data)}
	}
	return load(fsys)
}

func (l library) printer(lang Lang) *Printer {
	return &Printer{lang: lang, zone: time.UTC, tongue: l.tongues[lang]}
}

func TestPluralFormsFollowTheLanguage(t *testing.T) {
	t.Parallel()
	l := shelf(map[string]string{
		"ui.fr.toml": `"queue.ticked" = { one = "{{.N}} demande cochée par {{.Who}}", other = "{{.N}} demandes cochées par {{.Who}}" }`,
		"ui.en.toml": `"queue.ticked" = { one = "{{.N}} request ticked by {{.Who}}", other = "{{.N}} requests ticked by {{.Who}}" }`,
	})
	if l.err != nil {
		t.Fatal(l.err)
	}
	for n, want := range map[int][2]string{
		0:       {"0 demande cochée par Inès", "0 requests ticked by Inès"},
		1:       {"1 demande cochée par Inès", "1 request ticked by Inès"},
		2:       {"2 demandes cochées par Inès", "2 requests ticked by Inès"},
		1240:    {"1\u202f240 demandes cochées par Inès", "1,240 requests ticked by Inès"},
		1000000: {"1\u202f000\u202f000 demandes cochées par Inès", "1,000,000 requests ticked by Inès"},
	} {
		if got := l.printer(French).N("queue.ticked", n, "Who", "Inès"); got != want[0] {
			t.Errorf("%d in French: %q, want %q", n, got, want[0])
		}
		if got := l.printer(English).N("queue.ticked", n, "Who", "Inès"); got != want[1] {
			t.Errorf("%d in English: %q, want %q", n, got, want[1])
		}
	}
}

func TestArgumentsFillTheirPlaceholders(t *testing.T) {
	t.Parallel()
	p := shelf(map[string]string{
		"ui.en.toml": "\"ticket.title\" = \"{{.Number}}: {{ .Subject }}, {{.Number}}\"\n\"ticket.late\" = \"late by {{.By}}\"",
	}).printer(English)
	if got := p.T("ticket.title", "Subject", "{{.Number}}", "Number", 10482); got != "10482: {{.Number}}, 10482" {
		t.Errorf("an argument is text, a number is not grouped: %q", got)
	}
	if got := p.T("ticket.late", "By", 90*time.Second); got != "late by 1m30s" {
		t.Errorf("any other value prints as itself: %q", got)
	}
}

func TestTablesNest(t *testing.T) {
	t.Parallel()
	l := shelf(map[string]string{
		"triage.en.toml": "[finding.kind]\nother = \"Something else\"\nhealth = \"Service health\"\n[finding.count]\none = \"One finding\"\nother = \"{{.N}} findings\"",
	})
	p := l.printer(English)
	if got := p.T("finding.kind.other"); got != "Something else" || l.err != nil {
		t.Errorf("a key named like a plural form: %q, %v", got, l.err)
	}
	if got := p.N("finding.count", 1) + ", " + p.N("finding.count", 3); got != "One finding, 3 findings" {
		t.Errorf("a table of forms: %q", got)
	}
}

func TestBrokenCataloguesAreReportedAndTheRestWorks(t *testing.T) {
	t.Parallel()
	l := shelf(map[string]string{
		"account.en.toml": `"shared.key" = "first"`,
		"broken.en.toml":  `"no end`,
		"mail.en.toml":    "\"shared.key\" = \"second\"\n\"mail.if\" = \"{{if .X}}x{{end}}\"\n\"mail.fine\" = \"fine\"",
		"ui.de.toml":      `"ui.hello" = "Hallo"`,
	})
	for _, want := range []string{"shared.key: given twice", "broken.en.toml", "mail.if", "ui.de.toml"} {
		if l.err == nil || !strings.Contains(l.err.Error(), want) {
			t.Errorf("%q is not reported: %v", want, l.err)
		}
	}
	p := l.printer(English)
	if got := p.T("shared.key") + " " + p.T("mail.fine"); got != "first fine" {
		t.Errorf("the sound messages read %q", got)
	}
}

func BenchmarkPlain(b *testing.B) {
	p := New(French, time.UTC, time.Time{})
	for b.Loop() {
		p.T("time.yesterday")
	}
}

func BenchmarkArguments(b *testing.B) {
	p := New(French, time.UTC, time.Time{})
	for b.Loop() {
		p.T("time.when", "Day", "hier", "Clock", "9 h 12")
	}
}

func BenchmarkPlural(b *testing.B) {
	p := shelf(map[string]string{"ui.fr.toml": `"queue.ticked" = { one = "{{.N}} demande", other = "{{.N}} demandes" }`}).printer(French)
	for b.Loop() {
		p.N("queue.ticked", 12)
	}
}
