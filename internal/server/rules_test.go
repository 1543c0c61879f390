package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/rules"
)

const rulesPath = "/alpine/settings/rules"

// at is the state of the rules that a page's forms carry.
func (a answer) at(t *testing.T) string {
	t.Helper()
	return a.page(t).Find(`main input[name=at]`).First().AttrOr("value", "")
}

// draftWith begins alpine's draft with a change and tells the state after it.
func (d *door) draftWith(t *testing.T, paul *http.Client, key, act string, form url.Values) string {
	t.Helper()
	form.Set("at", d.get(t, paul, rulesPath).at(t))
	if a := d.post(t, paul, rulesPath+"/rule/"+key+"/"+act, form); a.status != http.StatusSeeOther || a.to() != rulesPath+"#r-"+key {
		t.Fatalf("%s of %s: %d %s", act, key, a.status, a.to())
	}
	return d.get(t, paul, rulesPath).at(t)
}

func TestRulesReadAsSentencesBesideWhatTheyWere(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul, ines := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "ines@alpine.example")
	all := rules.Default().Rules
	doc := d.get(t, paul, rulesPath).page(t)
	if n := doc.Find(".rules > li").Length(); n != len(all) || doc.Find(".rules > li[data-change]").Length() != 0 {
		t.Errorf("%d rules, want %d, none changed", n, len(all))
	}
	if doc.Find(`.rules > li:first-child button[value=up][disabled]`).Length() != 1 || doc.Find(`.rules > li:last-child button[value=down][disabled]`).Length() != 1 {
		t.Error("the first rule moves up, or the last one down")
	}
	d.draftWith(t, paul, all[1].Key, "place", url.Values{"do": {"down"}})
	d.draftWith(t, paul, all[4].Key, "removal", url.Values{})
	d.draftWith(t, paul, all[5].Key, "place", url.Values{"to": {"1"}})
	doc = d.get(t, paul, rulesPath).page(t)
	if doc.Find(`.rules > li[data-change=removed] h3 del`).Length() != 1 || doc.Find(`.rules > li[data-change=moved]`).Length() != 2 {
		t.Errorf("%d removed, %d moved", doc.Find(`[data-change=removed]`).Length(), doc.Find(`[data-change=moved]`).Length())
	}
	if badge := doc.Find("h1 ~ .badge").Text(); !strings.Contains(badge, "3 changements") || !strings.Contains(badge, "Paul") {
		t.Errorf("the badge says %q", badge)
	}
	if first := doc.Find(".rules > li").First().AttrOr("id", ""); first != "r-"+all[5].Key {
		t.Errorf("first is %s", first)
	}
	doc = d.get(t, ines, rulesPath).page(t)
	if doc.Find("main form").Length() != 0 || doc.Find("[data-change]").Length() != 0 || doc.Find(".rules > li").Length() != len(all) {
		t.Error("an agent sees the draft, or what changes it")
	}
	d.draftWith(t, paul, all[4].Key, "restoration", url.Values{})
	if n := d.get(t, paul, rulesPath).page(t).Find(`[data-change=removed]`).Length(); n != 0 {
		t.Errorf("%d rules are still removed", n)
	}
}

// ruleForm is the form of a rule as the page has it.
func (d *door) ruleForm(t *testing.T, c *http.Client, key string) url.Values {
	t.Helper()
	path := rulesPath + "/rule/" + key
	return d.get(t, c, path).form(t, path)
}

