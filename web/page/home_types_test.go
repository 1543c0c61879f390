package page

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
)

// twoTypes is the offer of a desk that gives one type in office hours and
// another day and night, with a helper, at a price.
func twoTypes(t *testing.T) Support {
	t.Helper()
	v := desk.FirstOffer(deskOf(t))
	day, week := []string{"00:00-24:00"}, map[string][]string{}
	for _, d := range days {
		week[d.key] = day
	}
	c := &v.Content
	c.Calendars = append(c.Calendars, desk.OfferCalendar{Key: "always", Name: desk.Text{"fr": "Nuit", "en": "Night"}, Spec: hours.Spec{Zone: "Europe/Paris", Weekly: week}})
	c.Types = append(c.Types, desk.SupportType{Key: "critical", Name: desk.Text{"fr": "Critique 24×7", "en": "Critical 24×7"}, Calendar: "always", Languages: []string{"fr", "de", "xx"},
		Services: []string{"azure", "Licensing and billing"}, Kinds: []string{"billing", "problem"}, Contacts: []desk.ContactMethod{{Method: "phone", Value: "+33 1 00"}, {Method: "portal", Calendar: "office"}},
		Givers:  []desk.Giver{{Kind: desk.GivenByDesk, Calendar: "office"}, {Kind: desk.GivenOutsource, Company: "Vigie", Calendar: "always"}, {Kind: desk.GivenResold, Company: "Nord", Services: []string{"azure"}}},
		Targets: map[desk.Impact]desk.Targets{desk.Stopped: {FirstReply: 30, NextReply: 60, Resolution: 1500}},
		Terms:   pricing.Terms{Model: pricing.Hour, Hour: "95.50", Monthly: "19", Step: 15, Minimum: 30, Factors: pricing.Factors{Weekend: 150, Holiday: 200}}})
	c.Tax = desk.Text{"fr": "Prix hors taxes"}
	c.Baseline = []desk.Boundary{{Ask: desk.Text{"fr": "Une panne"}, Who: "microsoft"}, {Ask: desk.Text{"fr": "Un groupe"}, Who: "customer"}, {Ask: desk.Text{"fr": "Rien"}, Who: "nobody"}}
	o, err := v.Open()
	if err != nil {
		t.Fatal(err)
	}
	return Support{Offer: o, Level: o.Level("critical"), Zone: deskOf(t).Location(), Hours: []desk.Opening{{Calendar: c.Calendars[0], Week: officeWeek(t)}, {Calendar: c.Calendars[1], Open: true, Week: officeWeek(t)}}}
}

// compare is the comparison as it is read: label, then cells by column.
func compare(doc *goquery.Document) map[string][]string {
	out := map[string][]string{}
	doc.Find(".compare tbody tr").Each(func(_ int, row *goquery.Selection) {
		out[loose(row.Find("th").Text())] = row.Find("td").Map(func(_ int, c *goquery.Selection) string {
			if lines := c.Find("li"); lines.Length() > 0 {
				return loose(strings.Join(lines.Map(func(_ int, l *goquery.Selection) string { return strings.ReplaceAll(l.Text(), "\u00a0", " ") }), " / "))
			}
			return loose(strings.ReplaceAll(strings.TrimSpace(c.Text()), "\u00a0", " "))
		})
	})
	return out
}

func TestTypesStandSideBySide(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang]map[string][2]string{
		i18n.French: {
			"Services":       {"Tous les services", "Azure, Abonnements et factures"},
			"Demandes":       {"Toutes : problèmes, questions, abonnements, factures", "Problème, facture"},
			"Travail arrêté": {"Première réponse en 1 h d’ouverture", "Première réponse en 30 min, jour et nuit / Réponses suivantes en 1 h, jour et nuit / Solution en 25 h, jour et nuit"},
			"Gêne":           {"Première réponse en 4 h d’ouverture", "–"},
			"Heures":         {"Lundi à vendredi : 8 h 30 – 12 h 30, 13 h 30 – 18 h 00", "Jour et nuit, tous les jours"},
			"Pour nous joindre": {"Portail, courriel, téléphone",
				"Téléphone / Portail : Lundi à vendredi : 8 h 30 – 12 h 30, 13 h 30 – 18 h 00"},
			"Langues":    {"Français, anglais", "Français, allemand, XX"},
			"Assuré par": {"Alpine Cloud", "Alpine Cloud (Heures de bureau) / Vigie, pour notre compte (Nuit) / Nord, dont nous revendons le support (Azure)"},
			"Prix": {"Inclus", "19 € par personne et par mois / 95,50 € l’heure / Compté par tranche de 15 min / 30 min au moins / " +
				"Fin de semaine : prix × 1,5 / Jour férié : prix × 2"},
		},
		i18n.English: {
			"Languages": {"French, English", "French, German, XX"},
			"Hours":     {"Monday to Friday: 08:30 – 12:30, 13:30 – 18:00", "Day and night, every day"},
			"Price":     {"Included", "€19 per user and month / €95.50 per hour / Counted in steps of 15 min / At least 30 min / Weekends: price × 1.5 / Public holidays: price × 2"},
		},
	} {
		got := compare(drawn(t, lang, Home(visitor(t), twoTypes(t))))
		for label, cells := range want {
			if !slices.Equal(got[label], cells[:]) {
				t.Errorf("%s: %q, want %q", label, got[label], cells)
			}
		}
	}
}

