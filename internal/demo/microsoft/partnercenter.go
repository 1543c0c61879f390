package microsoft

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// partnerBook is what Partner Center holds; the server's lock guards it.
type partnerBook struct {
	profiles map[string]entry           // support profiles, by the partner's tenant
	requests map[string]*partnerRequest // by number
	done     map[string]bool            // MS-RequestIds of changes that were made
	refresh  map[string]string          // tenants by refresh token
	given    int
}

type partnerRequest struct {
	number, customer, title  string
	severity, status         int // as the enums number them
	created, changed, closed time.Time
	notes                    []partnerNote
}

type partnerNote struct {
	by, text string
	at       time.Time
}

// Names of the enums ServiceRequestSeverity and ServiceRequestStatus.
var (
	severityNames = []string{"unknown", "critical", "moderate", "minimal"}
	statusNames   = []string{"none", "open", "closed", "attention_needed"}
)

func (s *Server) routePartnerCenter() {
	s.partner = partnerBook{profiles: map[string]entry{}, requests: map[string]*partnerRequest{}, done: map[string]bool{}, refresh: map[string]string{}}
	for _, t := range s.config.Tenants {
		if t.Partner {
			s.partner.refresh[RefreshToken(t.ID)] = t.ID
			s.partner.profiles[t.ID] = entry{"email": "support@" + slug(t.Name) + ".example", "telephone": "+33 4 00 00 00 00", "website": "www." + slug(t.Name) + ".example"}
		}
	}
	s.mux.HandleFunc("GET /partner/v1/customers/{tenant}/servicerequests", s.partnered(s.listPartnerRequests))
	s.mux.HandleFunc("GET /partner/v1/servicerequests/{number}", s.partnered(s.getPartnerRequest))
	s.mux.HandleFunc("PATCH /partner/v1/servicerequests/{number}", s.partnered(s.patchPartnerRequest))
	s.mux.HandleFunc("GET /partner/v1/profiles/support", s.partnered(s.getProfile))
	s.mux.HandleFunc("PUT /partner/v1/profiles/supportprofile", s.partnered(s.putProfile))
}

// PartnerCenter is the root of Partner Center's interface.
func (s *Server) PartnerCenter() *url.URL { return s.address("/partner") }

// RefreshToken is what a partner's administrator has from signing in, in the
// sample.
func RefreshToken(tenant string) string { return "demo-refresh-" + tenant }

// renew answers a refresh token with tokens for Partner Center and the next one
// (Microsoft identity platform, "Refresh the access token").
func (s *Server) renew(w http.ResponseWriter, r *http.Request, t Tenant) {
	id, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	s.mu.Lock()
	of, known := s.partner.refresh[r.PostFormValue("refresh_token")]
	s.mu.Unlock()
	switch {
	case id != s.config.ClientID:
		s.refuseToken(w, http.StatusBadRequest, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'.", id, t.Name))
	case subtle.ConstantTimeCompare([]byte(secret), []byte(s.config.ClientSecret)) != 1:
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided.")
	case !known || of != t.ID:
		s.refuseToken(w, http.StatusBadRequest, "invalid_grant", 700082, "The refresh token has expired due to inactivity.")
	case !strings.HasPrefix(r.PostFormValue("scope"), s.PartnerCenter().String()+"/user_impersonation"):
		s.refuseToken(w, http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
	default:
		s.mu.Lock()
		s.partner.given++
		next := fmt.Sprintf("%s-%d-%s", RefreshToken(t.ID), s.partner.given, uuid.NewString())
		s.partner.refresh[next] = t.ID
		s.mu.Unlock()
		s.answer(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "scope": s.PartnerCenter().String() + "/user_impersonation",
			"access_token": s.mint(t.ID, s.PartnerCenter().String()), "refresh_token": next})
	}
}

// EndRefresh makes all refresh tokens of a partner worthless, as a changed password
// does.
func (s *Server) EndRefresh(tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, of := range s.partner.refresh {
		if of == tenant {
			delete(s.partner.refresh, token)
		}
	}
}

// refusePartner answers with an error as Partner Center writes them ("Partner
// Center REST error codes").
func (s *Server) refusePartner(w http.ResponseWriter, status, code int, description string) {
	s.answer(w, status, entry{"code": code, "description": description, "data": []string{}, "source": "PartnerFD"})
}

func (s *Server) partnered(next func(http.ResponseWriter, *http.Request, Tenant)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tenant, ok := s.bearer(r, s.PartnerCenter().String())
		if !ok || !tenant.Partner {
			s.refusePartner(w, http.StatusUnauthorized, 401, "The request is not authenticated.")
			return
		}
		deny := func() { s.refusePartner(w, http.StatusForbidden, 403, "The user has no role for this operation.") }
		for _, name := range []string{"MS-RequestId", "MS-CorrelationId"} {
			w.Header().Set(name, r.Header.Get(name))
		}
		switch {
		case s.fails(w, tenant.ID, deny), s.throttles(w, "partner/"+tenant.ID):
		case uuid.Validate(r.Header.Get("MS-RequestId")) != nil:
			s.refusePartner(w, http.StatusBadRequest, 2000, "The header MS-RequestId is not a GUID.")
		default:
			next(w, r, tenant)
		}
	}
}

