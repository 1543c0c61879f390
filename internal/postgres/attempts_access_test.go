package postgres_test

import (
	"maps"
	"testing"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(digested, map[string]string{"access_relationships": "customer_id", "access_facts": "customer_id", "access_readers": "", "access_asks": "", "access_warnings": ""})
	maps.Copy(attempts, map[string]attempt{
		"Access": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			h, err := tx.Access(i.theirs.ID)
			return len(h.Relationships) + len(h.AzureRole) - len(access.Unknown), err
		}),
		"AccessRelationships": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.AccessRelationships(i.theirs.ID)
			return len(list), err
		}),
		"AccessFacts": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			f, err := tx.AccessFacts(i.theirs.ID)
			return map[bool]int{true: 1}[f.Told()], err
		}),
		"AllAccessFacts": reads(func(tx *postgres.Tx, _ intruder) ([]desk.AccessFacts, error) { return tx.AllAccessFacts() }),
		"SaveAccessFacts": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveAccessFacts(desk.AccessFacts{CustomerID: i.theirs.ID, AzureRole: access.AzureNone, Reseller: access.No, EntraPremium: access.No})
		}),
		"AccessReader":     {call: func(tx *postgres.Tx, _ intruder) (any, error) { return tx.AccessReader() }},
		"HoldAccessReader": {call: func(tx *postgres.Tx, _ intruder) (any, error) { return tx.HoldAccessReader() }},
		"SaveAccessReader": {call: func(tx *postgres.Tx, _ intruder) (any, error) {
			return nil, tx.SaveAccessReader(desk.AccessReader{Connection: desk.Connection{State: desk.ConnectionOff}})
		}},
		"AddAccessAsk": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			id := desk.NewID()
			return nil, tx.AddAccessAsk(desk.ConsentAsk{Hash: id[:], PersonID: i.who.ID, ExpiresAt: tx.Now})
		}},
		"UseAccessAsk": finds(func(tx *postgres.Tx, i intruder) (desk.ConsentAsk, error) {
			return tx.UseAccessAsk([]byte("access " + i.desk.desk.ID.String()))
		}),
		"ForgetAccessAsks":  touches0(func(tx *postgres.Tx, _ intruder) { tx.ForgetAccessAsks(tx.Now.Add(-time.Hour)) }),
		"DeskRelationships": reads(func(tx *postgres.Tx, _ intruder) ([]desk.AccessRelationship, error) { return tx.DeskRelationships() }),
		"CustomersByTenant": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			by, err := tx.CustomersByTenant([]string{i.theirs.Tenant})
			return len(by), err
		}),
		"AccessNames": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Customer, error) { return tx.AccessNames() }),
		"SaveAccess": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveAccess([]desk.AccessRelationship{{RowID: desk.NewID(), CustomerID: i.theirs.ID, Relationship: access.Relationship{Name: "x", Status: "active", Source: access.FromGraph}}})
		}),
		"AddAccess": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.AddAccess(desk.AccessRelationship{RowID: desk.NewID(), CustomerID: i.theirs.ID, Relationship: access.Relationship{Name: "x", Status: "active", Source: access.FromHand}})
		}),
		"ChangeAccess": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.ChangeAccess(desk.AccessRelationship{RowID: i.theirs.ID, CustomerID: i.theirs.ID, Relationship: access.Relationship{Name: "x", Status: "active", Source: access.FromHand}})
		}),
		"RemoveAccess": writes(func(tx *postgres.Tx, i intruder) error { return tx.RemoveAccess(i.theirs.ID, i.theirs.ID) }),
		"AccessRows":   reads(func(tx *postgres.Tx, _ intruder) ([]desk.AccessRow, error) { return tx.AccessRows(desk.AccessFilter{}) }),
		"TroubledAccess": reads(func(tx *postgres.Tx, _ intruder) ([]desk.AccessTrouble, error) {
			return tx.TroubledAccess(tx.Now.AddDate(1, 0, 0), 100)
		}),
		"EndingAccess": reads(func(tx *postgres.Tx, _ intruder) ([]desk.EndingAccess, error) {
			return tx.EndingAccess(tx.Now.AddDate(1, 0, 0), 100)
		}),
		"AddAccessWarnings": writes(func(tx *postgres.Tx, i intruder) error {
			_, err := tx.AddAccessWarnings(desk.NewID(), []desk.AccessWarning{{ID: i.theirs.ID, EndsAt: tx.Now, Days: 7}})
			return err
		}),
		"AccessWarnings": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.AccessWarnings(i.theirs.ID)
			return len(list), err
		}),
	})
}

// reach gives a customer a relationship that ends, of which the desk was warned,
// and facts; its ids are the customer's, twice. The desk reads its own tenant.
func (w *world) reach(t *testing.T, p partner, c company) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		ends := tx.Now.AddDate(0, 0, 5).Truncate(time.Second)
		r := desk.AccessRelationship{RowID: c.ID, CustomerID: c.ID, Relationship: access.Relationship{ID: c.ID.String() + "-" + c.ID.String(), Name: "Support", Status: "active",
			Roles: []string{"f023fd81-a637-4b56-95fd-791ac0226033"}, EndsAt: &ends, Source: access.FromGraph}}
		for _, err := range []error{
			tx.SaveAccess([]desk.AccessRelationship{r}),
			tx.SaveAccessFacts(desk.AccessFacts{CustomerID: c.ID, AzureRole: access.AzureOwner, Reseller: access.Yes, EntraPremium: access.Yes, PersonID: p.admin.ID}),
			tx.SaveAccessReader(desk.AccessReader{Connection: desk.Connection{State: desk.Connected}}),
		} {
			if err != nil {
				return err
			}
		}
		if c.ID == p.first.ID {
			if err := tx.AddAccessAsk(desk.ConsentAsk{Hash: []byte("access " + p.desk.ID.String()), PersonID: p.admin.ID, Session: "s", ExpiresAt: tx.Now.Add(time.Hour)}); err != nil {
				return err
			}
		}
		_, err := tx.AddAccessWarnings(c.ID, []desk.AccessWarning{{ID: c.ID, EndsAt: ends, Days: 30}})
		return err
	})
}
