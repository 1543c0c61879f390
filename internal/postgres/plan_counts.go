package postgres

import (
	"guichet/internal/desk"
)

// UseRequest takes one of a plan's requests, where they are counted and one is left.
// It is a change: who has the plan's form open is told.
func (t *Tx) UseRequest(plan desk.ID) {
	t.write(`update partner_plans l set remaining = l.remaining - 1, revision = l.revision + 1 where l.desk_id = @desk and l.id = @plan and l.remaining > 0`, args{"plan": plan})
}

// SavePlanTaken writes by which plan an escalation that is locked was filed. It is no
// revision of the escalation.
func (t *Tx) SavePlanTaken(e desk.Escalation) {
	t.write(`update escalations e set plan = @plan where e.desk_id = @desk and e.id = @id`, args{"id": e.ID, "plan": e.Plan})
}

// EndingPlans lists plans in use whose last day is one of these, with what the desk
// was already warned of.
func (t *Tx) EndingPlans(from, to desk.Day) ([]desk.EndingPlan, error) {
	return many[desk.EndingPlan](t, `select l.id, l.name, l.expires::text as expires,
			coalesce((select min(w.days) from plan_warnings w where w.desk_id = @desk and w.plan_id = l.id and w.expires = l.expires), 0)::int as warned
		from partner_plans l where l.desk_id = @desk and l.active and l.expires between @from::text::date and @to::text::date order by l.expires, l.id limit 200`,
		args{"from": from, "to": to})
}

// AddPlanWarnings remembers what the desk is warned of. It tells how many are new:
// another process may have warned meanwhile.
func (t *Tx) AddPlanWarnings(round desk.ID, list []desk.PlanWarning) (int64, error) {
	return t.exec(`insert into plan_warnings (desk_id, plan_id, expires, days, round, warned_at)
		select @desk, plan, expires::date, days, @round, @now from unnest(@plans::uuid[], @expires::text[], @days::smallint[]) as w (plan, expires, days)
		on conflict do nothing`, args{"round": round, "now": t.Now,
		"plans":   column(list, func(w desk.PlanWarning) desk.ID { return w.ID }),
		"expires": column(list, func(w desk.PlanWarning) string { return string(w.Expires) }),
		"days":    column(list, func(w desk.PlanWarning) int16 { return int16(w.Days) })})
}

// PlanWarnings reads what one letter tells, the first to end first.
func (t *Tx) PlanWarnings(round desk.ID) ([]desk.PlanWarning, error) {
	return many[desk.PlanWarning](t, `select l.id, l.name, w.expires::text as expires, min(w.days)::int as days
		from plan_warnings w join partner_plans l on l.desk_id = @desk and l.id = w.plan_id
		where w.desk_id = @desk and w.round = @round group by l.id, l.name, w.expires order by w.expires, l.id limit 200`, args{"round": round})
}
