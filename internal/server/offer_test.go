package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const offerPath, hoursPath, pricesPath = "/alpine/settings/offer", "/alpine/settings/hours", "/alpine/settings/prices"

// filled is the form that posts to an address, as its page has it, with changes.
func (d *door) filled(t *testing.T, c *http.Client, page, action string, change url.Values) url.Values {
	t.Helper()
	form := d.get(t, c, page).form(t, action)
	maps.Copy(form, change)
	return form
}

func TestAnOfferSavedUntouchedChangesNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	before := d.fingerprint(t)
	for page, action := range map[string]string{offerPath: offerPath, offerPath + "/types/standard": offerPath + "/types/standard", offerPath + "/types/extended": offerPath + "/types/extended",
		offerPath + "/types/critical": offerPath + "/types/critical", hoursPath + "/office": hoursPath + "/office", hoursPath + "/night": hoursPath + "/night", pricesPath: pricesPath} {
		form := d.filled(t, paul, page, action, nil)
		form.Set("do", "save")
		if a := d.post(t, paul, action, form); a.status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", page, a.status, a.page(t).Find("[role=alert]").Text())
		}
	}
	d.unchanged(t, before, "forms saved as they were")
}

func TestWrongOffersComeBackAsTyped(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	before := d.fingerprint(t)
	customer := "/alpine/settings/customers/" + look[string](t, d, `select id::text from customers where name = 'Hôtel du Lac'`)
	for _, f := range []struct {
		page, action string
		wrong        map[string][]string
	}{
		{offerPath + "/types/extended", offerPath + "/types/extended", map[string][]string{
			"name_fr": {"", long(61), "\xff"}, "summary_en": {long(401), "\x00"}, "calendar": {"", "gone"}, "contact_phone_value": {"call"}, "contact_email_value": {"x"},
			"target_stopped_first_reply": {"bientôt", "-1"}, "target_minor_resolution": {"61 j"}, "target_slowed_resolution": {"1 min"}, "hour": {"beaucoup", "-1", "90,123"}, "model": {"barter"}, "step": {"7"},
			"minimum": {"x", "2 j"}, "factor_weekend": {"50", "x"}, "giver_0_kind": {"lent"}}},
		{offerPath + "/types/new", offerPath + "/types", map[string][]string{"name_fr": {"", " "}}},
		{offerPath, offerPath, map[string][]string{"default": {"gone"}, "rung_0_time": {"x", "8 j"}, "rung_0_tell": {"everybody"}, "baseline_0_fr": {long(201)}, "baseline_1_who": {"nobody"}}},
		{hoursPath + "/extended", hoursPath + "/extended", map[string][]string{"name_fr": {"", long(61)}, "zone": {"Europe/Lyon"}, "mon": {"matin", "08:00-12:00, 11:00-13:00", "08:00-08:00"},
			"sun": {"25:00-26:00"}, "holidays": {"zz"}, "closed": {"demain"}, "open": {"2026-12-26"}}},
		{pricesPath, pricesPath, map[string][]string{"currency": {"euro", "", "JPY"}, "tax_fr": {long(121)}}},
	} {
		form := d.filled(t, paul, f.page, f.action, nil)
		for field, answers := range f.wrong {
			for _, answer := range answers {
				typed := maps.Clone(form)
				typed.Set(field, answer)
				d.refuses(t, paul, f.action, typed, field)
			}
		}
	}
	for field, answer := range map[string]string{"support_type": "gone", "users": "-1", "starts": "hier", "ends": "2020-01-01", "contract": long(81)} {
		form := url.Values{"support_type": {"standard"}, "starts": {"2026-01-01"}}
		form.Set(field, answer)
		a := d.post(t, paul, customer+"/agreements", form)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", field, answer, a.status)
			continue
		}
		a.complains(t, "agreement-new-"+field)
	}
	d.unchanged(t, before, "offers that were refused")
}

