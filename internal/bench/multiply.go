package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
)

// seededTickets is how many tickets are opened by the portal's own verbs. A larger desk
// is made of copies of these with their messages and with the words that they are found
// by, each under a number of its own and with a word that no other has: what a list or
// a search reads is as it would be, and made in minutes.
const seededTickets = 50_000

// originals is how many of a desk's tickets are no copies: all of a desk as large as
// the goals name it.
func originals(tickets int) int {
	if tickets <= 2*seededTickets {
		return tickets
	}
	return seededTickets
}

// copied are the tables of a copy, in their order, and what is not as it was in its
// original: $1 is how far the numbers move.
var copied = []struct {
	table string
	other map[string]string
}{
	{"tickets", map[string]string{"id": copyOf("id"), "number": "number + $1::bigint"}},
	{"messages", map[string]string{"id": copyOf("id"), "ticket_id": copyOf("ticket_id"), "key": "null"}},
	{"search_texts", map[string]string{"ticket_id": copyOf("ticket_id"), "number": "number + $1::bigint",
		"words": `ts_delete(words, tsvector_to_array(search_marks(desk_id, customer_id, number))) || search_marks(desk_id, customer_id, number + $1::bigint)
			|| ('''copy' || (number + $1::bigint) || ''':1C')::tsvector`}},
}

func copyOf(id string) string { return "md5(" + id + "::text || $1::bigint)::uuid" }

// multiply copies the desk's tickets until there are so many.
func (d *data) multiply(ctx context.Context, tickets int) error {
	if originals(tickets) == tickets {
		return nil
	}
	var index, numbers string
	var first, last int64
	err := d.conn.QueryRow(ctx, `select pg_get_indexdef('search_texts_words'::regclass), min(number), max(number) from tickets`).Scan(&index, &first, &last)
	if err != nil {
		return err
	}
	if _, err := d.conn.Exec(ctx, `create temporary table originals as select id from tickets; create index on originals (id); analyze originals; drop index search_texts_words`); err != nil {
		return err
	}
	for n := 1; n < tickets/seededTickets; n++ {
		fmt.Fprintf(os.Stderr, "\rcopying, once: %d of %d ", n*seededTickets, tickets)
		for _, c := range copied {
			if err := d.copyTable(ctx, c.table, c.other, int64(n)*(last-first+1)); err != nil {
				return fmt.Errorf("%s: %w", c.table, err)
			}
		}
	}
	if err := d.conn.QueryRow(ctx, `select 'numbers."' || id || '"' from desks where slug = $1`, deskSlug).Scan(&numbers); err != nil {
		return err
	}
	_, err = d.conn.Exec(ctx, index)
	if err == nil {
		_, err = d.conn.Exec(ctx, `select setval($1, (select max(number) from tickets))`, numbers)
	}
	return err
}

// copyTable copies the rows of the original tickets.
func (d *data) copyTable(ctx context.Context, table string, other map[string]string, by int64) error {
	rows, err := d.conn.Query(ctx, `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`, table)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = name
		if v, ok := other[name]; ok {
			values[i] = v
		}
	}
	ticket := "ticket_id"
	if table == "tickets" {
		ticket = "id"
	}
	_, err = d.conn.Exec(ctx, `insert into `+table+` (`+strings.Join(names, ", ")+`) select `+strings.Join(values, ", ")+` from `+table+` where `+ticket+` in (select id from originals)`, by)
	return err
}
