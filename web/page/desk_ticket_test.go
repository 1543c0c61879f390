package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// sampleTicket is a ticket in the middle of its life: answered once, looked
// into, judged by the rules and not yet confirmed.
func sampleTicket(t *testing.T) DeskTicket {
	t.Helper()
	lea := desk.Person{ID: desk.NewID(), Name: "Léa Fontaine", Role: desk.Contact, Active: true}
	max := desk.Person{ID: desk.NewID(), Name: "Max Perrin", Role: desk.Manager, Active: true}
	ines := desk.Person{ID: desk.NewID(), Name: "Inès Caron", Role: desk.Agent, Active: true}
	hugo := desk.Person{ID: desk.NewID(), Name: "Hugo Vidal", Role: desk.Agent, Active: true}
	k := desk.Ticket{ID: desk.NewID(), Number: 10482, RequesterID: lea.ID, AssigneeID: ines.ID, Kind: "problem", Subject: "SharePoint affiche une erreur",
		Service: "SharePoint Online", Affected: "some_users", Impact: desk.Slowed, Language: "fr", State: desk.Open, Priority: 2,
		Outcome: rules.NeedsInfo, Category: rules.Unclear, Clock: desk.NextReply, DueFrom: at(-time.Hour), DueAt: at(30 * time.Minute),
		RepliedAt: at(-3 * time.Hour), CreatedAt: *at(-5 * time.Hour), LastAt: *at(-time.Hour), LastSide: desk.CustomerSide}
	k.Promises = []desk.Promise{
		{Clock: desk.FirstReply, Target: 240, Began: *at(-5 * time.Hour), Spent: 2 * time.Hour, Ended: at(-3 * time.Hour), Ending: desk.Met},
		{Clock: desk.NextReply, Target: 90, Began: *at(-time.Hour), From: at(-time.Hour), Due: at(30 * time.Minute),
			Was: []desk.Was{{Due: *at(2 * time.Hour), Until: *at(-20 * time.Minute), Because: desk.BecauseImpact}}},
		{Clock: desk.Resolution, Target: 480, Began: *at(-5 * time.Hour), Runs: []desk.Run{{From: *at(-5 * time.Hour), To: *at(-2 * time.Hour)}}, Spent: 3 * time.Hour},
		{Clock: desk.WithMicrosoft, Began: *at(-2 * time.Hour), Ended: at(-time.Hour), Ending: desk.Counted},
	}
	var explained []desk.Explained
	for _, p := range k.Promises {
		explained = append(explained, p.Explain(desk.Level{Calendar: hours.Always(), Type: desk.SupportType{Name: desk.Text{"fr": "Étendu", "en": "Extended"}}}))
	}
	said := func(by desk.Person, side desk.Side, internal bool, ago time.Duration, body string) desk.Said {
		return desk.Said{Message: desk.Message{ID: desk.NewID(), AuthorID: by.ID, Side: side, Internal: internal, Body: body, CreatedAt: *at(-ago)}, AuthorName: by.Name}
	}
	found := func(kind, result string, ago time.Duration, text string) desk.Found {
		return desk.Found{Finding: desk.Finding{ID: desk.NewID(), AuthorID: ines.ID, Kind: kind, Result: result, Text: text, CreatedAt: *at(-ago)}, AuthorName: ines.Name}
	}
	happened := func(kind desk.EventKind, who string, ago time.Duration, data map[string]string) desk.Happened {
		return desk.Happened{Event: desk.Event{ID: desk.NewID(), Kind: kind, Data: data, CreatedAt: *at(-ago)}, ActorName: who}
	}
	v := desk.Verdict{Outcome: rules.NeedsInfo, Category: rules.Unclear, Rule: "ask_scope", Ruleset: 1,
		Because: []rules.Reason{{Fact: "affected", Value: "some_users", Source: "form"}, {Fact: "said_outage", Value: "true", Quote: "plus rien", Source: "text"}}}
	decision := desk.Decision{ID: desk.NewID(), TicketID: k.ID, Outcome: v.Outcome, Category: v.Category, By: desk.ByRules, Verdict: v, CreatedAt: *at(-150 * time.Minute)}
	return DeskTicket{
		Back:     desk.QueueFilter{View: desk.ViewMine},
		Agents:   []desk.Person{hugo, ines},
		Composer: Composer{Key: desk.NewID()},
		Thread: desk.Thread{Ticket: k, Customer: desk.Customer{ID: desk.NewID(), Name: "Fabrique Lumen", Tenant: "8f2c41d7-0b6e-4f93-a1d5-3e7c9b20f684",
			InitialDomain: "lumen.onmicrosoft.com", Relationship: desk.Direct, Priority: true},
			Requester: lea, Assignee: ines, Followers: []desk.Person{max}, Decision: decision,
			Explained: explained,
			Questions: []rules.Question{{Key: "question.scope"}, {Key: "question.since"}},
			Said: []desk.Said{
				said(lea, desk.CustomerSide, false, 5*time.Hour, "La bibliothèque ne s’ouvre plus."),
				said(ines, desk.DeskSide, true, 4*time.Hour, "Reproduit avec un compte de test."),
				said(ines, desk.DeskSide, false, 3*time.Hour, "Je vois la même erreur."),
				said(lea, desk.CustomerSide, false, time.Hour, "Toujours pareil <b>ici</b>."),
			},
			Found: []desk.Found{found("reproduced", "confirmed", 155*time.Minute, "Même erreur."), found("configuration", "ruled_out", 150*time.Minute, "Droits corrects.")},
			Happened: []desk.Happened{
				happened(desk.EventDecided, "", 5*time.Hour, map[string]string{"rule": "one_device", "outcome": "PARTNER", "category": "software_client"}),
				happened(desk.EventAssigned, ines.Name, 5*time.Hour, map[string]string{"to": ines.Name}),
				happened(desk.EventPriority, ines.Name, 5*time.Hour, map[string]string{"to": "2"}),
				happened(desk.EventState, ines.Name, 299*time.Minute, map[string]string{"to": "open"}),
				happened(desk.EventDecided, "", 150*time.Minute, map[string]string{"rule": "ask_scope", "outcome": "NEEDS_INFO", "category": "unclear", "from_outcome": "PARTNER"}),
			}},
	}
}

