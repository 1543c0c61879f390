package page

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// loose writes ordinary spaces for the narrow ones of French.
func loose(s string) string { return strings.ReplaceAll(s, "\u202f", " ") }

func TestNextStepSaysWhoActsAndByWhen(t *testing.T) {
	t.Parallel()
	soon, tomorrow, past := noon.Add(2*time.Hour), noon.Add(20*time.Hour), noon.Add(-time.Hour)
	tests := []struct {
		name            string
		step            NextStep
		french, english string
	}{
		{"new and free", NextStep{State: desk.New, Clock: desk.FirstReply, DueAt: &soon, LastSide: desk.CustomerSide},
			"Votre demande est bien arrivée ; vous n’avez rien à faire. Alpine Cloud vous répond avant 16 h 18.",
			"Your ticket has arrived; there is nothing you need to do. Alpine Cloud will answer before 16:18."},
		{"new and taken", NextStep{State: desk.New, Clock: desk.FirstReply, DueAt: &tomorrow, LastSide: desk.CustomerSide, Assignee: "Inès"},
			"Inès s’en occupe ; vous n’avez rien à faire. Inès vous répond demain avant 10 h 18.",
			"Inès has it; there is nothing you need to do. Inès will answer tomorrow before 10:18."},
		{"never open, so nothing promised", NextStep{State: desk.New, LastSide: desk.CustomerSide},
			"Votre demande est bien arrivée ; vous n’avez rien à faire. Alpine Cloud vous répond dès que possible.",
			"Your ticket has arrived; there is nothing you need to do. Alpine Cloud will answer as soon as possible."},
		{"a promise not kept", NextStep{State: desk.Open, Clock: desk.FirstReply, DueAt: &past, LastSide: desk.CustomerSide, Assignee: "Inès"},
			"Inès s’en occupe ; vous n’avez rien à faire. La réponse était promise avant 13 h 18 : nous sommes en retard. Inès vous répond dès que possible.",
			"Inès has it; there is nothing you need to do. The answer was promised before 13:18: we are late. Inès will answer as soon as possible."},
		{"the customer wrote again", NextStep{State: desk.Open, Clock: desk.NextReply, DueAt: &soon, LastSide: desk.CustomerSide, Assignee: "Inès"},
			"Nous avons bien reçu votre message. Inès vous répond avant 16 h 18.",
			"We have received your message. Inès will answer before 16:18."},
		{"the desk answered last", NextStep{State: desk.Open, LastSide: desk.DeskSide},
			"Alpine Cloud y travaille ; vous n’avez rien à faire. Alpine Cloud vous écrit dès qu’il y a du nouveau. Si quelque chose change chez vous, dites-le ci-dessous.",
			"Alpine Cloud is working on it; there is nothing you need to do. Alpine Cloud will write as soon as there is news. If something changes on your side, say so below."},
		{"the customer's turn", NextStep{State: desk.WaitingCustomer, LastSide: desk.DeskSide, Assignee: "Inès"},
			"À vous : Inès attend votre réponse. Le travail reprend dès que vous répondez ci-dessous.",
			"Your turn: Inès is waiting for your answer. Work goes on as soon as you answer below."},
		{"at Microsoft", NextStep{State: desk.WaitingMicrosoft, LastSide: desk.DeskSide, Assignee: "Inès"},
			"Microsoft examine le problème ; vous n’avez rien à faire. Inès suit le dossier et vous écrit dès que Microsoft répond.",
			"Microsoft is looking into it; there is nothing you need to do. Inès follows the case and will write as soon as Microsoft answers."},
		{"at Microsoft, asked again", NextStep{State: desk.WaitingMicrosoft, Clock: desk.NextReply, DueAt: &soon, LastSide: desk.CustomerSide, Assignee: "Inès"},
			"Microsoft examine le problème ; vous n’avez rien à faire. Inès vous répond avant 16 h 18.",
			"Microsoft is looking into it; there is nothing you need to do. Inès will answer before 16:18."},
		{"at a partner's", NextStep{State: desk.WaitingThirdParty, LastSide: desk.DeskSide, Assignee: "Inès"},
			"Un partenaire examine le problème ; vous n’avez rien à faire. Inès suit le dossier et vous écrit dès que ce partenaire répond.",
			"A partner is looking into it; there is nothing you need to do. Inès follows the case and will write as soon as that partner answers."},
		{"resolved", NextStep{State: desk.Resolved, LastSide: desk.DeskSide},
			"Pour nous, c’est réglé. Si ce n’est pas le cas, répondez ci-dessous : votre message rouvre la demande.",
			"As far as we can see, it is settled. If it is not, answer below: your message reopens the ticket."},
		{"closed", NextStep{State: desk.Closed, LastSide: desk.CustomerSide},
			"Cette demande est fermée. Un message suffit à la rouvrir.",
			"This ticket is closed. A message is enough to reopen it."},
	}
	for _, test := range tests {
		test.step.Desk = "Alpine Cloud"
		for lang, want := range map[i18n.Lang]string{i18n.French: test.french, i18n.English: test.english} {
			ctx := i18n.With(t.Context(), i18n.New(lang, deskOf(t).Location(), noon))
			if got := loose(test.step.Headline(ctx) + " " + test.step.Promise(ctx)); got != want {
				t.Errorf("%s, %s:\n got %s\nwant %s", test.name, lang, got, want)
			}
		}
	}
}

func TestProgressKnowsWhoHadAPart(t *testing.T) {
	t.Parallel()
	wentThere := []desk.Happened{{Event: desk.Event{Kind: desk.EventState, Data: map[string]string{"to": "waiting_microsoft"}}}}
	thenElsewhere := append(wentThere, desk.Happened{Event: desk.Event{Kind: desk.EventState, Data: map[string]string{"to": "waiting_third_party"}}})
	tests := []struct {
		state    desk.State
		happened []desk.Happened
		want     string // a step done is marked +, the present one *
	}{
		{desk.New, nil, "+Reçue *À l’examen Réglée"},
		{desk.WaitingCustomer, nil, "+Reçue *À l’examen Réglée"},
		{desk.WaitingMicrosoft, wentThere, "+Reçue +Examinée *Chez Microsoft Réglée"},
		{desk.Open, wentThere, "+Reçue +Chez Microsoft *À l’examen Réglée"},
		{desk.Resolved, nil, "+Reçue +Examinée +Réglée"},
		{desk.Closed, wentThere, "+Reçue +Examinée +Chez Microsoft +Réglée"},
		{desk.WaitingThirdParty, thenElsewhere, "+Reçue +Examinée *Chez un partenaire Réglée"},
		{desk.Open, thenElsewhere, "+Reçue +Chez un partenaire *À l’examen Réglée"},
	}
	ctx := i18n.With(t.Context(), i18n.New(i18n.French, deskOf(t).Location(), noon))
	for _, test := range tests {
		c := CustomerTicket{Thread: desk.Thread{Ticket: desk.Ticket{State: test.state}, Happened: test.happened}}
		var got []string
		for _, s := range c.progress(ctx) {
			mark := map[bool]string{true: "+"}[s.Done] + map[bool]string{true: "*"}[s.Current]
			got = append(got, mark+s.Text)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.state, got, test.want)
		}
	}
}
