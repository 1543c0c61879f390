package postgres_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"LiveIncidents": reads(func(tx *postgres.Tx, i intruder) ([]desk.IncidentRow, error) {
			return strangers(tx, i, tx.LiveIncidents)
		}),
		"IncidentsBelow": reads(func(tx *postgres.Tx, i intruder) ([]desk.IncidentRow, error) {
			return strangers(tx, i, func() ([]desk.IncidentRow, error) { return tx.IncidentsBelow(0, true, 100) })
		}),
		"PastIncidents": reads(func(tx *postgres.Tx, _ intruder) ([]desk.IncidentRow, error) {
			list, _, err := tx.PastIncidents(desk.Cursor{})
			return list, err
		}),
		"Incident": reads(func(tx *postgres.Tx, i intruder) (desk.Incident, error) { return tx.Incident(i.theirs.incident.Number) }),
		"IncidentByID": finds(func(tx *postgres.Tx, i intruder) (desk.Incident, error) {
			return tx.IncidentByID(i.theirs.incident.ID)
		}),
		"LockIncident": reads(func(tx *postgres.Tx, i intruder) (desk.IncidentRecord, error) {
			return tx.LockIncident(i.theirs.incident.Number)
		}),
		"LockIncidentByID": finds(func(tx *postgres.Tx, i intruder) (desk.IncidentRecord, error) {
			return tx.LockIncidentByID(i.theirs.incident.ID)
		}),
		"IncidentRecord": finds(func(tx *postgres.Tx, i intruder) (desk.IncidentRecord, error) {
			return tx.IncidentRecord(i.theirs.incident.ID)
		}),
		"IncidentStory": reads(func(tx *postgres.Tx, i intruder) (desk.IncidentStory, error) {
			s, err := tx.IncidentStory(i.theirs.incident.Number)
			if err == nil && i.theirs.deskOf(i) == tx.Scope.Desk {
				err = errors.New("a customer reads the desk's file")
			}
			return s, err
		}),
		"AddIncident": writes(func(tx *postgres.Tx, i intruder) error {
			r := i.theirs.incident
			r.ID, r.File.OpenedBy = desk.NewID(), i.desk.agent.ID
			r.File.IncidentID = r.ID
			_, err := tx.AddIncident(r)
			return err
		}),
		"SaveIncident": writes(func(tx *postgres.Tx, i intruder) error {
			r := i.theirs.incident
			r.File.Title = "Taken over"
			return tx.SaveIncident(r)
		}),
		"AddIncidentEvent": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddIncidentEvent(desk.NewIncidentEvent(i.theirs.incident.ID, desk.Nobody, desk.IncidentJoined, nil, tx.Now))
		}),
		"HoldIncidents": {call: func(tx *postgres.Tx, _ intruder) (any, error) { return tx.HoldIncidents() }},
		"Watched":       touches0(func(tx *postgres.Tx, _ intruder) { tx.Watched() }),
		"Watch":         reads(func(tx *postgres.Tx, _ intruder) (desk.Watch, error) { return tx.Watch() }),

		"JoinIncident": writes(func(tx *postgres.Tx, i intruder) error {
			own := i.at.first
			if _, err := tx.LeaveIncident(own.incident.ID, own.ticket.ID, desk.Nobody); err != nil {
				return err
			}
			if list, err := tx.JoinIncident(own.incident.ID, []desk.ID{i.theirs.ticket.ID}, desk.JoinedByPerson, desk.Nobody); err != nil || len(list) > 0 {
				return errors.Join(err, errors.New("another's ticket joined"))
			}
			list, err := tx.JoinIncident(i.theirs.incident.ID, []desk.ID{own.ticket.ID}, desk.JoinedByPerson, desk.Nobody)
			if err == nil && len(list) == 0 { // he could not even leave: nothing joins
				err = desk.ErrNotFound
			}
			return err
		}),
		"LeaveIncident": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			left, err := tx.LeaveIncident(i.theirs.incident.ID, i.theirs.ticket.ID, desk.Nobody)
			if left {
				err = errors.New("another's ticket left")
			}
			return nil, err
		}},
		"LeaveAll": touches0(func(tx *postgres.Tx, i intruder) { tx.LeaveAll(i.theirs.incident.ID, desk.Nobody) }),
		"MoveTickets": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			n, err := tx.MoveTickets(i.theirs.incident.ID, i.at.first.incident.ID)
			return int(n), err
		}),
		"Unsettle": touches0(func(tx *postgres.Tx, i intruder) { tx.Unsettle(i.theirs.incident.ID) }),
		"UnsettledTickets": reads(func(tx *postgres.Tx, i intruder) ([]postgres.Unsettled, error) {
			return tx.UnsettledTickets(i.theirs.incident.ID, 10)
		}),
		"Settled": touches0(func(tx *postgres.Tx, i intruder) { tx.Settled(i.theirs.incident.ID, []desk.ID{i.theirs.ticket.ID}) }),
		"IncidentOf": finds(func(tx *postgres.Tx, i intruder) (desk.TicketIncident, error) {
			return tx.IncidentOf(i.theirs.ticket.ID)
		}),
		"TicketIDs": reads(func(tx *postgres.Tx, i intruder) ([]desk.ID, error) {
			return tx.TicketIDs([]int64{i.theirs.ticket.Number})
		}),
		"RecentTickets": reads(func(tx *postgres.Tx, _ intruder) ([]desk.RecentTicket, error) {
			return tx.RecentTickets(tx.Now.Add(-time.Hour), 100)
		}),
		"SimilarTickets": reads(func(tx *postgres.Tx, _ intruder) ([]desk.IncidentTicket, error) {
			return tx.SimilarTickets("", tx.Now.Add(-time.Hour))
		}),
		"IncidentsSince": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Incident, error) {
			return tx.IncidentsSince(tx.Now.Add(-time.Hour))
		}),

		"IssuesAround": reads(func(tx *postgres.Tx, _ intruder) ([]desk.IncidentIssue, error) {
			return tx.IssuesAround(tx.Now.Add(-time.Hour), 10)
		}),
		"LinkIncident": writes(func(tx *postgres.Tx, i intruder) error {
			_, err := tx.LinkIncident(i.theirs.incident.ID, desk.NewID(), desk.Nobody)
			return err
		}),
		"UnlinkIncident": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			_, err := tx.UnlinkIncident(i.theirs.incident.ID, desk.NewID())
			return nil, err
		}},
		"MoveLinks": touches0(func(tx *postgres.Tx, i intruder) { tx.MoveLinks(i.theirs.incident.ID, i.at.first.incident.ID) }),
		"IssueCode": finds(func(tx *postgres.Tx, i intruder) (string, error) { return tx.IssueCode(i.theirs.incident.ID) }),
		"CountUsual": {call: func(tx *postgres.Tx, _ intruder) (any, error) {
			err := tx.CountUsual(tx.Now.Add(-time.Hour), tx.Now.Add(time.Hour), 1, time.UTC)
			return nil, err
		}},
		"UsualComplaints": reads(func(tx *postgres.Tx, _ intruder) (int, error) {
			list, err := tx.UsualComplaints()
			return len(list), err
		}),
		"FirstTicketAt": reads(func(tx *postgres.Tx, _ intruder) (time.Time, error) { return tx.FirstTicketAt(tx.Now.Add(-time.Hour)) }),
	})
	maps.Copy(digested, map[string]string{"incidents": "", "incident_files": "", "incident_events": "", "incident_tickets": "customer_id"})
}