func TestAConditionIsTypedAsRowsOrAsCEL(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	path := rulesPath + "/new"
	form := d.get(t, paul, path).form(t, rulesPath)
	set := func(pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	set("name_fr", "Plusieurs clients", "g0_r0_fact", "similar", "g0_r0_op", "at_least", "g0_r0_value", "trois", "do", "save")
	a := d.post(t, paul, rulesPath, form)
	if doc := a.page(t); a.status != http.StatusUnprocessableEntity || doc.Find("#g0_r0_value").AttrOr("aria-describedby", "") != "g0_r0-error" ||
		!strings.Contains(doc.Find("#g0_r0-error").Text(), "nombre") || doc.Find("[name=name_fr]").AttrOr("value", "") != "Plusieurs clients" {
		t.Errorf("a row without its number: %d %s", a.status, a.text(t))
	}
	set("g0_r0_value", "3", "do", "add_row:0")
	a = d.post(t, paul, rulesPath, form)
	if a.status != http.StatusOK || a.page(t).Find("[name=g0_r1_fact]").Length() != 1 || a.page(t).Find("#g0_r0_value").AttrOr("value", "") != "3" {
		t.Errorf("another row: %d", a.status)
	}
	set("g0_r1_fact", "affected", "g0_r1_op", "one_of", "g0_r1_value", "some_users, whole_tenant", "do", "cel")
	a = d.post(t, paul, rulesPath, form)
	if when := a.page(t).Find("[name=when]").Text(); when != `similar >= 3 && affected in ["some_users", "whole_tenant"]` {
		t.Errorf("as CEL: %q", when)
	}
	form = a.form(t, rulesPath)
	set("when", "similar >= 3 &&\n  afected == 'x'", "do", "rows")
	a = d.post(t, paul, rulesPath, form)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.page(t).Find("#when-error").Text(), "Ligne 2, colonne 3") ||
		!strings.Contains(a.page(t).Find("#when-error").Text(), "affected") {
		t.Errorf("a fault: %d %s", a.status, a.page(t).Find("#when-error").Text())
	}
	set("when", "similar >= 3 && affected == 'whole_tenant'", "do", "rows")
	a = d.post(t, paul, rulesPath, form)
	if doc := a.page(t); doc.Find("[name=g0_r1_fact] [selected]").AttrOr("value", "") != "affected" || doc.Find("[name=g0_r1_value]").AttrOr("list", "") != "values-affected" {
		t.Errorf("as rows again: %s", a.text(t))
	}
	form = a.form(t, rulesPath)
	set("do", "save")
	if a = d.post(t, paul, rulesPath, form); a.status != http.StatusSeeOther || a.to() != rulesPath+"#r-plusieurs_clients" {
		t.Fatalf("saving: %d %s", a.status, a.to())
	}
	added := d.get(t, paul, rulesPath).page(t).Find("#r-plusieurs_clients")
	if added.AttrOr("data-change", "") != "added" || added.Next().Find("code").Text() != "true" {
		t.Errorf("it stands before %s", added.Next().Text())
	}
}

func TestWrongRulesComeBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	all := rules.Default().Rules
	key := all[0].Key
	path := rulesPath + "/rule/" + key
	before := d.fingerprint(t)
	for field, wrong := range map[string]url.Values{
		"name_fr":    {"name_fr": {all[1].Name["fr"]}},
		"when":       {"when": {strings.Repeat("x", 900_000)}},
		"outcome":    {"outcome": {"GOOGLE"}},
		"category":   {"category": {"bug"}},
		"priority":   {"priority": {"9"}},
		"questions":  {"outcome": {"NEEDS_INFO"}},
		"because_fr": {"because_fr": {"Selon {rien}"}},
	} {
		form := d.ruleForm(t, paul, key)
		form.Set("do", "cel")
		form = d.post(t, paul, path, form).form(t, path)
		for name, values := range wrong {
			form[name] = values
		}
		form.Set("do", "save")
		a := d.post(t, paul, path, form)
		if a.status != http.StatusUnprocessableEntity || a.page(t).Find(`[role=alert] a`).Length() == 0 {
			t.Errorf("%s: %d", field, a.status)
			continue
		}
		for name, values := range wrong {
			if typed := a.page(t).Find(`input[name="` + name + `"]:not([type=radio]), textarea[name="` + name + `"]`); typed.Length() == 1 && value(typed) != values[0] {
				t.Errorf("%s became %.40q", name, value(typed))
			}
		}
	}
	form := d.ruleForm(t, paul, key)
	form.Set("name_fr", "a\x00b")
	form.Set("do", "save")
	if a := d.post(t, paul, path, form); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a NUL byte: %d", a.status)
	}
	if a := d.post(t, paul, rulesPath+"/rule/nowhere", form); a.status != http.StatusNotFound {
		t.Errorf("a rule that there is not: %d", a.status)
	}
	d.unchanged(t, before, "rules that were refused")
}

