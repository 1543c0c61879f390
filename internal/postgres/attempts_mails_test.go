package postgres_test

import (
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(digested, map[string]string{"mails": "customer_id", "mail_settings": ""})
	of := func(i intruder) desk.ID { return i.theirs.said.ID } // the mail has the message's id
	maps.Copy(attempts, map[string]attempt{
		"Mail":     finds(func(tx *postgres.Tx, i intruder) (desk.Mail, error) { return tx.Mail(of(i)) }),
		"LockMail": finds(func(tx *postgres.Tx, i intruder) (desk.Mail, error) { return tx.LockMail(of(i)) }),
		"AddMail": {call: func(tx *postgres.Tx, i intruder) (any, error) { // there is nothing of another's in one
			m := staged(desk.NewID(), tx.Now)
			if tx.Scope.Customer == desk.Nobody && tx.Scope.Subcontractor == nil {
				tx.AddMail(m)
			}
			return nil, nil
		}},
		"SaveMail": writes(func(tx *postgres.Tx, i intruder) error {
			m := staged(of(i), tx.Now)
			m.State = desk.MailDropped
			return tx.SaveMail(m)
		}),
		"MailTaken": finds(func(tx *postgres.Tx, i intruder) (desk.Mail, error) {
			return tx.MailTaken(of(i).String(), "x@"+i.theirs.ID.String()+".test")
		}),
		"RecentMails": reads(func(tx *postgres.Tx, i intruder) (int64, error) {
			return tx.RecentMails("x@"+i.theirs.ID.String()+".test", tx.Now.Add(-time.Hour))
		}),
		"Mails": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Mail, error) {
			return tx.Mails([]desk.MailState{desk.MailQuarantined, desk.MailIgnored, desk.MailDropped}, desk.Nobody)
		}),
		"MailOf": finds(func(tx *postgres.Tx, i intruder) (desk.Mail, error) {
			return tx.MailOf(i.theirs.ticket.ID, i.theirs.said.ID, true)
		}),
		"MessageByKey": finds(func(tx *postgres.Tx, i intruder) (desk.Message, error) {
			return tx.MessageByKey(i.theirs.contact.ID, i.theirs.key)
		}),
		"PlaceInText": touches0(func(tx *postgres.Tx, i intruder) { tx.PlaceInText(i.theirs.said.ID, i.theirs.said.ID, "x") }),
		"CustomersByDomain": reads(func(tx *postgres.Tx, i intruder) ([]desk.Customer, error) {
			return tx.CustomersByDomain(i.theirs.InitialDomain + "x")
		}),
		"MailSettings": {call: func(tx *postgres.Tx, _ intruder) (any, error) { return tx.MailSettings() }},
		"SaveMailSettings": {call: func(tx *postgres.Tx, i intruder) (any, error) { // his desk's own, or none
			if tx.Scope.Customer == desk.Nobody && tx.Scope.Subcontractor == nil {
				tx.SaveMailSettings(desk.MailSettings{Unknown: desk.UnknownWaits, Addresses: []string{}})
			}
			return nil, nil
		}},
	})
}

func staged(id desk.ID, now time.Time) desk.Mail {
	return desk.Mail{ID: id, Blob: "b/" + id.String(), Bytes: 1, Sum: "s", Via: desk.ViaSMTP, Recipients: []string{}, Problems: []string{}, State: desk.MailWaiting, CreatedAt: now}
}

// mailed has a customer's message come by mail.
func (w *world) mailed(t *testing.T, p partner, c company) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		m := staged(c.said.ID, tx.Now)
		tx.AddMail(m)
		m.MessageID, m.FromEmail, m.Subject, m.State = m.ID.String(), "x@"+c.ID.String()+".test", "a secret mail of "+c.Name, desk.MailTaken
		m.Number, m.TicketID, m.CustomerID, m.Message = c.ticket.Number, c.ticket.ID, c.ID, c.said.ID
		return tx.SaveMail(m)
	})
}

// The desk's own clock learns which desks have a mailbox to be read, and a customer's
// person nothing of how his desk takes mail.
func TestMailboxesAreReadWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	due := func(want int) {
		t.Helper()
		if err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) error {
			list, err := tx.DesksWithMailbox(10)
			if len(list) != want || want == 1 && list[0] != w.one.desk.ID {
				t.Errorf("due: %v, want %d", list, want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	due(0)
	s := desk.MailSettings{Unknown: desk.UnknownWaits, Addresses: []string{}, Mailbox: desk.Mailbox{Kind: desk.MailboxIMAP, Host: "h:993", User: "u", On: true}, Secret: []byte("x")}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { tx.SaveMailSettings(s); return nil })
	due(1)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		tx.SaveMailSettings(s.Read(desk.MailPlace{UID: 7}, "mailin.trouble.reach", tx.Now))
		return nil
	})
	due(0)
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		got, err := tx.MailSettings()
		if got.Place.UID != 7 || got.Failures != 1 || got.NextAt == nil || got.Mailbox.Host != "h:993" {
			t.Errorf("kept: %+v", got)
		}
		return err
	})
}
