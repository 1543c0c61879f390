package page

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// aReport is a year with something of everything.
func aReport(t *testing.T) Reports {
	t.Helper()
	o := desk.FirstOffer(deskOf(t)).Content
	clinic := desk.NewID()
	at := noon
	r := desk.Report{Filter: desk.NewReportFilter("", "", "2026-11-10"), RolledAt: &at, Offer: o,
		Months: []desk.MonthFigure{
			{Month: "2026-11-01", Figure: desk.Figure{Clock: desk.FirstReply, Met: 34, Missed: 3, Dropped: 5, Seconds: 37 * 600}},
			{Month: "2026-10-01", Figure: desk.Figure{Clock: desk.FirstReply, Met: 1240, Seconds: 9000}},
			{Month: "2026-11-01", Figure: desk.Figure{Clock: desk.WithMicrosoft, Counted: 2, Seconds: 2 * 5 * 3600}},
		},
		Types: []desk.TypeFigure{{Type: "standard", Figure: desk.Figure{Clock: desk.FirstReply, Met: 34, Missed: 3}}, {Type: "old", Figure: desk.Figure{Clock: desk.FirstReply, Met: 1}}},
		Customers: []desk.CustomerFigure{{CustomerID: clinic, Customer: "Clinique Saint-Irénée", Figure: desk.Figure{Clock: desk.FirstReply, Met: 1, Missed: 2}},
			{CustomerID: desk.NewID(), Customer: "Hôtel du Lac", Figure: desk.Figure{Clock: desk.FirstReply, Met: 33, Missed: 1}}},
		Hours: []desk.HourFigure{{Weekday: 0, Hour: 7, Tickets: 14, Closed: 14}, {Weekday: 2, Hour: 10, Tickets: 86}},
		Open:  []desk.OpenTime{{Weekday: 0, From: 510, To: 750}},
	}
	r.Latest = r.Headline()
	r.Latest.Worst = "Clinique Saint-Irénée"
	p := Reports{Report: r, Today: "2026-11-10"}
	for i := range ReportWorkMost + 3 {
		r.Work = append(r.Work, desk.WorkFigure{CustomerID: desk.NewID(), Customer: fmt.Sprintf("Client %02d", i), Minutes: 600 - i, Billable: 300, Amount: "1240.50", Currency: "EUR"})
	}
	var err error
	if p.Work, err = r.TopWork(ReportWorkMost); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReportsSayWhatTheyShow(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang][]string{
		i18n.French: {"92\u202f% dans les délais en novembre 2026, 3 promesses en retard, surtout chez Clinique Saint-Irénée.",
			"14\u202f% des demandes arrivent pendant que vous êtes fermés, surtout le lundi entre 7\u202fh et 8\u202fh.", "De décembre 2025 à novembre 2026", "3 autres clients", "1\u202f240,50\u00a0€"},
		i18n.English: {"92% on time in November 2026, 3 promises late, worst: Clinique Saint-Irénée.",
			"14% of tickets come while you are closed, most on Monday between 07:00 and 08:00.", "December 2025 to November 2026", "3 other customers", "€1,240.50"},
	} {
		f := as(t, desk.Agent)
		f.Section = "reports"
		doc := drawn(t, lang, ReportsPage(f, aReport(t)))
		text := doc.Find("main").Text()
		for _, w := range want {
			if !strings.Contains(text, w) && !strings.Contains(strings.ReplaceAll(text, "\u00a0", "\u202f"), strings.ReplaceAll(w, "\u00a0", "\u202f")) {
				t.Errorf("%s: %q is not said in %q", lang, w, text)
			}
		}
		if doc.Find(`nav [aria-current]`).AttrOr("href", "") != "/alpine/reports" {
			t.Error("the navigation does not know where it is")
		}
	}
}

// A picture has a name, says in words what it shows, and its figures stand in a
// table with a caption and heads for both directions.
func TestChartsAreReadWithoutTheirPicture(t *testing.T) {
	t.Parallel()
	doc := drawn(t, i18n.French, ReportsPage(as(t, desk.Lead), aReport(t)))
	charts := doc.Find("main svg[role=img]")
	if charts.Length() != 6 {
		t.Errorf("%d charts", charts.Length())
	}
	ids := map[string]bool{}
	charts.Each(func(_ int, s *goquery.Selection) {
		for _, id := range strings.Fields(s.AttrOr("aria-labelledby", "")) {
			if named := doc.Find("#" + id); named.Length() != 1 || strings.TrimSpace(named.Text()) == "" || ids[id] {
				t.Errorf("%s is %d texts: %q", id, named.Length(), named.Text())
			}
			ids[id] = true
		}
	})
	if len(ids) != 12 {
		t.Errorf("names and words %v", ids)
	}
	doc.Find("main table").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Find("caption").Text()) == "" || s.Find("thead th:not([scope=col])").Length() > 0 || s.Find("tbody tr").Length() != s.Find("tbody th[scope=row]").Length() {
			t.Errorf("a table without its heads: %s", s.Find("caption").Text())
		}
	})
	if doc.Find("main table").Length() != 6 {
		t.Errorf("%d tables", doc.Find("main table").Length())
	}
	if doc.Find("[style]").Length() > 0 {
		t.Error("a style is written inline")
	}
	if doc.Find(`.scroll[tabindex="0"][role=region][aria-label] svg.heat`).Length() != 1 {
		t.Error("the week cannot be scrolled by keys")
	}
}

