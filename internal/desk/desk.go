// Package desk holds the nouns of a partner's support desk: constructors that
// validate, state changes, permissions and errors. It does no I/O.
package desk

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"guichet/internal/hours"
)

// ID names a row. Versions 7 (RFC 9562 §5.7) grow with time, so that new rows
// land together in an index.
type ID = uuid.UUID

// Nobody is the zero ID.
var Nobody ID

// NewID makes a fresh version 7 UUID.
func NewID() ID { return uuid.Must(uuid.NewV7()) }

// ParseID reads an ID from an address or a form; anything else is ErrNotFound,
// because a malformed id names nothing.
func ParseID(s string) (ID, error) {
	id, err := uuid.Parse(s)
	if err != nil {
		return Nobody, ErrNotFound
	}
	return id, nil
}

// Desk is one partner's support desk: the tenant.
type Desk struct {
	ID          ID
	Slug        string
	Name        string
	Tenant      string // the partner's own Microsoft tenant id, lower-case GUID
	Language    string // "fr" or "en"
	Zone        string // IANA time zone
	Accent      string // "#rrggbb", or "" for the house colour
	Email       string
	Phone       string
	Website     string
	Address     string
	EmailSignIn bool // whether a sign-in link may be mailed
	Issuer      string
	ClientID    string
	HasSecret   bool
	// ApproveOrders lets a contact's order wait for a manager of his company.
	ApproveOrders bool
	Files         FileLimits // as the admin set them; Limits has the rest
	CreatedAt     time.Time
}

// Relationship is how the partner stands between a customer and Microsoft. It
// belongs to each customer, not to the company (Partner Center, "CSP supported
// partner relationships").
type Relationship string

// The relationships of the Cloud Solution Provider programme.
const (
	Direct   Relationship = "direct"   // bought from Microsoft, sold to the customer
	Reseller Relationship = "reseller" // bought from an indirect provider
	Provider Relationship = "provider" // sold to an indirect reseller
)

// Relationships lists them in the order a form shows them.
func Relationships() []Relationship { return []Relationship{Direct, Reseller, Provider} }

var (
	slugShape   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	colourShape = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	guidShape   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	domainShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
)

// Reserved are the first path segments that can never be a desk.
var Reserved = map[string]bool{"api": true, "sign-in": true, "consent": true, "assets": true, "healthz": true, "readyz": true, "metrics": true, "favicon.ico": true, "robots.txt": true}

// NewDesk makes a desk, whose offer is FirstOffer until its admin publishes one.
// Errors: Invalid on slug and name.
func NewDesk(slug, name, language, zone string) (Desk, error) {
	d := Desk{ID: NewID(), Slug: slug, Name: clean(name), Language: language, Zone: zone, EmailSignIn: true}
	var p Problems
	if !slugShape.MatchString(slug) || len(slug) > 40 || Reserved[slug] {
		p.Add("slug", "error.slug")
	}
	p.Merge(d.check())
	return d, p.Err()
}

// OfficeHours is the calendar that a new desk starts with: a French office's.
func OfficeHours(zone string) hours.Spec {
	day := []string{"08:30-12:30", "13:30-18:00"}
	return hours.Spec{Zone: zone, Weekly: map[string][]string{"mon": day, "tue": day, "wed": day, "thu": day, "fri": day}}
}

// DeskSettings is what an admin may change about the desk itself.
type DeskSettings struct {
	Name, Language, Zone, Accent, Email, Phone, Website, Address string
	EmailSignIn                                                  bool
	Issuer, ClientID                                             string
	ApproveOrders                                                bool
}

// With returns the desk with new settings. Errors: Invalid, by field.
func (d Desk) With(s DeskSettings) (Desk, error) {
	d.Name, d.Language, d.Zone, d.Accent = clean(s.Name), s.Language, s.Zone, strings.ToLower(strings.TrimSpace(s.Accent))
	d.Email, d.Phone, d.Website, d.Address = clean(s.Email), clean(s.Phone), clean(s.Website), clean(s.Address)
	d.EmailSignIn, d.Issuer, d.ClientID = s.EmailSignIn, strings.TrimSpace(s.Issuer), strings.TrimSpace(s.ClientID)
	d.ApproveOrders = s.ApproveOrders
	return d, d.check().Err()
}

func (d Desk) check() Problems {
	var p Problems
	p.Text("name", d.Name, 1, 80)
	p.OneOf("language", d.Language, "fr", "en")
	if _, err := time.LoadLocation(d.Zone); err != nil || d.Zone == "" || d.Zone == "Local" {
		p.Add("zone", "error.zone")
	}
	if d.Accent != "" && !colourShape.MatchString(d.Accent) {
		p.Add("accent", "error.colour")
	}
	if d.Email != "" {
		p.Email("email", d.Email)
	}
	p.Text("phone", d.Phone, 0, 40)
	p.Text("address", d.Address, 0, 200)
	p.Text("website", d.Website, 0, 200)
	p.Text("issuer", d.Issuer, 0, 200)
	p.Text("client_id", d.ClientID, 0, 200)
	if d.Website != "" && !isHTTPS(d.Website) {
		p.Add("website", "error.website")
	}
	if d.Issuer != "" && !isIssuer(d.Issuer) {
		p.Add("issuer", "error.issuer")
	}
	if (d.Issuer == "") != (d.ClientID == "") {
		p.Add("client_id", "error.client_id")
	}
	return p
}

// Location is the desk's time zone; UTC should the zone data lack it.
func (d Desk) Location() *time.Location { return location(d.Zone) }

// zones keeps those already read: each reading goes to the disk.
var zones sync.Map // IANA name → *time.Location

func location(zone string) *time.Location {
	if l, ok := zones.Load(zone); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	zones.Store(zone, l)
	return l
}

// OfTenant ties the desk to the partner's own Microsoft tenant, whose people
// alone can hold its roles. Errors: Invalid on "tenant".
func (d Desk) OfTenant(tenant string) (Desk, error) {
	d.Tenant = strings.ToLower(strings.TrimSpace(tenant))
	if !guidShape.MatchString(d.Tenant) || d.Tenant == consumerTenant {
		return d, NewInvalid("tenant", "error.tenant")
	}
	return d, nil
}
