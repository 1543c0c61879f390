package postgres_test

import (
	"maps"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// across is a hand-off that the intruder makes up, of the other's escalation and to
// himself: its ids are the other's, and no link stands behind it.
func across(i intruder) desk.Handoff {
	return desk.Handoff{ID: i.theirs.ticket.ID, LinkID: i.theirs.ID, ResellerID: i.desk.desk.ID, ProviderID: i.at.desk.ID, EscalationID: i.theirs.ticket.ID, TicketID: i.theirs.ticket.ID}
}

func init() {
	maps.Copy(attempts, map[string]attempt{
		"ProviderLinks":   reads(func(tx *postgres.Tx, _ intruder) ([]desk.NamedLink, error) { return tx.ProviderLinks() }),
		"ProvidersLinked": reads(func(tx *postgres.Tx, _ intruder) ([]desk.NamedLink, error) { return tx.ProvidersLinked() }),
		"LockProviderLink": finds(func(tx *postgres.Tx, i intruder) (desk.ProviderLink, error) {
			return tx.LockProviderLink(i.theirs.ID)
		}),
		"ProviderLink":     finds(func(tx *postgres.Tx, i intruder) (desk.ProviderLink, error) { return tx.ProviderLink(i.theirs.ID) }),
		"HoldProviderLink": writes(func(tx *postgres.Tx, i intruder) error { return tx.HoldProviderLink(i.theirs.ID) }),
		"AddProviderLink": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.AddProviderLink(desk.ProviderLink{ID: desk.NewID(), ResellerID: i.desk.desk.ID, ProviderID: i.at.desk.ID, State: desk.LinkActive, AskedBy: desk.ProviderSide,
				CustomerID: i.theirs.ID, SpeakerID: i.theirs.contact.ID, AskedAt: tx.Now, AgreedAt: &tx.Now})
		}),
		"SaveProviderLink": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveProviderLink(desk.ProviderLink{ID: i.theirs.ID, State: desk.LinkEnded, EndedAt: &tx.Now, EndedBy: desk.ResellerSide})
		}),
		"CrossesDesks": reads(func(tx *postgres.Tx, _ intruder) (bool, error) { return tx.CrossesDesks(desk.ProviderSide) }),

		"Handoff":     finds(func(tx *postgres.Tx, i intruder) (desk.Handoff, error) { return tx.Handoff(across(i).ID) }),
		"LockHandoff": finds(func(tx *postgres.Tx, i intruder) (desk.Handoff, error) { return tx.LockHandoff(across(i).ID) }),
		"HandoffOfEscalation": finds(func(tx *postgres.Tx, i intruder) (desk.Handoff, error) {
			return tx.HandoffOfEscalation(across(i).EscalationID)
		}),
		"HandoffOfTicket": finds(func(tx *postgres.Tx, i intruder) (desk.Handoff, error) { return tx.HandoffOfTicket(i.theirs.ticket.ID) }),
		"HandedOn":        finds(func(tx *postgres.Tx, i intruder) (desk.HandedOn, error) { return tx.HandedOn(i.theirs.ticket.ID) }),
		"HandedFiles":     reads(func(tx *postgres.Tx, i intruder) ([]desk.HandedFile, error) { return tx.HandedFiles(across(i).ID) }),
		"HandedFile": finds(func(tx *postgres.Tx, i intruder) (desk.HandedFile, error) {
			return tx.HandedFile(across(i).ID, i.theirs.escalation.ID)
		}),
		"OpenHandoffs": reads(func(tx *postgres.Tx, i intruder) ([]desk.Handoff, error) {
			return tx.OpenHandoffs(across(i).LinkID, desk.Nobody, 10)
		}),
		"AddHandoff": writes(func(tx *postgres.Tx, i intruder) error {
			h := across(i)
			h.ID, h.ProviderID = desk.NewID(), i.desk.desk.ID
			return tx.AddHandoff(h)
		}),
		"TakeHandoff": writes(func(tx *postgres.Tx, i intruder) error { return tx.TakeHandoff(across(i).ID, i.theirs.ticket.ID, 1) }),
		"EndHandoff":  touches0(func(tx *postgres.Tx, i intruder) { tx.EndHandoff(across(i)) }),
		"AddHandoffItem": writes(func(tx *postgres.Tx, i intruder) error {
			_, err := tx.AddHandoffItem(across(i), desk.HandoffItem{Kind: desk.HandoffMessage, Key: "k", Data: map[string]string{"body": "x"}, CreatedAt: tx.Now})
			return err
		}),
		"UntakenItems": reads(func(tx *postgres.Tx, i intruder) ([]desk.HandoffItem, error) { return tx.UntakenItems(across(i)) }),
		"TakeItem": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.TakeItem(desk.HandoffItem{HandoffID: across(i).ID, Side: desk.ResellerSide, Seq: 1})
		}),
	})
}
