package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
)

// TestNobodyReachesWhatIsNotHis walks every route of the router: as a visitor,
// as a person of another desk, and as a person of this one with the ids of
// other desks, other customers and other contacts. A route without a way fails.
func TestNobodyReachesWhatIsNotHis(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.stage(t, `update desks set accent = '#2f6f73'`)
	d.everyDeskPublishes(t)
	routes := walk(t, d)
	walkers := everybody(t, d)
	residents := map[string]*walker{}
	for _, w := range walkers {
		if w.role == desk.Admin {
			residents[w.desk] = w
		}
	}
	before := d.fingerprint(t)
	for slug, resident := range residents {
		strangers := []*walker{{email: "a visitor", browser: d.visitor(t)}}
		for _, w := range walkers {
			if w.desk != slug {
				strangers = append(strangers, w)
			}
		}
		for _, w := range strangers {
			turnedAway(t, d, routes, slug, w, resident.own)
		}
	}
	d.unchanged(t, before, "people who are not of this desk")
	for _, w := range walkers {
		keptOut(t, d, routes, w)
		heldToHisOwn(t, d, routes, w)
		d.unchanged(t, before, w.email)
	}
	// What was refused above was asked rightly: whoever may gets an answer.
	for _, w := range walkers {
		letIn(t, d, routes, w)
	}
}

// walk lists the routes as the router has them.
func walk(t *testing.T, d *door) []string {
	t.Helper()
	var routes []string
	err := chi.Walk(d.Parts.Handler().(chi.Routes), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		route := method + " " + pattern
		if strings.HasSuffix(pattern, "/*") && method != http.MethodGet && method != http.MethodPost {
			return nil // one handler for all methods
		}
		if _, ok := ways[route]; !ok {
			t.Errorf("%s has no way: say in the table who may ask it, and how", route)
			return nil
		}
		routes = append(routes, route)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for route := range ways {
		if !slices.Contains(routes, route) {
			t.Errorf("%s is in the table and not in the router", route)
		}
	}
	slices.Sort(routes)
	return routes
}

// turnedAway asks a desk's every route as somebody whom it does not know.
func turnedAway(t *testing.T, d *door, routes []string, slug string, w *walker, ids map[string]string) {
	t.Helper()
	for _, route := range routes {
		way := ways[route]
		if way.last {
			continue
		}
		a := d.ask(t, w.browser, route, slug, way, ids)
		switch {
		case way.who == public && a.status != way.done && a.status != way.or:
			t.Errorf("%s asks %s of %s: %d, want %d", w.email, route, slug, a.status, way.done)
		case way.who != public && (a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), "/"+slug+"/sign-in?")):
			t.Errorf("%s asks %s of %s: %d %s, want to be sent to sign in", w.email, route, slug, a.status, a.to())
		}
	}
}

// keptOut asks what somebody's role does not reach, with ids of his own desk.
func keptOut(t *testing.T, d *door, routes []string, w *walker) {
	t.Helper()
	for _, route := range routes {
		if way := ways[route]; !w.may(way) {
			if a := d.ask(t, w.browser, route, w.desk, way, w.own); a.status != http.StatusForbidden {
				t.Errorf("%s asks %s: %d, want 403", w.email, route, a.status)
			}
		}
	}
}

// heldToHisOwn asks what somebody may, each id in turn being one that is not his.
func heldToHisOwn(t *testing.T, d *door, routes []string, w *walker) {
	t.Helper()
	tried := 0
	for _, route := range routes {
		way := ways[route]
		for _, kind := range kindsOf(route, way) {
			for _, id := range w.foreign[kind] {
				ids := maps.Clone(w.own)
				ids[kind] = id
				a := d.ask(t, w.browser, route, w.desk, way, ids)
				refused := a.status == http.StatusNotFound || a.status == http.StatusUnprocessableEntity || a.status == http.StatusUnauthorized || !w.may(way) && a.status == http.StatusForbidden
				if !refused {
					t.Errorf("%s asks %s with a foreign %s: %d %s, want to be refused", w.email, route, kind, a.status, a.to())
				}
				tried++
			}
		}
	}
	if tried < 20 {
		t.Errorf("%s has tried only %d foreign ids", w.email, tried)
	}
}

