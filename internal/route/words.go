package route

import (
	"slices"
	"strings"
)

// What a case can say, in the order a form shows it.
var (
	Relations  = []string{"direct", "reseller", "provider"}
	Families   = []string{"m365", "azure", "dynamics", "power", "premises", "marketplace", "other"}
	Plans      = []string{"csp", "asfp", "psfp", "premier", "unified", "signature", "incidents"}
	Kinds      = []string{"problem", "question", "subscription", "billing"}
	Channels   = []string{"csp", "other_partner", "direct"}
	Categories = []string{
		"undocumented_service_issue", "service_unavailable", "bug", "network_outage", "regional_multitenant",
		"known_issue", "configuration", "how_to", "software_client", "identity_access", "licensing_subscription", "billing",
		"data_recovery", "migration", "third_party", "security_incident", "unclear",
	}
	// Topics are the questions of Partner Center's article "Which support portal
	// should I use?" that a ticket's kind does not tell apart.
	Topics = []string{"technical", "invoice", "consumption", "quota", "transfer", "purchase", "seats", "reservation", "activation"}
)

// workloads by family. The names are those of a dossier.
var workloads = []struct {
	family string
	names  []string
}{
	{"m365", []string{"exchange", "teams", "sharepoint", "onedrive", "apps", "entra", "intune", "defender", "purview", "graph_api", "windows"}},
	{"azure", []string{"azure"}},
	{"dynamics", []string{"dynamics", "dynamics_fo"}},
	{"power", []string{"power_platform", "power_bi"}},
	{"premises", []string{"on_premises"}},
	{"marketplace", []string{"marketplace"}},
	{"other", []string{"partner_center", "other"}},
}

// Workloads lists them by family.
func Workloads() (list []string) {
	for _, f := range workloads {
		list = append(list, f.names...)
	}
	return list
}

// FamilyOf is the family of a workload; "other" for one that is not known.
func FamilyOf(workload string) string {
	for _, f := range workloads {
		if slices.Contains(f.names, workload) {
			return f.family
		}
	}
	return "other"
}

// KeyOf makes a key of a name: small letters and digits, parted by "_".
func KeyOf(name string) string {
	key := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, name)
	key = strings.Join(strings.FieldsFunc(key, func(r rune) bool { return r == '_' }), "_")
	if key == "" {
		return "x"
	}
	return key[:min(len(key), 40)]
}
