package demo

import (
	"fmt"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// demoSubcontractors are the companies that work for a demo desk.
var demoSubcontractors = []struct {
	desk, key, name, zone string
	customers, services   []string
}{
	{"alpine", "vigie-nuit", "Vigie Nuit", "Europe/Paris",
		[]string{"fabrique-lumen", "hotel-du-lac", "clinique-saint-irenee"}, []string{"Exchange Online", "Microsoft Teams", "SharePoint Online"}},
}

// lender is the name of a subcontractor and its own Microsoft tenant.
func lender(key string) (name, tenant string) {
	for _, s := range demoSubcontractors {
		if s.key == key {
			name = s.name
		}
	}
	return name, named("tenant", key)
}

// subcontractors stores those of a desk, which has its customers by now, and
// returns them by key.
func (l *loader) subcontractors(tx *postgres.Tx, d desk.Desk) (map[string]desk.Subcontractor, error) {
	known := map[string]desk.Subcontractor{}
	for _, s := range demoSubcontractors {
		if s.desk != d.Slug {
			continue
		}
		name, tenant := lender(s.key)
		settings := desk.SubcontractorSettings{Name: name, Tenant: tenant, Services: s.services, Always: true, Zone: s.zone}
		for _, key := range s.customers {
			settings.Customers = append(settings.Customers, l.ids[s.desk+"/"+key])
		}
		c, err := desk.NewSubcontractor(settings)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := tx.AddSubcontractor(c); err != nil {
			return nil, err
		}
		known[s.key] = c
	}
	return known, nil
}
