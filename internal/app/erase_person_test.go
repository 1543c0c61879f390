package app_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Of somebody who was erased nothing is left that says who he was: no row, no byte, no
// word that a ticket is found by. What he wrote stays.
func TestErasedPeopleAreForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.invite(t, w.one, desk.PersonSettings{Name: "Léa Ouessant", Email: "lea@ouessant.example", Role: desk.Contact, CustomerID: w.one.first.id})
	n := w.submit(t, lea, desk.Submission{})
	sent := func(who desk.Actor, name string) desk.ID {
		f := made(w.HoldFiles(bg, who, oneUpload(name, "bytes of "+name)))[0]
		w.reply(t, who, n, app.Reply{Body: "Voici", Files: []desk.ID{f.ID}})
		return f.ID
	}
	hers, agents := sent(lea, "CV Ouessant.pdf"), sent(w.one.agent, "Notes.pdf")
	made(w.HoldFiles(bg, lea, oneUpload("unsent.pdf", "never sent")))
	other := w.submit(t, w.one.first.contact, desk.Submission{})
	if err := w.FollowTicket(bg, w.one.first.contact, other, lea.Person.ID); err != nil {
		t.Fatal(err)
	}
	super := w.sql(t)
	must := func(sql string, args ...any) {
		t.Helper()
		if _, err := super.Exec(bg, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	identity := desk.NewID()
	must(`insert into identities (id, issuer, subject, created_at) values ($1, 'https://id.example', 'ouessant', now())`, identity)
	must(`update people set identity_id = $1 where id = $2`, identity, lea.Person.ID)
	must(`insert into sessions (token, data, expires_at) values ('x', jsonb_build_object('values', jsonb_build_object('person', $1::text)), now() + interval '1 day')`, lea.Person.ID.String())
	must(`insert into mails (desk_id, id, blob, bytes, sum, via, envelope, recipients, message_id, from_name, from_email, subject, quoted, state, created_at, ticket_id, customer_id, message)
		select t.desk_id, gen_random_uuid(), (select blob from uploads limit 1), 1, 'x', 'smtp', 'lea@ouessant.example', '{}', '<1@ouessant.example>', 'Léa Ouessant', 'lea@ouessant.example', 'S', 'Q', 'taken', now(), t.id, t.customer_id, m.id
		from tickets t join messages m on m.ticket_id = t.id and m.author_id = $1 limit 1`, lea.Person.ID)
	// What another has too stays: here an agent's file of the same bytes.
	must(`update attachments set blob = (select blob from attachments where id = $1), preview = 'gone already' where id = $2`, agents, hers)
	unshared := len(w.blobs(t))

	var invalid desk.Invalid
	if err := w.ErasePerson(bg, w.one.admin, lea.Person.ID, "max@ouessant.example"); !errors.As(err, &invalid) || invalid.Problems[0].Field != "email" {
		t.Errorf("for another: %v", err)
	}
	if err := w.ErasePerson(bg, w.two.admin, lea.Person.ID, lea.Person.Email); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("by another desk: %v", err)
	}
	if err := w.ErasePerson(bg, w.one.admin, w.one.admin.Person.ID, w.one.admin.Person.Email); !errors.As(err, &invalid) {
		t.Errorf("oneself: %v", err)
	}
	_, traces, err := w.Traces(bg, w.one.admin, lea.Person.ID)
	if err != nil || traces != (desk.Traces{Files: 1, Mails: 1, Tickets: 1, Messages: 2}) {
		t.Errorf("what there is of her: %+v, %v", traces, err)
	}
	if err := w.ErasePerson(bg, w.one.admin, lea.Person.ID, " LEA@ouessant.example "); err != nil {
		t.Fatal(err)
	}
	if err := w.RenewSearch(bg, app.RenewSearch{Desk: w.one.desk.ID}); err != nil {
		t.Fatal(err)
	}
	everywhere(t, super, "ouessant")
	th := w.thread(t, w.one, n)
	if th.Requester.Name != "Personne effacée" || len(th.Said) != 3 || th.Said[1].Body != "Voici" {
		t.Errorf("her ticket: %q, %d messages", th.Requester.Name, len(th.Said))
	}
	for _, f := range th.Files {
		if want := map[desk.ID]desk.AttachmentState{hers: desk.FileRemoved, agents: desk.FileKept}[f.ID]; f.State != want || f.ID == hers && f.Name != "fichier effacé" {
			t.Errorf("%s of %s is %s", f.Name, f.PersonName, f.State)
		}
	}
	if _, body, err := w.ReadFile(bg, w.one.agent, n, agents, false); err != nil || body.Close() != nil || len(w.blobs(t)) != unshared-1 {
		t.Errorf("the agent's own: %v; %d blobs of %d", err, len(w.blobs(t)), unshared)
	}
	if err := w.ErasePerson(bg, w.one.admin, lea.Person.ID, "x"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if err := w.SavePerson(bg, w.one.admin, lea.Person.ID, desk.PersonSettings{Name: "Back", Email: "b@x.example", Role: desk.Contact, Active: true}); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("brought back: %v", err)
	}
}

// everywhere looks for a word in every text of the database.
func everywhere(t *testing.T, super *pgx.Conn, word string) {
	t.Helper()
	rows, err := super.Query(bg, `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'river') and c.relkind = 'r'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var found *string
		if err := super.QueryRow(bg, `select min(r::text) from `+table+` r where r::text ilike '%' || $1 || '%'`, word).Scan(&found); err != nil {
			t.Fatal(err)
		}
		if found != nil {
			t.Errorf("%s still says %s", table, *found)
		}
	}
}

// A desk that is removed is nowhere, and the other is whole.
func TestARemovedDeskIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{Subject: "Zibeline", Body: "B", Service: "Microsoft Teams", Impact: "slowed"})
	f := made(w.HoldFiles(bg, w.one.first.contact, oneUpload("a.txt", "bytes")))[0]
	w.reply(t, w.one.first.contact, n, app.Reply{Body: "Voici", Files: []desk.ID{f.ID}})
	w.submit(t, w.two.first.contact, desk.Submission{})
	made(w.HoldFiles(bg, w.two.first.contact, oneUpload("b.txt", "theirs")))
	whole := w.count(t, `select (select count(*) from tickets) + (select count(*) from messages) + (select count(*) from people) + (select count(*) from uploads)`)
	id, rows, err := postgres.RemoveDesk(bg, w.owner, "one")
	if err != nil || id != w.one.desk.ID || rows < 20 {
		t.Fatalf("%s, %d rows, %v", id, rows, err)
	}
	if err := w.RemoveFiles(bg, id); err != nil {
		t.Fatal(err)
	}
	super := w.sql(t)
	everywhere(t, super, w.one.desk.ID.String())
	everywhere(t, super, "zibeline")
	left := w.blobs(t)
	if len(left) != 1 || !strings.Contains(left[0], w.two.desk.ID.String()) {
		t.Errorf("blobs: %q", left)
	}
	// one ticket with a message, its three companies' people, and a file held
	if now := w.count(t, `select (select count(*) from tickets) + (select count(*) from messages) + (select count(*) from people) + (select count(*) from uploads)`); now >= whole || now != 1+1+9+1 {
		t.Errorf("the other desk has %d rows of %d", now, whole)
	}
	if _, _, err := postgres.RemoveDesk(bg, w.owner, "one"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
}
