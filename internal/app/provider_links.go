package app

import (
	"context"
	"errors"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// LinkForm is what an admin says of a link: who is across, on which side this desk
// stands, and, as the provider, which of its customers' people speaks for the
// reseller.
type LinkForm struct {
	Side    desk.HandoffSide
	Slug    string
	Speaker desk.ID
}

// LinkPeople is a customer with the people who may speak for it.
type LinkPeople struct {
	Customer desk.Customer
	People   []desk.Person
}

// ProviderLinks lists the desk's links, and whom a reseller may be among its
// customers.
func (a *App) ProviderLinks(ctx context.Context, who desk.Actor) (list []desk.NamedLink, people []LinkPeople, err error) {
	if err := who.May(desk.ManageEscalation); err != nil {
		return nil, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if list, err = tx.ProviderLinks(); err != nil {
			return err
		}
		people, err = resellers(tx)
		return err
	})
	return list, people, err
}

// resellers are the customers that the desk is the provider of, with their people.
func resellers(tx *postgres.Tx) ([]LinkPeople, error) {
	customers, err := tx.Customers("", "")
	if err != nil {
		return nil, err
	}
	var list []LinkPeople
	for _, c := range customers {
		if !c.Active || c.Relationship != desk.Provider {
			continue
		}
		people, err := tx.People(c.ID)
		if err != nil {
			return nil, err
		}
		l := LinkPeople{Customer: c}
		for _, p := range people {
			if p.Active {
				l.People = append(l.People, p)
			}
		}
		list = append(list, l)
	}
	return list, nil
}

// AskProviderLink asks another desk to agree that requests go from one to the other.
// Errors: Invalid on "slug" for no desk, the own one, or one that has been asked;
// on "speaker" for nobody of a customer.
func (a *App) AskProviderLink(ctx context.Context, who desk.Actor, f LinkForm) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	if f.Side != desk.ResellerSide && f.Side != desk.ProviderSide {
		return desk.NewInvalid("side", "error.choose")
	}
	other, err := a.Desk(ctx, f.Slug)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.NewInvalid("slug", "error.handoff.desk")
	}
	if err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		var s desk.Speaking
		if f.Side == desk.ProviderSide {
			if s, err = speaking(tx, f.Speaker); err != nil {
				return err
			}
		}
		l, err := desk.AskForLink(who, f.Side, other.ID, s, tx.Now)
		if err != nil {
			return err
		}
		return tx.AddProviderLink(l)
	})
}

func speaking(tx *postgres.Tx, speaker desk.ID) (desk.Speaking, error) {
	p, err := chosen(tx, speaker, "speaker", func(p desk.Person) bool { return p.CustomerID != desk.Nobody })
	return desk.Speaking{Customer: p.CustomerID, Speaker: p.ID}, err
}

// AcceptLink agrees to a link that the other desk asked for; as the provider by
// naming who speaks for the reseller. Errors: Invalid on "speaker"; ErrNotFound;
// ErrConflict unless it waits for this desk.
func (a *App) AcceptLink(ctx context.Context, who desk.Actor, id, speaker desk.ID) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	var other desk.ID
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		l, err := tx.LockProviderLink(id)
		if err != nil {
			return err
		}
		other = l.Across(who.Desk.ID)
		var s desk.Speaking
		if l.Side(who.Desk.ID) == desk.ProviderSide {
			if s, err = speaking(tx, speaker); err != nil {
				return err
			}
		}
		if err := l.Accept(who, s, tx.Now); err != nil {
			return err
		}
		return tx.SaveProviderLink(l)
	})
	a.forgetLinks(who.Desk.ID)
	a.forgetLinks(other)
	return err
}

// LeaveHandoffs is the job of ending what a desk has open of a link that ended.
type LeaveHandoffs struct {
	Desk desk.ID `json:"desk"`
	Link desk.ID `json:"link"`
}

// Kind names the job.
func (LeaveHandoffs) Kind() string { return "leave_handoffs" }

