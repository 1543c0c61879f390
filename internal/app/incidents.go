package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Incidents lists those that are not over, and one page of those that are.
func (a *App) Incidents(ctx context.Context, who desk.Actor, after desk.Cursor) (desk.IncidentList, error) {
	var l desk.IncidentList
	if err := who.May(desk.ReadIncidents); err != nil {
		return l, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if l.Live, err = tx.LiveIncidents(); err != nil {
			return err
		}
		if l.Past, l.Next, err = tx.PastIncidents(after); err != nil {
			return err
		}
		l.Watch, err = tx.Watch()
		return err
	})
	return l, err
}

// Incident reads one with all that the desk sees of it. Errors: ErrNotFound.
func (a *App) Incident(ctx context.Context, who desk.Actor, number int64) (desk.IncidentStory, error) {
	var s desk.IncidentStory
	if err := who.May(desk.ReadIncidents); err != nil {
		return s, err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if s, err = tx.IncidentStory(number); err != nil || s.State.Over() {
			return err
		}
		around, err := tx.IssuesAround(s.StartedAt.Add(-fittingIssue), mostFitting)
		s.Fitting = s.Fits(around)
		return err
	})
	return s, err
}

// OpenIncident opens one by hand with its first tickets, and returns its number.
// Tickets of another incident stay there. Errors: Invalid, by field.
func (a *App) OpenIncident(ctx context.Context, who desk.Actor, f desk.IncidentForm) (int64, error) {
	if err := who.May(desk.ManageIncidents); err != nil {
		return 0, err
	}
	defer a.waiting.Delete(who.Desk.ID)
	var number int64
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, err := desk.NewIncident(f, who.Person.ID, tx.Now)
		if err != nil {
			return err
		}
		tickets, err := a.firstTickets(tx, who, f.Tickets)
		if err != nil {
			return err
		}
		if r.Number, err = tx.AddIncident(r); err != nil {
			return err
		}
		number = r.Number
		tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, desk.IncidentWasOpened, nil, tx.Now))
		if _, err := tx.JoinIncident(r.ID, tickets, desk.JoinedByPerson, who.Person.ID); err != nil {
			return err
		}
		return a.settleSoon(tx, who.Desk, r.ID)
	})
	return number, err
}

// firstTickets finds the tickets that a form names. Errors: Invalid on "tickets".
func (a *App) firstTickets(tx *postgres.Tx, who desk.Actor, numbers []int64) ([]desk.ID, error) {
	ids, err := tx.TicketIDs(numbers)
	if err == nil && len(ids) != len(numbers) {
		err = desk.NewInvalid("tickets", "error.incident.tickets")
	}
	return ids, err
}

// changeIncident locks an incident that the desk sees, lets f change it and stores
// it. seen is the revision that its form was made from, 0 for any. Errors:
// ErrConflict when it has changed since.
func (a *App) changeIncident(ctx context.Context, who desk.Actor, number int64, seen int, f func(*postgres.Tx, *desk.IncidentRecord) error) error {
	if err := who.May(desk.ManageIncidents); err != nil {
		return err
	}
	defer a.waiting.Delete(who.Desk.ID) // his own act is seen at once
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, err := tx.LockIncident(number)
		if err != nil {
			return err
		}
		if seen != 0 && r.File.Revision != seen {
			return desk.ErrConflict
		}
		if err := f(tx, &r); err != nil {
			return err
		}
		if err := tx.SaveIncident(r); err != nil || !a.silent {
			return err
		}
		return a.settleNow(tx, who.Desk, r.ID)
	})
}

// ActOnIncident opens, mitigates, closes, dismisses or reopens one; its tickets
// follow. Errors: Invalid, by field; ErrConflict where its state does not allow
// that, or it has changed since it was seen.
func (a *App) ActOnIncident(ctx context.Context, who desk.Actor, number int64, seen int, act desk.IncidentAct, words string) error {
	return a.changeIncident(ctx, who, number, seen, func(tx *postgres.Tx, r *desk.IncidentRecord) error {
		was := r.State
		if err := r.Act(act, words, who.Person.ID, tx.Now); err != nil {
			return err
		}
		tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, act.Event(), nil, tx.Now))
		switch {
		case act == desk.DismissIncident:
			tx.LeaveAll(r.ID, who.Person.ID)
		case act == desk.CloseIncident && was == desk.IncidentMitigated: // nothing changes for its tickets
			return nil
		default:
			tx.Unsettle(r.ID)
		}
		return a.settleAfter(tx, r.ID)
	})
}

// DescribeIncident changes what it is about. Errors: as for ActOnIncident.
func (a *App) DescribeIncident(ctx context.Context, who desk.Actor, number int64, seen int, f desk.IncidentForm) error {
	return a.changeIncident(ctx, who, number, seen, func(tx *postgres.Tx, r *desk.IncidentRecord) error {
		kind := r.Kind
		if err := r.Describe(f, tx.Now); err != nil {
			return err
		}
		tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, desk.IncidentDescribed, nil, tx.Now))
		if r.Kind == kind {
			return nil
		}
		tx.Unsettle(r.ID) // they take its category
		return a.settleAfter(tx, r.ID)
	})
}

