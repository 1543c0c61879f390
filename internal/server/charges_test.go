package server_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/desk"
)

// workedTicket is one of Fabrique Lumen's that is open.
func workedTicket(t *testing.T, d *door) string {
	t.Helper()
	number := look[int64](t, d, `select max(t.number) from tickets t join customers c on c.id = t.customer_id where c.name = 'Fabrique Lumen' and t.state not in ('resolved', 'closed')`)
	return fmt.Sprintf("/alpine/tickets/%d", number)
}

func TestTimeThatCannotBeComesBackFilled(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines, ticket := d.as(t, "alpine", "ines@alpine.example"), workedTicket(t, d)
	before := look[int64](t, d, `select count(*) from time_entries`)
	tomorrow := time.Now().AddDate(0, 0, 2).Format("2006-01-02T15:04")
	for name, c := range map[string]struct {
		form   url.Values
		fields []string
	}{
		"below zero":     {url.Values{"spent": {"-10"}, "worked": {"Le <b>texte</b> tapé"}}, []string{"spent"}},
		"nothing at all": {url.Values{}, []string{"spent", "worked"}},
		"far too long":   {url.Values{"spent": {"9999 h"}, "worked": {"Le <b>texte</b> tapé"}}, []string{"spent"}},
		"the future":     {url.Values{"spent": {"10"}, "worked": {"Le <b>texte</b> tapé"}, "ended": {tomorrow}}, []string{"ended"}},
		"no date":        {url.Values{"spent": {"10"}, "worked": {"Le <b>texte</b> tapé"}, "ended": {"hier"}}, []string{"ended"}},
		"a novel":        {url.Values{"spent": {"10"}, "worked": {strings.Repeat("long ", 200)}}, []string{"worked"}},
	} {
		a := d.post(t, ines, ticket+"/time", c.form)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.status)
			continue
		}
		a.complains(t, c.fields...)
		doc := a.page(t)
		if got := doc.Find("#spent").AttrOr("value", "?"); got != c.form.Get("spent") {
			t.Errorf("%s: the time came back as %q", name, got)
		}
		if got := strings.TrimSpace(doc.Find("#worked").Text()); got != strings.TrimSpace(c.form.Get("worked")) {
			t.Errorf("%s: the text came back as %q", name, got)
		}
		if got := doc.Find("#ended").AttrOr("value", "?"); got != c.form.Get("ended") {
			t.Errorf("%s: the hour came back as %q", name, got)
		}
		if _, open := doc.Find("details#time").Attr("open"); !open {
			t.Errorf("%s: the form is folded away", name)
		}
	}
	if n := look[int64](t, d, `select count(*) from time_entries`); n != before {
		t.Errorf("%d entries were written", n-before)
	}
}

func TestAnAgentLogsAndTakesBack(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines, ticket := d.as(t, "alpine", "ines@alpine.example"), workedTicket(t, d)
	form := d.get(t, ines, ticket).form(t, ticket+"/time")
	if form.Get("billable") != "on" || form.Get("key") == "" {
		t.Errorf("the form as it is shown: %v", form)
	}
	form.Set("spent", "1 h 10")
	form.Set("worked", "Deux comptes remis d’aplomb")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if a := d.post(t, ines, ticket+"/time", form); a.status != http.StatusSeeOther {
				t.Errorf("logging: %d", a.status)
			}
		})
	}
	wg.Wait()
	id := look[string](t, d, `select id::text from time_entries where text = 'Deux comptes remis d’aplomb'`)
	a := d.get(t, ines, ticket)
	if text := a.page(t).Find("#time").Text(); !strings.Contains(text, "Deux comptes remis d’aplomb") || !strings.Contains(text, "prépayé") {
		t.Errorf("the panel reads %q", text)
	}
	correct := d.get(t, ines, ticket+"?entry="+id).form(t, ticket+"/time/"+id)
	if correct.Get("worked") != "Deux comptes remis d’aplomb" || !strings.Contains(correct.Get("spent"), "70") {
		t.Errorf("the correction begins with %v", correct)
	}
	correct.Set("spent", "50 min")
	if a := d.post(t, ines, ticket+"/time/"+id, correct); a.status != http.StatusSeeOther {
		t.Errorf("correcting: %d %s", a.status, a.text(t))
	}
	if got := look[int64](t, d, `select extract(epoch from ended_at - began_at)::bigint / 60 from time_entries where id = $1::text::uuid`, id); got != 50 {
		t.Errorf("%d minutes", got)
	}
	if a := d.post(t, d.as(t, "alpine", "hugo@alpine.example"), ticket+"/time/"+id+"/removal", nil); a.status != http.StatusForbidden {
		t.Errorf("a colleague removes it: %d", a.status)
	}
	if a := d.post(t, ines, ticket+"/time/"+id+"/removal", nil); a.status != http.StatusSeeOther {
		t.Errorf("removing: %d", a.status)
	}
	if n := look[int64](t, d, `select count(*) from charges where entry_id = $1::text::uuid`, id); n != 0 {
		t.Errorf("%d charges are left", n)
	}
}

