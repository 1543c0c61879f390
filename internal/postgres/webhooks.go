package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const webhookColumns = `w.id, w.url, w.events, w.texts, w.secret, w.old_secret, w.old_until, w.active, w.off_reason, w.failing_since, w.failures, w.rest_until,
	p.name as maker_name, w.created_at, w.changed_at`

const fromWebhooks = ` from webhooks w join people p on p.desk_id = @desk and p.id = w.created_by where w.desk_id = @desk`

// Webhooks lists a desk's webhooks, the newest first.
func (t *Tx) Webhooks() ([]desk.Webhook, error) {
	return many[desk.Webhook](t, `select `+webhookColumns+fromWebhooks+` order by w.created_at desc, w.id desc limit @most`, args{"most": desk.MostWebhooks})
}

// Webhook reads one. Errors: ErrNotFound.
func (t *Tx) Webhook(id desk.ID) (desk.Webhook, error) {
	return one[desk.Webhook](t, `select `+webhookColumns+fromWebhooks+` and w.id = @id`, args{"id": id})
}

// LockWebhook reads one that the transaction will change; acts that tell it something do
// not wait for that. Errors: ErrNotFound.
func (t *Tx) LockWebhook(id desk.ID) (desk.Webhook, error) {
	return one[desk.Webhook](t, `select `+webhookColumns+fromWebhooks+` and w.id = @id for no key update of w`, args{"id": id})
}

// AddWebhook stores a webhook.
func (t *Tx) AddWebhook(w desk.Webhook, maker desk.ID) {
	t.write(`insert into webhooks (desk_id, id, url, events, texts, secret, active, created_by, created_at, changed_at)
		values (@desk, @id, @url, @events, @texts, @secret, @active, @maker, @now, @now)`,
		args{"id": w.ID, "url": w.URL, "events": w.Events, "texts": w.Texts, "secret": w.Secret, "active": w.Active, "maker": maker, "now": w.CreatedAt})
}

// SaveWebhook writes a webhook that is locked. What waits for one that was switched off
// is given up.
func (t *Tx) SaveWebhook(w desk.Webhook) {
	t.write(`update webhooks set url = @url, events = @events, texts = @texts, secret = @secret, old_secret = @old, old_until = @until, active = @active,
		off_reason = @reason, failing_since = @failing, failures = @failures, rest_until = @rest, changed_at = @changed where desk_id = @desk and id = @id`,
		args{"id": w.ID, "url": w.URL, "events": w.Events, "texts": w.Texts, "secret": w.Secret, "old": append([]byte{}, w.OldSecret...), "until": w.OldUntil, "active": w.Active,
			"reason": w.OffReason, "failing": w.FailingSince, "failures": w.Failures, "rest": w.RestUntil, "changed": w.ChangedAt})
	if !w.Active {
		t.write(`update webhook_deliveries set state = 'failed', ended_at = @now where desk_id = @desk and webhook_id = @id and state = 'waiting'`, args{"id": w.ID, "now": t.Now})
	}
}

// RemoveWebhook erases a webhook with all that was sent to it. Errors: ErrNotFound.
func (t *Tx) RemoveWebhook(id desk.ID) error {
	n, err := t.exec(`delete from webhooks where desk_id = @desk and id = @id`, args{"id": id})
	return found(n, err)
}

// HoldWebhook takes a webhook for sending, for one worker at a time. Errors: ErrNotFound
// for one that is off, rests, or is sent from already.
func (t *Tx) HoldWebhook(id desk.ID, until time.Time) error {
	n, err := t.exec(`update webhooks set held_until = @until where desk_id = @desk and id = @id and active
		and (held_until is null or held_until < @now) and (rest_until is null or rest_until <= @now)`, args{"id": id, "until": until, "now": t.Now})
	return found(n, err)
}

// ReleaseWebhook lets a webhook go that has nothing to send now, or rests. It tells
// whether it did: what came meanwhile found it held, and is to be sent first.
func (t *Tx) ReleaseWebhook(id desk.ID, anyhow bool) (bool, error) {
	n, err := t.exec(`update webhooks w set held_until = null where w.desk_id = @desk and w.id = @id and (@anyhow or not w.active or w.rest_until > @now or not exists (
		select from webhook_deliveries d where d.desk_id = @desk and d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= @now))`,
		args{"id": id, "anyhow": anyhow, "now": t.Now})
	return n == 1, err
}

// NextDelivery is when a webhook that sends nothing now has something to send, nil
// when nothing waits.
func (t *Tx) NextDelivery(webhook desk.ID) (*time.Time, error) {
	return scalar[*time.Time](t, `select min(due_at) from webhook_deliveries where desk_id = @desk and webhook_id = @webhook and state = 'waiting'`, args{"webhook": webhook})
}

const webhookDeliveryColumns = `d.id, d.webhook_id, d.event, d.body, d.state, d.tries, d.due_at, d.created_at, d.ended_at,
	coalesce(a.status, 0) as status, coalesce(a.trouble, '') as trouble, coalesce(a.took_ms, 0) as took_ms, a.created_at as tried_at`

const fromWebhookDeliveries = ` from webhook_deliveries d left join lateral (select * from webhook_attempts a where a.desk_id = @desk and a.delivery_id = d.id
	order by a.created_at desc, a.id desc limit 1) a on true where d.desk_id = @desk`

