package app_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// read sends a file and has it read, as the worker would.
func (w *world) read(t *testing.T, who desk.Actor, kind desk.ImportKind, text string) desk.Import {
	t.Helper()
	id := made(w.StartImport(bg, who, string(kind), string(kind)+".csv", strings.NewReader(text)))
	if err := w.ReadImport(bg, app.ReadImport{Desk: who.Desk.ID, Import: id}); err != nil {
		t.Fatal(err)
	}
	return w.imported(t, who, id)
}

func (w *world) imported(t *testing.T, who desk.Actor, id desk.ID) desk.Import {
	t.Helper()
	i, _, err := w.Import(bg, who, id, desk.LineBad, 0)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// add has what was good added, the job worked twice.
func (w *world) add(t *testing.T, who desk.Actor, i desk.Import) desk.Import {
	t.Helper()
	if err := w.AddImported(bg, who, i.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.App.AddImport(bg, app.AddImport{Desk: who.Desk.ID, Import: i.ID}); err != nil {
			t.Fatal(err)
		}
	}
	return w.imported(t, who, i.ID)
}

// wrong tells the bad lines of a file: their number, column and key.
func (w *world) wrong(t *testing.T, who desk.Actor, i desk.Import) string {
	t.Helper()
	var all []string
	err := w.EachRefused(bg, who, i.ID, func(desk.Import) error { return nil }, func(l desk.ImportLine) error {
		for _, p := range l.Problems {
			all = append(all, fmt.Sprintf("%d %s %s", l.Line, p.Field, strings.TrimPrefix(p.Key, "moving.error.")))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

func figures(i desk.Import) string {
	return fmt.Sprintf("%s: %d good, %d known, %d bad, %d added", i.State, i.Good, i.Known, i.Bad, i.Added)
}

const (
	oldCustomers = "External ID;Nom;Microsoft ID;Domaines;Prioritaire\r\nC-1;Atelier Nord;3f2504e0-4f89-11d3-9a0c-0305e82c3301;nord.example;oui\r\n" +
		"C-2;Boulangerie d’Été;;ete.example;\r\n;First;;;\r\nC-3;atelier nord;;;\r\nC-4;Quai;not a tenant;;peut-être\r\nC-5;\"Bad \" quotes;;;\r\nC-6;;;;\r\n"
	oldPeople = "customer,name,email,role\nC-1,Anne Nord,anne@nord.example,manager\nete.example,Bruno,bruno@ete.example,\nSecond of two,Eve,eve@two.example,\n" +
		"Nobody,Max,max@x.example,\nAtelier Nord,Anne again,ANNE@nord.example,\nC-1,Paul,not an address,\nC-1,Zoé,zoe@nord.example,boss\n"
	oldTickets = "id\trequester\tsubject\tbody\tcreated\tclosed\tstatus\tnonsense\n" +
		"T-1\tanne@nord.example\tImprimante muette\tElle n’imprime plus.\t12/01/2024 09:30\t2024-01-13 10:00\tRésolu\tx\n" +
		"T-2\tbruno@ete.example\tTéléphone zibeline\tSonne sans cesse.\t2024-02-01\t\tOuvert\tx\n" +
		"T-3\tnobody@x.example\tX\tY\t2024-02-01\t\t\tx\nT-4\tanne@nord.example\t\tY\t32/01/2024\t\t\tx\nT-5\tanne@nord.example\tX\tY\t2031-01-01\t\t\tx\n" +
		"T-6\tanne@nord.example\tX\tY\t2024-02-02\t2024-02-01\t\tx\nT-1\tanne@nord.example\tX\tY\t2024-02-02\t\t\tx\n\tanne@nord.example\tX\tY\t2024-02-02\t\t\tx\n"
	oldMessages = "ticket;author;text;at;internal\nT-1;anne@nord.example;Toujours rien.;2024-01-12 11:00;\nT-1;agent@one.example;Le tambour est mort.;2024-01-12 12:00;oui\n" +
		"T-1;agent@one.example;Remplacée.;2024-01-13 09:00;\nT-9;anne@nord.example;x;2024-01-12 11:00;\nT-1;bruno@ete.example;x;2024-01-12 11:00;\n" +
		"T-1;anne@nord.example;x;2024-01-12 11:00;oui\nT-1;anne@nord.example;Toujours rien.;2024-01-12 11:00;\nT-1;anne@nord.example;x;2020-01-12 11:00;\n"
)

// A desk moves in: each file is read first, its wrong lines told by their numbers, and
// then added; a second time adds nothing. Old tickets begin no clock, write no letter
// and count in no report; they are found.
func TestADeskMovesIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.one.admin
	first := map[desk.ImportKind]struct{ file, read, wrong string }{
		desk.ImportCustomers: {oldCustomers, "2 good, 1 known, 4 bad", "5 name twice\n6 priority word\n6 tenant error.tenant\n7  quotes\n8 name missing"},
		desk.ImportPeople:    {oldPeople, "2 good, 0 known, 5 bad", "4 customer no_customer\n5 customer no_customer\n6 email twice\n7 email error.email\n8 role word"},
		desk.ImportTickets: {oldTickets, "2 good, 0 known, 6 bad", "4 requester nobody\n5 created date\n5 subject missing\n6 created future\n7 closed before\n" +
			"8 external_id twice\n9 external_id missing"},
		desk.ImportMessages: {oldMessages, "3 good, 0 known, 5 bad", "5 ticket no_ticket\n6 author nobody\n7 internal not_theirs\n8 external_id twice\n9 at before"},
	}
	w.company(t, w.two, "Second of two")
	for _, kind := range desk.ImportKinds() {
		c := first[kind]
		before := w.count(t, `select (select count(*) from customers) + (select count(*) from people) + (select count(*) from tickets) + (select count(*) from messages)`)
		i := w.read(t, admin, kind, c.file)
		if got := figures(i); got != "read: "+c.read+", 0 added" {
			t.Errorf("%s: %s (%q)", kind, got, i.Problem)
		}
		if got := w.wrong(t, admin, i); got != c.wrong {
			t.Errorf("%s: wrong lines\n%s\nwant\n%s", kind, got, c.wrong)
		}
		if after := w.count(t, `select (select count(*) from customers) + (select count(*) from people) + (select count(*) from tickets) + (select count(*) from messages)`); after != before {
			t.Errorf("%s: reading added %d rows", kind, after-before)
		}
		if i = w.add(t, admin, i); i.State != desk.ImportDone || i.Added != i.Good || i.Blob != "" {
			t.Errorf("%s: %s", kind, figures(i))
		}
		again := w.read(t, admin, kind, c.file)
		if again.Good != 0 || again.Known != i.Added+i.Known {
			t.Errorf("%s a second time: %s\n%s", kind, figures(again), w.wrong(t, admin, again))
		}
		if err := w.AddImported(bg, admin, again.ID); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("%s: nothing to add: %v", kind, err)
		}
	}
	w.oldTickets(t)
}

func (w *world) oldTickets(t *testing.T) {
	t.Helper()
	k := desk.Ticket{}
	err := w.sql(t).QueryRow(bg, `select number, state, last_at, replied_at from tickets where external = 'T-1'`).Scan(&k.Number, &k.State, &k.LastAt, &k.RepliedAt)
	if err != nil || k.State != desk.Resolved || k.RepliedAt == nil || !k.LastAt.Equal(time.Date(2024, 1, 13, 10, 0, 0, 0, paris)) {
		t.Errorf("T-1: %+v, %v", k, err)
	}
	th := w.thread(t, w.one, k.Number)
	if len(th.Said) != 4 || th.Ticket.External != "T-1" || len(th.Ticket.Promises) != 0 || th.Ticket.WarnAt != nil {
		t.Errorf("T-1: %d messages, %+v", len(th.Said), th.Ticket)
	}
	anne := w.actor(t, w.one.desk, "anne@nord.example")
	if mine := made(w.ReadTicket(bg, anne, k.Number)); len(mine.Said) != 3 {
		t.Errorf("its customer reads %d messages", len(mine.Said))
	}
	if n := w.count(t, `select count(*) from river.river_job where kind not in ('read_import', 'add_import')`); n != 0 || len(w.mail.Messages()) != 0 {
		t.Errorf("%d jobs, %d letters", n, len(w.mail.Messages()))
	}
	if n := w.count(t, `select count(*) from tickets where external <> '' and (warn_at is not null or due_at is not null or state = 'new')`); n != 0 {
		t.Errorf("%d old tickets are new or due", n)
	}
	for words, want := range map[string]int{"zibeline": 1, "tambour": 1, "T-2": 1} {
		_, hits, _, err := w.Search(bg, w.one.agent, words, desk.SearchCursor{})
		if err != nil || len(hits) != want {
			t.Errorf("%q finds %d (%v)", words, len(hits), err)
		}
	}
	if n := w.count(t, `select count(*) from mails`); n != 0 {
		t.Error("mails")
	}
}

// What cannot be read at all says why, in one word, and leaves nothing.
func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, text := range map[string]string{"no_text": "PK\x03\x04\x14\x00\x06\x00", "empty": "name;tenant\n\n;\n", "columns": "Prénom;Rue\nAnne;x\n", "too_long": "name\n" + strings.Repeat("a\n", desk.MaxImportLines+1)} {
		if want == "too_long" && testing.Short() {
			continue
		}
		i := w.read(t, w.one.admin, desk.ImportCustomers, text)
		if i.State != desk.ImportFailed || i.Problem != want || i.Blob != "" {
			t.Errorf("%s: %s %q", want, figures(i), i.Problem)
		}
	}
	var invalid desk.Invalid
	_, err := w.StartImport(bg, w.one.admin, "customers", "a.csv", io.LimitReader(endless{}, desk.MaxImportBytes+1))
	if !errors.As(err, &invalid) || invalid.Problems[0].Key != "moving.error.large" {
		t.Errorf("too large: %v", err)
	}
	id := made(w.StartImport(bg, w.one.admin, "people", "a.csv", strings.NewReader("x")))
	if _, err := w.StartImport(bg, w.one.admin, "people", "a.csv", strings.NewReader("x")); !errors.As(err, &invalid) || invalid.Problems[0].Key != "moving.error.import_runs" {
		t.Errorf("two at once: %v", err)
	}
	if _, _, err := w.Import(bg, w.two.admin, id, desk.LineBad, 0); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk reads it: %v", err)
	}
	if err := w.AddImported(bg, w.two.admin, id); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk adds it: %v", err)
	}
}
