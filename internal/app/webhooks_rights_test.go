package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Webhooks": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Webhooks(bg, who); return err }, admins},
		"Webhook": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Webhook(bg, who, desk.NewID())
			return served404(err)
		}, admins},
		"AddWebhook": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.AddWebhook(bg, who, desk.WebhookForm{})
			return err
		}, admins},
		"ChangeWebhook": {func(w *world, who desk.Actor, _ int64) error {
			return served404(w.ChangeWebhook(bg, who, desk.NewID(), func(desk.Webhook) (desk.WebhookForm, error) { return desk.WebhookForm{}, nil }))
		}, admins},
		"RemoveWebhook": {func(w *world, who desk.Actor, _ int64) error {
			return served404(w.RemoveWebhook(bg, who, desk.NewID()))
		}, admins},
		"RotateWebhook": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.RotateWebhook(bg, who, desk.NewID())
			return served404(err)
		}, admins},
		"TestWebhook": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.TestWebhook(bg, who, desk.NewID())
			return served404(err)
		}, admins},
		"WebhookDeliveries": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.WebhookDeliveries(bg, who, desk.NewID(), "", desk.Cursor{}, 1)
			return served404(err)
		}, admins},
		"WebhookDelivery": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.WebhookDelivery(bg, who, desk.NewID(), desk.NewID())
			return served404(err)
		}, admins},
		"SendAgain": {func(w *world, who desk.Actor, _ int64) error {
			return served404(w.SendAgain(bg, who, desk.NewID(), desk.NewID()))
		}, admins},
		"IncidentsBelow": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.IncidentsBelow(bg, who, 0, false, 1)
			return err
		}, agents},
		"EscalationsBelow": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.EscalationsBelow(bg, who, 0, false, 1)
			return err
		}, agents},
	})
	maps.Copy(open, map[string]string{"FanOutWebhooks": "worker", "SendWebhook": "worker", "SendWebhookNotice": "worker"})
}
