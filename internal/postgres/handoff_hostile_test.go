package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// A crossing is a reseller's desk (two) and its provider's (one), linked, with one
// hand-off that the provider has taken, a word each way, and a third desk.
type crossing struct {
	*world
	three   partner
	link    desk.ProviderLink
	handoff desk.Handoff
	super   *pgx.Conn
}

func newCrossing(t *testing.T) *crossing {
	t.Helper()
	c := &crossing{world: newWorld(t)}
	c.three, c.super = c.populate(t, "three"), c.superuser(t)
	reseller, provider := desk.Actor{Desk: c.two.desk, Person: c.two.admin}, desk.Actor{Desk: c.one.desk, Person: c.one.admin}
	c.update(t, c.two.scope(), func(tx *postgres.Tx) (err error) {
		if c.link, err = desk.AskForLink(reseller, desk.ResellerSide, c.one.desk.ID, desk.Speaking{}, tx.Now); err != nil {
			return err
		}
		return tx.AddProviderLink(c.link)
	})
	c.update(t, c.one.scope(), func(tx *postgres.Tx) (err error) {
		if c.link, err = tx.LockProviderLink(c.link.ID); err != nil {
			return err
		}
		if err := c.link.Accept(provider, desk.Speaking{Customer: c.one.first.ID, Speaker: c.one.first.contact.ID}, tx.Now); err != nil {
			return err
		}
		return tx.SaveProviderLink(c.link)
	})
	c.handoff = c.handed(t, c.two.first)
	c.update(t, c.one.scope(), func(tx *postgres.Tx) error {
		if err := tx.TakeHandoff(c.handoff.ID, c.one.first.ticket.ID, c.one.first.ticket.Number); err != nil {
			return err
		}
		_, err := tx.AddHandoffItem(c.handoff, desk.HandoffItem{Kind: desk.HandoffMessage, Key: "theirs", Data: map[string]string{"body": "the provider's word"}, CreatedAt: tx.Now})
		return err
	})
	return c
}

// handed hands a new escalation of a customer of the reseller over.
func (c *crossing) handed(t *testing.T, of company) desk.Handoff {
	t.Helper()
	var h desk.Handoff
	c.update(t, c.two.scope(), func(tx *postgres.Tx) error {
		e := made(desk.NewEscalation(of.ticket, "exchange", desk.RouteTaken{Way: route.Route{Target: route.Provider}}, "", false, c.two.agent.ID, tx.Now))
		waits, err := tx.TicketEscalations(of.ticket.ID)
		if err != nil {
			return err
		}
		for _, x := range waits { // a ticket waits on one request at a time
			if _, err := tx.LeaveEscalation(x.ID, of.ticket.ID); err != nil {
				return err
			}
		}
		if _, err := tx.AddEscalation(e); err != nil {
			return err
		}
		h = desk.Handoff{ID: desk.NewID(), LinkID: c.link.ID, ResellerID: c.two.desk.ID, ProviderID: c.one.desk.ID, EscalationID: e.ID, CreatedAt: tx.Now,
			Dossier: dossier.Dossier{Form: "provider", Fields: []dossier.Field{{Key: "title", Value: "Mail is late"}}}}
		if err := tx.AddHandoff(h); err != nil {
			return err
		}
		_, err = tx.AddHandoffItem(h, desk.HandoffItem{Kind: desk.HandoffOpened, Key: "opened", Data: map[string]string{}, CreatedAt: tx.Now})
		return err
	})
	return h
}

// crossed is a digest of all that crosses desks.
func (c *crossing) crossed(t *testing.T) string {
	t.Helper()
	text := ""
	for _, table := range []string{"provider_links", "handoffs", "handoff_items"} {
		var rows string
		if err := c.super.QueryRow(t.Context(), `select coalesce(string_agg(r::text, '|' order by r::text), '') from `+table+` r`).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		text += table + ": " + rows + "\n"
	}
	return text
}

