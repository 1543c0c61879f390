package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
	"guichet/internal/webhook"
)

// SweepWebhooks is the clock's job of waking webhooks that have something to send: what
// failed and is to be tried again, and what a process was lost with.
type SweepWebhooks struct{}

// Kind names the job.
func (SweepWebhooks) Kind() string { return "sweep_webhooks" }

// WebhookQueue is where webhooks are sent from.
const WebhookQueue = postgres.WebhookQueue

const (
	// SendTime is how long one job may send for one webhook.
	SendTime = 2 * time.Minute
	// WebhookSenders is how many webhooks are sent to at once.
	WebhookSenders = 50

	sendFor      = time.Minute // after which others have their turn
	sendAtOnce   = 4           // messages to one receiver
	wakeSoon     = time.Minute // nearer tries are ordered, the clock finds the others
	mostAwakened = 1000
	pauseJitter  = 0.1 // of a pause, so that what failed together does not come back together
)

// FanOutWebhooks works SweepWebhooks.
func (a *App) FanOutWebhooks(ctx context.Context, _ SweepWebhooks) error {
	var due []postgres.SendWebhook
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		due, err = tx.DueWebhooks(mostAwakened)
		return err
	})
	for _, job := range due {
		if err == nil {
			err = a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error { return tx.Enqueue(job, nil) })
		}
	}
	return err
}

// SendWebhook works a SendWebhook: it sends what waits for one webhook, as long as
// that goes well. One job at a time does; another that comes meanwhile has nothing to
// do. A worker that is lost holds its webhook for as long as a job may take, then what
// it had sent may be sent again, under the same name.
func (a *App) SendWebhook(ctx context.Context, job postgres.SendWebhook) error {
	scope := desk.Scope{Desk: job.Desk}
	err := a.db.Update(ctx, scope, func(tx *postgres.Tx) error { return tx.HoldWebhook(job.Webhook, tx.Now.Add(SendTime)) })
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	began := time.Now()
	for over := false; err == nil && !over; {
		if err = a.sendSome(ctx, scope, job.Webhook); err == nil {
			over, err = a.releaseWebhook(ctx, job, time.Since(began) > sendFor)
		}
	}
	return err
}

// releaseWebhook lets a webhook go and orders what it is to do next; false when there
// is more to send now.
func (a *App) releaseWebhook(ctx context.Context, job postgres.SendWebhook, tired bool) (released bool, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		released, err = tx.ReleaseWebhook(job.Webhook, tired)
		if err != nil || !released {
			return err
		}
		w, err := tx.Webhook(job.Webhook)
		if errors.Is(err, desk.ErrNotFound) { // erased meanwhile
			return nil
		}
		if err != nil || !w.Active {
			return err
		}
		next, err := tx.NextDelivery(job.Webhook)
		if err != nil || next == nil {
			return err
		}
		if w.RestUntil != nil && w.RestUntil.After(*next) {
			next = w.RestUntil
		}
		if next.Sub(tx.Now) < wakeSoon {
			return tx.Enqueue(job, &river.InsertOpts{ScheduledAt: *next})
		}
		return nil
	})
	if err == nil && !released { // erased, or more to send
		_, err = a.webhookNow(ctx, job)
		if errors.Is(err, desk.ErrNotFound) {
			return true, nil
		}
	}
	return released, err
}

func (a *App) webhookNow(ctx context.Context, job postgres.SendWebhook) (w desk.Webhook, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		w, err = tx.Webhook(job.Webhook)
		return err
	})
	return w, err
}

// sendSome sends the next few messages and writes down what came of them.
func (a *App) sendSome(ctx context.Context, scope desk.Scope, id desk.ID) error {
	var w desk.Webhook
	var due []desk.WebhookDelivery
	err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		if w, err = tx.Webhook(id); err == nil {
			due, err = tx.DueDeliveries(id, sendAtOnce)
		}
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil || len(due) == 0 {
		return err
	}
	answers := a.postAll(ctx, w, due)
	// What was sent is written down although the worker is told to stop meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeDown)
	defer cancel()
	return a.db.Update(ctx, scope, func(tx *postgres.Tx) error { return a.writeAnswers(tx, id, due, answers) })
}

