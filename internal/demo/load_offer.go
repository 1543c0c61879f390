package demo

import (
	"fmt"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/postgres"
	"guichet/internal/pricing"
)

// offer publishes what a demo desk promises, as its history begins, and who has
// agreed on more than the default.
func (l *loader) offer(tx *postgres.Tx, d desk.Desk) error {
	content := demoOffers[d.Slug](d)
	if faults := content.Check(d.Language); len(faults) > 0 {
		return desk.InvalidOffer{Faults: faults}
	}
	v := desk.OfferVersion{Version: 1, Content: content, Note: "Notre première offre."}
	for _, a := range l.people {
		if a.Desk.ID == d.ID && a.Person.Role == desk.Admin {
			v.PersonID = a.Person.ID
		}
	}
	if err := tx.AddOffer(v); err != nil {
		return err
	}
	for _, g := range demoAgreements {
		if g.desk != d.Slug {
			continue
		}
		customer := l.ids[g.desk+"/"+g.customer]
		held, err := tx.Standing(customer)
		if err != nil {
			return err
		}
		g.AgreementSettings.Starts = string(desk.DayOf(tx.Now, d.Location()))
		a, err := desk.NewAgreement(customer, g.AgreementSettings, content, held.Agreements)
		if err != nil {
			return fmt.Errorf("%s: %w", g.customer, err)
		}
		if err := tx.AddAgreement(a); err != nil {
			return err
		}
	}
	return nil
}

// demoAgreements are the customers who have agreed on a type of their own.
var demoAgreements = []struct {
	desk, customer string
	desk.AgreementSettings
}{
	{"alpine", "fabrique-lumen", desk.AgreementSettings{Name: "Contrat 2026-041", SupportType: "extended", Users: "34"}},
	{"alpine", "clinique-saint-irenee", desk.AgreementSettings{Name: "Contrat 2026-017", SupportType: "critical", Users: "120"}},
	{"alpine", "transports-vallin", desk.AgreementSettings{Name: "Contrat 2026-052", SupportType: "extended", Users: "48"}},
	{"alpine", "trois-vallees", desk.AgreementSettings{Name: "Azure", SupportType: "critical", Services: []string{"azure"}, Users: "12"}},
	{"brume", "atelier-nord", desk.AgreementSettings{SupportType: "extended", Users: "15"}},
	{"meridian", "brume-informatique", desk.AgreementSettings{Name: "Revendeurs", SupportType: "extended"}},
}

var demoOffers = map[string]func(desk.Desk) desk.Offer{"alpine": alpineOffer, "brume": brumeOffer, "meridian": meridianOffer}

// said is a text in both languages.
func said(fr, en string) desk.Text { return desk.Text{"fr": fr, "en": en} }

// week is the same blocks on some days.
func week(zone string, days []string, blocks ...string) hours.Spec {
	s := hours.Spec{Zone: zone, Weekly: map[string][]string{}}
	for _, day := range days {
		s.Weekly[day] = blocks
	}
	return s
}

// targets promise by impact, stopped first: a first reply, the next ones, and the
// resolution, in minutes.
func targets(stopped, slowed, minor [3]int) map[desk.Impact]desk.Targets {
	of := func(m [3]int) desk.Targets { return desk.Targets{FirstReply: m[0], NextReply: m[1], Resolution: m[2]} }
	return map[desk.Impact]desk.Targets{desk.Stopped: of(stopped), desk.Slowed: of(slowed), desk.Minor: of(minor)}
}

// essential is the default of every demo desk: office hours, nothing to pay.
func essential(fr, en string) desk.SupportType {
	return desk.SupportType{Key: "standard", Name: said(fr, en), Calendar: "office", Languages: []string{"fr", "en"},
		Summary:  said("Pour qui travaille aux heures de bureau.", "For those who work office hours."),
		Contacts: []desk.ContactMethod{{Method: "portal"}, {Method: "email"}},
		Targets:  targets([3]int{60, 60, 0}, [3]int{120, 120, 0}, [3]int{240, 240, 0}),
		Terms:    pricing.Terms{Model: pricing.Included}}
}

