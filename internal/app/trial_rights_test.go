package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"StartTrial": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.StartTrial(bg, who, desk.TrialChoice{Most: "100"})
			return err
		}, admins},
		"StopTrial": {func(w *world, who desk.Actor, _ int64) error { return w.StopTrial(bg, who, desk.NewID()) }, admins},
		"Trials":    {func(w *world, who desk.Actor, _ int64) error { _, err := w.Trials(bg, who); return err }, agents},
		"Trial": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Trial(bg, who, desk.NewID(), desk.TrialFilter{})
			return err
		}, agents},
		"RuleCounts":  {func(w *world, who desk.Actor, _ int64) error { _, err := w.RuleCounts(bg, who); return err }, agents},
		"RuleResults": {func(w *world, who desk.Actor, _ int64) error { _, err := w.RuleResults(bg, who, "x"); return err }, agents},
	})
	open["RunTrial"] = "worker"
}
