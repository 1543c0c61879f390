package page

import (
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// sampleIncident was proposed by detection, and holds tickets of two places.
func sampleIncident(t *testing.T) Incident {
	t.Helper()
	r := desk.ProposedIncident(desk.Sighting{Title: "Teams en panne", Kind: desk.Regional, Service: "Microsoft Teams", Region: "Lyon", Since: *at(-40 * 60e9),
		Evidence: desk.IncidentEvidence{Customers: 4, Usual: 0.02, Chance: 3.1e-7, Window: 60, FalseRate: 0.1}}, noon)
	r.Number = 12
	s := desk.IncidentStory{IncidentRecord: r, TicketsAll: 3}
	for i, place := range []string{"Lyon", "Lyon", ""} {
		c := desk.NewID()
		s.Tickets = append(s.Tickets, desk.IncidentTicket{Number: int64(10490 + i), Subject: "Appel coupé <b>", CustomerID: c, CustomerName: "Client " + place, Region: place, State: desk.New, By: desk.JoinedByRules,
			CreatedAt: noon.Add(-1e9 * 60 * 30)})
		s.Customers = append(s.Customers, desk.TouchedCustomer{ID: c, Tenant: c.String(), InitialDomain: "x.onmicrosoft.com"})
	}
	return Incident{Story: s}
}

func TestIncidentSaysWhyItWasProposed(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang][]string{
		i18n.French:  {"4 clients s’étaient plaints en 1\u202fh", "presque jamais", "une fois sur 3\u202f000\u202f000", "une fois en 10 ans"},
		i18n.English: {"4 customers had complained within 1\u00a0h", "hardly ever", "one time in 3,000,000", "once in 10 years"},
	} {
		doc := drawn(t, lang, IncidentPage(as(t, desk.Agent), sampleIncident(t)))
		why := doc.Find("section[aria-labelledby=why]").Text()
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(why, "\u202fh", "\u202fh"), w) && !strings.Contains(strings.ReplaceAll(why, "\u00a0", "\u202f"), strings.ReplaceAll(w, "\u00a0", "\u202f")) {
				t.Errorf("%s: %q lacks %q", lang, why, w)
			}
		}
		if doc.Find("figure.chart svg[role=img]").Length() != 2 || doc.Find("figure.chart table").Length() != 2 {
			t.Errorf("%s: charts without their tables", lang)
		}
		if doc.Find(`form[action$="/request"]`).Length() != 0 {
			t.Errorf("%s: a proposal asks for a request at Microsoft", lang)
		}
		if n := doc.Find(`[data-kind=main]`).Length(); n != 1 {
			t.Errorf("%s: %d main buttons", lang, n)
		}
	}
}

func TestIncidentPagesStandWithNothing(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.French, i18n.English} {
		empty := drawn(t, lang, IncidentsPage(as(t, desk.Agent), Incidents{}))
		if empty.Find(".empty").Length() != 1 || empty.Find("table").Length() != 0 {
			t.Errorf("%s: an empty list", lang)
		}
		for _, state := range []desk.IncidentState{desk.IncidentOpen, desk.IncidentMitigated, desk.IncidentClosed, desk.IncidentDismissed, desk.IncidentMerged} {
			i := sampleIncident(t)
			i.Story.State, i.Story.Tickets, i.Story.TicketsAll, i.Story.Customers = state, nil, 0, nil
			doc := drawn(t, lang, IncidentPage(as(t, desk.Lead), i))
			if open := doc.Find(`form[action$="/tickets"]`).Length() == 1; open == state.Over() {
				t.Errorf("%s: %s takes tickets: %v", lang, state, open)
			}
		}
	}
}

func TestUsualFiguresAreSaidPlainly(t *testing.T) {
	t.Parallel()
	p := i18n.New(i18n.English, noon.Location(), noon)
	for usual, want := range map[float64]string{0.001: "there is hardly ever any", 0.25: "there is usually one, one time in 4", 1.2: "there is usually 1", 6.6: "there are usually 7"} {
		if got := usualWords(p, usual); got != want {
			t.Errorf("%v: %q", usual, got)
		}
	}
	for chance, want := range map[float64]string{0.0004: "one time in 2,000", 1e-12: "one time in more than 1,000,000,000", 0.3: "one time in 3"} {
		if got := oneIn(p, chance); got != want {
			t.Errorf("%v: %q", chance, got)
		}
	}
}
