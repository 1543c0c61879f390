package postgres_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// An intruder stands in his own scope with the ids of somebody else's rows.
type intruder struct {
	who    desk.Person
	at     partner
	theirs company
	desk   partner // theirs
}

// attempt calls one query with another's ids. What it returns is searched for
// another's rows; numbers must be zero.
type attempt struct {
	call    func(*postgres.Tx, intruder) (any, error)
	refused bool // must fail with ErrNotFound
}

func reads[T any](f func(*postgres.Tx, intruder) (T, error)) attempt {
	return attempt{call: func(tx *postgres.Tx, i intruder) (any, error) { return f(tx, i) }}
}

func finds[T any](f func(*postgres.Tx, intruder) (T, error)) attempt {
	a := reads(f)
	a.refused = true
	return a
}

func writes(f func(*postgres.Tx, intruder) error) attempt {
	return attempt{call: func(tx *postgres.Tx, i intruder) (any, error) { return nil, f(tx, i) }, refused: true}
}

func puts(f func(*postgres.Tx, intruder)) attempt {
	return writes(func(tx *postgres.Tx, i intruder) error { f(tx, i); return nil })
}

func touches0(f func(*postgres.Tx, intruder)) attempt {
	a := puts(f)
	a.refused = false // an update that finds no row says nothing
	return a
}

