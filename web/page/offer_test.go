package page

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// bookOf is the offer that a desk begins with.
func bookOf(t *testing.T) desk.OfferBook {
	t.Helper()
	v := desk.FirstOffer(deskOf(t))
	return desk.OfferBook{Published: v, Versions: []desk.OfferVersion{v}, InUse: map[string]int{"standard": 2}, Language: "fr"}
}

// sentBy is what a browser sends of the form that posts to an address.
func sentBy(t *testing.T, doc *goquery.Document, action string) url.Values {
	t.Helper()
	form := doc.Find(`form[action="` + action + `"]`)
	if form.Length() != 1 {
		t.Fatalf("%d forms post to %s", form.Length(), action)
	}
	v := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		_, ticked := s.Attr("checked")
		switch {
		case goquery.NodeName(s) == "textarea":
			v.Add(name, s.Text())
		case goquery.NodeName(s) == "select":
			chosen := s.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = s.Find("option").First()
			}
			v.Add(name, chosen.AttrOr("value", ""))
		case (kind == "checkbox" || kind == "radio") && !ticked:
		default:
			v.Add(name, s.AttrOr("value", ""))
		}
	})
	return v
}

func TestTimesComeBackAsTheyAreShown(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		p := i18n.New(lang, time.UTC, noon)
		rapid.Check(t, func(t *rapid.T) {
			minutes := rapid.IntRange(1, desk.MaxTarget).Draw(t, "minutes")
			if got, ok := desk.ParseMinutes(span(p, minutes)); !ok || got != minutes {
				t.Fatalf("%d is shown as %q and read as %d", minutes, span(p, minutes), got)
			}
		})
	}
}

func TestATypeSurvivesItsForm(t *testing.T) {
	t.Parallel()
	b := bookOf(t)
	o := b.Published.Content
	o.Calendars = append(o.Calendars, desk.OfferCalendar{Key: "night", Name: desk.Text{"fr": "Nuit"}, Spec: desk.OfficeHours("Europe/Paris")})
	full := o.Types[0]
	full.Name, full.Summary = desk.Text{"fr": "Plein", "en": "Full"}, desk.Text{"fr": "Tout", "en": "All"}
	full.Services, full.Kinds, full.Languages = []string{"m365", "Azure SQL Database"}, []string{"problem"}, []string{"fr", "de"}
	full.Givers = []desk.Giver{{Kind: "resold", Company: "Revente"}, {Kind: "outsourced", Company: "Vigie", Calendar: "night", Services: []string{"azure"}}}
	full.Contacts = []desk.ContactMethod{{Method: "portal"}, {Method: "phone", Value: "+33 4 78 00 00 00", Calendar: "night"}, {Method: "chat", Value: "https://chat.example"}}
	full.Targets = map[desk.Impact]desk.Targets{desk.Stopped: {FirstReply: 90, NextReply: 150, Resolution: 1440 + 5}}
	full.Terms.Model, full.Terms.Hour, full.Terms.Overage, full.Terms.Monthly, full.Terms.Step, full.Terms.Minimum = "block", "90.00", "110.00", "4.50", 15, 30
	full.Terms.Factors.OffHours, full.Terms.Factors.Holiday = 150, 200
	o.PutType(full)
	b.Published.Content = o
	for _, lang := range i18n.Langs() {
		f := TypeFormOf(i18n.New(lang, time.UTC, noon), b, full)
		v := sentBy(t, drawn(t, lang, EditType(as(t, desk.Admin), f)), "/alpine/settings/offer/types/standard")
		read := ReadTypeForm(v, b, "standard")
		again, err := o.NewType("standard", read.Settings, "fr")
		other := o
		other.PutType(again)
		if list := desk.CompareOffers(o, other); err != nil || len(list) > 0 {
			t.Errorf("%s: %+v (%v)", lang, list, err)
		}
		if was := read.Was; was.Key != "standard" || was.Targets[desk.Stopped] != full.Targets[desk.Stopped] {
			t.Errorf("what was read became %+v", was)
		}
	}
}

