package app_test

import (
	"maps"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Mails": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.Mails(bg, who, desk.MailQuarantined, desk.Nobody)
			return err
		}, agents},
		"ReadMail": {func(w *world, who desk.Actor, _ int64) error { _, err := w.ReadMail(bg, who, desk.NewID()); return err }, agents},
		"OriginalMail": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.OriginalMail(bg, who, desk.NewID())
			return err
		}, agents},
		"OriginalMessage": {func(w *world, who desk.Actor, n int64) error {
			_, _, err := w.OriginalMessage(bg, who, n, desk.NewID())
			return err
		}, agents},
		"MailAsSent": {func(w *world, who desk.Actor, n int64) error {
			_, err := w.MailAsSent(bg, who, n, desk.NewID(), false)
			return err
		}, everybody},
		"CustomersFor": {func(w *world, who desk.Actor, _ int64) error { _, err := w.CustomersFor(bg, who, "", ""); return err }, agents},
		"LetIn": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.LetIn(bg, who, desk.NewID(), app.LetInMail{})
			return err
		}, agents},
		"DropMail": {func(w *world, who desk.Actor, _ int64) error { return w.DropMail(bg, who, desk.NewID()) }, agents},
		"MailSettings": {func(w *world, who desk.Actor, _ int64) error {
			_, _, err := w.MailSettings(bg, who)
			return err
		}, admins},
		"SaveMailSettings": {func(w *world, who desk.Actor, _ int64) error {
			return w.SaveMailSettings(bg, who, desk.MailForm{Unknown: "x"})
		}, admins},
		"TryMailbox": {func(w *world, who desk.Actor, _ int64) error { _, err := w.TryMailbox(bg, who); return err }, admins},
	})
	maps.Copy(open, map[string]string{
		"TakesMail":       "mail that comes in: whether an address is a desk's",
		"TakeMail":        "mail that comes in: it is kept, and judged by its sender",
		"JudgeMail":       "a job",
		"FanOutMailboxes": "a job",
		"ReadMailbox":     "a job",
	})
}
