package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"guichet/internal/desk"
)

const escalationPath = "/alpine/settings/escalation"

func versionOf(t *testing.T, d *door) string {
	t.Helper()
	return look[string](t, d, `select coalesce(max(version), 0)::text from handovers h join desks k on k.id = h.desk_id where k.slug = 'alpine'`)
}

func TestLinesAreAddedMovedAndTakenAway(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	page := d.get(t, paul, escalationPath).page(t)
	lines := page.Find("main table tbody tr").Length()
	if lines < 20 || !strings.Contains(page.Find("main").Text(), "Tout le reste") {
		t.Fatalf("%d lines: %s", lines, page.Find("main").Text())
	}
	form := d.get(t, paul, escalationPath+"/lines/new").form(t, escalationPath+"/lines")
	form.Set("relation", "reseller")
	form.Set("workload", "teams")
	form.Set("target", "microsoft")
	form.Set("note_fr", "Notre contrat le permet.")
	a := d.post(t, paul, escalationPath+"/lines", form)
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find("textarea[name=note_fr]").Text() != "Notre contrat le permet." {
		t.Errorf("without a portal: %d", a.status)
	}
	a.complains(t, "portal")
	form.Set("portal", "teams")
	form.Set("note", "Accord avec notre fournisseur")
	if a := d.post(t, paul, escalationPath+"/lines", form); a.status != http.StatusSeeOther {
		t.Fatalf("added: %d %s", a.status, a.text(t))
	}
	doc := d.get(t, paul, escalationPath).page(t)
	if got := doc.Find("main table tbody tr").First().Text(); !strings.Contains(got, "Teams") || doc.Find("main table tbody tr").Length() != lines+1 {
		t.Errorf("the first line is %s", got)
	}
	if !strings.Contains(doc.Find("#versions").Parent().Text(), "Accord avec notre fournisseur") {
		t.Error("nobody reads why")
	}
	at := url.Values{"at": {versionOf(t, d)}, "do": {"down"}}
	if a := d.post(t, paul, escalationPath+"/lines/1/place", at); a.status != http.StatusSeeOther || !strings.HasSuffix(a.to(), "#line-2") {
		t.Errorf("moved: %d %s", a.status, a.to())
	}
	if a := d.post(t, paul, escalationPath+"/lines/2/removal", at); a.status != http.StatusConflict || !strings.Contains(a.text(t), "Rien n’a été changé") {
		t.Errorf("from an old page: %d", a.status)
	}
	if a := d.post(t, paul, escalationPath+"/lines/2/removal", url.Values{"at": {versionOf(t, d)}}); a.status != http.StatusSeeOther {
		t.Errorf("taken away: %d", a.status)
	}
	if n := d.get(t, paul, escalationPath).page(t).Find("main table tbody tr").Length(); n != lines {
		t.Errorf("%d lines", n)
	}
	before := versionOf(t, d)
	last := d.get(t, paul, escalationPath).page(t).Find("main table tbody tr").Length()
	a = d.post(t, paul, escalationPath+"/lines/"+strconv.Itoa(last)+"/removal", url.Values{"at": {before}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(t), "La dernière ligne doit convenir à tout") || versionOf(t, d) != before {
		t.Errorf("the last line taken away: %d %s", a.status, a.text(t))
	}
	for _, path := range []string{"/lines/0", "/lines/999", "/lines/x", "/providers/nobody", "/versions/999", "/versions/x"} {
		if a := d.get(t, paul, escalationPath+path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// A reseller's Azure request can be sent to Microsoft by no line, and the form says why.
func TestNoLineSendsAResellersAzureToMicrosoft(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	before := versionOf(t, d)
	a := d.post(t, paul, escalationPath+"/lines", url.Values{"at": {before}, "place": {"1"}, "relation": {"reseller"}, "workload": {"azure"}, "target": {"microsoft"}, "portal": {"azure_portal"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(t), "refuse même avec un contrat de support") || versionOf(t, d) != before {
		t.Errorf("%d %s", a.status, a.text(t))
	}
	a.complains(t, "target")
	for name, form := range map[string]url.Values{
		"words that there are not": {"relation": {"<b>"}, "family": {"x"}, "target": {"mars"}, "portal": {"'; drop table handovers"}},
		"nothing":                  {},
		"a long note":              {"kind": {"billing"}, "topic": {"seats"}, "target": {"nobody"}, "note_en": {strings.Repeat("é", 501)}},
		"a line behind another":    {"place": {"999"}, "relation": {"reseller"}, "target": {"nobody"}},
	} {
		form.Set("at", before)
		if a := d.post(t, paul, escalationPath+"/lines", form); a.status != http.StatusUnprocessableEntity || versionOf(t, d) != before {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

// Of two admins the second is told, keeps what he typed, and his line is found
// where it stands by then.
func TestTwoAdminsChangeLinesAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	mine := d.get(t, paul, escalationPath+"/lines/4").form(t, escalationPath+"/lines/4")
	contact := d.get(t, paul, escalationPath+"/contact").form(t, escalationPath+"/contact")
	theirs := d.get(t, paul, escalationPath+"/lines/new").form(t, escalationPath+"/lines")
	theirs.Set("topic", "seats")
	theirs.Set("kind", "billing")
	theirs.Set("target", "nobody")
	if a := d.post(t, paul, escalationPath+"/lines", theirs); a.status != http.StatusSeeOther {
		t.Fatalf("the first: %d %s", a.status, a.text(t))
	}
	mine.Set("note_fr", "Ce que le second a tapé")
	a := d.post(t, paul, escalationPath+"/lines/4", mine)
	doc := a.page(t)
	if a.status != http.StatusConflict || !strings.Contains(a.text(t), "Paul Mercier a enregistré la version") || doc.Find("textarea[name=note_fr]").Text() != "Ce que le second a tapé" {
		t.Fatalf("the second: %d %s", a.status, a.text(t))
	}
	if doc.Find(`form[action="`+escalationPath+`/lines/5"]`).Length() != 1 {
		t.Error("his line stands one further, and the form does not follow it")
	}
	if a := d.post(t, paul, escalationPath+"/lines/5", a.form(t, escalationPath+"/lines/5")); a.status != http.StatusSeeOther {
		t.Errorf("saved over it: %d %s", a.status, a.text(t))
	}
	contact.Set("contact_phone", "+33 1 23 45 67 89")
	a = d.post(t, paul, escalationPath+"/contact", contact)
	if a.status != http.StatusConflict || a.page(t).Find("[name=contact_phone]").AttrOr("value", "") != "+33 1 23 45 67 89" {
		t.Errorf("the contact: %d", a.status)
	}
	statuses := map[int]int{}
	for _, a := range d.together(t, paul, escalationPath+"/approval", url.Values{"at": {versionOf(t, d)}, "approval": {"always"}}) {
		statuses[a.status]++
	}
	if statuses[http.StatusSeeOther] != 1 || statuses[http.StatusConflict] != 9 {
		t.Errorf("pressed ten times at once: %v", statuses)
	}
}

func TestHandoversAreBroughtBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	contact := d.get(t, paul, escalationPath+"/contact").form(t, escalationPath+"/contact")
	was := contact.Get("contact_name")
	contact.Set("contact_name", "Nadia Benali")
	contact.Set("contact_extra", "a@alpine.example\nb@alpine.example")
	if a := d.post(t, paul, escalationPath+"/contact", contact); a.status != http.StatusSeeOther {
		t.Fatalf("changed: %d %s", a.status, a.text(t))
	}
	old := escalationPath + "/versions/1"
	form := d.get(t, paul, old).form(t, old+"/restoration")
	if a := d.post(t, paul, old+"/restoration", url.Values{"at": {"0"}}); a.status != http.StatusConflict {
		t.Errorf("from an old page: %d", a.status)
	}
	if a := d.post(t, paul, old+"/restoration", form); a.status != http.StatusSeeOther {
		t.Fatalf("brought back: %d %s", a.status, a.text(t))
	}
	text := d.get(t, paul, escalationPath).text(t)
	if strings.Contains(text, "Nadia Benali") || !strings.Contains(text, was) || !strings.Contains(text, "Retour à la version 1") {
		t.Errorf("after it: %s", text)
	}
	if text := d.get(t, paul, escalationPath+"/versions/0").text(t); !strings.Contains(text, "Version livrée") {
		t.Error("what was shipped is not shown")
	}
}

func TestProvidersAreKept(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	add := func(change url.Values) answer {
		form := d.get(t, paul, escalationPath+"/providers/new").form(t, escalationPath+"/providers")
		for name, values := range change {
			form[name] = values
		}
		return d.post(t, paul, escalationPath+"/providers", form)
	}
	for field, bad := range map[string]string{"name": " ", "email": "x", "phone": "call", "portal": "http://x.example", "desk": "nowhere"} {
		change := url.Values{"name": {"Meridian"}}
		change.Set(field, bad)
		a := add(change)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", field, bad, a.status)
		}
		a.complains(t, field)
	}
	if a := add(url.Values{"name": {"Nous-mêmes"}, "desk": {"alpine"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("the desk itself: %d", a.status)
	}
	if a := add(url.Values{"name": {"Meridian"}, "desk": {"meridian"}, "portal": {"https://meridian.example/support"}}); a.status != http.StatusSeeOther {
		t.Fatalf("added: %d %s", a.status, a.text(t))
	}
	at := escalationPath + "/providers/meridian"
	form := d.get(t, paul, at).form(t, at)
	form.Set("phone", "+32 2 555 01 10")
	if a := d.post(t, paul, at, form); a.status != http.StatusSeeOther {
		t.Errorf("changed: %d %s", a.status, a.text(t))
	}
	form.Set("do", "remove")
	if a := d.post(t, paul, at, form); a.status != http.StatusConflict {
		t.Errorf("taken away from an old page: %d", a.status)
	}
	form.Set("at", versionOf(t, d))
	if a := d.post(t, paul, at, form); a.status != http.StatusSeeOther || d.get(t, paul, at).status != http.StatusNotFound {
		t.Errorf("taken away: %d", a.status)
	}
}

// The contract's id goes in and never comes out; a draft of an ended session has none.
func TestContractIDsAreNeverShown(t *testing.T) {
	t.Parallel()
	d := open(t)
	paul := d.as(t, "alpine", "paul@alpine.example")
	const plans, secret = "/alpine/settings/plans", "C-TOP-SECRET-77"
	typed := url.Values{"name": {"Unified Europe"}, "kind": {"unified"}, "access_id": {"AE-1"}, "contract": {secret}, "expires": {"2099-01-31"}, "remaining": {"12"}, "reply_A": {"15"}}
	if a := d.post(t, paul, plans, url.Values{"kind": {"x"}, "contract": {secret}}); a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, secret) {
		t.Errorf("refused, the form shows the secret: %d", a.status)
	}
	if a := d.post(t, paul, plans, typed); a.status != http.StatusSeeOther {
		t.Fatalf("added: %d %s", a.status, a.text(t))
	}
	at := plans + "/" + look[string](t, d, `select id::text from partner_plans where name = 'Unified Europe'`)
	for _, path := range []string{plans, at} {
		if a := d.get(t, paul, path); a.status != http.StatusOK || strings.Contains(a.body, secret) || !strings.Contains(a.body, "Unified Europe") {
			t.Errorf("%s shows the secret: %d", path, a.status)
		}
	}
	if n := look[int](t, d, `select count(*) from partner_plans where position('SECRET'::bytea in contract) > 0`); n != 0 {
		t.Error("it is stored as it is")
	}
	form := d.get(t, paul, at).form(t, at)
	if form.Get("reply_A") != "15" || form.Get("reply_B") != "" {
		t.Errorf("what the contract promises comes back as %q and %q", form.Get("reply_A"), form.Get("reply_B"))
	}
	form.Set("reply_B", "soon")
	if a := d.post(t, paul, at, form); a.status != http.StatusUnprocessableEntity || a.page(t).Find("[name=reply_B]").AttrOr("value", "") != "soon" || a.page(t).Find("[name=reply_B]").AttrOr("aria-invalid", "") != "true" {
		t.Errorf("no minutes: %d", a.status)
	}
	form.Set("reply_B", "")
	form.Set("name", "Unified Monde")
	if a := d.post(t, paul, at, form); a.status != http.StatusSeeOther || look[int](t, d, `select count(*) from partner_plans where name = 'Unified Monde' and contract <> ''`) != 1 {
		t.Errorf("kept: %d", a.status)
	}
	a := d.post(t, paul, at, form)
	if a.status != http.StatusConflict || a.page(t).Find("[name=name]").AttrOr("value", "") != "Unified Monde" {
		t.Errorf("from an old page: %d", a.status)
	}
	form.Set("revision", "2")
	form.Set("forget", "on")
	if a := d.post(t, paul, at, form); a.status != http.StatusSeeOther || look[int](t, d, `select count(*) from partner_plans where name = 'Unified Monde' and contract <> ''`) != 0 {
		t.Errorf("forgotten: %d", a.status)
	}
	d.stage(t, `delete from sessions`)
	if a := d.post(t, paul, plans, typed); a.status != http.StatusSeeOther || look[int](t, d, `select count(*) from sessions where data::text like '%SECRET%'`) != 0 {
		t.Errorf("the draft of an ended session holds the secret: %d", a.status)
	}
}

func TestWhereItGoes(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	lumen := look[desk.ID](t, d, `select id from customers where name = 'Fabrique Lumen'`)
	const at = "/alpine/escalations/where"
	for path, says := range map[string][]string{
		at: {"Où va cette demande", "Les questions habituelles", "Choisissez un service"},
		at + "?workload=azure&customer=" + lumen.String():           {"À Microsoft, dans le portail Azure", "Support Request Contributor", "C’est la ligne"},
		at + "?workload=azure&relation=reseller":                    {"Au fournisseur indirect", "Microsoft ne prend aucune demande Azure"},
		at + "?q=fabrique+lumen&workload=exchange":                  {"Client : Fabrique Lumen", "dans le centre d’administration Microsoft 365"},
		at + "?q=e&workload=exchange":                               {"Plusieurs clients conviennent"},
		at + "?q=zzzz":                                              {"Aucun client de ce nom"},
		at + "?vulnerability=on":                                    {"Au centre de sécurité de Microsoft"},
		at + "?workload=%3Cscript%3E&relation=x&topic=%00&q=%FF%00": {"Choisissez un service"},
		at + "?workload=marketplace":                                {"À l’éditeur du produit", "Signalis"},
		at + "?workload=on_premises":                                {"dans Services Hub", "Demandes Solutions Partner"},
	} {
		a := d.get(t, ines, path)
		text := strings.ReplaceAll(a.text(t), "\u202f", " ")
		for _, s := range says {
			if a.status != http.StatusOK || !strings.Contains(text, s) {
				t.Errorf("%s: %d does not say %q: %.1500s", path, a.status, s, text)
			}
		}
	}
	link := d.get(t, ines, at+"?workload=teams&customer="+lumen.String()).page(t).Find(`a[target=_blank]`)
	if href := link.AttrOr("href", ""); !strings.HasPrefix(href, "https://admin.cloud.microsoft/?delegatedOrg=") || !strings.HasSuffix(href, ".onmicrosoft.com") {
		t.Errorf("the link is %q", href)
	}
	d.stage(t, `update customers set initial_domain = '' where id = $1`, lumen)
	if text := d.get(t, ines, at+"?workload=teams&customer="+lumen.String()).text(t); !strings.Contains(text, "son domaine initial") {
		t.Errorf("what is missing is not said: %s", text)
	}
}

// A customer that moves to another relation routes anew, and his page says so.
func TestCustomersPageSaysWhereEscalationsGo(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	at := "/alpine/settings/customers/" + look[string](t, d, `select id::text from customers where name = 'Fabrique Lumen'`)
	for relation, says := range map[string]string{"direct": "Azure : à Microsoft", "reseller": "Azure : au fournisseur indirect"} {
		d.stage(t, `update customers set relationship = $1 where name = 'Fabrique Lumen'`, relation)
		if text := strings.ReplaceAll(d.get(t, ines, at).text(t), "\u202f", " "); !strings.Contains(text, says) {
			t.Errorf("%s: the page does not say %q", relation, says)
		}
	}
}