// attempts has one for every query of a scoped transaction.
var attempts = map[string]attempt{
	"Customer":         finds(func(tx *postgres.Tx, i intruder) (desk.Customer, error) { return tx.Customer(i.theirs.ID) }),
	"CustomerByTenant": finds(func(tx *postgres.Tx, i intruder) (desk.Customer, error) { return tx.CustomerByTenant(i.theirs.Tenant) }),
	"Customers":        reads(func(tx *postgres.Tx, _ intruder) ([]desk.Customer, error) { return tx.Customers("", "") }),
	"CountCustomers": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		n, err := tx.CountCustomers()
		return n - within2(tx), err
	}),
	"SaveCustomer": writes(func(tx *postgres.Tx, i intruder) error {
		c := i.theirs.Customer
		c.Name = "Taken over"
		return tx.SaveCustomer(c)
	}),

	"Person": finds(func(tx *postgres.Tx, i intruder) (desk.Person, error) { return tx.Person(i.theirs.contact.ID) }),
	"PersonByIdentity": reads(func(tx *postgres.Tx, i intruder) (desk.Person, error) {
		return tx.PersonByIdentity(i.desk.agent.IdentityID)
	}),
	"Invited": finds(func(tx *postgres.Tx, i intruder) (desk.Person, error) {
		return tx.Invited(i.theirs.contact.Email, i.theirs.ID)
	}),
	"PeopleByEmail": reads(func(tx *postgres.Tx, i intruder) ([]desk.Person, error) {
		return tx.PeopleByEmail(i.theirs.contact.Email)
	}),
	"People":     reads(func(tx *postgres.Tx, i intruder) ([]desk.Person, error) { return tx.People(i.theirs.ID) }),
	"Agents":     reads(func(tx *postgres.Tx, _ intruder) ([]desk.Person, error) { return tx.Agents() }),
	"Colleagues": reads(func(tx *postgres.Tx, i intruder) ([]desk.Person, error) { return tx.Colleagues(i.theirs.ID) }),
	"OtherAdmins": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		n, err := tx.OtherAdmins(i.at.admin.ID) // the other desk's is no other
		return n, err
	}),
	"AddPerson": writes(func(tx *postgres.Tx, i intruder) error {
		p := i.theirs.contact
		p.ID, p.Email, p.IdentityID = desk.NewID(), "new@example.org", desk.Nobody
		return tx.AddPerson(p)
	}),
	"SavePerson": writes(func(tx *postgres.Tx, i intruder) error {
		p := i.theirs.contact
		p.Role = desk.Manager
		return tx.SavePerson(p)
	}),
	"Bind": {call: func(tx *postgres.Tx, i intruder) (any, error) {
		err := tx.Bind(i.theirs.contact.ID, i.desk.agent.IdentityID)
		if errors.Is(err, desk.ErrConflict) {
			err = nil
		}
		return nil, err
	}},

	"AddLink": writes(func(tx *postgres.Tx, i intruder) error {
		return tx.AddLink(desk.NewID(), i.desk.agent.ID, []byte("another hash"), tx.Now.Add(time.Hour))
	}),
	"RecentLinks": reads(func(tx *postgres.Tx, i intruder) (int, error) { return tx.RecentLinks(i.desk.agent.ID, time.Time{}) }),
	"UseLink": finds(func(tx *postgres.Tx, i intruder) (desk.ID, error) {
		return tx.UseLink([]byte("hash " + i.desk.desk.Slug))
	}),
	"LinkIsOpen": writes(func(tx *postgres.Tx, i intruder) error { return tx.LinkIsOpen(i.desk.link) }),

	"NewTicketFacts": reads(func(tx *postgres.Tx, i intruder) (int, error) { // how many other customers, not who
		f, err := tx.NewTicketFacts(i.theirs.ticket.Service, i.at.first.ID)
		return f.Similar - 1, err
	}),
	"TriageFacts": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		f, err := tx.TriageFacts(i.theirs.ticket)
		return f.Similar - min(f.Similar, 2), err
	}),
	"TakeNumbers": reads(func(tx *postgres.Tx, _ intruder) ([]desk.ID, error) {
		_, err := tx.TakeNumbers(3)
		return nil, err
	}),
	"AddTicket": puts(func(tx *postgres.Tx, i intruder) {
		k := i.theirs.ticket
		k.ID, k.Number = desk.NewID(), 900
		tx.AddTicket(k)
	}),
	"SaveTicket": touches0(func(tx *postgres.Tx, i intruder) {
		k := i.theirs.ticket
		k.State, k.AssigneeID = desk.Closed, desk.Nobody
		tx.SaveTicket(k)
	}),
	"Ticket": reads(func(tx *postgres.Tx, i intruder) (desk.Ticket, error) {
		return tx.Ticket(i.theirs.ticket.Number, i.who)
	}),
	"LockTicket": reads(func(tx *postgres.Tx, i intruder) (desk.Ticket, error) {
		return tx.LockTicket(i.theirs.ticket.Number, i.who)
	}),
	"TicketByKey": finds(func(tx *postgres.Tx, i intruder) (int64, error) {
		return tx.TicketByKey(i.theirs.contact.ID, i.theirs.key)
	}),
	"Thread": reads(func(tx *postgres.Tx, i intruder) (desk.Thread, error) {
		return tx.Thread(i.theirs.ticket.Number, i.who)
	}),
	"Findings": reads(func(tx *postgres.Tx, i intruder) ([]desk.Finding, error) { return tx.Findings(i.theirs.ticket.ID) }),
	"CustomerWords": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		words, err := tx.CustomerWords(i.theirs.ticket.ID)
		return len(words), err
	}),
	"LastPublic":    finds(func(tx *postgres.Tx, i intruder) (desk.ID, error) { return tx.LastPublic(i.theirs.ticket.ID) }),
	"PublicMessage": finds(func(tx *postgres.Tx, i intruder) (desk.Said, error) { return tx.PublicMessage(i.theirs.said.ID) }),
	"Audience":      reads(func(tx *postgres.Tx, i intruder) ([]desk.Person, error) { return tx.Audience(i.theirs.ticket) }),
	"Queue": reads(func(tx *postgres.Tx, i intruder) ([]desk.Row, error) {
		rows, _, err := tx.Queue(desk.QueueFilter{View: desk.ViewAll}, i.who)
		more, _, err2 := tx.Queue(desk.QueueFilter{View: desk.ViewAll, Customer: i.theirs.ID}, i.who)
		return append(rows, more...), errors.Join(err, err2)
	}),
	"Count": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		n, err := tx.Count(desk.ViewAll, i.who)
		return n - within2(tx), err
	}),
	"CustomerTickets": reads(func(tx *postgres.Tx, i intruder) ([]desk.Row, error) {
		rows, _, err := tx.CustomerTickets(desk.TicketFilter{Which: "all"}, i.theirs.manager)
		return rows, err
	}),
	"Follow": puts(func(tx *postgres.Tx, i intruder) { tx.Follow(i.theirs.ticket, i.theirs.manager.ID) }),

	"AddMessage": puts(func(tx *postgres.Tx, i intruder) { tx.AddMessage(renamed(i.theirs.said)) }),
	"AddFinding": puts(func(tx *postgres.Tx, i intruder) {
		f := i.theirs.finding
		f.ID = desk.NewID()
		tx.AddFinding(f)
	}),
	"AddEvent": puts(func(tx *postgres.Tx, i intruder) {
		e := i.theirs.public
		e.ID = desk.NewID()
		tx.AddEvent(e)
	}),
	"Decision": finds(func(tx *postgres.Tx, i intruder) (desk.Decision, error) { return tx.Decision(i.theirs.ticket.ID) }),
	"AddDecision": puts(func(tx *postgres.Tx, i intruder) {
		d := i.theirs.ruled
		d.ID = desk.NewID()
		tx.AddDecision(d)
	}),
	"ConfirmDecision": touches0(func(tx *postgres.Tx, i intruder) {
		d := i.theirs.ruled
		d.ConfirmedBy, d.ConfirmedAt = i.who.ID, &tx.Now
		tx.ConfirmDecision(d)
	}),
	"Ruleset": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
		r, err := tx.Ruleset()
		return len(r.Rules), err
	}),
	"AddRuleset": puts(func(tx *postgres.Tx, i intruder) {
		tx.AddRuleset(rules.Ruleset{Version: 7, Rules: []rules.Rule{}}, i.desk.admin.ID)
	}),

	"AddPeople": puts(func(tx *postgres.Tx, i intruder) {
		p := i.theirs.contact
		p.ID, p.Email, p.IdentityID = desk.NewID(), "new@example.org", desk.Nobody
		tx.AddPeople([]desk.Person{p})
	}),
	"AddTickets": puts(func(tx *postgres.Tx, i intruder) {
		k := i.theirs.ticket
		k.ID, k.Number = desk.NewID(), 900
		tx.AddTickets([]desk.Ticket{k})
	}),
	"AddMessages": puts(func(tx *postgres.Tx, i intruder) { tx.AddMessages([]desk.Message{renamed(i.theirs.said)}) }),
	"AddFindings": puts(func(tx *postgres.Tx, i intruder) {
		f := i.theirs.finding
		f.ID = desk.NewID()
		tx.AddFindings([]desk.Finding{f})
	}),
	"AddEvents": writes(func(tx *postgres.Tx, i intruder) error {
		e := i.theirs.public
		e.ID = desk.NewID()
		return tx.AddEvents([]desk.Event{e})
	}),
	"AddDecisions": writes(func(tx *postgres.Tx, i intruder) error {
		d := i.theirs.ruled
		d.ID = desk.NewID()
		return tx.AddDecisions([]desk.Decision{d})
	}),
}