// EndLink ends a link, or takes back or refuses the question for one. What is open
// of it ends at both desks by a job of each. Errors: ErrNotFound; ErrConflict when it
// has ended.
func (a *App) EndLink(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.ManageEscalation); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		l, err := tx.LockProviderLink(id)
		if err != nil {
			return err
		}
		held := l.State == desk.LinkActive
		if err := l.End(who.Desk.ID, tx.Now); err != nil {
			return err
		}
		if err := tx.SaveProviderLink(l); err != nil || !held {
			return err
		}
		if err := tx.Enqueue(LeaveHandoffs{l.ResellerID, l.ID}, nil); err != nil {
			return err
		}
		return tx.Enqueue(LeaveHandoffs{l.ProviderID, l.ID}, nil)
	})
}

// mostLeft is how many hand-offs one reading of a link that ended takes.
const mostLeft = 50

// LeaveLink works a LeaveHandoffs. The reseller's escalations are to be prepared
// again, on the way that is worked out without that provider; the provider's tickets
// stay its own, each with a line that says so. Worked again it finds nothing left.
func (a *App) LeaveLink(ctx context.Context, job LeaveHandoffs) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	a.forgetLinks(d.ID)
	for after := desk.Nobody; ; {
		var batch []desk.Handoff
		err := a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
			batch, err = tx.OpenHandoffs(job.Link, after, mostLeft)
			return err
		})
		for _, h := range batch {
			if err == nil {
				err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error { return a.leave(tx, d, h) })
			}
			after = h.ID
		}
		if err != nil || len(batch) < mostLeft {
			return err
		}
	}
}

func (a *App) leave(tx *postgres.Tx, d desk.Desk, h desk.Handoff) error {
	if h.Side(d.ID) == desk.ResellerSide {
		return a.leaveProvider(tx, d, h)
	}
	return a.leaveReseller(tx, h)
}

// leaveProvider takes an escalation back from a provider who works for the desk no
// more.
func (a *App) leaveProvider(tx *postgres.Tx, d desk.Desk, h desk.Handoff) error {
	e, err := tx.LockEscalationByID(h.EscalationID)
	if err != nil {
		return err
	}
	if h, err = tx.Handoff(h.ID); err != nil || h.ResellerDone != nil {
		return err
	}
	tx.EndHandoff(h)
	if !e.State.Filed() {
		return nil
	}
	r, _, err := a.wayOf(tx, e)
	if err != nil {
		return err
	}
	if err := e.TakeBack(r, tx.Now); err != nil {
		return err
	}
	tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, desk.Nobody, desk.EscalationTakenBack, map[string]string{"target": string(e.Target)}, tx.Now))
	err = a.eachEscalated(tx, e, func(k *desk.Ticket) error {
		if k.State != desk.WaitingThirdParty {
			return nil
		}
		return a.move(tx, desk.Actor{Desk: d}, k, desk.Open, desk.EventState)
	})
	if err != nil {
		return err
	}
	return tx.SaveEscalation(e)
}

// leaveReseller says on a ticket that nobody across hears of it any more. One that
// was never taken is none.
func (a *App) leaveReseller(tx *postgres.Tx, h desk.Handoff) error {
	if h.TicketID == desk.Nobody {
		if was, err := tx.LockHandoff(h.ID); err == nil {
			tx.EndHandoff(was)
			return nil
		} else if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		var err error
		if h, err = tx.Handoff(h.ID); err != nil { // taken meanwhile
			return err
		}
	}
	k, err := tx.LockTicketByID(h.TicketID)
	if err != nil {
		return err
	}
	if h, err = tx.Handoff(h.ID); err != nil || h.ProviderDone != nil {
		return err
	}
	tx.EndHandoff(h)
	tx.AddEvent(desk.NewEvent(k, desk.Nobody, desk.EventHandoffLeft, nil, tx.Now))
	return nil
}
