package access

import (
	"slices"
	"strings"
	"time"
)

// Judge tells whether something may be done for a customer. Relation is what the
// partner is to him ("direct", "reseller", "provider"), workload a name that
// Workloads has; any other is judged as one of Microsoft 365. The rules are
// Partner Center's ("GDAP role guidance", support requests).
func Judge(h Holding, relation, workload string, a Action, now time.Time) Verdict {
	n := needOf(relation, workload, a)
	switch {
	case n.outside:
		return Verdict{Answer: Yes, Because: because("no_tenant")}
	case n.never:
		return Verdict{Answer: No, Missing: []string{MissingReseller}, Because: because("reseller_azure"), WayOut: ways("provider")}
	case !h.Known:
		return Verdict{Answer: Unknown, Needs: n.roles, Least: n.least(), Because: because("nobody_told"), WayOut: ways("record")}
	case n.premium:
		return entra(h, relation, now)
	}
	return n.judge(h, now)
}

// need is what an action takes.
type need struct {
	outside  bool   // nothing in the customer's tenant
	never    bool   // nothing would help
	premium  bool   // depends on the tenant's Entra plan
	roles    []Role // any one of them
	anyRole  bool   // a live relationship with whatever role
	azure    []string
	reseller bool
	writes   bool // a read-only relationship does not do
}

// elsewhere are workloads whose requests are filed outside the customer's tenant:
// in the partner's own workspace, with an access id, or at the publisher.
var elsewhere = []string{"partner_center", "windows", "on_premises", "marketplace"}

func needOf(relation, workload string, a Action) need {
	azure := workload == "azure"
	switch {
	case slices.Contains(elsewhere, workload):
		return need{outside: true}
	case a == OpenRequest && azure && relation == "reseller":
		return need{never: true}
	case a == OpenRequest && azure:
		return azureRequest
	case a == OpenRequest && workload == "entra":
		return need{premium: true, roles: rolesWith(func(e entry) bool { return e.AzureTickets })}
	case a == OpenRequest:
		return need{roles: rolesWith(func(e entry) bool { return e.Tickets }), writes: true}
	case azure:
		return need{azure: []string{AzureContributor, AzureOwner}, writes: a == Administer}
	case a == ReadHealth:
		return need{roles: rolesWith(func(e entry) bool { return e.Health })}
	}
	return need{roles: rolesWith(func(e entry) bool { return e.administers(workload) }), writes: true}
}

var azureRequest = need{anyRole: true, azure: []string{AzureSupport, AzureContributor, AzureOwner}, reseller: true, writes: true}

// least is what to ask the customer for when nothing is held.
func (n need) least() Role {
	switch {
	case len(n.roles) > 0:
		return n.roles[0]
	case n.anyRole:
		return RoleByID(directoryReaders)
	case slices.Contains(n.azure, AzureSupport):
		return azureSupport
	}
	return azureContributor
}

// needs are all roles of which any one does.
func (n need) needs() []Role {
	list := slices.Clone(n.roles)
	for _, key := range n.azure {
		list = append(list, azureRole(key))
	}
	return list
}

func azureRole(key string) Role {
	return map[string]Role{AzureSupport: azureSupport, AzureContributor: azureContributor, AzureOwner: azureOwner}[key]
}

// entra judges a request for Entra in the Azure portal: by a role where the tenant
// has P1 or P2, as for Azure where it has not.
func entra(h Holding, relation string, now time.Time) Verdict {
	byRole := need{roles: rolesWith(func(e entry) bool { return e.AzureTickets }), writes: true}.judge(h, now)
	byAzure := Verdict{Answer: No, Missing: []string{MissingReseller}, Because: because("reseller_azure"), WayOut: ways("provider")}
	if relation != "reseller" {
		byAzure = azureRequest.judge(h, now)
	}
	switch {
	case h.EntraPremium == Yes:
		return byRole
	case h.EntraPremium == No:
		byAzure.Because = append(because("entra_free"), byAzure.Because...)
		return byAzure
	case rank(byRole.Answer) >= rank(Soon) && rank(byAzure.Answer) >= rank(Soon):
		if rank(byAzure.Answer) < rank(byRole.Answer) {
			return byAzure
		}
		return byRole
	case byRole.Answer == No && byAzure.Answer == No:
		return byRole
	}
	v := byRole
	v.Answer = Unknown
	v.Because, v.WayOut = append(because("entra_unknown"), v.Because...), append(ways("record"), v.WayOut...)
	return v
}

