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

// tellOfIncident writes to the desk's leads and admins that an incident waits for
// somebody to look at it: once, when it is proposed.
func (a *App) tellOfIncident(tx *postgres.Tx, r desk.IncidentRecord) error {
	return a.tellLeads(tx, func(to, letter desk.ID) river.JobArgs {
		return IncidentNotice{Desk: tx.Scope.Desk, Incident: r.Number, To: to, Letter: letter}
	})
}

// SendIncidentNotice works an IncidentNotice. What somebody has looked at by now
// is no news any more.
func (a *App) SendIncidentNotice(ctx context.Context, n IncidentNotice) error {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return err
	}
	reader, ok, err := a.told(ctx, d, n.To, desk.ReadIncidents)
	if err != nil || !ok {
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
	return a.post(ctx, l)
}
