package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"guichet/internal/desk"
)

const (
	lumens = "00000000-0000-7000-8000-0000000000a1" // an issue of Fabrique Lumen alone
	lacs   = "00000000-0000-7000-8000-0000000000a2" // one of Hôtel du Lac alone
	allOf  = "00000000-0000-7000-8000-0000000000a3" // one of everybody, told in public
)

// unwell is alpine with a known issue of each of two companies, one of all, and
// an incident that a ticket of each has joined; Fabrique Lumen's tenant speaks.
func unwell(t *testing.T) *door {
	t.Helper()
	d := open(t)
	for _, table := range []string{"connections cascade", "incident_tickets", "incident_issues", "incident_files", "incident_events", "ticket_issues", "service_states", "issues cascade", "incidents cascade"} {
		d.stage(t, `truncate `+table+map[bool]string{false: " cascade"}[strings.HasSuffix(table, "cascade")])
	}
	d.stage(t, `insert into issues (desk_id, id, source, kind, code, title, service, classification, status, everyone, public, words, started_at, changed_at, next_at, first_seen_at, seen_at)
		select d.id, x.id::uuid, 'graph', 'issue', x.code, x.title, x.service, 'incident', 'serviceDegradation', x.everyone, x.everyone, x.words::jsonb, now() - interval '1 hour', now(), now() + interval '1 hour', now(), now()
		from desks d, (values
			('`+lumens+`', 'EX1000001', 'Raw English of Lumen', 'Exchange Online', false, '{"fr": {"title": "Le courrier de Lumen traîne", "sees": "Des retards."}}'),
			('`+lacs+`', 'EX1000002', 'Raw English of Lac', 'Exchange Online', false, '{"fr": {"title": "Le courrier du Lac traîne"}}'),
			('`+allOf+`', 'SP1000003', 'Raw <b>English</b> of all', 'SharePoint Online', true, '{}')) x (id, code, title, service, everyone, words) where d.slug = 'alpine'`)
	d.stage(t, `insert into issue_customers (desk_id, issue_id, customer_id, first_seen_at, seen_at)
		select c.desk_id, x.id::uuid, c.id, now(), now() from customers c, (values ('`+lumens+`', 'Fabrique Lumen'), ('`+lacs+`', 'Hôtel du Lac')) x (id, name) where c.name = x.name`)
	d.stage(t, `insert into issue_posts (desk_id, issue_id, posted_at, digest, kind, body, parts, seen_at)
		select desk_id, id, now(), 'x', 'regular', 'Current status: <script>alert(1)</script> we look.', '[{"label": "current status", "text": "we look"}]', now() from issues where id = '`+lumens+`'`)
	d.stage(t, `insert into service_states (desk_id, customer_id, service, status, heard_at)
		select desk_id, id, s, 'serviceOperational', now() - interval '2 minutes' from customers, unnest(array['Exchange Online', 'Microsoft Teams', 'Planner', 'SharePoint Online']) s where name = 'Fabrique Lumen'`)
	d.stage(t, `insert into incidents (desk_id, id, number, kind, service, state, words, started_at, created_at)
		select id, gen_random_uuid(), 95001, 'regional_multitenant', 'Microsoft Teams', 'open', '{"fr": {"title": "Des appels se coupent"}}', now(), now() from desks where slug = 'alpine'`)
	d.stage(t, `insert into incident_files (desk_id, incident_id, title, changed_at) select desk_id, id, 'Only for the desk', now() from incidents`)
	d.stage(t, `insert into incident_tickets (desk_id, incident_id, ticket_id, customer_id, state, by, joined_at, changed_at, settled_at)
		select i.desk_id, i.id, t.id, t.customer_id, 'joined', 'rules', now(), now(), now() from incidents i join people p on p.desk_id = i.desk_id and p.email in ('lea@lumen.example', 'sam@hoteldulac.example')
		join lateral (select * from tickets t where t.requester_id = p.id and t.state not in ('resolved', 'closed') order by number limit 1) t on true`)
	return d
}

func titles(doc *goquery.Document) string {
	return strings.Join(doc.Find("article.issue h2").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), " | ")
}

