package journey_test

import (
	"hash/crc32"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"

	"guichet/internal/demo"
	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// A tour is the pages of somebody at a desk, in his language, as paths below
// the desk's. Names in braces stand for what guide finds.
type tour struct {
	desk, who string // "" is a visitor
	language  string
	pages     []string
	refused   []string // where he may not go, or nothing is
}

var tours = []tour{
	{desk: "alpine", pages: []string{"/..", "", "/help", "/help?q=licorne", "/sign-in", "/sign-in?by=mail", "/sign-in/link/spent"},
		refused: []string{"/nowhere", "/letters/spent", "/../nobody", "/sign-in/return", "/../sign-in/return"}},
	{desk: "brume", language: "en", pages: []string{"?lang=en", "/..", "/sign-in", "/sign-in?by=mail", "/sign-in/link/spent"},
		refused: []string{"/nowhere", "/letters/spent", "/sign-in/return"}},
	{desk: "alpine", who: "lea@lumen.example", pages: []string{"", "/offer/1", "/tickets", "/tickets?which=all", "/tickets/new", "/tickets/new?kind=subscription", "/tickets/{ticket}", "/tickets/{order}", "/help/{article}", "/account"},
		refused: []string{"/offer/9999", "/queue", "/settings/desk", "/tickets/1"}},
	{desk: "alpine", who: "oliver@harbourfinch.example", language: "en", pages: []string{"/tickets", "/tickets/new", "/tickets/{ticket}", "/account"}},
	{desk: "alpine", who: "ines@alpine.example", pages: []string{"", "/queue", "/queue/all?priority=1", "/queue/due", "/queue/commercial", "/tickets/{order}", "/settings/articles", "/settings/articles/{article}", "/queue/all?tag=vip&team=Network", "/tickets/{ticket}", "/tickets/{ticket}?why=1",
		"/tickets/{ticket}?correct=affected", "/tickets/{ticket}?correct=-", "/tickets/new",
		"/tickets/new?customer={customer}", "/search", "/search?q=licence+client:lumen+nul:1", "/search?q=licorne", "/account", "/settings/customers", "/settings/customers/{customer}", "/settings/rules", "/settings/offer", "/reports", "/reports?customer={customer}", "/reports/escalations", "/reports/escalations?customer={customer}"},
		refused: []string{"/tickets/1", "/settings/desk"}},
	{desk: "alpine", who: "paul@alpine.example", pages: []string{"/settings/desk", "/settings/articles", "/settings/articles/new", "/settings/articles/{article}", "/settings/customers?q=licorne", "/settings/customers/new", "/settings/customers/{customer}",
		"/settings/people", "/settings/people/new", "/settings/people/new?customer={customer}", "/settings/people/{person}",
		"/settings/rules", "/settings/rules/new", "/settings/rules/rule/{rule}", "/settings/rules/publication", "/settings/rules/versions/1",
		"/settings/offer", "/settings/offer/types/new", "/settings/offer/types/critical", "/settings/offer/publication", "/settings/offer/versions/1",
		"/settings/hours", "/settings/hours/new", "/settings/hours/night", "/settings/prices"}},
	{desk: "alpine", who: "ines@alpine.example", pages: []string{"/quarantine", "/quarantine?state=dropped", "/quarantine/{mail}", "/tickets/{mailed}", "/tickets/{mailed}/messages/{sent}/mail"}, refused: []string{"/settings/mail", "/settings/files"}},
	{desk: "alpine", who: "paul@alpine.example", pages: []string{"/settings/mail", "/settings/sender", "/settings/letters", "/settings/letters/received", "/settings/files", "/settings/tokens", "/settings/webhooks", "/settings/webhooks/{webhook}", "/settings/import", "/settings/import/{import}", "/settings/export", "/settings/people/{person}/erasure"}},
	{desk: "alpine", who: "noe@vigienuit.example", pages: []string{"/queue", "/tickets/new", "/account"}, refused: []string{"/settings/customers", "/settings/rules", "/settings/subcontractors"}},
	{desk: "alpine", who: "karim@alpine.example", pages: []string{"/charges", "/charges?state=approved", "/charges/new", "/charges/new?customer={customer}", "/charges/{charge}", "/statements", "/statements/{statement}"}},
	{desk: "alpine", who: "max@lumen.example", pages: []string{"/tickets", "/search?q=courrier", "/health", "/statements", "/statements/{statement}"}},
	{desk: "alpine", who: "hugo@alpine.example", pages: []string{"/issues", "/issues/new", "/issues/{issue}", "/issues/{issue}/edit", "/issues/{issue}/announcements", "/issues/{issue}/announcements/{told}",
		"/incidents", "/incidents/new", "/incidents/{incident}", "/incidents/{incident}/announcements", "/incidents/{incident}/announcements/{said}", "/health"},
		refused: []string{"/settings/health"}},
	{desk: "alpine", who: "helen@alpine.example", language: "en", pages: []string{"/issues/{issue}", "/incidents/{incident}", "/settings/health", "/settings/health/{customer}",
		"/escalations", "/escalations/3", "/escalations/6", "/escalations/7", "/escalations/2/evidence", "/tickets/{ticket}"}, refused: []string{"/../consent/return"}},
	{desk: "alpine", who: "paul@alpine.example", pages: []string{"/settings/access", "/settings/access?state=unknown", "/settings/access/import", "/settings/access/{customer}",
		"/settings/connectors", "/settings/connectors/azure_support", "/settings/connectors/partner_center/profile", "/settings/escalation/publishers/new"}},
	{desk: "alpine", who: "grace@alpine.example", language: "en", pages: []string{"/quarantine", "/quarantine/{mail}", "/tickets/{mailed}", "/search?q=licence+customer:lumen+is:odd", "/settings/mail", "/settings/sender", "/settings/letters", "/settings/letters/received", "/settings/files", "/settings/tokens", "/settings/import", "/settings/import/{import}", "/settings/export", "/settings/webhooks", "/settings/webhooks/{webhook}", "/settings/webhooks/{webhook}/deliveries/{delivery}", "/settings/subcontractors", "/settings/subcontractors/new", "/settings/subcontractors/{subcontractor}", "/settings/circle", "/settings/escalation", "/settings/escalation/lines/new", "/settings/escalation/lines/4", "/settings/escalation/contact",
		"/settings/escalation/publishers/signalis", "/settings/escalation/providers/new", "/settings/escalation/versions/1", "/settings/plans", "/settings/plans/new", "/settings/plans/{plan}", "/settings/connectors", "/settings/connectors/partner_center"}},
	{desk: "alpine", who: "ines@alpine.example", pages: []string{"/escalations/where", "/escalations/where?workload=azure&relation=reseller", "/escalations/where?q=e"}, refused: []string{"/settings/escalation", "/settings/plans"}},
	{desk: "alpine", who: "ines@alpine.example", pages: []string{"/escalations", "/escalations?owes=us&target=microsoft", "/escalations/1", "/escalations/2", "/escalations/7", "/escalations/19",
		"/escalations/{prepared}", "/escalations/{prepared}/connector?service={service}", "/escalations/{prepared}/evidence"}, refused: []string{"/escalations/9999"}},
	{desk: "brume", who: "nora@brume.example", pages: []string{"/settings/providers", "/settings/escalation/providers/{provider}"}},
	{desk: "meridian", who: "otto@meridian.example", language: "en", pages: []string{"/queue/all", "/reports?type=none", "/tickets/{ticket}", "/tickets/{ticket}?why=1", "/settings/desk", "/settings/customers", "/settings/people", "/settings/providers",
		"/settings/offer", "/settings/offer/types/extended", "/settings/hours/office", "/settings/prices", "/settings/rules", "/settings/rules/publication", "/settings/rules/trials", "/settings/rules/trials/{trial}", "/settings/rules/rule/{rule}/results"}},
}

// Everybody whom the demo has at alpine reads French, so two are invited who read
// English. They are guided by who invites them.
var english = map[string]string{"grace@alpine.example": "Grace Holloway", "helen@alpine.example": "Helen Marsh"}

const guided = "paul@alpine.example"

// pageless are the addresses of the router that show no page of their own.
var pageless = []string{"/healthz", "/readyz", "/favicon.ico", "/assets/*", "/{desk}/accent.css", "/{desk}/settings", "/{desk}/settings/rules/export", "/{desk}/help/fitting", "/{desk}/tickets/new/known", "/{desk}/statements/{statement}/csv",
	"/{desk}/reports/attainment.csv", "/{desk}/reports/hours.csv", "/{desk}/reports/sides.csv", "/{desk}/reports/work.csv", "/{desk}/reports/escalated.csv",
	"/{desk}/reports/escalations.csv", "/{desk}/reports/returned.csv", "/{desk}/reports/credits.csv",
	"/{desk}/escalations/{escalation}/dossier.json", "/{desk}/escalations/{escalation}/dossier.txt", "/{desk}/escalations/{escalation}/dossier.zip",
	"/{desk}/escalations/{escalation}/evidence/{evidence}", "/{desk}/tickets/{number}/handed/{evidence}",
	"/{desk}/tickets/{number}/attachments/{attachment}", "/{desk}/tickets/{number}/attachments/{attachment}/thumbnail", "/{desk}/uploads/{upload}",
	"/{desk}/tickets/{number}/messages/{message}/html", "/{desk}/tickets/{number}/messages/{message}/original", "/{desk}/quarantine/{mail}/original",
	"/{desk}/live", "/{desk}/tickets/{number}/presence", "/{desk}/settings/import/templates/{kind}", "/{desk}/settings/import/{import}/refused"}

// everyPage looks at the pages of every role, in both themes, wide, narrow and
// enlarged, and gives their HTML to the checker. A page that is added to the
// router must be added to a tour.
func everyPage(t *testing.T, site *running.Portal) {
	if err := demo.SetUpConnectors(t.Context(), site.Parts.DB, site.Parts.App); err != nil {
		t.Fatal(err)
	}
	for email, name := range english {
		invite(t, site, "alpine", guided, "admin", "", name, email)
	}
	seen := &album{html: map[string]string{}, routes: map[string]bool{}}
	t.Run("by", func(t *testing.T) {
		for _, x := range tours {
			t.Run(x.desk+" "+x.who, func(t *testing.T) {
				t.Parallel()
				seen.take(t, site, x)
			})
		}
	})
	for _, route := range pageRoutes(t, site) {
		if !seen.routes[route] {
			t.Errorf("nobody looks at %s", route)
		}
	}
	journey.Vnu(t, seen.html)
}

// An album keeps the pages that were visited, and the routes that served them.
type album struct {
	mu     sync.Mutex
	html   map[string]string
	routes map[string]bool
}

func (a *album) take(t *testing.T, site *running.Portal, x tour) {
	p := journey.Open(t, site.Base+"/healthz", journey.View{Language: x.language})
	guide := strings.NewReplacer()
	if _, invited := english[x.who]; invited {
		signInByMail(t, site, p, x.desk, x.who)
		speaks(t, site, p, p.View())
		guide = guideOf(t, site, x, guided)
	} else if x.who != "" {
		p.SignIn(t, site.Base, x.desk, x.who)
		guide = guideOf(t, site, x, x.who)
	}
	for _, page := range x.pages {
		a.visit(t, site, p, x, page, guide.Replace(page))
		if p.Status() != http.StatusOK {
			t.Errorf("%s: status %d", p.Address(t), p.Status())
		}
		if x.language != "" {
			has(t, p, `html[lang="`+x.language+`"]`)
		}
	}
	for _, page := range x.refused {
		a.visit(t, site, p, x, page, page)
		if p.Status() < http.StatusUnauthorized || p.Status() > http.StatusNotFound && p.Status() != http.StatusGone {
			t.Errorf("%s: status %d, no refusal", p.Address(t), p.Status())
		}
	}
}

// visit looks at an address below the desk; page is the same with its names.
func (a *album) visit(t *testing.T, site *running.Portal, p *journey.Page, x tour, page, address string) {
	t.Helper()
	u, err := url.Parse("/" + x.desk + address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = path.Clean(u.Path)
	p.Go(t, site.Base+u.String())
	who, _, _ := strings.Cut(x.who, "@")
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("/?=&{}", r) {
			return '_'
		}
		return r
	}, x.desk+page+"-"+who)
	a.keep(name, p.Source(t), routeOf(site, u.Path))
	lookAround(t, p, name, x.language, isFirst(x, page))
}

