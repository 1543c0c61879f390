package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// IncidentsBelow lists incidents as programs read them: the newest first, from below a
// number on, 0 for the first page. live leaves out those that are over; more says that
// there are others behind.
func (a *App) IncidentsBelow(ctx context.Context, who desk.Actor, below int64, live bool, most int) (list []desk.IncidentRow, more bool, err error) {
	if err := who.May(desk.ReadIncidents); err != nil {
		return nil, false, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.IncidentsBelow(below, live, most+1)
		return err
	})
	return list[:min(len(list), most)], len(list) > most, err
}

// EscalationsBelow is the same of escalations.
func (a *App) EscalationsBelow(ctx context.Context, who desk.Actor, below int64, live bool, most int) (list []desk.EscalationRow, more bool, err error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return nil, false, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.EscalationsBelow(below, live, most+1)
		return err
	})
	return list[:min(len(list), most)], len(list) > most, err
}
