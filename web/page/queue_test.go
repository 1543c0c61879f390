package page

import (
	"context"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/rules"
)

var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return l
}()

// speaking is a reader's context at noon, Paris time 14:18.
func speaking(lang i18n.Lang) context.Context {
	return i18n.With(context.Background(), i18n.New(lang, paris, noon))
}

// read renders a page and reads it back.
func read(t *testing.T, ctx context.Context, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// words is a selection's text on one line.
func words(s *goquery.Selection) string { return plainSpaces(s.Text()) }

// plainSpaces makes of every run of spaces, no-break ones too, a plain one.
func plainSpaces(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u202f", " ")), " ")
}

func at(d time.Duration) *time.Time {
	t := noon.Add(d)
	return &t
}

func sampleRow() desk.Row {
	return desk.Row{ID: desk.NewID(), Number: 10471, Subject: "Plus personne ne reçoit de courrier", Service: "Exchange Online", State: desk.Open,
		Priority: 1, Outcome: rules.Microsoft, Category: rules.ServiceUnavailable, Confirmed: true, Clock: desk.FirstReply,
		DueFrom: at(-time.Hour), DueAt: at(-18 * time.Minute), LastAt: noon.Add(-2 * time.Minute), LastSide: desk.CustomerSide,
		CustomerName: "Hôtel du Lac", CustomerPriority: true, RequesterName: "Sam Keller", AssigneeName: "Hugo Vidal"}
}

func sampleQueue() Queue {
	quiet := desk.Row{ID: desk.NewID(), Number: 10468, Subject: "Excel se ferme", Service: "Unknown", State: desk.WaitingCustomer, Priority: 3,
		Outcome: rules.NeedsInfo, LastAt: noon.Add(-26 * time.Hour), LastSide: desk.DeskSide, CustomerName: "Vélos Confluence"}
	return Queue{Filter: desk.QueueFilter{View: desk.ViewTodo}, Rows: []desk.Row{sampleRow(), quiet},
		Counts: map[desk.View]int{desk.ViewTodo: 27, desk.ViewMine: 0, desk.ViewDue: 4, desk.ViewAll: 501}}
}

func TestDeadlineSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		state     desk.State
		from, due *time.Time
		fr, en    string
		tone      string
		percent   int
	}{
		{"late", desk.Open, at(-time.Hour), at(-18 * time.Minute), "retard 18 min", "18 min late", "bad", 100},
		{"just late", desk.Open, at(-time.Hour), at(-time.Second), "retard < 1 min", "< 1 min late", "bad", 100},
		{"minutes", desk.New, at(-91 * time.Minute), at(9 * time.Minute), "reste 9 min", "9 min left", "bad", 91},
		{"ten minutes are not yet bad", desk.Open, at(-time.Hour), at(10 * time.Minute), "reste 10 min", "10 min left", "warn", 85},
		{"under an hour", desk.Open, at(0), at(42 * time.Minute), "reste 42 min", "42 min left", "warn", 0},
		{"mostly run", desk.Open, at(-132 * time.Minute), at(68 * time.Minute), "reste 1 h 08", "1 h 08 left", "warn", 66},
		{"time enough", desk.Open, at(-110 * time.Minute), at(130 * time.Minute), "reste 2 h 10", "2 h 10 left", "", 45},
		{"tonight", desk.Open, at(-time.Hour), at(6 * time.Hour), "reste 6 h", "6 h left", "", 14},
		{"tomorrow", desk.Open, at(-20 * time.Hour), at(19*time.Hour + 12*time.Minute), "demain 9 h 30", "tomorrow 09:30", "", 51},
		{"another day", desk.Open, at(0), at(68 * time.Hour), "13 nov. 10 h 18", "13 Nov 10:18", "", 0},
		{"clock without a beginning", desk.Open, nil, at(2 * time.Hour), "reste 2 h", "2 h left", "", 0},
		{"with the customer", desk.WaitingCustomer, nil, nil, "chez le client", "with customer", "", 0},
		{"with Microsoft", desk.WaitingMicrosoft, nil, nil, "chez Microsoft", "with Microsoft", "", 0},
		{"with a third party", desk.WaitingThirdParty, nil, nil, "chez un tiers", "with a third party", "", 0},
		{"the customer wrote while Microsoft works", desk.WaitingMicrosoft, at(0), at(2 * time.Hour), "reste 2 h", "2 h left", "", 0},
		{"answered", desk.Open, nil, nil, "répondu", "answered", "", 0},
		{"ended", desk.Closed, nil, nil, "terminée", "ended", "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for lang, want := range map[i18n.Lang]string{i18n.French: c.fr, i18n.English: c.en} {
				d := deadlineOf(i18n.New(lang, paris, noon), c.state, c.from, c.due)
				if got := plainSpaces(d.Text); got != want {
					t.Errorf("%s: %q, want %q", lang, got, want)
				}
				if d.Tone != c.tone || d.Percent != c.percent || d.Paused != (c.due == nil) {
					t.Errorf("%s: tone %q, %d %%, paused %v", lang, d.Tone, d.Percent, d.Paused)
				}
			}
		})
	}
}

