package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// outsourced gives a desk's first customer a ticket that is not given to the
// subcontractor, with all that hangs on one, and the subcontractor a person.
func (w *world) outsourced(t *testing.T, p partner) (noe desk.Person, hidden company) {
	t.Helper()
	noe = made(desk.NewPerson(desk.PersonSettings{Name: "Noé", Email: "noe@night.example", Role: desk.Agent, SubcontractorID: p.night.ID}))
	hidden = p.first
	hidden.key = desk.NewID()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if err := tx.AddPerson(noe); err != nil {
			return err
		}
		var err error
		hidden.ticket, hidden.said, err = desk.NewTicket(desk.Submission{Subject: "A secret of another service", Body: "b", Service: "Microsoft Teams", Key: hidden.key}, p.first.ID, p.first.contact.ID, tx.Now)
		if err != nil {
			return err
		}
		hidden.ticket.Number = 500
		hidden.note = made(desk.NewMessage(hidden.ticket, p.agent, "a secret note", true, desk.Nobody, tx.Now))
		hidden.finding = made(desk.NewFinding(hidden.ticket, p.agent.ID, "health", "confirmed", "a secret finding", tx.Now))
		hidden.ruled = desk.Decided(hidden.ticket, desk.Verdict{Outcome: "PARTNER", Category: "how_to", Rule: "r", Ruleset: 1}, tx.Now)
		hidden.corrected = made(desk.NewCorrection(hidden.ticket, p.agent.ID, "affected", "one_user", tx.Now))
		hidden.public = desk.NewEvent(hidden.ticket, p.agent.ID, desk.EventState, nil, tx.Now)
		tx.AddTicket(hidden.ticket)
		tx.AddMessage(hidden.said)
		tx.AddMessage(hidden.note)
		tx.AddFinding(hidden.finding)
		tx.AddDecision(hidden.ruled)
		tx.AddEvent(hidden.public)
		if err := tx.AddCorrection(hidden.corrected); err != nil {
			return err
		}
		_, err = tx.Follow(hidden.ticket, p.first.other.ID)
		return err
	})
	return noe, hidden
}

func (p partner) scopeOfNight() desk.Scope {
	return desk.Scope{Desk: p.desk.ID, Subcontractor: &p.night}
}

// SQL that names no desk, no customer and no service: what is given is all there
// is, in every table of a desk.
func TestSubcontractorReadsWhatIsGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.outsourced(t, w.one)
	want := map[string]int{
		"customers": 1, "people": 6, // the company's three, the desk's two, himself
		"tickets": 1, "search_texts": 1, "followers": 1, "messages": 2, "findings": 1, "decisions": 1, "corrections": 1, "events": 2,
		"rulesets": 1, "hint_models": 0, "subcontractors": 1, "sign_in_links": 0, "ruleset_drafts": 0, "trials": 0, "trial_changes": 0,
		"offers": 1, "agreements": 1, "kept_promises": 1, "acceptances": 0, "articles": 1, "article_days": 0, "subscription_orders": 1,
		// What his work costs is reckoned in his own transactions.
		"time_entries": 1, "timers": 1, "blocks": 1, "draws": 1, "charges": 2, "statements": 0, "statement_numbers": 0,
		// What is known to be wrong, as far as it touches the company.
		"issues": 1, "issue_customers": 1, "issue_posts": 1, "ticket_issues": 1, "service_states": 1, "health_notes": 2,
		"incidents": 1, "incident_tickets": 1,
		"handovers": 1, "partner_plans": 1, // who escalates must know where to
		"connectors": 0, "access_relationships": 1, "access_facts": 1, "access_readers": 1, "access_asks": 0, "access_warnings": 0, "plan_warnings": 0,
		"evidence_files": 1, "attachments": 2, "uploads": 0, "mails": 1, "mail_settings": 0, "drafts": 0, "deliveries": 1, "senders": 0, "letter_texts": 0, "notices": 1, "escalations": 1, "escalation_tickets": 1, "escalation_entries": 1, "escalation_events": 1,
	}
	for _, table := range desksTables(t, catalog(t)) {
		n, listed := want[table]
		if !listed && !slices.Contains(desksAlone, table) {
			t.Errorf("%s: say how many rows of it a subcontractor sees", table)
		}
		w.view(t, w.one.scopeOfNight(), func(tx *postgres.Tx) error {
			if got := counted(t, tx, table, "true"); got != n {
				t.Errorf("%s: a subcontractor reads %d rows, want %d", table, got, n)
			}
			return nil
		})
		w.update(t, w.one.scopeOfNight(), func(tx *postgres.Tx) error { // the other way in sets the same
			if got := counted(t, tx, table, "true"); got != n {
				t.Errorf("%s: a subcontractor sees %d rows, want %d", table, got, n)
			}
			return nil
		})
	}
}