// rank orders answers: what is better is more.
func rank(answer string) int { return slices.Index([]string{No, Unknown, Soon, Yes}, answer) }

func worse(a, b string) string {
	if rank(a) < rank(b) {
		return a
	}
	return b
}

func (n need) judge(h Holding, now time.Time) Verdict {
	v := Verdict{Answer: Yes, Needs: n.needs()}
	if len(n.roles) > 0 || n.anyRole {
		n.byRelationship(&v, h, now)
	}
	if len(n.azure) > 0 {
		n.byAzure(&v, h)
	}
	if n.reseller {
		byReseller(&v, h)
	}
	if v.Answer == Yes && v.Ends != nil && v.Ends.Sub(now) <= SoonDays*24*time.Hour {
		v.Answer = Soon
		v.Because, v.WayOut = append(v.Because, reason("ends", "Date", date(*v.Ends))), append(v.WayOut, Reason{Key: "renew"})
	}
	if v.Least.ID == "" && v.Answer != Yes && v.Answer != Soon {
		v.Least = n.leastMissing(v)
	}
	return v
}

// leastMissing is the least role of what is missing.
func (n need) leastMissing(v Verdict) Role {
	if (len(n.roles) > 0 || n.anyRole) && len(v.Held) > 0 && slices.ContainsFunc(v.Missing, func(m string) bool { return m == MissingAzure }) {
		return need{azure: n.azure}.least()
	}
	return n.least()
}

func (n need) byAzure(v *Verdict, h Holding) {
	role := azureRole(h.AzureRole)
	switch {
	case slices.Contains(n.azure, h.AzureRole):
		v.Held = append(v.Held, role)
		v.Because = append(v.Because, reason("azure_held", "Role", role.Name))
	case h.AzureRole == AzureNone || role.ID != "":
		v.Answer = No
		v.Missing = append(v.Missing, MissingAzure)
		v.Because = append(v.Because, Reason{Key: "azure_none"})
		v.WayOut = append(v.WayOut, reason("azure_role", "Role", need{azure: n.azure}.least().Name))
	default:
		v.Answer = worse(v.Answer, Unknown)
		v.Because, v.WayOut = append(v.Because, Reason{Key: "azure_unknown"}), append(v.WayOut, Reason{Key: "record"})
	}
}

func byReseller(v *Verdict, h Holding) {
	switch h.Reseller {
	case Yes:
	case No:
		v.Answer = No
		v.Missing = append(v.Missing, MissingReseller)
		v.Because, v.WayOut = append(v.Because, Reason{Key: "reseller_none"}), append(v.WayOut, Reason{Key: "reseller"})
	default:
		v.Answer = worse(v.Answer, Unknown)
		v.Because = append(v.Because, Reason{Key: "reseller_unknown"})
		if !slices.ContainsFunc(v.WayOut, func(r Reason) bool { return r.Key == "record" }) {
			v.WayOut = append(v.WayOut, Reason{Key: "record"})
		}
	}
}

func because(key string) []Reason { return []Reason{{Key: key}} }
func ways(key string) []Reason    { return []Reason{{Key: key}} }

func reason(key, name, value string) Reason {
	return Reason{Key: key, Args: map[string]string{name: value}}
}

func date(t time.Time) string { return t.UTC().Format("2006-01-02") }

func sameRole(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), b) }