func TestTheRestOfAnOfferSurvivesItsForms(t *testing.T) {
	t.Parallel()
	b, f := bookOf(t), as(t, desk.Admin)
	b.Published.Content.Calendars[0].Spec.Open = map[string][]string{"2026-12-26": {"10:00-12:00", "14:00-15:00"}}
	b.Published.Content.Calendars[0].Spec.Closed = []string{"2026-12-24", "2026-12-31"}
	o := b.Offer()
	p := i18n.New(i18n.French, time.UTC, noon)
	v := sentBy(t, drawn(t, i18n.French, OfferPage(f, OfferOf(p, b))), "/alpine/settings/offer")
	general, err := o.WithGeneral(OfferOf(p, b).Read(v).General)
	if list := desk.CompareOffers(o, general); err != nil || len(list) > 0 {
		t.Errorf("%+v (%v)", list, err)
	}
	c := o.Calendars[0]
	v = sentBy(t, drawn(t, i18n.French, EditHours(f, HoursFormOf(b, c, "Europe/Paris"))), "/alpine/settings/hours/office")
	read, err := o.NewHours("office", ReadHoursForm(v, b, "office").Settings, "fr")
	other := o
	other.PutHours(read)
	if list := desk.CompareOffers(o, other); err != nil || len(list) > 0 {
		t.Errorf("%+v (%v)", list, err)
	}
}

func TestAnOfferSaysWhatChanged(t *testing.T) {
	t.Parallel()
	b := bookOf(t)
	d := b.Begin()
	changed := d.Content.Types[0]
	changed.Targets = map[desk.Impact]desk.Targets{desk.Stopped: {FirstReply: 30, NextReply: 60}, desk.Slowed: {FirstReply: 120, NextReply: 120}}
	changed.Terms.Monthly, changed.Kinds = "3.00", []string{"problem", "question"}
	d.Content.PutType(changed)
	d.Content.PutType(desk.SupportType{Key: "gold", Name: desk.Text{"fr": "Or", "en": "Gold"}})
	d.Author, d.UpdatedAt = "Paul Mercier", noon
	b.Draft = &d
	p := i18n.New(i18n.English, time.UTC, noon)
	got := OfferOf(p, b).sentences(p, "")
	for _, want := range []string{"Standard, first reply (Work stopped): from 1 h to 30 min.", "Standard, Price per month and user: €3, nothing before.",
		"Standard, kinds of request: from all to Problem, Question.", "New type: Gold."} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.ReplaceAll(loose(s), "\u00a0", " ") == want }) {
			t.Errorf("it does not say %q: %q", want, got)
		}
	}
	doc := drawn(t, i18n.French, OfferPage(as(t, desk.Admin), OfferOf(i18n.New(i18n.French, time.UTC, noon), b)))
	if doc.Find(`#t-standard[data-change=edited] del`).Length() == 0 || doc.Find(`#t-gold[data-change=added]`).Length() != 1 {
		t.Error("the cards do not tell what changed")
	}
	if doc.Find(`form[action$="/types/standard/place"] button[value=up][disabled]`).Length() != 1 {
		t.Error("the first type moves up")
	}
}

func TestAnyFormOfAnOfferCanBeReadAndShown(t *testing.T) {
	t.Parallel()
	b, f := bookOf(t), as(t, desk.Admin)
	names := []string{"at", "was", "name_fr", "calendar", "services", "kinds", "languages", "giver_0_kind", "giver_0_company", "giver_0_services", "giver_8_kind", "contact_phone", "contact_phone_value",
		"contact_chat", "target_stopped_first_reply", "model", "hour", "step", "minimum", "factor_weekend", "mon", "mon_preset", "zone", "closed", "open", "holidays", "default", "rung_0_time", "rung_0_tell",
		"baseline_0_fr", "baseline_0_who", "currency", "support_type", "starts", "users"}
	rapid.Check(t, func(rt *rapid.T) {
		v := url.Values{}
		for range rapid.IntRange(0, 12).Draw(rt, "fields") {
			v.Add(rapid.SampledFrom(names).Draw(rt, "name"), rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"on", "m365", "\x00\xff", "2 h 30", "all", "{}", "desk", "2026-12-26 10:00-12:00"})).Draw(rt, "value"))
		}
		p := i18n.New(i18n.French, time.UTC, noon)
		form := ReadTypeForm(v, b, "standard")
		_, err := b.Offer().NewType("standard", form.Settings, "fr")
		form.Problems = problemsIn(err)
		drawn(t, i18n.French, EditType(f, form.Behind()))
		drawn(t, i18n.French, EditHours(f, ReadHoursForm(v, b, "office").Judge().Behind()))
		drawn(t, i18n.French, OfferPage(f, OfferOf(p, b).Read(v).Behind()))
		drawn(t, i18n.French, PricesPage(f, ReadPriceForm(v, b).Behind()))
		agreed := Agreements{Offer: b.Offer(), Today: "2026-11-10", Typed: &AgreementForm{AgreementSettings: ReadAgreement(v)}}
		drawn(t, i18n.French, Customer(f, desk.Customer{Name: "Lumen"}, nil, agreed, CustomerForm{}))
	})
}