// harmless queries carry no id of anybody's: what they add is the scope's own.
var harmless = map[string]string{
	"AddCustomer":  "a new customer is the scope's own",
	"AddCustomers": "new customers are the scope's own",
	"Enqueue":      "a job names its desk itself, and its verb opens that scope",
	"Raw":          "of these tests alone",
}

func within2(tx *postgres.Tx) int {
	if tx.Scope.Customer == desk.Nobody {
		return 2
	}
	return 1
}

func renamed(m desk.Message) desk.Message {
	m.ID, m.Key = desk.NewID(), desk.Nobody
	return m
}

func TestEveryQueryHasAnIntruder(t *testing.T) {
	t.Parallel()
	tx := reflect.TypeFor[*postgres.Tx]()
	for i := range tx.NumMethod() {
		name := tx.Method(i).Name
		if _, tried := attempts[name]; !tried && harmless[name] == "" {
			t.Errorf("%s is not tried with another desk's ids: add it to attempts", name)
		}
	}
}

func TestNoQueryReachesAnotherDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, theirs := range []company{w.two.first, w.two.second} {
		tryAll(t, w, w.one.scope(), intruder{who: w.one.agent, at: w.one, theirs: theirs, desk: w.two})
	}
}

func TestNoQueryReachesAnotherCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, who := range []desk.Person{w.one.first.contact, w.one.first.manager} {
		tryAll(t, w, w.one.scopeOf(w.one.first), intruder{who: who, at: w.one, theirs: w.one.second, desk: w.two})
	}
}

// The desk's own findings, decisions and links are as far from a customer as
// another customer's.
func TestNoQueryReachesAcrossTheCounter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	for _, who := range []desk.Person{own.contact, own.manager} {
		w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
			th, err := tx.Thread(own.ticket.Number, who)
			if err != nil || len(th.Said) != 1 || len(th.Happened) != 1 || len(th.Found) != 0 || th.Decision.ID != desk.Nobody {
				t.Errorf("a %s reads %+v (%v)", who.Role, th, err)
			}
			if f, err := tx.Findings(own.ticket.ID); err != nil || len(f) != 0 {
				t.Errorf("a %s reads findings %v (%v)", who.Role, f, err)
			}
			if n, err := tx.RecentLinks(w.one.agent.ID, time.Time{}); err != nil || n != 0 {
				t.Errorf("a %s counts %d links of an agent (%v)", who.Role, n, err)
			}
			if _, err := tx.Decision(own.ticket.ID); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("a %s reads the decision (%v)", who.Role, err)
			}
			return nil
		})
	}
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		th, err := tx.Thread(own.ticket.Number, w.one.agent)
		if len(th.Said) != 2 || len(th.Happened) != 2 || len(th.Found) != 1 || th.Decision.ID != own.ruled.ID || len(th.Followers) != 1 {
			t.Errorf("an agent misses part of %+v", th)
		}
		return err
	})
}

