package journey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/journey"
	"guichet/internal/pricing"
	"guichet/internal/testbed/running"
)

// TestThePublishedPageHoldsAWholeOffer looks at a desk with six support types of
// long names, at all widths and in both languages, as a visitor, as a customer,
// and as it was promised before.
func TestThePublishedPageHoldsAWholeOffer(t *testing.T) {
	t.Parallel()
	site := running.Start(t)
	publishOffer(t, site, "alpine", longOffer())
	publishOffer(t, site, "brume", threeTypes())
	publishOffer(t, site, "brume", threeTypes())
	documents := map[string]string{}
	for _, look := range []struct{ name, desk, path, who, language string }{
		{"six types", "alpine", "", "", "fr"},
		{"six types in English", "alpine", "?lang=en", "", "en"},
		{"three types", "brume", "", "", "fr"},
		{"three types in English", "brume", "?lang=en", "", "en"},
		{"the type of a customer", "brume", "", "remi@ateliernord.example", "fr"},
		{"what was promised", "brume", "/offer/1", "remi@ateliernord.example", "fr"},
		{"the profile", "brume", "/settings/desk", "nora@brume.example", "fr"},
	} {
		p := journey.Open(t, site.Base+"/healthz", journey.View{Language: look.language})
		if look.who != "" {
			p.SignIn(t, site.Base, look.desk, look.who)
		}
		p.Go(t, site.Base+"/"+look.desk+look.path)
		if p.Status() != http.StatusOK {
			t.Fatalf("%s: %d", look.name, p.Status())
		}
		documents[look.name] = p.Source(t)
		lookAround(t, p, "published "+look.name, look.language, true)
	}
	journey.Vnu(t, documents)
}

// TestAVisitorReadsHoursByHisOwnClock: his browser's zone is kept on the first
// visit and holds from the second on.
func TestAVisitorReadsHoursByHisOwnClock(t *testing.T) {
	t.Parallel()
	site := running.Start(t)
	p := journey.Open(t, site.Base+"/healthz", journey.View{})
	p.LiveIn(t, "America/Toronto")
	p.Go(t, site.Base+"/alpine")
	says(t, p, ".hours caption", "Europe/Paris")
	says(t, p, "[data-keep-zone]", "Votre fuseau horaire est un autre")
	p.Go(t, site.Base+"/alpine")
	says(t, p, ".hours caption", "America/Toronto")
	p.Submit(t, `a[href="/alpine?zone=desk"]`)
	says(t, p, ".hours caption", "Europe/Paris")
	hasNo(t, p, "[data-keep-zone]")
	p.Submit(t, `section p a[href="/alpine"]`)
	says(t, p, ".hours caption", "America/Toronto")
}

