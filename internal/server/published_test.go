package server_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// publish stores an offer as the desk's next version, past the portal, which
// sees it after a few seconds: tests give it to a desk before its first visitor.
func (d *door) publish(t *testing.T, slug string, o desk.Offer) {
	t.Helper()
	content, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	d.stage(t, `insert into offers (desk_id, version, content, note, created_at)
		select d.id, 1 + coalesce((select max(version) from offers o where o.desk_id = d.id), 0), $2, '', now() from desks d where d.slug = $1`, slug, string(content))
}

// everyDeskPublishes gives each desk an offer, so that there is a version 1.
func (d *door) everyDeskPublishes(t *testing.T) {
	t.Helper()
	for _, slug := range list[string](t, d, `select slug from desks`) {
		d.publish(t, slug, pricedOffer())
	}
}

// pricedOffer has two types, the second given day and night at a price.
func pricedOffer() desk.Offer {
	o := desk.FirstOffer(desk.Desk{Zone: "Europe/Paris"}).Content
	o.Calendars = append(o.Calendars, desk.OfferCalendar{Key: "always", Name: desk.Text{"fr": "Toujours"}, Spec: hours.Spec{Zone: "Europe/Paris", Weekly: everyDay("00:00-24:00")}})
	o.Tax = desk.Text{"fr": "Prix hors taxes"}
	critical := o.Types[0]
	critical.Key, critical.Name, critical.Calendar = "critical", desk.Text{"fr": "Critique", "en": "Critical"}, "always"
	critical.Terms = pricing.Terms{Model: pricing.Hour, Hour: "95.00", Step: 15, Factors: pricing.Factors{Weekend: 150}}
	critical.Givers = []desk.Giver{{Kind: desk.GivenOutsource, Company: "Vigie Services"}}
	o.Types = append(o.Types, critical)
	o.Baseline = []desk.Boundary{{Ask: desk.Text{"fr": "Une licence de plus"}, Who: "desk"}}
	return o
}

func everyDay(blocks ...string) map[string][]string {
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[day] = blocks
	}
	return week
}

func (d *door) getWith(t *testing.T, c *http.Client, path string, headers ...string) answer {
	t.Helper()
	r := d.request(t, http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return d.do(t, c, r)
}

func TestAVisitorsPageIsHandedOutWithATag(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.publish(t, "alpine", pricedOffer())
	c := d.visitor(t)
	first := d.get(t, c, "/alpine")
	if first.status != http.StatusOK || !strings.Contains(first.body, "Vigie Services") {
		t.Fatalf("%d: the page does not show the offer", first.status)
	}
	if kept := first.header["Cache-Control"]; len(kept) != 1 || !forAll.MatchString(kept[0]) {
		t.Errorf("kept %q", kept)
	}
	vary := strings.Join(first.header["Vary"], ", ")
	if !strings.Contains(vary, "Cookie") || !strings.Contains(vary, "Accept-Encoding") || first.header.Get("Set-Cookie") != "" {
		t.Errorf("varies by %q, sets %q", vary, first.header.Get("Set-Cookie"))
	}
	for _, coding := range []string{"", "gzip"} {
		a := d.getWith(t, c, "/alpine", "Accept-Encoding", coding)
		tag := a.header.Get("ETag")
		if strings.HasPrefix(tag, "W/") || tag == "" {
			t.Fatalf("the tag %q", tag)
		}
		for _, asked := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			b := d.getWith(t, c, "/alpine", "Accept-Encoding", coding, "If-None-Match", asked)
			if over := b.header.Get("ETag") != tag; b.status != http.StatusNotModified && !over || b.body != "" && !over {
				t.Errorf("asked with %s: %d, %d bytes", asked, b.status, len(b.body))
			} else if b.status == http.StatusNotModified && (!forAll.MatchString(b.header.Get("Cache-Control")) || b.header.Get("Content-Security-Policy") == "" || b.header.Get("Content-Encoding") != "") {
				t.Errorf("not modified, with %v", b.header)
			}
		}
		if b := d.getWith(t, c, "/alpine", "Accept-Encoding", coding, "If-None-Match", `"other"`); b.status != http.StatusOK || b.body == "" {
			t.Errorf("another tag: %d", b.status)
		}
	}
	if plain, small := d.getWith(t, c, "/alpine", "Accept-Encoding", "identity"), d.getWith(t, c, "/alpine", "Accept-Encoding", "gzip"); plain.header.Get("ETag") == small.header.Get("ETag") {
		t.Error("two different bodies have one strong tag")
	}
}

