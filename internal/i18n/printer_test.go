package i18n

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

var paris = mustZone("Europe/Paris")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// at is a time of the week in which the tests play: it is Tuesday 10 November 2026, 14:18 in Lyon.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, paris)
}

// loose writes no-break spaces as ordinary ones, so that expectations read well; one test looks at them closely.
func loose(s string) string {
	return strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(s)
}

func setup() (french, english *Printer) {
	now := at(10, 14, 18).UTC()
	return New(French, paris, now), New(English, paris, now)
}

func TestCataloguesLoad(t *testing.T) {
	t.Parallel()
	if err := Check(); err != nil {
		t.Error(err)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	fr, en := setup()
	cases := []struct {
		name            string
		write           func(*Printer) string
		french, english string
	}{
		{"date", func(p *Printer) string { return p.Date(at(10, 9, 12)) }, "mardi 10 novembre 2026", "Tuesday 10 November 2026"},
		{"first of the month", func(p *Printer) string { return p.Date(at(1, 9, 12)) }, "dimanche 1er novembre 2026", "Sunday 1 November 2026"},
		{"short date", func(p *Printer) string { return p.ShortDate(at(10, 9, 12)) }, "10 nov.", "10 Nov"},
		{"short date of another year", func(p *Printer) string { return p.ShortDate(at(10, 9, 12).AddDate(-1, 0, 0)) }, "10 nov. 2025", "10 Nov 2025"},
		{"date in the printer's zone", func(p *Printer) string { return p.Date(time.Date(2026, 11, 10, 23, 30, 0, 0, time.UTC)) }, "mercredi 11 novembre 2026", "Wednesday 11 November 2026"},
		{"clock", func(p *Printer) string { return p.Clock(at(10, 9, 2)) }, "9 h 02", "09:02"},
		{"clock in the printer's zone", func(p *Printer) string { return p.Clock(at(10, 18, 0).UTC()) }, "18 h 00", "18:00"},
		{"when, today", func(p *Printer) string { return p.When(at(10, 9, 12)) }, "9 h 12", "09:12"},
		{"when, yesterday", func(p *Printer) string { return p.When(at(9, 23, 59)) }, "hier, 23 h 59", "yesterday, 23:59"},
		{"weekday", func(p *Printer) string { return p.Weekday(at(1, 12, 0)) }, "dimanche 1er", "Sunday 1"},
		{"when, tomorrow", func(p *Printer) string { return p.When(at(11, 0, 0)) }, "demain, 0 h 00", "tomorrow, 00:00"},
		{"when, earlier", func(p *Printer) string { return p.When(at(3, 9, 12)) }, "3 nov., 9 h 12", "3 Nov, 09:12"},
		{"ago, this minute", func(p *Printer) string { return p.Ago(at(10, 14, 18)) }, "à l’instant", "just now"},
		{"ago, a clock that runs ahead", func(p *Printer) string { return p.Ago(at(10, 14, 20)) }, "à l’instant", "just now"},
		{"ago, minutes", func(p *Printer) string { return p.Ago(at(10, 14, 16)) }, "2 min", "2 min"},
		{"ago, hours", func(p *Printer) string { return p.Ago(at(10, 13, 8)) }, "1 h 10", "1 h 10"},
		{"ago, yesterday", func(p *Printer) string { return p.Ago(at(9, 18, 0)) }, "hier", "yesterday"},
		{"ago, days", func(p *Printer) string { return p.Ago(at(7, 18, 0)) }, "3 j", "3 d"},
		{"ago, more than a month", func(p *Printer) string { return p.Ago(at(1, 9, 0).AddDate(0, -1, 0)) }, "1er oct.", "1 Oct"},
		{"before, today", func(p *Printer) string { return p.Before(at(10, 16, 18)) }, "avant 16 h 18", "before 16:18"},
		{"before, tomorrow", func(p *Printer) string { return p.Before(at(11, 10, 30)) }, "demain avant 10 h 30", "tomorrow before 10:30"},
		{"before, yesterday", func(p *Printer) string { return p.Before(at(9, 10, 30)) }, "hier avant 10 h 30", "yesterday before 10:30"},
		{"before, later", func(p *Printer) string { return p.Before(at(12, 9, 0)) }, "jeudi 12 nov. avant 9 h 00", "Thursday 12 Nov before 09:00"},
	}
	for _, c := range cases {
		if got := loose(c.write(fr)); got != c.french {
			t.Errorf("%s in French: %q, want %q", c.name, got, c.french)
		}
		if got := loose(c.write(en)); got != c.english {
			t.Errorf("%s in English: %q, want %q", c.name, got, c.english)
		}
	}
}

func TestMinutesWinOverYesterday(t *testing.T) {
	t.Parallel()
	p := New(French, paris, at(10, 0, 10))
	if got := loose(p.Ago(at(9, 23, 50))); got != "20 min" {
		t.Errorf("20 minutes across midnight: %q", got)
	}
}

func TestYesterdayAcrossClockChange(t *testing.T) {
	t.Parallel()
	// 25 October 2026 has 25 hours in Paris; 00:30 is still only one day before the evening after.
	p := New(English, paris, time.Date(2026, 10, 26, 23, 30, 0, 0, paris))
	if got := p.When(time.Date(2026, 10, 25, 0, 30, 0, 0, paris)); got != "yesterday, 00:30" {
		t.Errorf("the day of 25 hours: %q", got)
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	fr, en := setup()
	cases := []struct {
		d               time.Duration
		french, english string
	}{
		{59 * time.Second, "< 1 min", "< 1 min"},
		{42*time.Minute + 59*time.Second, "42 min", "42 min"},
		{time.Hour, "1 h", "1 h"},
		{80 * time.Minute, "1 h 20", "1 h 20"},
		{-62 * time.Minute, "1 h 02", "1 h 02"},
		{24 * time.Hour, "1 j", "1 d"},
		{51*time.Hour + 20*time.Minute, "2 j 3 h", "2 d 3 h"},
	}
	for _, c := range cases {
		if got := loose(fr.Duration(c.d)); got != c.french {
			t.Errorf("%v in French: %q, want %q", c.d, got, c.french)
		}
		if got := loose(en.Duration(c.d)); got != c.english {
			t.Errorf("%v in English: %q, want %q", c.d, got, c.english)
		}
	}
}

func TestNumbersGroupByThree(t *testing.T) {
	t.Parallel()
	fr, en := setup()
	for n, want := range map[int][2]string{
		7: {"7", "7"}, 1240: {"1\u202f240", "1,240"}, -1234567: {"-1\u202f234\u202f567", "-1,234,567"},
	} {
		if got := fr.Number(n); got != want[0] {
			t.Errorf("%d in French: %q", n, got)
		}
		if got := en.Number(n); got != want[1] {
			t.Errorf("%d in English: %q", n, got)
		}
	}
}

func TestClockNeverBreaks(t *testing.T) {
	t.Parallel()
	fr, _ := setup()
	for _, s := range []string{fr.Clock(at(10, 9, 12)), fr.Duration(80 * time.Minute), fr.Duration(51 * time.Hour)} {
		if strings.ContainsAny(s, " \u00a0") || !strings.Contains(s, "\u202f") {
			t.Errorf("%q should hold only narrow no-break spaces", s)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct {
		header string
		lang   Lang
		ok     bool
	}{
		{"fr-FR,fr;q=0.9,en;q=0.8", French, true},
		{"fr-CA", French, true},
		{"en-GB,en;q=0.9,fr;q=0.2", English, true},
		{"de-DE,de;q=0.9,fr;q=0.5,en;q=0.3", French, true},
		{"de-DE", English, false},
		{"", English, false},
		{"*", English, false},
		{";;;q=", English, false},
	}
	for _, c := range cases {
		if lang, ok := Match(c.header); lang != c.lang || ok != c.ok {
			t.Errorf("%q: %s %v, want %s %v", c.header, lang, ok, c.lang, c.ok)
		}
	}
}

func TestContextCarriesThePrinter(t *testing.T) {
	t.Parallel()
	fr, _ := setup()
	ctx := With(context.Background(), fr)
	if From(ctx) != fr || T(ctx, "time.yesterday") != "hier" {
		t.Error("the printer of the context was not used")
	}
	if p := From(context.Background()); p.Lang() != English || p.Zone() != time.UTC {
		t.Errorf("without a printer: %s in %s", p.Lang(), p.Zone())
	}
	if p := New("de", nil, time.Time{}); p.Lang() != English || p.Zone() != time.UTC {
		t.Errorf("an unknown language: %s in %s", p.Lang(), p.Zone())
	}
}

func TestMissingKeysAreCollected(t *testing.T) {
	t.Parallel()
	fr, _ := setup()
	if got := fr.T("nowhere.at.all"); got != "nowhere.at.all" {
		t.Errorf("a missing key reads %q", got)
	}
	if got := fr.N("nowhere.counted", 2); got != "nowhere.counted" {
		t.Errorf("a missing plural reads %q", got)
	}
	if got := fr.T("time.before", "Name", "x"); got != "avant {{.Clock}}" {
		t.Errorf("a missing argument reads %q", got)
	}
	for _, key := range []string{"nowhere.at.all", "nowhere.counted", "{{.Clock}}"} {
		if !slices.Contains(Missing(), key) {
			t.Errorf("%s was not collected", key)
		}
	}
}

func TestPlainMessagesCostNothing(t *testing.T) {
	fr, _ := setup()
	if allocs := testing.AllocsPerRun(100, func() { fr.T("time.yesterday") }); allocs != 0 {
		t.Errorf("a plain message allocates %v times", allocs)
	}
}
