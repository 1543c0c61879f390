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
)

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
			if m, err := tx.TriageMaterial(own.ticket); err != nil || len(m.Found) != 0 || len(m.Corrected) != 0 || m.Last.ID != desk.Nobody {
				t.Errorf("a %s reads what the desk found, %+v (%v)", who.Role, m, err)
			}
			if len(th.Corrected) != 0 {
				t.Errorf("a %s reads corrections %v", who.Role, th.Corrected)
			}
			if c, err := tx.Corrections(own.ticket.ID); err != nil || len(c) != 0 {
				t.Errorf("a %s reads corrections %v (%v)", who.Role, c, err)
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
		if len(th.Said) != 2 || len(th.Happened) != 2 || len(th.Found) != 1 || th.Decision.ID != own.ruled.ID || len(th.Followers) != 1 || len(th.Corrected) != 1 {
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
		hidden = append(hidden, i.desk.agent.ID, i.desk.admin.ID, i.desk.link, i.desk.trial.ID, i.desk.desk.ID, i.desk.help.ID)
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
		text := string(marshalled(seen))
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
	return []desk.ID{c.ID, c.manager.ID, c.contact.ID, c.other.ID, c.ticket.ID, c.said.ID, c.note.ID, c.finding.ID, c.ruled.ID, c.public.ID, c.inner.ID,
		c.account.block.ID, c.account.entry.ID, c.account.proposed.ID, c.account.issued.ID, c.account.statement.ID, c.issue.ID}
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
	for table, column := range digested {
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

func marshalled(seen any) []byte { return made(json.Marshal(seen)) }

// digested are the tables whose rows an intruder must leave as they are, with
// the column that names the customer.
var digested = map[string]string{
	"customers": "id", "people": "customer_id", "tickets": "customer_id", "followers": "customer_id", "messages": "customer_id",
	"findings": "customer_id", "decisions": "customer_id", "events": "customer_id", "corrections": "customer_id",
	"sign_in_links": "", "rulesets": "", "ruleset_drafts": "", "trials": "", "trial_changes": "",
	"subcontractors": "",
	"articles":       "", "article_days": "", "subscription_orders": "customer_id",
	"search_texts": "customer_id", "offers": "", "offer_drafts": "", "agreements": "customer_id", "kept_promises": "customer_id", "acceptances": "customer_id", "recalculations": "",
	"blocks": "customer_id", "time_entries": "customer_id", "charges": "customer_id", "statements": "customer_id", "timers": "", "draws": "", "statement_numbers": "",
	"daily_figures": "customer_id", "hourly_tickets": "customer_id", "daily_work": "customer_id", "monthly_figures": "", "monthly_customers": "customer_id",
	"monthly_tickets": "", "monthly_work": "customer_id", "rolled_up": "",
	"connections": "customer_id", "consent_asks": "customer_id", "watched_subscriptions": "customer_id", "service_states": "customer_id", "public_feeds": "",
	"health_notes": "", "issues": "", "issue_customers": "customer_id", "issue_posts": "",
}
