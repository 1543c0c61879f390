package app_test

import (
	"io"
	"maps"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	none := func() (app.Upload, error) { return app.Upload{}, io.EOF }
	maps.Copy(rights, map[string]right{
		"HoldFiles": {func(w *world, who desk.Actor, _ int64) error { _, err := w.HoldFiles(bg, who, none); return err }, everybody},
		"HeldFiles": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.HeldFiles(bg, who, []desk.ID{desk.NewID()})
			return err
		}, everybody},
		"ReadFile": {func(w *world, who desk.Actor, n int64) error {
			_, _, err := w.ReadFile(bg, who, n, desk.NewID(), false)
			return err
		}, everybody},
	})
	maps.Copy(open, map[string]string{
		"LookIntoFile": "a job of the verbs that take files: it reads one, and notes what is in it",
	})
}
