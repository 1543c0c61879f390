package page

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func vigie(t *testing.T, given ...desk.Customer) desk.Subcontractor {
	t.Helper()
	s := desk.SubcontractorSettings{Name: "Vigie Nuit", Tenant: "3b0c52a8-7f41-4d6e-9a90-5c2de81f7b66", Services: []string{"Microsoft Teams", "Licensing and billing"},
		Zone: "Europe/Paris", Week: map[string]string{"mon": "18:00-24:00"}}
	for _, c := range given {
		s.Customers = append(s.Customers, c.ID)
	}
	s.AllCustomers = len(given) == 0
	c, err := desk.NewSubcontractor(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSubcontractorsAreListedWithWhatIsGiven(t *testing.T) {
	t.Parallel()
	some, all := vigie(t, lumen(t)), vigie(t)
	all.AllServices, all.Always, all.Tenant = true, true, ""
	doc := drawn(t, i18n.French, Subcontractors(as(t, desk.Admin), []desk.Subcontractor{some, all}))
	for row, words := range map[int][]string{0: {"1 client", "Microsoft Teams", "Abonnements et factures", "1 jour par semaine", "Actif"}, 1: {"Tous", "À toute heure", "Par lien envoyé seulement"}} {
		text := doc.Find("tbody tr").Eq(row).Text()
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("row %d lacks %q: %s", row, word, text)
			}
		}
	}
	if doc.Find(`tbody a[href="/alpine/settings/subcontractors/`+some.ID.String()+`"]`).Length() != 1 {
		t.Error("the company's page is not linked")
	}
	if doc.Find(`.rail a[aria-current][href="/alpine/settings/subcontractors"]`).Length() != 0 || doc.Find(`.rail a[href="/alpine/settings/subcontractors"]`).Length() != 1 {
		t.Error("the rail does not lead there")
	}
	if drawn(t, i18n.English, Subcontractors(as(t, desk.Admin), nil)).Find(".empty a").Length() != 1 {
		t.Error("an empty list leads nowhere")
	}
}

func TestSubcontractorFormComesBackAsTyped(t *testing.T) {
	t.Parallel()
	given, other := lumen(t), lumen(t)
	form := SubcontractorFormOf(vigie(t, given))
	form.Grantable, form.Week["mon"], form.Always = []desk.Customer{given, other}, "8-12", true
	form.Problems = desk.Problems{{Field: "mon", Key: "error.hours.block"}, {Field: "customers", Key: "error.choose"}, {Field: "services", Key: "error.choose"}}
	doc := drawn(t, i18n.French, NewSubcontractor(as(t, desk.Admin), form))
	for _, link := range doc.Find("[role=alert] li a").EachIter() {
		if href := link.AttrOr("href", ""); doc.Find(href).Length() != 1 {
			t.Errorf("%s leads to %d fields", href, doc.Find(href).Length())
		}
	}
	if got := doc.Find("#mon[aria-invalid=true]").AttrOr("value", ""); got != "8-12" {
		t.Errorf("monday %q", got)
	}
	if doc.Find("input[name=customers]").Length() != 2 || doc.Find(`input[name=customers][checked][value="`+given.ID.String()+`"]`).Length() != 1 {
		t.Error("the customers' ticks are not as they were")
	}
	if n := doc.Find("input[name=services]").Length(); n != len(desk.Services()) {
		t.Errorf("%d services", n)
	}
	if doc.Find("input[name=services][checked]").Length() != 2 || doc.Find("#always[checked]").Length() != 1 || doc.Find("#all_customers[checked]").Length() != 0 {
		t.Error("ticks are not as they were")
	}
}

func TestPersonOfTheDeskHasAnEmployer(t *testing.T) {
	t.Parallel()
	f, c := as(t, desk.Admin), vigie(t)
	closed := vigie(t)
	closed.Active = false
	form := PersonForm{PersonSettings: desk.PersonSettings{Role: desk.Agent, SubcontractorID: c.ID}, Employers: []desk.Subcontractor{c, closed}}
	doc := drawn(t, i18n.French, NewPerson(f, form))
	if got := doc.Find("select[name=subcontractor] option").Length(); got != 2 {
		t.Errorf("%d employers, want the desk and the one that is active", got)
	}
	if got := doc.Find("select[name=subcontractor] option[selected]").Text(); got != "Vigie Nuit" {
		t.Errorf("employed by %q", got)
	}
	k := lumen(t)
	form.Customer, form.CustomerID = k, k.ID
	if drawn(t, i18n.French, NewPerson(f, form)).Find("select[name=subcontractor]").Length() != 0 {
		t.Error("a customer's person is asked for his employer")
	}
}

func TestTeamTellsWhoIsLent(t *testing.T) {
	t.Parallel()
	c := vigie(t)
	own := desk.Person{ID: desk.NewID(), Name: "Inès Caron", Role: desk.Agent, Active: true}
	lent := desk.Person{ID: desk.NewID(), Name: "Noé Marchetti", Role: desk.Agent, Active: true, SubcontractorID: c.ID}
	doc := drawn(t, i18n.French, People(as(t, desk.Admin), []desk.Person{own, lent}, CompaniesOf([]desk.Subcontractor{c})))
	if got := strings.TrimSpace(doc.Find("tbody th .badge").Text()); got != "Vigie Nuit" {
		t.Errorf("badges %q", got)
	}
}

// A subcontractor's agent has the queue, what is known to be wrong and what was
// handed on, and no door beside them.
func TestLentAgentHasTheQueueIssuesAndEscalations(t *testing.T) {
	t.Parallel()
	f, c := as(t, desk.Agent), vigie(t)
	f.Who.Person.SubcontractorID, f.Who.Subcontractor = c.ID, &c
	doc := drawn(t, i18n.French, Failure(f, "not_found"))
	if doc.Find("header nav a").Length() != 3 || doc.Find("a[href*='/settings']").Length() != 0 {
		t.Error("he is led where he may not go")
	}
}

func TestOutOfHoursSaysWhen(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Agent)
	until := time.Date(2026, 11, 12, 17, 0, 0, 0, time.UTC)
	for lang, words := range map[i18n.Lang]string{i18n.French: "jeudi 12 novembre 2026", i18n.English: "Thursday 12 November 2026"} {
		doc := drawn(t, lang, OutOfHours(f, until))
		if !strings.Contains(doc.Find("main .lead").Text(), words) || doc.Find(`main form[action="/alpine/sign-out"] button`).Length() != 1 {
			t.Errorf("%s: %s", lang, doc.Find("main").Text())
		}
	}
	if text := drawn(t, i18n.French, OutOfHours(f, time.Time{})).Find("main .lead").Text(); !strings.Contains(text, "aucune heure") {
		t.Errorf("never: %s", text)
	}
}