// forAll is what any cache is told: to keep the page until the minute is over.
var forAll = regexp.MustCompile(`^public, max-age=([1-9]|[1-5][0-9]|60), must-revalidate$`)

// TestNothingOfAReaderIsHandedOut: whoever is somebody gets a page of his own,
// and nobody else ever gets it.
func TestNothingOfAReaderIsHandedOut(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.publish(t, "alpine", pricedOffer())
	d.stage(t, `delete from agreements`)
	d.stage(t, `insert into agreements (desk_id, id, customer_id, name, support_type, services, users, starts, created_at)
		select desk_id, gen_random_uuid(), id, '', 'critical', '{}', 1, '2020-01-01', now() from customers where name = 'Fabrique Lumen'`)
	own := map[string]answer{}
	for _, email := range []string{"lea@lumen.example", "sam@hoteldulac.example", "ines@alpine.example"} {
		own[email] = d.get(t, d.as(t, "alpine", email), "/alpine")
	}
	if got := own["lea@lumen.example"].page(t).Find(".compare th:has(.badge)").Text(); !strings.Contains(got, "Critique") {
		t.Errorf("the type of Fabrique Lumen is %q", got)
	}
	if got := own["sam@hoteldulac.example"].page(t).Find(".compare th:has(.badge)").Text(); !strings.Contains(got, "Standard") {
		t.Errorf("the type of Hôtel du Lac is %q", got)
	}
	if own["ines@alpine.example"].page(t).Find(".compare .badge").Length() != 0 {
		t.Error("the desk's own people have a support type")
	}
	after := d.visitor(t)
	for name, a := range own {
		if kept := a.header.Get("Cache-Control"); kept != "private, no-cache" || a.header.Get("ETag") != "" {
			t.Errorf("%s: kept %q, tag %q", name, kept, a.header.Get("ETag"))
		}
	}
	anybody := d.get(t, after, "/alpine")
	if doc := anybody.page(t); doc.Find(".compare .badge, #me").Length() != 0 || strings.Contains(anybody.body, "Léa") {
		t.Error("a visitor reads somebody's page")
	}
	// A session of somebody signed out, or of a visitor with a form under way, may hold a word for him.
	for what, a := range map[string]answer{
		"a session's cookie": d.getWith(t, d.visitor(t), "/alpine", "Cookie", "guichet=xyz"),
		"a choice":           d.get(t, d.visitor(t), "/alpine?lang=en"),
		"an unknown query":   d.get(t, d.visitor(t), "/alpine?utm=1"),
	} {
		if kept := a.header.Get("Cache-Control"); kept != "private, no-cache" || a.status != http.StatusOK {
			t.Errorf("%s: %d, kept %q", what, a.status, kept)
		}
	}
}

func TestAPageLooksAsItsReaderChose(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.visitor(t)
	seen := map[string]string{}
	for _, cookies := range []string{"", "lang=en", "theme=dark", "zone=Asia/Tokyo", "lang=en; zone=Asia/Tokyo; theme=light"} {
		a := d.getWith(t, c, "/alpine", "Cookie", cookies)
		doc := a.page(t)
		for other, body := range seen {
			if body == a.body {
				t.Errorf("%q and %q are given the same page", cookies, other)
			}
		}
		seen[cookies] = a.body
		for want, is := range map[string]bool{"lang=en": doc.Find("html").AttrOr("lang", "") == "en", "theme=dark": doc.Find("html").AttrOr("data-theme", "") == "dark",
			"zone=Asia/Tokyo": strings.Contains(doc.Find(".hours caption").Text(), "Asia/Tokyo")} {
			if strings.Contains(cookies, want) != is {
				t.Errorf("%q: %s is %v", cookies, want, is)
			}
		}
		if !forAll.MatchString(a.header.Get("Cache-Control")) {
			t.Errorf("%q: kept %q", cookies, a.header.Get("Cache-Control"))
		}
	}
	if a := d.getWith(t, c, "/alpine?zone=desk", "Cookie", "zone=Asia/Tokyo"); !strings.Contains(a.page(t).Find(".hours caption").Text(), "Europe/Paris") || !strings.Contains(a.text(t), "Afficher à votre heure (Asia/Tokyo)") {
		t.Error("the desk's zone is not shown to who asks for it")
	}
	for _, zone := range []string{"", "Local", "../../etc/passwd", "/etc/localtime", `..\x`, "Europe/Nowhere", strings.Repeat("A", 5000), "zone.tab", "<script>", "europe/paris", "Asia"} {
		a := d.getWith(t, c, "/alpine", "Cookie", "zone="+zone)
		if a.status != http.StatusOK || !strings.Contains(a.page(t).Find(".hours caption").Text(), "Europe/Paris") {
			t.Errorf("the zone %.20q: %d, %q", zone, a.status, a.page(t).Find(".hours caption").Text())
		}
	}
}