// strangers lists only what is read beyond the scope.
func strangers(tx *postgres.Tx, i intruder, list func() ([]desk.IncidentRow, error)) ([]desk.IncidentRow, error) {
	rows, err := list()
	if tx.Scope.Customer != desk.Nobody && len(rows) > 0 {
		return rows, errors.New("a customer reads the desk's files")
	}
	return rows, err
}

// incidents opens one for each company's ticket.
func (w *world) incidents(t *testing.T, p *partner) {
	t.Helper()
	for _, c := range []*company{&p.first, &p.second} {
		w.update(t, p.scope(), func(tx *postgres.Tx) (err error) {
			c.incident = made(desk.NewIncident(desk.IncidentForm{Title: "Mail of " + c.Name, Service: "Exchange Online", Kind: string(desk.Regional)}, p.agent.ID, tx.Now))
			if c.incident.Number, err = tx.AddIncident(c.incident); err != nil {
				return err
			}
			tx.AddIncidentEvent(desk.NewIncidentEvent(c.incident.ID, p.agent.ID, desk.IncidentWasOpened, nil, tx.Now))
			joined, err := tx.JoinIncident(c.incident.ID, []desk.ID{c.ticket.ID}, desk.JoinedByPerson, p.agent.ID)
			if err == nil && len(joined) != 1 {
				t.Errorf("%d tickets joined", len(joined))
			}
			tx.Settled(c.incident.ID, joined)
			return err
		})
	}
}