// Of three desks the two that are linked read what crosses, and nobody else: no
// third desk, no customer's person, no subcontractor's beyond the ticket in his sight.
func TestOnlyTheTwoDesksReadWhatCrosses(t *testing.T) {
	t.Parallel()
	c := newCrossing(t)
	for name, r := range map[string]struct {
		scope                  desk.Scope
		links, handoffs, items int
	}{
		"the provider": {c.one.scope(), 1, 1, 2}, "the reseller": {c.two.scope(), 1, 1, 2}, "a third desk": {c.three.scope(), 0, 0, 0},
		"the reseller as the provider's customer": {c.one.scopeOf(c.one.first), 0, 0, 0}, "another customer of the provider": {c.one.scopeOf(c.one.second), 0, 0, 0},
		"the customer it is about": {c.two.scopeOf(c.two.first), 0, 0, 0}, "a third desk's customer": {c.three.scopeOf(c.three.first), 0, 0, 0},
		"the provider's subcontractor, who is given the ticket": {c.one.scopeOfNight(), 0, 1, 0}, "the reseller's subcontractor": {c.two.scopeOfNight(), 0, 0, 0},
	} {
		c.view(t, r.scope, func(tx *postgres.Tx) error {
			for table, want := range map[string]int{"provider_links": r.links, "handoffs": r.handoffs, "handoff_items": r.items} {
				if got := counted(t, tx, table, "true"); got != want {
					t.Errorf("%s reads %d %s, want %d", name, got, table, want)
				}
			}
			return nil
		})
	}
	// And across the link neither reads a row of the other's tables.
	for _, p := range []struct{ at, other partner }{{c.one, c.two}, {c.two, c.one}, {c.three, c.two}} {
		c.view(t, p.at.scope(), func(tx *postgres.Tx) error {
			for _, table := range []string{"tickets", "messages", "findings", "customers", "people", "events", "escalations", "escalation_entries", "escalation_events", "time_entries", "charges", "handovers"} {
				if n := counted(t, tx, table, "desk_id = '"+p.other.desk.ID.String()+"'"); n != 0 {
					t.Errorf("%s reads %d %s of %s", p.at.desk.Slug, n, table, p.other.desk.Slug)
				}
			}
			return nil
		})
	}
}