// publishOffer stores an offer as the desk's next version, before anybody looked.
func publishOffer(t *testing.T, site *running.Portal, slug string, o desk.Offer) {
	t.Helper()
	content, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	db, err := pgx.Connect(t.Context(), site.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	_, err = db.Exec(t.Context(), `insert into offers (desk_id, version, content, note, created_at)
		select d.id, 1 + coalesce((select max(version) from offers o where o.desk_id = d.id), 0), $2, '', now() from desks d where d.slug = $1`, slug, string(content))
	if err != nil {
		t.Fatal(err)
	}
}

// threeTypes is an offer as many desks have it.
func threeTypes() desk.Offer {
	office, night := officeHours(), hours.Spec{Zone: "Europe/Paris", Weekly: map[string][]string{}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		night.Weekly[day] = []string{"00:00-24:00"}
	}
	wide := officeHours()
	wide.Weekly["sat"] = []string{"09:00-12:00"}
	targets := func(stopped, slowed, minor int) map[desk.Impact]desk.Targets {
		return map[desk.Impact]desk.Targets{desk.Stopped: {FirstReply: stopped, NextReply: 2 * stopped, Resolution: 480}, desk.Slowed: {FirstReply: slowed}, desk.Minor: {FirstReply: minor}}
	}
	return desk.Offer{Currency: "EUR", Tax: desk.Text{"fr": "Prix hors taxes", "en": "Prices before tax"}, Default: "essential", Indexed: true,
		Calendars: []desk.OfferCalendar{{Key: "office", Name: desk.Text{"fr": "Bureau", "en": "Office"}, Spec: office}, {Key: "wide", Name: desk.Text{"fr": "Large", "en": "Wide"}, Spec: wide}, {Key: "always", Name: desk.Text{"fr": "La nuit", "en": "At night"}, Spec: night}},
		Types: []desk.SupportType{
			{Key: "essential", Name: desk.Text{"fr": "Essentiel", "en": "Essential"}, Summary: desk.Text{"fr": "Tous nos clients, avec l’abonnement", "en": "All our customers, with the subscription"}, Calendar: "office",
				Services: []string{"m365"}, Kinds: []string{"problem", "billing", "subscription"}, Languages: []string{"fr"}, Contacts: []desk.ContactMethod{{Method: "portal"}, {Method: "email"}, {Method: "phone"}},
				Targets: targets(240, 480, 960), Terms: pricing.Terms{Model: pricing.Included}},
			{Key: "extended", Name: desk.Text{"fr": "Étendu", "en": "Extended"}, Summary: desk.Text{"fr": "Les équipes sans informaticien sur place", "en": "Teams without an IT person"}, Calendar: "wide",
				Languages: []string{"fr", "en"}, Contacts: []desk.ContactMethod{{Method: "portal"}, {Method: "email"}, {Method: "phone"}, {Method: "onsite", Value: "Sur place, dans la métropole de Lyon"}},
				Targets: targets(60, 240, 480), Terms: pricing.Terms{Model: pricing.Hour, Hour: "95.00", Monthly: "9.00", Step: 15, Minimum: 30, Factors: pricing.Factors{OffHours: 150, Weekend: 150, Holiday: 200}}},
			{Key: "critical", Name: desk.Text{"fr": "Critique 24×7", "en": "Critical 24×7"}, Summary: desk.Text{"fr": "Les activités qui ne peuvent pas s’arrêter", "en": "Work that cannot stop"}, Calendar: "always",
				Languages: []string{"fr", "en"}, Contacts: []desk.ContactMethod{{Method: "portal"}, {Method: "phone"}, {Method: "phone", Value: "+33 4 78 00 00 99", Calendar: "always"}},
				Givers:  []desk.Giver{{Kind: desk.GivenByDesk, Calendar: "office"}, {Kind: desk.GivenOutsource, Company: "Vigie Services", Calendar: "always"}},
				Targets: targets(30, 120, 240), Terms: pricing.Terms{Model: pricing.Prepaid, Hour: "85.00", Step: 15, Overage: "110.50"}},
		},
		Baseline: []desk.Boundary{{Ask: desk.Text{"fr": "Une licence de plus, une résiliation", "en": "One more licence, a cancellation"}, Who: "desk"}, {Ask: desk.Text{"fr": "Un compte, un groupe, une boîte partagée", "en": "An account, a group, a shared mailbox"}, Who: "customer"},
			{Ask: desk.Text{"fr": "Une panne du service", "en": "A breakdown of the service"}, Who: "microsoft"}, {Ask: desk.Text{"fr": "Une application de la place de marché", "en": "An application of the marketplace"}, Who: "publisher"}},
	}
}

func officeHours() hours.Spec {
	s := desk.OfficeHours("Europe/Paris")
	s.Weekly["fri"] = []string{"08:30-12:30", "13:30-17:00"}
	return s
}

// longOffer has six types, with names that no line holds.
func longOffer() desk.Offer {
	o := threeTypes()
	for n := range 3 {
		more := o.Types[n]
		more.Key = fmt.Sprint("more", n)
		more.Name = desk.Text{"fr": "Accompagnement interentreprises personnalisé, formule établissements multisites " + fmt.Sprint(n+1), "en": "Cross-establishment companionship, multinational headquarters edition " + fmt.Sprint(n+1)}
		more.Services = []string{"azure", "Exchange Online", "Dynamics 365 Business Central", "Azure Kubernetes Service"}
		o.Types = append(o.Types, more)
	}
	return o
}
