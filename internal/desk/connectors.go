package desk

import (
	"regexp"
	"strings"
	"time"
)

// ConnectorKind is an interface of Microsoft's that files or reads requests.
type ConnectorKind string

// The connectors.
const (
	AzureSupport  ConnectorKind = "azure_support"
	PartnerCenter ConnectorKind = "partner_center"
)

// ConnectorKinds lists them in the order of their page.
var ConnectorKinds = []ConnectorKind{AzureSupport, PartnerCenter}

// Known tells a connector that there is.
func (k ConnectorKind) Known() bool { return k == AzureSupport || k == PartnerCenter }

// Connector is how a desk uses one.
type Connector struct {
	Kind      ConnectorKind
	Enabled   bool
	Settings  ConnectorSettings
	Secret    []byte // sealed ConnectorSecret; empty: none
	CheckedAt *time.Time
	HeardAt   *time.Time
	Trouble   RefusalKind // "": none that is known
	Detail    string      // their words, for people who mend it
	Plan      string      // support plan, in Microsoft's words; "" while no request has told it
	NextAt    *time.Time  // not asked by itself before then
	Failures  int
	Revision  int // 0: nobody set it up
	ChangedAt time.Time
	ChangedBy ID
}

// ConnectorSettings is what of a connector is no secret.
type ConnectorSettings struct {
	Tenant    string     `json:"tenant"`               // the partner's own, GUID
	ClientID  string     `json:"client_id"`            // of the application there
	SecretAt  *time.Time `json:"secret_at,omitempty"`  // since when its secret is kept
	RefreshAt *time.Time `json:"refresh_at,omitempty"` // since when the refresh token is
}

// ConnectorSecret is what is sealed. No page, log or error ever shows it.
type ConnectorSecret struct {
	ClientSecret string `json:"client_secret,omitempty"`
	Refresh      string `json:"refresh,omitempty"` // a person's token for Partner Center
}

// String hides it from %v and logs.
func (ConnectorSecret) String() string { return "[hidden]" }

// GoString hides it from %#v.
func (ConnectorSecret) GoString() string { return "[hidden]" }

// ConnectorForm is a connector as its form holds it. Secrets are written and never
// read back: empty keeps what is there.
type ConnectorForm struct {
	Kind         ConnectorKind
	Enabled      bool
	Tenant       string
	ClientID     string
	ClientSecret string
	Refresh      string
	Revision     int
}

const mostSecret = 8_000 // characters; a refresh token has some 1,500

var clientShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{2,63}$`)

// With is the connector after its form was sent, and what is to be sealed. Another
// application or tenant never gets the secrets of the one before. Errors: Invalid,
// by field; ErrConflict when somebody else changed it meanwhile.
func (c Connector) With(f ConnectorForm, kept ConnectorSecret, who ID, now time.Time) (Connector, ConnectorSecret, error) {
	if f.Revision != c.Revision {
		return c, kept, ErrConflict
	}
	f.Tenant, f.ClientID = strings.ToLower(clean(f.Tenant)), clean(f.ClientID)
	f.ClientSecret, f.Refresh = strings.TrimSpace(f.ClientSecret), strings.TrimSpace(f.Refresh)
	if f.Tenant != c.Settings.Tenant || f.ClientID != c.Settings.ClientID {
		kept, c.Settings.SecretAt, c.Settings.RefreshAt = ConnectorSecret{}, nil, nil
	}
	if f.ClientSecret != "" {
		kept.ClientSecret, c.Settings.SecretAt = f.ClientSecret, &now
	}
	if f.Refresh != "" {
		kept.Refresh, c.Settings.RefreshAt = f.Refresh, &now
	}
	if err := f.problems(c, kept).Err(); err != nil {
		return c, kept, err
	}
	c.Settings.Tenant, c.Settings.ClientID, c.Enabled = f.Tenant, f.ClientID, f.Enabled
	c.Trouble, c.Detail, c.Failures, c.NextAt, c.CheckedAt, c.HeardAt, c.Plan = "", "", 0, nil, nil, nil, ""
	c.Revision, c.ChangedAt, c.ChangedBy = c.Revision+1, now, who
	return c, kept, nil
}

func (f ConnectorForm) problems(c Connector, kept ConnectorSecret) Problems {
	var p Problems
	if f.Tenant != "" && !guidShape.MatchString(f.Tenant) {
		p.Add("tenant", "connectors.bad_tenant")
	}
	if f.ClientID != "" && !clientShape.MatchString(f.ClientID) {
		p.Add("client_id", "connectors.bad_client")
	}
	p.Text("client_secret", f.ClientSecret, 0, mostSecret)
	p.Text("refresh", f.Refresh, 0, mostSecret)
	if strings.ContainsAny(f.ClientSecret, "\r\n") {
		p.Add("client_secret", "connectors.one_line")
	}
	if strings.ContainsAny(f.Refresh, "\r\n\t ") {
		p.Add("refresh", "connectors.one_line")
	}
	if !f.Enabled {
		return p
	}
	if f.Tenant == "" {
		p.Add("tenant", "error.required")
	}
	if f.ClientID == "" {
		p.Add("client_id", "error.required")
	}
	if kept.ClientSecret == "" {
		p.Add("client_secret", secretKey(c.Settings.SecretAt == nil && len(c.Secret) > 0))
	}
	if kept.Refresh == "" && c.Kind == PartnerCenter {
		p.Add("refresh", secretKey(c.Settings.RefreshAt == nil && len(c.Secret) > 0))
	}
	return p
}

// secretKey says why a secret is wanted: there is none, or the one that is kept is
// another application's.
func secretKey(another bool) string {
	if another {
		return "connectors.secret_again"
	}
	return "error.required"
}

// Ready tells whether it can be asked at all.
func (c Connector) Ready() bool {
	return c.Settings.Tenant != "" && c.Settings.ClientID != "" && c.Settings.SecretAt != nil && (c.Kind != PartnerCenter || c.Settings.RefreshAt != nil)
}

// Asked is the connector after it was asked something. What one customer or one
// request was refused for is not the connector's trouble, and holds back nothing
// else.
func (c Connector) Asked(err error, chance float64, now time.Time) Connector {
	c.CheckedAt = &now
	if err == nil {
		c.Trouble, c.Detail, c.Failures, c.NextAt, c.HeardAt = "", "", 0, nil, &now
		return c
	}
	r := RefusalOf(err)
	switch r.Kind {
	case RefusedRequest, RefusedRole, RefusedPlan, RefusedChanged, RefusedGone, RefusedType, RefusedSize:
		return c
	}
	c.Trouble, c.Detail = r.Kind, cut(r.Detail, 500)
	c.Failures++
	wait := min(time.Minute<<min(c.Failures-1, 6), longestWait)
	if r.Kind == RefusedThrottle {
		c.NextAt = later(now, max(r.After, time.Minute), chance)
	} else {
		c.NextAt = around(now, max(wait, r.After), chance)
	}
	return c
}

// Checked is the connector after somebody wanted its answer: all that is refused is
// shown, whoever can mend it.
func (c Connector) Checked(plan string, err error, chance float64, now time.Time) Connector {
	c = c.Asked(err, chance, now)
	if plan != "" {
		c.Plan = cut(plan, 100)
	}
	if err != nil {
		r := RefusalOf(err)
		c.Trouble, c.Detail = r.Kind, cut(r.Detail, 500)
	}
	return c
}

// Held tells a connector that is not to be asked yet.
func (c Connector) Held(now time.Time) bool { return c.NextAt != nil && c.NextAt.After(now) }

// ProfileLine is one part of the support profile beside what the desk's offer says
// of it.
type ProfileLine struct {
	Field     string // "email", "phone", "website"
	There     string
	Here      string
	Different bool
}

// Compare lays the profile of Partner Center beside what it ought to say. A part
// that the desk says nothing of is no difference.
func (s SupportProfile) Compare(here SupportProfile) []ProfileLine {
	lines := []ProfileLine{{Field: "email", There: s.Email, Here: here.Email}, {Field: "phone", There: s.Phone, Here: here.Phone}, {Field: "website", There: s.Website, Here: here.Website}}
	plain := []func(string) string{strings.ToLower, digitsOf, siteOf}
	for i := range lines {
		lines[i].Different = lines[i].Here != "" && plain[i](lines[i].There) != plain[i](lines[i].Here)
	}
	return lines
}

// Over is the profile with what the desk says put over it.
func (s SupportProfile) Over(here SupportProfile) SupportProfile {
	for _, part := range []struct {
		to   *string
		from string
	}{{&s.Email, here.Email}, {&s.Phone, here.Phone}, {&s.Website, here.Website}} {
		if part.from != "" {
			*part.to = part.from
		}
	}
	return s
}

// digitsOf is a telephone number without the way it is written.
func digitsOf(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

// siteOf is a web address as people tell it apart from another.
func siteOf(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	for _, scheme := range []string{"https://", "http://"} {
		address = strings.TrimPrefix(address, scheme)
	}
	return strings.TrimSuffix(strings.TrimPrefix(address, "www."), "/")
}
