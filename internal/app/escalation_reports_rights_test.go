package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	f := desk.NewReportFilter("", "", "2026-03-02")
	maps.Copy(rights, map[string]right{
		"EscalationReport": {func(w *world, who desk.Actor, _ int64) error { _, err := w.EscalationReport(bg, who, f); return err }, agents},
		"EscalatedLines":   {func(w *world, who desk.Actor, _ int64) error { _, err := w.EscalatedLines(bg, who, f); return err }, agents},
		"EscalationLines":  {func(w *world, who desk.Actor, _ int64) error { _, err := w.EscalationLines(bg, who, f); return err }, agents},
	})
	for _, verb := range []string{"FanOutReminders", "RemindEscalations", "SendEscalationNotice"} {
		open[verb] = "worker"
	}
}
