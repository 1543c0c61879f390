package dossier

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Text is the whole dossier for a mail or a printer, in English labels: those who read it at
// Microsoft read English. What customers wrote stays as written.
func (d Dossier) Text() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Dossier for: %s\n", FormName(d.Form))
	fmt.Fprintf(&s, "Our ticket: %d\nMade at: %s\n", d.Number, utc(d.MadeAt))
	fmt.Fprintf(&s, "Severity: %s\n", severityNames[d.Severity.Letter])
	for _, f := range d.Fields {
		if f.Value != "" {
			s.WriteString(labelled(Label(f.Key), f.Value) + "\n")
		}
	}
	var missing []string
	for _, f := range d.Missing() {
		missing = append(missing, Label(f.Key))
	}
	if len(missing) > 0 {
		s.WriteString("Not known yet: " + strings.Join(missing, ", ") + "\n")
	}
	for _, m := range d.Masked {
		fmt.Fprintf(&s, "Left out for safety: %s (%d)\n", m.Kind, m.Count)
	}
	return s.String()
}

// document is the dossier as programs read it. Version grows when a name changes its meaning or
// goes; new names may come without it.
type document struct {
	Version  int              `json:"version"` // 1
	Form     string           `json:"form"`
	Workload string           `json:"workload"`
	Ticket   int64            `json:"ticket"`
	MadeAt   string           `json:"made_at"` // RFC 3339, UTC
	Complete bool             `json:"complete"`
	Needed   int              `json:"needed"`
	Done     int              `json:"done"`
	Severity severityDocument `json:"severity"`
	Fields   []fieldDocument  `json:"fields"`
	Tenants  []tenantDocument `json:"tenants"`
	Files    []fileDocument   `json:"files"`
	Masked   []maskedDocument `json:"masked"`
}

type severityDocument struct {
	Letter     string          `json:"letter"` // "A", "B" or "C"
	Conditions map[string]bool `json:"conditions"`
}

type fieldDocument struct {
	Key     string `json:"key"`
	Label   string `json:"label"` // English
	Value   string `json:"value"` // "" when not known
	From    string `json:"from"`
	Needed  bool   `json:"needed"`
	Who     string `json:"who"` // "customer", "agent" or "desk"
	Problem string `json:"problem,omitempty"`
}

type tenantDocument struct {
	Name          string `json:"name"`
	Tenant        string `json:"tenant_id"`
	InitialDomain string `json:"initial_domain"`
}

type fileDocument struct {
	Name     string   `json:"name"`
	Bytes    int64    `json:"bytes"`
	Problems []string `json:"problems,omitempty"`
}

type maskedDocument struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// JSON is the dossier for programs: an object of version 1, its keys always in one order.
func (d Dossier) JSON() ([]byte, error) {
	out := document{
		Version: 1, Form: d.Form, Workload: d.Workload, Ticket: d.Number, MadeAt: d.MadeAt.UTC().Format("2006-01-02T15:04:05Z"),
		Complete: d.Complete(), Needed: d.Needed, Done: d.Done,
		Severity: severityDocument{Letter: d.Severity.Letter, Conditions: map[string]bool{}},
		Fields:   []fieldDocument{}, Tenants: []tenantDocument{}, Files: []fileDocument{}, Masked: []maskedDocument{},
	}
	for _, c := range d.Severity.Conditions {
		out.Severity.Conditions[c.Key] = c.Met
	}
	for _, f := range d.Fields {
		out.Fields = append(out.Fields, fieldDocument{f.Key, Label(f.Key), f.Value, f.From, f.Needed, f.Who, f.Problem})
	}
	for _, c := range d.Tenants {
		out.Tenants = append(out.Tenants, tenantDocument{c.Name, c.Tenant, c.InitialDomain})
	}
	for _, f := range d.Attached {
		out.Files = append(out.Files, fileDocument{f.Name, f.Bytes, CheckFile(d.Form, f)})
	}
	for _, m := range d.Masked {
		out.Masked = append(out.Masked, maskedDocument(m))
	}
	return json.MarshalIndent(out, "", "  ")
}
