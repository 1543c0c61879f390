package route

import (
	_ "embed"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Portal is a place where a request is written down.
type Portal struct {
	Key      string   `json:"key"`
	Target   Target   `json:"target"`
	Form     string   `json:"form"`                // key of the dossier's form
	Link     string   `json:"link,omitempty"`      // {initialDomain}, {defaultDomain} and {tenantId} stand for the customer's
	PlanName string   `json:"plan_name,omitempty"` // what its form calls the entitlement of every partner
	Families []string `json:"families,omitempty"`  // that it is for; none: all
}

// portalsFile holds the links that open each portal in the customer's context, as
// CIPP lists them, and what nobody's context is needed for.
//
//go:embed portals.json
var portalsFile []byte

var portals = sync.OnceValue(func() (list []Portal) {
	if err := json.Unmarshal(portalsFile, &list); err != nil {
		panic("portals.json: " + err.Error())
	}
	return list
})

// Portals lists them in the order a form shows them.
func Portals() []Portal { return slices.Clone(portals()) }

// PortalOf finds one by its key.
func PortalOf(key string) (Portal, bool) {
	i := slices.IndexFunc(portals(), func(p Portal) bool { return p.Key == key })
	if i < 0 {
		return Portal{}, false
	}
	return portals()[i], true
}

// portalFor is a target's portal: the one said, else the only one it has.
func portalFor(t Target, said string) string {
	switch t {
	case Provider, Publisher, MSRC:
		return string(t)
	case OtherPartner, Nobody:
		return ""
	}
	return said
}

// Where is the customer as links name him; "" for what is not known.
type Where struct{ InitialDomain, DefaultDomain, Tenant string }

var (
	placeShape  = regexp.MustCompile(`\{(\w+)\}`)
	domainShape = regexp.MustCompile(`^[a-z0-9.-]{1,253}$`)
	tenantShape = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

func (w Where) value(place string) string {
	value, shape := "", domainShape
	switch place {
	case "initialDomain":
		value = w.InitialDomain
	case "defaultDomain":
		value = w.DefaultDomain
	case "tenantId":
		value, shape = w.Tenant, tenantShape
	}
	if !shape.MatchString(value) {
		return ""
	}
	return value
}

// LinkFor opens the portal in the customer's context: opened by itself it would
// be the partner's own, and the wrong plan (Partner Center, "Report problems on
// behalf of a customer"). False where the portal has no link, or what it needs of
// the customer is not known.
func (p Portal) LinkFor(w Where) (string, bool) {
	if p.Link == "" || len(p.Lacks(w)) > 0 {
		return "", false
	}
	return placeShape.ReplaceAllStringFunc(p.Link, func(place string) string {
		return url.PathEscape(w.value(strings.Trim(place, "{}")))
	}), true
}

// Lacks names what the link needs and the customer has not: "initialDomain",
// "defaultDomain", "tenantId".
func (p Portal) Lacks(w Where) (list []string) {
	for _, m := range placeShape.FindAllStringSubmatch(p.Link, -1) {
		if w.value(m[1]) == "" && !slices.Contains(list, m[1]) {
			list = append(list, m[1])
		}
	}
	return list
}
