package postgres_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"HeardOf": {refused: true, call: func(tx *postgres.Tx, i intruder) (any, error) {
			_, h, err := tx.HeardOf(i.theirs.ID)
			return h, err
		}},
		"HeardOfAll": reads(func(tx *postgres.Tx, i intruder) (any, error) {
			h, err := tx.HeardOfAll()
			if tx.Scope.Customer == desk.Nobody && i.theirs.deskOf(i) == i.at.desk.ID {
				return nil, err // his own desk's
			}
			return h, err
		}),
		"HeardByAll": reads(func(tx *postgres.Tx, _ intruder) (desk.Heard, error) { return tx.HeardByAll() }),
		"TroublesOf": reads(func(tx *postgres.Tx, i intruder) ([]desk.InTrouble, error) { return tx.TroublesOf(i.theirs.manager) }),
		"Trouble": finds(func(tx *postgres.Tx, i intruder) (desk.Trouble, error) {
			return tx.Trouble(desk.TroubleRef{Issue: i.theirs.ticket.ID}, i.theirs.ID)
		}),
		"TicketsAbout": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			has, err := tx.TicketsAbout(desk.Trouble{ID: i.theirs.ticket.ID}, i.theirs.manager)
			return int(has.Open + has.Last), err
		}),
	})
}

// ail gives a company an issue, which has the id of its ticket, and a ticket that
// it covers; the desk one of everybody that it tells in public.
func (w *world) ail(t *testing.T, p partner, c company) (public desk.ID) {
	t.Helper()
	public = desk.NewID()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		for _, x := range []struct {
			id       desk.ID
			code     string
			everyone bool
		}{{c.ticket.ID, "EX" + c.ticket.ID.String(), false}, {public, "SP" + c.ticket.ID.String(), true}} {
			err := exec(tx, `insert into issues (id, source, kind, code, title, service, classification, status, everyone, public, started_at, changed_at, first_seen_at, seen_at)
				values ($1, 'graph', 'issue', $2, $2, 'Exchange Online', 'incident', 'serviceDegradation', $3, $3, now(), now(), now(), now())`, x.id, x.code, x.everyone)
			if err != nil {
				return err
			}
		}
		if err := exec(tx, `insert into issue_customers (issue_id, customer_id, first_seen_at, seen_at) values ($1, $2, now(), now())`, c.ticket.ID, c.ID); err != nil {
			return err
		}
		if err := exec(tx, `insert into issue_posts (issue_id, posted_at, digest, body, parts, seen_at) values ($1, now(), 'x', 'said', '[{"label": "current status", "text": "said"}]', now())`, c.ticket.ID); err != nil {
			return err
		}
		if err := exec(tx, `insert into service_states (customer_id, service, status, heard_at) values ($1, 'Exchange Online', 'serviceOperational', now()) on conflict do nothing`, c.ID); err != nil {
			return err
		}
		if err := exec(tx, `update ticket_issues set state = 'detached' where ticket_id = $1`, c.ticket.ID); err != nil {
			return err
		}
		return exec(tx, `insert into ticket_issues (ticket_id, issue_id, customer_id, state, score, by, created_at, changed_at) values ($1, $1, $2, 'attached', 100, 'rules', now(), now())`, c.ticket.ID, c.ID)
	})
	return public
}

// among tells which of some ids are of troubles in a list.
func among(list []desk.Trouble, ids ...desk.ID) (found int) {
	for _, x := range list {
		if slices.Contains(ids, x.ID) {
			found++
		}
	}
	return found
}

func TestEachCompanyHearsOfItsOwnTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own, other := w.one.first, w.one.second
	a, b := w.ail(t, w.one, own), w.ail(t, w.one, other)
	w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
		c, h, err := tx.HeardOf(own.ID)
		if err != nil || c.ID != own.ID || len(h.States) == 0 || len(h.Used) != 1 || among(h.Troubles, own.ticket.ID, a, b) != 3 || among(h.Troubles, other.ticket.ID) != 0 {
			t.Errorf("%d states, %d services, %d troubles (%v)", len(h.States), len(h.Used), len(h.Troubles), err)
		}
		for _, x := range h.Troubles {
			if x.ID == own.ticket.ID && (len(x.Posts) != 1 || x.Posts[0].Part("current status") != "said" || x.Posts[0].At.IsZero()) {
				t.Errorf("%+v", x)
			}
		}
		for _, who := range []desk.Person{own.contact, own.manager, own.other} { // who follows it sees it too
			list, err := tx.TroublesOf(who)
			has, err2 := tx.TicketsAbout(desk.Trouble{ID: own.ticket.ID}, who)
			if err := errors.Join(err, err2); err != nil || !slices.ContainsFunc(list, func(x desk.InTrouble) bool { return x.ID == own.ticket.ID }) || has.Open != own.ticket.Number || (has.Last != 0) != (who.ID == own.contact.ID) {
				t.Errorf("%s: %v, %+v (%v)", who.Email, list, has, err)
			}
		}
		if _, err := tx.Trouble(desk.TroubleRef{Issue: other.ticket.ID}, own.ID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another company's issue: %v", err)
		}
		if x, err := tx.Trouble(desk.TroubleRef{Issue: own.ticket.ID}, own.ID); err != nil || x.Level() != desk.LevelSlowed {
			t.Errorf("its own: %+v, %v", x, err)
		}
		return nil
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		h, err := tx.HeardOfAll()
		public, err2 := tx.HeardByAll()
		if err := errors.Join(err, err2); err != nil || among(h.Troubles, own.ticket.ID, other.ticket.ID, a, b) != 4 || among(public.Troubles, a, b) != 2 || among(public.Troubles, own.ticket.ID, other.ticket.ID) != 0 {
			t.Errorf("the desk hears of %d, and tells %d (%v)", len(h.Troubles), len(public.Troubles), err)
		}
		return nil
	})
	w.view(t, w.two.scope(), func(tx *postgres.Tx) error {
		h, err := tx.HeardOfAll()
		if err != nil || among(h.Troubles, own.ticket.ID, other.ticket.ID, a, b) != 0 {
			t.Errorf("another desk hears of %d (%v)", len(h.Troubles), err)
		}
		return nil
	})
}
