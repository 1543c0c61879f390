package demo

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"guichet/internal/demo/corpus"
	"guichet/internal/demo/microsoft"
)

// consented are the customers, by desk and key, that let the portal read their
// service health before anybody asks.
var consented = []string{"alpine/fabrique-lumen", "alpine/hotel-du-lac", "alpine/clinique-saint-irenee", "alpine/cabinet-morand", "alpine/transports-vallin",
	"alpine/harbour-finch", "alpine/northgate", "alpine/lycee-ampere", "brume/atelier-nord", "meridian/polder-it"}

// moreServices are what a customer has at Microsoft beside the usual, by ids of
// Graph; fewerServices what it has not.
var (
	moreServices = map[string][]string{
		"alpine/fabrique-lumen":        {"PowerBIcom", "MicrosoftFlow"},
		"alpine/clinique-saint-irenee": {"PowerBIcom", "Copilot"},
		"alpine/transports-vallin":     {"DynamicsCRM", "PowerApps", "MicrosoftFlow", "PowerBIcom"},
		"alpine/harbour-finch":         {"DynamicsNAV", "Copilot"},
		"alpine/northgate":             {"PowerBIcom"},
		"brume/atelier-nord":           {"DynamicsNAV"},
		"meridian/polder-it":           {"PowerBIcom", "PowerApps", "MicrosoftFlow", "Copilot"},
	}
	fewerServices = map[string][]string{
		"alpine/hotel-du-lac":   {"Intune", "Microsoft365Defender", "Planner", "Forms"},
		"alpine/cabinet-morand": {"Intune", "Planner", "Bookings"},
	}
)

// subscribers are customers with an Azure subscription.
var subscribers = []string{"alpine/transports-vallin", "alpine/fabrique-lumen", "meridian/polder-it"}

// plans are the customers whose requests are filed under a plan that an interface
// may use; all others are on the plain one.
var plans = map[string]string{"alpine/transports-vallin": "Premier"}

// subscriptionOf is the Azure subscription of a customer, if it has one.
func subscriptionOf(slug, key string) string { return named("subscription", slug+"/"+key) }

// newMicrosoft is Microsoft as the demo desks know it: a tenant for each partner
// and each customer. Consents and the story's beginning outlive a restart.
func newMicrosoft(base, back, stateDir string) (*microsoft.Server, error) {
	c, err := corpus.Load()
	if err != nil {
		return nil, err
	}
	config := microsoft.Config{Base: base, ClientID: clientID, ClientSecret: clientSecret, Redirects: []string{back}, StateFile: filepath.Join(stateDir, "microsoft.json")}
	for _, d := range demoDesks {
		config.Tenants = append(config.Tenants, microsoft.Tenant{ID: tenantOf(d.slug, ""), Name: d.name, Consented: true, Partner: true, Delegated: delegatedTo(c, d.slug)})
	}
	for _, k := range c.Customers {
		key, id := k.Desk+"/"+k.Key, tenantOf(k.Desk, k.Key)
		if slices.ContainsFunc(config.Tenants, func(t microsoft.Tenant) bool { return t.ID == id }) {
			continue // a partner who is a customer of another
		}
		t := microsoft.Tenant{ID: id, Name: k.Name, Consented: slices.Contains(consented, key), Services: append(slices.Clone(microsoft.Usual), moreServices[key]...)}
		t.Services = slices.DeleteFunc(t.Services, func(s string) bool { return slices.Contains(fewerServices[key], s) })
		t.Plan = plans[key]
		if slices.Contains(subscribers, key) {
			t.Subscriptions = []string{subscriptionOf(k.Desk, k.Key)}
		}
		config.Tenants = append(config.Tenants, t)
	}
	return microsoft.New(config)
}

// authority puts two under one address, as Entra does: what is asked of a single
// tenant is Microsoft's sample's, sign-in the identity provider's.
func authority(identity http.Handler, sample *microsoft.Server) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest := strings.TrimPrefix(r.URL.Path, "/identity/")
		tenant, _, _ := strings.Cut(rest, "/")
		if uuid.Validate(tenant) != nil {
			identity.ServeHTTP(w, r)
			return
		}
		forwarded := r.Clone(r.Context())
		forwarded.URL.Path, forwarded.URL.RawPath = "/login/"+rest, ""
		sample.ServeHTTP(w, forwarded)
	})
}
