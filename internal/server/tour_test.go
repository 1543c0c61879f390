package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guichet/internal/desk"
)

// A stop is one page of the house as one reader gets it: asked for, or as the
// answer to a form.
type stop struct {
	reader string // e-mail, "" for a visitor
	path   string
	form   url.Values // nil to ask for the page
	header [2]string
	status int
}

// tour is every page of every role, with its mistakes and its refusals.
func tour(t *testing.T, d *door) []stop {
	t.Helper()
	d.stage(t, `update desks set issuer = 'http://127.0.0.1:9/gone', client_id = 'x' where slug = 'brume'`)
	stops := []stop{
		{path: "/", status: 200}, {path: "/alpine", status: 200}, {path: "/meridian", status: 200}, {path: "/nodesk", status: 404}, {path: "/alpine/nothing", status: 404}, {path: "/alpine/help", status: 200}, {path: "/alpine/help?q=zzzz", status: 200},
		{path: "/sign-in/return", status: 404}, {path: "/alpine/sign-in?by=mail", status: 200}, {path: "/alpine/sign-in?ended=1&to=/alpine/tickets/new", status: 200}, {path: "/brume/sign-in", status: 503}, {path: "/alpine/sign-in/link/x", status: 200},
		{path: "/alpine/sign-in/link/x", form: url.Values{}, status: 410}, {path: "/alpine/sign-in/link", form: url.Values{"email": {"x@y.example"}}, status: 200},
		{path: "/alpine/sign-in/link", form: url.Values{"email": {"x"}}, status: 422}, {path: "/alpine/sign-in/link", form: url.Values{"email": {strings.Repeat("x", 1<<20)}}, status: 413},
		{path: "/alpine/account", form: url.Values{}, header: [2]string{"Origin", "https://evil.example"}, status: 403},
	}
	for _, email := range []string{"lea@lumen.example", "max@lumen.example", "serge@transports-vallin.example"} {
		stops = append(stops, read(email, 200, "/alpine", "/alpine/tickets", "/alpine/tickets?which=ended", "/alpine/search", "/alpine/search?q=zzzz+état:x", "/alpine/tickets/new", "/alpine/tickets/new?kind=subscription", "/alpine/help", "/alpine/account")...)
		stops = append(stops, read(email, 200, d.articlesOf(t, "/alpine/help/", true)...)...)
		stops = append(stops, read(email, 200, d.ticketsOf(t, email)...)...)
		stops = append(stops, read(email, 403, "/alpine/queue", "/alpine/settings/people")...)
		stops = append(stops, read(email, 404, "/alpine/tickets/1", "/alpine/tickets/x", "/alpine/nothing")...)
		stops = append(stops, stop{reader: email, path: "/alpine/tickets", form: url.Values{"since": {"x"}, "service": {"x"}, "kind": {"x"}, "affected": {"x"}, "impact": {"x"}, "region": {long(61)}}, status: 422},
			stop{reader: email, path: "/alpine/tickets", form: url.Values{"kind": {"subscription"}, "order": {"1"}, "seats": {"x"}, "wished_on": {"x"}, "commitment": {"x"}}, status: 422},
			stop{reader: email, path: "/alpine/tickets", form: url.Values{"help": {"1"}, "subject": {"outlook"}}, status: 200},
			stop{reader: email, path: d.ticketsOf(t, email)[0] + "/messages", form: url.Values{"body": {""}}, status: 422},
			stop{reader: email, path: "/alpine/account", form: url.Values{"language": {"x"}, "zone": {"x"}}, status: 422})
	}
	for _, email := range []string{"ines@alpine.example", "karim@alpine.example", "paul@alpine.example"} {
		for _, v := range desk.Views() {
			stops = append(stops, read(email, 200, "/alpine/queue/"+string(v))...)
		}
		stops = append(stops, read(email, 200, "/alpine", "/alpine/search", "/alpine/search?q=teams+priority:9", "/alpine/queue/all?service=Microsoft+Teams&outcome=PARTNER&state=open&priority=3&sort=priority", "/alpine/tickets/new", "/alpine/account",
			"/alpine/settings/customers", "/alpine/settings/customers?q=zzzz", "/alpine/settings/articles", "/alpine/reports", "/alpine/reports?type=x&from=1999-01&to=x",
			"/alpine/reports/escalations", "/alpine/reports/escalations?from=2026-01&to=x")...)
		stops = append(stops, read(email, 200, d.articlesOf(t, "/alpine/settings/articles/", false)...)...)
		stops = append(stops, read(email, 404, "/alpine/tickets/1", "/alpine/queue/nothing")...)
		customer := look[string](t, d, `select id::text from customers where name = 'Hôtel du Lac'`)
		stops = append(stops, read(email, 200, "/alpine/settings/customers/"+customer, "/alpine/tickets/new?customer="+customer)...)
	}
	stops = append(stops, read("ines@alpine.example", 200, d.ticketsOf(t, "")...)...)
	stops = append(stops, read("ines@alpine.example", 403, "/alpine/settings/desk")...)
	ticket := d.ticketsOf(t, "")[0]
	for _, t := range d.ticketsOf(t, "") {
		stops = append(stops, read("ines@alpine.example", 200, t+"?why=1", t+"?correct=affected&from=all")...)
	}
	stops = append(stops, read("ines@alpine.example", 200, ticket+"?correct=-", ticket+"?correct=ids", "/alpine/queue/all?tag=vip&team=Network")...)
	for path, form := range map[string]url.Values{"/corrections": {"fact": {"similar"}, "value": {"x"}}, "/corrections?from=all": {"fact": {"x"}}, "/tags": {"tags": {long(31)}, "team": {long(31)}}} {
		stops = append(stops, stop{reader: "ines@alpine.example", path: ticket + path, form: form, status: 422})
	}
	stops = append(stops, offerTour(t, d)...)
	person := look[string](t, d, `select id::text from people where email = 'sam@hoteldulac.example'`)
	lender := look[string](t, d, `select id::text from subcontractors where name = 'Vigie Nuit'`)
	stops = append(stops, read("paul@alpine.example", 200, "/alpine/settings/subcontractors", "/alpine/settings/subcontractors/new", "/alpine/settings/subcontractors/"+lender, "/alpine/settings/people/new?subcontractor="+lender)...)
	stops = append(stops, read("noe@vigienuit.example", 200, "/alpine", "/alpine/queue/all", "/alpine/tickets/new", "/alpine/account")...)
	stops = append(stops, read("noe@vigienuit.example", 403, "/alpine/settings", "/alpine/settings/customers", "/alpine/settings/rules")...)
	stops = append(stops, read("paul@alpine.example", 200, "/alpine/settings/people", "/alpine/settings/people/new", "/alpine/settings/people/"+person, "/alpine/settings/customers/new", "/alpine/settings/articles/new", "/alpine/settings/circle", "/alpine/settings/desk")...)
	for path, form := range map[string]url.Values{"/alpine/settings/subcontractors": {"tenant": {"x"}, "mon": {"x"}, "customers": {"x"}, "services": {"x"}}, ticket + "/messages": {"body": {""}}, ticket + "/findings": {"text": {""}}, ticket + "/decision": {"do": {"override"}}, "/alpine/settings/desk": {"accent": {"x"}, "website": {"x"}, "issuer": {"x"}},
		"/alpine/settings/customers": {"tenant": {"x"}, "initial_domain": {"x"}, "domains": {"x"}}, "/alpine/settings/people": {"email": {"x"}}, "/alpine/settings/articles": {"body_en": {"x"}}, d.articlesOf(t, "/alpine/settings/articles/", true)[0] + "/removal": {}, "/alpine/settings/people/" + person: {"role": {"admin"}}, ticket + "/state": {"state": {"x"}}} {
		stops = append(stops, stop{reader: "paul@alpine.example", path: path, form: form, status: 422})
	}
	stops = append(stops, read("paul@alpine.example", 200, escalationPath, escalationPath+"/lines/new", escalationPath+"/lines/4", escalationPath+"/contact", escalationPath+"/providers/new", escalationPath+"/publishers/signalis",
		escalationPath+"/versions/1", "/alpine/settings/plans", "/alpine/settings/plans/new", "/alpine/escalations/where")...)
	stops = append(stops, read("ines@alpine.example", 200, "/alpine/escalations/where?workload=azure&relation=reseller", "/alpine/escalations/where?q=e")...)
	stops = append(stops, read("ines@alpine.example", 403, escalationPath, "/alpine/settings/plans")...)
	return append(stops, billTour(t, d)...)
}

