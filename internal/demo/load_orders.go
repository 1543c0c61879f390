package demo

import (
	"context"
	"errors"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// orders are what customers of the first desk ask of their subscriptions: one
// waits for a manager, one was approved, one needed nobody's leave.
func (l *loader) orders(ctx context.Context) error {
	for _, o := range []struct {
		from     string
		ago      time.Duration
		order    desk.OrderForm
		approver string
	}{
		{"lea@lumen.example", 26 * time.Hour, desk.OrderForm{Action: "buy", Product: "Microsoft 365 Copilot", Seats: "2", Commitment: "annual", Comment: "Pour l’équipe commerciale, à l’essai."}, "max@lumen.example"},
		{"max@lumen.example", 5 * time.Hour, desk.OrderForm{Action: "renew", Product: "Microsoft 365 Business Premium", Commitment: "annual"}, ""},
		{"lea@lumen.example", 40 * time.Minute, desk.OrderForm{Action: "add_seats", Product: "Microsoft 365 Business Standard", Seats: "3", Commitment: "unknown", Comment: "Trois personnes arrivent à l’atelier le mois prochain."}, ""},
	} {
		from := l.people[o.from]
		l.set(from, l.now.Add(-o.ago))
		number, err := l.app.SubmitTicket(ctx, from, desk.Submission{Kind: desk.KindSubscription, Order: &o.order, Language: from.Person.Language}, desk.Nobody)
		if err != nil {
			return err
		}
		if o.approver == "" {
			continue
		}
		l.clock = l.clock.Add(90 * time.Minute)
		if err := l.app.DecideOrder(ctx, l.people[o.approver], number, "approve", ""); err != nil {
			return err
		}
		agent := l.people["ines@alpine.example"]
		l.clock = l.clock.Add(20 * time.Minute)
		err = errors.Join(l.app.AssignTicket(ctx, agent, number, agent.Person.ID),
			l.app.WriteMessage(ctx, agent, number, app.Reply{Body: "Bonjour Léa, merci. L’accord est là : je commande, et vous écris dès que les licences sont visibles chez vous."}))
		if err != nil {
			return err
		}
	}
	return nil
}
