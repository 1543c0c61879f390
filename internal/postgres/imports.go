package postgres

import (
	"encoding/json"
	"time"

	"guichet/internal/desk"
)

const importColumns = `i.id, i.kind, i.name, i.bytes, i.sum, i.blob, i.encoding, i.comma, i.unread, i.state, i.problem, i.at, i.good, i.known, i.bad, i.added,
	i.person_id, p.name as person_name, i.created_at, i.ended_at`

// AddImport writes that a file came. Errors: ErrConflict while another is worked on.
func (t *Tx) AddImport(i desk.Import) error {
	_, err := t.exec(`insert into imports (desk_id, id, kind, name, bytes, sum, blob, state, person_id, created_at)
		values (@desk, @id, @kind, @name, @bytes, @sum, @blob, @state, @person, @created)`,
		args{"id": i.ID, "kind": i.Kind, "name": i.Name, "bytes": i.Bytes, "sum": i.Sum, "blob": i.Blob, "state": i.State, "person": i.PersonID, "created": i.CreatedAt})
	return err
}

// Import reads one, held until the transaction ends where it writes. Errors:
// ErrNotFound.
func (t *Tx) Import(id desk.ID) (desk.Import, error) {
	sql := `select ` + importColumns + ` from imports i join people p on p.desk_id = @desk and p.id = i.person_id where i.desk_id = @desk and i.id = @id`
	if t.tx != nil {
		sql += ` for update of i`
	}
	return one[desk.Import](t, sql, args{"id": id})
}

// Imports lists the newest.
func (t *Tx) Imports(most int) ([]desk.Import, error) {
	return many[desk.Import](t, `select `+importColumns+` from imports i join people p on p.desk_id = @desk and p.id = i.person_id
		where i.desk_id = @desk order by i.created_at desc, i.id desc limit @most`, args{"most": most})
}

// SaveImport writes how far one has come. Errors: ErrNotFound; ErrConflict while
// another is worked on.
func (t *Tx) SaveImport(i desk.Import) error {
	return found(t.exec(`update imports set blob = @blob, encoding = @encoding, comma = @comma, unread = @unread, state = @state, problem = @problem, at = @at,
		good = @good, known = @known, bad = @bad, added = @added, ended_at = @ended where desk_id = @desk and id = @id`,
		args{"id": i.ID, "blob": i.Blob, "encoding": i.Encoding, "comma": i.Comma, "unread": append([]string{}, i.Unread...), "state": i.State, "problem": i.Problem, "at": i.At,
			"good": i.Good, "known": i.Known, "bad": i.Bad, "added": i.Added, "ended": i.EndedAt}))
}

// AddImportLines keeps what was read. Errors: cells that are no JSON.
func (t *Tx) AddImportLines(of desk.ID, list []desk.ImportLine) error {
	a, err := lineArgs(of, list)
	if err != nil {
		return err
	}
	t.write(`insert into import_lines (desk_id, import_id, line, state, cells, problems)
		select @desk, @import, n.line, n.state, n.cells::jsonb, n.problems::jsonb from unnest(@lines::int[], @states::text[], @cells::text[], @problems::text[]) n (line, state, cells, problems)`, a)
	return nil
}

// SaveImportLines writes what became of lines. Errors: cells that are no JSON.
func (t *Tx) SaveImportLines(of desk.ID, list []desk.ImportLine) error {
	a, err := lineArgs(of, list)
	if err != nil {
		return err
	}
	t.write(`update import_lines l set state = n.state, cells = n.cells::jsonb, problems = n.problems::jsonb
		from unnest(@lines::int[], @states::text[], @cells::text[], @problems::text[]) n (line, state, cells, problems)
		where l.desk_id = @desk and l.import_id = @import and l.line = n.line`, a)
	return nil
}

func lineArgs(of desk.ID, list []desk.ImportLine) (args, error) {
	cells, wrong := make([]string, len(list)), make([]string, len(list))
	for i, l := range list {
		if l.Cells == nil {
			l.Cells = map[string]string{}
		}
		for into, value := range map[*string]any{&cells[i]: l.Cells, &wrong[i]: append(desk.Problems{}, l.Problems...)} {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			*into = string(text)
		}
	}
	return args{"import": of, "cells": cells, "problems": wrong, "lines": column(list, func(l desk.ImportLine) int { return l.Line }),
		"states": column(list, func(l desk.ImportLine) string { return string(l.State) })}, nil
}

// ImportLines lists those of a state, in the order of the file, after one of them.
func (t *Tx) ImportLines(of desk.ID, state desk.LineState, after, most int) ([]desk.ImportLine, error) {
	return many[desk.ImportLine](t, `select l.line, l.state, l.cells, l.problems from import_lines l
		where l.desk_id = @desk and l.import_id = @import and l.state = @state and l.line > @after order by l.line limit @most`,
		args{"import": of, "state": state, "after": after, "most": most})
}

