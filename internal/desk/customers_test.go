package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCustomersFields(t *testing.T) {
	t.Parallel()
	const tenant = "3F2504E0-4F89-11D3-9A0C-0305E82C3301"
	for name, c := range map[string]struct {
		change func(*CustomerSettings)
		want   []string
	}{
		"as it is":                  {func(*CustomerSettings) {}, nil},
		"no name":                   {func(s *CustomerSettings) { s.Name = " " }, []string{"name error.required"}},
		"a tenant in capitals":      {func(s *CustomerSettings) { s.Tenant = " " + tenant + " " }, nil},
		"a tenant that is no GUID":  {func(s *CustomerSettings) { s.Tenant = "contoso" }, []string{"tenant error.tenant"}},
		"anybody's Microsoft":       {func(s *CustomerSettings) { s.Tenant = consumerTenant }, []string{"tenant error.tenant"}},
		"an initial domain":         {func(s *CustomerSettings) { s.InitialDomain = "Contoso.onmicrosoft.com" }, nil},
		"another's initial domain":  {func(s *CustomerSettings) { s.InitialDomain = "contoso.com" }, []string{"initial_domain error.initial_domain"}},
		"no initial domain at all":  {func(s *CustomerSettings) { s.InitialDomain = ".onmicrosoft.com" }, []string{"initial_domain error.initial_domain"}},
		"domains on lines":          {func(s *CustomerSettings) { s.Domains = "contoso.com\r\nfabrikam.fr, xn--caf-dma.example" }, nil},
		"a domain without a dot":    {func(s *CustomerSettings) { s.Domains = "contoso" }, []string{"domains error.domain"}},
		"an address for a domain":   {func(s *CustomerSettings) { s.Domains = "lea@contoso.com" }, []string{"domains error.domain"}},
		"a domain with a hyphen":    {func(s *CustomerSettings) { s.Domains = "-contoso.com" }, []string{"domains error.domain"}},
		"an endless domain":         {func(s *CustomerSettings) { s.Domains = strings.Repeat("abcdefgh.", 30) + "com" }, []string{"domains error.domain"}},
		"too many domains":          {func(s *CustomerSettings) { s.Domains = manyDomains(51) }, []string{"domains error.too_many"}},
		"as many domains as may be": {func(s *CustomerSettings) { s.Domains = manyDomains(50) }, nil},
		"no relationship":           {func(s *CustomerSettings) { s.Relationship = "" }, []string{"relationship error.choose"}},
		"a note with a zero byte":   {func(s *CustomerSettings) { s.Note = "a\x00" }, []string{"note error.encoding"}},
		"a long region":             {func(s *CustomerSettings) { s.Region = strings.Repeat("x", 61) }, []string{"region error.too_long"}},
	} {
		s := CustomerSettings{Name: "Fabrique Lumen", Relationship: Direct}
		c.change(&s)
		k, err := NewCustomer(s)
		if got := wrong(err); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if k.Domains == nil || err == nil && (!k.Active || k.Tenant != strings.ToLower(strings.TrimSpace(s.Tenant))) {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

func manyDomains(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("d%d.example", i))
	}
	return strings.Join(list, " ")
}

// Domains are a set, however they were typed.
func TestDomainsAreASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		typed := rapid.SliceOfN(rapid.SampledFrom([]string{"a.example", "B.example", "c.example", "A.EXAMPLE"}), 0, 8).Draw(r, "domains")
		text := ""
		for _, d := range typed {
			text += d + rapid.SampledFrom([]string{" ", ",", "; ", "\n", "\r\n", ", "}).Draw(r, "separator")
		}
		c, err := NewCustomer(CustomerSettings{Name: "x", Relationship: Direct, Domains: text})
		want := []string{}
		for _, d := range typed {
			if d = strings.ToLower(d); !slices.Contains(want, d) {
				want = append(want, d)
			}
		}
		slices.Sort(want)
		if err != nil || !slices.Equal(c.Domains, want) {
			r.Fatalf("%q: %q, want %q (%v)", text, c.Domains, want, err)
		}
		again, err := c.With(CustomerSettings{Name: "x", Relationship: Direct, Domains: strings.Join(c.Domains, "\n")})
		if err != nil || !slices.Equal(again.Domains, c.Domains) {
			r.Fatalf("shown and saved again: %q", again.Domains)
		}
	})
}
