package app

import (
	"context"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SettleIncident is the job of bringing the tickets of an incident into line with
// it: who decides of them, whether they wait for Microsoft, whether their customers
// are asked.
type SettleIncident struct {
	Desk     desk.ID `json:"desk"`
	Incident desk.ID `json:"incident"`
}

// Kind names the job.
func (SettleIncident) Kind() string { return "settle_incident" }

// settleBatch is how many tickets one transaction holds.
const settleBatch = 25

// settleSoon has tickets that are not in line brought there. Where no worker
// follows it is done at once.
func (a *App) settleSoon(tx *postgres.Tx, d desk.Desk, incident desk.ID) error {
	if a.silent {
		return a.settleNow(tx, d, incident)
	}
	return a.settleAfter(tx, incident)
}

// settleAfter is the same for an incident that is yet to be stored: where no worker
// follows, whoever stores it settles its tickets.
func (a *App) settleAfter(tx *postgres.Tx, incident desk.ID) error {
	if a.silent {
		return nil
	}
	return tx.Enqueue(SettleIncident{tx.Scope.Desk, incident}, nil)
}

func (a *App) settleNow(tx *postgres.Tx, d desk.Desk, incident desk.ID) error {
	for {
		n, err := a.settleSome(tx, d, incident)
		if err != nil || n < settleBatch {
			return err
		}
	}
}

// SettleTickets works a SettleIncident. Worked again it finds nothing to do.
func (a *App) SettleTickets(ctx context.Context, job SettleIncident) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	for n := settleBatch; err == nil && n == settleBatch; {
		err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
			n, err = a.settleSome(tx, d, job.Incident)
			return err
		})
	}
	return err
}

func (a *App) settleSome(tx *postgres.Tx, d desk.Desk, incident desk.ID) (int, error) {
	r, err := tx.IncidentRecord(incident)
	if err != nil {
		return 0, err
	}
	list, err := tx.UnsettledTickets(incident, settleBatch)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	who, err := spokesman(tx, d, r)
	if err != nil {
		return 0, err
	}
	ids := make([]desk.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
		if err := a.settle(tx, who, r, &list[i]); err != nil {
			return 0, err
		}
	}
	tx.Settled(incident, ids)
	return len(list), nil
}

// spokesman is in whose name an incident acts: of whoever sent it to Microsoft,
// or opened it; nobody's while it is but proposed.
func spokesman(tx *postgres.Tx, d desk.Desk, r desk.IncidentRecord) (desk.Actor, error) {
	who := desk.Actor{Desk: d}
	id := r.File.RequestedBy
	if id == desk.Nobody {
		id = r.File.OpenedBy
	}
	if id == desk.Nobody {
		return who, nil
	}
	var err error
	who.Person, err = tx.Person(id)
	return who, err
}

// settle brings one ticket into line. One that has ended is left as it is.
func (a *App) settle(tx *postgres.Tx, who desk.Actor, r desk.IncidentRecord, u *postgres.Unsettled) error {
	k := &u.Ticket
	if k.State.Ended() {
		return nil
	}
	if u.Bond == desk.BondLeft || !r.State.Decides() {
		if u.Bond == desk.BondLeft {
			if err := a.release(tx, who, k, r.Number); err != nil {
				return err
			}
			tx.SaveTicket(*k)
			tx.AddKept(k.TakeEnded())
		}
		return nil
	}
	last, err := tx.Decision(k.ID)
	if err != nil {
		return err
	}
	if last.YieldsTo(r) {
		d := desk.DecidedByIncident(last, r, tx.Now)
		tx.AddDecision(d)
		k.Decide(d)
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventIncidentDecided, map[string]string{
			"incident": d.Reason, "outcome": string(d.Outcome), "category": string(d.Category)}, tx.Now))
	}
	switch {
	case r.State == desk.IncidentMitigated:
		err = a.askBeside(tx, who.Desk, k, map[string]string{"incident": strconv.FormatInt(r.Number, 10)})
	case r.State == desk.IncidentOpen && r.File.Request != "" && (k.State == desk.New || k.State == desk.Open):
		err = a.move(tx, who, k, desk.WaitingMicrosoft, desk.EventState)
	}
	if err != nil {
		return err
	}
	tx.SaveTicket(*k)
	tx.AddKept(k.TakeEnded())
	return nil
}

// release gives a ticket that left an incident back to the rules, and to the desk.
// What a person decided stays.
func (a *App) release(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, incident int64) error {
	tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventIncidentLeft, map[string]string{"incident": strconv.FormatInt(incident, 10)}, tx.Now))
	if k.State.Ended() {
		return nil
	}
	m, err := tx.TriageMaterial(*k)
	if err != nil || m.Last.By != desk.ByIncident {
		return err
	}
	verdict, err := a.triage(tx, m, *k)
	if err != nil {
		return err
	}
	d := desk.Decided(*k, verdict, tx.Now)
	tx.AddDecision(d)
	k.Decide(d)
	tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventDecided, map[string]string{"rule": verdict.Rule,
		"outcome": string(verdict.Outcome), "category": string(verdict.Category)}, tx.Now))
	if k.State == desk.WaitingMicrosoft {
		return a.move(tx, who, k, desk.Open, desk.EventState)
	}
	return a.takeEffects(tx, k, m, verdict)
}
