package microsoft

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

//go:embed consent.html
var consentHTML string

var consentPage = template.Must(template.New("").Parse(consentHTML))

// consentAsk is what the page shows.
type consentAsk struct {
	Tenants []Tenant // who may answer: one, or everybody at /organizations
	Client  string
	Error   string
}

// askConsent shows an administrator what he is asked (Microsoft, "Admin consent
// on the Microsoft identity platform"). Nobody signs in here.
func (s *Server) askConsent(w http.ResponseWriter, r *http.Request) {
	ask := s.consentAsk(r)
	status := http.StatusOK
	if ask.Error != "" {
		status = http.StatusBadRequest
	}
	var out bytes.Buffer
	if err := consentPage.Execute(&out, ask); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// No form-action: browsers hold the redirect back to the portal against it.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

func (s *Server) consentAsk(r *http.Request) consentAsk {
	ask := consentAsk{Client: s.config.ClientID}
	q := r.URL.Query()
	tenant, err := s.tenant(r.PathValue("tenant"))
	switch {
	case err == nil:
		ask.Tenants = []Tenant{tenant}
	case r.PathValue("tenant") == "organizations":
		ask.Tenants = s.config.Tenants
	default:
		ask.Error = "AADSTS90002: Tenant '" + r.PathValue("tenant") + "' not found."
	}
	switch {
	case ask.Error != "":
	case q.Get("client_id") != s.config.ClientID:
		ask.Error = "AADSTS700016: Application with identifier '" + q.Get("client_id") + "' was not found in the directory."
	case !slices.Contains(s.config.Redirects, q.Get("redirect_uri")):
		ask.Error = "AADSTS50011: The redirect URI '" + q.Get("redirect_uri") + "' specified in the request does not match the redirect URIs configured for the application."
	case q.Get("scope") != s.Graph().String()+"/.default":
		ask.Error = "AADSTS70011: The provided value for the input parameter 'scope' is not valid."
	}
	return ask
}

// takeConsent sends the browser back with the answer. The button's value is the
// tenant of whoever accepts; a refusal comes back with admin_consent=True as well,
// as documented.
func (s *Server) takeConsent(w http.ResponseWriter, r *http.Request) {
	if s.consentAsk(r).Error != "" {
		s.askConsent(w, r)
		return
	}
	q := r.URL.Query()
	back := url.Values{"admin_consent": {"True"}, "state": {q.Get("state")}}
	if tenant, err := s.tenant(r.PostFormValue("accept")); err == nil {
		if err := s.Consent(tenant.ID, true); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		back.Set("tenant", tenant.ID)
		back.Set("scope", q.Get("scope"))
	} else {
		back.Set("error", "consent_required")
		back.Set("error_description", "AADSTS65004: The resource owner or authorization server denied the request.")
	}
	address, separator := q.Get("redirect_uri"), "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	http.Redirect(w, r, address+separator+back.Encode(), http.StatusSeeOther)
}
