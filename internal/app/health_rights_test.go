package app_test

import (
	"errors"
	"maps"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Issues": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Issues(bg, who, desk.IssueFilter{})
			return err
		}, agents},
		"ReadIssue": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.ReadIssue(bg, who, desk.NewID(), app.IssuePage{})
			return err
		}, agents},
		"IssueNamed": {func(w *world, who desk.Actor, _ int64) error { _, err := w.IssueNamed(bg, who, "EX1"); return err }, agents},
		"ChosenCustomers": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.ChosenCustomers(bg, who, desk.NewID())
			return err
		}, agents},
		"RecordIssue": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.RecordIssue(bg, who, desk.IssueForm{}, desk.WordsForm{})
			return err
		}, agents},
		"CorrectIssue": {func(w *world, who desk.Actor, _ int64) error {
			return w.CorrectIssue(bg, who, desk.NewID(), desk.IssueForm{})
		}, agents},
		"EndIssue":       {func(w *world, who desk.Actor, _ int64) error { return w.EndIssue(bg, who, desk.NewID()) }, agents},
		"BringIssueBack": {func(w *world, who desk.Actor, _ int64) error { return w.BringIssueBack(bg, who, desk.NewID()) }, agents},
		"SayOfIssue": {func(w *world, who desk.Actor, _ int64) error {
			return w.SayOfIssue(bg, who, desk.NewID(), desk.WordsForm{})
		}, agents},
		"NoteHealth":        {func(w *world, who desk.Actor, _ int64) error { return w.NoteHealth(bg, who, "note", "") }, agents},
		"CustomersToChoose": {func(w *world, who desk.Actor, _ int64) error { _, err := w.CustomersToChoose(bg, who); return err }, agents},

		"HealthSettings": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.HealthSettings(bg, who, "", false)
			return err
		}, admins},
		"CustomersHealth": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.CustomersHealth(bg, who, w.one.first.id)
			return err
		}, admins},
		"ConnectionOf": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.ConnectionOf(bg, who, w.one.first.id)
			return err
		}, agents},
		"AskConsent": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.AskConsent(bg, who, w.one.first.id)
			return err
		}, admins},
		"TakeConsent": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.TakeConsent(bg, who, desk.ConsentReply{State: "made up"})
			if refused := (desk.ConsentRefused{}); errors.As(err, &refused) {
				return desk.ErrNotFound
			}
			return err
		}, admins},
		"TryConnection": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.TryConnection(bg, who, desk.NewID())
			return err
		}, admins},
		"SwitchConnectionOff": {func(w *world, who desk.Actor, _ int64) error { return w.SwitchConnectionOff(bg, who, desk.NewID()) }, admins},
		"SwitchPublicFeed":    {func(w *world, who desk.Actor, _ int64) error { return w.SwitchPublicFeed(bg, who, true) }, admins},
		"WatchSubscription": {func(w *world, who desk.Actor, _ int64) error {
			return w.WatchSubscription(bg, who, desk.NewID(), desk.SubscriptionForm{})
		}, admins},
		"LeaveSubscription": {func(w *world, who desk.Actor, _ int64) error { return w.LeaveSubscription(bg, who, desk.NewID(), "") }, admins},
	})
	for _, job := range []string{"FanOutHealth", "RefreshHealth", "HearAzure"} {
		open[job] = "a job of the clock"
	}
}
