package postgres_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
	"guichet/internal/rules"
)

// A past is a desk's history of tickets that were handed on: what was done, and when.
type past struct {
	tickets     []pastTicket
	escalations []*desk.Escalation
	acts        []pastAct
}

type pastTicket struct {
	desk.Ticket
	escalation int // index, -1 for none
	joined     time.Time
}

type pastAct struct {
	at   time.Time
	do   func(*postgres.Tx) error
	what string
}

var reportZone = zone("Europe/Paris")

// drawPast makes a history of two months around a night of clock change: what is
// noted late, handed on late, sent back, withdrawn before it was filed, or left open.
func drawPast(r *rapid.T, c company, agent desk.ID) *past {
	h := &past{}
	start := time.Date(2025, 9, 20, 0, 0, 0, 0, reportZone)
	minutes := func(label string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(r, label)) * time.Minute
	}
	for i := range rapid.IntRange(1, 12).Draw(r, "tickets") {
		k := pastTicket{escalation: -1}
		k.Ticket = c.ticket
		k.ID, k.Number = desk.NewID(), int64(100_000+len(h.tickets))
		k.CreatedAt = start.Add(minutes("created", 60*24*60))
		k.Category = rapid.SampledFrom([]rules.Category{"outage", "how_to"}).Draw(r, "category")
		ticket := k.Ticket
		h.act(ticket.CreatedAt, "came", func(tx *postgres.Tx) error { tx.AddTicket(ticket); return nil })
		if rapid.Bool().Draw(r, "escalated") {
			h.escalate(r, &k, agent, minutes)
		} else if i > 0 && rapid.Bool().Draw(r, "joins") {
			k.escalation = rapid.IntRange(-1, len(h.escalations)-1).Draw(r, "which")
			if k.escalation >= 0 {
				e := h.escalations[k.escalation]
				k.joined = latest(k.CreatedAt, e.CreatedAt).Add(minutes("joined", 60*24*20))
				joined, id := k, e.ID
				if e.EndedAt == nil || e.EndedAt.After(k.joined) {
					h.act(k.joined, "joined", func(tx *postgres.Tx) error { _, err := tx.JoinEscalation(id, []desk.ID{joined.ID}, agent); return err })
				} else {
					k.escalation = -1
				}
			}
		}
		h.tickets = append(h.tickets, k)
	}
	slices.SortStableFunc(h.acts, func(a, b pastAct) int { return a.at.Compare(b.at) })
	return h
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (h *past) act(at time.Time, what string, do func(*postgres.Tx) error) {
	h.acts = append(h.acts, pastAct{at, do, what})
}

func (h *past) escalate(r *rapid.T, k *pastTicket, agent desk.ID, minutes func(string, int) time.Duration) {
	begun := k.CreatedAt.Add(minutes("begun", 60*24*40))
	reason := rapid.SampledFrom([]string{"", "we cannot"}).Draw(r, "reason")
	target := rapid.SampledFrom([]route.Target{route.Microsoft, route.Provider}).Draw(r, "target")
	made := made(desk.NewEscalation(k.Ticket, rapid.SampledFrom([]string{"exchange", "teams"}).Draw(r, "workload"), desk.RouteTaken{Way: route.Route{Target: target}}, reason, false, agent, begun))
	e := &made
	k.escalation, k.joined = len(h.escalations), begun
	h.escalations = append(h.escalations, e)
	first := *e
	h.act(begun, "begun", func(tx *postgres.Tx) error { _, err := tx.AddEscalation(first); return err })
	now := begun
	save := func(what string) {
		saved := *e
		h.act(now, what, func(tx *postgres.Tx) error { return tx.SaveEscalation(saved) })
	}
	if !rapid.Bool().Draw(r, "filed") {
		return
	}
	now = now.Add(minutes("filed", 60*24))
	filed := now.Add(-minutes("noted late", 600))
	var due *time.Time
	if rapid.Bool().Draw(r, "promised") {
		at := filed.Add(minutes("promise", 600))
		due = &at
	}
	f := desk.Filing{Request: fmt.Sprintf("%015d", len(h.acts)), Severity: rapid.SampledFrom([]string{"A", "C"}).Draw(r, "severity"), At: &filed}
	if err := e.File(f, due, agent, now); err != nil {
		r.Fatal(err)
	}
	save("filed")
	if rapid.Bool().Draw(r, "replied") {
		now = now.Add(minutes("heard", 60*24*3))
		e.Heard(now.Add(-minutes("entered late", 60*24*2)), now)
		save("replied")
	}
	if rapid.Bool().Draw(r, "ended") {
		now = now.Add(minutes("end", 60*24*10))
		if err := e.End(rapid.SampledFrom(desk.EscalationEndings).Draw(r, "ending"), "because", now); err != nil {
			r.Fatal(err)
		}
		save("ended")
	}
}

