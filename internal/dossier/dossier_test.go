package dossier

import (
	"testing"
	"time"
)

// entraCase is a sign-in failure as a French customer describes it, worked on by an agent.
func entraCase(t testing.TB) Input {
	t.Helper()
	since := time.Date(2026, 11, 26, 7, 30, 0, 0, time.UTC)
	return Input{
		Now: noon, Form: "m365_admin", Zone: paris(t),
		Ticket: Ticket{
			Number: 1042, Kind: "problem", Subject: "Connexion impossible à l’application de paie", Service: "Microsoft Entra", Region: "france",
			Affected: "some_users", Impact: "stopped", Category: "undocumented_service_issue", Language: "fr", Since: &since, CreatedAt: since.Add(20 * time.Minute),
			Body: "Bonjour,\n\nDepuis ce matin, 12 collaborateurs n’arrivent plus à ouvrir l’application de paie.\n" +
				"Microsoft affiche « Désolé, un problème est survenu lors de la connexion. »\n\n" +
				"AADSTS50105: l’administrateur a configuré l’application.\nTrace ID: " + id1 + "\nCorrelation ID: " + id2 + "\nTimestamp: 2026-11-26 08:14:22Z\n\n" +
				"Le compte est claire@lumen.example, mot de passe : Soleil2026!\n\nÉtapes :\n1. ouvrir paie.lumen.example\n2. choisir son compte\n3. l’erreur s’affiche",
		},
		Said: []Said{
			{since.Add(time.Hour), "desk", "Bonjour Sam, quel navigateur utilisez-vous ? (support@alpine.example)"},
			{since.Add(2 * time.Hour), "customer", "Edge, et Chrome aussi."},
		},
		Findings: []Finding{
			{since.Add(70 * time.Minute), "other_account", "confirmed", "même erreur avec un compte d’administration"},
			{since.Add(80 * time.Minute), "health", "info", "MO1221364 ne décrit pas ce cas"},
		},
		Issues: []Issue{{"MO1221364", "Some users may be unable to sign in", "serviceRestored"}},
		Customer: Customer{
			Name: "Fabrique Lumen", Tenant: "72f988bf-86f1-41af-91ab-2d7cd011db47", InitialDomain: "fabriquelumen.onmicrosoft.com",
			Domains: []string{"lumen.example"}, Region: "france", Country: "FR",
		},
		Contact: Contact{
			Name: "Inès Morel", Email: "support@alpine.example", Phone: "+33 4 72 00 00 00", Zone: "Europe/Paris", Language: "fr", Country: "FR",
			Extra: []string{"paul@alpine.example"}, Night: Reachable{"Paul Petit", "+33 6 12 34 56 78"},
		},
		Plan:  Plan{Kind: "csp"},
		Files: []File{{"connexion.har", "application/json", 120_000}, {"écran.png", "image/png", 80_000}},
	}
}