// What was dropped is shown, and is neither kept nor missed.
func TestDroppedPromisesAreShown(t *testing.T) {
	t.Parallel()
	doc := drawn(t, i18n.English, ReportsPage(as(t, desk.Agent), aReport(t)))
	var cells []string
	doc.Find("table").First().Find("tbody tr").Last().Find("th, td").Each(func(_ int, s *goquery.Selection) { cells = append(cells, strings.TrimSpace(s.Text())) })
	if got := strings.Join(cells, " | "); got != "November 2026 | 92% | 34 | 3 | 5" {
		t.Errorf("%q", got)
	}
}

func TestANewDeskIsToldWhatWillAppear(t *testing.T) {
	t.Parallel()
	r := Reports{Report: desk.Report{Filter: desk.NewReportFilter("", "", "2026-11-10")}, Today: "2026-11-10"}
	doc := drawn(t, i18n.French, ReportsPage(as(t, desk.Admin), r))
	if doc.Find(".empty li").Length() != 3 || doc.Find("main svg[role=img]").Length() != 0 {
		t.Errorf("%q", doc.Find("main").Text())
	}
	r.Filter.Type = "gold"
	doc = drawn(t, i18n.French, ReportsPage(as(t, desk.Admin), r))
	if doc.Find(`.empty a[href="/alpine/reports"]`).Length() != 1 || doc.Find(`select[name=type] option[selected]`).Text() != "gold" {
		t.Errorf("%q", doc.Find("main").Text())
	}
}

func TestReportsKeepTheirFilter(t *testing.T) {
	t.Parallel()
	r := aReport(t)
	r.Filter.Customer, r.Customer, r.Filter.Type = desk.NewID(), "Hôtel du Lac", "standard"
	doc := drawn(t, i18n.French, ReportsPage(as(t, desk.Agent), r))
	query := "?customer=" + r.Filter.Customer.String() + "&from=2025-12&to=2026-11&type=standard"
	for _, file := range []string{"attainment", "hours", "sides", "work"} {
		if doc.Find(`a[href="/alpine/reports/`+file+`.csv`+query+`"][aria-label]`).Length() != 1 {
			t.Errorf("%s.csv is not of the same report", file)
		}
	}
	if doc.Find(`.chip a[href="/alpine/reports?from=2025-12&to=2026-11&type=standard"]`).Length() != 1 {
		t.Error("the customer cannot be taken away")
	}
	if doc.Find("select[name=from] option").Length() != desk.MostMonths || doc.Find("select[name=from] option[selected]").AttrOr("value", "") != "2025-12" {
		t.Error("the months are not those that can be asked for")
	}
}

// Thirteen months: the picture has twelve, the table all.
func TestTablesHaveAllMonths(t *testing.T) {
	t.Parallel()
	r := aReport(t)
	r.Filter = desk.NewReportFilter("2025-11", "", "2026-11-10")
	doc := drawn(t, i18n.French, ReportsPage(as(t, desk.Agent), r))
	chart := doc.Find("svg[aria-labelledby^=clock-first-reply]")
	if texts := chart.Find("text").Length(); texts != 3*12 {
		t.Errorf("%d texts", texts)
	}
	if rows := doc.Find("table").First().Find("tbody tr").Length(); rows != 13 {
		t.Errorf("%d rows", rows)
	}
}

func TestRowsAreNumbersAndNames(t *testing.T) {
	t.Parallel()
	r := aReport(t)
	ctx := speaking(i18n.French)
	rows := AttainmentRows(ctx, []desk.Attained{{Month: "2026-11", Type: "standard", Customer: "=HYPERLINK()", Figure: desk.Figure{Clock: desk.FirstReply, Met: 3, Missed: 1}}}, r.Offer)
	if len(rows) != 2 || rows[1][2] != "Standard" || rows[1][3] != "=HYPERLINK()" || rows[1][4] != 3 || rows[1][7] != 75 {
		t.Errorf("%v", rows)
	}
	if rows := HoursRows(ctx, r.Report); len(rows) != 1+7*24 || rows[8][0] != "lundi" || rows[8][2] != 14 {
		t.Errorf("%d rows, %v", len(rows), rows[8])
	}
	if rows := SidesRows(ctx, r.Report); len(rows) != 2 || rows[1][2] != 300 {
		t.Errorf("%v", rows)
	}
	r.Report.Work = []desk.WorkFigure{{Customer: "A", Minutes: 1, Amount: "-1.50", Currency: "EUR"}}
	if rows := WorkRows(ctx, r.Report); fmt.Sprint(rows[1]) != "[A 1 0 -1.50 EUR]" {
		t.Errorf("%v", rows[1])
	}
}

func TestBriefFigures(t *testing.T) {
	t.Parallel()
	p := i18n.New(i18n.English, nil, noon)
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1k", 12500: "13k"} {
		if got := compact(p, n); got != want {
			t.Errorf("%s: %q, want %q", strconv.Itoa(n), got, want)
		}
	}
}