// FileAtPartnerCenter puts a request there as a person does by hand, for the demo
// and for tests, and tells its number.
func (s *Server) FileAtPartnerCenter(customer, title string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	number := fmt.Sprintf("6%s%08d", now.Format("060102"), 91_690_100+len(s.partner.requests))
	s.partner.requests[number] = &partnerRequest{number: number, customer: strings.ToLower(customer), title: title, severity: 2, status: 1, created: now, changed: now}
	return number
}

// live lets an engineer answer after a while.
func (p *partnerRequest) live(now time.Time) {
	answered := slices.ContainsFunc(p.notes, func(n partnerNote) bool { return strings.HasPrefix(n.by, "Microsoft") })
	if at := p.created.Add(takenAfter); !answered && !now.Before(at) {
		p.notes = append(p.notes, partnerNote{by: "Microsoft Support", text: "We have received your request and are looking into it.", at: at})
		p.changed = at
	}
}

const neverThere = "0001-01-01T00:00:00"

func partnerTime(at time.Time) string {
	if at.IsZero() {
		return neverThere
	}
	return at.UTC().Format("2006-01-02T15:04:05.000")
}

// written is a request: numbers for the fixed values in lists, names in answers
// about one.
func (p *partnerRequest) written(whole bool) entry {
	e := entry{"title": p.title, "id": p.number, "severity": p.severity, "status": p.status, "primaryContact": entry{"lastName": "Account", "firstName": "Partner"},
		"createdDate": partnerTime(p.created), "lastModifiedDate": partnerTime(p.changed), "lastClosedDate": partnerTime(p.closed), "attributes": entry{"objectType": "ServiceRequest"}}
	if whole {
		e["severity"], e["status"] = severityNames[p.severity], statusNames[p.status]
		notes := []entry{}
		for _, n := range p.notes {
			notes = append(notes, entry{"createdByName": n.by, "createdDate": partnerTime(n.at), "text": n.text})
		}
		e["notes"] = notes
	}
	return e
}

func (s *Server) listPartnerRequests(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, err := strconv.Atoi(r.URL.Query().Get("size"))
	if err != nil || size < 1 || size > 500 {
		size = 100
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset")) // what is no number skips nothing
	var all []*partnerRequest
	for _, p := range s.partner.requests {
		if p.customer == strings.ToLower(r.PathValue("tenant")) {
			p.live(s.now())
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(x, y *partnerRequest) int { return strings.Compare(y.number, x.number) })
	first := min(max(offset, 0), len(all))
	items := []entry{}
	for _, p := range all[first:min(first+size, len(all))] {
		items = append(items, p.written(false))
	}
	s.answer(w, http.StatusOK, entry{"totalCount": len(all), "items": items, "attributes": entry{"objectType": "Collection"}})
}

func (s *Server) getPartnerRequest(w http.ResponseWriter, r *http.Request, _ Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.partner.requests[r.PathValue("number")]
	if !ok {
		s.refusePartner(w, http.StatusNotFound, 600009, "The service request was not found.")
		return
	}
	p.live(s.now())
	s.answer(w, http.StatusOK, p.written(true))
}

// patchPartnerRequest adds a note, once for each MS-RequestId.
func (s *Server) patchPartnerRequest(w http.ResponseWriter, r *http.Request, _ Tenant) {
	var sent struct {
		NewNote *struct{ Text string }
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&sent)
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.partner.requests[r.PathValue("number")]
	switch {
	case !ok:
		s.refusePartner(w, http.StatusNotFound, 600009, "The service request was not found.")
		return
	case err != nil || sent.NewNote == nil || sent.NewNote.Text == "":
		s.refusePartner(w, http.StatusBadRequest, 600010, "The note has no text.")
		return
	}
	if key := strings.ToLower(r.Header.Get("MS-RequestId")); !s.partner.done[key] {
		s.partner.done[key] = true
		p.notes, p.changed = append(p.notes, partnerNote{by: "Partner Account", text: sent.NewNote.Text, at: s.now()}), s.now()
	}
	s.answer(w, http.StatusOK, p.written(true))
}

func (s *Server) getProfile(w http.ResponseWriter, _ *http.Request, t Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answerProfile(w, t)
}

func (s *Server) answerProfile(w http.ResponseWriter, t Tenant) {
	p := s.partner.profiles[t.ID]
	s.answer(w, http.StatusOK, entry{"email": p["email"], "telephone": p["telephone"], "website": p["website"], "profileType": "support_profile",
		"links": entry{"self": entry{"uri": "/profiles/support", "method": "GET", "headers": []string{}}}, "attributes": entry{"etag": "<etag>", "objectType": "PartnerSupportProfile"}})
}

func (s *Server) putProfile(w http.ResponseWriter, r *http.Request, t Tenant) {
	var sent struct{ Email, Telephone, Website, ProfileType string }
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&sent)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || sent.ProfileType != "support_profile" || !strings.Contains(sent.Email, "@") {
		s.refusePartner(w, http.StatusBadRequest, 2000, "The support profile needs an e-mail address, and its type.")
		return
	}
	s.partner.profiles[t.ID] = entry{"email": sent.Email, "telephone": sent.Telephone, "website": sent.Website}
	s.answerProfile(w, t)
}
