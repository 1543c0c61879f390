package server_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

const reports = "/alpine/reports"

// Names are typed by people, and a spreadsheet calculates what looks like a
// formula.
func TestSheetsHoldNoFormula(t *testing.T) {
	t.Parallel()
	d := open(t)
	for i, sign := range []string{"=", "+", "-", "@", "\t", "\r", "＝", "＋"} {
		d.stage(t, `with c as (insert into customers (desk_id, id, name, tenant, relationship, region, note, priority, open_door, active, domains, initial_domain, created_at)
				select desk_id, gen_random_uuid(), $1, '', relationship, region, note, priority, open_door, active, '{}', '', created_at from customers where name = 'Hôtel du Lac' returning desk_id, id)
			, w as (insert into monthly_work select desk_id, date_trunc('month', now())::date, id, 'EUR', 60, 30, -1.50 from c)
			insert into daily_figures select desk_id, now()::date, id, '=standard', 'first_reply', 1, 0, 0, 0, 60 from c`, sign+"cmd|' /C calc'!A0 "+string(rune('a'+i)))
	}
	agent := d.as(t, "alpine", "ines@alpine.example")
	for file, column := range map[string]int{"attainment": 3, "work": 0} {
		a := d.get(t, agent, reports+"/"+file+".csv")
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") || a.header.Get("Content-Disposition") != `attachment; filename="alpine-`+file+`.csv"` {
			t.Errorf("%s: %d %v", file, a.status, a.header)
		}
		rows := sheetOf(t, a.body)
		guarded := 0
		for _, row := range rows[1:] {
			for i, cell := range row {
				number := file == "work" && i == 3
				if cell != "" && strings.ContainsRune("=+-@\t\r＝＋", []rune(cell)[0]) && !number {
					t.Errorf("%s: a formula %q", file, cell)
				}
			}
			if strings.HasPrefix(row[column], "'") {
				guarded++
			}
		}
		if guarded != 8 {
			t.Errorf("%s: %d names guarded:\n%s", file, guarded, a.body)
		}
	}
}

func sheetOf(t *testing.T, body string) [][]string {
	t.Helper()
	rest, marked := strings.CutPrefix(body, "\ufeff")
	in := csv.NewReader(strings.NewReader(rest))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || !marked || len(rows) < 2 {
		t.Fatalf("%v, %d rows:\n%s", err, len(rows), body)
	}
	return rows
}

// Filters are read from an address that anybody can write.
func TestReportsOfHostileFilters(t *testing.T) {
	t.Parallel()
	d := open(t)
	agent := d.as(t, "alpine", "ines@alpine.example")
	foreign := look[string](t, d, `select min(c.id::text) from customers c join desks d on d.id = c.desk_id where d.slug = 'brume'`)
	for query, want := range map[string]int{
		"":                                       http.StatusOK,
		"from=9999-99&to=%00":                    http.StatusOK,
		"type=" + url.QueryEscape("' or 1=1 --"): http.StatusOK,
		"type=%ff%00":                            http.StatusOK,
		"type=" + strings.Repeat("x", 5000):      http.StatusOK,
		"customer=" + foreign:                    http.StatusNotFound,
		"customer=" + desk.NewID().String():      http.StatusNotFound,
		"customer=1":                             http.StatusNotFound,
		"customer=%00":                           http.StatusNotFound,
	} {
		for _, page := range []string{"", "/attainment.csv", "/hours.csv", "/sides.csv", "/work.csv"} {
			if a := d.get(t, agent, reports+page+"?"+query); a.status != want {
				t.Errorf("%s?%.60s: %d, want %d", page, query, a.status, want)
			}
		}
	}
}

// The demo's figures are there from the first minute, and lead to one customer.
func TestReportsOfTheDemoAreFull(t *testing.T) {
	t.Parallel()
	d := open(t)
	agent := d.as(t, "alpine", "ines@alpine.example")
	all := d.get(t, agent, reports)
	for _, part := range []string{"#promises", "#hours", "svg.heat", `svg[aria-labelledby^="clock-first-reply"]`} {
		if all.page(t).Find(part).Length() != 1 {
			t.Errorf("%s is missing", part)
		}
	}
	link, ok := all.page(t).Find(`table a[href*="customer="]`).First().Attr("href")
	if !ok {
		t.Fatal("no customer is linked")
	}
	one := d.get(t, agent, link)
	if one.status != http.StatusOK || one.page(t).Find(".chip a").Length() != 1 || one.page(t).Find("#customers-title").Length() != 0 {
		t.Errorf("%s: %d %s", link, one.status, one.text(t))
	}
	tickets := look[int](t, d, `select sum(tickets)::int from monthly_tickets m join desks d on d.id = m.desk_id where d.slug = 'alpine'`)
	if want := look[int](t, d, `select count(*)::int from tickets t join desks d on d.id = t.desk_id where d.slug = 'alpine'`); tickets != want {
		t.Errorf("%d tickets in the figures, %d in the desk", tickets, want)
	}
}
