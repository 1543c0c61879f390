package app

import (
	"context"
	"errors"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// ofDossier finds the escalation whose dossier a mail answers.
func (a *App) ofDossier(ctx context.Context, m *inMail) (desk.Escalation, bool) {
	for _, address := range m.Recipients {
		if d, e, err := a.RepliedTo(ctx, address); err == nil && d.ID == m.desk.ID {
			return e, true
		}
	}
	return desk.Escalation{}, false
}

// takeProviders records what a provider or a publisher answered to a dossier. It must
// come from the address that the desk's list has for one of them, or from a colleague
// there, and no check may have failed.
func (a *App) takeProviders(ctx context.Context, m *inMail, e desk.Escalation) error {
	known := false
	err := a.db.View(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error {
		h, err := tx.Handover()
		parties := slices.Concat(h.Providers, h.Publishers)
		known = slices.ContainsFunc(parties, func(p desk.HandoverProvider) bool {
			_, of := h.PartyOf(e.Target, p.Key)
			return of && p.Email != "" && desk.DomainOf(p.Email) == desk.DomainOf(m.FromEmail)
		})
		return err
	})
	if err != nil {
		return err
	}
	if !known || m.Vouched.Sender() == desk.SenderFailed {
		return a.settleMail(ctx, m, desk.MailQuarantined, desk.MailProvider)
	}
	author := m.FromName
	if author == "" {
		author = m.FromEmail
	}
	text := mailedText(m, a.printer(desk.Actor{Desk: m.desk}))
	if text == "" { // files alone
		text = mailedSubject(m, a.printer(desk.Actor{Desk: m.desk}))
	}
	err = a.db.Update(ctx, desk.Scope{Desk: m.desk.ID}, func(tx *postgres.Tx) error {
		e, err := tx.LockEscalation(e.Number)
		if err != nil {
			return err
		}
		n := desk.EscalationEntry{ID: desk.NewID(), EscalationID: e.ID, Side: desk.Them, Source: desk.FromMail, Remote: "mail-" + m.ID.String(), Author: author,
			Body: text, At: tx.Now, CreatedAt: tx.Now}
		who := desk.Actor{Desk: m.desk}
		fresh, err := a.enter(tx, who, &e, n)
		if err != nil {
			return err
		}
		if fresh && e.State.Filed() {
			if err := a.moveTo(tx, who, &e, desk.Step{State: desk.EscalationWaitsUs}); err != nil {
				return err
			}
		}
		m.Settle(desk.MailTaken, "", desk.Nobody, tx.Now)
		m.Fit()
		return errors.Join(tx.SaveMail(m.Mail), tx.SaveEscalation(e))
	})
	return err
}
