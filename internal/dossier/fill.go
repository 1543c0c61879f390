package dossier

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// fills are the fields that need more than one text.
var fills = map[string]func(*builder) found{
	"title":          func(b *builder) found { return from("ticket", b.in.Ticket.Subject) },
	"description":    (*builder).description,
	"service":        (*builder).service,
	"region":         (*builder).region,
	"started_at":     (*builder).startedAt,
	"timestamp":      (*builder).timestamp,
	"impact":         (*builder).impact,
	"affected_count": (*builder).affectedCount,
	"affected_users": (*builder).affectedUsers,
	"upn":            (*builder).upn,
	"customer_name":  func(b *builder) found { return from("customer", b.in.Customer.Name) },
	"tenant_id":      func(b *builder) found { return from("customer", b.in.Customer.Tenant) },
	"initial_domain": func(b *builder) found { return from("customer", b.in.Customer.InitialDomain) },
	"other_tenants":  (*builder).otherTenants,
	"tried":          (*builder).tried,
	"issues":         (*builder).issues,
	"plan":           (*builder).plan,
	"access_id":      func(b *builder) found { return from("plan", b.in.Plan.AccessID) },
	"contract_id":    func(b *builder) found { return from("plan", b.in.Plan.ContractID) },
	"files":          func(b *builder) found { return b.file(func(File) bool { return true }) },
	"har":            func(b *builder) found { return b.file(func(f File) bool { return extension(f.Name) == ".har" }) },
	"screenshot":     func(b *builder) found { return b.file(isPicture) },
	"message_trace":  func(b *builder) found { return b.file(isMessageTrace) },
}

func from(where, value string) found { return found{value: value, from: where, at: -1} }

