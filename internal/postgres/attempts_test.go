package postgres_test

import (
	"errors"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
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
	"Customer":     finds(func(tx *postgres.Tx, i intruder) (desk.Customer, error) { return tx.Customer(i.theirs.ID) }),
	"HoldCustomer": writes(func(tx *postgres.Tx, i intruder) error { return tx.HoldCustomer(i.theirs.ID) }),
	"AgreementsOf": reads(func(tx *postgres.Tx, i intruder) ([]desk.Agreement, error) {
		return tx.AgreementsOf([]desk.ID{i.theirs.ID}, "2026-03-02")
	}),
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
		return tx.Invited(i.theirs.contact.Email, i.theirs.ID, desk.Nobody)
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

	"Hold": writes(func(tx *postgres.Tx, i intruder) error { return tx.Hold(i.theirs.contact.ID) }),

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
	"OfferNow": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		n, err := tx.OfferNow()
		return n - i.at.revision, err // his own desk's
	}),
	"Offer":  reads(func(tx *postgres.Tx, i intruder) (desk.OfferVersion, error) { return tx.Offer(i.desk.revision) }),
	"Offers": reads(func(tx *postgres.Tx, _ intruder) ([]desk.OfferVersion, error) { return tx.Offers(100, 100) }),
	"AddOffer": {call: func(tx *postgres.Tx, i intruder) (any, error) {
		return nil, tx.AddOffer(desk.OfferVersion{Version: 7, PersonID: i.desk.agent.ID})
	}, refused: true},
	"OfferDraft": reads(func(tx *postgres.Tx, _ intruder) (desk.OfferDraft, error) { return tx.OfferDraft() }),
	"AddOfferDraft": writes(func(tx *postgres.Tx, i intruder) error {
		return gone(tx.AddOfferDraft(desk.OfferDraft{PersonID: i.desk.agent.ID}))
	}),
	"SaveOfferDraft": writes(func(tx *postgres.Tx, i intruder) error {
		return gone(tx.SaveOfferDraft(desk.OfferDraft{Revision: i.desk.revision, PersonID: i.desk.agent.ID}))
	}),
	"RemoveOfferDraft": writes(func(tx *postgres.Tx, i intruder) error { return gone(tx.RemoveOfferDraft(i.desk.revision)) }),
	"Standing": reads(func(tx *postgres.Tx, i intruder) ([]desk.Agreement, error) {
		s, err := tx.Standing(i.theirs.ID)
		return s.Agreements, err
	}),
	"AddAgreement": writes(func(tx *postgres.Tx, i intruder) error {
		return tx.AddAgreement(desk.Agreement{ID: desk.NewID(), CustomerID: i.theirs.ID, SupportType: "standard", Starts: "2026-01-01"})
	}),
	"SaveAgreement":   writes(func(tx *postgres.Tx, i intruder) error { return tx.SaveAgreement(i.theirs.agreement) }),
	"RemoveAgreement": writes(func(tx *postgres.Tx, i intruder) error { return tx.RemoveAgreement(i.theirs.ID, i.theirs.agreement.ID) }),
	"TypesInUse": reads(func(tx *postgres.Tx, i intruder) (int, error) {
		list, err := tx.TypesInUse("2026-03-02")
		n := 0
		for _, u := range list {
			n += u.Customers
		}
		if tx.Scope.Customer == desk.Nobody {
			n -= 2 // his own desk's
		} else {
			n-- // his own
		}
		return n, err
	}),
	"AllAgreements": reads(func(tx *postgres.Tx, i intruder) ([]desk.Agreement, error) { return tx.AllAgreements(i.theirs.ID) }),
	"Ringing":       reads(func(tx *postgres.Tx, _ intruder) ([]desk.Ticket, error) { return tx.Ringing(100) }),
	"SaveWarned": touches0(func(tx *postgres.Tx, i intruder) {
		k := i.theirs.ticket
		k.WarnAt = &tx.Now
		tx.SaveWarned(k)
	}),
	"OpenTickets": reads(func(tx *postgres.Tx, i intruder) ([]desk.Ticket, error) {
		return tx.OpenTickets(desk.Nobody, i.theirs.ID, 100)
	}),
	"CountOpen": reads(func(tx *postgres.Tx, i intruder) (int, error) { return tx.CountOpen(i.theirs.ID, 100) }),
	"SaveReckoned": touches0(func(tx *postgres.Tx, i intruder) {
		k := i.theirs.ticket
		k.SupportType = "taken over"
		tx.SaveReckoned([]desk.Ticket{k})
	}),
	"AddRecalculation": writes(func(tx *postgres.Tx, i intruder) error {
		return tx.AddRecalculation(desk.NewRecalculation(i.desk.admin.ID, desk.BecauseOffer, desk.Nobody))
	}),
	"Recalculation": reads(func(tx *postgres.Tx, i intruder) (desk.Recalculation, error) {
		return tx.Recalculation(i.desk.recalculation.ID)
	}),
	"Recalculations": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Recalculation, error) { return tx.Recalculations(100) }),
	"SaveRecalculation": touches0(func(tx *postgres.Tx, i intruder) {
		r := i.desk.recalculation
		r.State = desk.RecalculationFailed
		tx.SaveRecalculation(r)
	}),
	"AddAcceptance": puts(func(tx *postgres.Tx, i intruder) {
		tx.AddAcceptance(desk.Acceptance{TicketID: i.theirs.ticket.ID, CustomerID: i.theirs.ID, PersonID: i.theirs.contact.ID})
	}),
	"AddKept": puts(func(tx *postgres.Tx, i intruder) {
		at := tx.Now
		tx.AddKept([]desk.KeptPromise{{TicketID: i.theirs.ticket.ID, CustomerID: i.theirs.ID,
			Promise: desk.Promise{Clock: desk.FirstReply, Ending: desk.Met, Began: at, Ended: &at}}})
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
	"Follow": writes(func(tx *postgres.Tx, i intruder) error {
		_, err := tx.Follow(i.theirs.ticket, i.theirs.manager.ID)
		return err
	}),

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
	"SaveVerdict": touches0(func(tx *postgres.Tx, i intruder) {
		d := i.theirs.ruled
		d.Verdict = desk.Verdict{Rule: "another"}
		tx.SaveVerdict(d)
	}),
	"AddCorrection": writes(func(tx *postgres.Tx, i intruder) error {
		c := i.theirs.corrected
		c.ID = desk.NewID()
		return tx.AddCorrection(c)
	}),
	"Corrections": reads(func(tx *postgres.Tx, i intruder) ([]desk.Corrected, error) { return tx.Corrections(i.theirs.ticket.ID) }),
	"TriageMaterial": reads(func(tx *postgres.Tx, i intruder) (postgres.Material, error) {
		m, err := tx.TriageMaterial(i.theirs.ticket)
		m.TriageFacts = postgres.TriageFacts{} // how many other customers, not who
		return m, err
	}),
	"Ruleset": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
		r, err := tx.Ruleset()
		return len(r.Rules), err
	}),
	"RulesetAt": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
		r, err := tx.RulesetAt(1)
		return len(r.Rules), err
	}),
	"PublishedRules": reads(func(tx *postgres.Tx, _ intruder) (desk.RulesetVersion, error) { return tx.PublishedRules() }),
	"RulesetVersion": reads(func(tx *postgres.Tx, _ intruder) (desk.RulesetVersion, error) { return tx.RulesetVersion(1) }),
	"RulesetVersions": reads(func(tx *postgres.Tx, _ intruder) ([]desk.RulesetVersion, error) {
		return tx.RulesetVersions(10, 10)
	}),
	"AddRuleset": writes(func(tx *postgres.Tx, i intruder) error {
		return tx.AddRuleset(desk.RulesetVersion{Version: 7, PersonID: i.desk.admin.ID})
	}),
	"RuleDraft": reads(func(tx *postgres.Tx, _ intruder) (desk.RuleDraft, error) { return tx.RuleDraft() }),
	"AddRuleDraft": {call: func(tx *postgres.Tx, i intruder) (any, error) {
		err := tx.AddRuleDraft(desk.RuleDraft{BasedOn: 1, Revision: 1, PersonID: i.desk.admin.ID})
		if errors.Is(err, desk.ErrConflict) { // the scope's own is there
			err = desk.ErrNotFound
		}
		return nil, err
	}, refused: true},
	"SaveRuleDraft": {call: func(tx *postgres.Tx, i intruder) (any, error) {
		err := tx.SaveRuleDraft(desk.RuleDraft{BasedOn: 1, Revision: i.desk.revision, PersonID: i.desk.admin.ID})
		return nil, gone(err)
	}, refused: true},
	"RemoveRuleDraft": {call: func(tx *postgres.Tx, i intruder) (any, error) {
		return nil, gone(tx.RemoveRuleDraft(i.desk.revision))
	}, refused: true},

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

// gone is a draft that has moved on, which another's looks like.
func gone(err error) error {
	if errors.Is(err, desk.ErrConflict) {
		return desk.ErrNotFound
	}
	return err
}

func within2(tx *postgres.Tx) int {
	if tx.Scope.Customer == desk.Nobody && tx.Scope.Subcontractor == nil {
		return 2
	}
	return 1
}

func renamed(m desk.Message) desk.Message {
	m.ID, m.Key = desk.NewID(), desk.Nobody
	return m
}