func TestTheSecondAdminSeesWhatChangedInTheOffer(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	forms := map[string][2]string{
		"type": {offerPath + "/types/standard", offerPath + "/types/standard"}, "new type": {offerPath + "/types/new", offerPath + "/types"},
		"hours": {hoursPath + "/office", hoursPath + "/office"}, "general": {offerPath, offerPath}, "prices": {pricesPath, pricesPath},
	}
	late := map[string]url.Values{
		"type": {"summary_fr": {"Écrit par le second"}}, "new type": {"name_fr": {"Écrit par le second"}}, "hours": {"tue": {"09:00-17:00"}},
		"general": {"baseline_0_fr": {"Écrit par le second"}}, "prices": {"tax_fr": {"Écrit par le second"}},
	}
	for what, change := range late {
		late[what] = d.filled(t, paul, forms[what][0], forms[what][1], change)
		late[what].Set("do", "save")
	}
	first := d.filled(t, paul, forms["type"][0], forms["type"][1], url.Values{"target_stopped_first_reply": {"45 min"}})
	if a := d.post(t, paul, forms["type"][1], first); a.status != http.StatusSeeOther || a.to() != offerPath+"#t-standard" {
		t.Fatalf("the first: %d %s", a.status, a.to())
	}
	for what, form := range late {
		a := d.post(t, paul, forms[what][1], form)
		text := a.text(t)
		if a.status != http.StatusConflict || !strings.Contains(text, "Paul Mercier a changé le brouillon") {
			t.Errorf("%s: %d %.200s", what, a.status, text)
		}
		kept := a.form(t, forms[what][1])
		for field, values := range form {
			if field != "at" && field != "do" && field != "was" && kept.Get(field) != values[0] {
				t.Errorf("%s lost its %s: %q, want %q", what, field, kept.Get(field), values[0])
			}
		}
		switch what {
		case "type":
			if !strings.Contains(a.page(t).Find("ins").Text(), "45\u202fmin") || !strings.Contains(a.page(t).Find("ins").Text(), "Écrit par le second") {
				t.Errorf("it does not tell what is there from what was typed: %s", a.page(t).Find("ins").Text())
			}
		case "hours":
			if !strings.Contains(a.page(t).Find("ins").Text(), "09:00-17:00") {
				t.Error("it does not show the hours that were typed")
			}
		}
	}
	for _, act := range []string{offerPath + "/types/standard/place", offerPath + "/types/standard/removal", offerPath + "/draft/removal", offerPath + "/publication", offerPath + "/versions/1/restoration", hoursPath + "/office/removal"} {
		a := d.post(t, paul, act, url.Values{"at": {late["type"].Get("at")}, "note": {"Ma note"}})
		if a.status != http.StatusConflict || a.page(t).Find(`main [role=alert]`).Length() != 1 {
			t.Errorf("%s from an old page: %d", act, a.status)
		}
		if note := a.page(t).Find("[name=note]"); note.Length() == 1 && note.Text() != "Ma note" {
			t.Errorf("%s lost the note: %q", act, note.Text())
		}
	}
	over := d.post(t, paul, forms["type"][1], late["type"]).form(t, forms["type"][1])
	if a := d.post(t, paul, forms["type"][1], over); a.status != http.StatusSeeOther {
		t.Errorf("saving over it: %d", a.status)
	}
}

func TestAnOfferIsPublishedAndBroughtBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul, ines := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "ines@alpine.example")
	form := d.filled(t, paul, offerPath+"/types/standard", offerPath+"/types/standard", url.Values{"target_stopped_first_reply": {"30 min"}})
	d.post(t, paul, offerPath+"/types/standard", form)
	form = d.filled(t, paul, hoursPath+"/office", hoursPath+"/office", url.Values{"mon_preset": {"day"}, "do": {"preview"}})
	if a := d.post(t, paul, hoursPath+"/office", form); a.status != http.StatusOK || a.page(t).Find("[name=mon]").AttrOr("value", "") != "09:00-18:00" || a.page(t).Find("[aria-labelledby=preview] tbody tr").Length() != 28 {
		t.Errorf("a preview: %d", a.status)
	}
	form.Set("do", "save")
	d.post(t, paul, hoursPath+"/office", form)
	card := d.get(t, paul, offerPath).page(t).Find("#t-standard")
	if card.AttrOr("data-change", "") != "edited" || !strings.Contains(card.Find("ins").Text(), "30") || !strings.Contains(card.Find("del").Text(), "1") {
		t.Errorf("the card says %s", card.Text())
	}
	if doc := d.get(t, ines, offerPath).page(t); doc.Find("main form").Length() != 0 || doc.Find("[data-change]").Length() != 0 {
		t.Error("an agent sees the draft, or what changes it")
	}
	a := d.get(t, paul, offerPath+"/publication")
	for _, says := range []string{"Essentiel, première réponse (Travail arrêté)", "Bureau de Lyon, Lundi", "toutes les demandes ouvertes"} {
		if !strings.Contains(a.text(t), says) {
			t.Errorf("the publication does not say %q: %s", says, a.text(t))
		}
	}
	note := url.Values{"at": {a.at(t)}, "note": {" "}}
	refused := d.post(t, paul, offerPath+"/publication", note)
	if refused.status != http.StatusUnprocessableEntity {
		t.Errorf("without a note: %d", refused.status)
	}
	refused.complains(t, "note")
	note.Set("note", "Plus vite")
	if a := d.post(t, paul, offerPath+"/publication", note); a.status != http.StatusSeeOther || a.to() != offerPath {
		t.Fatalf("publishing: %d %s", a.status, a.text(t))
	}
	if text := d.get(t, ines, offerPath+"/versions/2").text(t); !strings.Contains(text, "Plus vite") || !strings.Contains(text, "Publiée par Paul Mercier") {
		t.Errorf("version 2 says %s", text)
	}
	restore := d.filled(t, paul, offerPath+"/versions/1", offerPath+"/versions/1/restoration", nil)
	if a := d.post(t, paul, offerPath+"/versions/1/restoration", restore); a.status != http.StatusSeeOther {
		t.Errorf("bringing version 1 back: %d %s", a.status, a.text(t))
	}
	if text := d.get(t, paul, offerPath+"/versions/3").text(t); !strings.Contains(text, "reprend la version 1") {
		t.Errorf("version 3 says %s", text)
	}
	for _, wrong := range []string{"5", "-1", "x", "99999999999"} {
		if a := d.get(t, paul, offerPath+"/versions/"+wrong); a.status != http.StatusNotFound {
			t.Errorf("version %s: %d", wrong, a.status)
		}
	}
}