func TestACustomerSeesWhichTypeIsHis(t *testing.T) {
	t.Parallel()
	s := twoTypes(t)
	if n := drawn(t, i18n.French, Home(visitor(t), s)).Find(".compare .badge").Length(); n != 0 {
		t.Errorf("a visitor has %d types", n)
	}
	s.Mine = true
	doc := drawn(t, i18n.French, Home(as(t, desk.Contact), s))
	if got := doc.Find(".compare th:has(.badge)").Text(); !strings.Contains(got, "Critique 24×7") || doc.Find(".compare .badge").Length() != 1 {
		t.Errorf("his type is said to be %q", got)
	}
}

func TestHoursNameTheirZoneWhereThePageShowsAnother(t *testing.T) {
	t.Parallel()
	s := twoTypes(t)
	s.Offer.Content.Calendars[0].Spec.Zone = "America/Port_of_Spain"
	s.Offer.Content.Calendars[0].Spec.Weekly = map[string][]string{"mon": {"20:00-24:00"}, "wed": {"20:00-24:00"}, "sat": {"00:00-24:00"}, "sun": {"22:00-02:00"}}
	got := compare(drawn(t, i18n.French, Home(visitor(t), s)))["Heures"][0]
	if want := "Lundi, mercredi : 20 h 00 – minuit / Samedi : Jour et nuit / Dimanche : 22 h 00 – 2 h 00 / Fuseau horaire America/Port of Spain"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s.Offer.Content.Calendars[0].Spec.Weekly = nil
	if got := compare(drawn(t, i18n.French, Home(visitor(t), s)))["Heures"][0]; got != "Aucune heure d’ouverture" {
		t.Errorf("a calendar without hours is said to be %q", got)
	}
}

func TestSpecialDaysAreNamed(t *testing.T) {
	t.Parallel()
	s := twoTypes(t)
	zone := deskOf(t).Location()
	on := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, zone) }
	s.Hours[0].Special = []desk.SpecialDay{{Date: on(9)}, {Date: on(11), Holiday: "Armistice"},
		{Date: on(14), Blocks: hours.Sum{{From: on(14).Add(10 * time.Hour), To: on(14).Add(12 * time.Hour)}}}, {Date: on(28)}}
	doc := drawn(t, i18n.French, Home(visitor(t), s))
	got := doc.Find("section[aria-labelledby=hours] > div li").Map(func(_ int, l *goquery.Selection) string { return loose(l.Text()) })
	want := []string{"Mercredi 11 novembre 2026 : Fermé (Armistice)", "Samedi 14 novembre 2026 : 10 h 00 – 12 h 00"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if arch := loose(doc.Find(".arch").Text()); !strings.Contains(arch, want[0]) {
		t.Errorf("the arch does not say that tomorrow is closed: %q", arch)
	}
	if row := loose(doc.Find("table.hours tbody tr").Eq(2).Text()); !strings.Contains(row, "(Armistice)") {
		t.Errorf("the week does not name the holiday: %q", row)
	}
}