// postAll sends messages at once, and waits for all their answers.
func (a *App) postAll(ctx context.Context, w desk.Webhook, due []desk.WebhookDelivery) []webhook.Answer {
	answers := make([]webhook.Answer, len(due))
	secrets, err := a.webhookSecrets(w)
	if err != nil {
		for i := range answers {
			answers[i].Trouble = desk.WebhookUnsealed
		}
		return answers
	}
	var all sync.WaitGroup
	for i, d := range due {
		all.Go(func() {
			answers[i] = a.webhooks.Post(ctx, webhook.Message{URL: w.URL, ID: d.ID.String(), At: a.now(), Body: d.Body, Secrets: secrets})
		})
	}
	all.Wait()
	return answers
}

// webhookSecrets are what a webhook's messages are signed with, today's first.
func (a *App) webhookSecrets(w desk.Webhook) (secrets [][]byte, err error) {
	sealed := [][]byte{w.Secret}
	if w.OldUntil != nil && a.now().Before(*w.OldUntil) {
		sealed = append(sealed, w.OldSecret)
	}
	for _, s := range sealed {
		text, err := a.secrets.Unseal(s)
		if err != nil {
			return nil, err
		}
		raw, ok := desk.WebhookSecretBytes(text)
		if !ok {
			return nil, ErrSealed
		}
		secrets = append(secrets, raw)
	}
	return secrets, nil
}

// writeAnswers writes down what came of what was sent, and what follows for the webhook.
func (a *App) writeAnswers(tx *postgres.Tx, id desk.ID, due []desk.WebhookDelivery, answers []webhook.Answer) error {
	w, err := tx.LockWebhook(id)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	wasOn, off := w.Active, false
	for i, d := range due {
		n := answers[i]
		try := desk.WebhookAttempt{ID: desk.NewID(), DeliveryID: d.ID, Status: n.Status, Trouble: string(n.Trouble), TookMs: int(n.Took.Milliseconds()), Answer: n.Body, CreatedAt: tx.Now}
		d.Tried(try, n.RetryAfter, rand.Float64()*pauseJitter, tx.Now)
		if !wasOn && d.State == desk.WebhookWaiting { // switched off meanwhile
			d.State, d.EndedAt = desk.WebhookFailed, &tx.Now
		}
		tx.AddWebhookAttempt(try)
		tx.SaveWebhookDelivery(d)
		off = w.Heard(try, n.RetryAfter, tx.Now) && wasOn || off
	}
	tx.SaveWebhook(w)
	if !off {
		return nil
	}
	return a.tellLeads(tx, func(to, letter desk.ID) river.JobArgs {
		return WebhookNotice{Desk: tx.Scope.Desk, Webhook: id, To: to, Letter: letter}
	})
}

// WebhookNotice is the job of telling one of the desk's admins that a webhook was
// switched off.
type WebhookNotice struct {
	Desk    desk.ID `json:"desk"`
	Webhook desk.ID `json:"webhook"`
	To      desk.ID `json:"to"`
	Letter  desk.ID `json:"letter"` // names the letter, so that sending it again is the same letter
}

// Kind names the job.
func (WebhookNotice) Kind() string { return "webhook_notice" }

// SendWebhookNotice works a WebhookNotice. Whoever may not look after webhooks is not
// told, nor is anybody of one that was switched on again.
func (a *App) SendWebhookNotice(ctx context.Context, n WebhookNotice) error {
	d, err := a.deskByID(ctx, n.Desk)
	if err != nil {
		return err
	}
	reader, ok, err := a.told(ctx, d, n.To, desk.ManageWebhooks)
	if err != nil || !ok {
		return err
	}
	w, err := a.webhookNow(ctx, postgres.SendWebhook{Desk: n.Desk, Webhook: n.Webhook})
	if errors.Is(err, desk.ErrNotFound) || err == nil && w.Active {
		return nil
	}
	if err != nil {
		return err
	}
	return a.post(ctx, mail.Letter{ID: n.Letter, Kind: mail.WebhookOff, Desk: d, To: reader.Person, Written: a.now(), Webhook: w, Path: "/" + d.Slug + "/settings/webhooks/" + w.ID.String()})
}
