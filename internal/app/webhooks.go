package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// Webhooks lists where other systems hear of what happens. None comes with its secret.
func (a *App) Webhooks(ctx context.Context, who desk.Actor) (list []desk.Webhook, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Webhooks()
		return err
	})
	for i := range list {
		list[i].Secret, list[i].OldSecret = nil, nil
	}
	return list, err
}

// Webhook reads one, without its secret. Errors: ErrNotFound.
func (a *App) Webhook(ctx context.Context, who desk.Actor, id desk.ID) (w desk.Webhook, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return w, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		w, err = tx.Webhook(id)
		return err
	})
	w.Secret, w.OldSecret = nil, nil
	return w, err
}

// newSecret is a secret's text and how it is kept.
func (a *App) newSecret() (text string, sealed []byte, err error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	text = desk.WebhookSecret(random)
	sealed, err = a.secrets.Seal(text)
	return text, sealed, err
}

// AddWebhook makes a webhook and returns its secret, which nobody can read again.
// Errors: Invalid, by field; ErrConflict for a form that made one already.
func (a *App) AddWebhook(ctx context.Context, who desk.Actor, f desk.WebhookForm) (id desk.ID, secret string, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return id, "", err
	}
	secret, sealed, err := a.newSecret()
	if err != nil {
		return id, "", err
	}
	w := desk.Webhook{ID: f.Key, Secret: sealed}
	if w.ID == desk.Nobody {
		w.ID = desk.NewID()
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		w.CreatedAt = tx.Now
		if err := w.Apply(f, a.webhooks.Private(), tx.Now); err != nil {
			return err
		}
		others, err := tx.Webhooks()
		if err == nil && len(others) >= desk.MostWebhooks {
			err = desk.NewInvalid("", "error.webhook.many", "Most", desk.MostWebhooks)
		}
		if err == nil {
			tx.AddWebhook(w, who.Person.ID)
		}
		return err
	})
	if err != nil {
		return id, "", err
	}
	return w.ID, secret, nil
}

// ChangeWebhook puts in place of a webhook what change makes of it. Errors: Invalid, by
// field; ErrNotFound.
func (a *App) ChangeWebhook(ctx context.Context, who desk.Actor, id desk.ID, change func(desk.Webhook) (desk.WebhookForm, error)) error {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		w, err := tx.LockWebhook(id)
		if err != nil {
			return err
		}
		f, err := change(w)
		if err == nil {
			err = w.Apply(f, a.webhooks.Private(), tx.Now)
		}
		if err == nil {
			tx.SaveWebhook(w)
		}
		return err
	})
}

// RemoveWebhook erases a webhook with all that was sent to it. Errors: ErrNotFound.
func (a *App) RemoveWebhook(ctx context.Context, who desk.Actor, id desk.ID) error {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error { return tx.RemoveWebhook(id) })
}

// RotateWebhook gives a webhook another secret and returns it. The one before signs too
// for a day, so that its receiver can be changed meanwhile. Errors: ErrNotFound.
func (a *App) RotateWebhook(ctx context.Context, who desk.Actor, id desk.ID) (secret string, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return "", err
	}
	secret, sealed, err := a.newSecret()
	if err != nil {
		return "", err
	}
	err = a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		w, err := tx.LockWebhook(id)
		if err != nil {
			return err
		}
		until := tx.Now.Add(desk.OldSecretLife)
		w.OldSecret, w.OldUntil, w.Secret, w.ChangedAt = w.Secret, &until, sealed, tx.Now
		tx.SaveWebhook(w)
		return nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// TestWebhook sends a webhook a message that tells of nothing. Errors: ErrNotFound;
// ErrConflict for one that is off.
func (a *App) TestWebhook(ctx context.Context, who desk.Actor, id desk.ID) (delivery desk.ID, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return delivery, err
	}
	err = a.sendNow(ctx, who, id, func(tx *postgres.Tx) error {
		body, err := json.Marshal(map[string]any{"type": desk.WebhookTested, "timestamp": tx.Now.UTC().Format(time.RFC3339Nano), "data": map[string]string{"desk": who.Desk.Slug, "by": who.Person.Name}})
		if err != nil {
			return err
		}
		delivery = desk.NewID()
		tx.AddWebhookDelivery(desk.WebhookDelivery{ID: delivery, WebhookID: id, Event: desk.WebhookTested, Body: string(body), State: desk.WebhookWaiting, DueAt: tx.Now, CreatedAt: tx.Now})
		return nil
	})
	return delivery, err
}

// sendNow does what gives a webhook something to send, and orders that; a receiver that
// rests is asked at once.
func (a *App) sendNow(ctx context.Context, who desk.Actor, id desk.ID, do func(*postgres.Tx) error) error {
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		w, err := tx.LockWebhook(id)
		if err != nil {
			return err
		}
		if !w.Active {
			return desk.ErrConflict
		}
		if err := do(tx); err != nil {
			return err
		}
		if w.RestUntil != nil {
			w.RestUntil = nil
			tx.SaveWebhook(w)
		}
		return tx.Enqueue(postgres.SendWebhook{Desk: tx.Scope.Desk, Webhook: id}, nil)
	})
}

// WebhookDeliveries lists what was sent to a webhook, the newest first. Errors: ErrNotFound.
func (a *App) WebhookDeliveries(ctx context.Context, who desk.Actor, id desk.ID, state desk.WebhookDeliveryState, after desk.Cursor, most int) (list []desk.WebhookDelivery, next desk.Cursor, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return nil, next, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if _, err = tx.Webhook(id); err == nil {
			list, next, err = tx.WebhookDeliveries(id, state, after, most)
		}
		return err
	})
	return list, next, err
}

// WebhookDelivery reads what was sent, and each try. Errors: ErrNotFound.
func (a *App) WebhookDelivery(ctx context.Context, who desk.Actor, webhook, id desk.ID) (d desk.WebhookDelivery, tries []desk.WebhookAttempt, err error) {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return d, nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if d, err = tx.WebhookDelivery(webhook, id); err == nil {
			tries, err = tx.WebhookAttempts(id)
		}
		return err
	})
	return d, tries, err
}

// SendAgain sends a message once more, under the same name. Errors: ErrNotFound;
// ErrConflict while its webhook is off.
func (a *App) SendAgain(ctx context.Context, who desk.Actor, webhook, id desk.ID) error {
	if err := who.May(desk.ManageWebhooks); err != nil {
		return err
	}
	return a.sendNow(ctx, who, webhook, func(tx *postgres.Tx) error {
		d, err := tx.WebhookDelivery(webhook, id)
		if err != nil {
			return err
		}
		d.State, d.Tries, d.DueAt, d.EndedAt = desk.WebhookWaiting, 0, tx.Now, nil
		tx.SaveWebhookDelivery(d)
		return nil
	})
}
