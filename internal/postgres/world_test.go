package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
	"guichet/internal/testbed"
)

// A world is a database with two desks of two customers each, all alike, so
// that whatever reaches too far finds something.
type world struct {
	db    *postgres.DB
	owner string
	one   partner
	two   partner
}

type partner struct {
	desk   desk.Desk
	agent  desk.Person
	admin  desk.Person
	first  company
	second company
	link   desk.ID // of the agent, to sign in
	trial  desk.Trial
	plan   desk.PartnerPlan
	night  desk.Subcontractor // for the first customer's mail
	help   desk.Article       // a draft

	recalculation desk.Recalculation

	revision int // of the drafts of its rules and its offer, and of that version; another at each desk
}

type company struct {
	desk.Customer
	manager   desk.Person
	contact   desk.Person
	other     desk.Person // a contact who follows the contact's ticket
	ticket    desk.Ticket // the contact's
	said      desk.Message
	note      desk.Message
	finding   desk.Finding
	ruled     desk.Decision
	corrected desk.Correction
	public    desk.Event
	inner     desk.Event
	agreement desk.Agreement
	account   account
	key       desk.ID // of the form that made the ticket
	order     desk.Order
	incident  desk.IncidentRecord
	issue     desk.Issue // touches it alone

	escalation desk.Escalation
	entry      desk.EscalationEntry
}

func newWorld(t *testing.T) *world {
	t.Helper()
	owner, serving := testbed.Empty(t)
	db, err := postgres.Open(t.Context(), serving, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	w := &world{db: db, owner: owner}
	w.one, w.two = w.populate(t, "one"), w.populate(t, "two")
	return w
}

func (w *world) populate(t *testing.T, slug string) partner {
	t.Helper()
	d := made(desk.NewDesk(slug, slug, "fr", "Europe/Paris"))
	if err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 100) }); err != nil {
		t.Fatal(err)
	}
	p := partner{desk: d,
		agent: person(t, desk.Agent, desk.Nobody, "agent@"+slug+".example"),
		admin: person(t, desk.Admin, desk.Nobody, "admin@"+slug+".example"), link: desk.NewID(), revision: int(slug[0])}
	p.agent.IdentityID = w.identity(t, "agent@"+slug)
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		for _, a := range []desk.Person{p.agent, p.admin} {
			if err := tx.AddPerson(a); err != nil {
				return err
			}
		}
		if err := tx.AddRuleset(desk.RulesetVersion{Version: 1, PersonID: p.admin.ID}); err != nil {
			return err
		}
		if err := tx.AddOffer(desk.OfferVersion{Version: p.revision, PersonID: p.admin.ID, Content: desk.FirstOffer(d).Content}); err != nil {
			return err
		}
		if err := tx.AddOfferDraft(desk.OfferDraft{BasedOn: p.revision, Revision: p.revision, PersonID: p.admin.ID}); err != nil {
			return err
		}
		p.recalculation = desk.NewRecalculation(p.admin.ID, desk.BecauseOffer, desk.Nobody)
		if err := tx.AddRecalculation(p.recalculation); err != nil {
			return err
		}
		if err := tx.AddRuleDraft(desk.RuleDraft{BasedOn: 1, Revision: p.revision, PersonID: p.admin.ID}); err != nil {
			return err
		}
		p.help = made(desk.NewArticle(desk.ArticleSettings{TitleFr: "Brouillon secret de " + slug, BodyFr: "À relire."}, tx.Now))
		if err := tx.AddArticle(p.help); err != nil {
			return err
		}
		return tx.AddLink(p.link, p.agent.ID, []byte("hash "+slug), tx.Now.Add(time.Hour))
	})
	p.first, p.second = w.company(t, p, "First"), w.company(t, p, "Second")
	p.first.account, p.second.account = w.account(t, p, p.first), w.account(t, p, p.second)
	p.trial = w.trial(t, p)
	p.night = made(desk.NewSubcontractor(desk.SubcontractorSettings{Name: "Night of " + slug, Tenant: desk.NewID().String(), Zone: "Europe/Paris", Always: true,
		Customers: []desk.ID{p.first.ID}, Services: []string{"Exchange Online"}}))
	w.update(t, p.scope(), func(tx *postgres.Tx) error { return tx.AddSubcontractor(p.night) })
	w.handover(t, &p)
	w.connect(t, &p)
	w.figures(t, p)
	w.incidents(t, &p)
	p.first.issue, p.second.issue = w.health(t, p, p.first), w.health(t, p, p.second)
	w.escalate(t, p, &p.first)
	w.escalate(t, p, &p.second)
	w.filed(t, p)
	w.tokens(t, p)
	w.moved(t, p)
	w.hooks(t, p)
	w.sent(t, p)
	w.bound(t, p, p.first)
	w.bound(t, p, p.second)
	w.reach(t, p, p.first)
	w.reach(t, p, p.second)
	w.mailed(t, p, p.first)
	w.mailed(t, p, p.second)
	w.told(t, p, p.first)
	w.told(t, p, p.second)
	return p
}