func TestTheSecondAdminSeesTheDifference(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	all := rules.Default().Rules
	key := all[0].Key
	path := rulesPath + "/rule/" + key
	late := d.ruleForm(t, paul, key)
	first := d.ruleForm(t, paul, key)
	first.Set("name_fr", "Renommée par le premier")
	first.Set("do", "save")
	if a := d.post(t, paul, path, first); a.status != http.StatusSeeOther {
		t.Fatalf("the first: %d", a.status)
	}
	late.Set("because_fr", "Écrit par le second")
	late.Set("do", "save")
	a := d.post(t, paul, path, late)
	text := a.text(t)
	if a.status != http.StatusConflict || !strings.Contains(text, "Paul Mercier a changé le brouillon") || !strings.Contains(text, "Renommée par le premier") ||
		!strings.Contains(a.page(t).Find("ins").Text(), "Écrit par le second") {
		t.Errorf("the second: %d %s", a.status, text)
	}
	over := a.form(t, path)
	if over.Get("because_fr") != "Écrit par le second" || over.Get("at") == late.Get("at") {
		t.Errorf("his form came back as %q of %s", over.Get("because_fr"), over.Get("at"))
	}
	over.Set("do", "save")
	if a := d.post(t, paul, path, over); a.status != http.StatusSeeOther {
		t.Errorf("saving over it: %d", a.status)
	}
	for _, act := range []string{"/rule/" + key + "/removal", "/rule/" + key + "/place", "/rule/" + key + "/restoration", "/hint", "/draft/removal", "/publication", "/versions/1/restoration", "/file"} {
		a := d.post(t, paul, rulesPath+act, url.Values{"at": {late.Get("at")}, "to": {"2"}, "note": {"Ma note"}, "rules": {"{}"}})
		if a.status != http.StatusConflict || a.page(t).Find(`main [role=alert]`).Length() != 1 {
			t.Errorf("%s from an old page: %d", act, a.status)
		}
		if note := a.page(t).Find("[name=note]"); note.Length() == 1 && note.Text() != "Ma note" {
			t.Errorf("%s lost the note: %q", act, note.Text())
		}
	}
	if d.draftWith(t, paul, key, "removal", url.Values{}) == "" {
		t.Error("no mark")
	}
	a = d.post(t, paul, path, over)
	again := a.form(t, rulesPath)
	if a.status != http.StatusConflict || again.Get("because_fr") != "Écrit par le second" {
		t.Errorf("the rule was removed meanwhile: %d %s", a.status, a.text(t))
	}
	again.Set("do", "save")
	if a := d.post(t, paul, rulesPath, again); a.status != http.StatusSeeOther {
		t.Errorf("adding it again: %d %s", a.status, a.text(t))
	}
}

func TestARuleSavedUntouchedChangesNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	before := d.fingerprint(t)
	for _, r := range rules.Default().Rules {
		form := d.ruleForm(t, paul, r.Key)
		form.Set("do", "save")
		if a := d.post(t, paul, rulesPath+"/rule/"+r.Key, form); a.status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", r.Key, a.status, a.page(t).Find("[role=alert]").Text())
		}
	}
	d.unchanged(t, before, "rules saved as they were")
	if text := d.get(t, paul, rulesPath).page(t).Find("[data-change]").Text(); text != "" {
		t.Errorf("changed: %s", text)
	}
}

func TestARuleComesBackOnlyWhereItsNameIsFree(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	gone, other := rules.Default().Rules[0], rules.Default().Rules[1]
	d.draftWith(t, paul, gone.Key, "removal", url.Values{})
	form := d.ruleForm(t, paul, other.Key)
	form.Set("name_fr", gone.Name["fr"])
	form.Set("do", "save")
	if a := d.post(t, paul, rulesPath+"/rule/"+other.Key, form); a.status != http.StatusSeeOther {
		t.Fatalf("taking the name: %d", a.status)
	}
	a := d.post(t, paul, rulesPath+"/rule/"+gone.Key+"/restoration", url.Values{"at": {d.get(t, paul, rulesPath).at(t)}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.page(t).Find("main [role=alert]").Text(), gone.Name["fr"]) {
		t.Errorf("restoring: %d %s", a.status, a.page(t).Find("main [role=alert]").Text())
	}
}