// A customer reads that there is an incident of his, in the words meant for him,
// and nothing of the desk's file; a subcontractor as far as he is given tickets.
func TestIncidentIsReadByWhomItTouches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own, other := w.one.first, w.one.second
	w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
		k, err := tx.IncidentOf(own.ticket.ID)
		if err != nil || k.Number != own.incident.Number || k.Title != "" {
			t.Errorf("his own incident: %+v, %v", k, err)
		}
		if _, err := tx.Incident(other.incident.Number); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another's incident: %v", err)
		}
		if _, err := tx.IncidentStory(own.incident.Number); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("the desk's file: %v", err)
		}
		return nil
	})
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		r, err := tx.LockIncident(other.incident.Number)
		r.Public = true
		return errors.Join(err, tx.SaveIncident(r))
	})
	w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
		if _, err := tx.Incident(other.incident.Number); err != nil {
			t.Errorf("a public incident: %v", err)
		}
		return nil
	})
	given := desk.Scope{Desk: w.one.desk.ID, Subcontractor: &w.one.night}
	w.view(t, given, func(tx *postgres.Tx) error {
		k, err := tx.IncidentOf(own.ticket.ID)
		if err != nil || k.Title != "" {
			t.Errorf("a subcontractor: %+v, %v", k, err)
		}
		if _, err := tx.IncidentOf(other.ticket.ID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a subcontractor and what he is not given: %v", err)
		}
		return nil
	})
}

// Tickets move as a whole, once; what a person took out stays out.
func TestTicketsOfIncidentsMoveOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.one.first, w.one.second
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		n, err := tx.MoveTickets(a.incident.ID, b.incident.ID)
		if err != nil || n != 1 {
			t.Errorf("%d moved, %v", n, err)
		}
		if list, err := tx.UnsettledTickets(b.incident.ID, 10); err != nil || len(list) != 1 || list[0].Bond != desk.BondJoined {
			t.Errorf("to be settled: %+v, %v", list, err)
		}
		if k, err := tx.IncidentOf(a.ticket.ID); err != nil || k.Number != b.incident.Number {
			t.Errorf("moved to %+v, %v", k, err)
		}
		if left, err := tx.LeaveIncident(b.incident.ID, a.ticket.ID, w.one.agent.ID); err != nil || !left {
			t.Errorf("left %v, %v", left, err)
		}
		if back, err := tx.JoinIncident(b.incident.ID, []desk.ID{a.ticket.ID}, desk.JoinedByRules, desk.Nobody); err != nil || len(back) != 0 {
			t.Errorf("detection brings back %v, %v", back, err)
		}
		if back, err := tx.JoinIncident(b.incident.ID, []desk.ID{a.ticket.ID}, desk.JoinedByPerson, w.one.agent.ID); err != nil || len(back) != 1 {
			t.Errorf("a person brings back %v, %v", back, err)
		}
		s, err := tx.IncidentStory(b.incident.Number)
		if err != nil || s.TicketsAll != 2 || len(s.Tickets) != 2 || len(s.Customers) != 2 || s.Opener != w.one.agent.Name || len(s.Events) != 1 {
			t.Errorf("the story %+v, %v", s, err)
		}
		return nil
	})
}

func TestOneRequestIsOfOneIncident(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	take := func(number int64, request string) error {
		return w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error {
			r, err := tx.LockIncident(number)
			if err == nil {
				err = r.TakeRequest(request, w.one.agent.ID, tx.Now)
			}
			return errors.Join(err, tx.SaveIncident(r))
		})
	}
	if err := take(w.one.first.incident.Number, "2611261420001234"); err != nil {
		t.Fatal(err)
	}
	var invalid desk.Invalid
	if err := take(w.one.second.incident.Number, "2611261420001234"); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "request") {
		t.Errorf("the same request again: %v", err)
	}
}

// What is usual leaves out what belonged to an incident, and knows the hour by the
// desk's clock.
func TestUsualComplaintsAreCountedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.one.first.ticket.CreatedAt
	count := func() []desk.Complaints {
		var list []desk.Complaints
		w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
			return errors.Join(tx.CountUsual(at.Add(-time.Hour), at.Add(time.Hour), 8, time.UTC), func() (err error) { list, err = tx.UsualComplaints(); return err }())
		})
		return list
	}
	if list := count(); len(list) != 0 {
		t.Errorf("tickets of incidents are counted: %+v", list)
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		_, err := tx.LeaveIncident(w.one.first.incident.ID, w.one.first.ticket.ID, desk.Nobody)
		return err
	})
	hour := (int(at.UTC().Weekday())+6)%7*24 + at.UTC().Hour()
	for range 2 {
		if list := count(); len(list) != 1 || list[0].Customers != 1 || list[0].Weeks != 8 || list[0].Hour != hour || list[0].Service != "Exchange Online" {
			t.Errorf("usual: %+v", list)
		}
	}
}
