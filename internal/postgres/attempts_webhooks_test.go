package postgres_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Webhooks": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.Webhooks()
			return len(slices.DeleteFunc(list, func(w desk.Webhook) bool { return w.ID != i.desk.hook() })), err
		}),
		"Webhook":     finds(func(tx *postgres.Tx, i intruder) (desk.Webhook, error) { return tx.Webhook(i.desk.hook()) }),
		"LockWebhook": finds(func(tx *postgres.Tx, i intruder) (desk.Webhook, error) { return tx.LockWebhook(i.desk.hook()) }),
		"AddWebhook": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddWebhook(desk.Webhook{ID: desk.NewID(), URL: "https://mine.example", Events: []string{"ticket.created"}, Secret: []byte("s"), Active: true, CreatedAt: tx.Now}, i.desk.agent.ID)
		}),
		"SaveWebhook": touches0(func(tx *postgres.Tx, i intruder) {
			tx.SaveWebhook(desk.Webhook{ID: i.desk.hook(), URL: "https://mine.example", Events: []string{"ticket.created"}, Secret: []byte("mine"), ChangedAt: tx.Now})
		}),
		"RemoveWebhook":  writes(func(tx *postgres.Tx, i intruder) error { return tx.RemoveWebhook(i.desk.hook()) }),
		"HoldWebhook":    writes(func(tx *postgres.Tx, i intruder) error { return tx.HoldWebhook(i.desk.hook(), tx.Now.Add(time.Hour)) }),
		"ReleaseWebhook": reads(func(tx *postgres.Tx, i intruder) (bool, error) { return tx.ReleaseWebhook(i.desk.hook(), true) }),
		"NextDelivery":   reads(func(tx *postgres.Tx, i intruder) (*time.Time, error) { return tx.NextDelivery(i.desk.hook()) }),
		"DueDeliveries": reads(func(tx *postgres.Tx, i intruder) ([]desk.WebhookDelivery, error) {
			return tx.DueDeliveries(i.desk.hook(), 10)
		}),
		"WebhookDeliveries": reads(func(tx *postgres.Tx, i intruder) ([]desk.WebhookDelivery, error) {
			list, _, err := tx.WebhookDeliveries(i.desk.hook(), "", desk.Cursor{}, 10)
			return list, err
		}),
		"WebhookDelivery": finds(func(tx *postgres.Tx, i intruder) (desk.WebhookDelivery, error) {
			return tx.WebhookDelivery(i.desk.hook(), i.desk.hook())
		}),
		"WebhookAttempts": reads(func(tx *postgres.Tx, i intruder) ([]desk.WebhookAttempt, error) {
			return tx.WebhookAttempts(i.desk.hook())
		}),
		"AddWebhookDelivery": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddWebhookDelivery(desk.WebhookDelivery{ID: desk.NewID(), WebhookID: i.desk.hook(), Event: desk.WebhookTested, Body: "{}", State: desk.WebhookWaiting, DueAt: tx.Now, CreatedAt: tx.Now})
		}),
		"SaveWebhookDelivery": touches0(func(tx *postgres.Tx, i intruder) {
			tx.SaveWebhookDelivery(desk.WebhookDelivery{ID: i.desk.hook(), WebhookID: i.desk.hook(), State: desk.WebhookFailed, DueAt: tx.Now})
		}),
		"AddWebhookAttempt": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddWebhookAttempt(desk.WebhookAttempt{ID: desk.NewID(), DeliveryID: i.desk.hook(), Status: 200, CreatedAt: tx.Now})
		}),
		"ForgetWebhookDeliveries": touches0(func(tx *postgres.Tx, _ intruder) { tx.ForgetWebhookDeliveries(time.Time{}) }),
		"SealedWebhooks": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.SealedWebhooks()
			return len(slices.DeleteFunc(list, func(w postgres.SealedWebhook) bool { return w.ID != i.desk.hook() })), err
		}),
		"ResealWebhook": touches0(func(tx *postgres.Tx, i intruder) {
			tx.ResealWebhook(postgres.SealedWebhook{ID: i.desk.hook(), Secret: []byte("secret")}, postgres.SealedWebhook{ID: i.desk.hook(), Secret: []byte("mine")})
		}),
	})
}

// hook is the id of the webhook that every desk of a world has, of the one message that
// was sent to it, and of that message's one try.
func (p partner) hook() desk.ID { return p.agent.ID }

// hooks gives a desk a webhook that nothing is told from now on: other tests make
// rows of their own.
func (w *world) hooks(t *testing.T, p partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		tx.AddWebhook(desk.Webhook{ID: p.hook(), URL: "https://" + p.desk.Slug + ".example/hook", Events: []string{string(desk.WebhookTested)}, Secret: []byte("secret"), Active: true, CreatedAt: tx.Now}, p.agent.ID)
		tx.AddWebhookDelivery(desk.WebhookDelivery{ID: p.hook(), WebhookID: p.hook(), Event: desk.WebhookTested, Body: `{"of":"` + p.desk.Slug + `"}`, State: desk.WebhookWaiting, DueAt: tx.Now, CreatedAt: tx.Now})
		tx.AddWebhookAttempt(desk.WebhookAttempt{ID: p.hook(), DeliveryID: p.hook(), Status: 500, Answer: "of " + p.desk.Slug, CreatedAt: tx.Now})
		return nil
	})
}

