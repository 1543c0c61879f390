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
		"AddEvidence": {func(w *world, who desk.Actor, n int64) error { _, err := w.AddEvidence(bg, who, n, none); return err }, agents},
		"Evidence": {func(w *world, who desk.Actor, n int64) error {
			_, _, err := w.Evidence(bg, who, n, desk.NewID())
			return err
		}, agents},
		"RemoveEvidence":    {func(w *world, who desk.Actor, n int64) error { return w.RemoveEvidence(bg, who, n, desk.NewID()) }, agents},
		"SendEvidenceAgain": {func(w *world, who desk.Actor, n int64) error { return w.SendEvidenceAgain(bg, who, n) }, agents},
		"PackDossier":       {func(w *world, who desk.Actor, n int64) error { return w.PackDossier(bg, who, n, io.Discard) }, agents},
	})
	maps.Copy(open, map[string]string{
		"SendEvidence": "worker",
		"FanOutSweeps": "a job of the clock",
		"SweepDesk":    "its job at one desk: it erases bytes that no row names",
	})
}
