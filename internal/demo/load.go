package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"guichet/internal/app"
	"guichet/internal/demo/corpus"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// outsider belongs to a tenant that no desk knows.
const outsider = "eve@outsider.example"

// demoDesks are the three partners of the demo.
var demoDesks = []struct {
	slug, name, zone, email, phone, website, address, accent string
	first                                                    int64 // number of the first ticket
}{
	{"alpine", "Alpine Cloud", "Europe/Paris", "support@alpine.example", "+33 4 65 71 20 40", "https://alpine.example", "14 rue de la Bourse, 69002 Lyon", "", 10427},
	{"brume", "Brume Informatique", "Europe/Paris", "aide@brume.example", "+33 2 98 00 12 34", "https://brume.example", "3 quai de la Douane, 29200 Brest", "#2f6f73", 1201},
	{"meridian", "Meridian Distribution", "Europe/Brussels", "support@meridian.example", "+32 2 555 01 10", "https://meridian.example", "Avenue Louise 120, 1050 Bruxelles", "#7a4fa3", 50310},
}

// named makes the same GUID for the same thing in every run.
func named(kind, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceDNS, []byte(kind+":"+name+".guichet.example")).String()
}

// tenantOf is a customer's Microsoft tenant, or a partner's own.
func tenantOf(slug, customer string) string {
	// A partner is one company wherever he stands: as a desk, or as a customer
	// of his provider.
	for _, d := range demoDesks {
		if customer == "" && d.slug == slug || customer == d.slug {
			return named("tenant", d.slug)
		}
	}
	return named("tenant", slug+"/"+customer)
}

// whoCanSignIn lists the people of the identity provider: the corpus's and one
// whom nobody knows.
func whoCanSignIn() ([]Person, error) {
	c, err := corpus.Load()
	if err != nil {
		return nil, err
	}
	people := []Person{{Email: outsider, Name: "Eve Outsider", Tenant: named("tenant", "outsider"), Object: named("person", outsider), Group: "Outsider"}}
	for _, p := range c.People {
		group := p.Desk
		for _, k := range c.Customers {
			if k.Desk == p.Desk && k.Key == p.Customer {
				group = k.Name
			}
		}
		for _, d := range demoDesks {
			if p.Customer == "" && d.slug == p.Desk {
				group = d.name
			}
		}
		tenant := tenantOf(p.Desk, p.Customer)
		if p.Subcontractor != "" {
			group, tenant = lender(p.Subcontractor)
		}
		people = append(people, Person{Email: p.Email, Name: p.Name, Tenant: tenant, Object: named("person", p.Email), Group: group})
	}
	slices.SortStableFunc(people[1:], func(a, b Person) int { return strings.Compare(a.Group, b.Group) })
	return append(people[1:], people[0]), nil
}

// loader writes the demo's history through the very verbs that people use, by
// a clock of its own.
type loader struct {
	app    *app.App
	db     *postgres.DB
	now    time.Time // when the loading began: ages count back from here
	clock  time.Time
	desks  map[string]desk.Desk
	people map[string]desk.Actor // by e-mail
	ids    map[string]desk.ID    // customers by desk/key
}