func TestEachReadsHisOwnCompanysServices(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	d.stage(t, `update tickets set service = 'Planner'`) // what is asked about is listed too
	for email, want := range map[string][]string{
		"lea@lumen.example": {"Trois services sur quatre ont un souci", "Des appels se coupent", "Le courrier de Lumen traîne", "SharePoint Online\u202f: le service fonctionne mal"},
		"max@lumen.example": {"Three of four services have a problem", "Des appels se coupent", "Le courrier de Lumen traîne", "SharePoint Online: the service does not work well"},
	} {
		d.stage(t, `update people set language = 'en' where email = 'max@lumen.example'`)
		c := d.as(t, "alpine", email)
		for range 2 { // drawn, and as it was drawn
			a := d.get(t, c, "/alpine/health")
			doc := a.page(t)
			if a.status != http.StatusOK || doc.Find("h1").Text() != want[0] {
				t.Errorf("%s: %d %q", email, a.status, doc.Find("h1").Text())
			}
			if got := titles(doc); strings.Count(got, "|") != 2 || !strings.Contains(got, want[1]) || !strings.Contains(got, want[2]) || !strings.Contains(got, want[3]) {
				t.Errorf("%s reads of %s", email, got)
			}
			for _, secret := range []string{"Lac", "Only for the desk", "<script>alert", "<b>English"} {
				if strings.Contains(a.body, secret) {
					t.Errorf("%s reads %q", email, secret)
				}
			}
			if doc.Find(`[lang="en"]`).Length() == 0 || doc.Find(`tbody tr`).Length() != 4 || doc.Find(`svg[role="img"][aria-label]`).Length() != 4 || doc.Find("time[datetime]").Length() == 0 {
				t.Errorf("%s: the table or the marked English is missing", email)
			}
			if doc.Find(`nav a[aria-current="page"][href="/alpine/health"]`).Length() != 1 || doc.Find("#me").Length() != 1 {
				t.Errorf("%s: the frame is not his", email)
			}
		}
	}
	sam := d.get(t, d.as(t, "alpine", "sam@hoteldulac.example"), "/alpine/health")
	if got := titles(sam.page(t)); !strings.Contains(got, "du Lac") || strings.Contains(got, "Lumen") || !strings.Contains(sam.text(t), "Nous n’avons pas de relevé") {
		t.Errorf("Sam reads of %s", got)
	}
}