// desksAlone are tables of which a subcontractor sees nothing.
var desksAlone = []string{"daily_escalated", "daily_escalations", "monthly_escalated", "monthly_escalations", "offer_drafts", "recalculations", "daily_figures", "hourly_tickets", "daily_work", "monthly_figures", "monthly_customers", "monthly_tickets",
	"monthly_work", "rolled_up", "announcements", "circle", "circle_counts", "connections", "consent_asks", "incident_events", "incident_files",
	"incident_issues", "public_feeds", "usual_complaints", "watched_subscriptions", "watches", "api_tokens", "api_requests", "webhooks", "webhook_deliveries", "webhook_attempts",
	"imports", "import_lines", "exports", "erasures"}

// The lists as they may be: everything, nothing, and names that would like to
// be more than names.
func TestGrantsOpenWhatTheySayAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.outsourced(t, w.one)
	night := w.one.night
	for name, c := range map[string]struct {
		change func(*desk.Subcontractor)
		want   int
	}{
		"as given":                {func(*desk.Subcontractor) {}, 1},
		"another service":         {func(s *desk.Subcontractor) { s.Services = []string{"Microsoft Teams", "Planner"} }, 1},
		"both services":           {func(s *desk.Subcontractor) { s.Services = []string{"Microsoft Teams", "Exchange Online"} }, 2},
		"every service":           {func(s *desk.Subcontractor) { s.AllServices = true }, 2},
		"every customer":          {func(s *desk.Subcontractor) { s.AllCustomers = true }, 2},
		"the whole desk":          {func(s *desk.Subcontractor) { s.AllCustomers, s.AllServices = true, true }, 3},
		"the other customer":      {func(s *desk.Subcontractor) { s.Customers = []desk.ID{w.one.second.ID} }, 1},
		"another desk's":          {func(s *desk.Subcontractor) { s.Customers = []desk.ID{w.two.first.ID} }, 0},
		"no customer":             {func(s *desk.Subcontractor) { s.Customers = nil }, 0},
		"no service":              {func(s *desk.Subcontractor) { s.Services = nil }, 0},
		"a star that is a name":   {func(s *desk.Subcontractor) { s.Services = []string{"*"} }, 0},
		"a name that ends a text": {func(s *desk.Subcontractor) { s.Services = []string{"x'; set local app.services = '*"} }, 0},
		"a name that sets more":   {func(s *desk.Subcontractor) { s.Services = []string{"x'; set local app.subcontractor_id = '"} }, 0},
		"a name of two":           {func(s *desk.Subcontractor) { s.Services = []string{"Planner,Exchange Online"} }, 0},
		"a name that is no text":  {func(s *desk.Subcontractor) { s.Services = []string{"\x00\xff'"} }, 0},
		"an empty name":           {func(s *desk.Subcontractor) { s.Services = []string{""} }, 0},
	} {
		given := night
		c.change(&given)
		s := desk.Scope{Desk: w.one.desk.ID, Subcontractor: &given}
		for _, open := range []func(*testing.T, desk.Scope, func(*postgres.Tx) error){w.view, w.update} {
			open(t, s, func(tx *postgres.Tx) error {
				if got := counted(t, tx, "tickets", "true"); got != c.want {
					t.Errorf("%s: %d tickets, want %d", name, got, c.want)
				}
				return nil
			})
		}
	}
}

// Every query of the house with ids that are not given.
func TestNoQueryReachesWhatIsNotGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noe, _ := w.outsourced(t, w.one)
	for _, theirs := range []company{w.one.second, w.two.first} {
		tryAll(t, w, w.one.scopeOfNight(), intruder{who: noe, at: w.one, theirs: theirs, desk: w.two})
	}
}

