package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// However many tickets have ended, the queue and the lists of open ones never
// read them: their plans, with parameters and without knowing their values, go
// through indexes that hold open tickets alone.
func TestOpenTicketsAreReadThroughTheirOwnIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBoard(t, w)
	b.history(t, b.first, 4000, 40)
	b.history(t, b.second, 2000, 2000)
	super := w.superuser(t)
	if _, err := super.Exec(t.Context(), `analyze`); err != nil {
		t.Fatal(err)
	}
	partial := names(t, super, `select indexrelid::regclass::text from pg_index where indrelid = 'tickets'::regclass and indpred is not null`)
	one := []string{"tickets_pkey", "tickets_of_customer"} // a followed ticket is found by its key
	for name, c := range map[string]struct {
		read func(*postgres.Tx) error
		also []string
	}{
		"queue by due":      {queue(b, desk.QueueFilter{View: desk.ViewTodo}), nil},
		"next page":         {queue(b, desk.QueueFilter{View: desk.ViewAll, After: desk.Cursor{At: b.now, ID: desk.NewID()}}), nil},
		"page of no due":    {queue(b, desk.QueueFilter{View: desk.ViewAll, After: desk.Cursor{Never: true, ID: desk.NewID()}}), nil},
		"queue by priority": {queue(b, desk.QueueFilter{View: desk.ViewTodo, Sort: "priority"}), nil},
		"queue by activity": {queue(b, desk.QueueFilter{View: desk.ViewAll, Sort: "activity"}), nil},
		"mine":              {queue(b, desk.QueueFilter{View: desk.ViewMine}), nil},
		"unassigned":        {queue(b, desk.QueueFilter{View: desk.ViewUnassigned}), nil},
		"due":               {queue(b, desk.QueueFilter{View: desk.ViewDue}), nil},
		"of a customer":     {queue(b, desk.QueueFilter{View: desk.ViewAll, Customer: b.first.ID}), nil},
		"of a service":      {queue(b, desk.QueueFilter{View: desk.ViewAll, Service: "Exchange Online"}), nil},
		"of a tag":          {queue(b, desk.QueueFilter{View: desk.ViewAll, Tag: "network"}), nil},
		"of a team":         {queue(b, desk.QueueFilter{View: desk.ViewAll, Team: "Network"}), nil},
		"with words":        {queue(b, desk.QueueFilter{View: desk.ViewAll, Text: "ticket"}), nil},
		"a view's count":    {func(tx *postgres.Tx) error { _, err := tx.Count(desk.ViewTodo, b.agent); return err }, nil},
		"similar":           {func(tx *postgres.Tx) error { _, err := tx.TriageMaterial(b.first.ticket); return err }, nil},
		"a manager's list":  {list(b.first.manager, desk.TicketFilter{}), nil},
		"a contact's list":  {list(b.first.contact, desk.TicketFilter{}), one},
		"his next page":     {list(b.first.contact, desk.TicketFilter{After: desk.Cursor{At: b.now, ID: desk.NewID()}}), one},
	} {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			for _, index := range explained(t, w, b.scope(), mode, c.read) {
				if !slices.Contains(partial, index) && !slices.Contains(c.also, index) {
					t.Errorf("%s (%s) reads tickets through %q", name, mode, index)
				}
			}
		}
	}
}

func queue(b board, f desk.QueueFilter) func(*postgres.Tx) error {
	return func(tx *postgres.Tx) error { _, _, err := tx.Queue(f, b.agent); return err }
}

func list(who desk.Person, f desk.TicketFilter) func(*postgres.Tx) error {
	return func(tx *postgres.Tx) error { _, _, err := tx.CustomerTickets(f, who); return err }
}

// history gives a customer ended tickets, and some open ones.
func (b board) history(t *testing.T, of company, ended, open int) {
	t.Helper()
	var tickets []desk.Ticket
	for i := range ended + open {
		k := b.blank(of)
		k.LastAt = b.now.Add(-time.Duration(i) * time.Minute)
		k.State = desk.Open
		if i%(1+ended/open) != 0 {
			k.State, k.EndedAt = desk.Closed, &k.LastAt
		} else {
			k.Promise(desk.NextReply, k.LastAt, k.LastAt.Add(time.Hour))
		}
		if i%3 == 0 {
			k.AssigneeID = b.agent.ID
		}
		tickets = append(tickets, k)
	}
	b.put(t, of, tickets...)
}

