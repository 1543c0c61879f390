package hours

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// steps writes an explanation as a reader would note it down.
func steps(lines []Line) string {
	var parts []string
	for _, l := range lines {
		switch l.Kind {
		case LineBlock:
			parts = append(parts, told(Sum{l.Block}))
		case LineClosed:
			part := string(l.Why) + " " + l.First
			if l.Last != l.First {
				part += ".." + l.Last
			}
			parts = append(parts, strings.TrimSpace(part+" "+l.Holiday))
		case LineMore:
			parts = append(parts, fmt.Sprintf("%d more %s..%s %v", l.Blocks, l.First, l.Last, l.Total))
		}
	}
	return strings.Join(parts, "; ")
}

func lyon() Spec {
	s := office()
	s.Holidays = "FR"
	return s
}

func TestExplain(t *testing.T) {
	t.Parallel()
	closed := lyon()
	closed.Closed = []string{"2026-12-24", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"}
	night := daily("Europe/Paris", "22:00-06:00")
	night.Weekly["sat"], night.Holidays = nil, "FR" // Friday's night runs into Saturday
	cases := []struct {
		name, from string
		spec       Spec
		minutes    int
		want       string
	}{
		{"a holiday between", "2026-11-10T17:18:00+01:00", lyon(), 240,
			"2026-11-10 17:18-18:00 42m0s; holiday 2026-11-11 Armistice de 1918; 2026-11-12 08:30-11:48 3h18m0s"},
		{"a weekend is one line", "2026-11-06T16:00:00+01:00", lyon(), 90,
			"2026-11-06 16:00-17:00 1h0m0s; rest 2026-11-07..2026-11-08; 2026-11-09 08:30-09:00 30m0s"},
		{"a holiday on a Sunday is no reason", "2026-10-30T16:00:00+01:00", lyon(), 90,
			"2026-10-30 16:00-17:00 1h0m0s; rest 2026-10-31..2026-11-01; 2026-11-02 08:30-09:00 30m0s"},
		{"closed dates, a holiday and weekends", "2026-12-23T17:00:00+01:00", closed, 90,
			"2026-12-23 17:00-18:00 1h0m0s; closed 2026-12-24; holiday 2026-12-25 Noël; rest 2026-12-26..2026-12-27; " +
				"closed 2026-12-28..2026-12-31; holiday 2027-01-01 Jour de l’An; rest 2027-01-02..2027-01-03; 2027-01-04 08:30-09:00 30m0s"},
		{"a holiday that cuts the night before says so", "2026-12-24T23:00:00+01:00", night, 120,
			"2026-12-24 23:00-00:00 1h0m0s; holiday 2026-12-25 Noël; rest 2026-12-26; 2026-12-27 22:00-23:00 1h0m0s"},
		{"closed at first", "2026-11-11T10:00:00+01:00", lyon(), 30,
			"holiday 2026-11-11 Armistice de 1918; 2026-11-12 08:30-09:00 30m0s"},
		{"hours that were over at first are no closed date", "2026-11-06T19:00:00+01:00", lyon(), 30,
			"rest 2026-11-07..2026-11-08; 2026-11-09 08:30-09:00 30m0s"},
	}
	for _, c := range cases {
		from := instant(t, c.from)
		_, sum, err := parse(t, c.spec).Add(from, time.Duration(c.minutes)*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if got := steps(parse(t, c.spec).ExplainFrom(from, sum)); got != c.want {
			t.Errorf("%s:\n %s, want\n %s", c.name, got, c.want)
		}
		if whole, bare := c.want, steps(parse(t, c.spec).Explain(sum)); !strings.HasSuffix(whole, bare) || !strings.HasPrefix(bare, "2026") {
			t.Errorf("%s: without its beginning %s", c.name, bare)
		}
	}
	if lines := parse(t, lyon()).Explain(nil); lines != nil {
		t.Errorf("nothing is explained by %v", lines)
	}
}

func TestALongSumIsFolded(t *testing.T) {
	t.Parallel()
	c := parse(t, lyon())
	from := instant(t, "2026-01-05T08:30:00+01:00")
	_, sum, err := c.Add(from, 2000*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	lines := c.Explain(sum)
	if len(lines) != firstLines+1+lastLines || lines[firstLines].Kind != LineMore {
		t.Fatalf("%d lines: %s", len(lines), steps(lines))
	}
	blocks, total := 0, time.Duration(0)
	for _, l := range lines {
		switch l.Kind {
		case LineBlock:
			blocks, total = blocks+1, total+l.Block.Duration()
		case LineMore:
			blocks, total = blocks+l.Blocks, total+l.Total
		}
	}
	if blocks != len(sum) || total != 2000*time.Hour {
		t.Errorf("%d blocks of %v, want %d of 2000 h", blocks, total, len(sum))
	}
	if last := lines[len(lines)-1]; last.Block != sum[len(sum)-1] {
		t.Errorf("the last line is %+v", last)
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	s := lyon()
	s.Closed = []string{"2026-11-13"}
	s.Open = map[string][]string{"2026-11-14": {"10:00-12:00"}, "2026-12-25": {"09:00-10:00"}}
	list := parse(t, s).Preview(instant(t, "2026-11-09T23:30:00Z"), 6) // the tenth in Paris
	var got []string
	for _, d := range list {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %d", d.Date, d.Why, d.Holiday, len(d.Blocks))))
	}
	want := "2026-11-10   2; 2026-11-11 holiday Armistice de 1918 0; 2026-11-12   2; 2026-11-13 closed  0; 2026-11-14 opened  1; 2026-11-15 rest  0"
	if said := strings.Join(got, "; "); said != want {
		t.Errorf("%s, want %s", said, want)
	}
	if told(list[0].Blocks) != "2026-11-10 08:30-12:30 4h0m0s, 2026-11-10 13:30-18:00 4h30m0s" {
		t.Error(told(list[0].Blocks))
	}
	if day := parse(t, s).Preview(instant(t, "2026-12-25T12:00:00Z"), 1)[0]; day.Why != WhyOpened || day.Holiday != "Noël" || len(day.Blocks) != 1 {
		t.Errorf("%+v", day)
	}
	if n := len(Always().Preview(instant(t, "2026-12-25T12:00:00Z"), 1_000_000)); n != previewDays {
		t.Errorf("%d days", n)
	}
	if n := len((Calendar{}).Preview(time.Time{}, -1)); n != 0 {
		t.Errorf("%d days", n)
	}
}

func TestStretches(t *testing.T) {
	t.Parallel()
	s := lyon()
	s.Closed = []string{"2026-12-28"}
	list, err := parse(t, s).Stretches(instant(t, "2026-12-24T17:00:00+01:00"), instant(t, "2026-12-29T09:00:00+01:00"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range list {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %v %s", p.From.Format("02T15:04"), p.Kind, p.Duration(), p.Holiday)))
	}
	want := "24T17:00 working 1h0m0s; 24T18:00 offhours 6h0m0s; 25T00:00 holiday 24h0m0s Noël; 26T00:00 weekend 48h0m0s; " +
		"28T00:00 holiday 24h0m0s; 29T00:00 offhours 8h30m0s; 29T08:30 working 30m0s"
	if said := strings.Join(got, "; "); said != want {
		t.Errorf("%s, want\n%s", said, want)
	}
	at := instant(t, "2026-12-24T17:00:00+01:00")
	if none, err := Always().Stretches(at, at); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
	if _, err := Always().Stretches(at, at.Add(-time.Second)); err != ErrNegative {
		t.Error(err)
	}
	if _, err := Always().Stretches(at, at.AddDate(0, 0, 401)); err != ErrTooLong {
		t.Error(err)
	}
	if one, err := Always().Stretches(at, at.AddDate(0, 0, 400)); err != nil || len(one) != 1 || one[0].Duration() != 400*24*time.Hour {
		t.Errorf("%v, %v", one, err)
	}
}

// Two holidays in a row are one stretch that names both.
func TestStretchOfTwoHolidays(t *testing.T) {
	t.Parallel()
	s := Spec{Zone: "Europe/Paris", Holidays: "FR-57"}
	list, err := parse(t, s).Stretches(instant(t, "2029-12-24T12:00:00+01:00"), instant(t, "2029-12-27T12:00:00+01:00"))
	if err != nil || len(list) != 3 || list[1].Holiday != "Noël, Saint-Étienne" || list[1].Duration() != 48*time.Hour {
		t.Errorf("%+v, %v", list, err)
	}
}
