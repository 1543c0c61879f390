package app_test

import (
	"maps"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"LetterWords":   {func(w *world, who desk.Actor, _ int64) error { _, err := w.LetterWords(bg, who); return err }, admins},
		"LetterHistory": {func(w *world, who desk.Actor, _ int64) error { _, err := w.LetterHistory(bg, who, "reply"); return err }, admins},
		"PreviewLetter": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.PreviewLetter(bg, who, "reply", app.LetterForm{})
			return err
		}, admins},
		"SaveLetter": {func(w *world, who desk.Actor, _ int64) error { return w.SaveLetter(bg, who, "reply", app.LetterForm{}) }, admins},
		"Sender":     {func(w *world, who desk.Actor, _ int64) error { _, _, err := w.Sender(bg, who); return err }, admins},
		"SaveSender": {func(w *world, who desk.Actor, _ int64) error {
			return w.SaveSender(bg, who, desk.SenderForm{Address: "x"})
		}, admins},
		"CheckSender":  {func(w *world, who desk.Actor, _ int64) error { return served404(w.CheckSender(bg, who)) }, admins},
		"TrustAddress": {func(w *world, who desk.Actor, _ int64) error { return served404(w.TrustAddress(bg, who, desk.NewID())) }, admins},
		"StuckLetters": {func(w *world, who desk.Actor, _ int64) error { _, err := w.StuckLetters(bg, who); return err }, admins},
	})
	maps.Copy(open, map[string]string{
		"LettersToStop": "a link in a letter, which says itself for whom it was made", "StopLetters": "the same",
		"FanOutOwed": "a job", "EachStuck": "an operator's look at all desks",
	})
}
