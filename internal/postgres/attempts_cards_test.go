package postgres_test

import (
	"maps"

	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"TicketCard": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			c, err := tx.TicketCard(i.at.desk, i.theirs.ticket.ID, i.theirs.ID)
			return len(c.Escalations) + len(c.Holding.Relationships), err
		}),
		"EscalationsWaiting": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			n, err := tx.EscalationsWaiting()
			if err != nil {
				return n, err
			}
			own, err := tx.LiveEscalations()
			return max(0, n-len(own)), err
		}),
		"EscalationOfIncident": reads(func(tx *postgres.Tx, i intruder) (int64, error) {
			return tx.EscalationOfIncident(i.theirs.incident.ID)
		}),
	})
}