func TestWaysToTheDeskAreThoseOfTheOffer(t *testing.T) {
	t.Parallel()
	s := twoTypes(t)
	s.Offer.Content.Types[0].Contacts = append(s.Offer.Content.Types[0].Contacts, desk.ContactMethod{Method: "chat", Value: "https://chat.example"}, desk.ContactMethod{Method: "chat", Value: "javascript:alert(1)"}, desk.ContactMethod{Method: "onsite"})
	doc := drawn(t, i18n.French, Home(visitor(t), s))
	got := doc.Find("section[aria-labelledby=reach] li").Map(func(_ int, l *goquery.Selection) string {
		return strings.TrimSpace(l.Find("h3").Text()) + " " + l.Find("a").AttrOr("href", "-")
	})
	want := []string{"Le portail /alpine/tickets/new", "support@alpine.example mailto:support@alpine.example", "+33 (0)4 78 00 00 00 tel:+33478000000", "+33 1 00 tel:+33100",
		"Discussion en ligne https://chat.example", "javascript:alert(1) -", "Sur place -"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if who := doc.Find("section[aria-labelledby=who] tbody tr").Map(func(_ int, r *goquery.Selection) string { return partsOf(r) }); !slices.Equal(who, []string{"Une panne Microsoft, par Alpine Cloud", "Un groupe Vous-même"}) {
		t.Errorf("who looks after what: %q", who)
	}
}

func TestMachinesReadTheOffer(t *testing.T) {
	t.Parallel()
	f, s := visitor(t), twoTypes(t)
	f.Base = "https://portal.example"
	hostile := `Critique</script><script>alert("1")</script><!--&` + "\u2028"
	s.Offer.Content.Types[1].Name = desk.Text{"fr": hostile}
	doc := drawn(t, i18n.French, Home(f, s))
	if n := doc.Find("script").Length(); n != 2 {
		t.Fatalf("%d scripts, want the portal's and the data", n)
	}
	var got struct {
		Type         string `json:"@type"`
		URL, Name    string
		ContactPoint []struct{ Telephone, Email string }
		Hours        []struct {
			DayOfWeek     []string
			Opens, Closes string
		} `json:"openingHoursSpecification"`
		MakesOffer []struct {
			Name               string
			PriceSpecification []struct{ Price, PriceCurrency, UnitCode string }
		}
	}
	if err := json.Unmarshal([]byte(doc.Find(`script[type="application/ld+json"]`).Text()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "ProfessionalService" || got.URL != "https://portal.example/alpine" || len(got.ContactPoint) != 3 || got.ContactPoint[1].Telephone != "+33478000000" {
		t.Errorf("%+v", got)
	}
	if len(got.Hours) != 2 || len(got.Hours[0].DayOfWeek) != 5 || got.Hours[1].Closes != "18:00" {
		t.Errorf("hours: %+v", got.Hours)
	}
	if len(got.MakesOffer) != 2 || got.MakesOffer[0].PriceSpecification != nil || got.MakesOffer[1].Name != hostile || len(got.MakesOffer[1].PriceSpecification) != 2 || got.MakesOffer[1].PriceSpecification[1].UnitCode != "HUR" {
		t.Errorf("offers: %+v", got.MakesOffer)
	}
}

func TestAPageIsIndexedWhereItsOfferSaysSo(t *testing.T) {
	t.Parallel()
	f, s := visitor(t), twoTypes(t)
	f.Base = "https://portal.example"
	doc := drawn(t, i18n.English, Home(f, s))
	if doc.Find("meta[name=robots]").Length() != 0 || doc.Find("link[rel=canonical]").AttrOr("href", "") != "https://portal.example/alpine?lang=en" || doc.Find(`link[hreflang=fr]`).AttrOr("href", "") != "https://portal.example/alpine" ||
		doc.Find(`meta[property="og:title"]`).AttrOr("content", "") != doc.Find("title").Text() {
		t.Error("the page does not say how it is known")
	}
	s.Offer.Content.Indexed = false
	if drawn(t, i18n.English, Home(f, s)).Find("meta[name=robots][content=noindex]").Length() != 1 {
		t.Error("search engines may list a page that should not be")
	}
}

func TestAVersionSaysWhenItHeld(t *testing.T) {
	t.Parallel()
	f, from, to := as(t, desk.Contact), noon.AddDate(0, -2, 0), noon.AddDate(0, -1, 0)
	for _, c := range []struct {
		version  int
		from, to time.Time
		want     string
	}{
		{3, from, to, "Ce qui était promis du jeudi 10 septembre 2026 au samedi 10 octobre 2026."},
		{4, to, time.Time{}, "Ce qui est promis depuis le samedi 10 octobre 2026."},
		{0, time.Time{}, from, "Ce qui était promis jusqu’au jeudi 10 septembre 2026."},
		{0, time.Time{}, time.Time{}, "Ce qui est promis depuis l’ouverture du guichet."},
	} {
		s := Support{Offer: twoTypes(t).Offer, From: c.from, To: c.to}
		s.Offer.Version = c.version
		doc := drawn(t, i18n.French, PublishedVersion(f, s))
		if got := doc.Find(".banner strong").Text(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if before := doc.Find(`.banner a[href^="/alpine/offer/"]`).Length(); before != min(c.version, 1) {
			t.Errorf("version %d leads to %d before it", c.version, before)
		}
		if doc.Find(".arch, table.hours, script:not([src])").Length() != 0 || doc.Find(".compare").Length() != 1 {
			t.Error("a version of the past tells of today")
		}
	}
}