func TestServiceNamesAreTheProducts(t *testing.T) {
	t.Parallel()
	p := i18n.New(i18n.French, paris, noon)
	for _, s := range desk.Services() {
		if serviceName(p, s.Name) == "" || serviceShort(p, s.Name) == "" || strings.Contains(serviceShort(p, s.Name), ".short.") {
			t.Errorf("%s: %q, %q", s.Name, serviceName(p, s.Name), serviceShort(p, s.Name))
		}
	}
	if got := serviceShort(p, "Microsoft Teams"); got != "Teams" {
		t.Errorf("%q", got)
	}
	if got := serviceName(p, "Unknown"); got != "Non précisé" {
		t.Errorf("%q", got)
	}
}

func TestQueueRowReadsWithoutColour(t *testing.T) {
	t.Parallel()
	d := read(t, speaking(i18n.French), QueuePage(as(t, desk.Agent), sampleQueue()))
	first := d.Find(".queue tbody tr").First()
	for selector, want := range map[string]string{
		".sla-cell": "retard 18 min", ".prio-cell": "Critique", ".title": "10471Plus personne ne reçoit de courrier", ".customer": "Hôtel du Lac client prioritaire",
		".service": "Exchange", ".who": "Hugo", ".last": "dernier mot du client, 2 min",
	} {
		if got := words(first.Find(selector)); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if !strings.HasSuffix(words(first.Find(".outcome-cell")), "tri confirmé") {
		t.Errorf("outcome %q", words(first.Find(".outcome-cell")))
	}
	if _, unread := first.Attr("data-unread"); !unread {
		t.Error("the customer spoke last, and the row does not say so")
	}
	second := d.Find(".queue tbody tr").Eq(1)
	for selector, want := range map[string]string{
		".sla-cell": "en pause, chez le client", ".prio-cell": "Normale", ".service": "Non précisé", ".who": "libre", ".last": "dernier mot du guichet, hier",
	} {
		if got := words(second.Find(selector)); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if _, unread := second.Attr("data-unread"); unread {
		t.Error("the desk spoke last, yet the row is unread")
	}
}

func TestQueueIsARealTable(t *testing.T) {
	t.Parallel()
	d := read(t, speaking(i18n.English), QueuePage(as(t, desk.Agent), sampleQueue()))
	if got := words(d.Find(".queue caption")); got != "To do, nearest deadline first" {
		t.Errorf("caption %q", got)
	}
	heads := d.Find(".queue thead th[scope=col]")
	if heads.Length() != d.Find(".queue tbody tr").First().Find("td").Length() {
		t.Errorf("%d heads over %d cells", heads.Length(), d.Find(".queue tbody tr").First().Find("td").Length())
	}
	if by := d.Find(".queue th[aria-sort]"); by.Length() != 1 || words(by) != "Due" || by.AttrOr("aria-sort", "") != "ascending" {
		t.Errorf("sorted by %q %q", words(by), by.AttrOr("aria-sort", ""))
	}
	if href := d.Find(".queue th a").Last().AttrOr("href", ""); href != "/alpine/queue/todo?sort=activity" {
		t.Errorf("activity sorts to %q", href)
	}
	if d.Find("h1").Length() != 1 || d.Find("h2").Length() == 0 {
		t.Error("headings are out of order")
	}
}

func TestQueueKeepsItsAddress(t *testing.T) {
	t.Parallel()
	q := sampleQueue()
	q.Filter = desk.QueueFilter{View: desk.ViewAll, State: desk.Open, Priority: 2, Service: "Microsoft Teams", Outcome: rules.Microsoft, Text: "écran & son",
		Sort: "priority", Customer: desk.NewID()}
	q.Customer = "Fabrique Lumen"
	q.Next = desk.Cursor{Priority: 2, At: noon, ID: desk.NewID()}
	d := read(t, speaking(i18n.French), QueuePage(as(t, desk.Agent), q))
	row := d.Find(".queue .title a").First().AttrOr("href", "")
	if !strings.HasPrefix(row, "/alpine/tickets/10471?from=all%3F") || !strings.Contains(row, "customer%3D"+q.Filter.Customer.String()) {
		t.Errorf("the ticket's address is %q", row)
	}
	if n := d.Find(".chip").Length(); n != 5 {
		t.Errorf("%d chips, want 5", n)
	}
	remove := d.Find(".chip a").First()
	if label := words(d.Find(".chip").First()); label != "Client : Fabrique Lumen" || strings.Contains(remove.AttrOr("href", ""), "customer=") {
		t.Errorf("%q leads to %q", label, remove.AttrOr("href", ""))
	}
	if more := d.Find("main .row a[href*='after=']"); more.Length() != 1 || !strings.Contains(more.AttrOr("href", ""), "state=open") {
		t.Errorf("the next page is at %q", more.AttrOr("href", ""))
	}
	if hidden := d.Find("form[role=search] input[type=hidden][name=customer]").AttrOr("value", ""); hidden != q.Filter.Customer.String() {
		t.Errorf("a new search forgets the customer: %q", hidden)
	}
	for _, name := range []string{"state", "priority", "service", "outcome"} {
		if d.Find("select[name="+name+"] option[selected]").AttrOr("value", "") == "" {
			t.Errorf("the filter %s does not show what is chosen", name)
		}
	}
}

func TestQueueHeadingCountsWhatItKnows(t *testing.T) {
	t.Parallel()
	next := desk.Cursor{At: noon, ID: desk.NewID()}
	cases := map[string]Queue{
		"27 tickets":            {Filter: desk.QueueFilter{View: desk.ViewTodo}, Counts: map[desk.View]int{desk.ViewTodo: 27}, Next: next},
		"More than 500 tickets": {Filter: desk.QueueFilter{View: desk.ViewAll}, Counts: map[desk.View]int{desk.ViewAll: 501}, Next: next},
		"0 tickets":             {Filter: desk.QueueFilter{View: desk.ViewTodo, Priority: 1}, Counts: map[desk.View]int{desk.ViewTodo: 27}},
		"1 ticket shown":        {Filter: desk.QueueFilter{View: desk.ViewTodo, Priority: 1}, Rows: []desk.Row{sampleRow()}, Next: next},
		"1 ticket":              {Filter: desk.QueueFilter{View: desk.ViewEnded}, Rows: []desk.Row{sampleRow()}},
	}
	for want, q := range cases {
		if got := q.heading(speaking(i18n.English)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestQueueRailCountsAndWarns(t *testing.T) {
	t.Parallel()
	d := read(t, speaking(i18n.French), QueuePage(as(t, desk.Agent), sampleQueue()))
	rail := d.Find(".rail a")
	if rail.Length() != len(desk.Views())+1 { // and what waits in quarantine
		t.Fatalf("%d views in the rail", rail.Length())
	}
	if got := words(d.Find(".rail [aria-current=page]")); got != "À traiter 27" {
		t.Errorf("current view %q", got)
	}
	if got := words(d.Find(".rail a[href$='/all']")); got != "Toutes ouvertes 500+" {
		t.Errorf("all: %q", got)
	}
	if due := d.Find(".rail [data-tone=bad]"); due.Length() != 1 || due.Find(".icon").Length() != 1 {
		t.Error("what is due has no sign beside its colour")
	}
}

func TestEmptyQueueSaysWhatToDo(t *testing.T) {
	t.Parallel()
	q := sampleQueue()
	q.Rows = nil
	if d := read(t, speaking(i18n.French), QueuePage(as(t, desk.Agent), q)); words(d.Find(".empty h2")) != "Tout est traité" || d.Find(".empty a").Length() != 0 {
		t.Errorf("done: %q", words(d.Find(".empty")))
	}
	q.Filter.Priority = 1
	d := read(t, speaking(i18n.French), QueuePage(as(t, desk.Agent), q))
	if d.Find(".empty a[href='/alpine/queue/todo']").Length() != 1 {
		t.Errorf("nothing matches, and no way to clear the filter: %q", words(d.Find(".empty")))
	}
}

func BenchmarkQueuePage(b *testing.B) {
	q := sampleQueue()
	q.Rows = nil
	for n := range desk.PageSize {
		r := sampleRow()
		r.Number, r.Priority, r.Confirmed = int64(10000+n), n%4+1, n%3 == 0
		r.Subject += " " + strconv.Itoa(n)
		r.DueAt = at(time.Duration(n*7-40) * time.Minute)
		q.Rows = append(q.Rows, r)
	}
	p, err := desk.NewPerson(desk.PersonSettings{Name: "Inès Caron", Email: "ines@alpine.example", Role: desk.Agent})
	if err != nil {
		b.Fatal(err)
	}
	f := Frame{Who: desk.Actor{Desk: desk.Desk{Slug: "alpine", Name: "Alpine Cloud"}, Person: p}, Path: "/alpine/queue", Section: "queue"}
	ctx := speaking(i18n.French)
	b.ReportAllocs()
	for b.Loop() {
		if err := QueuePage(f, q).Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
