package page

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
)

func eur(t *testing.T, number string) pricing.Amount {
	t.Helper()
	a, err := pricing.Parse(number, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Every line that a bill can have is told in words, in both languages, with the
// figures that make its amount.
func TestEveryLineOfABillHasItsWords(t *testing.T) {
	t.Parallel()
	hour, names := eur(t, "90.00"), map[string]string{"b": "Forfait"}
	for _, c := range []struct {
		line pricing.Line
		fr   string
	}{
		{pricing.Line{What: pricing.ForTime, Kind: pricing.Working, Minutes: 45, Percent: 100, Unit: hour, Amount: eur(t, "67.50")}, "45 min en heures ouvrées à 90,00 € l’heure = 67,50 €"},
		{pricing.Line{What: pricing.ForTime, Kind: pricing.Weekend, Minutes: 70, Percent: 150, Unit: hour, Amount: eur(t, "157.50")}, "1 h 10 le week-end à 90,00 € l’heure × 150 % = 157,50 €"},
		{pricing.Line{What: pricing.ForMinimum, Minutes: 10}, "dont 10 min pour atteindre la durée minimale"},
		{pricing.Line{What: pricing.ForRounding, Minutes: 5}, "dont 5 min d’arrondi"},
		{pricing.Line{What: pricing.ForIncluded, Kind: pricing.Working, Minutes: 20}, "20 min en heures ouvrées, compris dans le support"},
		{pricing.Line{What: pricing.ForFree, Kind: pricing.Holiday, Minutes: 20}, "20 min un jour férié, offert"},
		{pricing.Line{What: pricing.ForWeighed, Kind: pricing.OffHours, Minutes: 60, Percent: 150, Drawn: 90}, "1 h hors des heures ouvrées × 150 % : 1 h 30 de temps prépayé"},
		{pricing.Line{What: pricing.ForWeighed, Kind: pricing.Working, Minutes: 60, Percent: 100, Drawn: 60}, "1 h en heures ouvrées, en temps prépayé"},
		{pricing.Line{What: pricing.ForBlock, Block: "b", Minutes: 90}, "1 h 30 sur « Forfait »"},
		{pricing.Line{What: pricing.ForOverage, Minutes: 20, Percent: 100, Unit: hour, Amount: eur(t, "30.00")}, "20 min au-delà du temps prépayé, à 90,00 € l’heure = 30,00 €"},
		{pricing.Line{What: pricing.ForIncident, Kind: pricing.Working, Percent: 100, Unit: eur(t, "45.00"), Amount: eur(t, "45.00")}, "une demande ouverte en heures ouvrées = 45,00 €"},
		{pricing.Line{What: pricing.ForMonthly, Quantity: 25, Days: 15, Of: 30, Unit: eur(t, "4.00"), Amount: eur(t, "50.00")}, "25 utilisateurs à 4,00 € par mois, 15 jours sur 30 = 50,00 €"},
		{pricing.Line{What: pricing.ForMonthly, Quantity: 1, Days: 30, Of: 30, Unit: eur(t, "4.00"), Amount: eur(t, "4.00")}, "1 utilisateur à 4,00 € par mois = 4,00 €"},
	} {
		row := desk.ChargeRow{Charge: desk.Charge{Kind: desk.ForTime, Bill: pricing.Bill{Lines: []pricing.Line{c.line}}}, BlockNames: names}
		for _, lang := range i18n.Langs() {
			ctx := i18n.With(t.Context(), i18n.New(lang, time.UTC, noon))
			got := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(sum(ctx, row))
			if lang == i18n.French && got != c.fr {
				t.Errorf("%s: %q, want %q", c.line.What, got, c.fr)
			}
			if got == "" || strings.Contains(got, "{{") || strings.Contains(got, "charges.") {
				t.Errorf("%s in %s: %q", c.line.What, lang, got)
			}
		}
	}
}

// A statement in two currencies has a total in each, groups by ticket, and a sum
// behind every amount.
func TestAStatementOpensItsSums(t *testing.T) {
	t.Parallel()
	chf, err := pricing.Parse("12.00", "CHF")
	if err != nil {
		t.Fatal(err)
	}
	bill := func(a pricing.Amount) pricing.Bill {
		b, err := pricing.Manual(a)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	last := desk.Day("2026-12-31")
	p := desk.StatementPage{Statement: desk.Statement{ID: desk.NewID(), Month: "2026-10", Seq: 3, IssuedAt: noon, Content: desk.StatementContent{Customer: "Fabrique Lumen", Tax: desk.Text{"fr": "hors taxes"},
		Totals: []desk.Total{{Number: "12.00", Currency: "CHF"}, {Number: "-5.00", Currency: "EUR"}}, Blocks: []desk.BlockState{{ID: desk.NewID(), Name: "Dix heures", Minutes: 600, Drawn: 45, Left: 555, Expires: &last}}}},
		Lines: []desk.ChargeRow{
			{Charge: desk.Charge{ID: desk.NewID(), Kind: desk.ForManual, Text: "Un avoir", Bill: bill(eur(t, "-5.00")), DoneAt: noon, Reason: "Notre erreur"}, TicketNumber: 10482, TicketSubject: "Courriels"},
			{Charge: desk.Charge{ID: desk.NewID(), Kind: desk.ForManual, Text: "Déplacement", Bill: bill(chf), DoneAt: noon}},
		}}
	doc := drawn(t, i18n.French, Statement(as(t, desk.Manager), p))
	text := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(doc.Find("main").Text())
	for _, want := range []string{"Relevé 2026-10-003", "Fabrique Lumen", "octobre 2026", "12,00 CHF", "-5,00 €", "hors taxes", "Demande 10482 · Courriels", "Hors demandes", "Motif : Notre erreur", "reste 9 h 15 sur 10 h"} {
		if !strings.Contains(text, want) {
			t.Errorf("the statement does not say %q", want)
		}
	}
	if n := doc.Find(".statement details.amount").Length(); n != 2 {
		t.Errorf("%d amounts open their sum", n)
	}
}

// The key that an agent presses leads to the form, and the page says so.
func TestTimeHasItsKey(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	k.TimeForm = FirstTime()
	doc := drawn(t, i18n.French, DeskTicketPage(as(t, desk.Agent), k))
	if doc.Find(`details#time > summary[aria-keyshortcuts="t"]`).Length() != 1 || doc.Find(`details#time form[action*="/time"] #spent`).Length() != 1 {
		t.Error("no key opens the form")
	}
	if !strings.Contains(doc.Find("#worked-hint").Text(), "Fabrique Lumen") {
		t.Error("nothing says that the customer reads the text")
	}
}