func TestOneReadersOwnIsNotAnothers(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	mia := d.invite(t, "mia@lumen.example", "lea@lumen.example")
	lea := d.get(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/health")
	his := lea.page(t).Find(".issue .state a").AttrOr("href", "")
	if !strings.HasPrefix(his, "/alpine/tickets/") || lea.page(t).Find(".issue form").Length() != 2 {
		t.Fatalf("Léa is in %q", his)
	}
	hers := d.get(t, d.byLink(t, "alpine", mia), "/alpine/health")
	if doc := hers.page(t); strings.Contains(hers.body, his) || strings.Contains(hers.body, "Léa") || doc.Find(".issue form").Length() != 3 {
		t.Error("Mia reads what is Léa's own")
	}
	max := d.get(t, d.as(t, "alpine", "max@lumen.example"), "/alpine/health")
	if !strings.Contains(max.body, his) {
		t.Error("the manager is not told of his company's ticket")
	}
	if kept := lea.header.Get("Cache-Control"); kept != "private, no-cache" || lea.header.Get("ETag") == "" || lea.header.Get("ETag") == hers.header.Get("ETag") {
		t.Errorf("kept %q under %q and %q", kept, lea.header.Get("ETag"), hers.header.Get("ETag"))
	}
	again := d.getWith(t, d.as(t, "alpine", "sam@hoteldulac.example"), "/alpine/health", "If-None-Match", lea.header.Get("ETag"))
	if again.status != http.StatusOK {
		t.Errorf("Sam has Léa's page: %d", again.status)
	}
}

func TestAPageThatIsTheSameIsNotSentAgain(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	c := d.as(t, "alpine", "lea@lumen.example")
	for _, coding := range []string{"identity", "gzip"} {
		a := d.getWith(t, c, "/alpine/health", "Accept-Encoding", coding)
		b := d.getWith(t, c, "/alpine/health", "Accept-Encoding", coding, "If-None-Match", a.header.Get("ETag"))
		if b.status != http.StatusNotModified && b.header.Get("ETag") == a.header.Get("ETag") || b.status == http.StatusNotModified && b.body != "" {
			t.Errorf("%s: %d, %d bytes", coding, b.status, len(b.body))
		}
	}
}

func TestAVisitorIsToldWhatIsToldInPublic(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	a := d.get(t, d.visitor(t), "/alpine/health")
	doc := a.page(t)
	if a.status != http.StatusOK || titles(doc) != "SharePoint Online\u202f: le service fonctionne mal" {
		t.Errorf("%d: %s", a.status, titles(doc))
	}
	if doc.Find(`a[href="/alpine/sign-in?to=/alpine/health"]`).Length() != 1 || doc.Find(`a[href="/alpine/sign-in?by=mail"]`).Length() != 1 || doc.Find(".issue form, tbody").Length() != 0 {
		t.Error("no way in, or a form for those who are in")
	}
	if !forAll.MatchString(a.header.Get("Cache-Control")) || a.header.Get("Set-Cookie") != "" {
		t.Errorf("kept %q", a.header.Get("Cache-Control"))
	}
	english := d.getWith(t, d.visitor(t), "/alpine/health", "Cookie", "lang=en")
	if english.page(t).Find("h1").Text() != "One service has a problem" {
		t.Errorf("in English: %q", english.page(t).Find("h1").Text())
	}
	home := d.get(t, d.visitor(t), "/alpine")
	if got := home.page(t).Find(`section[aria-labelledby="state"]`).Text(); !strings.Contains(got, "SharePoint Online") || strings.Contains(got, "courrier") {
		t.Errorf("the desk's own page says %q", got)
	}
	if got := d.get(t, d.visitor(t), "/brume/health"); got.status != http.StatusOK || got.page(t).Find("article.issue").Length() != 0 || got.page(t).Find("h1").Text() != "Aucun souci connu" {
		t.Errorf("another desk: %d %q", got.status, got.page(t).Find("h1").Text())
	}
}

func TestTheDeskReadsOfEachCustomerAndOfAll(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	ines := d.as(t, "alpine", "ines@alpine.example")
	all := d.get(t, ines, "/alpine/health?q=lac")
	doc := all.page(t)
	lac := doc.Find(`[data-rows] a`)
	if all.status != http.StatusOK || doc.Find("article.issue").Length() != 4 || lac.Length() != 1 || doc.Find(".issue form").Length() != 0 || doc.Find("thead th").Length() != 4 {
		t.Fatalf("%d: %s, %d customers", all.status, titles(doc), lac.Length())
	}
	one := d.get(t, ines, lac.AttrOr("href", ""))
	if got := titles(one.page(t)); !strings.Contains(got, "du Lac") || strings.Contains(got, "Lumen") || !strings.Contains(one.text(t), "Les services de Hôtel du Lac") {
		t.Errorf("of one customer: %s", got)
	}
	if a := d.get(t, ines, "/alpine/health?customer="+desk.NewID().String()); a.status != http.StatusNotFound {
		t.Errorf("of nobody: %d", a.status)
	}
	if a := d.get(t, d.as(t, "alpine", "noe@vigienuit.example"), "/alpine/health"); a.status != http.StatusForbidden {
		t.Errorf("a subcontractor's: %d", a.status)
	}
	mine := d.get(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/health?customer="+look[string](t, d, `select id::text from customers where name = 'Hôtel du Lac'`))
	if got := titles(mine.page(t)); strings.Contains(got, "du Lac") || !strings.Contains(got, "Lumen") {
		t.Errorf("Léa chooses another company: %s", got)
	}
}

func TestOldNewsIsSaidToBeOld(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	d.stage(t, `update service_states set heard_at = now() - interval '3 hours'`)
	a := d.get(t, d.as(t, "alpine", "lea@lumen.example"), "/alpine/health")
	if got := a.page(t).Find(".banner").Text(); !strings.Contains(got, "Ces informations ont vieilli") || a.page(t).Find("article.issue").Length() != 3 {
		t.Errorf("%q", got)
	}
}

func TestOnePressMakesOneTicket(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	lea, max := d.as(t, "alpine", "lea@lumen.example"), d.as(t, "alpine", "max@lumen.example")
	press := "/alpine/health/issues/" + lumens + "/tickets"
	first := d.post(t, lea, press, url.Values{})
	if first.status != http.StatusSeeOther || !strings.HasPrefix(first.to(), "/alpine/tickets/") {
		t.Fatalf("%d %s\n%s", first.status, first.to(), first.text(t))
	}
	for who, c := range map[string]*http.Client{"again": lea, "the manager": max} {
		if a := d.post(t, c, press, url.Values{}); a.to() != first.to() {
			t.Errorf("%s: %d %s, not %s", who, a.status, a.to(), first.to())
		}
	}
	number := strings.TrimPrefix(first.to(), "/alpine/tickets/")
	if got := look[string](t, d, `select b.state || ' ' || b.by || ' ' || t.service || ' ' || t.kind from tickets t join ticket_issues b on b.ticket_id = t.id where t.number = $1::bigint and b.issue_id = $2::uuid`, number, lumens); got != "attached customer Exchange Online problem" {
		t.Errorf("the ticket is %q", got)
	}
	if n := look[int64](t, d, `select count(*) from followers f join people p on p.id = f.person_id join tickets t on t.id = f.ticket_id where p.email = 'max@lumen.example' and t.number = $1::bigint`, number); n != 1 {
		t.Errorf("the manager does not follow it: %d", n)
	}
	if a := d.get(t, lea, "/alpine/health"); !strings.Contains(a.page(t).Find("#t-"+lumens).Text(), number) {
		t.Error("the page does not say that she is in")
	}
	mine := d.post(t, d.byLink(t, "alpine", d.invite(t, "mia@lumen.example", "lea@lumen.example")), press, url.Values{})
	if mine.status != http.StatusSeeOther || mine.to() == first.to() {
		t.Errorf("a contact who does not see that one: %d %s", mine.status, mine.to())
	}
	before := d.fingerprint(t)
	for _, path := range []string{"issues/" + lacs, "issues/" + desk.NewID().String(), "issues/x", "incidents/1", "incidents/x", "incidents/-95001"} {
		if a := d.post(t, lea, "/alpine/health/"+path+"/tickets", url.Values{}); a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.status, a.to())
		}
	}
	d.unchanged(t, before, "presses on what is not hers")
}

