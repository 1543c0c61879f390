package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SendAnnouncement is the job of one word to many tickets.
type SendAnnouncement struct {
	Desk desk.ID `json:"desk"`
	ID   desk.ID `json:"id"`
}

// Kind names the job.
func (SendAnnouncement) Kind() string { return "announcement" }

// AnnounceTime is the longest that one announcement may take.
const AnnounceTime = 10 * time.Minute

// announceBatch is after how many tickets the page is told how far it is.
const announceBatch = 50

// SendAnnouncements works a SendAnnouncement. One whose worker was lost starts
// over: a ticket that has its message already gets no second.
func (a *App) SendAnnouncements(ctx context.Context, job SendAnnouncement) error {
	scope := desk.Scope{Desk: job.Desk}
	n, who, err := a.beginAnnouncement(ctx, scope, job)
	if errors.Is(err, desk.ErrNotFound) || err == nil && n.State.Over() {
		return nil
	}
	if err == nil {
		err = a.sendAll(ctx, who, &n)
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	failed := a.saveAnnouncement(end, scope, &n, desk.AnnouncementFailed)
	return errors.Join(fmt.Errorf("announcement %s: %w", n.ID, err), failed)
}

func (a *App) beginAnnouncement(ctx context.Context, scope desk.Scope, job SendAnnouncement) (n desk.Announcement, who desk.Actor, err error) {
	if who.Desk, err = a.deskByID(ctx, job.Desk); err != nil {
		return n, who, err
	}
	err = a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		if n, err = tx.Announcement(job.ID); err != nil || n.State.Over() {
			return err
		}
		if who.Person, err = tx.Person(n.PersonID); err != nil {
			return err
		}
		n.State, n.Done, n.Skipped = desk.AnnouncementRunning, 0, 0
		tx.SaveAnnouncement(n)
		return nil
	})
	return n, who, err
}

func (a *App) sendAll(ctx context.Context, who desk.Actor, n *desk.Announcement) error {
	scope := desk.Scope{Desk: who.Desk.ID}
	about := desk.About{Issue: n.IssueID, Incident: n.IncidentID}
	for after := desk.Nobody; ; {
		var batch []postgres.AnnouncedTicket
		err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
			batch, err = tx.AnnouncedTickets(about, after, announceBatch)
			return err
		})
		if err != nil {
			return err
		}
		for _, k := range batch {
			sent, err := a.sendOne(ctx, who, *n, k)
			if err != nil {
				return err
			}
			if sent {
				n.Done++
			}
			after = k.ID
		}
		if len(batch) < announceBatch {
			n.Skipped = max(n.Total-n.Done, 0) // ended, or left, since they were counted
			n.Total = n.Done + n.Skipped
			return a.saveAnnouncement(ctx, scope, n, desk.AnnouncementDone)
		}
		if err := a.saveAnnouncement(ctx, scope, n, desk.AnnouncementRunning); err != nil {
			return err
		}
	}
}

func (a *App) saveAnnouncement(ctx context.Context, scope desk.Scope, n *desk.Announcement, state desk.AnnouncementState) error {
	return a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		if n.State = state; state.Over() {
			n.EndedAt = &tx.Now
		}
		tx.SaveAnnouncement(*n)
		return nil
	})
}

// sendOne says it on one ticket, as its author would by hand: in the words of its
// reader's language, a person's reply, with a letter. It reports false for a ticket
// that has ended meanwhile.
func (a *App) sendOne(ctx context.Context, who desk.Actor, n desk.Announcement, to postgres.AnnouncedTicket) (sent bool, err error) {
	language := to.Language
	if language == "" {
		language = who.Desk.Language
	}
	err = a.db.Update(ctx, desk.Scope{Desk: who.Desk.ID}, func(tx *postgres.Tx) error {
		k, err := tx.LockTicket(to.Number, desk.Person{})
		if err != nil || k.State.Ended() {
			return err
		}
		sent = true
		m, err := desk.NewMessage(k, who.Person, n.In(language), false, n.KeyFor(k.ID), tx.Now)
		if err != nil {
			return err
		}
		tx.AddMessage(m)
		l, err := a.level(tx, who.Desk, k)
		if err != nil {
			return err
		}
		k.DeskWrote(l, tx.Now)
		if err := a.restOnIssue(tx, who.Desk, &k); err != nil {
			return err
		}
		tx.SaveTicket(k)
		tx.AddKept(k.TakeEnded())
		return a.tellOthers(tx, who, k, NoticeReply, m.ID)
	})
	if errors.Is(err, desk.ErrConflict) { // it was said before the worker was lost
		return true, nil
	}
	if errors.Is(err, desk.ErrNotFound) {
		return false, nil
	}
	return sent, err
}
