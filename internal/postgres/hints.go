package postgres

import (
	"time"

	"guichet/internal/desk"
)

// HintState tells what the desk's hint has learned from; the zero state when it has no model
// of its own.
func (t *Tx) HintState() (desk.HintState, error) {
	list, err := many[desk.HintState](t, `select version, examples, created_at as learned_at from hint_models where desk_id = @desk order by version desc limit 1`, nil)
	if err != nil || len(list) == 0 {
		return desk.HintState{}, err
	}
	return list[0], nil
}

// HintModel reads a version's file. Errors: ErrNotFound.
func (t *Tx) HintModel(version int) ([]byte, error) {
	return scalar[[]byte](t, `select model from hint_models where desk_id = @desk and version = @version`, args{"version": version})
}

// AddHintModel stores what the hint learned in the place of what it knew before.
func (t *Tx) AddHintModel(s desk.HintState, model []byte) {
	t.write(`delete from hint_models where desk_id = @desk and version < @version`, args{"version": s.Version})
	t.write(`insert into hint_models (desk_id, version, examples, model, created_at) values (@desk, @version, @examples, @model, @learned)`,
		args{"version": s.Version, "examples": s.Examples, "model": model, "learned": s.LearnedAt})
}

// settled is the newest decision of a ticket that a person stands by. Orders
// teach nothing: no words of theirs were judged.
const settled = `d.desk_id = @desk and (d.by = 'person' or d.confirmed_by is not null) and d.rule <> 'subscription_change'`

// CountPrecedents counts what people decided since a time, at most so many.
func (t *Tx) CountPrecedents(since time.Time, most int) (int, error) {
	return scalar[int](t, `select count(*)::int from (select from decisions d where `+settled+` and d.created_at > @since limit @most) few`,
		args{"since": since, "most": most})
}

type settledRow struct {
	desk.Ticket
	DecidedID       desk.ID
	DecidedOutcome  desk.Outcome
	DecidedCategory desk.Category
	DecidedAt       time.Time
	Verdict         desk.Verdict
	Words           string
	Found           []desk.Finding
}

// Precedents reads a batch of past tickets that people decided, newest decision first, before a
// cursor; each with the customer's words and the findings of that time. The cursor is zero
// behind the last.
func (t *Tx) Precedents(before desk.Cursor, most int) ([]desk.Precedent, desk.Cursor, error) {
	a := args{"most": most, "at": pgInfinity, "after": before.ID}
	if !before.Zero() {
		a["at"] = before.At
	}
	rows, err := many[settledRow](t, `with hit as materialized (select d.* from decisions d where `+settled+` and (d.created_at, d.id) < (@at, @after)
			order by d.created_at desc, d.id desc limit @most)
		select `+ticketColumns+`, h.id as decided_id, h.outcome as decided_outcome, h.category as decided_category, h.created_at as decided_at, h.verdict,
			coalesce((select string_agg(m.body, E'\n\n' order by m.created_at, m.id) from messages m
				where m.desk_id = @desk and m.ticket_id = h.ticket_id and m.side = 'customer' and not m.internal and m.created_at <= h.created_at), '') as words,
			coalesce((select jsonb_agg(jsonb_build_object('Kind', f.kind, 'Result', f.result, 'Text', f.text) order by f.created_at, f.id) from findings f
				where f.desk_id = @desk and f.ticket_id = h.ticket_id and f.created_at <= coalesce(h.confirmed_at, h.created_at)), '[]') as found
		from hit h join tickets t on t.desk_id = @desk and t.id = h.ticket_id
		order by h.created_at desc, h.id desc`, a)
	if err != nil {
		return nil, desk.Cursor{}, err
	}
	list := make([]desk.Precedent, len(rows))
	for i, r := range rows {
		list[i] = desk.Precedent{Ticket: r.Ticket, Outcome: r.DecidedOutcome, Category: r.DecidedCategory, Verdict: r.Verdict, Words: r.Words, Found: r.Found}
	}
	next := desk.Cursor{}
	if len(rows) == most {
		next = desk.Cursor{At: rows[most-1].DecidedAt, ID: rows[most-1].DecidedID}
	}
	return list, next, nil
}
