package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Health": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Health(bg, who, w.one.first.id, paris)
			return err
		}, everybody},
		"InTrouble": {func(w *world, who desk.Actor, _ int64) error { _, err := w.InTrouble(bg, who); return err }, everybody},
		"HitToo": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.HitToo(bg, who, desk.TroubleRef{Issue: desk.NewID()}, func(desk.Trouble) desk.Submission { return desk.Submission{} })
			return err
		}, customers},
	})
	open["PublicHealth"] = "public page"
}