// Each writes what is his own to write; forged ids, the other's words, and second
// thoughts change nothing.
func TestNobodyWritesAcrossForTheOther(t *testing.T) {
	t.Parallel()
	c := newCrossing(t)
	h, l := c.handoff.ID.String(), c.link.ID.String()
	one, two, three := c.one.desk.ID.String(), c.two.desk.ID.String(), c.three.desk.ID.String()
	item := func(handoff, side, reseller, provider, kind string) string {
		return `insert into handoff_items (handoff_id, side, seq, reseller_id, provider_id, kind, key, data, created_at) values ('` + handoff + `', '` + side + `', 9, '` + reseller + `', '` + provider +
			`', '` + kind + `', 'forged', '{"body": "x"}', now())`
	}
	handoff := func(link, reseller, provider, escalation string) string {
		return `insert into handoffs (id, link_id, reseller_id, provider_id, escalation_id, request, dossier, created_at) values (gen_random_uuid(), '` + link + `', '` + reseller + `', '` + provider +
			`', '` + escalation + `', '{}', '{}', now())`
	}
	linked := func(reseller, provider, state, by string) string {
		agreed := map[string]string{"asked": "null", "active": "now()"}[state]
		return `insert into provider_links (id, reseller_id, provider_id, state, asked_by, customer_id, speaker_id, asked_at, agreed_at) values (gen_random_uuid(), '` + reseller + `', '` + provider + `', '` + state +
			`', '` + by + `', '` + c.one.second.ID.String() + `', '` + c.one.second.contact.ID.String() + `', now(), ` + agreed + `)`
	}
	escalation := c.handoff.EscalationID.String()
	anybody := []string{`delete from handoff_items`, `delete from handoffs`, `delete from provider_links`, `update handoff_items set data = '{}'`, `update handoff_items set kind = 'ended'`,
		`update handoffs set dossier = '{}'`, `update handoffs set request = '{}'`, `update handoffs set escalation_id = gen_random_uuid()`, `update handoffs set provider_id = '` + three + `'`,
		`update provider_links set provider_id = '` + three + `'`, `update provider_links set agreed_at = now()`, `update provider_links set state = 'asked', agreed_at = null`, `truncate handoff_items`}
	byAll := append([]string{item(h, "reseller", two, one, "message"), item(h, "provider", two, one, "message"), item(h, "provider", three, one, "message"), item(h, "reseller", two, three, "ended"),
		handoff(l, two, one, escalation), handoff(l, three, one, escalation), handoff(l, two, three, escalation), linked(two, one, "active", "provider"), linked(three, one, "active", "reseller"),
		`update handoff_items set taken_at = now()`, `update handoffs set ticket_id = null, number = null`, `update handoffs set reseller_done = now()`, `update handoffs set provider_done = now()`,
		`update provider_links set state = 'ended', ended_at = now(), ended_by = 'reseller'`, `update provider_links set speaker_id = '` + c.one.first.other.ID.String() + `'`}, anybody...)
	for name, r := range map[string]struct {
		scope desk.Scope
		sql   []string
	}{
		"a third desk":     {c.three.scope(), byAll},
		"a customer":       {c.one.scopeOf(c.one.first), byAll},
		"his own customer": {c.two.scopeOf(c.two.first), byAll},
		"a subcontractor":  {c.one.scopeOfNight(), byAll},
		"the reseller": {c.two.scope(), append([]string{item(h, "provider", two, one, "returned"), item(h, "provider", two, one, "message"), item(h, "reseller", two, three, "message"),
			handoff(l, two, one, c.two.second.ticket.ID.String()), handoff(l, two, three, escalation), linked(two, three, "active", "reseller"), linked(two, three, "asked", "provider"), linked(two, one, "asked", "reseller"),
			`update handoff_items set taken_at = now() where side = 'reseller'`, `update handoff_items set taken_at = null`, `update handoffs set ticket_id = gen_random_uuid(), number = 1`, `update handoffs set provider_done = now()`,
			`update provider_links set customer_id = null`, `update provider_links set customer_id = '` + c.one.second.ID.String() + `'`, `update provider_links set speaker_id = '` + c.one.first.other.ID.String() + `'`,
			`update provider_links set provider_by = null`, `update provider_links set state = 'ended', ended_at = now(), ended_by = 'provider'`}, anybody...)},
		"the provider": {c.one.scope(), append([]string{item(h, "reseller", two, one, "ended"), item(h, "reseller", two, one, "message"), handoff(l, two, one, escalation), handoff(l, one, two, escalation),
			linked(two, one, "active", "provider"), linked(three, one, "active", "provider"),
			`update handoff_items set taken_at = now() where side = 'provider'`, `update handoffs set ticket_id = '` + c.one.second.ticket.ID.String() + `', number = 7`, `update handoffs set reseller_done = now()`,
			`update provider_links set reseller_by = null`, `update provider_links set speaker_id = '` + c.one.second.contact.ID.String() + `'`,
			`update provider_links set state = 'ended', ended_at = now(), ended_by = 'reseller'`}, anybody...)},
	} {
		before := c.crossed(t)
		for _, sql := range r.sql {
			err := c.db.Update(t.Context(), r.scope, func(tx *postgres.Tx) error { return exec(tx, sql) })
			if after := c.crossed(t); after != before {
				t.Fatalf("%s: %s changed what crosses (%v):\n%s\n%s", name, sql, err, before, after)
			}
		}
	}
}