// A contact sees his own tickets and those he follows; the manager sees all.
func TestContactsSeeTheirOwnTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	stranger := person(t, desk.Contact, own.ID, "stranger@first.example")
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.AddPerson(stranger) })
	for _, c := range []struct {
		who  desk.Person
		sees bool
	}{{own.contact, true}, {own.other, true}, {own.manager, true}, {stranger, false}} {
		w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
			_, err := tx.Ticket(own.ticket.Number, c.who)
			if c.sees != (err == nil) || !c.sees && !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s: %v", c.who.Email, err)
			}
			rows, _, err := tx.CustomerTickets(desk.TicketFilter{}, c.who)
			if err != nil || c.sees != (len(rows) == 1) {
				t.Errorf("%s lists %d tickets (%v)", c.who.Email, len(rows), err)
			}
			return nil
		})
	}
}

func tryAll(t *testing.T, w *world, s desk.Scope, i intruder) {
	t.Helper()
	super := w.superuser(t)
	hidden := idsOf(i.theirs)
	if s.Customer == desk.Nobody {
		hidden = append(hidden, i.desk.agent.ID, i.desk.admin.ID, i.desk.link, i.desk.desk.ID)
	}
	before := everything(t, super, i)
	for name, a := range attempts {
		var seen any
		err := w.db.Update(t.Context(), s, func(tx *postgres.Tx) (err error) {
			seen, err = a.call(tx, i)
			return err
		})
		var invalid desk.Invalid
		if err != nil && !errors.Is(err, desk.ErrNotFound) && !errors.As(err, &invalid) {
			t.Errorf("%s as %s: %v", name, i.who.Role, err)
		}
		if a.refused && !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s as %s with another's ids: %v, want not found", name, i.who.Role, err)
		}
		if n, ok := seen.(int); ok && n != 0 && err == nil {
			t.Errorf("%s as %s counts %d of another's", name, i.who.Role, n)
		}
		text := string(made(json.Marshal(seen)))
		for _, id := range hidden {
			if err == nil && strings.Contains(text, id.String()) {
				t.Errorf("%s as %s reads %s", name, i.who.Role, text)
			}
		}
		if after := everything(t, super, i); after != before {
			t.Fatalf("%s as %s changed another's rows:\n%s\n%s", name, i.who.Role, before, after)
		}
	}
}

func idsOf(c company) []desk.ID {
	return []desk.ID{c.ID, c.manager.ID, c.contact.ID, c.other.ID, c.ticket.ID, c.said.ID, c.note.ID, c.finding.ID, c.ruled.ID, c.public.ID, c.inner.ID}
}

// everything is a digest of all rows that are the other's.
func everything(t *testing.T, super *pgx.Conn, i intruder) string {
	t.Helper()
	if i.at.desk.ID == i.theirs.deskOf(i) {
		return digest(t, super, i.at.desk.ID, i.theirs.ID)
	}
	return digest(t, super, i.desk.desk.ID, desk.Nobody)
}

func (c company) deskOf(i intruder) desk.ID {
	if slices.Contains([]desk.ID{i.at.first.ID, i.at.second.ID}, c.ID) {
		return i.at.desk.ID
	}
	return i.desk.desk.ID
}

func digest(t *testing.T, super *pgx.Conn, deskID, customer desk.ID) string {
	t.Helper()
	var parts []string
	for table, column := range map[string]string{"customers": "id", "people": "customer_id", "tickets": "customer_id", "followers": "customer_id",
		"messages": "customer_id", "findings": "customer_id", "decisions": "customer_id", "events": "customer_id", "sign_in_links": "", "rulesets": ""} {
		sql, args := `select count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+table+` r where r.desk_id = $1`, []any{deskID}
		if customer != desk.Nobody && column != "" {
			sql, args = sql+` and r.`+column+` = $2`, append(args, customer)
		}
		var d string
		if err := super.QueryRow(t.Context(), sql, args...).Scan(&d); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, table+": "+d)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}
