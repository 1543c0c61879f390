package postgres_test

import (
	"maps"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Subcontractor": finds(func(tx *postgres.Tx, i intruder) (desk.Subcontractor, error) {
			return tx.Subcontractor(i.desk.night.ID)
		}),
		"SubcontractorByTenant": finds(func(tx *postgres.Tx, i intruder) (desk.Subcontractor, error) {
			return tx.SubcontractorByTenant(i.desk.night.Tenant)
		}),
		"Subcontractors": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Subcontractor, error) {
			list, err := tx.Subcontractors()
			for i := range list {
				list[i].Customers = nil // those of the scope's own
			}
			return list, err
		}),
		"Staff": reads(func(tx *postgres.Tx, i intruder) ([]desk.Person, error) { return tx.Staff(i.desk.night.ID) }),
		"Grantable": reads(func(tx *postgres.Tx, i intruder) ([]desk.Customer, error) {
			return tx.Grantable([]desk.ID{i.desk.first.ID, i.desk.second.ID})
		}),
		"AddSubcontractor": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			c := i.desk.night
			c.ID, c.Name, c.Tenant = desk.NewID(), "Another night", ""
			return nil, tx.AddSubcontractor(c)
		}},
		"SaveSubcontractor": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			c := i.desk.night
			c.AllCustomers, c.Customers = true, nil
			return nil, tx.SaveSubcontractor(c)
		}, refused: true},
	})
}
