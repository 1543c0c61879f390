package server_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// publish stores an offer as the desk's next version, past the portal, which
// sees it after a few seconds: tests give it to a desk before its first visitor.
func (d *door) publish(t *testing.T, slug string, o desk.Offer) {
	t.Helper()
	content, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	d.stage(t, `insert into offers (desk_id, version, content, note, created_at)
		select d.id, 1 + coalesce((select max(version) from offers o where o.desk_id = d.id), 0), $2, '', now() from desks d where d.slug = $1`, slug, string(content))
}

// everyDeskPublishes gives each desk an offer, so that there is a version 1.
func (d *door) everyDeskPublishes(t *testing.T) {
	t.Helper()
	for _, slug := range list[string](t, d, `select slug from desks`) {
		d.publish(t, slug, pricedOffer())
	}
}

// pricedOffer has two types, the second given day and night at a price.
func pricedOffer() desk.Offer {
	o := desk.FirstOffer(desk.Desk{Zone: "Europe/Paris"}).Content
	o.Calendars = append(o.Calendars, desk.OfferCalendar{Key: "always", Name: desk.Text{"fr": "Toujours"}, Spec: hours.Spec{Zone: "Europe/Paris", Weekly: everyDay("00:00-24:00")}})
	o.Tax = desk.Text{"fr": "Prix hors taxes"}
	critical := o.Types[0]
	critical.Key, critical.Name, critical.Calendar = "critical", desk.Text{"fr": "Critique", "en": "Critical"}, "always"
	critical.Terms = pricing.Terms{Model: pricing.Hour, Hour: "95.00", Step: 15, Factors: pricing.Factors{Weekend: 150}}
	critical.Givers = []desk.Giver{{Kind: desk.GivenOutsource, Company: "Vigie Services"}}
	o.Types = append(o.Types, critical)
	o.Baseline = []desk.Boundary{{Ask: desk.Text{"fr": "Une licence de plus"}, Who: "desk"}}
	return o
}

func everyDay(blocks ...string) map[string][]string {
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[day] = blocks
	}
	return week
}

func (d *door) getWith(t *testing.T, c *http.Client, path string, headers ...string) answer {
	t.Helper()
	r := d.request(t, http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return d.do(t, c, r)
}
