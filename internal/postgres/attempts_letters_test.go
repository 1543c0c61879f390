package postgres_test

import (
	"maps"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"ThreadOf": reads(func(tx *postgres.Tx, i intruder) ([]desk.InThread, error) {
			return tx.ThreadOf(i.theirs.ticket.ID, i.theirs.contact.ID, desk.NewID(), 8)
		}),
	})
}