// DueDeliveries is what a webhook has to send now, what waited longest first.
func (t *Tx) DueDeliveries(webhook desk.ID, most int) ([]desk.WebhookDelivery, error) {
	return many[desk.WebhookDelivery](t, `select `+webhookDeliveryColumns+fromWebhookDeliveries+` and d.webhook_id = @webhook and d.state = 'waiting' and d.due_at <= @now
		order by d.due_at, d.id limit @most`, args{"webhook": webhook, "now": t.Now, "most": most})
}

// WebhookDeliveries lists what was sent to a webhook, the newest first; next is where
// the next page begins.
func (t *Tx) WebhookDeliveries(webhook desk.ID, state desk.WebhookDeliveryState, after desk.Cursor, most int) (list []desk.WebhookDelivery, next desk.Cursor, err error) {
	list, err = many[desk.WebhookDelivery](t, `select `+webhookDeliveryColumns+fromWebhookDeliveries+` and d.webhook_id = @webhook and (@state = '' or d.state = @state)
		and (@top or (d.created_at, d.id) < (@at, @after)) order by d.created_at desc, d.id desc limit @most`,
		args{"webhook": webhook, "state": string(state), "top": after.Zero(), "at": after.At, "after": after.ID, "most": most + 1})
	if err == nil && len(list) > most {
		list = list[:most]
		next = desk.Cursor{At: list[most-1].CreatedAt, ID: list[most-1].ID}
	}
	return list, next, err
}

// WebhookDelivery reads one. Errors: ErrNotFound.
func (t *Tx) WebhookDelivery(webhook, id desk.ID) (desk.WebhookDelivery, error) {
	return one[desk.WebhookDelivery](t, `select `+webhookDeliveryColumns+fromWebhookDeliveries+` and d.webhook_id = @webhook and d.id = @id`, args{"webhook": webhook, "id": id})
}

// WebhookAttempts lists the tries of one, the newest first.
func (t *Tx) WebhookAttempts(delivery desk.ID) ([]desk.WebhookAttempt, error) {
	return many[desk.WebhookAttempt](t, `select id, delivery_id, status, trouble, took_ms, answer, created_at from webhook_attempts
		where desk_id = @desk and delivery_id = @delivery order by created_at desc, id desc limit 100`, args{"delivery": delivery})
}

// AddWebhookDelivery stores a message that is to be sent.
func (t *Tx) AddWebhookDelivery(d desk.WebhookDelivery) {
	t.write(`insert into webhook_deliveries (desk_id, id, webhook_id, event, body, state, due_at, created_at) values (@desk, @id, @webhook, @event, @body, @state, @due, @created)`,
		args{"id": d.ID, "webhook": d.WebhookID, "event": d.Event, "body": d.Body, "state": d.State, "due": d.DueAt, "created": d.CreatedAt})
}

// SaveWebhookDelivery writes how far a message got.
func (t *Tx) SaveWebhookDelivery(d desk.WebhookDelivery) {
	t.write(`update webhook_deliveries set state = @state, tries = @tries, due_at = @due, ended_at = @ended where desk_id = @desk and id = @id and webhook_id = @webhook`,
		args{"id": d.ID, "webhook": d.WebhookID, "state": d.State, "tries": d.Tries, "due": d.DueAt, "ended": d.EndedAt})
}

// AddWebhookAttempt stores a try.
func (t *Tx) AddWebhookAttempt(a desk.WebhookAttempt) {
	t.write(`insert into webhook_attempts (desk_id, id, delivery_id, status, trouble, took_ms, answer, created_at) values (@desk, @id, @delivery, @status, @trouble, @took, @answer, @created)`,
		args{"id": a.ID, "delivery": a.DeliveryID, "status": a.Status, "trouble": a.Trouble, "took": a.TookMs, "answer": a.Answer, "created": a.CreatedAt})
}

// ForgetWebhookDeliveries erases what was made before then, and waits no more.
func (t *Tx) ForgetWebhookDeliveries(before time.Time) {
	t.write(`delete from webhook_deliveries where desk_id = @desk and created_at < @before and state <> 'waiting'`, args{"before": before})
}

// SealedWebhook is a webhook's secrets as they are sealed.
type SealedWebhook struct {
	ID                desk.ID
	Secret, OldSecret []byte
}

// SealedWebhooks lists secrets to be sealed anew.
func (t *Tx) SealedWebhooks() ([]SealedWebhook, error) {
	return many[SealedWebhook](t, `select w.id, w.secret, w.old_secret from webhooks w where w.desk_id = @desk order by w.id`, nil)
}

// ResealWebhook puts other seals in the place of those that are still there.
func (t *Tx) ResealWebhook(before, after SealedWebhook) {
	t.write(`update webhooks w set secret = @secret, old_secret = @old where w.desk_id = @desk and w.id = @id and w.secret = @before and w.old_secret = @old_before`,
		args{"id": before.ID, "secret": after.Secret, "old": append([]byte{}, after.OldSecret...), "before": before.Secret, "old_before": append([]byte{}, before.OldSecret...)})
}

// DueWebhooks lists webhooks that have something to send now, of all desks.
func (g *GlobalTx) DueWebhooks(most int) ([]SendWebhook, error) {
	rows, err := g.tx.Query(g.ctx, `select desk_id, webhook_id from due_webhooks($1, $2)`, g.Now, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[SendWebhook])
}