// offerTour is every page of the offer, at first without a draft and then with one.
func offerTour(t *testing.T, d *door) []stop {
	t.Helper()
	lumen := "/alpine/settings/customers/" + look[string](t, d, `select id::text from customers where name = 'Fabrique Lumen'`)
	var stops []stop
	for _, email := range []string{"ines@alpine.example", "paul@alpine.example"} {
		stops = append(stops, read(email, 200, offerPath, hoursPath, pricesPath, offerPath+"/versions/1", offerPath+"/versions/0", lumen)...)
	}
	stops = append(stops, read("paul@alpine.example", 200, offerPath+"/types/new", offerPath+"/types/critical", hoursPath+"/new", hoursPath+"/night", offerPath+"/publication")...)
	for path, form := range map[string]url.Values{offerPath: {}, offerPath + "/types": {"giver_0_kind": {"resold"}, "services": {"x"}, "kinds": {"x"}, "languages": {"x"}, "contact_chat": {"on"}, "model": {"hour"}, "step": {"x"}},
		offerPath + "/types/extended": {}, hoursPath: {"mon": {"x"}, "closed": {"x"}, "do": {"preview"}}, pricesPath: {}, offerPath + "/publication": {}, offerPath + "/types/standard/removal": {}, hoursPath + "/office/removal": {}} {
		status := http.StatusConflict // of no state of the offer
		if form.Get("do") == "preview" {
			status = http.StatusUnprocessableEntity
		}
		stops = append(stops, stop{reader: "paul@alpine.example", path: path, form: form, status: status})
	}
	return append(stops, stop{reader: "paul@alpine.example", path: lumen + "/agreements", form: url.Values{"users": {"x"}}, status: http.StatusUnprocessableEntity})
}

