package app_test

import (
	"maps"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"ProviderLinks": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.ProviderLinks(bg, who)
			return err
		}, admins},
		"AskProviderLink": {func(w *world, who desk.Actor, _ int64) error {
			return w.AskProviderLink(bg, who, app.LinkForm{Side: desk.ResellerSide, Slug: "one"})
		}, admins},
		"AcceptLink":    {func(w *world, who desk.Actor, _ int64) error { return w.AcceptLink(bg, who, desk.NewID(), desk.Nobody) }, admins},
		"EndLink":       {func(w *world, who desk.Actor, _ int64) error { return w.EndLink(bg, who, desk.NewID()) }, admins},
		"ReturnHandoff": {func(w *world, who desk.Actor, n int64) error { return w.ReturnHandoff(bg, who, n, "why") }, agents},
		"HandedOn": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.HandedOn(bg, who, desk.NewID())
			return err
		}, agents},
		"HandedFile": {func(w *world, who desk.Actor, n int64) error {
			_, _, err := w.HandedFile(bg, who, n, desk.NewID())
			return err
		}, agents},
		"MailDossier": {func(w *world, who desk.Actor, _ int64) error { return w.MailDossier(bg, who, 999, 0, "x", false) }, agents},
	})
	maps.Copy(open, map[string]string{"TakeHandoff": "a job", "PassOn": "a job", "LeaveLink": "a job", "SendDossier": "a job",
		"RepliedTo": "mail that comes in, judged by its address"})
}