// What a customer's act does is told to the desk's webhooks that want to know, with
// nothing of what people wrote unless asked for; what is rolled back is not.
func TestWebhooksAreToldOfWhatIsCommitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thin, full, notes := desk.NewID(), desk.NewID(), desk.NewID()
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		for id, events := range map[desk.ID][]string{thin: {"message.created", "ticket.updated"}, full: {"message.created"}, notes: {"note.created", "escalation.updated"}} {
			tx.AddWebhook(desk.Webhook{ID: id, URL: "https://psa.example", Events: events, Texts: id == full, Secret: []byte("s"), Active: true, CreatedAt: tx.Now}, w.one.agent.ID)
		}
		return nil
	})
	k := w.one.first.ticket
	write := func(scope desk.Scope, author desk.Person, internal bool, after error) {
		t.Helper()
		err := w.db.Update(t.Context(), scope, func(tx *postgres.Tx) error {
			tx.AddMessage(desk.Message{ID: desk.NewID(), TicketID: k.ID, CustomerID: k.CustomerID, AuthorID: author.ID, Side: desk.CustomerSide, Internal: internal, Body: "Mot secret", CreatedAt: tx.Now})
			tx.AddEvent(desk.NewEvent(k, author.ID, desk.EventState, map[string]string{"to": "open"}, tx.Now))
			tx.AddEvent(desk.NewEvent(k, author.ID, desk.EventPriority, map[string]string{"to": "1"}, tx.Now))
			return after
		})
		if !errors.Is(err, after) {
			t.Fatal(err)
		}
	}
	told := func(id desk.ID) (list []map[string]any) {
		w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
			due, err := tx.DueDeliveries(id, 100)
			for _, d := range due {
				var body map[string]any
				if err := json.Unmarshal([]byte(d.Body), &body); err != nil || body["type"] != string(d.Event) {
					t.Errorf("%s: %v", d.Body, err)
				}
				list = append(list, body)
			}
			return err
		})
		return list
	}
	write(w.one.scopeOf(w.one.first), w.one.first.contact, false, errStop)
	if n := len(told(thin)); n != 0 {
		t.Errorf("%d messages tell of what was rolled back", n)
	}
	write(w.one.scopeOf(w.one.first), w.one.first.contact, false, nil)
	write(w.one.scope(), w.one.agent, true, nil)
	list := told(thin)
	if len(list) != 3 { // a message, and of each act one change
		t.Fatalf("%v", list)
	}
	for _, body := range list {
		data := body["data"].(map[string]any)
		ticket := data["ticket"].(map[string]any)
		if ticket["number"] != float64(k.Number) || ticket["subject"] != nil || ticket["id"] != k.ID.String() {
			t.Errorf("%v", body)
		}
		if changed, _ := data["changed"].([]any); body["type"] == "ticket.updated" && len(changed) != 2 {
			t.Errorf("%v", body)
		}
		if message, _ := data["message"].(map[string]any); body["type"] == "message.created" && (message["id"] == nil || message["body"] != nil) {
			t.Errorf("%v", body)
		}
	}
	if list := told(full); len(list) != 1 || list[0]["data"].(map[string]any)["message"].(map[string]any)["body"] != "Mot secret" {
		t.Errorf("with texts: %v", list)
	}
	if list := told(notes); len(list) != 1 || list[0]["type"] != "note.created" {
		t.Errorf("notes: %v", list)
	}
	w.update(t, w.two.scope(), func(tx *postgres.Tx) error {
		if due, err := tx.DueDeliveries(w.two.hook(), 100); err != nil || len(due) != 1 {
			t.Errorf("the other desk is told %v (%v)", due, err)
		}
		return nil
	})
}

var errStop = errors.New("stop")

// One worker at a time sends for a webhook, and lets it go when nothing is left.
func TestAWebhookIsSentFromOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.one.hook()
	hold := func(at time.Time) error {
		return w.db.At(func() time.Time { return at }).Update(t.Context(), w.one.scope(), func(tx *postgres.Tx) error { return tx.HoldWebhook(id, at.Add(time.Minute)) })
	}
	now := time.Now()
	if err := hold(now); err != nil {
		t.Fatal(err)
	}
	if err := hold(now.Add(time.Second)); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("held twice: %v", err)
	}
	if err := hold(now.Add(2 * time.Minute)); err != nil {
		t.Errorf("of a worker that was lost: %v", err)
	}
	release := func() (ok bool) {
		w.update(t, w.one.scope(), func(tx *postgres.Tx) (err error) { ok, err = tx.ReleaseWebhook(id, false); return err })
		return ok
	}
	if release() {
		t.Error("let go with something to send")
	}
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		tx.SaveWebhookDelivery(desk.WebhookDelivery{ID: id, WebhookID: id, State: desk.WebhookWaiting, Tries: 1, DueAt: tx.Now.Add(time.Hour)})
		return nil
	})
	if !release() {
		t.Error("not let go with nothing to send")
	}
	due := func(at time.Time) (n int) {
		err := w.db.At(func() time.Time { return at }).Global(t.Context(), func(tx *postgres.GlobalTx) error {
			list, err := tx.DueWebhooks(100)
			for _, job := range list {
				if job.Webhook == id && job.Desk == w.one.desk.ID {
					n++
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if due(time.Now()) != 0 || due(time.Now().Add(2*time.Hour)) != 1 {
		t.Error("the clock wakes it too soon or never")
	}
}
