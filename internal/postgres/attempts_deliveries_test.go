package postgres_test

import (
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(digested, map[string]string{"deliveries": "customer_id", "notices": "customer_id"})
	of := func(i intruder) desk.ID { return i.theirs.said.ID } // the letter has the message's id
	maps.Copy(attempts, map[string]attempt{
		"GatherDelivery": writes(func(tx *postgres.Tx, i intruder) error {
			d := gathering(i.theirs, tx.Now)
			d.ID = desk.NewID()
			_, err := tx.GatherDelivery(d, time.Hour)
			return err
		}),
		"AddNotice": puts(func(tx *postgres.Tx, i intruder) {
			n := news(i.theirs, tx.Now)
			n.ID = desk.NewID()
			tx.AddNotice(n)
		}),
		"LockDelivery":  finds(func(tx *postgres.Tx, i intruder) (desk.Delivery, error) { return tx.LockDelivery(of(i)) }),
		"CloseDelivery": touches0(func(tx *postgres.Tx, i intruder) { tx.CloseDelivery(of(i)) }),
		"NoticesOf":     reads(func(tx *postgres.Tx, i intruder) ([]desk.Notice, error) { return tx.NoticesOf(of(i)) }),
		"BeginDelivery": writes(func(tx *postgres.Tx, i intruder) error { return tx.BeginDelivery(gathering(i.theirs, tx.Now)) }),
		"EndDelivery":   touches0(func(tx *postgres.Tx, i intruder) { tx.EndDelivery(of(i), desk.DeliverySent, "x") }),
		"TakeDaily":     touches0(func(tx *postgres.Tx, i intruder) { tx.TakeDaily(desk.NewID(), i.theirs.contact.ID) }),
	})
}

func gathering(c company, now time.Time) desk.Delivery {
	return desk.Delivery{ID: c.said.ID, Kind: "digest", PersonID: c.contact.ID, TicketID: c.ticket.ID, CustomerID: c.ID, BeganAt: now, DueAt: now.Add(time.Minute)}
}

func news(c company, now time.Time) desk.Notice {
	return desk.Notice{ID: c.said.ID, PersonID: c.contact.ID, TicketID: c.ticket.ID, CustomerID: c.ID, About: "reply", Message: c.said.ID, DeliveryID: c.said.ID, CreatedAt: now}
}

// told has a letter wait for a company's contact.
func (w *world) told(t *testing.T, p partner, c company) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		_, err := tx.GatherDelivery(gathering(c, tx.Now), time.Hour)
		tx.AddNotice(news(c, tx.Now))
		return err
	})
}

// A letter gathers until it is closed, is due a little later for each piece of news but
// never longer after the first than it may, and is begun until it was sent.
func TestALetterGathersAndIsSentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.first
	lock := func(id desk.ID) (d desk.Delivery) {
		t.Helper()
		w.update(t, w.one.scope(), func(tx *postgres.Tx) (err error) { d, err = tx.LockDelivery(id); return err })
		return d
	}
	began := lock(c.said.ID)
	add := func(after time.Duration) (id desk.ID) {
		t.Helper()
		w.update(t, w.one.scopeOf(c), func(tx *postgres.Tx) (err error) { // as the customer's own act does
			d := gathering(c, began.BeganAt.Add(after))
			d.ID = desk.NewID()
			id, err = tx.GatherDelivery(d, 15*time.Minute)
			return err
		})
		return id
	}
	for _, after := range []time.Duration{5 * time.Minute, 14*time.Minute + 30*time.Second} {
		if id := add(after); id != c.said.ID {
			t.Errorf("after %s another letter is begun", after)
		}
	}
	if d := lock(c.said.ID); !d.DueAt.Equal(began.BeganAt.Add(15*time.Minute)) || d.State != desk.DeliveryGathering {
		t.Errorf("it is %s, due %s after it began", d.State, d.DueAt.Sub(began.BeganAt))
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { tx.CloseDelivery(c.said.ID); return nil })
	if id := add(time.Minute); id == c.said.ID {
		t.Error("a closed letter gathers")
	}
	begin := func() (err error) {
		return w.db.Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return tx.BeginDelivery(gathering(c, tx.Now)) })
	}
	for range 2 { // a worker was lost after the first
		if err := begin(); err != nil {
			t.Fatal(err)
		}
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { tx.EndDelivery(c.said.ID, desk.DeliverySent, "250 taken"); return nil })
	if err := begin(); err == nil {
		t.Error("what was sent is begun again")
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { tx.EndDelivery(c.said.ID, desk.DeliveryDropped, ""); return nil })
	if d := lock(c.said.ID); d.State != desk.DeliverySent || d.Tries != 2 || d.SentAt == nil || d.Answer != "250 taken" {
		t.Errorf("it is %+v", d)
	}
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.NoticesOf(c.said.ID)
		if len(list) != 1 || list[0].Message != c.said.ID || list[0].About != "reply" {
			t.Errorf("it tells %+v", list)
		}
		return err
	})
}