func (w *world) company(t *testing.T, p partner, name string) company {
	t.Helper()
	c := made(desk.NewCustomer(desk.CustomerSettings{Name: name, Tenant: desk.NewID().String(), Relationship: desk.Direct, Domains: name + ".example"}))
	k := company{Customer: c, key: desk.NewID(),
		manager: person(t, desk.Manager, c.ID, "manager@"+name+".example"),
		contact: person(t, desk.Contact, c.ID, "contact@"+name+".example"),
		other:   person(t, desk.Contact, c.ID, "other@"+name+".example")}
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		if err := tx.AddCustomer(c); err != nil {
			return err
		}
		for _, m := range []desk.Person{k.manager, k.contact, k.other} {
			if err := tx.AddPerson(m); err != nil {
				return err
			}
		}
		k.ticket, k.said = ticket(t, k.contact, "Mail is late", k.key, tx.Now)
		facts, err := tx.NewTicketFacts(k.ticket.Service, c.ID)
		if err != nil {
			return err
		}
		k.ticket.Number = facts.Number
		k.note = made(desk.NewMessage(k.ticket, p.agent, "a secret note", true, desk.Nobody, tx.Now))
		k.finding = made(desk.NewFinding(k.ticket, p.agent.ID, "health", "confirmed", "a secret finding", tx.Now))
		k.ruled = desk.Decided(k.ticket, desk.Verdict{Outcome: rules.Partner, Category: rules.HowTo, Rule: "r", Ruleset: 1}, tx.Now)
		k.corrected = made(desk.NewCorrection(k.ticket, p.agent.ID, "affected", "one_user", tx.Now))
		k.public = desk.NewEvent(k.ticket, p.agent.ID, desk.EventState, nil, tx.Now)
		k.inner = desk.NewEvent(k.ticket, desk.Nobody, desk.EventDecided, nil, tx.Now)
		tx.AddTicket(k.ticket)
		tx.AddMessage(k.said)
		tx.AddMessage(k.note)
		tx.AddFinding(k.finding)
		tx.AddDecision(k.ruled)
		if err := tx.AddCorrection(k.corrected); err != nil {
			return err
		}
		k.agreement = desk.Agreement{ID: desk.NewID(), CustomerID: c.ID, SupportType: "standard", Starts: "2026-01-01"}
		if err := tx.AddAgreement(k.agreement); err != nil {
			return err
		}
		k.order = desk.Order{TicketID: k.ticket.ID, CustomerID: c.ID, Action: desk.AddSeats, Product: "Microsoft 365 E3", Seats: 5, Commitment: "annual", Approval: desk.ApprovalWaiting}
		tx.AddOrder(k.order)
		tx.AddEvent(k.public)
		tx.AddEvent(k.inner)
		_, err = tx.Follow(k.ticket, k.other.ID)
		return err
	})
	return k
}

func (p partner) scope() desk.Scope { return desk.Scope{Desk: p.desk.ID} }

func (p partner) scopeOf(c company) desk.Scope { return desk.Scope{Desk: p.desk.ID, Customer: c.ID} }

func (w *world) update(t *testing.T, s desk.Scope, f func(*postgres.Tx) error) {
	t.Helper()
	if err := w.db.Update(t.Context(), s, f); err != nil {
		t.Fatal(err)
	}
}

func (w *world) view(t *testing.T, s desk.Scope, f func(*postgres.Tx) error) {
	t.Helper()
	if err := w.db.View(t.Context(), s, f); err != nil {
		t.Fatal(err)
	}
}

func (w *world) identity(t *testing.T, subject string) (id desk.ID) {
	t.Helper()
	err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) (err error) {
		id, err = tx.Identity("https://id.example", "", subject)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// superuser is a connection that sees everything, to judge what really is there.
func (w *world) superuser(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.owner) // the owner is not held by its own tables' policies
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func person(t *testing.T, role desk.Role, customer desk.ID, email string) desk.Person {
	t.Helper()
	p := made(desk.NewPerson(desk.PersonSettings{Name: email, Email: email, Role: role, CustomerID: customer}))
	p.CreatedAt = time.Now()
	return p
}

func ticket(t *testing.T, from desk.Person, subject string, key desk.ID, now time.Time) (desk.Ticket, desk.Message) {
	t.Helper()
	k, m, err := desk.NewTicket(desk.Submission{Subject: subject, Body: "It does not work", Service: "Exchange Online", Key: key}, from.CustomerID, from.ID, now)
	if err != nil {
		t.Fatal(err)
	}
	return k, m
}

// bg outlives the draws of a property.
var bg = context.Background()

// made unwraps what a fixture is made of.
func made[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