func TestATypeInUseIsKeptAtItsButton(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	path := offerPath + "/types/extended/removal"
	form := d.filled(t, paul, offerPath+"/types/extended", path, nil)
	a := d.post(t, paul, path, form)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(t), "2 clients ont ce type") {
		t.Errorf("removing it: %d %s", a.status, a.text(t))
	}
	a.complains(t, "successor")
	form.Set("successor", "standard")
	if a := d.post(t, paul, path, form); a.status != http.StatusSeeOther {
		t.Errorf("with a successor: %d %s", a.status, a.text(t))
	}
	if text := d.get(t, paul, offerPath+"/publication").text(t); !strings.Contains(text, "Type retiré") || !strings.Contains(text, "reçoit Essentiel") {
		t.Errorf("the publication says %s", text)
	}
	hours := hoursPath + "/office/removal"
	refused := d.post(t, paul, hours, d.filled(t, paul, hoursPath+"/office", hours, nil))
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(t), "suit ces horaires") {
		t.Errorf("hours in use: %d", refused.status)
	}
	if doc := refused.page(t); doc.Find(`[role=alert] a[href="#removal"]`).Length() != 1 || doc.Find("#removal").AttrOr("aria-describedby", "") != "removal-error" {
		t.Error("it is not told at the button")
	}
}

func TestAgreementsAreOnTheCustomersPage(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul, ines := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "ines@alpine.example")
	customer := "/alpine/settings/customers/" + look[string](t, d, `select id::text from customers where name = 'Fabrique Lumen'`)
	if row := d.get(t, ines, "/alpine/settings/customers?q=lumen").text(t); !strings.Contains(row, "Étendu") {
		t.Errorf("the list says %s", row)
	}
	if doc := d.get(t, ines, customer).page(t); doc.Find("main form").Length() != 0 || !strings.Contains(doc.Find("main").Text(), "Contrat 2026-041") {
		t.Error("an agent does not read the agreement, or may change it")
	}
	held := look[string](t, d, `select g.id::text from agreements g join customers c on c.id = g.customer_id where c.name = 'Fabrique Lumen'`)
	change := customer + "/agreements/" + held
	form := d.filled(t, paul, customer, change, url.Values{"do": {"end"}})
	if a := d.post(t, paul, change, form); a.status != http.StatusSeeOther {
		t.Fatalf("ending it: %d %s", a.status, a.text(t))
	}
	if n := look[int64](t, d, `select count(*) from agreements where id::text = $1 and ends is not null`, held); n != 1 {
		t.Error("it has no end")
	}
	if a := d.post(t, paul, customer+"/agreements", url.Values{"support_type": {"standard"}, "starts": {"2999-01-01"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("in another millennium: %d", a.status)
	}
	if a := d.post(t, paul, change+"/removal", url.Values{}); a.status != http.StatusSeeOther || look[int64](t, d, `select count(*) from agreements where id::text = $1`, held) != 0 {
		t.Errorf("removing it: %d", a.status)
	}
}