// Load fills an empty database with the demo desks. One that has them is left
// as it is. tell hears of progress.
func Load(ctx context.Context, db *postgres.DB, sealer app.Sealer, tell func(done, all int)) error {
	l := &loader{db: db, now: time.Now(), desks: map[string]desk.Desk{}, people: map[string]desk.Actor{}, ids: map[string]desk.ID{}}
	var err error
	l.app, err = app.New(app.Parts{DB: db, Secrets: sealer, Silent: true, Now: func() time.Time { return l.clock }})
	if err != nil {
		return err
	}
	l.clock = l.now.AddDate(0, -3, 0)
	if _, err := l.app.Desk(ctx, demoDesks[0].slug); err == nil || !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	c, err := corpus.Load()
	if err != nil {
		return err
	}
	if err := l.openDesks(ctx, c); err != nil {
		return fmt.Errorf("demo desks: %w", err)
	}
	if err := l.sell(ctx); err != nil {
		return fmt.Errorf("demo blocks: %w", err)
	}
	if err := l.handovers(ctx); err != nil {
		return fmt.Errorf("demo handovers: %w", err)
	}
	for i, t := range c.Tickets {
		if err := l.ticket(ctx, t); err != nil {
			return fmt.Errorf("demo ticket %q: %w", t.Subject, err)
		}
		tell(i+1, len(c.Tickets))
	}
	if err := l.handoffs(ctx); err != nil {
		return fmt.Errorf("demo hand-offs: %w", err)
	}
	if err := l.orders(ctx); err != nil {
		return fmt.Errorf("demo orders: %w", err)
	}
	if err := l.articles(ctx); err != nil {
		return fmt.Errorf("demo articles: %w", err)
	}
	if err := l.incidents(ctx); err != nil {
		return fmt.Errorf("demo incidents: %w", err)
	}
	if err := l.escalations(ctx); err != nil {
		return fmt.Errorf("demo escalations: %w", err)
	}
	if err := l.charges(ctx); err != nil {
		return fmt.Errorf("demo charges: %w", err)
	}
	if err := l.settleClock(ctx); err != nil {
		return err
	}
	return l.rollUp(ctx)
}

func (l *loader) openDesks(ctx context.Context, c corpus.Corpus) error {
	for _, s := range demoDesks {
		d, err := desk.NewDesk(s.slug, s.name, "fr", s.zone)
		if err != nil {
			return err
		}
		d, err = d.With(desk.DeskSettings{Name: s.name, Language: "fr", Zone: s.zone, Accent: s.accent, Email: s.email, Phone: s.phone,
			Website: s.website, Address: s.address, EmailSignIn: true, ApproveOrders: s.slug == demoDesks[0].slug})
		if err != nil {
			return err
		}
		if d, err = d.OfTenant(tenantOf(s.slug, "")); err != nil {
			return err
		}
		if err := l.db.Global(ctx, func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, s.first) }); err != nil {
			return err
		}
		l.desks[s.slug] = d
		err = l.db.At(func() time.Time { return l.clock }).Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
			return l.populate(tx, d, c)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) populate(tx *postgres.Tx, d desk.Desk, c corpus.Corpus) error {
	if err := tx.AddRuleset(desk.ShippedVersion()); err != nil {
		return err
	}
	for _, k := range c.Customers {
		if k.Desk != d.Slug {
			continue
		}
		customer, err := desk.NewCustomer(desk.CustomerSettings{Name: k.Name, Tenant: tenantOf(k.Desk, k.Key), Domains: k.Domain,
			InitialDomain: strings.ReplaceAll(k.Key, "-", "") + ".onmicrosoft.com", Relationship: desk.Relationship(k.Relationship),
			Priority: k.Priority, OpenDoor: true, Region: "europe"})
		if err != nil {
			return fmt.Errorf("%s: %w", k.Name, err)
		}
		if err := tx.AddCustomer(customer); err != nil {
			return err
		}
		l.ids[k.Desk+"/"+k.Key] = customer.ID
	}
	lent, err := l.subcontractors(tx, d)
	if err != nil {
		return err
	}
	for _, p := range c.People {
		if p.Desk != d.Slug {
			continue
		}
		s := desk.PersonSettings{Name: p.Name, Email: p.Email, Role: desk.Role(p.Role), Language: p.Language, SubcontractorID: lent[p.Subcontractor].ID}
		if p.Customer != "" {
			s.CustomerID = l.ids[p.Desk+"/"+p.Customer]
		}
		person, err := desk.NewPerson(s)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Email, err)
		}
		if err := tx.AddPerson(person); err != nil {
			return err
		}
		who := desk.Actor{Desk: d, Person: person}
		if c, ok := lent[p.Subcontractor]; ok {
			who.Subcontractor = &c
		}
		l.people[p.Email] = who
	}
	return l.offer(tx, d)
}
