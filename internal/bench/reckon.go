package main

import (
	"context"
	"fmt"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// reckon measures reckoning the deadlines of all open tickets anew after the
// desk's hours changed, as a worker runs it: each time by other hours, so that
// every deadline moves.
func reckon(ctx context.Context, d *data) error {
	db, err := postgres.Open(ctx, d.serving, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	a, err := app.New(app.Parts{DB: db})
	if err != nil {
		return err
	}
	var r desk.Recalculation
	err = db.Update(ctx, desk.Scope{Desk: d.desk.ID}, func(tx *postgres.Tx) error {
		version, err := tx.OfferNow()
		if err != nil {
			return err
		}
		offer := desk.FirstOffer(d.desk)
		offer.Version = version + 1
		day := []string{fmt.Sprintf("%02d:%02d-12:30", 7+version%3, 1+version%59), "13:30-18:00"}
		offer.Content.Calendars[0].Spec.Weekly = map[string][]string{"mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day}
		offer.Content.Calendars[0].Spec.Holidays = "FR"
		people, err := tx.Agents()
		if err != nil || len(people) == 0 {
			return fmt.Errorf("no agent to publish for: %w", err)
		}
		offer.PersonID = people[0].ID
		if err := tx.AddOffer(offer); err != nil {
			return err
		}
		r = desk.NewRecalculation(people[0].ID, desk.BecauseOffer, desk.Nobody)
		return tx.AddRecalculation(r)
	})
	if err != nil {
		return err
	}
	began := time.Now()
	if err := a.Recalculate(ctx, app.Reckoning{Desk: d.desk.ID, ID: r.ID}); err != nil {
		return err
	}
	took := time.Since(began)
	return db.View(ctx, desk.Scope{Desk: d.desk.ID}, func(tx *postgres.Tx) error {
		done, err := tx.Recalculation(r.ID)
		rate := float64(done.Done) / took.Seconds()
		fmt.Printf("\ndeadlines anew       %d open tickets in %.1f s, %.0f a second: 100,000 take %.0f s; %d moved\n", done.Done, took.Seconds(), rate, 100_000/rate, done.Changed)
		return err
	})
}
