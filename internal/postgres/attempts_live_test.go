package postgres_test

import (
	"maps"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Sights": reads(func(tx *postgres.Tx, i intruder) ([]desk.Sight, error) {
			return tx.Sights([]desk.ID{i.theirs.ticket.ID})
		}),
		"Draft": finds(func(tx *postgres.Tx, i intruder) (desk.Draft, error) { return tx.Draft("ticket", i.theirs.contact.ID) }),
		"KeepDraft": puts(func(tx *postgres.Tx, i intruder) {
			tx.KeepDraft(desk.Draft{About: "ticket", Fields: "body=mine"}, i.theirs.contact)
		}),
		"DropDraft":    touches0(func(tx *postgres.Tx, i intruder) { tx.DropDraft("ticket", i.theirs.contact.ID) }),
		"ForgetDrafts": touches0(func(tx *postgres.Tx, _ intruder) { tx.ForgetDrafts(tx.Now.Add(-time.Hour)) }),
	})
}