func ticketPage(t *testing.T, lang i18n.Lang, k DeskTicket) *goquery.Document {
	t.Helper()
	return read(t, speaking(lang), DeskTicketPage(as(t, desk.Agent), k))
}

func TestTimelineIsOldestFirst(t *testing.T) {
	t.Parallel()
	var got []string
	ticketPage(t, i18n.French, sampleTicket(t)).Find(".timeline > li").Each(func(_ int, s *goquery.Selection) {
		switch {
		case s.Is(".panel"):
			got = append(got, "findings")
		case s.Is(".event"):
			got = append(got, "event")
		case s.Find("details").Length() > 0:
			got = append(got, words(s.Find("summary")))
		default:
			got = append(got, s.AttrOr("data-kind", ""))
		}
	})
	want := []string{"customer", "4 événements, de 9 h 18 à 9 h 19", "note", "desk", "findings", "event", "customer"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNotesAreMarkedAsInternal(t *testing.T) {
	t.Parallel()
	d := ticketPage(t, i18n.French, sampleTicket(t))
	note := d.Find(".entry[data-kind=note]")
	if note.Length() != 1 || words(note.Find(".label")) != "Note interne" || note.Find(".label .icon").Length() != 1 {
		t.Errorf("a note reads %q", words(note))
	}
	if d.Find(".entry:not([data-kind=note]) .label").Length() != 0 {
		t.Error("a message is marked as a note")
	}
}

func TestMessagesAreTextOnly(t *testing.T) {
	t.Parallel()
	d := ticketPage(t, i18n.French, sampleTicket(t))
	if last := d.Find(".entry .bubble").Last(); last.Find("b").Length() != 0 || !strings.Contains(last.Text(), "<b>ici</b>") {
		t.Errorf("markup of a message is taken for ours: %q", words(last))
	}
}

func TestEventsSayWhoDidWhat(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	event := func(kind desk.EventKind, data map[string]string) desk.Happened {
		return desk.Happened{Event: desk.Event{Kind: kind, Data: data, CreatedAt: k.Thread.Decision.CreatedAt}, ActorName: "Inès Caron"}
	}
	cases := []struct {
		event  desk.Happened
		fr, en string
	}{
		{event(desk.EventDecided, map[string]string{"rule": "one_device", "outcome": "PARTNER"}), "Partenaire", "Partner"},
		{event(desk.EventDecided, map[string]string{"rule": "ask_scope", "outcome": "NEEDS_INFO", "from_outcome": "PARTNER"}), "Partenaire → À préciser. Parce que :", "Partner → Needs info. Because:"},
		{event(desk.EventDecided, map[string]string{"rule": "ask_scope", "outcome": "NEEDS_INFO", "kept": "true"}), "la décision prise tient", "the decision made stays"},
		{event(desk.EventConfirmed, map[string]string{"outcome": "MICROSOFT", "category": "bug"}), "Inès Caron confirme le tri : Microsoft · ", "Inès Caron confirms the triage: Microsoft · "},
		{event(desk.EventOverridden, map[string]string{"outcome": "NEEDS_INFO", "reason": "Rien de clair"}), "Inès Caron décide autrement : À préciser. Motif : Rien de clair", "Inès Caron decides otherwise: Needs info. Reason: Rien de clair"},
		{event(desk.EventAssigned, map[string]string{"to": "Inès Caron"}), "Inès Caron prend la demande", "Inès Caron takes the ticket"},
		{event(desk.EventAssigned, map[string]string{"to": "Hugo Vidal"}), "Inès Caron attribue la demande à Hugo Vidal", "Inès Caron assigns the ticket to Hugo Vidal"},
		{event(desk.EventReleased, nil), "Inès Caron rend la demande libre", "Inès Caron sets the ticket free"},
		{event(desk.EventPriority, map[string]string{"to": "1"}), "Inès Caron change la priorité : Critique", "Inès Caron changes the priority: Critical"},
		{event(desk.EventState, map[string]string{"to": "resolved"}), "Inès Caron change l’état : Résolue", "Inès Caron changes the state: Resolved"},
		{event(desk.EventClosed, map[string]string{"to": "closed"}), "Inès Caron change l’état : Fermée", "Inès Caron changes the state: Closed"},
		{event(desk.EventReopened, nil), "Inès Caron rouvre la demande", "Inès Caron reopens the ticket"},
		{event(desk.EventFollowed, map[string]string{"who": "Max Perrin"}), "Inès Caron met Max Perrin en copie", "Inès Caron copies Max Perrin in"},
	}
	for _, c := range cases {
		for lang, want := range map[i18n.Lang]string{i18n.French: c.fr, i18n.English: c.en} {
			if got := plainSpaces(k.eventText(speaking(lang), c.event)); !strings.Contains(got, want) {
				t.Errorf("%s %s: %q, want %q", lang, c.event.Kind, got, want)
			}
		}
	}
}

func TestComposerTellsInsideFromOutside(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	form := ticketPage(t, i18n.French, k).Find("form.composer")
	if got := form.AttrOr("action", ""); got != "/alpine/tickets/10482/messages?from=mine" {
		t.Errorf("posts to %q", got)
	}
	if got := words(form.Find("button.if-reply")); got != "Envoyer à Fabrique Lumen (2 personnes)" {
		t.Errorf("reply button %q", got)
	}
	if got := words(form.Find("button.if-note")); got != "Enregistrer la note interne" {
		t.Errorf("note button %q", got)
	}
	if got := words(form.Find("p .if-reply")); got != "À : Léa Fontaine, copie Max Perrin" {
		t.Errorf("recipients %q", got)
	}
	if form.Find("input[name=kind][value=message][checked]").Length() != 1 || form.Find("input[name=kind][checked]").Length() != 1 {
		t.Error("a fresh composer writes a reply")
	}
	for _, name := range []string{"key", "seen"} {
		if form.Find("input[type=hidden][name="+name+"]").Length() != 1 {
			t.Errorf("%s is not sent", name)
		}
	}
}

func TestComposerComesBackFilled(t *testing.T) {
	t.Parallel()
	k := sampleTicket(t)
	k.Composer = Composer{Body: "Bonjour Léa", Kind: "note", Then: "resolved", Newer: true, Problems: desk.Problems{{Field: "body", Key: "error.required"}}}
	d := ticketPage(t, i18n.French, k)
	if got := d.Find("#body").Text(); got != "Bonjour Léa" {
		t.Errorf("text %q", got)
	}
	if d.Find("input[name=kind][checked]").AttrOr("value", "") != "note" || d.Find("#then option[selected]").AttrOr("value", "") != "resolved" {
		t.Error("what was chosen is forgotten")
	}
	if d.Find("#body").AttrOr("aria-describedby", "") != "body-error" || d.Find("#body-error").Length() != 1 {
		t.Error("the error is not tied to the text")
	}
	if got := words(d.Find(".banner[data-tone=warn]")); !strings.Contains(got, "Léa Fontaine a écrit pendant") || !strings.Contains(got, "Toujours pareil") {
		t.Errorf("the newer message is announced as %q", got)
	}
	if d.Find("[role=alert] a[href='#body']").Length() != 1 {
		t.Error("the summary does not lead to the text")
	}
}

func TestTitleBarSaysWhatIsPromised(t *testing.T) {
	t.Parallel()
	d := ticketPage(t, i18n.French, sampleTicket(t))
	if got := words(d.Find("h1")); got != "10482 SharePoint affiche une erreur" {
		t.Errorf("title %q", got)
	}
	if got := d.Find(".title-bar a").First().AttrOr("href", ""); got != "/alpine/queue/mine" {
		t.Errorf("back leads to %q", got)
	}
	var clocks []string
	d.Find(".title-bar .state").Each(func(_ int, s *goquery.Selection) {
		clocks = append(clocks, words(s))
		if s.Find(".icon").Length() != 1 {
			t.Errorf("%q has no shape", words(s))
		}
	})
	want := []string{"Prochaine réponse : reste 30 min", "Résolution : en pause · répondu", "Première réponse : tenue en 2 h"}
	if !slices.Equal(clocks, want) {
		t.Errorf("%q, want %q", clocks, want)
	}
	sum := words(d.Find(".title-bar [popover] .sum").First())
	for _, part := range []string{"1 h 30 d’ouverture, type « Étendu »", "1 h 30 : ", "Échéance : ", "Était promis ", "l’effet sur le travail a changé"} {
		if !strings.Contains(sum, part) {
			t.Errorf("the sum %q does not say %q", sum, part)
		}
	}
	sides := words(d.Find("details.panel dl.facts"))
	for _, part := range []string{"Chez nous4 h", "Chez Microsoft1 h"} {
		if !strings.Contains(sides, part) {
			t.Errorf("%q does not say %q", sides, part)
		}
	}
	for menu, chosen := range map[string]string{"#states": "En cours", "#priorities": "Haute"} {
		if got := words(d.Find(menu + " [aria-current]")); got != chosen {
			t.Errorf("%s: %q is chosen, want %q", menu, got, chosen)
		}
	}
	if got := words(d.Find("#agents")); got != "M’attribuer la demande Hugo Vidal Rendre libre" {
		t.Errorf("assignees %q", got)
	}
}

func TestPageIdsAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	ticketPage(t, i18n.English, sampleTicket(t)).Find("[id]").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); seen[id] {
			t.Errorf("id %q stands twice", id)
		} else {
			seen[id] = true
		}
	})
}
