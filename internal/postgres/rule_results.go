package postgres

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

// RuleCounts tells of each rule how many tickets it decided since a time, and on
// how many of them people then decided otherwise. The first is answered from an
// index of narrow rows; only what people decided, which is little, is read.
func (t *Tx) RuleCounts(since time.Time) (map[string]desk.RuleCount, error) {
	type row struct {
		Rule  string
		Count int
	}
	var fired, overridden []row
	ask(t, &fired, `select rule, count(*)::int as count from (
		select distinct d.rule, d.ticket_id from decisions d where d.desk_id = @desk and d.created_at >= @since and d.by = 'rules') once
		group by rule`, args{"since": since})
	ask(t, &overridden, `select d.rule, count(distinct d.ticket_id)::int as count from decisions d where `+overrides+` group by d.rule`, args{"since": since})
	if err := t.flush(); err != nil {
		return nil, err
	}
	counts := make(map[string]desk.RuleCount, len(fired))
	for _, r := range fired {
		counts[r.Rule] = desk.RuleCount{Fired: r.Count}
	}
	for _, r := range overridden {
		c := counts[r.Rule]
		c.Overridden = r.Count
		counts[r.Rule] = c
	}
	return counts, nil
}

// overrides are people's decisions that differ from what the rules say.
const overrides = `d.desk_id = @desk and d.created_at >= @since and d.by = 'person'
	and (d.outcome <> d.verdict ->> 'outcome' or d.outcome <> 'NEEDS_INFO' and d.category <> d.verdict ->> 'category')`

// RuleResults tells how one rule fared since a time.
func (t *Tx) RuleResults(key string, since time.Time) (desk.RuleResults, error) {
	r := desk.RuleResults{Rule: rules.Rule{Key: key}}
	a := args{"rule": key, "since": since}
	var counts []struct{ Fired, Confirmed, Overridden int }
	ask(t, &counts, `select count(distinct d.ticket_id) filter (where d.by = 'rules')::int as fired,
		count(distinct d.ticket_id) filter (where d.confirmed_by is not null)::int as confirmed,
		count(distinct d.ticket_id) filter (where `+overrides+`)::int as overridden
		from decisions d where d.desk_id = @desk and d.created_at >= @since and d.rule = @rule`, a)
	ask(t, &r.Instead, `select d.outcome, d.category, count(distinct d.ticket_id)::int as count from decisions d
		where `+overrides+` and d.rule = @rule group by d.outcome, d.category order by count desc, d.outcome, d.category`, a)
	ask(t, &r.Reasons, `select t.number, t.subject, d.outcome, d.category, d.reason, coalesce(p.name, '') as name, d.created_at from decisions d
		join tickets t on t.desk_id = @desk and t.id = d.ticket_id left join people p on p.desk_id = @desk and p.id = d.person_id
		where `+overrides+` and d.rule = @rule order by d.created_at desc, d.id desc limit @most`,
		args{"rule": key, "since": since, "most": desk.MaxReasons})
	if err := t.flush(); err != nil {
		return r, err
	}
	r.Fired, r.Confirmed, r.Overridden = counts[0].Fired, counts[0].Confirmed, counts[0].Overridden
	return r, nil
}