// DropImportLines forgets what was read of a file.
func (t *Tx) DropImportLines(of desk.ID) {
	t.write(`delete from import_lines where desk_id = @desk and import_id = @import`, args{"import": of})
}

// ForgetImports forgets the lines of files that nobody needs any more.
func (t *Tx) ForgetImports(before time.Time) {
	t.write(`delete from import_lines l where l.desk_id = @desk and l.import_id in (select i.id from imports i where i.desk_id = @desk and i.created_at < @before and i.state not in ('reading', 'adding'))`,
		args{"before": before})
	t.write(`update imports set state = 'dropped' where desk_id = @desk and created_at < @before and state = 'read'`, args{"before": before})
}

// ImportNames are what some lines of a file name.
type ImportNames struct {
	Customers []string // as they are written
	Plain     []string // in lower case
	Emails    []string
	Externals []string // of people
	Tickets   []string // external ids of tickets
	Keys      []desk.ID
}

type namedID struct {
	External string
	ID       desk.ID
}

// ImportWorld reads what the desk knows of what lines name.
func (t *Tx) ImportWorld(n ImportNames) (desk.ImportWorld, error) {
	w := desk.ImportWorld{Now: t.Now, Externals: map[string]desk.ID{}, Tickets: map[string]desk.Ticket{}, Keys: map[desk.ID]bool{}}
	var externals []namedID
	var tickets []desk.Ticket
	ask(t, &w.Customers, `select `+customerColumns+`, c.external from customers c where c.desk_id = @desk and (lower(c.name) = any(@plain) or c.tenant <> '' and c.tenant = any(@plain)
		or c.external <> '' and c.external = any(@names) or c.initial_domain <> '' and c.initial_domain = any(@plain) or c.domains && @plain::text[])`,
		args{"plain": n.Plain, "names": n.Customers})
	ask(t, &w.People, `select `+personColumns+` from people p where p.desk_id = @desk and p.email = any(@emails) and p.erased_at is null`, args{"emails": n.Emails})
	ask(t, &externals, `select p.external, p.id from people p where p.desk_id = @desk and p.external <> '' and p.external = any(@externals)`, args{"externals": n.Externals})
	ask(t, &tickets, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.external <> '' and t.external = any(@tickets)`, args{"tickets": n.Tickets})
	if err := t.flush(); err != nil {
		return w, err
	}
	authors := make([]desk.ID, len(w.People))
	for i, p := range w.People {
		authors[i] = p.ID
	}
	keys, err := scalars[desk.ID](t, `select m.key from messages m where m.desk_id = @desk and m.author_id = any(@authors) and m.key = any(@keys)`, args{"authors": authors, "keys": n.Keys})
	for _, e := range externals {
		w.Externals[e.External] = e.ID
	}
	for _, k := range tickets {
		w.Tickets[k.External] = k
	}
	for _, k := range keys {
		w.Keys[k] = true
	}
	return w, err
}

// CallCustomers writes what the system that they came from calls customers.
func (t *Tx) CallCustomers(ids []desk.ID, external []string) {
	t.write(`update customers c set external = n.external from unnest(@ids::uuid[], @external::text[]) n (id, external)
		where c.desk_id = @desk and c.id = n.id and n.external <> ''`, args{"ids": ids, "external": external})
}

// CallPeople writes what the system that they came from calls people.
func (t *Tx) CallPeople(ids []desk.ID, external []string) {
	t.write(`update people p set external = n.external from unnest(@ids::uuid[], @external::text[]) n (id, external)
		where p.desk_id = @desk and p.id = n.id and n.external <> ''`, args{"ids": ids, "external": external})
}

// CallTickets writes what the system that they came from calls tickets, which are found
// by it.
func (t *Tx) CallTickets(list []desk.Ticket) {
	ids := column(list, func(k desk.Ticket) desk.ID { return k.ID })
	t.write(`update tickets k set external = n.external from unnest(@ids::uuid[], @external::text[]) n (id, external)
		where k.desk_id = @desk and k.id = n.id`, args{"ids": ids, "external": column(list, func(k desk.Ticket) string { return k.External })})
	for _, k := range list {
		t.FindBy(k.ID, k.External, false)
	}
}

// SettleImported makes imported tickets stand as what was said on them last tells.
func (t *Tx) SettleImported(tickets []desk.ID) {
	t.write(`update tickets t set last_at = greatest(s.at, t.ended_at), last_side = s.side, replied_at = s.replied
		from (select distinct on (m.ticket_id) m.ticket_id, m.created_at as at, m.side,
				(select min(r.created_at) from messages r where r.desk_id = @desk and r.ticket_id = m.ticket_id and r.side = 'desk' and not r.internal) as replied
			from messages m where m.desk_id = @desk and m.ticket_id = any(@tickets) and not m.internal order by m.ticket_id, m.created_at desc, m.id desc) s
		where t.desk_id = @desk and t.id = s.ticket_id and t.external <> ''`, args{"tickets": tickets})
}
