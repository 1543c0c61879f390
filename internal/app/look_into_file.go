package app

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// LookIntoFile is the job of having a file scanned, where there is a scanner, and of
// making the small picture of an image.
type LookIntoFile struct {
	Desk desk.ID `json:"desk"`
	File desk.ID `json:"file"`
}

// Kind names the job.
func (LookIntoFile) Kind() string { return "look_into_file" }

// fileTries bounds the tries of a file that breaks what looks into it, scanAgain is
// how long a scanner that does not answer is left alone, and LookTime how long
// looking may take.
const (
	fileTries = 5
	scanAgain = time.Minute
	LookTime  = 10 * time.Minute
)

// Scanner looks for what is harmful in a stream, and names it; "" for nothing. Errors:
// a scanner that cannot tell.
type Scanner interface {
	Scan(ctx context.Context, body io.Reader) (signature string, err error)
}

// LookIntoFile does the job. Errors: a pause while the scanner does not answer.
func (a *App) LookIntoFile(ctx context.Context, job LookIntoFile) error {
	scope := desk.Scope{Desk: job.Desk}
	var f desk.Attachment
	err := a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
		f, err = tx.AttachmentByID(job.File)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err == nil && f.State == desk.FileQuarantined && a.scanner != nil {
		f, err = a.scan(ctx, scope, f)
	}
	if err != nil || f.State != desk.FileKept || !desk.Picture(f.Type) || f.Preview != "" {
		return err
	}
	return a.preview(ctx, scope, f)
}

// scan asks the scanner and notes what it says: of what is harmful no byte is left.
func (a *App) scan(ctx context.Context, scope desk.Scope, f desk.Attachment) (desk.Attachment, error) {
	body, err := a.files.Open(ctx, f.Blob)
	if err != nil {
		return f, err
	}
	found, err := a.scanner.Scan(ctx, body)
	_ = body.Close() // only read
	if err != nil {
		return f, river.JobSnooze(scanAgain)
	}
	f.State = desk.FileKept
	if found != "" {
		f.State, f.Signature = desk.FileInfected, desk.FileName(found)
	}
	err = a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		if err := tx.SaveAttachment(f); err != nil || found == "" {
			return err
		}
		tx.AddEvent(desk.NewEvent(desk.Ticket{ID: f.TicketID, CustomerID: f.CustomerID}, desk.Nobody, desk.EventInfected,
			map[string]string{"name": f.Name, "signature": f.Signature, "by": f.PersonName}, tx.Now))
		return nil
	})
	if err == nil && found != "" {
		a.dropBlobs(ctx, f.Blob)
	}
	return f, err
}

// preview makes the small picture of an image. One that cannot be made has none: that
// is no reason to try again.
func (a *App) preview(ctx context.Context, scope desk.Scope, f desk.Attachment) error {
	p, err := a.files.Preview(ctx, scope.Desk, f.Blob)
	if err != nil {
		return err
	}
	if p.Blob == "" {
		return nil
	}
	f.Preview, f.Width, f.Height = p.Blob, p.Width, p.Height
	err = a.db.Update(ctx, scope, func(tx *postgres.Tx) error { return tx.SaveAttachment(f) })
	if err != nil {
		a.dropBlobs(ctx, p.Blob)
	}
	return err
}