// alpineOffer has three types; only the third one's help comes on public holidays.
func alpineOffer(d desk.Desk) desk.Offer {
	o := desk.FirstOffer(d).Content
	o.Tax = said("hors taxes", "before tax")
	o.Calendars = []desk.OfferCalendar{
		{Key: "office", Name: said("Bureau de Lyon", "Lyon office"), Spec: festive(desk.OfficeHours(d.Zone), "FR")},
		{Key: "extended", Name: said("Du lundi au samedi", "Monday to Saturday"), Spec: festive(week(d.Zone, desk.Weekdays[:6], "07:00-20:00"), "FR")},
		{Key: "always", Name: said("Jour et nuit", "Day and night"), Spec: week(d.Zone, desk.Weekdays, "00:00-24:00")},
		{Key: "night", Name: said("Nuit et dimanche", "Nights and Sundays"), Spec: nights(d.Zone)},
	}
	extended := desk.SupportType{Key: "extended", Name: said("Étendu", "Extended"), Calendar: "extended", Languages: []string{"fr", "en"},
		Summary:  said("Une voix du lundi au samedi, et des heures achetées d’avance.", "A voice from Monday to Saturday, and hours bought beforehand."),
		Contacts: []desk.ContactMethod{{Method: "portal"}, {Method: "email"}, {Method: "phone", Value: d.Phone}},
		Targets:  targets([3]int{30, 60, 8 * 60}, [3]int{60, 120, 2 * 24 * 60}, [3]int{240, 240, 0}),
		Terms:    pricing.Terms{Model: pricing.Prepaid, Hour: "90.00", Overage: "110.00", Monthly: "4.50", Step: 15, Factors: pricing.Factors{Weekend: 125}}}
	critical := desk.SupportType{Key: "critical", Name: said("24×7 critique", "24×7 critical"), Calendar: "always", Languages: []string{"fr", "en", "de"},
		Summary:  said("Quelqu’un répond à toute heure quand le travail s’arrête.", "Somebody answers at any hour when work stops."),
		Contacts: []desk.ContactMethod{{Method: "portal"}, {Method: "email", Calendar: "extended"}, {Method: "phone", Value: "+33 4 65 71 20 49"}, {Method: "onsite", Calendar: "office"}},
		Givers:   []desk.Giver{{Kind: desk.GivenByDesk, Calendar: "extended"}, {Kind: desk.GivenOutsource, Company: "Vigie Nuit", Calendar: "night"}},
		Targets:  targets([3]int{15, 30, 4 * 60}, [3]int{60, 120, 24 * 60}, [3]int{240, 480, 0}),
		Terms: pricing.Terms{Model: pricing.Hour, Hour: "120.00", Monthly: "12.00", Step: 15, Minimum: 30,
			Factors: pricing.Factors{OffHours: 150, Weekend: 150, Holiday: 200}}}
	o.Types = []desk.SupportType{essential("Essentiel", "Essential"), extended, critical}
	o.Ladder = []desk.Rung{{Before: 60, Tell: "assignee"}, {Before: 15, Tell: "assignee"}, {Before: 0, Tell: "leads"}, {Before: -60, Tell: "admins"}}
	return o
}

// festive closes the public holidays of a region.
func festive(s hours.Spec, region string) hours.Spec {
	s.Holidays = region
	return s
}

// nights are the hours at which nobody of the desk works.
func nights(zone string) hours.Spec {
	s := week(zone, desk.Weekdays[:5], "20:00-07:00")
	s.Weekly["sat"] = []string{"20:00-24:00"}
	s.Weekly["sun"] = []string{"00:00-24:00"}
	return s
}

func brumeOffer(d desk.Desk) desk.Offer {
	o := desk.FirstOffer(d).Content
	o.Tax = said("hors taxes", "before tax")
	extended := essential("Renforcé", "Reinforced")
	extended.Key, extended.Summary = "extended", said("Une première réponse deux fois plus tôt, et le téléphone.", "A first reply twice as early, and the phone.")
	extended.Contacts = append(extended.Contacts, desk.ContactMethod{Method: "phone"})
	extended.Targets = targets([3]int{30, 60, 0}, [3]int{60, 120, 0}, [3]int{120, 240, 0})
	extended.Terms.Monthly = "3.00"
	o.Types = []desk.SupportType{essential("Standard", "Standard"), extended}
	return o
}

func meridianOffer(d desk.Desk) desk.Offer {
	o := desk.FirstOffer(d).Content
	o.Tax = said("hors taxes", "before tax")
	partners := essential("Revendeurs", "Resellers")
	partners.Key, partners.Summary = "extended", said("Pour les revendeurs, qui ont déjà cherché.", "For resellers, who have looked already.")
	partners.Languages = []string{"fr", "en", "nl"}
	partners.Targets = targets([3]int{60, 120, 0}, [3]int{120, 240, 0}, [3]int{240, 480, 0})
	partners.Terms = pricing.Terms{Model: pricing.Included, Monthly: "2.00"}
	o.Types = []desk.SupportType{essential("Standard", "Standard"), partners}
	return o
}