// While a link holds and once it has ended.
func TestNothingCrossesAnEndedLink(t *testing.T) {
	t.Parallel()
	c := newCrossing(t)
	c.update(t, c.one.scope(), func(tx *postgres.Tx) error {
		l, err := tx.LockProviderLink(c.link.ID)
		if err != nil {
			return err
		}
		if err := l.End(c.one.desk.ID, tx.Now); err != nil {
			return err
		}
		return tx.SaveProviderLink(l)
	})
	before := c.crossed(t)
	for name, f := range map[string]func(tx *postgres.Tx) error{
		"a hand-off": func(tx *postgres.Tx) error {
			h := c.handoff
			h.ID = desk.NewID()
			return tx.AddHandoff(h)
		},
		"a word": func(tx *postgres.Tx) error {
			_, err := tx.AddHandoffItem(c.handoff, desk.HandoffItem{Kind: desk.HandoffMessage, Key: "late", Data: map[string]string{}, CreatedAt: tx.Now})
			return err
		},
		"the link again": func(tx *postgres.Tx) error {
			l := c.link
			l.State, l.EndedAt, l.EndedBy = desk.LinkActive, nil, ""
			return tx.SaveProviderLink(l)
		},
		"holding it": func(tx *postgres.Tx) error { return tx.HoldProviderLink(c.link.ID) },
	} {
		if err := c.db.Update(t.Context(), c.two.scope(), f); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if after := c.crossed(t); after != before {
		t.Errorf("changed:\n%s\n%s", before, after)
	}
}

// What the queries give, in order and once.
func TestItemsAreToldInOrderAndTakenOnce(t *testing.T) {
	t.Parallel()
	c := newCrossing(t)
	c.update(t, c.two.scope(), func(tx *postgres.Tx) error {
		for _, key := range []string{"a", "b", "a"} {
			fresh, err := tx.AddHandoffItem(c.handoff, desk.HandoffItem{Kind: desk.HandoffMessage, Key: key, Data: map[string]string{"body": key}, CreatedAt: tx.Now})
			if err != nil || key == "b" && !fresh {
				return err
			}
		}
		h, err := tx.HandoffOfEscalation(c.handoff.EscalationID)
		if err != nil || h.Number != c.one.first.ticket.Number || h.LinkState != desk.LinkActive || h.Dossier.Fields[0].Value != "Mail is late" {
			t.Errorf("the reseller reads %+v (%v)", h, err)
		}
		linked, err := tx.ProvidersLinked()
		if err != nil || len(linked) != 1 || linked[0].OtherSlug != "one" || linked[0].CustomerName != "" || linked[0].ByName != c.two.admin.Name || linked[0].Open != 1 {
			t.Errorf("its links: %+v (%v)", linked, err)
		}
		items, err := tx.UntakenItems(c.handoff)
		if err != nil || len(items) != 1 || items[0].Data["body"] != "the provider's word" {
			t.Errorf("told to the reseller: %+v (%v)", items, err)
		}
		return err
	})
	c.update(t, c.one.scope(), func(tx *postgres.Tx) error {
		items, err := tx.UntakenItems(c.handoff)
		if err != nil || len(items) != 3 || items[0].Kind != desk.HandoffOpened || items[1].Key != "a" || items[2].Key != "b" {
			t.Fatalf("told to the provider: %+v (%v)", items, err)
		}
		if err := tx.TakeItem(items[1]); err != nil {
			return err
		}
		if err := tx.TakeItem(items[1]); err == nil {
			t.Error("taken twice")
		}
		left, err := tx.UntakenItems(c.handoff)
		if err != nil || len(left) != 2 {
			t.Errorf("left: %+v (%v)", left, err)
		}
		h, err := tx.HandedOn(c.one.first.ticket.ID)
		if err != nil || h.Reseller != "two" {
			t.Errorf("on the ticket's page: %+v (%v)", h, err)
		}
		open, err := tx.OpenHandoffs(c.link.ID, desk.Nobody, 10)
		if err != nil || len(open) != 1 {
			t.Errorf("open: %+v (%v)", open, err)
		}
		if _, err := tx.LockHandoff(c.handoff.ID); err == nil {
			t.Error("opened twice")
		}
		list, err := tx.ProviderLinks()
		if err != nil || len(list) != 1 || list[0].CustomerName != c.one.first.Name || list[0].SpeakerName != c.one.first.contact.Name {
			t.Errorf("the provider's links: %+v (%v)", list, err)
		}
		tx.EndHandoff(c.handoff)
		return nil
	})
	for s, want := range map[desk.Scope]map[desk.HandoffSide]bool{c.one.scope(): {desk.ProviderSide: true, desk.ResellerSide: false}, c.two.scopeOf(c.two.first): {desk.ProviderSide: false, desk.ResellerSide: true},
		c.three.scope(): {desk.ProviderSide: false, desk.ResellerSide: false}} {
		c.view(t, s, func(tx *postgres.Tx) error {
			for side, linked := range want {
				if got, err := tx.CrossesDesks(side); got != linked || err != nil {
					t.Errorf("%v as %s: %v (%v)", s.Desk, side, got, err)
				}
			}
			return nil
		})
	}
	var done *time.Time
	if err := c.super.QueryRow(t.Context(), `select provider_done from handoffs`).Scan(&done); err != nil || done == nil {
		t.Errorf("over for the provider: %v (%v)", done, err)
	}
}
