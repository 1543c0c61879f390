package dossier

import (
	"testing"
	"time"
)

// What the customer answers by number fills the fields that were asked, as each wants it.
func TestNumberedAnswersFillWhatWasAsked(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	fields := []string{"started_at", "steps", "affected_count", "upn", "diagnostics_consent", "app_version"}
	const questions = "Bonjour,\n\n1. Quand ?\n2. Comment ?\n3. Combien ?\n4. Quel compte ?\n5. Accord ?\n6. Quelle version ?\n\nMerci"
	for name, c := range map[string]struct {
		questions, answer string
		want              map[string]string // the rest is missing
	}{
		"all": {questions, "Bonjour,\n1. le 25/11/2026 à 18 h 30\n2) on ouvre la page\npuis on enregistre\n3 - toute l’équipe, 14 personnes\n4. lea@lumen.example, ou Max\n5. Oui, bien sûr.\n6: 2410\n\nMerci !",
			map[string]string{"started_at": "2026-11-25 17:30:00 UTC", "steps": "on ouvre la page\npuis on enregistre", "affected_count": "toute l’équipe, 14 personnes",
				"upn": "lea@lumen.example", "diagnostics_consent": "Yes", "app_version": "2410"}},
		"some":                  {questions, "5. non\n6. je ne sais pas", map[string]string{"diagnostics_consent": "No"}},
		"no steps":              {questions, "1. hier soir peut-être\n3. 2", map[string]string{"affected_count": "2"}},
		"in sentences":          {questions, "Depuis lundi, sur tous les postes.", nil},
		"nothing that fits":     {questions, "4. le mien\n5. peut-être\n1. demain", nil},
		"other questions":       {"Une seule :\n1. Quelle version ?", "1. 2410", nil},
		"a time is no number":   {questions, "08:15 et 09:40\n24.11.2026", nil},
		"numbers that are none": {questions, "0. rien\n7. 12\n99) 13", nil},
	} {
		in := Input{Now: asked.Add(3 * time.Hour), Form: "m365_admin", Workload: "apps", Zone: paris(t),
			Ticket: Ticket{Kind: "problem", Affected: "some_users", Impact: "slowed", Language: "fr", CreatedAt: asked.Add(-time.Hour), Body: "Rien ne va."},
			Said:   []Said{{asked, "desk", c.questions}, {asked.Add(time.Hour), "customer", c.answer}}, Asked: []Asked{{asked, fields}},
			Customer: Customer{Domains: []string{"lumen.example"}}}
		d := Build(in)
		for _, key := range fields {
			f := value(t, d, key)
			if f.Value != c.want[key] {
				t.Errorf("%s: %s is %q, want %q", name, key, f.Value, c.want[key])
			}
			if f.Value != "" && (f.From != "text" || f.At != 2) {
				t.Errorf("%s: %s comes from %s %d", name, key, f.From, f.At)
			}
		}
	}
}

// Asked twice, the last answer counts, each held against the questions before it.
func TestTheLastAnswerCounts(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return time.Date(2026, 11, 26, h, 0, 0, 0, time.UTC) }
	d := Build(Input{Now: at(20), Form: "m365_admin", Workload: "apps", Ticket: Ticket{Kind: "problem", Body: "x"},
		Said: []Said{{at(1), "desk", "1. Version ?\n2. Système ?"}, {at(2), "customer", "1. 2409\n2. Windows 10"}, {at(3), "customer", "2. Windows 11"},
			{at(4), "desk", "1. Système ?"}, {at(5), "customer", "1. Windows 11 24H2"}},
		Asked: []Asked{{at(1), []string{"app_version", "os_version"}}, {at(4), []string{"os_version"}}}})
	if v, os := value(t, d, "app_version").Value, value(t, d, "os_version").Value; v != "2409" || os != "Windows 11 24H2" {
		t.Errorf("version %q, system %q", v, os)
	}
	d = Build(Input{Now: at(20), Form: "m365_admin", Workload: "apps", Ticket: Ticket{Kind: "problem", Body: "x"},
		Said:  []Said{{at(1), "desk", "1. Mot de passe ?"}, {at(2), "customer", "1. mot de passe : soleil"}},
		Asked: []Asked{{at(1), []string{"app_version"}}}})
	if v := value(t, d, "app_version").Value; v != "mot de passe : [masked: password]" {
		t.Errorf("a secret that was answered: %q", v)
	}
}