// explained runs a read, and tells through which indexes Postgres would read
// tickets for each of its statements; "" is a walk through the whole table.
func explained(t *testing.T, w *world, s desk.Scope, mode string, read func(*postgres.Tx) error) []string {
	t.Helper()
	heard := &listener{about: "tickets"}
	db, err := w.db.Traced(t.Context(), 1, heard)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.View(t.Context(), s, read); err != nil {
		t.Fatal(err)
	}
	var through []string
	for _, q := range heard.taken() {
		if strings.Contains(q.SQL, "similar_tickets") { // a function's own statement is not explained with its caller
			q = pgx.TraceQueryStartData{SQL: similarBody(t, w), Args: []any{pgx.NamedArgs{
				"named": "Exchange Online", "not_customer": w.one.first.ID, "not_before": time.Now()}}}
		}
		err := db.Update(t.Context(), s, func(tx *postgres.Tx) error {
			plan, err := explain(tx, mode, q)
			through = append(through, scans(plan)...)
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", q.SQL, err)
		}
	}
	if len(through) == 0 {
		t.Error("nothing that was read is a ticket")
	}
	return through
}

// explain prepares a statement and asks how it would be carried out.
func explain(tx *postgres.Tx, mode string, q pgx.TraceQueryStartData) (map[string]any, error) {
	sql, args := q.SQL, q.Args
	if r, ok := args[0].(pgx.QueryRewriter); ok {
		var err error
		if sql, args, err = r.RewriteQuery(bg, nil, sql, nil); err != nil {
			return nil, err
		}
	}
	values := make([]string, len(args))
	for i, a := range args {
		values[i] = literal(a)
	}
	for _, s := range []string{"deallocate all", "set local plan_cache_mode = " + mode, "prepare q as " + sql} {
		if err := exec(tx, s); err != nil {
			return nil, err
		}
	}
	call := "explain (format json) execute q(" + strings.Join(values, ", ") + ")"
	rows, err := tx.Raw(call, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	plan, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]map[string]any])
	if err != nil {
		return nil, err
	}
	return plan[0]["Plan"].(map[string]any), nil
}

func literal(value any) string {
	switch v := value.(type) {
	case time.Time:
		return "'" + v.Format(time.RFC3339Nano) + "'"
	case pgtype.Timestamptz:
		return "'infinity'"
	case []string:
		return "'{" + strings.Join(v, ",") + "}'"
	}
	return fmt.Sprintf("'%v'", value)
}

// similarBody is the statement inside similar_tickets, its arguments marked.
func similarBody(t *testing.T, w *world) string {
	t.Helper()
	var body string
	if err := w.superuser(t).QueryRow(t.Context(), `select prosrc from pg_proc where proname = 'similar_tickets'`).Scan(&body); err != nil {
		t.Fatal(err)
	}
	_, body, _ = strings.Cut(body, "return (")
	body, _, _ = strings.Cut(body, ";")
	body = strings.TrimSuffix(body, ")")
	return strings.NewReplacer("= named", "= @named", "not_customer", "@not_customer::uuid", "not_before", "@not_before").Replace(body)
}

func scans(node map[string]any) (through []string) {
	if node["Relation Name"] == "tickets" {
		index, _ := node["Index Name"].(string)
		if node["Node Type"] == "Bitmap Heap Scan" {
			index = node["Plans"].([]any)[0].(map[string]any)["Index Name"].(string)
		}
		through = append(through, index)
	}
	children, _ := node["Plans"].([]any)
	for _, c := range children {
		through = append(through, scans(c.(map[string]any))...)
	}
	return through
}

// listener keeps the statements that read what it listens for.
type listener struct {
	about string
	mu    sync.Mutex
	heard []pgx.TraceQueryStartData
}

func (l *listener) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if strings.Contains(d.SQL, l.about) && strings.Contains(d.SQL, "select") {
		l.heard = append(l.heard, d)
	}
	return ctx
}

func (l *listener) TraceBatchQuery(ctx context.Context, c *pgx.Conn, d pgx.TraceBatchQueryData) {
	l.TraceQueryStart(ctx, c, pgx.TraceQueryStartData{SQL: d.SQL, Args: d.Args})
}

func (*listener) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (*listener) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (*listener) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (l *listener) taken() []pgx.TraceQueryStartData {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.heard
	l.heard = nil
	return taken
}
