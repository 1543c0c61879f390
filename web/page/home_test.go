package page

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/i18n"
)

// officeWeek is the week of 9 November 2026, open on Tuesday in two blocks and
// through Wednesday.
func officeWeek(t *testing.T) []desk.OpenDay {
	t.Helper()
	zone := deskOf(t).Location()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	week := make([]desk.OpenDay, 7)
	for i := range week {
		week[i].Date = at(9+i, 0, 0)
	}
	week[1].Blocks = hours.Sum{{From: at(10, 8, 30), To: at(10, 12, 30)}, {From: at(10, 13, 30), To: at(10, 18, 0)}}
	week[2].Blocks = hours.Sum{{From: at(11, 0, 0), To: at(12, 0, 0)}}
	return week
}

// partsOf reads an element part by part, each on its own line on the page.
func partsOf(s *goquery.Selection) string {
	parts := s.Children().Map(func(_ int, part *goquery.Selection) string { return strings.TrimSpace(part.Text()) })
	return strings.TrimSpace(loose(strings.Join(parts, " ")))
}

// supportOf is what the desk of the tests publishes: the offer that every desk
// begins with.
func supportOf(t *testing.T) Support {
	t.Helper()
	o, err := desk.FirstOffer(deskOf(t)).Open()
	if err != nil {
		t.Fatal(err)
	}
	return Support{Offer: o, Level: o.Level(""), Zone: deskOf(t).Location(), Hours: []desk.Opening{{Calendar: o.Content.Calendars[0], Week: officeWeek(t)}}}
}

func TestHomeSaysWhetherTheDeskIsOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		open  bool
		until time.Time
		arch  string
	}{
		{"open", true, noon.Add(3*time.Hour + 42*time.Minute), "Ouvert jusqu’à 18 h 00 aujourd’hui encore 3 h 42"},
		{"closed", false, noon.Add(18*time.Hour + 12*time.Minute), "Fermé ouvre à 8 h 30 mercredi 11 novembre 2026 dans 18 h 12"},
		{"always", true, time.Time{}, "Ouvert 24 h sur 24 tous les jours"},
		{"never", false, time.Time{}, "Fermé Aucune ouverture n’est prévue."},
	}
	for _, test := range tests {
		s := supportOf(t)
		s.Hours[0].Open, s.Hours[0].Until = test.open, test.until
		doc := drawn(t, i18n.French, Home(visitor(t), s))
		if got := partsOf(doc.Find(".arch")); got != test.arch {
			t.Errorf("%s: %q, want %q", test.name, got, test.arch)
		}
		if says := strings.Contains(doc.Find("h1").Text(), "Le guichet est ouvert."); says != test.open {
			t.Errorf("%s: the title says otherwise", test.name)
		}
	}
}

func TestHomeShowsTheWeekInTheReadersZone(t *testing.T) {
	t.Parallel()
	rows := drawn(t, i18n.French, Home(visitor(t), supportOf(t))).Find("table.hours tbody tr")
	want := []string{"lundi 9 Fermé", "mardi 10 8 h 30 – 12 h 30, 13 h 30 – 18 h 00", "mercredi 11 Jour et nuit", "jeudi 12 Fermé"}
	for i, w := range want {
		if got := partsOf(rows.Eq(i)); got != w {
			t.Errorf("day %d: %q, want %q", i, got, w)
		}
	}
	if rows.Filter("[aria-current=date]").Length() != 1 || rows.Eq(1).AttrOr("aria-current", "") != "date" {
		t.Error("today is not marked")
	}
	if n := rows.Eq(1).Find("svg rect.f-brand").Length(); n != 2 {
		t.Errorf("%d blocks in the picture, want 2", n)
	}
}

func TestHomePublishesHowToReachTheDesk(t *testing.T) {
	t.Parallel()
	f, s := visitor(t), supportOf(t)
	s.Promised = promised()
	doc := drawn(t, i18n.English, Home(f, s))
	for _, href := range []string{"/alpine/tickets/new", "tel:+33478000000", "mailto:support@alpine.example", "https://admin.cloud.microsoft/", "https://portal.azure.com/",
		"https://status.cloud.microsoft/", "https://support.microsoft.com/en-us/outlook", "/alpine/sign-in?by=mail"} {
		if doc.Find(`a[href="`+href+`"]`).Length() == 0 {
			t.Errorf("no way to %s", href)
		}
	}
	if doc.Find(`meta[name=robots]`).Length() != 0 || doc.Find("meta[name=description]").Length() != 1 {
		t.Error("search engines cannot list the page")
	}
	if doc.Find("section[aria-labelledby=promise] tbody tr").Length() != 3 {
		t.Error("not every promise is there")
	}
	f.Who.Desk.EmailSignIn, f.Who.Desk.Phone, f.Who.Desk.Email = false, "", ""
	bare := drawn(t, i18n.English, Home(f, supportOf(t)))
	if bare.Find(`a[href*="by=mail"], a[href^="tel:"], a[href^="mailto:"], section[aria-labelledby=promise]`).Length() != 0 {
		t.Error("the page offers what the desk does not")
	}
}