// description is the customer's own words, all of them.
func (b *builder) description() found {
	parts := []string{b.in.Ticket.Body}
	for _, s := range b.in.Said {
		if s.Side == "customer" && s.Text != b.in.Ticket.Body {
			parts = append(parts, s.Text)
		}
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return from("ticket", strings.Join(parts, "\n\n"))
}

func (b *builder) service() found {
	if name := b.in.Ticket.Service; name != "Unknown" && name != "Other" {
		return from("ticket", name)
	}
	return nothing
}

func (b *builder) region() found {
	if r := b.in.Ticket.Region; r != "" {
		return from("ticket", r)
	}
	return from("customer", b.in.Customer.Region)
}

func (b *builder) startedAt() found {
	if since := b.in.Ticket.Since; since != nil && !since.IsZero() {
		return from("ticket", utc(*since))
	}
	for _, s := range slices.Backward(b.sources) {
		for _, m := range s.traces.Times {
			if m.Since {
				return m.found(s)
			}
		}
	}
	return nothing
}

// timestamp is when the error was seen last: beside its ids, else anywhere in the texts.
func (b *builder) timestamp() found {
	for _, labelled := range []bool{true, false} {
		for _, s := range b.sources {
			for _, m := range slices.Backward(s.traces.Times) {
				if m.Label == labelled && !m.Since && (m.Ambiguous || !m.At.After(b.in.Now.Add(time.Hour))) {
					return m.found(s)
				}
			}
		}
	}
	return nothing
}

func (m Moment) found(s source) found {
	f := found{value: m.Text, from: s.from, at: s.at, problem: "dossier.problem.ambiguous_time"}
	if !m.Ambiguous {
		f.value, f.problem = utc(m.At), ""
	}
	return f
}

var (
	impacts = map[string]string{
		"stopped": "Work is stopped", "slowed": "Work goes on with difficulty", "minor": "Minor inconvenience",
	}
	scopes = map[string]string{
		"one_user": "for one user", "some_users": "for some users", "whole_tenant": "for the whole tenant", "many_tenants": "for several tenants",
	}
)

func (b *builder) impact() found {
	t := b.in.Ticket
	if impacts[t.Impact] == "" {
		return nothing
	}
	return from("ticket", strings.TrimSpace(impacts[t.Impact]+" "+scopes[t.Affected])+".")
}

func (b *builder) affectedCount() found {
	switch b.in.Ticket.Affected {
	case "one_user":
		return from("ticket", "1")
	case "whole_tenant":
		return from("ticket", "All users of the tenant")
	case "many_tenants":
		return from("ticket", "All users of several tenants")
	}
	return nothing
}

// affectedUsers are the accounts of the customer that texts name.
func (b *builder) affectedUsers() found {
	var users []string
	f := nothing
	for _, s := range b.sources {
		for _, person := range b.theirs(s.traces.People) {
			if f.value == "" {
				f = found{value: person, from: s.from, at: s.at}
			}
			if len(users) < maxUsers && !slices.Contains(users, person) {
				users = append(users, person)
			}
		}
	}
	f.value = strings.Join(users, ", ")
	return f
}

// maxUsers is how many accounts are listed: an engineer looks at one or two.
const maxUsers = 20

func (b *builder) upn() found {
	return b.read("upn", func(t Traces) []string { return b.theirs(t.People) })
}

// theirs are the addresses of the customer's domains, or all but the partner's own where the
// domains are not known.
func (b *builder) theirs(people []string) []string {
	domains := b.customerDomains()
	return slices.DeleteFunc(slices.Clone(people), func(p string) bool {
		if len(domains) > 0 {
			return !holdsAddressOf(p, domains)
		}
		return holdsAddressOf(p, b.partnerDomains())
	})
}

func (b *builder) otherTenants() found {
	var lines []string
	for _, c := range b.in.Others {
		lines = append(lines, strings.Join(filled(c.Name, c.Tenant, c.InitialDomain, c.Region), " - "))
	}
	return from("customer", strings.Join(lines, "\n"))
}

var results = map[string]string{"confirmed": "confirmed", "ruled_out": "ruled out", "info": "noted"}

var findingNames = map[string]string{
	"health": "Service health", "reproduced": "Reproduced", "other_account": "Tried with another account", "other_device": "Tried on another device",
	"configuration": "Configuration", "local_cause": "Local cause", "other": "Other",
}

func (b *builder) tried() found {
	var lines []string
	for _, f := range b.in.Findings {
		name := findingNames[f.Kind]
		if name == "" {
			name = "Step"
		}
		line := fmt.Sprintf("%s %s: %s", f.At.UTC().Format("2006-01-02 15:04 UTC"), name, results[f.Result])
		lines = append(lines, strings.TrimRight(line, ": ")+lead(" - ", oneLine(f.Text)))
	}
	return from("finding", strings.Join(lines, "\n"))
}

func (b *builder) issues() found {
	var lines []string
	for _, i := range b.in.Issues {
		lines = append(lines, strings.Join(filled(i.Code, i.Title), " - ")+lead(" (", i.Status)+strings.Repeat(")", min(1, len(i.Status))))
	}
	if len(lines) > 0 {
		return from("issue", strings.Join(lines, "\n"))
	}
	return b.read("issues", func(t Traces) []string { return t.Issues })
}

var planNames = map[string]string{
	"csp": "Cloud Solution Provider", "asfp": "Advanced Support for Partners", "psfp": "Premier Support for Partners", "premier": "Premier Support",
	"unified": "Unified Support", "signature": "Signature Cloud Support", "incidents": "Product Support Incidents",
}

func (b *builder) plan() found {
	if name := b.in.Plan.Name; name != "" {
		return from("plan", name)
	}
	return from("plan", planNames[b.in.Plan.Kind])
}

func (b *builder) file(fits func(File) bool) found {
	var names []string
	for _, f := range b.in.Files {
		if f.Name != "" && fits(f) {
			names = append(names, f.Name)
		}
	}
	return from("file", strings.Join(names, ", "))
}

func isPicture(f File) bool {
	return strings.HasPrefix(f.Type, "image/") || slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"}, extension(f.Name))
}

func isMessageTrace(f File) bool {
	name := strings.ToLower(f.Name)
	return extension(name) == ".csv" && (strings.Contains(name, "trace") || strings.HasPrefix(name, "mtsummary"))
}

func extension(name string) string { return strings.ToLower(path.Ext(name)) }

func filled(values ...string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// lead puts a mark before a value, if there is one.
func lead(mark, value string) string {
	if value == "" {
		return ""
	}
	return mark + value
}
