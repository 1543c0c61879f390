package postgres_test

import (
	"maps"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Search": reads(func(tx *postgres.Tx, i intruder) ([]desk.Hit, error) {
			who := desk.Actor{Person: i.who}
			hits, _, err := tx.Search(desk.ReadSearch("mail "+i.theirs.contact.Email, who, tx.Now), i.who, desk.SearchCursor{})
			return hits, err
		}),
		"FindBy":      touches0(func(tx *postgres.Tx, i intruder) { tx.FindBy(i.theirs.ticket.ID, "planted", false) }),
		"FindAnew":    touches0(func(tx *postgres.Tx, i intruder) { tx.FindAnew(i.theirs.ID) }),
		"RenewSearch": reads(func(tx *postgres.Tx, i intruder) (int, error) { return tx.RenewSearch(10) }),
	})
}
