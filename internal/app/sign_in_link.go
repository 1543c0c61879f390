package app

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// linksAnHour is how many sign-in links one person can be mailed: enough for
// somebody who mistypes, too few to fill a mailbox.
const linksAnHour = 5

// LinkNotice is the job of mailing a sign-in link. The token is derived from
// the link's id when the letter is written, so no job holds it.
type LinkNotice struct {
	Desk   desk.ID `json:"desk"`
	Link   desk.ID `json:"link"`
	Person desk.ID `json:"person"`
}

// Kind names the job.
func (LinkNotice) Kind() string { return "sign_in_link" }

// LinkRequest is the job of finding out whether an address is known. It is
// made for any address, so that neither the answer nor its time tells.
type LinkRequest struct {
	Desk  desk.ID `json:"desk"`
	Email string  `json:"email"`
}

// Kind names the job.
func (LinkRequest) Kind() string { return "sign_in_link_request" }

// AskForLink has a sign-in link mailed to an address that the desk already
// knows. Errors: Invalid on a malformed address; ErrForbidden where the desk
// turned it off.
func (a *App) AskForLink(ctx context.Context, d desk.Desk, email string) error {
	if !d.EmailSignIn {
		return desk.ErrForbidden
	}
	email, err := desk.Address(email)
	if err != nil {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		return tx.Enqueue(LinkRequest{d.ID, email}, &river.InsertOpts{MaxAttempts: 5})
	})
}

// PrepareLinks works a LinkRequest: a link for each person with the address.
func (a *App) PrepareLinks(ctx context.Context, r LinkRequest) error {
	return a.db.Update(ctx, desk.Scope{Desk: r.Desk}, func(tx *postgres.Tx) error {
		people, err := tx.PeopleByEmail(r.Email)
		if err != nil {
			return err
		}
		for _, p := range people {
			if err := a.mailLink(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) mailLink(tx *postgres.Tx, p desk.Person) error {
	if err := tx.Hold(p.ID); err != nil { // requests at once are counted one by one
		return err
	}
	n, err := tx.RecentLinks(p.ID, tx.Now.Add(-time.Hour))
	if err != nil || n >= linksAnHour {
		return err
	}
	id := desk.NewID()
	if err := tx.AddLink(id, p.ID, tokenHash(a.secrets.linkToken(id)), tx.Now.Add(mail.LinkLife)); err != nil {
		return err
	}
	return tx.Enqueue(LinkNotice{tx.Scope.Desk, id, p.ID}, &river.InsertOpts{MaxAttempts: 5})
}

// SendLink writes and sends a sign-in link, unless it would arrive too late.
func (a *App) SendLink(ctx context.Context, n LinkNotice) error {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return err
	}
	l := mail.Letter{ID: n.Link, Kind: mail.Link, Desk: d, Path: "/" + d.Slug + "/sign-in/link/" + a.secrets.linkToken(n.Link), Written: a.now()}
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		if err := tx.LinkIsOpen(n.Link); err != nil {
			return err
		}
		l.To, err = tx.Person(n.Person)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.post(ctx, l)
}

// UseLink spends a mailed link. Errors: ErrNotFound when it is unknown, spent,
// expired, or its person may no longer come in.
func (a *App) UseLink(ctx context.Context, d desk.Desk, token string) (desk.Person, error) {
	var p desk.Person
	if !d.EmailSignIn {
		return p, desk.ErrForbidden
	}
	err := a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		id, err := tx.UseLink(tokenHash(token))
		if err != nil {
			return err
		}
		if p, err = tx.Person(id); err != nil {
			return err
		}
		return admitted(tx, p)
	})
	return p, err
}

// admitted refuses a person who was switched off, or whose company was.
func admitted(tx *postgres.Tx, p desk.Person) error {
	if !p.Active {
		return desk.ErrNotFound
	}
	if p.SubcontractorID != desk.Nobody {
		c, err := tx.Subcontractor(p.SubcontractorID)
		if err == nil && !c.Active {
			return desk.ErrNotFound
		}
		return err
	}
	if p.CustomerID == desk.Nobody {
		return nil
	}
	c, err := tx.Customer(p.CustomerID)
	if err == nil && !c.Active {
		return desk.ErrNotFound
	}
	return err
}
