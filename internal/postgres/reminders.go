package postgres

import (
	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// DesksToRemind lists desks that have escalations of which somebody must be told,
// over all desks: their ids and nothing else.
func (g *GlobalTx) DesksToRemind(most int) ([]desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desks_to_remind($1, $2)`, g.Now, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[desk.ID])
}

// OverdueEscalations locks escalations of which somebody must be told by now, the
// longest waiting first. What another worker holds is left to it.
func (t *Tx) OverdueEscalations(most int) ([]desk.Escalation, error) {
	return many[desk.Escalation](t, `select `+escalationColumns+` from escalations e where e.desk_id = @desk and e.remind_at <= @now
		order by e.remind_at, e.id limit @most for update of e skip locked`, args{"now": t.Now, "most": most})
}

// SaveReminded writes what a reminder changes. It is no revision: whoever fills in a
// form meanwhile sends it unhindered.
func (t *Tx) SaveReminded(e desk.Escalation) {
	t.write(`update escalations set reminded_at = @reminded, remind_at = @remind where desk_id = @desk and id = @id`,
		args{"id": e.ID, "reminded": e.RemindedAt, "remind": e.RemindAt()})
}
