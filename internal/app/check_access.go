package app

import (
	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// accessFor tells whether the desk may do something for a customer now, and what
// would be needed. A work that a dead end awaits is stopped by who asks.
func (a *App) accessFor(tx *postgres.Tx, c desk.Customer, workload string, act access.Action) (access.Verdict, error) {
	h, err := tx.Access(c.ID)
	if err != nil {
		return access.Verdict{}, err
	}
	return access.Judge(h, string(c.Relationship), workload, act, tx.Now), nil
}
