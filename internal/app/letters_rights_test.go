package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"TrustAddress": {func(w *world, who desk.Actor, _ int64) error { return served404(w.TrustAddress(bg, who, desk.NewID())) }, admins},
		"StuckLetters": {func(w *world, who desk.Actor, _ int64) error { _, err := w.StuckLetters(bg, who); return err }, admins},
	})
	maps.Copy(open, map[string]string{
		"LettersToStop": "a link in a letter, which says itself for whom it was made", "StopLetters": "the same",
		"FanOutOwed": "a job", "EachStuck": "an operator's look at all desks",
	})
}
