package app_test

import (
	"maps"

	"guichet/internal/desk"
)

func init() {
	about := desk.About{Issue: desk.NewID()}
	maps.Copy(rights, map[string]right{
		"AttachIssue":       {func(w *world, who desk.Actor, n int64) error { return w.AttachIssue(bg, who, n, desk.NewID()) }, agents},
		"AttachIssueByCode": {func(w *world, who desk.Actor, n int64) error { return w.AttachIssueByCode(bg, who, n, "EX1") }, agents},
		"RefuseIssue":       {func(w *world, who desk.Actor, n int64) error { return w.RefuseIssue(bg, who, n, desk.NewID()) }, agents},
		"DetachIssue":       {func(w *world, who desk.Actor, n int64) error { return w.DetachIssue(bg, who, n, desk.NewID()) }, agents},
		"OpenIssuesOf": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.OpenIssuesOf(bg, who, w.one.first.id)
			return err
		}, everybody},
		"KnownBefore": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.KnownBefore(bg, who, w.one.first.id, "Exchange Online")
			return err
		}, everybody},
		"AnswerWhetherItWorks": {func(w *world, who desk.Actor, n int64) error {
			return w.AnswerWhetherItWorks(bg, who, n, true, "", desk.NewID())
		}, everybody[:2]},
		"PreviewAnnouncement": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.PreviewAnnouncement(bg, who, about)
			return err
		}, agents},
		"Announce": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Announce(bg, who, about, map[string]string{"fr": "Bonjour"}, desk.NewID())
			return err
		}, agents},
		"Announcement": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Announcement(bg, who, about, desk.NewID())
			return err
		}, agents},
		"Announcements": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Announcements(bg, who, about)
			return err
		}, agents},
		"AboutIncident": {func(w *world, who desk.Actor, _ int64) error { _, err := w.AboutIncident(bg, who, 1); return err }, agents},
	})
	maps.Copy(open, map[string]string{"NewsOfIssue": "worker", "NewsOfIssueLater": "worker", "SendAnnouncements": "worker"})
}
