package desk

import (
	"slices"
	"strings"
	"time"
)

// Customer is a company that buys from the partner, known by its Microsoft
// tenant id (the "Microsoft ID" of Partner Center and the tid claim of a token).
type Customer struct {
	ID            ID
	Name          string
	Tenant        string // lower-case GUID, "" while unknown
	InitialDomain string // contoso.onmicrosoft.com
	Domains       []string
	Relationship  Relationship
	Region        string // Microsoft 365 geography or Azure region, free
	Priority      bool
	OpenDoor      bool // anyone of the tenant may sign in as a contact
	Note          string
	Active        bool
	CreatedAt     time.Time
}

// CustomerSettings is what an admin says of a customer.
type CustomerSettings struct {
	Name, Tenant, InitialDomain, Domains, Region, Note string
	Relationship                                       Relationship
	Priority, OpenDoor, Active                         bool
}

// NewCustomer adds a company. Errors: Invalid, by field.
func NewCustomer(s CustomerSettings) (Customer, error) {
	s.Active = true
	return Customer{ID: NewID()}.With(s)
}

// consumerTenant signs in personal Microsoft accounts (identity platform
// documentation, "ID token claims": tid).
const consumerTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// With returns the customer with new settings. Domains are separated by
// spaces, commas or lines. Errors: Invalid, by field.
func (c Customer) With(s CustomerSettings) (Customer, error) {
	var p Problems
	c.Name, c.Tenant = clean(s.Name), strings.ToLower(strings.TrimSpace(s.Tenant))
	c.InitialDomain = strings.ToLower(strings.TrimSpace(s.InitialDomain))
	c.Domains = splitDomains(s.Domains)
	c.Relationship, c.Region, c.Note = s.Relationship, clean(s.Region), cleanText(s.Note)
	c.Priority, c.OpenDoor, c.Active = s.Priority, s.OpenDoor, s.Active
	p.Text("name", c.Name, 1, 80)
	if c.Tenant != "" && (!guidShape.MatchString(c.Tenant) || c.Tenant == consumerTenant) {
		p.Add("tenant", "error.tenant")
	}
	if c.InitialDomain != "" && (!domainShape.MatchString(c.InitialDomain) || !strings.HasSuffix(c.InitialDomain, ".onmicrosoft.com")) {
		p.Add("initial_domain", "error.initial_domain")
	}
	for _, d := range c.Domains {
		if !domainShape.MatchString(d) || len(d) > 253 {
			p.Add("domains", "error.domain", "Domain", d)
		}
	}
	if len(c.Domains) > 50 {
		p.Add("domains", "error.too_many", "Most", 50)
	}
	p.OneOf("relationship", string(c.Relationship), string(Direct), string(Reseller), string(Provider))
	p.Text("region", c.Region, 0, 60)
	p.Text("note", c.Note, 0, 2000)
	return c, p.Err()
}

func splitDomains(s string) []string {
	parts := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
	slices.Sort(parts)
	return slices.Compact(append([]string{}, parts...))
}
