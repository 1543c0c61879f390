package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// Snapshot reads a desk as it stood at one instant, however long that takes. It can
// write nothing.
type Snapshot struct {
	ctx  context.Context
	tx   pgx.Tx
	desk desk.ID
}

// Snapshot runs f over a desk as it is now: one transaction that only reads, and in
// which nothing changes.
func (db *DB) Snapshot(ctx context.Context, s desk.Scope, f func(*Snapshot) error) error {
	if s.Desk == desk.Nobody {
		return errNoDesk
	}
	begin := "begin isolation level repeatable read read only" + strings.TrimPrefix(beginQuery(s), "begin")
	return db.run(ctx, pgx.TxOptions{BeginQuery: begin}, func(tx pgx.Tx) (bool, error) {
		return false, f(&Snapshot{ctx, tx, s.Desk})
	})
}

// Kind is one of the kinds of what a desk owns.
type Kind struct {
	owned
	Name    string
	Columns []desk.ExportColumn
	order   []string
}

// secret are types of columns that an export never holds: sealed secrets and hashes
// are bytes, and of words that tickets are found by nothing can be read.
var secret = []string{"bytea", "tsvector"}

// Kinds lists all kinds with their columns, as the database has them.
func (s *Snapshot) Kinds() ([]Kind, error) {
	list := make([]Kind, 0, len(exports))
	for _, e := range exports {
		rows, err := s.tx.Query(s.ctx, `select a.attname, format_type(a.atttypid, null), coalesce(array_position(i.indkey::int2[], a.attnum), -1)::int
			from pg_attribute a join pg_index i on i.indrelid = a.attrelid and i.indisprimary
			where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`, "public."+e.table)
		if err != nil {
			return nil, err
		}
		k := Kind{owned: e, Name: e.kind}
		keys := map[int]string{}
		var c desk.ExportColumn
		var place int
		_, err = pgx.ForEachRow(rows, []any{&c.Name, &c.Type, &place}, func() error {
			if place >= 0 {
				keys[place] = c.Name
			}
			if !slices.Contains(secret, c.Type) && !slices.Contains(e.omit, c.Name) {
				k.Columns = append(k.Columns, c)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		for i := range len(keys) {
			k.order = append(k.order, "r."+pgx.Identifier{keys[i]}.Sanitize())
		}
		list = append(list, k)
	}
	return list, nil
}

// atOnce is how many rows are asked for at once; the statement below says so too.
const atOnce = 500

// Each hands the rows of a kind on, one JSON object each with the kind's columns. No
// more than a page of them is ever held.
func (s *Snapshot) Each(k Kind, row func(object []byte) error) error {
	pairs := make([]string, len(k.Columns))
	for i, c := range k.Columns {
		pairs[i] = "r." + pgx.Identifier{c.Name}.Sanitize()
	}
	which := k.of
	if which == "" {
		which = `r.desk_id = @desk`
	}
	// A row of the columns alone, so that what is left out never leaves the server.
	return s.walk("select to_json(x) from (select "+strings.Join(pairs, ", ")+" from "+pgx.Identifier{"public", k.table}.Sanitize()+
		" r where "+which+" order by "+strings.Join(k.order, ", ")+") x", func(rows pgx.Rows) error {
		return row(rows.RawValues()[0])
	})
}

// walk reads through a cursor. A statement of its own for each page keeps clear of the
// time that one may take: what is slow is who reads what we write.
func (s *Snapshot) walk(sql string, row func(pgx.Rows) error) error {
	// DECLARE takes no arguments but from its client, and this one is no text.
	if _, err := s.tx.Exec(s.ctx, "declare walk no scroll cursor for "+strings.ReplaceAll(sql, "@desk", "'"+s.desk.String()+"'::uuid")); err != nil {
		return err
	}
	for {
		rows, err := s.tx.Query(s.ctx, "fetch 500 from walk", pgx.QueryResultFormats{pgx.TextFormatCode}, pgx.QueryExecModeDescribeExec)
		if err != nil {
			return err
		}
		n := 0
		for rows.Next() {
			n++
			if err := row(rows); err != nil {
				rows.Close()
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if n < atOnce {
			_, err := s.tx.Exec(s.ctx, "close walk")
			return err
		}
	}
}

// folders are the files of an export, by the kind whose rows tell of them: those whose
// bytes are there and harmless.
var folders = map[string]string{
	"attachments": `select a.id::text, a.name, a.blob from attachments a where a.desk_id = @desk and a.state = 'kept' order by a.id`,
	"evidence":    `select f.id::text, f.name, f.blob from evidence_files f where f.desk_id = @desk and f.removed_at is null order by f.id`,
	"mails":       `select m.id::text, 'mail.eml' as name, m.blob from mails m where m.desk_id = @desk and m.blob <> '' order by m.id`,
}

// Folders are the kinds that have files.
func Folders() []string { return []string{"attachments", "evidence", "mails"} }

// EachFile hands the files of a kind on.
func (s *Snapshot) EachFile(kind string, file func(desk.ExportedFile) error) error {
	return s.walk(folders[kind], func(rows pgx.Rows) error {
		v := rows.RawValues()
		id, err := desk.ParseID(string(v[0]))
		if err != nil {
			return err
		}
		return file(desk.ExportedFile{ID: id, Name: string(v[1]), Blob: string(v[2])})
	})
}

// Table is the one that a kind's rows are of.
func (k Kind) Table() string { return k.table }