func TestTheTimerIsSeenEverywhere(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines, ticket := d.as(t, "alpine", "ines@alpine.example"), workedTicket(t, d)
	if a := d.post(t, ines, ticket+"/time/start", nil); a.status != http.StatusSeeOther {
		t.Fatalf("starting: %d", a.status)
	}
	badge := func() int {
		return d.get(t, ines, "/alpine/queue").page(t).Find(`header a[href="` + ticket + `#time"]`).Length()
	}
	if badge() != 1 {
		t.Error("the queue shows no timer")
	}
	other := look[int64](t, d, `select min(t.number) from tickets t join desks d on d.id = t.desk_id where d.slug = 'alpine'`)
	a := d.post(t, ines, fmt.Sprintf("/alpine/tickets/%d/time/start", other), nil)
	if a.status != http.StatusConflict || a.page(t).Find(`#time a[href="`+ticket+`#time"]`).Length() != 1 {
		t.Errorf("a second timer: %d", a.status)
	}
	if a := d.post(t, ines, ticket+"/time/stop", url.Values{"worked": {""}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("stopping without a word: %d", a.status)
	}
	if a := d.post(t, ines, ticket+"/time/stop", url.Values{"worked": {"Vu avec le client"}}); a.status != http.StatusSeeOther {
		t.Errorf("stopping: %d", a.status)
	}
	if badge() != 0 {
		t.Error("the timer still runs")
	}
}

// From the review to the customer's manager: amounts are approved, a statement is
// issued, he reads it and takes it away as a table that runs no formula.
func TestAMonthIsReviewedIssuedAndRead(t *testing.T) {
	t.Parallel()
	d := open(t)
	lead, manager, contact := d.as(t, "alpine", "karim@alpine.example"), d.as(t, "alpine", "max@lumen.example"), d.as(t, "alpine", "lea@lumen.example")
	customer := d.actor(t, "alpine", "max@lumen.example").Person.CustomerID
	month := string(desk.MonthOf(time.Now(), time.UTC))
	for n, text := range []string{`=HYPERLINK("http://evil.example";"Cliquez")`, "+33 4 78", "-2 comptes", "@SUM(A1)", "Sage"} {
		form := d.get(t, lead, "/alpine/charges/new?customer="+customer.String()).form(t, "/alpine/charges")
		form.Set("what", text)
		form.Set("amount", fmt.Sprintf("%d,50", n+1))
		form.Set("month", month)
		if a := d.post(t, lead, "/alpine/charges", form); a.status != http.StatusSeeOther {
			t.Fatalf("adding: %d %s", a.status, a.text(t))
		}
	}
	review := "/alpine/charges?customer=" + customer.String()
	chosen := url.Values{"do": {"waive"}, "charge": {look[string](t, d, `select id::text from charges where text = 'Sage'`)}}
	a := d.post(t, lead, "/alpine/charges/decisions?customer="+customer.String(), chosen)
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find(`input[name=charge][checked]`).Length() != 1 {
		t.Errorf("waiving without a reason: %d", a.status)
	}
	a.complains(t, "reason")
	page := url.Values{"do": {"approve_page"}}
	for _, box := range d.get(t, lead, review).page(t).Find("input[name=shown]").EachIter() {
		page.Add("shown", box.AttrOr("value", ""))
	}
	if a := d.post(t, lead, "/alpine/charges/decisions?customer="+customer.String(), page); a.status != http.StatusSeeOther {
		t.Fatalf("approving: %d %s", a.status, a.text(t))
	}
	if a := d.post(t, lead, "/alpine/statements", url.Values{"customer": {customer.String()}, "month": {"soon"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a month that is none: %d", a.status)
	}
	a = d.post(t, lead, "/alpine/statements", url.Values{"customer": {customer.String()}, "month": {month}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("issuing: %d %s", a.status, a.text(t))
	}
	statement := a.to()
	if list := d.get(t, manager, "/alpine/statements"); list.page(t).Find(`a[href="`+statement+`"]`).Length() != 1 || list.page(t).Find("meter").Length() == 0 {
		t.Errorf("the manager's page: %s", list.text(t))
	}
	if a := d.get(t, manager, statement); a.status != http.StatusOK || !strings.Contains(a.text(t), "Sage") || a.page(t).Find(".statement details.amount li").Length() < 5 {
		t.Errorf("the manager reads %d %s", a.status, a.text(t))
	}
	for _, path := range []string{"/alpine/statements", statement, statement + "/csv"} {
		if a := d.get(t, contact, path); a.status != http.StatusForbidden {
			t.Errorf("a contact asks %s: %d", path, a.status)
		}
	}
	file := d.get(t, manager, statement+"/csv")
	if !strings.HasPrefix(file.header.Get("Content-Type"), "text/csv") || file.header.Get("Content-Disposition") != `attachment; filename="statement-`+month+`-001.csv"` {
		t.Errorf("sent as %s, %s", file.header.Get("Content-Type"), file.header.Get("Content-Disposition"))
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || !strings.HasPrefix(file.body, "\ufeff") || !strings.Contains(file.body, "\r\n") || len(rows) < 6 {
		t.Fatalf("%d rows (%v)", len(rows), err)
	}
	texts := map[string]string{}
	for _, row := range rows[1:] {
		texts[row[5]] = row[9] + " " + row[10]
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) || strings.HasPrefix(cell, "-2 ") {
				t.Errorf("a cell begins like a formula: %q", cell)
			}
		}
	}
	if texts[`'=HYPERLINK("http://evil.example";"Cliquez")`] != "1.50 EUR" || texts["'-2 comptes"] != "3.50 EUR" || texts["Sage"] != "5.50 EUR" {
		t.Errorf("%v", texts)
	}
}

func TestBlocksAreSoldOnTheCustomersPage(t *testing.T) {
	t.Parallel()
	d := open(t)
	admin, agent := d.as(t, "alpine", "paul@alpine.example"), d.as(t, "alpine", "ines@alpine.example")
	customer := d.actor(t, "alpine", "sam@hoteldulac.example").Person.CustomerID.String()
	path := "/alpine/settings/customers/" + customer
	bad := url.Values{"block_name": {"Dix <i>heures</i>"}, "block_time": {"x"}, "block_price": {"-1"}, "block_expires": {"2020-01-01"}}
	a := d.post(t, admin, path+"/blocks", bad)
	if a.status != http.StatusUnprocessableEntity || a.page(t).Find("#block_name").AttrOr("value", "") != "Dix <i>heures</i>" {
		t.Errorf("a bad block: %d", a.status)
	}
	a.complains(t, "block_time", "block_price", "block_expires")
	if a := d.post(t, admin, path+"/blocks", url.Values{"block_name": {"Dix heures"}, "block_time": {"10"}}); a.status != http.StatusSeeOther {
		t.Fatalf("selling: %d %s", a.status, a.text(t))
	}
	block := look[string](t, d, `select id::text from blocks where name = 'Dix heures'`)
	a = d.post(t, admin, path+"/blocks/"+block, url.Values{"block_expires": {"1999-01-01"}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a bad last day: %d", a.status)
	}
	a.complains(t, "block_expires")
	if a := d.get(t, agent, path); !strings.Contains(a.text(t), "Dix heures") || a.page(t).Find(`form[action*="/blocks"]`).Length() != 0 {
		t.Errorf("an agent reads %s", a.text(t))
	}
	for _, path := range []string{"/alpine/tickets"} {
		if a := d.get(t, d.as(t, "alpine", "sam@hoteldulac.example"), path); !strings.Contains(a.text(t), "il vous reste 10") {
			t.Errorf("the customer reads on %s: %s", path, a.text(t))
		}
	}
	if a := d.post(t, admin, path+"/blocks/"+block+"/closure", nil); a.status != http.StatusSeeOther {
		t.Errorf("closing: %d", a.status)
	}
}
