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

// scanPatience is how long a file waits for a scanner that does not answer before an
// admin is asked.
const scanPatience = 24 * time.Hour

// Scanner looks for what is harmful in a stream, and names it; "" for nothing. Errors:
// a scanner that cannot tell now; desk.ErrUnscannable from one that never will.
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
	if err == nil && f.State == desk.FileQuarantined {
		f, err = a.scan(ctx, scope, f)
	}
	if err != nil || f.State != desk.FileKept || !desk.Picture(f.Type) || f.Preview != "" {
		return err
	}
	return a.preview(ctx, scope, f)
}

// scan asks the scanner and notes what it says: of what is harmful no byte is left,
// and what it cannot look through waits for an admin.
func (a *App) scan(ctx context.Context, scope desk.Scope, f desk.Attachment) (desk.Attachment, error) {
	found, err := a.lookThrough(ctx, f)
	if why := (desk.Unscannable{}); errors.As(err, &why) {
		return a.leaveUnscanned(ctx, scope, f, why.Why)
	}
	if err != nil && a.now().Sub(f.CreatedAt) > scanPatience {
		return a.leaveUnscanned(ctx, scope, f, noAnswer)
	}
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

// noAnswer stands for the words of a scanner that has said none.
const noAnswer = "no answer"

// lookThrough asks the scanner, if the file is not larger than it takes. One that has
// been disconnected since the file came takes none.
func (a *App) lookThrough(ctx context.Context, f desk.Attachment) (found string, err error) {
	switch {
	case a.scanner == nil:
		return "", desk.Unscannable{Why: noAnswer}
	case a.scanMost > 0 && f.Bytes > a.scanMost:
		return "", desk.Unscannable{}
	}
	body, err := a.files.Open(ctx, f.Blob)
	if err != nil {
		return "", err
	}
	found, err = a.scanner.Scan(ctx, body)
	_ = body.Close() // only read
	return found, err
}

// leaveUnscanned has a file wait for an admin's word: nothing looks at it again by
// itself.
func (a *App) leaveUnscanned(ctx context.Context, scope desk.Scope, f desk.Attachment, why string) (desk.Attachment, error) {
	f.State, f.Signature = desk.FileUnscanned, desk.FileName(why)
	if why == "" {
		f.Signature = ""
	}
	return f, a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
		if err := tx.SaveAttachment(f); err != nil {
			return err
		}
		tx.AddEvent(desk.NewEvent(desk.Ticket{ID: f.TicketID, CustomerID: f.CustomerID}, desk.Nobody, desk.EventUnscanned,
			map[string]string{"name": f.Name, "by": f.PersonName}, tx.Now))
		return nil
	})
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
