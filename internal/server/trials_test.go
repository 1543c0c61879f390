package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

const trials = "/alpine/settings/rules/trials"

// draft gives Alpine a draft: a rule before all others.
func (d *door) draft(t *testing.T, when string) {
	t.Helper()
	first := rules.Rule{Key: "first", Name: map[string]string{"fr": "Avant tout"}, When: when, Outcome: rules.Partner, Category: rules.Configuration}
	list, err := json.Marshal(append([]rules.Rule{first}, rules.Default().Rules...))
	if err != nil {
		t.Fatal(err)
	}
	who := d.actor(t, "alpine", "paul@alpine.example")
	d.stage(t, `insert into ruleset_drafts (desk_id, based_on, revision, rules, person_id, updated_at) values ($1, 1, 1, $2, $3, now())`, who.Desk.ID, list, who.Person.ID)
}

// over waits until the worker has ended the only trial.
func (d *door) over(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if look[int64](t, d, `select count(*) from trials where state in ('waiting', 'running')`) == 0 {
			return
		}
	}
	t.Fatal("the trial never ends")
}

func TestDraftIsTriedOnThePast(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	if p := d.get(t, paul, trials).page(t); p.Find("main form").Length() != 0 || p.Find(".empty").Length() != 1 || !strings.Contains(p.Find(".panel").Text(), "brouillon") {
		t.Error("a trial is offered where there is no draft")
	}
	d.draft(t, `kind == kind`)
	if p := d.get(t, paul, "/alpine/settings/rules").page(t); p.Find(`form.trial select[name="most"] option`).Length() != 5 {
		t.Error("the rules do not offer a try on the past")
	}
	a := d.post(t, paul, trials, url.Values{"most": {"100"}})
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), trials+"/") {
		t.Fatalf("trying: %d %s", a.status, a.to())
	}
	d.over(t)
	p := d.get(t, paul, a.to()).page(t)
	if p.Find("progress, [hx-get]").Length() != 0 || p.Find("#trial-end .banner").Length() != 1 {
		t.Error("an ended trial looks as if it ran")
	}
	rows := p.Find("#trial table tbody tr")
	if rows.Length() == 0 || rows.Length() > desk.PageSize || !strings.Contains(rows.First().Text(), "Avant tout") || rows.First().Find("th a[href^='/alpine/tickets/']").Length() != 1 {
		t.Errorf("%d rows, the first: %s", rows.Length(), rows.First().Text())
	}
	few := d.get(t, paul, a.to()+"?show=worse").page(t).Find("#trial table tbody .state")
	if n := few.Length(); n != few.Filter(`[data-tone="bad"]`).Length() {
		t.Errorf("others among the %d worse", n)
	}
	if p := d.get(t, d.as(t, "alpine", "ines@alpine.example"), trials).page(t); p.Find("main table tbody tr").Length() != 1 || p.Find("main form").Length() != 0 {
		t.Error("an agent sees the trial and begins none")
	}
}

func TestRunningTrialCanBeWatchedAndStopped(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.draft(t, `kind == kind`)
	paul := d.as(t, "alpine", "paul@alpine.example")
	who := d.actor(t, "alpine", "paul@alpine.example")
	id := desk.NewID()
	d.stage(t, `insert into trials (desk_id, id, person_id, based_on, revision, rules, most, state, total, tried, created_at)
		values ($1, $2, $3, 1, 1, '[]', 1000, 'running', 1000, 250, now())`, who.Desk.ID, id, who.Person.ID)
	page := trials + "/" + id.String()
	p := d.get(t, paul, page).page(t)
	bar := p.Find("#trial progress")
	if bar.AttrOr("value", "") != "250" || bar.AttrOr("max", "") != "1000" || p.Find(`#trial[hx-get]`).Length() != 1 || p.Find(`#trial a[href="`+page+`"]`).Length() != 1 {
		t.Error("a running trial does not show how far it is")
	}
	a := d.post(t, paul, trials, url.Values{"most": {"100"}})
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find(`.panel a[href="`+page+`"]`).Length() != 1 {
		t.Errorf("a second trial: %d", a.status)
	}
	if a := d.post(t, d.as(t, "alpine", "ines@alpine.example"), page+"/stop", nil); a.status != http.StatusForbidden {
		t.Errorf("an agent stops it: %d", a.status)
	}
	if a := d.post(t, paul, page+"/stop", nil); a.status != http.StatusSeeOther || a.to() != page {
		t.Errorf("stopping: %d %s", a.status, a.to())
	}
	if p := d.get(t, paul, page).page(t); p.Find("progress").Length() != 0 || !strings.Contains(p.Find("#trial-end").Text(), "arrêté") {
		t.Error("a stopped trial runs on")
	}
}

func TestWrongTrialSaysWhereItIsWrong(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.draft(t, `kind == kind`)
	paul := d.as(t, "alpine", "paul@alpine.example")
	tomorrow := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	for field, form := range map[string]url.Values{
		"most": {"most": {"1e9"}}, "since": {"most": {"dates"}, "since": {tomorrow}, "until": {tomorrow}},
		"until": {"most": {"dates"}, "since": {"2026-03-02"}, "until": {"2026-03-01"}},
	} {
		a := d.post(t, paul, trials, form)
		p := a.page(t)
		if a.status != http.StatusUnprocessableEntity || p.Find("#"+field+"-error").Length() != 1 || p.Find("#"+field).AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s: %d", field, a.status)
		}
		if field == "until" && p.Find("#since").AttrOr("value", "") != "2026-03-02" {
			t.Error("what was typed is gone")
		}
	}
}

func TestRuleTellsWhatPeopleDecidedInItsPlace(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	who := d.actor(t, "alpine", "paul@alpine.example")
	// Six of a rule's tickets, and a word against each.
	d.stage(t, `with six as (select id, customer_id from tickets where desk_id = $1 order by number desc limit 6),
		said as (insert into decisions (desk_id, id, ticket_id, customer_id, outcome, category, by, ruleset, rule, verdict, created_at)
			select $1, gen_random_uuid(), id, customer_id, 'PARTNER', 'third_party', 'rules', 1, 'third_party_named', '{"outcome": "PARTNER", "category": "third_party"}', now() - interval '2 minutes' from six)
		insert into decisions (desk_id, id, ticket_id, customer_id, outcome, category, by, ruleset, rule, verdict, person_id, reason, created_at)
			select $1, gen_random_uuid(), id, customer_id, 'PARTNER', 'configuration', 'person', 1, 'third_party_named', '{"outcome": "PARTNER", "category": "third_party"}', $2, 'Un réglage à nous', now() from six`,
		who.Desk.ID, who.Person.ID)
	results := "/alpine/settings/rules/rule/third_party_named/results"
	p := d.get(t, paul, results).page(t)
	if rows := p.Find("table tbody tr"); rows.Length() != 6 || !strings.Contains(rows.First().Text(), "Un réglage à nous") {
		t.Errorf("reasons: %s", rows.Text())
	}
	if word := p.Find(`.banner[data-tone="warn"]`).Text(); !strings.Contains(word, "6 fois") || !strings.Contains(word, "Configuration") {
		t.Errorf("no doubt: %q", word)
	}
	if d.get(t, paul, "/alpine/settings/rules").page(t).Find(`a[href="`+results+`"]`).Length() != 1 {
		t.Error("the rule's row does not lead to its results")
	}
	if a := d.get(t, paul, "/alpine/settings/rules/rule/no_such_rule/results"); a.status != http.StatusNotFound {
		t.Errorf("no such rule: %d", a.status)
	}
}
