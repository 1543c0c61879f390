package server_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

// Texts that only the desk may read, unlike any other text of the house.
const (
	secretNote    = "Zibeline: le client confond deux comptes"
	secretFinding = "Xylophone: reproduit chez nous"
	secretReason  = "Quetsche: la règle se trompe"
	secretCompany = "Wolfram: paie en retard"
	secretTag     = "Yttrium: à surveiller"
	secretTeam    = "Vermeil, astreinte"
	secretFact    = "Umbra-Est"
)

// TestCustomersReadNothingInternal lets a desk do all it can to a ticket, and
// then reads every page and every letter that its customer gets.
func TestCustomersReadNothingInternal(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `update customers set note = $1, priority = true where name = 'Fabrique Lumen'`, secretCompany)
	lea, ines := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "ines@alpine.example")
	ticket := d.post(t, lea, "/alpine/tickets", url.Values{"subject": {"Le portail répond une page blanche"}, "body": {"Depuis ce matin."}}).to()
	d.workThrough(t, ines, ticket)

	forbidden := internalWords()
	check := func(where, text string) {
		t.Helper()
		for _, word := range forbidden {
			if strings.Contains(text, word) {
				t.Errorf("%s says %q", where, word)
			}
		}
	}
	desks := d.get(t, ines, ticket)
	for _, word := range []string{secretNote, secretFinding, secretReason, secretCompany, secretTag, secretTeam, secretFact} {
		if !strings.Contains(desks.body, word) {
			t.Errorf("the desk itself cannot read %q", word)
		}
	}
	for _, email := range []string{"lea@lumen.example", "max@lumen.example"} {
		c := d.as(t, "alpine", email)
		for _, path := range append(customerPages, ticket, ticket+"?ask=1", ticket+"?why=1", ticket+"?correct=affected", "/alpine/tickets/999999") {
			check(email+" on "+path, d.get(t, c, path).body)
		}
		check(email+" after a mistake", d.post(t, c, ticket+"/messages", url.Values{"body": {""}}).body)
	}
	d.await(t, "lea@lumen.example", "est fermée")
	d.settled(t)
	for _, m := range d.Mail.Messages() {
		if strings.HasSuffix(m.To[0], "@lumen.example") {
			check("letter to "+m.To[0], m.Subject+m.Text+m.HTML)
		}
	}
}

var customerPages = []string{"/alpine", "/alpine/tickets", "/alpine/tickets?which=ended", "/alpine/tickets?which=all&mine=1", "/alpine/tickets?q=portail",
	"/alpine/tickets/new", "/alpine/account"}

// workThrough does all that a desk can do to a ticket.
func (d *door) workThrough(t *testing.T, agent *http.Client, ticket string) {
	t.Helper()
	for _, step := range []struct {
		to   string
		form url.Values
	}{
		{"/assignment", url.Values{"assignee": {"me"}}},
		{"/messages", url.Values{"kind": {"note"}, "body": {secretNote}}},
		{"/findings", url.Values{"finding_kind": {"reproduced"}, "result": {"confirmed"}, "text": {secretFinding}}},
		{"/corrections", url.Values{"fact": {"region"}, "value": {secretFact}}},
		{"/tags", url.Values{"tags": {secretTag}, "team": {secretTeam}}},
		{"/decision", url.Values{"do": {"confirm"}}},
		{"/decision", url.Values{"do": {"override"}, "outcome": {"MICROSOFT"}, "category": {"undocumented_service_issue"}, "reason": {secretReason}}},
		{"/priority", url.Values{"priority": {"1"}}},
		{"/messages", url.Values{"kind": {"message"}, "body": {"Nous regardons."}, "then": {"waiting_microsoft"}}},
		{"/state", url.Values{"state": {"resolved"}}},
		{"/reopening", nil},
		{"/assignment", url.Values{"assignee": {""}}},
		{"/closure", nil},
	} {
		if a := d.post(t, agent, ticket+step.to, step.form); a.status != http.StatusSeeOther {
			t.Fatalf("%s %v: %d\n%s", step.to, step.form, a.status, a.text(t))
		}
	}
}

// internalWords are the secret texts and the engine's own vocabulary: its
// identifiers, and its sentences in both languages. Categories and rules of a
// single plain word, such as "Migration", prove nothing and are left out.
func internalWords() []string {
	var words, keys []string
	for _, o := range []rules.Outcome{rules.Partner, rules.Microsoft, rules.NeedsInfo} {
		keys = append(keys, "outcome."+string(o))
		for _, c := range rules.Categories(o) {
			keys = append(keys, "category."+string(c))
			words = append(words, string(c))
		}
	}
	for _, r := range rules.Default().Rules {
		words = append(words, r.Key, r.Name["fr"], r.Name["en"])
	}
	for _, lang := range i18n.Langs() {
		for _, key := range keys {
			words = append(words, i18n.New(lang, time.UTC, time.Now()).T(key))
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool { return !strings.ContainsAny(w, " _") })
	return append(words, "Zibeline", "Xylophone", "Quetsche", "Wolfram", "Yttrium", "Vermeil", "Umbra", "corrections", "class=\"trace", "<mark", "NEEDS_INFO", "MICROSOFT", "PARTNER")
}

// await waits for a letter to somebody that says something.
func (d *door) await(t *testing.T, email, says string) demo.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	m, err := d.Mail.Wait(ctx, func(m demo.Message) bool { return slices.Contains(m.To, email) && strings.Contains(m.Text, says) })
	if err != nil {
		t.Fatalf("no letter to %s that says %q: %v", email, says, err)
	}
	return m
}
