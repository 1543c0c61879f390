package app_test

import (
	"maps"
	"time"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Watch": {func(w *world, who desk.Actor, _ int64) error {
			s, err := w.Watch(who, time.Now())
			if err == nil {
				s.Leave()
			}
			return err
		}, everybody},
		"KeepDraft": {func(w *world, who desk.Actor, _ int64) error {
			return w.KeepDraft(bg, who, desk.Draft{About: "ticket", Fields: "body=half"})
		}, everybody},
		"Draft": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Draft(bg, who, "ticket"); return err }, everybody},
		"BeAt": {func(w *world, who desk.Actor, number int64) error {
			_, err := w.BeAt(bg, who, number, desk.Viewing)
			return err
		}, agents},
	})
	open["EndStreams"] = "the process stops"
	open["StillThere"] = "who watches, as he is now: it is what asks"
}
