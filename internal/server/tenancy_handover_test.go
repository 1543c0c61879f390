package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"guichet/internal/desk"
)

// Forms that carry no version are those of an old page.
func init() {
	const at = "/{desk}/settings/escalation"
	line := url.Values{"relation": {"reseller"}, "target": {"provider"}}
	maps.Copy(ways, map[string]way{
		"GET /{desk}/escalations/where":                  {who: agents, done: http.StatusOK, query: map[string]string{"customer": "customer"}},
		"GET " + at:                                      {who: admins, done: http.StatusOK},
		"POST " + at + "/approval":                       {who: admins, done: http.StatusConflict, form: url.Values{"approval": {"always"}}},
		"GET " + at + "/lines/new":                       {who: admins, done: http.StatusOK},
		"POST " + at + "/lines":                          {who: admins, done: http.StatusConflict, form: line},
		"GET " + at + "/lines/{line}":                    {who: admins, done: http.StatusOK},
		"POST " + at + "/lines/{line}":                   {who: admins, done: http.StatusConflict, form: line},
		"POST " + at + "/lines/{line}/place":             {who: admins, done: http.StatusConflict, form: url.Values{"do": {"up"}}},
		"POST " + at + "/lines/{line}/removal":           {who: admins, done: http.StatusConflict},
		"GET " + at + "/contact":                         {who: admins, done: http.StatusOK},
		"POST " + at + "/contact":                        {who: admins, done: http.StatusConflict, form: url.Values{"contact_name": {"x"}}},
		"GET " + at + "/providers/new":                   {who: admins, done: http.StatusOK},
		"POST " + at + "/providers":                      {who: admins, done: http.StatusConflict, form: url.Values{"name": {"x"}}},
		"GET " + at + "/providers/{party}":               {who: admins, done: http.StatusOK},
		"POST " + at + "/providers/{party}":              {who: admins, done: http.StatusConflict, form: url.Values{"name": {"x"}}},
		"GET " + at + "/publishers/new":                  {who: admins, done: http.StatusOK},
		"POST " + at + "/publishers":                     {who: admins, done: http.StatusConflict, form: url.Values{"name": {"x"}}},
		"GET " + at + "/publishers/{party}":              {who: admins, done: http.StatusOK},
		"POST " + at + "/publishers/{party}":             {who: admins, done: http.StatusConflict, form: url.Values{"name": {"x"}}},
		"GET " + at + "/versions/{version}":              {who: admins, done: http.StatusOK},
		"POST " + at + "/versions/{version}/restoration": {who: admins, done: http.StatusConflict},
		"GET /{desk}/settings/plans":                     {who: admins, done: http.StatusOK},
		"GET /{desk}/settings/plans/new":                 {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/plans":                    {who: admins, done: http.StatusSeeOther, form: url.Values{"name": {"Nouveau"}, "kind": {"asfp"}, "contract": {"secret"}}},
		"GET /{desk}/settings/plans/{plan}":              {who: admins, done: http.StatusOK},
		"POST /{desk}/settings/plans/{plan}":             {who: admins, done: http.StatusConflict, form: url.Values{"name": {"x"}, "kind": {"asfp"}}},
	})
}

// handovers gives each desk a provider, a publisher, a version of each and a contract.
func (d *door) handovers(t *testing.T) {
	t.Helper()
	for slug, admin := range map[string]string{"alpine": "paul@alpine.example", "brume": "nora@brume.example", "meridian": "otto@meridian.example"} {
		who := d.actor(t, slug, admin)
		for _, list := range []string{desk.HandoverProviders, desk.HandoverPublishers} {
			book, err := d.Parts.App.Handover(t.Context(), who)
			if err == nil {
				err = d.Parts.App.ChangeHandover(t.Context(), who, book.Now.Version, desk.HandoverChange{Act: list, Party: desk.HandoverProvider{Name: "Staged"}})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Parts.App.AddPartnerPlan(t.Context(), who, desk.PlanSettings{Name: "Staged", Kind: "incidents", Remaining: "5"}, "sealed words"); err != nil {
			t.Fatal(err)
		}
	}
}

// hands looks up which of that is a walker's desk's, and which is not.
func (w *walker) hands(t *testing.T, d *door, home string) {
	t.Helper()
	w.own["line"], w.own["party"] = "1", "staged"
	w.own["plan"] = look[string](t, d, `select id::text from partner_plans where desk_id::text = $1 and name = 'Staged'`, home)
	w.foreign["plan"] = list[string](t, d, `select id::text from partner_plans where desk_id::text <> $1 and name = 'Staged'`, home)
}
