package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guichet/internal/access"
	"guichet/internal/demo/corpus"
	"guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

const (
	support       = "f023fd81-a637-4b56-95fd-791ac0226033" // Service Support Administrator
	directoryRead = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
	globalReader  = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	exchangeAdmin = "29232cdf-9323-42fd-ade2-1d097af3e4de"
	userAdmin     = "fe930be7-5e62-47db-91af-98c3a49a38b1"
	globalAdmin   = "62e90394-69f5-4237-9190-012177145e10"
)

const day = 24 * time.Hour

// delegated are the relationships that are not as most are, by desk and customer.
var delegated = map[string][]microsoft.Delegated{
	"alpine/hotel-du-lac":          {{Name: "Alpine Support", Status: "active", Roles: []string{support, directoryRead}, EndsIn: 12 * day, Group: "active"}},
	"alpine/cabinet-morand":        {{Name: "Alpine Support", Status: "active", Roles: []string{support, directoryRead}, EndsIn: 6 * day, Group: "active"}},
	"alpine/lycee-ampere":          {{Name: "Alpine Support", Status: "expired", Roles: []string{support, directoryRead}, EndsIn: -9 * day, Group: "active"}},
	"alpine/papeterie-rhodanienne": {{Name: "Alpine Support", Status: "terminated", Roles: []string{support}, EndsIn: 200 * day}},
	"alpine/harbour-finch": {{Name: "Alpine Support 2024", Status: "expired", Roles: []string{support, directoryRead}, EndsIn: -3 * day},
		{Name: "Alpine Support 2026", Status: "approvalPending", Roles: []string{support, directoryRead}}},
	"alpine/northgate":             {{Name: "Alpine lecture", Status: "active", Roles: []string{globalReader, directoryRead}, EndsIn: 300 * day, Group: "active"}},
	"alpine/transports-vallin":     {{Name: "Alpine complet", Status: "active", Roles: []string{globalAdmin}, EndsIn: 25 * day, Extends: true, Group: "active"}},
	"alpine/clinique-saint-irenee": {{Name: "Alpine Support", Status: "active", Roles: []string{support, directoryRead, exchangeAdmin}, EndsIn: 150 * day, Group: "error"}},
	"brume/atelier-nord":           {{Name: "MLT_atelier-nord", Status: "active", Roles: []string{globalReader, support}, EndsIn: 90 * day, Group: "active"}},
	"meridian/polder-it":           {{Name: "Meridian Support", Status: "active", Roles: []string{support, directoryRead, userAdmin}, EndsIn: 20 * day, Extends: true, Group: "active"}},
}

// delegatedTo are a demo partner's relationships with all customers of his desk.
func delegatedTo(c corpus.Corpus, slug string) []microsoft.Delegated {
	var list []microsoft.Delegated
	for n, k := range c.Customers {
		if k.Desk != slug {
			continue
		}
		usual := []microsoft.Delegated{{Name: "Support", Status: "active", Roles: []string{support, directoryRead, exchangeAdmin}, EndsIn: time.Duration(200+7*n) * day, Extends: n%2 == 0, Group: "active"}}
		special, ok := delegated[slug+"/"+k.Key]
		if !ok {
			special = usual
		}
		for _, d := range special {
			d.Customer = tenantOf(k.Desk, k.Key)
			list = append(list, d)
		}
	}
	return append(list, microsoft.Delegated{Customer: tenantOf("elsewhere", slug), Name: "Ancien client", Status: "active", Roles: []string{support}, EndsIn: 100 * day})
}

// ReadAccess lets the demo desks read their own tenants, and says what no
// relationship tells of some customers. Desks that read already are left as they
// are.
func ReadAccess(ctx context.Context, db *postgres.DB) error {
	for _, d := range demoDesks {
		var found desk.Desk
		err := db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
			found, err = tx.Desk(d.slug)
			return err
		})
		if err == nil {
			err = db.Update(ctx, desk.Scope{Desk: found.ID}, func(tx *postgres.Tx) error { return readAccess(tx, found) })
		}
		if err != nil {
			return fmt.Errorf("demo access: %w", err)
		}
	}
	return nil
}

func readAccess(tx *postgres.Tx, d desk.Desk) error {
	if _, err := tx.AccessReader(); !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	given := tx.Now.AddDate(0, -3, 0)
	r := desk.AccessReader{Connection: desk.Connection{State: desk.Connected, AskedTenant: d.Tenant, ConsentedAt: &given, NextAt: &tx.Now}}
	if err := tx.SaveAccessReader(r); err != nil {
		return err
	}
	for key, f := range map[string]desk.AccessFacts{
		"alpine/transports-vallin": {AzureRole: access.AzureOwner, Reseller: access.Yes, EntraPremium: access.Yes},
		"alpine/fabrique-lumen":    {AzureRole: access.AzureSupport, Reseller: access.Yes, EntraPremium: access.No},
		"alpine/northgate":         {AzureRole: access.AzureNone, Reseller: access.Yes, EntraPremium: access.Unknown},
		"meridian/polder-it":       {AzureRole: access.AzureSupport, Reseller: access.Yes, EntraPremium: access.Yes},
	} {
		slug, name, _ := strings.Cut(key, "/")
		k, err := tx.CustomerByTenant(tenantOf(slug, name))
		if errors.Is(err, desk.ErrNotFound) {
			continue // of another desk
		}
		if err != nil {
			return err
		}
		f.CustomerID = k.ID
		if err := tx.SaveAccessFacts(f); err != nil {
			return err
		}
	}
	return nil
}