// letIn asks all that somebody may, with ids of his own.
func letIn(t *testing.T, d *door, routes []string, w *walker) {
	t.Helper()
	home := look[desk.ID](t, d, `select id from desks where slug = $1`, w.desk)
	for _, route := range slices.Backward(routes) { // one session is ended before all others are
		way := ways[route]
		if !w.may(way) || way.last {
			continue
		}
		state := "open"
		if way.ended {
			state = "closed"
		}
		d.stage(t, `update tickets set state = $3, clock = '', due_at = null, ended_at = null where desk_id = $1 and number = $2::bigint`, home, w.own["number"], state)
		d.stage(t, anArticle, home, w.id)
		a := d.ask(t, w.browser, route, w.desk, way, w.own)
		if a.status != way.done && a.status != way.or && !(route == "GET /{desk}/tickets" && w.role.DeskSide()) {
			t.Errorf("%s asks %s: %d %s, want %d\n%s", w.email, route, a.status, a.to(), way.done, a.text(t))
		}
		if a.status == http.StatusOK && len(w.unseen) > 0 {
			text := a.page(t).Text()
			for _, subject := range w.unseen {
				if strings.Contains(text, subject) {
					t.Errorf("%s reads on %s of a ticket that is not his: %q", w.email, route, subject)
				}
			}
		}
	}
}

// ask sends one request with the ids filled in.
func (d *door) ask(t *testing.T, c *http.Client, route, slug string, w way, ids map[string]string) answer {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	fill := []string{"{desk}", slug, "{view}", "all", "{token}", "no-such-token", "{key}", "security", "*", "no/such/page", "{version}", "1", "{type}", "standard", "{hours}", "office", "{connector}", "azure_support", "{kind}", "customers"}
	for kind, id := range ids {
		fill = append(fill, "{"+kind+"}", id)
	}
	path = strings.NewReplacer(fill...).Replace(path)
	query, form := url.Values{}, maps.Clone(w.form)
	for field, kind := range w.query {
		query.Set(field, ids[kind])
	}
	if form == nil {
		form = url.Values{}
	}
	for field, kind := range w.ids {
		form.Set(field, ids[kind])
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return d.do(t, c, d.request(t, method, path, form))
}

// kindsOf lists what a way takes ids of.
func kindsOf(route string, w way) []string {
	kinds := slices.Collect(maps.Values(w.ids))
	kinds = slices.AppendSeq(kinds, maps.Values(w.query))
	for _, kind := range []string{"number", "customer", "person", "session", "trial", "subcontractor", "article", "agreement", "entry", "charge", "statement", "block", "issue", "incident", "announcement", "relationship", "plan", "link", "escalation", "said", "evidence", "message", "mail", "apitoken", "attachment", "upload", "import"} {
		if strings.Contains(route, "{"+kind+"}") {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// fingerprint is a hash of every table that belongs to a desk, or that says
// who is who, and the number of letters and other work in the queue; that
// somebody asked for a link says nothing, nor what was counted of past tickets.
func (d *door) fingerprint(t *testing.T) map[string]string {
	t.Helper()
	d.settled(t)
	prints := map[string]string{"jobs": look[string](t, d, `select count(*)::text from river.river_job where kind <> 'sign_in_link_request'`)}
	tables := list[string](t, d, `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind = 'r' and c.relname not in ('sessions', 'goose_db_version', 'watches', 'usual_complaints')`)
	for _, table := range tables {
		prints[table] = look[string](t, d, fmt.Sprintf(`select count(*) || ' ' || coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from %s x`, table))
	}
	return prints
}

func (d *door) unchanged(t *testing.T, before map[string]string, after string) {
	t.Helper()
	for table, print := range d.fingerprint(t) {
		if before[table] != print {
			t.Errorf("%s changed %s", after, table)
			before[table] = print
		}
	}
}
