package postgres_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"LiveEscalations": reads(func(tx *postgres.Tx, _ intruder) ([]desk.EscalationRow, error) { return tx.LiveEscalations() }),
		"EscalationsBelow": reads(func(tx *postgres.Tx, _ intruder) ([]desk.EscalationRow, error) {
			return tx.EscalationsBelow(0, false, 100)
		}),
		"PastEscalations": reads(func(tx *postgres.Tx, _ intruder) ([]desk.EscalationRow, error) {
			list, _, err := tx.PastEscalations(desk.Cursor{})
			return list, err
		}),
		"CustomersEscalations": reads(func(tx *postgres.Tx, i intruder) ([]desk.EscalationRow, error) {
			return tx.CustomersEscalations(i.theirs.ID)
		}),
		"Escalation": reads(func(tx *postgres.Tx, i intruder) (desk.Escalation, error) {
			return tx.Escalation(i.theirs.escalation.Number)
		}),
		"EscalationByID": finds(func(tx *postgres.Tx, i intruder) (desk.Escalation, error) {
			return tx.EscalationByID(i.theirs.escalation.ID)
		}),
		"LockEscalation": reads(func(tx *postgres.Tx, i intruder) (desk.Escalation, error) {
			return tx.LockEscalation(i.theirs.escalation.Number)
		}),
		"LockEscalationByID": finds(func(tx *postgres.Tx, i intruder) (desk.Escalation, error) {
			return tx.LockEscalationByID(i.theirs.escalation.ID)
		}),
		"EscalationByRequest": reads(func(tx *postgres.Tx, i intruder) (desk.Escalation, error) {
			return tx.EscalationByRequest(i.theirs.escalation.Request)
		}),
		"TicketEscalations": reads(func(tx *postgres.Tx, i intruder) ([]desk.TicketEscalation, error) {
			return tx.TicketEscalations(i.theirs.ticket.ID)
		}),
		"AddEscalation": writes(func(tx *postgres.Tx, i intruder) error {
			e := i.theirs.escalation
			e.ID, e.Request = desk.NewID(), ""
			_, err := tx.AddEscalation(e)
			return err
		}),
		"SaveEscalation": writes(func(tx *postgres.Tx, i intruder) error {
			e := i.theirs.escalation
			e.Request = "000000000000000"
			return tx.SaveEscalation(e)
		}),
		"JoinEscalation": writes(func(tx *postgres.Tx, i intruder) error {
			own := i.at.first
			if _, err := tx.LeaveEscalation(own.escalation.ID, own.ticket.ID); err != nil {
				return err
			}
			n, err := tx.JoinEscalation(own.escalation.ID, []desk.ID{i.theirs.ticket.ID}, desk.Nobody)
			if err != nil || n != 0 {
				return errors.Join(err, errors.New("another's ticket joined"))
			}
			n, err = tx.JoinEscalation(i.theirs.escalation.ID, []desk.ID{own.ticket.ID}, desk.Nobody)
			if err == nil && n == 0 { // he could not even leave: nothing joins
				err = desk.ErrNotFound
			}
			return err
		}),
		"LeaveEscalation": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			left, err := tx.LeaveEscalation(i.theirs.escalation.ID, i.theirs.ticket.ID)
			if left {
				err = errors.New("another's ticket left")
			}
			return nil, err
		}},
		"LeaveEscalationAll": touches0(func(tx *postgres.Tx, i intruder) { tx.LeaveEscalationAll(i.theirs.escalation.ID) }),
		"EscalatedTickets": reads(func(tx *postgres.Tx, i intruder) ([]desk.Ticket, error) {
			return tx.EscalatedTickets(i.theirs.escalation.ID)
		}),
		"EscalationWaitsFor": finds(func(tx *postgres.Tx, i intruder) (desk.Escalation, error) {
			return tx.EscalationWaitsFor(i.theirs.ticket.ID)
		}),
		"AddEscalationEvent": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddEscalationEvent(desk.NewEscalationEvent(i.theirs.escalation.ID, desk.Nobody, desk.EscalationBegun, nil, tx.Now))
		}),
		"AddEntry": writes(func(tx *postgres.Tx, i intruder) error {
			n := i.theirs.entry
			n.ID, n.Remote = desk.NewID(), ""
			_, err := tx.AddEntry(n)
			return err
		}),
		"LockEntry": finds(func(tx *postgres.Tx, i intruder) (desk.EscalationEntry, error) {
			return tx.LockEntry(i.theirs.escalation.ID, i.theirs.entry.ID)
		}),
		"SaveRelay": touches0(func(tx *postgres.Tx, i intruder) {
			n := i.theirs.entry
			n.Relay, n.RelayedAt = desk.RelayNeedless, &tx.Now
			tx.SaveRelay(n)
		}),
		"EscalationStory": finds(func(tx *postgres.Tx, i intruder) (desk.EscalationStory, error) {
			return tx.EscalationStory(i.theirs.escalation)
		}),
		"EscalatedCustomers": reads(func(tx *postgres.Tx, i intruder) ([]desk.Customer, error) {
			return tx.EscalatedCustomers(i.theirs.escalation.ID)
		}),
		"EscalatedLanguages": reads(func(tx *postgres.Tx, i intruder) ([]string, error) {
			return tx.EscalatedLanguages(i.theirs.escalation.ID)
		}),
		"UnfiledEscalations": reads(func(tx *postgres.Tx, i intruder) ([]desk.Escalation, error) {
			return tx.UnfiledEscalations(i.theirs.ID)
		}),
		"TicketByID":     finds(func(tx *postgres.Tx, i intruder) (desk.Ticket, error) { return tx.TicketByID(i.theirs.ticket.ID) }),
		"LockTicketByID": finds(func(tx *postgres.Tx, i intruder) (desk.Ticket, error) { return tx.LockTicketByID(i.theirs.ticket.ID) }),
		"Findings":       reads(func(tx *postgres.Tx, i intruder) ([]desk.Finding, error) { return tx.Findings(i.theirs.ticket.ID) }),
		"IncidentTicketIDs": reads(func(tx *postgres.Tx, i intruder) ([]desk.ID, error) {
			return tx.IncidentTicketIDs(i.theirs.incident.ID)
		}),
		"IncidentOfRequest": reads(func(tx *postgres.Tx, i intruder) (int64, error) {
			return tx.IncidentOfRequest(i.theirs.escalation.Request, desk.Nobody)
		}),
	})
	maps.Copy(digested, map[string]string{"escalations": "customer_id", "escalation_tickets": "customer_id", "escalation_entries": "", "escalation_events": ""})
}

