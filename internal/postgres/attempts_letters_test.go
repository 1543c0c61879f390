package postgres_test

import (
	"maps"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"ThreadOf": reads(func(tx *postgres.Tx, i intruder) ([]desk.InThread, error) {
			return tx.ThreadOf(i.theirs.ticket.ID, i.theirs.contact.ID, desk.NewID(), 8)
		}),
		"LetterTexts":   reads(func(tx *postgres.Tx, _ intruder) ([]desk.LetterText, error) { return tx.LetterTexts() }),
		"LetterHistory": reads(func(tx *postgres.Tx, _ intruder) ([]desk.LetterText, error) { return tx.LetterHistory("reply") }),
		"AddLetterText": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.AddLetterText(desk.LetterText{Kind: "reply", Language: "fr", Revision: 1, Body: "x", PersonID: i.theirs.contact.ID})
		}),
		"Sender": finds(func(tx *postgres.Tx, _ intruder) (desk.Sender, error) { return tx.Sender() }),
		"SaveSender": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveSender(desk.Sender{Domain: "x.example", PersonID: i.theirs.contact.ID}, 0)
		}),
		"SenderDomainFree": reads(func(tx *postgres.Tx, _ intruder) (bool, error) {
			free, err := tx.SenderDomainFree("nobodys.example")
			return !free, err
		}),
		"SettleDelivery": writes(func(tx *postgres.Tx, i intruder) error {
			return none(tx.SettleDelivery(i.theirs.said.ID, desk.DeliveryBounced, "x", true))
		}),
		"CountBounce": writes(func(tx *postgres.Tx, i intruder) error {
			return none(tx.CountBounce(i.theirs.contact.ID, i.theirs.contact.Email, "x"))
		}),
		"ClearFailing": writes(func(tx *postgres.Tx, i intruder) error { return tx.ClearFailing(i.theirs.contact.ID) }),
		"HeardFrom":    touches0(func(tx *postgres.Tx, i intruder) { tx.HeardFrom(i.theirs.contact.Email) }),
		"StuckDeliveries": reads(func(tx *postgres.Tx, _ intruder) ([]desk.LetterTo, error) {
			return tx.StuckDeliveries(tx.Now.Add(time.Hour), 10)
		}),
		"OwedLetters": reads(func(tx *postgres.Tx, _ intruder) ([]desk.OwedLetter, error) {
			return tx.OwedLetters(tx.Now.Add(time.Hour), tx.Now.Add(time.Hour), 10)
		}),
		"SweepReceipts":   touches0(func(tx *postgres.Tx, _ intruder) { _, _ = tx.SweepReceipts(tx.Now.Add(time.Hour), 10) }),
		"SweepDeliveries": touches0(func(tx *postgres.Tx, _ intruder) { _, _ = tx.SweepDeliveries(tx.Now.Add(time.Hour), 10) }),
	})
}

// none is an error where an intruder's change found nothing.
func none(done bool, err error) error {
	if err == nil && !done {
		return desk.ErrNotFound
	}
	return err
}
