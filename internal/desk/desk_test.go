package desk

import (
	"slices"
	"strings"
	"testing"
)

func TestIssuerSpeaksPlainHTTPOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	for issuer, want := range map[string]bool{
		"https://login.example.com/realms/a": true, "http://127.0.0.1:5556/dex": true, "http://[::1]:5556": true,
		"http://login.example.com": false, "http://10.0.0.1": false, "http://127.0.0.1.example.com": false, "http://me@127.0.0.1": false,
		"https://me@login.example.com": false, "ftp://127.0.0.1": false, "login.example.com": false, "https://": false,
	} {
		d, err := NewDesk("alpine", "Alpine", "fr", "Europe/Paris")
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.With(DeskSettings{Name: d.Name, Language: d.Language, Zone: d.Zone, Issuer: issuer, ClientID: "guichet"})
		if (err == nil) != want {
			t.Errorf("%s: %v", issuer, err)
		}
	}
}

func TestDesksAddresses(t *testing.T) {
	t.Parallel()
	for slug, fine := range map[string]bool{"alpine": true, "a": true, "alpine-cloud-2": true, strings.Repeat("a", 40): true,
		"": false, "Alpine": false, "alpine_cloud": false, "-alpine": false, "alpine-": false, "a--b": false, "été": false, "a/b": false, "a.b": false,
		strings.Repeat("a", 41): false, "api": false, "assets": false, "sign-in": false, "healthz": false} {
		_, err := NewDesk(slug, "A desk", "fr", "Europe/Paris")
		if got := wrong(err); fine != (err == nil) || !fine && !slices.Equal(got, []string{"slug error.slug"}) {
			t.Errorf("%q: %q", slug, got)
		}
	}
}

func TestDesksSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*DeskSettings)
		want   []string
	}{
		"as it is":                   {func(*DeskSettings) {}, nil},
		"no name":                    {func(s *DeskSettings) { s.Name = "" }, []string{"name error.required"}},
		"another language":           {func(s *DeskSettings) { s.Language = "de" }, []string{"language error.choose"}},
		"no zone":                    {func(s *DeskSettings) { s.Zone = "" }, []string{"zone error.zone"}},
		"the server's own zone":      {func(s *DeskSettings) { s.Zone = "Local" }, []string{"zone error.zone"}},
		"a colour":                   {func(s *DeskSettings) { s.Accent = " #A1B2C3 " }, nil},
		"a colour by name":           {func(s *DeskSettings) { s.Accent = "red" }, []string{"accent error.colour"}},
		"a colour that closes style": {func(s *DeskSettings) { s.Accent = "#fff;}" }, []string{"accent error.colour"}},
		"a website that runs":        {func(s *DeskSettings) { s.Website = "javascript:alert(1)" }, []string{"website error.website"}},
		"an address that is none":    {func(s *DeskSettings) { s.Email = "support" }, []string{"email error.email"}},
		"an issuer without a client": {func(s *DeskSettings) { s.Issuer = "https://id.example" }, []string{"client_id error.client_id"}},
		"a client without an issuer": {func(s *DeskSettings) { s.ClientID = "x" }, []string{"client_id error.client_id"}},
	} {
		d, err := NewDesk("alpine", "Alpine", "fr", "Europe/Paris")
		if err != nil {
			t.Fatal(err)
		}
		s := DeskSettings{Name: "Alpine", Language: "fr", Zone: "Asia/Tokyo"}
		c.change(&s)
		changed, err := d.With(s)
		if got := wrong(err); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if changed.ID != d.ID || changed.Slug != d.Slug || err == nil && FirstOffer(changed).Content.Calendars[0].Spec.Zone != "Asia/Tokyo" {
			t.Errorf("%s: %+v", name, changed)
		}
	}
	d := Desk{}
	for _, tenant := range []string{"", "x", consumerTenant} {
		if _, err := d.OfTenant(tenant); !slices.Equal(wrong(err), []string{"tenant error.tenant"}) {
			t.Errorf("of the tenant %q: %v", tenant, err)
		}
	}
}

// The first problem of a field is the one that is told.
func TestTheFirstProblemOfAFieldWins(t *testing.T) {
	t.Parallel()
	var p Problems
	p.Add("a", "first")
	p.Add("b", "other")
	p.Merge(Problems{{Field: "a", Key: "second"}, {Field: "c", Key: "third"}})
	if got := wrong(p.Err()); !slices.Equal(got, []string{"a first", "b other", "c third"}) {
		t.Errorf("%q", got)
	}
	if err := (Problems{}).Err(); err != nil {
		t.Errorf("nothing wrong is %v", err)
	}
}

func TestServicesAreKnownByName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range Services() {
		if got, ok := ServiceNamed(strings.ToUpper(s.Name)); !ok || got != s || seen[s.Name] {
			t.Errorf("%s: %+v", s.Name, got)
		}
		seen[s.Name] = true
	}
	if s, ok := ServiceNamed(""); !ok || s.Name != "Unknown" || Services()[len(Services())-1] != s {
		t.Errorf("not said is %+v", s)
	}
	if _, ok := ServiceNamed("Lotus Notes"); ok {
		t.Error("a service nobody knows is known")
	}
}
