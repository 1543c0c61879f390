package app

import (
	"context"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// AccessNotice is the job of telling one of the desk's people which access ends:
// all that one round found, in one letter.
type AccessNotice struct {
	Desk   desk.ID `json:"desk"`
	Round  desk.ID `json:"round"`
	To     desk.ID `json:"to"`
	Letter desk.ID `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (AccessNotice) Kind() string { return "access_notice" }

// mostEnding bounds one round; the rest is for the next.
const mostEnding = 500

// warnOfAccess tells the desk's leads and admins of access that ends in 30, 7 or 1
// days, once for each.
func (a *App) warnOfAccess(tx *postgres.Tx) error {
	if a.silent {
		return nil
	}
	ending, err := tx.EndingAccess(tx.Now.Add(desk.FirstWarning), mostEnding)
	if err != nil {
		return err
	}
	list := desk.Warnings(ending, tx.Now)
	if len(list) == 0 {
		return nil
	}
	round := desk.NewID()
	n, err := tx.AddAccessWarnings(round, list)
	if err != nil || n == 0 { // somebody else warned meanwhile
		return err
	}
	return a.tellLeads(tx, func(to, letter desk.ID) river.JobArgs {
		return AccessNotice{Desk: tx.Scope.Desk, Round: round, To: to, Letter: letter}
	})
}

// SendAccessNotice works an AccessNotice.
func (a *App) SendAccessNotice(ctx context.Context, n AccessNotice) error {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return err
	}
	reader, ok, err := a.told(ctx, d, n.To, desk.ReadAccess)
	if err != nil || !ok {
		return err
	}
	l := mail.Letter{ID: n.Letter, Kind: mail.AccessEnding, Desk: d, To: reader.Person, Written: a.now(), Path: "/" + d.Slug + "/settings/customers"}
	if reader.May(desk.ManageAccess) == nil {
		l.Path = "/" + d.Slug + "/settings/access?state=soon"
	}
	err = a.db.View(ctx, reader.Scope(), func(tx *postgres.Tx) (err error) {
		l.Access, err = tx.AccessWarnings(n.Round)
		return err
	})
	if err != nil || len(l.Access) == 0 { // it was removed meanwhile
		return err
	}
	return a.post(ctx, l)
}