// straight counts what the roll-ups must say, from the history itself.
func (h *past) straight() (cohort, happened map[string][]int64) {
	cohort, happened = map[string][]int64{}, map[string][]int64{}
	add := func(m map[string][]int64, key string, n int, v ...int64) {
		if m[key] == nil {
			m[key] = make([]int64, n)
		}
		for i, x := range v {
			m[key][i] += x
		}
	}
	one := func(yes bool) int64 { return map[bool]int64{true: 1}[yes] }
	for _, k := range h.tickets {
		handed, against := false, false
		if k.escalation >= 0 {
			e := h.escalations[k.escalation]
			handed = e.FiledAt != nil
			against = handed && e.Reason != ""
		}
		add(cohort, string(desk.DayOf(k.CreatedAt, reportZone))+" "+string(k.Category), 3, 1, one(handed), one(against))
	}
	for _, e := range h.escalations {
		if e.FiledAt == nil {
			continue
		}
		key := func(at time.Time) string {
			return fmt.Sprint(desk.DayOf(at, reportZone), " ", e.Target, " ", e.Workload, " ", e.Severity)
		}
		seconds := func(at time.Time) int64 { return max(int64(at.Round(time.Microsecond).Sub(*e.FiledAt)/time.Second), 0) }
		add(happened, key(*e.FiledAt), 12, 1)
		var promised int64
		if e.ReplyDueAt != nil {
			promised = seconds(*e.ReplyDueAt)
		}
		if e.RepliedAt != nil {
			met, missed := one(promised >= 0 && e.ReplyDueAt != nil && !e.RepliedAt.After(*e.ReplyDueAt)), one(e.ReplyDueAt != nil && e.RepliedAt.After(*e.ReplyDueAt))
			add(happened, key(*e.RepliedAt), 12, 0, 0, 0, 0, 0, 1, met, missed, 0, seconds(*e.RepliedAt), promised)
		}
		if e.EndedAt == nil {
			continue
		}
		is := func(x desk.EscalationEnding) int64 { return one(e.Ending == x) }
		late, silent := int64(0), one(e.RepliedAt == nil && e.ReplyDueAt != nil)
		if silent == 1 {
			late = one(e.EndedAt.After(*e.ReplyDueAt))
		}
		add(happened, key(*e.EndedAt), 12, 0, is(desk.EndedSolved), is(desk.EndedUnsolved), is(desk.EndedReturned), is(desk.EndedWithdrawn), 0, 0, late, silent-late, 0,
			promised*late, seconds(*e.EndedAt)*is(desk.EndedSolved))
	}
	return cohort, happened
}

// Whatever was done on whatever day, noted late or counted late, the figures are what
// a straight count of everything says.
func TestEscalationFiguresEqualAStraightCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	super := w.superuser(t)
	rapid.Check(t, func(r *rapid.T) {
		for _, sql := range []string{`delete from escalations`, `delete from tickets where created_at < '2025-12-31'`, `delete from daily_escalated`, `delete from daily_escalations`} {
			if _, err := super.Exec(bg, sql); err != nil {
				r.Fatal(err)
			}
		}
		h := drawPast(r, w.one.first, w.one.agent.ID)
		count := func(from, to desk.Day) {
			err := w.db.Update(bg, w.one.scope(), func(tx *postgres.Tx) error {
				return tx.RollUpEscalations(postgres.Days{From: from, To: to, Zone: reportZone})
			})
			if err != nil {
				r.Fatal(err)
			}
		}
		counted := desk.DayOf(h.acts[0].at, reportZone).AddDays(-2)
		for i, act := range h.acts {
			err := w.db.At(func() time.Time { return act.at }).Update(bg, w.one.scope(), act.do)
			if err != nil {
				r.Fatalf("%s: %v", act.what, err)
			}
			if last := i == len(h.acts)-1; last || rapid.IntRange(0, 3).Draw(r, "counts") == 0 {
				today := desk.DayOf(act.at, reportZone)
				count(counted, today)
				counted = today
			}
		}
		cohort, happened := h.straight()
		for table, c := range map[string]struct {
			columns, figures string
			want             map[string][]int64
		}{
			"daily_escalated":   {"day::text, category", "tickets, escalated, against", cohort},
			"daily_escalations": {"day::text, target, workload, severity", "filed, solved, unsolved, returned, withdrawn, replies, met, missed, dropped, reply_seconds, promised_seconds, solved_seconds", happened},
		} {
			rows := made(super.Query(bg, `select concat_ws(' ', `+c.columns+`), array[`+c.figures+`]::bigint[] from `+table+` where desk_id = $1 and day < '2025-12-31'`, w.one.desk.ID))
			got := map[string][]int64{}
			for rows.Next() {
				var key string
				var figures []int64
				if err := rows.Scan(&key, &figures); err != nil {
					r.Fatal(err)
				}
				got[key] = figures
			}
			if !maps.EqualFunc(got, c.want, slices.Equal) {
				r.Fatalf("%s:\n%v\nwant\n%v", table, got, c.want)
			}
			monthly := `select count(*) from (select date_trunc('month', day)::date, array[` + sumOf(c.figures) + `] from daily` + table[len("daily"):] + ` where desk_id = $1 group by 1
				except select month, array[` + sumOf(c.figures) + `] from monthly` + table[len("daily"):] + ` where desk_id = $1 group by 1) x`
			var wrong int
			if err := super.QueryRow(bg, monthly, w.one.desk.ID).Scan(&wrong); err != nil || wrong != 0 {
				r.Fatalf("%s: %d months differ from their days (%v)", table, wrong, err)
			}
		}
	})
}

func sumOf(columns string) string {
	return "sum(" + strings.ReplaceAll(columns, ", ", ")::bigint, sum(") + ")::bigint"
}
