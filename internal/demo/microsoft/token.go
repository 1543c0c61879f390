package microsoft

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// token is one that was given.
type token struct {
	tenant, audience string
	until            time.Time
}

const tokenLife = 3599 * time.Second

// giveToken is the token endpoint for applications (Microsoft, "OAuth 2.0 client
// credentials flow").
func (s *Server) giveToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	id, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	tenant, err := s.tenant(r.PathValue("tenant"))
	audience, scoped := strings.CutSuffix(r.PostFormValue("scope"), "/.default")
	if f := s.failureOf(tenant.ID); f == Throttled || f == Busy || f == Down {
		s.fails(w, tenant.ID, func() {})
		return
	}
	switch {
	case r.PostFormValue("grant_type") == "refresh_token" && err == nil:
		s.renew(w, r, tenant)
	case r.PostFormValue("grant_type") != "client_credentials":
		s.refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	case err != nil:
		s.refuseToken(w, http.StatusBadRequest, "invalid_request", 90002, fmt.Sprintf("Tenant '%s' not found. Check to make sure you have the correct tenant ID.", r.PathValue("tenant")))
	case id != s.config.ClientID:
		s.refuseToken(w, http.StatusBadRequest, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'.", id, tenant.Name))
	case subtle.ConstantTimeCompare([]byte(secret), []byte(s.config.ClientSecret)) != 1:
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.")
	case !scoped:
		s.refuseToken(w, http.StatusBadRequest, "invalid_scope", 1002012, "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.")
	case !slices.Contains([]string{s.Graph().String(), s.Azure().String()}, audience):
		s.refuseToken(w, http.StatusBadRequest, "invalid_resource", 500011, fmt.Sprintf("The resource principal named %s was not found in the tenant named %s.", audience, tenant.Name))
	case !s.consented(tenant.ID):
		s.refuseToken(w, http.StatusUnauthorized, "invalid_client", 7000229, fmt.Sprintf("The client application %s is missing service principal in the tenant %s.", id, tenant.ID))
	default:
		s.answer(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "ext_expires_in": int(tokenLife.Seconds()),
			"access_token": s.mint(tenant.ID, audience)})
	}
}

func (s *Server) mint(tenant, audience string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for text, t := range s.tokens {
		if now.After(t.until) {
			delete(s.tokens, text)
		}
	}
	text := rand.Text()
	s.tokens[text] = token{tenant, audience, now.Add(tokenLife)}
	return text
}

func (s *Server) refuseToken(w http.ResponseWriter, status int, code string, number int, why string) {
	trace, correlation, now := uuid.NewString(), uuid.NewString(), s.now().Format("2006-01-02 15:04:05Z")
	s.answer(w, status, map[string]any{"error": code, "error_codes": []int{number}, "timestamp": now, "trace_id": trace, "correlation_id": correlation,
		"error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", number, why, trace, correlation, now),
		"error_uri":         fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", number)})
}

func (s *Server) consented(tenant string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.Consents[tenant]
}

func (s *Server) failureOf(tenant string) Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failures[tenant]
}

// bearer finds whose the request's token is. An ended one, or one for the other
// interface, is none.
func (s *Server) bearer(r *http.Request, audience string) (tenant Tenant, ok bool) {
	text, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	t, given := s.tokens[text]
	s.mu.Unlock()
	if !found || !given || t.audience != audience || s.now().After(t.until) {
		return Tenant{}, false
	}
	return s.tenants[t.tenant], true
}
