package route

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestLinksOpenAtTheCustomer(t *testing.T) {
	t.Parallel()
	lumen := Where{InitialDomain: "lumen.onmicrosoft.com", DefaultDomain: "lumen.example", Tenant: "11111111-2222-3333-4444-555555555555"}
	for key, want := range map[string]string{
		"m365_admin":     "https://admin.cloud.microsoft/?delegatedOrg=lumen.onmicrosoft.com",
		"exchange":       "https://admin.cloud.microsoft/exchange?landingpage=homepage&form=mac_sidebar&delegatedOrg=lumen.onmicrosoft.com#",
		"teams":          "https://admin.teams.microsoft.com/?delegatedOrg=lumen.onmicrosoft.com",
		"entra":          "https://entra.microsoft.com/lumen.example",
		"azure_portal":   "https://portal.azure.com/lumen.example",
		"intune":         "https://intune.microsoft.com/lumen.example",
		"defender":       "https://security.microsoft.com/?tid=11111111-2222-3333-4444-555555555555",
		"purview":        "https://purview.microsoft.com/?tid=11111111-2222-3333-4444-555555555555",
		"power_platform": "https://admin.powerplatform.microsoft.com/account/login/11111111-2222-3333-4444-555555555555",
		"power_bi":       "https://app.powerbi.com/admin-portal?ctid=11111111-2222-3333-4444-555555555555",
	} {
		p, ok := PortalOf(key)
		if got, linked := p.LinkFor(lumen); !ok || !linked || got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
		if got, linked := p.LinkFor(Where{}); linked {
			t.Errorf("%s of nobody opens %q", key, got)
		}
		if len(p.Lacks(Where{})) != 1 || len(p.Lacks(lumen)) != 0 {
			t.Errorf("%s lacks %q of nobody, %q of Lumen", key, p.Lacks(Where{}), p.Lacks(lumen))
		}
	}
}

// A domain that is none cannot bend a link.
func TestLinksCannotBeBent(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"evil.example/..", "a@evil.example", "x y", "x?y=1", "x#", "é.example", strings.Repeat("a", 300), "{tenantId}"} {
		w := Where{InitialDomain: bad, DefaultDomain: bad, Tenant: bad}
		for _, p := range Portals() {
			link, ok := p.LinkFor(w)
			if ok && strings.Contains(p.Link, "{") {
				t.Errorf("%s opens %q with %q", p.Key, link, bad)
			}
		}
	}
}

func TestPortalsAreWhole(t *testing.T) {
	t.Parallel()
	forms := []string{"m365_admin", "azure_portal", "power_platform", "partner_center", "services_hub", "msrc", "publisher", "provider"}
	seen := map[string]bool{}
	for _, p := range Portals() {
		if seen[p.Key] || !slices.Contains(forms, p.Form) || !slices.Contains(Targets(), p.Target) {
			t.Errorf("portal %+v", p)
		}
		seen[p.Key] = true
		if u, err := url.Parse(p.Link); p.Link != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			t.Errorf("%s: link %q (%v)", p.Key, p.Link, err)
		}
	}
	if _, ok := PortalOf("nowhere"); ok {
		t.Error("a portal that there is not")
	}
}

func TestKeysOfNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Meridian Distribution": "meridian_distribution", "Éditeur 3": "diteur_3", "日本": "x", "": "x", "new": "new"} {
		if got := KeyOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