// SayOfIncident changes what customers read of it. Errors: as for ActOnIncident.
func (a *App) SayOfIncident(ctx context.Context, who desk.Actor, number int64, seen int, w desk.WordsForm) error {
	return a.changeIncident(ctx, who, number, seen, func(tx *postgres.Tx, r *desk.IncidentRecord) error {
		if err := r.Say(w, tx.Now); err != nil {
			return err
		}
		tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, desk.IncidentSaid, nil, tx.Now))
		return nil
	})
}

// RequestForIncident notes the one request at Microsoft that speaks for all its
// tickets, which then wait for Microsoft. Errors: Invalid on "request", also for
// the number of another incident; ErrConflict when it has another already.
func (a *App) RequestForIncident(ctx context.Context, who desk.Actor, number int64, seen int, request string) error {
	return a.changeIncident(ctx, who, number, seen, func(tx *postgres.Tx, r *desk.IncidentRecord) error {
		had := r.File.Request
		if err := r.TakeRequest(request, who.Person.ID, tx.Now); err != nil || had == r.File.Request {
			return err
		}
		tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, desk.IncidentRequested, map[string]string{"request": r.File.Request}, tx.Now))
		tx.Unsettle(r.ID)
		return a.settleAfter(tx, r.ID)
	})
}

// MergeIncident makes one part of another: its tickets, known issues and, where
// the other has none, its request go there. Errors: Invalid on "into"; ErrConflict.
func (a *App) MergeIncident(ctx context.Context, who desk.Actor, number int64, seen int, into int64) error {
	if err := who.May(desk.ManageIncidents); err != nil {
		return err
	}
	defer a.waiting.Delete(who.Desk.ID)
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		r, other, err := lockBoth(tx, number, into)
		if err != nil {
			return err
		}
		if seen != 0 && r.File.Revision != seen {
			return desk.ErrConflict
		}
		if err := r.MergeInto(&other, tx.Now); err != nil {
			return err
		}
		return a.merge(tx, who, r, other)
	})
}

// merge stores two incidents of which the first became part of the second.
func (a *App) merge(tx *postgres.Tx, who desk.Actor, r, other desk.IncidentRecord) error {
	moved, err := tx.MoveTickets(r.ID, other.ID)
	if err != nil {
		return err
	}
	tx.MoveLinks(r.ID, other.ID)
	if err := tx.SaveIncident(r); err != nil { // first: it may give its request away
		return err
	}
	if err := tx.SaveIncident(other); err != nil {
		return err
	}
	tx.AddIncidentEvent(desk.NewIncidentEvent(r.ID, who.Person.ID, desk.IncidentWasMerged, map[string]string{"into": strconv.FormatInt(other.Number, 10)}, tx.Now))
	tx.AddIncidentEvent(desk.NewIncidentEvent(other.ID, who.Person.ID, desk.IncidentTookIn, map[string]string{
		"from": strconv.FormatInt(r.Number, 10), "tickets": strconv.FormatInt(moved, 10)}, tx.Now))
	tx.Unsettle(other.ID)
	return a.settleSoon(tx, who.Desk, other.ID)
}

// lockBoth locks two incidents in the order of their numbers, so that two who
// merge them crosswise wait for each other. Errors: ErrNotFound for the first;
// Invalid on "into" for the second.
func lockBoth(tx *postgres.Tx, number, into int64) (r, other desk.IncidentRecord, err error) {
	if number == into {
		return r, other, desk.NewInvalid("into", "error.incident.into")
	}
	lock := func(n int64) (desk.IncidentRecord, error) {
		x, err := tx.LockIncident(n)
		if n == into && errors.Is(err, desk.ErrNotFound) {
			err = desk.NewInvalid("into", "error.incident.into")
		}
		return x, err
	}
	first, err := lock(min(number, into))
	if err != nil {
		return r, other, err
	}
	second, err := lock(max(number, into))
	if number < into {
		return first, second, err
	}
	return second, first, err
}

// LiveIncidents lists those that are not over, at most some seconds old.
func (a *App) LiveIncidents(ctx context.Context, who desk.Actor) ([]desk.IncidentRow, error) {
	if err := who.May(desk.ReadIncidents); err != nil {
		return nil, err
	}
	if k, ok := a.waiting.Load(who.Desk.ID); ok && a.now().Before(k.(knownIncidents).until) {
		return k.(knownIncidents).rows, nil
	}
	var rows []desk.IncidentRow
	err := a.db.View(ctx, desk.Scope{Desk: who.Desk.ID}, func(tx *postgres.Tx) (err error) {
		rows, err = tx.LiveIncidents()
		return err
	})
	if err == nil {
		a.waiting.Store(who.Desk.ID, knownIncidents{rows, a.now().Add(countMemory)})
	}
	return rows, err
}

// knownIncidents are those of a desk that are not over, remembered for the pages
// that count or offer them. Who may read them reads all of them.
type knownIncidents struct {
	rows  []desk.IncidentRow
	until time.Time
}
