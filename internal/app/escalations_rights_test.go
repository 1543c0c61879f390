package app_test

import (
	"maps"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Escalations": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.Escalations(bg, who, desk.Cursor{})
			return err
		}, agents},
		"Escalation":         {func(w *world, who desk.Actor, _ int64) error { _, err := w.Escalation(bg, who, 1); return err }, agents},
		"EscalationsWaiting": {func(w *world, who desk.Actor, _ int64) error { _, err := w.EscalationsWaiting(bg, who); return err }, agents},
		"EscalationLanguages": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.EscalationLanguages(bg, who, 1)
			return err
		}, agents},
		"TicketEscalation": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.TicketEscalation(bg, who, desk.Thread{})
			return err
		}, agents},
		"CustomersEscalations": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.CustomersEscalations(bg, who, w.one.first.id)
			return err
		}, agents},
		"IncidentEscalation": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.IncidentEscalation(bg, who, desk.NewID())
			return err
		}, agents},
		"BeginEscalation": {func(w *world, who desk.Actor, n int64) error {
			_, err := w.BeginEscalation(bg, who, n, app.Begin{})
			return err
		}, agents},
		"AnswerDossier":      {func(w *world, who desk.Actor, _ int64) error { return w.AnswerDossier(bg, who, 1, 0, nil) }, agents},
		"LeadEscalation":     {func(w *world, who desk.Actor, _ int64) error { return w.LeadEscalation(bg, who, 1, 0, app.Another{}) }, agents},
		"AskApproval":        {func(w *world, who desk.Actor, _ int64) error { return w.AskApproval(bg, who, 1, 0) }, agents},
		"ApproveEscalation":  {func(w *world, who desk.Actor, _ int64) error { return w.ApproveEscalation(bg, who, 1, 0, true, "") }, leads},
		"FileEscalation":     {func(w *world, who desk.Actor, _ int64) error { return w.FileEscalation(bg, who, 1, 0, desk.Filing{}) }, agents},
		"RenumberEscalation": {func(w *world, who desk.Actor, _ int64) error { return w.RenumberEscalation(bg, who, 1, 0, "") }, agents},
		"MoveEscalation":     {func(w *world, who desk.Actor, _ int64) error { return w.MoveEscalation(bg, who, 1, 0, desk.Step{}) }, agents},
		"ChaseEscalation":    {func(w *world, who desk.Actor, _ int64) error { return w.ChaseEscalation(bg, who, 1, 0, desk.Step{}) }, agents},
		"EnterEntry": {func(w *world, who desk.Actor, _ int64) error {
			return w.EnterEntry(bg, who, 1, 0, desk.EntryForm{}, nil)
		}, agents},
		"RelayEntry": {func(w *world, who desk.Actor, _ int64) error {
			return w.RelayEntry(bg, who, 1, desk.NewID(), app.Relaying{})
		}, agents},
		"AskForDossier":   {func(w *world, who desk.Actor, _ int64) error { return w.AskForDossier(bg, who, 1, nil, "") }, agents},
		"JoinEscalation":  {func(w *world, who desk.Actor, n int64) error { return w.JoinEscalation(bg, who, 1, n) }, agents},
		"LeaveEscalation": {func(w *world, who desk.Actor, n int64) error { return w.LeaveEscalation(bg, who, 1, n) }, agents},
		"EndEscalation": {func(w *world, who desk.Actor, _ int64) error {
			return w.EndEscalation(bg, who, 1, 0, desk.EndedSolved, "")
		}, agents},
		"ClaimCredit": {func(w *world, who desk.Actor, _ int64) error { return w.ClaimCredit(bg, who, 1, 0, desk.Credit{}) }, agents},
	})
}