func TestAPressOnAnIncidentJoinsIt(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	mia := d.byLink(t, "alpine", d.invite(t, "mia@lumen.example", "lea@lumen.example"))
	a := d.post(t, mia, "/alpine/health/incidents/95001/tickets", url.Values{})
	b := d.post(t, mia, "/alpine/health/incidents/95001/tickets", url.Values{})
	if a.status != http.StatusSeeOther || a.to() != b.to() {
		t.Fatalf("%d %s, then %s\n%s", a.status, a.to(), b.to(), a.text(t))
	}
	if got := look[string](t, d, `select b.state || ' ' || b.by from tickets t join incident_tickets b on b.ticket_id = t.id where t.number = $1::bigint`, strings.TrimPrefix(a.to(), "/alpine/tickets/")); got != "joined customer" {
		t.Errorf("the ticket is %q", got)
	}
	d.stage(t, `update incidents set state = 'closed', ended_at = now() where number = 95001`)
	if a := d.post(t, mia, "/alpine/health/incidents/95001/tickets", url.Values{}); a.status != http.StatusConflict {
		t.Errorf("when it is over: %d", a.status)
	}
}

func TestAPriceIsAcceptedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	d := unwell(t)
	d.publish(t, "alpine", pricedOffer())
	d.stage(t, `delete from agreements`)
	d.stage(t, `insert into agreements (desk_id, id, customer_id, name, support_type, services, users, starts, created_at)
		select desk_id, gen_random_uuid(), id, '', 'critical', '{}', 1, '2020-01-01', now() from customers where name = 'Fabrique Lumen'`)
	lea := d.as(t, "alpine", "lea@lumen.example")
	before := d.fingerprint(t)
	a := d.post(t, lea, "/alpine/health/issues/"+lumens+"/tickets", url.Values{})
	form := a.form(t, "/alpine/tickets")
	if a.status != http.StatusUnprocessableEntity || form.Get("service") != "Exchange Online" || form.Get("issue") != lumens || !strings.Contains(form.Get("body"), "Le courrier de Lumen traîne") {
		t.Fatalf("%d %v", a.status, form)
	}
	after := d.fingerprint(t)
	for _, table := range []string{"tickets", "messages", "events", "acceptances", "ticket_issues", "followers"} { // the clock charges meanwhile
		if before[table] != after[table] {
			t.Errorf("a press that costs something changed %s", table)
		}
	}
	form.Set("accept", a.page(t).Find(`[name="accept"]`).AttrOr("value", ""))
	sent := d.post(t, lea, "/alpine/tickets", form)
	if sent.status != http.StatusSeeOther {
		t.Fatalf("%d %s", sent.status, sent.text(t))
	}
	if n := look[int64](t, d, `select count(*) from ticket_issues where issue_id = $1::uuid and state = 'attached'`, lumens); n != 1 {
		t.Errorf("%d tickets are attached", n)
	}
}

// What an agent passes on of Microsoft's public page is read by customers and by
// visitors of his desk, in their language, and by nobody of another desk.
func TestTheNoteOfThePublicPageIsRead(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines, lea := d.as(t, "alpine", "ines@alpine.example"), d.as(t, "alpine", "lea@lumen.example")
	if a := d.post(t, ines, "/alpine/issues/note", url.Values{"note_fr": {"Microsoft parle de <b>retards</b>."}, "note_en": {"Microsoft speaks of delays."}}); a.status != http.StatusOK && a.status != http.StatusSeeOther {
		t.Fatalf("the note: %d", a.status)
	}
	if text := d.get(t, lea, "/alpine/health").page(t).Find(".banner .said").Text(); text != "Microsoft parle de <b>retards</b>." {
		t.Errorf("a customer reads %q", text)
	}
	if text := d.get(t, d.visitor(t), "/alpine/health?lang=en").page(t).Find(".banner .said").Text(); text != "Microsoft speaks of delays." {
		t.Errorf("a visitor reads %q", text)
	}
	if n := d.get(t, d.visitor(t), "/brume/health").page(t).Find(".banner .said").Length(); n != 0 {
		t.Error("another desk reads it")
	}
}
