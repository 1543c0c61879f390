// Package microsoft stands in for Microsoft's endpoints in the demo and in
// tests: consent, tokens, and service health that changes with time. It is
// written from Microsoft's documentation, to tell the clients when they are wrong.
package microsoft

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Config is what a sample is made of.
type Config struct {
	Base         string // the address that it is reached at, without a slash at the end
	ClientID     string // the one application that is registered
	ClientSecret string
	Redirects    []string // addresses that a consent may return to
	Tenants      []Tenant
	StateFile    string           // where consents and the story's beginning are kept; empty: in memory alone
	Now          func() time.Time // nil: the wall clock
	Padding      int              // further issues of the past, to fill pages with
	LargestPage  int              // entries of a page, whatever is wished; 0: 1,000, as documented
}

// Tenant is one company at Microsoft.
type Tenant struct {
	ID            string // GUID, lower case
	Name          string
	Services      []string    // ids as Graph has them; nil: Usual
	Subscriptions []string    // GUIDs, lower case
	Consented     bool        // before anybody is asked
	Partner       bool        // a Cloud Solution Provider
	Delegated     []Delegated // a partner's relationships
	Plan          string      // support plan that its requests are filed under; "": CSP
}

// Failure is how a tenant's answers go wrong, for tests.
type Failure string

// The failures.
const (
	NoFailure Failure = ""
	Throttled Failure = "throttled" // 429, whatever was asked before
	Busy      Failure = "busy"      // 503 with Retry-After
	Down      Failure = "down"      // 500
	Truncated Failure = "truncated" // an answer that ends in its middle
	Garbage   Failure = "garbage"   // a page for people, with status 200
	NoRoles   Failure = "no roles"  // a token is given, and access refused
)

// Server is the sample. It may be used by many goroutines.
type Server struct {
	config  Config
	script  script
	mux     *http.ServeMux
	tenants map[string]Tenant

	mu       sync.Mutex
	state    state
	tokens   map[string]token
	asked    map[string][]time.Time // of a tenant, the last hour's
	failures map[string]Failure
	requests int
	support  supportBook
	partner  partnerBook
	mails    map[string][]Mail // by tenant and user
	places   int               // how often it forgot how far mailboxes were read
}

// state is what outlives the process.
type state struct {
	Begun    []time.Time     `json:"begun"`    // each time that the story began
	Consents map[string]bool `json:"consents"` // by tenant
}

// New makes a sample. Errors: a script that does not parse, a state file that
// cannot be read.
func New(config Config) (*Server, error) {
	s := &Server{config: config, tenants: map[string]Tenant{}, tokens: map[string]token{}, asked: map[string][]time.Time{}, failures: map[string]Failure{}}
	if s.config.Now == nil {
		s.config.Now = time.Now
	}
	if s.config.LargestPage == 0 {
		s.config.LargestPage = 1000
	}
	var err error
	if s.script, err = readScript(); err != nil {
		return nil, err
	}
	s.state = state{Consents: map[string]bool{}}
	for _, t := range config.Tenants {
		if t.Services == nil {
			t.Services = Usual
		}
		s.tenants[t.ID] = t
		s.state.Consents[t.ID] = t.Consented
	}
	if err := s.readState(); err != nil {
		return nil, err
	}
	s.mux = http.NewServeMux()
	s.mux.HandleFunc("POST /login/{tenant}/oauth2/v2.0/token", s.giveToken)
	s.mux.HandleFunc("GET /login/{tenant}/v2.0/adminconsent", s.askConsent)
	s.mux.HandleFunc("POST /login/{tenant}/v2.0/adminconsent", s.takeConsent)
	s.mux.HandleFunc("GET /graph/v1.0/admin/serviceAnnouncement/{list}", s.graph(s.graphList))
	s.mux.HandleFunc("GET /graph/v1.0/admin/serviceAnnouncement/{list}/{id}", s.graph(s.graphOne))
	s.mux.HandleFunc("GET /azure/providers/Microsoft.ResourceHealth/emergingIssues/default", s.azure(s.emerging))
	s.mux.HandleFunc("GET /azure/subscriptions/{subscription}/providers/Microsoft.ResourceHealth/events", s.azure(s.events))
	s.routeSupport()
	s.routePartnerCenter()
	s.routeDelegated()
	s.routeMailboxes()
	return s, nil
}