func (a *album) keep(name, html, route string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.html[name], a.routes[route] = html, true
}

// isFirst tells whether nobody of the same company was on a desk's page in an earlier tour:
// its second reader has another language, or another role, and the same page.
func isFirst(x tour, page string) bool {
	_, company, _ := strings.Cut(x.who, "@")
	for _, earlier := range tours {
		if earlier.desk == x.desk && earlier.who == x.who && earlier.language == x.language && slices.Equal(earlier.pages, x.pages) {
			return true
		}
		_, theirs, _ := strings.Cut(earlier.who, "@")
		if earlier.desk == x.desk && theirs == company && slices.Contains(slices.Concat(earlier.pages, earlier.refused), page) {
			return false
		}
	}
	return true
}

// lookAround sees the page as different people do. At 400 % zoom a window of
// 1280 by 1024 pixels has 320 by 256 left (WCAG 2.2, 1.4.10). It begins as the page
// before was left: a new window has everything laid out anew.
func lookAround(t *testing.T, p *journey.Page, name, language string, first bool) {
	t.Helper()
	wide, narrow := journey.View{Language: language}, journey.View{Width: journey.Phone, Dark: true, Language: language}
	low := journey.View{Width: 320, Height: 256, Language: language}
	views := []journey.View{wide, narrow, low}
	// The accessibility rules take longest by far: they are asked of a page's first
	// reader, in one of two looks, by the page's name, so that half are judged in each.
	judged := views[int(crc32.ChecksumIEEE([]byte(name)))%2]
	if p.View() == low {
		slices.Reverse(views)
	}
	for _, view := range views {
		p.Look(t, view)
		p.FitsWidth(t)
		if first && view == judged {
			p.Axe(t)
		}
		if view != narrow {
			p.Uncovered(t)
		}
	}
	dark := wide
	dark.Dark = true
	p.Shot(t, name, wide, dark, narrow, journey.View{Print: true}, journey.View{ForcedColors: true}, journey.View{Width: journey.Phone, Language: language})
}

func routeOf(site *running.Portal, path string) string {
	c := chi.NewRouteContext()
	site.Parts.Handler().(chi.Routes).Match(c, http.MethodGet, path)
	return c.RoutePattern()
}

// pageRoutes are the patterns of all pages.
func pageRoutes(t *testing.T, site *running.Portal) []string {
	t.Helper()
	found := map[string]bool{}
	err := chi.Walk(site.Parts.Handler().(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodGet && !slices.Contains(pageless, route) && !strings.HasPrefix(route, "/api/") {
			found[route] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}
