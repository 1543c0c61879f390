package dossier

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

const (
	id1 = "2f1b3c4d-1111-2222-3333-444455556666"
	id2 = "aabbccdd-0000-4444-8888-123456789012"
)

func TestReadFindsIDs(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want Traces
	}{
		"Entra's page": {
			"AADSTS50105: Your administrator has configured the application\nTrace ID: " + id1 + "\nCorrelation ID: " + id2 + "\nTimestamp: 2026-11-26 08:14:22Z",
			Traces{Codes: []string{"AADSTS50105"}, Traces: []string{id1}, Correlations: []string{id2},
				Errors: []string{"AADSTS50105: Your administrator has configured the application"},
				Times:  []Moment{{At: time.Date(2026, 11, 26, 8, 14, 22, 0, time.UTC), Text: "2026-11-26 08:14:22Z", Label: true}}},
		},
		"Entra's page in French": {
			"ID de la demande\u202f: " + id1 + "\nID de corrélation : " + id2 + "\nHorodatage : 2026-11-26T08:14:22Z",
			Traces{Requests: []string{id1}, Correlations: []string{id2},
				Times: []Moment{{At: time.Date(2026, 11, 26, 8, 14, 22, 0, time.UTC), Text: "2026-11-26T08:14:22Z", Label: true}}},
		},
		"headers of Graph": {
			"HTTP/1.1 503 Service Unavailable\nrequest-id: " + id1 + "\nclient-request-id: " + id2 + "\nDate: Thu, 26 Nov 2026 08:14:22 GMT\nMS-CV: bFzC1wBkWk2u0pQ1.0",
			Traces{Statuses: []string{"503"}, Requests: []string{id1}, ClientRequests: []string{id2}, Vectors: []string{"bFzC1wBkWk2u0pQ1.0"},
				Times: []Moment{{At: time.Date(2026, 11, 26, 8, 14, 22, 0, time.UTC), Text: "26 Nov 2026 08:14:22 GMT", Label: true}}},
		},
		"Partner Center":      {"MS-RequestId=" + id1 + " MS-CorrelationId: " + id2, Traces{Requests: []string{id1}, Correlations: []string{id2}}},
		"JSON":                {`{"x-ms-client-request-id":"` + id1 + `","ms-dyn-aid":"dyn-42"}`, Traces{ClientRequests: []string{id1}, DynAIDs: []string{"dyn-42"}}},
		"non-delivery report": {"Remote Server returned '550 5.7.705 Access denied'", Traces{NDRs: []string{"5.7.705"}, Bounces: []string{"Remote Server returned '550 5.7.705 Access denied'"}, Errors: []string{"Remote Server returned '550 5.7.705 Access denied'"}}},
		"a message": {
			"Network Message ID: " + id1 + "\nDe : sam@lumen.example\nÀ : max@autre.example",
			Traces{Messages: []string{id1}, Senders: []string{"sam@lumen.example"}, Recipients: []string{"max@autre.example"}, People: []string{"sam@lumen.example", "max@autre.example"}},
		},
		"Azure": {
			"/subscriptions/" + id1 + "/resourceGroups/rg-1/providers/Microsoft.Compute/virtualMachines/vm1.",
			Traces{Subscriptions: []string{id1}, Resources: []string{"/subscriptions/" + id1 + "/resourceGroups/rg-1/providers/Microsoft.Compute/virtualMachines/vm1"}},
		},
		"SharePoint":       {"voir https://lumen.sharepoint.com/sites/ventes, merci", Traces{Sites: []string{"https://lumen.sharepoint.com/sites/ventes"}}},
		"Teams":            {"ID de réunion : 312 456 789 01\nCall ID " + id1, Traces{Meetings: []string{"312 456 789 01"}, Calls: []string{id1}}},
		"issues":           {"EX226792, MO1221364, KB5034441, N° de suivi : KTTK-TZ8", Traces{Issues: []string{"EX226792", "MO1221364", "KTTK-TZ8"}}},
		"a guest":          {"sam_autre.example#EXT#@lumen.onmicrosoft.com", Traces{People: []string{"sam_autre.example#EXT#@lumen.onmicrosoft.com"}}},
		"how many":         {"environ 40 utilisateurs sur 120", Traces{Counts: []string{"40"}}},
		"steps":            {"Bonjour\nÉtapes :\n1. ouvrir\n2. cliquer\n\nMerci", Traces{Steps: []string{"1. ouvrir\n2. cliquer"}}},
		"no steps":         {"Reproduit chez nous, avec deux comptes.\nÉtapes suivies sans succès.", Traces{}},
		"steps in a line":  {"**Repro steps**: ouvrir, cliquer", Traces{Steps: []string{"ouvrir, cliquer"}}},
		"numbered steps":   {"Voilà :\n1. ouvrir\n2. cliquer\nEt rien", Traces{Steps: []string{"1. ouvrir\n2. cliquer"}}},
		"quoted error":     {"Outlook affiche « Impossible d’ouvrir la session »", Traces{Errors: []string{"Impossible d’ouvrir la session"}}},
		"Power Platform":   {"https://admin.powerplatform.microsoft.com/environments/" + id1 + "/hub et https://lumen.crm4.dynamics.com/main.aspx", Traces{EnvironmentIDs: []string{id1}, Environments: []string{"https://lumen.crm4.dynamics.com"}}},
		"a version number": {"depuis la 5.1.2600 du logiciel", Traces{}},
		"nothing":          {"Bonjour, rien ne va plus depuis ce matin.", Traces{}},
	}
	for name, c := range cases {
		if got := Read(c.text, paris(t), noon); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestTimesAreReadInTheirZone(t *testing.T) {
	t.Parallel()
	const unsure = "unsure"
	cases := map[string]struct{ text, language, want string }{
		"ISO with an offset":      {"2026-11-26T09:14:22+01:00", "", "2026-11-26 08:14:22"},
		"ISO without":             {"2026-11-26 09:14", "", "2026-11-26 08:14:00"},
		"French":                  {"le 26/11/2026 à 9 h 14", "fr", "2026-11-26 08:14:00"},
		"French in a round hour":  {"26/11/2026 à 9h", "fr", "2026-11-26 08:00:00"},
		"French before the 12th":  {"le 05/11/2026 à 9 h 14", "", "2026-11-05 08:14:00"},
		"French with a colon":     {"le 05/11/2026 à 09:14", "fr", "2026-11-05 08:14:00"},
		"French in letters":       {"26 novembre 2026 à 9 h 14", "fr", "2026-11-26 08:14:00"},
		"French without a year":   {"mardi 24 novembre à 14h05", "fr", "2026-11-24 13:05:00"},
		"the first":               {"le 1er août 2026 à 9 h 14", "fr", "2026-08-01 07:14:00"},
		"American":                {"11/26/2026 9:14 AM", "en", "2026-11-26 08:14:00"},
		"American afternoon":      {"11/26/2026, 12:14:05 PM", "en", "2026-11-26 11:14:05"},
		"British":                 {"26/11/2026 09:14", "en", "2026-11-26 08:14:00"},
		"either way":              {"05/11/2026 9:14 AM", "en", unsure},
		"one is to come":          {"12/11/2026 9:14", "en", "2026-11-12 08:14:00"},
		"American one is to come": {"11/12/2026 9:14", "en", "2026-11-12 08:14:00"},
		"the same either way":     {"11/11/2026 9:14", "en", "2026-11-11 08:14:00"},
		"German":                  {"05.11.2026 09:14 CET", "de", "2026-11-05 08:14:00"},
		"with its zone":           {"26/11/2026 09:14 UTC", "fr", "2026-11-26 09:14:00"},
		"UTC+2":                   {"26/11/2026 09:14 (UTC+2)", "fr", "2026-11-26 07:14:00"},
		"somebody else's zone":    {"11/26/2026 9:14 AM PST", "en", unsure},
		"hour that is twice":      {"25/10/2026 02:30", "fr", unsure},
		"hour that is not":        {"29/03/2026 02:30", "fr", unsure},
		"yesterday":               {"hier à 9 h 14", "fr", "2026-11-25 08:14:00"},
		"this morning":            {"this morning at 9:14", "en", "2026-11-26 08:14:00"},
		"no such day":             {"31/02/2026 09:14", "fr", ""},
		"no such hour":            {"26/11/2026 29:14", "fr", ""},
		"a day alone":             {"le 26/11/2026", "fr", ""},
		"English in letters":      {"November 26, 2026 at 9:14 AM", "en", "2026-11-26 08:14:00"},
	}
	for name, c := range cases {
		got := ""
		if times := read(c.text, paris(t), noon, c.language).Times; len(times) > 0 {
			got = times[0].At.Format(time.DateTime)
			if times[0].Ambiguous {
				got = unsure
			}
		}
		if got != c.want {
			t.Errorf("%s: %q is %q, want %q", name, c.text, got, c.want)
		}
	}
	if times := Read("26/11/2026 à 9 h 14", nil, noon).Times; len(times) != 1 || !times[0].Ambiguous || times[0].Text != "26/11/2026 à 9 h 14" {
		t.Errorf("without a zone: %+v", times)
	}
	if times := Read("depuis le 26/11/2026 à 9 h 14", paris(t), noon).Times; len(times) != 1 || !times[0].Since {
		t.Errorf("since: %+v", times)
	}
}

// A time that is written for people is read back as the moment it was, or as not sure.
func TestWrittenTimesAreReadBack(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{paris(t), time.UTC, time.FixedZone("far", 12*3600+45*60)}
	layouts := map[string]string{
		"02/01/2006 à 15 h 04": "fr", "2/1/2006 15:04": "fr", "2006-01-02T15:04": "", "2006-01-02 15:04:05Z07:00": "", "2 January 2006 15:04": "en", "January 2, 2006 at 3:04 PM": "en",
		"02.01.2006 15:04": "de", "01/02/2006 3:04 PM": "en", "02/01/2006 15:04": "en", "02/01/06 15h04": "fr",
	}
	rapid.Check(t, func(r *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(r, "zone")
		at := noon.Add(-time.Duration(rapid.Int64Range(0, 300*24*3600).Draw(r, "ago")) * time.Second).Truncate(time.Minute).In(zone)
		layout := rapid.SampledFrom(sorted(layouts)).Draw(r, "layout")
		text := "Bonjour, à " + at.Format(layout) + " merci"
		times := read(text, zone, noon, layouts[layout]).Times
		if len(times) != 1 || !times[0].Ambiguous && !times[0].At.Equal(at) {
			r.Fatalf("%q: %+v, want %s", text, times, at.UTC())
		}
		if layouts[layout] != "en" && times[0].Ambiguous && once(at, at.Hour(), at.Minute()) {
			r.Fatalf("%q: not sure", text)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("AADSTS50105 Trace ID: "+id1+" 05/11/2026 9:14 AM", "en")
	f.Add("hier à 9 h 14\n1. a\n2. b\n550 5.7.705", "fr")
	f.Fuzz(func(t *testing.T, text, language string) {
		for _, m := range read(text, time.UTC, noon, language).Times {
			if m.Ambiguous != m.At.IsZero() && m.At.Year() != 1 {
				t.Errorf("%+v", m)
			}
		}
	})
}