// The same customer's ticket on another service: all that hangs on it is out of
// reach, for reading and for writing.
func TestServiceThatIsNotGivenIsOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noe, hidden := w.outsourced(t, w.one)
	i := intruder{who: noe, at: w.one, theirs: hidden, desk: w.two}
	secret := []desk.ID{hidden.ticket.ID, hidden.said.ID, hidden.note.ID, hidden.finding.ID, hidden.ruled.ID, hidden.public.ID}
	super := w.superuser(t)
	before := everything(t, super, i)
	ofTickets := []string{"SaveTicket", "Ticket", "LockTicket", "TicketByKey", "Thread", "LastPublic", "PublicMessage", "Queue", "CustomerTickets", "Follow",
		"AddMessage", "AddFinding", "AddEvent", "AddTicket", "AddTickets", "Decision", "AddDecision", "ConfirmDecision", "SaveVerdict", "AddCorrection", "Corrections",
		"TriageMaterial", "AddMessages", "AddFindings", "AddEvents", "AddDecisions"}
	for _, name := range ofTickets {
		var seen any
		err := w.db.Update(t.Context(), w.one.scopeOfNight(), func(tx *postgres.Tx) (err error) {
			seen, err = attempts[name].call(tx, i)
			return err
		})
		if err != nil && !errors.Is(err, desk.ErrNotFound) || attempts[name].refused && err == nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, id := range secret {
			if err == nil && strings.Contains(string(marshalled(seen)), id.String()) {
				t.Errorf("%s reads %s", name, marshalled(seen))
			}
		}
		if after := everything(t, super, i); after != before {
			t.Fatalf("%s changed what is not given:\n%s\n%s", name, before, after)
		}
	}
}

func TestSubcontractorWritesNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noe, hidden := w.outsourced(t, w.one)
	super := w.superuser(t)
	all := func() string {
		return digest(t, super, w.one.desk.ID, desk.Nobody) + digest(t, super, w.two.desk.ID, desk.Nobody)
	}
	before := all()
	for _, sql := range []string{
		`update tickets set subject = 'x' where service <> 'Exchange Online' or customer_id <> '` + w.one.first.ID.String() + `'`,
		`update tickets set customer_id = '` + w.one.second.ID.String() + `'`, `update tickets set service = 'Microsoft Teams'`,
		`update messages set body = 'x' where ticket_id <> '` + w.one.first.ticket.ID.String() + `'`, `delete from followers where ticket_id = '` + hidden.ticket.ID.String() + `'`,
		`update messages set ticket_id = '` + hidden.ticket.ID.String() + `'`, `update events set ticket_id = '` + hidden.ticket.ID.String() + `'`,
		`update people set name = 'x' where id <> '` + noe.ID.String() + `'`, `update people set role = 'admin'`, `update people set subcontractor_id = null`,
		`update customers set name = 'x'`, `update subcontractors set all_customers = true`, `update subcontractors set active = false`, `delete from customers`,
		`insert into people (id, name, email, role, created_at, subcontractor_id) values (gen_random_uuid(), 'x', 'x@x.example', 'agent', now(), '` + w.one.night.ID.String() + `')`,
		`insert into people (id, name, email, role, created_at) values (gen_random_uuid(), 'x', 'y@x.example', 'admin', now())`,
		`insert into customers (id, name, relationship, created_at) values (gen_random_uuid(), 'x', 'direct', now())`,
		`insert into sign_in_links (id, person_id, token_hash, expires_at, created_at) values (gen_random_uuid(), '` + w.one.admin.ID.String() + `', 'x', now() + interval '1 hour', now())`,
		`insert into rulesets (version, rules, created_at) values (9, '[]', now())`, `insert into hint_models (version, examples, model, created_at) values (9, 1, 'x', now())`,
		`delete from ruleset_drafts`, `update ruleset_drafts set no_hint = true`, `update trials set state = 'stopped'`,
	} {
		_ = w.db.Update(t.Context(), w.one.scopeOfNight(), func(tx *postgres.Tx) error { return exec(tx, sql) }) // refused or harmless
		if after := all(); after != before {
			t.Fatalf("%s changed what is not his:\n%s\n%s", sql, before, after)
		}
	}
}