// Usual are the services of a company that never thought about it, by ids of
// Graph.
var Usual = []string{"Exchange", "OrgLiveID", "OSDPPlatform", "microsoftteams", "SharePoint", "OneDriveForBusiness", "O365Client", "officeonline",
	"Intune", "Microsoft365Defender", "Planner", "Forms", "Bookings"}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	s.mux.ServeHTTP(w, r)
}

// Graph, Azure and Authority are the addresses to give to clients.
func (s *Server) Graph() *url.URL { return s.address("/graph") }

// Azure is the root of Azure's interface.
func (s *Server) Azure() *url.URL { return s.address("/azure") }

// Authority gives tokens and takes consents.
func (s *Server) Authority() *url.URL { return s.address("/login") }

func (s *Server) address(path string) *url.URL {
	u, err := url.Parse(s.config.Base + path)
	if err != nil {
		panic(fmt.Sprintf("sample of Microsoft: %v", err)) // New was given no address
	}
	return u
}

// Fail makes a tenant's answers go wrong until told otherwise.
func (s *Server) Fail(tenant string, f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures[tenant] = f
}

// Consent gives or takes away a tenant's consent, as its administrator could.
func (s *Server) Consent(tenant string, given bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Consents[tenant] = given
	return s.writeState()
}

// Requests counts those that came so far, of every kind.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *Server) now() time.Time { return s.config.Now().UTC() }

// begun are the times at which the story began. It begins again when it has been
// told, so that there is something to see on every day.
func (s *Server) begun() []time.Time {
	const told = 12 * time.Hour
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if n := len(s.state.Begun); n == 0 || now.Sub(s.state.Begun[n-1]) > told {
		s.state.Begun = append(s.state.Begun, now.Truncate(time.Minute))
		_ = s.writeState() // then the story begins anew with the next process
	}
	return slices.Clone(s.state.Begun)
}

// fails writes what a failing tenant answers; false when it does not fail.
func (s *Server) fails(w http.ResponseWriter, tenant string, deny func()) bool {
	s.mu.Lock()
	f := s.failures[tenant]
	s.mu.Unlock()
	switch f {
	case Throttled:
		s.tooMany(w, 17*time.Second)
	case Busy:
		w.Header().Set("Retry-After", s.now().Add(40*time.Second).Format(http.TimeFormat))
		w.Header().Set("Date", s.now().Format(http.TimeFormat))
		s.refuse(w, http.StatusServiceUnavailable, "ServiceUnavailable", "The service is temporarily unavailable.")
	case Down:
		s.refuse(w, http.StatusInternalServerError, "InternalServerError", "An error has occurred.")
	case Truncated:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"value":[{"id":"EX1184213","title":"Some users may exp`))
	case Garbage:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Our services aren't available right now</title>"))
	case NoRoles:
		deny()
	default:
		return false
	}
	return true
}

// refuse answers with an error as Graph and Azure write them.
func (s *Server) refuse(w http.ResponseWriter, status int, code, message string) {
	id := uuid.NewString()
	s.answer(w, status, map[string]any{"error": map[string]any{"code": code, "message": message,
		"innerError": map[string]any{"date": s.now().Format("2006-01-02T15:04:05"), "request-id": id, "client-request-id": id}}})
}

func (s *Server) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Request-Id", rand.Text())
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the reader may be gone
}

var errNoTenant = errors.New("no such tenant")

// tenant finds one that is registered.
func (s *Server) tenant(id string) (Tenant, error) {
	t, ok := s.tenants[strings.ToLower(id)]
	if !ok {
		return Tenant{}, errNoTenant
	}
	return t, nil
}

// Has tells whether a tenant is there.
func (s *Server) Has(tenant string) bool {
	_, err := s.tenant(tenant)
	return err == nil
}