func TestAPageChangesWithItsDesk(t *testing.T) {
	t.Parallel()
	d := open(t)
	c, paul := d.visitor(t), d.as(t, "alpine", "paul@alpine.example")
	before := d.get(t, c, "/alpine")
	form := d.get(t, paul, "/alpine/settings/desk").form(t, "/alpine/settings/desk")
	form.Set("name", "Alpine Nouvelle")
	if a := d.post(t, paul, "/alpine/settings/desk", form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	renamed := d.getWith(t, c, "/alpine", "If-None-Match", before.header.Get("ETag"))
	if renamed.status != http.StatusOK || !strings.Contains(renamed.body, "Alpine Nouvelle") || renamed.header.Get("ETag") == before.header.Get("ETag") {
		t.Errorf("after the desk changed: %d", renamed.status)
	}
	d.publish(t, "alpine", pricedOffer())
	time.Sleep(5100 * time.Millisecond) // what was written behind the portal's back is seen after five seconds
	if a := d.getWith(t, c, "/alpine", "If-None-Match", renamed.header.Get("ETag")); a.status != http.StatusOK || !strings.Contains(a.body, "95") || a.page(t).Find(".compare thead th").Length() != 2 {
		t.Errorf("after the offer changed: %d", a.status)
	}
}

func TestDesksThatAreNeverOrAlwaysOpen(t *testing.T) {
	t.Parallel()
	d := open(t)
	for slug, week := range map[string]map[string][]string{"alpine": nil, "brume": everyDay("00:00-24:00")} {
		o := pricedOffer()
		o.Calendars[0].Spec.Weekly = week
		d.publish(t, slug, o)
	}
	c := d.visitor(t)
	for path, want := range map[string]string{"/alpine": "Aucune ouverture", "/brume": "24\u202fh sur 24"} {
		a := d.get(t, c, path)
		if a.status != http.StatusOK || !strings.Contains(a.page(t).Find(".arch").Text(), want) {
			t.Errorf("%s: %d, %q", path, a.status, a.page(t).Find(".arch").Text())
		}
	}
	if a := d.get(t, c, "/nodesk"); a.status != http.StatusNotFound || strings.Contains(a.header.Get("Cache-Control"), "public") {
		t.Errorf("no desk: %d %q", a.status, a.header.Get("Cache-Control"))
	}
}

func TestWhatWasPromisedIsReadByVersion(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.publish(t, "alpine", pricedOffer())
	two := pricedOffer()
	two.Types = two.Types[:1]
	d.publish(t, "alpine", two)
	lea := d.as(t, "alpine", "lea@lumen.example")
	// Version 1 is the demo's own.
	for path, types := range map[string]int{"0": 1, "1": 3, "2": 2, "3": 1} {
		a := d.get(t, lea, "/alpine/offer/"+path)
		if a.status != http.StatusOK || a.page(t).Find(".compare thead th").Length() != types || a.page(t).Find("meta[name=robots]").Length() != 1 {
			t.Errorf("version %s: %d, %d types", path, a.status, a.page(t).Find(".compare thead th").Length())
		}
	}
	for _, path := range []string{"4", "-1", "01", "+1", "x", "1e9", "99999999999999999999", "2147483647", "1/2"} {
		if a := d.get(t, lea, "/alpine/offer/"+path); a.status != http.StatusNotFound {
			t.Errorf("version %s: %d", path, a.status)
		}
	}
	for _, path := range d.ticketsOf(t, "lea@lumen.example")[:1] {
		for _, email := range []string{"lea@lumen.example", "ines@alpine.example"} {
			if href := d.get(t, d.as(t, "alpine", email), path).page(t).Find(`a[href^="/alpine/offer/"]`).AttrOr("href", ""); href != "/alpine/offer/1" {
				t.Errorf("%s is led from his ticket to %q", email, href)
			}
		}
	}
	otto := d.as(t, "meridian", "otto@meridian.example")
	if a := d.get(t, otto, "/meridian/offer/2"); a.status != http.StatusNotFound {
		t.Errorf("another desk's version: %d", a.status)
	}
}