func read(email string, status int, paths ...string) []stop {
	var stops []stop
	for _, p := range paths {
		stops = append(stops, stop{reader: email, path: p, status: status})
	}
	return stops
}

// articlesOf are paths below one address for each article of alpine, or for
// those that are published.
func (d *door) articlesOf(t *testing.T, below string, published bool) []string {
	t.Helper()
	return list[string](t, d, `select $1 || a.id::text from articles a join desks d on d.id = a.desk_id where d.slug = 'alpine' and (a.published or not $2) order by 1`, below, published)
}

// ticketsOf are the paths of a person's tickets, or of some of each state and
// decision of a whole desk.
func (d *door) ticketsOf(t *testing.T, email string) []string {
	t.Helper()
	if email != "" {
		return list[string](t, d, `select '/alpine/tickets/' || number from tickets t join people p on p.desk_id = t.desk_id and p.id = t.requester_id where p.email = $1 order by number`, email)
	}
	return list[string](t, d, `select '/alpine/tickets/' || min(number) from tickets t join desks d on d.id = t.desk_id where d.slug = 'alpine' group by state, outcome, confirmed order by 1`)
}

// everyPage goes on the tour, each reader in his own browser.
func (d *door) everyPage(t *testing.T, prepare func(*http.Client), see func(s stop, a answer)) {
	t.Helper()
	browsers := map[string]*http.Client{}
	for _, s := range tour(t, d) {
		c, known := browsers[s.reader]
		if !known {
			if c = d.visitor(t); s.reader != "" {
				c = d.as(t, "alpine", s.reader)
			}
			if prepare != nil {
				prepare(c)
			}
			browsers[s.reader] = c
		}
		method := http.MethodGet
		if s.form != nil {
			method = http.MethodPost
		}
		r := d.request(t, method, s.path, s.form)
		if s.header[0] != "" {
			r.Header.Set(s.header[0], s.header[1])
		}
		a := d.do(t, c, r)
		if a.status != s.status {
			t.Errorf("%s for %q: %d, want %d", s.path, s.reader, a.status, s.status)
		}
		see(s, a)
	}
	see(stop{path: "the stranger's page"}, d.signIn(t, browsers[""], "/alpine/sign-in", "eve@outsider.example"))
}
