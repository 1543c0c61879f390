package app

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// SweepFiles is the clock's job of erasing, at every desk, bytes that belong to
// nothing: of uploads that died half-way, of files taken out while the bucket did
// not answer. What became of letters long ago goes with them.
type SweepFiles struct{}

// Kind names the job.
func (SweepFiles) Kind() string { return "sweep_files" }

// SweepDesk is the job of doing that at one desk.
type SweepDesk struct {
	Desk desk.ID `json:"desk"`
}

// Kind names the job.
func (SweepDesk) Kind() string { return "sweep_desk_files" }

// SweepTime is how long that may take, and sweptAfter how old bytes must be: no
// upload takes a day.
const (
	SweepTime  = 10 * time.Minute
	sweptAfter = 24 * time.Hour
)

// FanOutSweeps works SweepFiles.
func (a *App) FanOutSweeps(ctx context.Context, _ SweepFiles) error {
	return a.eachDesk(ctx, func(tx *postgres.Tx, d desk.Desk) error { return tx.Enqueue(SweepDesk{d.ID}, once) })
}

// SweepDesk works a SweepDesk. It may be worked again.
func (a *App) SweepDesk(ctx context.Context, job SweepDesk) error {
	err := a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		tx.ForgetUploads(tx.Now.Add(-desk.UploadLife))
		tx.ForgetDrafts(tx.Now.Add(-desk.DraftLife))
		tx.ForgetImports(tx.Now.Add(-desk.ImportLife))
		tx.ForgetWebhookDeliveries(tx.Now.Add(-desk.WebhookLogLife))
		return nil
	})
	if err == nil {
		err = a.sweepLetters(ctx, job.Desk)
	}
	if err == nil {
		err = a.checkAgain(ctx, job.Desk)
	}
	if err != nil {
		return err
	}
	_, err = a.files.Sweep(ctx, job.Desk, a.now().Add(-sweptAfter), func(names []string) (known []string, err error) {
		err = a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
			known, err = tx.KnownBlobs(names)
			return err
		})
		return known, err
	})
	return err
}