// escalate hands each company's ticket on, under a number of its own, and notes a
// word of theirs.
func (w *world) escalate(t *testing.T, p partner, c *company) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) (err error) {
		e := made(desk.NewEscalation(c.ticket, "exchange", desk.RouteTaken{Way: route.Route{Target: route.Microsoft, Portal: "m365_admin"}}, "", false, p.agent.ID, tx.Now))
		if e.Number, err = tx.AddEscalation(e); err != nil {
			return err
		}
		request := strings.Map(func(r rune) rune { return '0' + r%10 }, strings.ReplaceAll(c.ID.String(), "-", ""))[:15]
		if err := e.File(desk.Filing{Request: request, Severity: "C"}, nil, p.agent.ID, tx.Now); err != nil {
			return err
		}
		if err := tx.SaveEscalation(e); err != nil {
			return err
		}
		c.escalation = e
		c.entry = made(desk.NewEntry(e, desk.EntryForm{Side: desk.Them, Text: "a secret word of " + c.Name}, p.agent.ID, tx.Now))
		c.entry.Remote = "1"
		if fresh, err := tx.AddEntry(c.entry); err != nil || !fresh {
			return errors.Join(err, errors.New("the first word is not new"))
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, p.agent.ID, desk.EscalationBegun, nil, tx.Now))
		return nil
	})
}

// What a connector brings twice is kept once; another escalation may have an entry of
// the same name.
func TestAnEntryIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		again := w.one.first.entry
		again.ID = desk.NewID()
		fresh, err := tx.AddEntry(again)
		if err != nil || fresh {
			t.Errorf("the same word again: %v, %v", fresh, err)
		}
		s, err := tx.EscalationStory(w.one.first.escalation)
		if err != nil || len(s.Entries) != 1 || len(s.Tickets) != 1 || len(s.Events) != 1 {
			t.Errorf("%d entries, %d tickets, %d events, %v", len(s.Entries), len(s.Tickets), len(s.Events), err)
		}
		return nil
	})
}

// A ticket waits on one request at a time, and their number is one escalation's.
func TestOneRequestATicketOneTicketARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own, other := w.one.first, w.one.second
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		n, err := tx.JoinEscalation(other.escalation.ID, []desk.ID{own.ticket.ID}, desk.Nobody)
		if err != nil || n != 0 {
			t.Errorf("a ticket that waits joined another: %d, %v", n, err)
		}
		return nil
	})
	err := w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
		e := other.escalation
		e.Request = own.escalation.Request
		return tx.SaveEscalation(e)
	})
	var wrong desk.Invalid
	if !errors.As(err, &wrong) {
		t.Fatalf("a number that is another's: %v", err)
	}
	if p, ok := wrong.Problems.Of("request"); !ok || p.Key != "error.escalation.request_taken" {
		t.Errorf("%+v", wrong)
	}
	w.update(t, w.two.scope(), func(tx *postgres.Tx) error { // another desk's business
		e := w.two.first.escalation
		e.Request = own.escalation.Request
		return tx.SaveEscalation(e)
	})
}

// The list is in the order of what is owed; what has ended is read page by page.
func TestEscalationsAreListedByWhatIsOwed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late, soon := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		first, second := w.one.first.escalation, w.one.second.escalation
		first.DueAt, second.DueAt = &soon, &late
		return errors.Join(tx.SaveEscalation(first), tx.SaveEscalation(second))
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.LiveEscalations()
		if err != nil || len(list) != 2 || list[0].ID != w.one.second.escalation.ID || list[0].Unrelayed != 1 || list[0].Tickets != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		return nil
	})
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		e := w.one.first.escalation
		if err := e.End(desk.EndedSolved, "", tx.Now); err != nil {
			return err
		}
		return tx.SaveEscalation(e)
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		past, next, err := tx.PastEscalations(desk.Cursor{})
		if err != nil || len(past) != 1 || !next.Zero() || past[0].ID != w.one.first.escalation.ID {
			t.Errorf("%+v, %v", past, err)
		}
		return nil
	})
}

// A subcontractor's person sees escalations of the tickets that he is given.
func TestASubcontractorSeesEscalationsOfItsTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.view(t, desk.Scope{Desk: w.one.desk.ID, Subcontractor: &w.one.night}, func(tx *postgres.Tx) error {
		if _, err := tx.Escalation(w.one.first.escalation.Number); err != nil {
			t.Errorf("of what he is given: %v", err)
		}
		if _, err := tx.Escalation(w.one.second.escalation.Number); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("of what he is not given: %v", err)
		}
		return nil
	})
}
