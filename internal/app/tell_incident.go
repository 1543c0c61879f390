package app

import (
	"context"
	"errors"
	"strconv"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// IncidentNotice is the job of telling one of the desk's people that detection
// proposes an incident.
type IncidentNotice struct {
	Desk     desk.ID `json:"desk"`
	Incident int64   `json:"incident"`
	To       desk.ID `json:"to"`
	Letter   desk.ID `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (IncidentNotice) Kind() string { return "incident_notice" }

// tellLeads writes to the desk's leads and admins that an incident waits for
// somebody to look at it: once, when it is proposed.
func (a *App) tellLeads(tx *postgres.Tx, r desk.IncidentRecord) error {
	if a.silent {
		return nil
	}
	people, err := tx.Agents()
	if err != nil {
		return err
	}
	for _, p := range people {
		if !p.Active || p.Role == desk.Agent || p.SubcontractorID != desk.Nobody {
			continue
		}
		job := IncidentNotice{Desk: tx.Scope.Desk, Incident: r.Number, To: p.ID, Letter: desk.NewID()}
		if err := tx.Enqueue(job, &river.InsertOpts{MaxAttempts: noticeTries}); err != nil {
			return err
		}
	}
	return nil
}

// SendIncidentNotice works an IncidentNotice. What somebody has looked at by now
// is no news any more.
func (a *App) SendIncidentNotice(ctx context.Context, n IncidentNotice) error {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return err
	}
	reader, err := a.recipient(ctx, d, n.To)
	if errors.Is(err, desk.ErrNotFound) || err == nil && reader.May(desk.ReadIncidents) != nil {
		return nil
	}
	if err != nil {
		return err
	}
	l := mail.Letter{ID: n.Letter, Kind: mail.IncidentProposed, Desk: d, To: reader.Person, Written: a.now(),
		Path: "/" + d.Slug + "/incidents/" + strconv.FormatInt(n.Incident, 10)}
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) error {
		i, err := tx.Incident(n.Incident)
		if err != nil {
			return err
		}
		l.Incident, err = tx.IncidentRecord(i.ID)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) || err == nil && l.Incident.State != desk.IncidentProposed {
		return nil
	}
	if err != nil {
		return err
	}
	return a.mail.Send(ctx, l)
}
