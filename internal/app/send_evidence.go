package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/microsoft/azuresupport"
	"guichet/internal/postgres"
)

// SendEvidence is the job of sending the files of an escalation's dossier to the
// request that a connector filed. It names no file: whoever works it sends all that
// wait.
type SendEvidence struct {
	Desk       desk.ID `json:"desk"`
	Escalation desk.ID `json:"escalation"`
}

// Kind names the job.
func (SendEvidence) Kind() string { return "send_evidence" }

// holdFile is how long a worker has for one file; of one that died it is sent after
// that.
const holdFile = 5 * time.Minute

// stageEvidence has files sent that are in a dossier and were not sent yet, where a
// connector filed its request.
func (a *App) stageEvidence(tx *postgres.Tx, e desk.Escalation) error {
	if !e.TakesFiles() {
		return nil
	}
	list, err := tx.Evidence(e.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	taken, err := tx.SentNames(e.ID)
	if err != nil {
		return err
	}
	waits := false
	for _, f := range desk.StageEvidence(formOf(e), list, taken) {
		tx.StageEvidence(f)
		waits = waits || f.Sending == desk.EvidenceWaits
	}
	if !waits {
		return nil
	}
	return tx.Enqueue(SendEvidence{tx.Scope.Desk, e.ID}, &river.InsertOpts{MaxAttempts: requestTries})
}

// SendEvidenceAgain sends what was refused for a reason that people may have mended
// meanwhile. Errors: ErrConflict where nothing is to be sent.
func (a *App) SendEvidenceAgain(ctx context.Context, who desk.Actor, number int64) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		if !e.TakesFiles() {
			return desk.ErrConflict
		}
		again, err := tx.SendEvidenceAgain(e.ID, []desk.RefusalKind{desk.RefusedType, desk.RefusedSize})
		if err == nil && !again {
			err = desk.ErrConflict
		}
		if err != nil {
			return err
		}
		return tx.Enqueue(SendEvidence{who.Desk.ID, e.ID}, &river.InsertOpts{MaxAttempts: requestTries})
	})
}

// fileSender is the door to Microsoft that SendEvidence goes through.
type fileSender interface {
	Upload(ctx context.Context, a azuresupport.Access, workspace, file string, size int64, content io.Reader) error
}

// SendEvidence does the job, a file at a time: it is held, sent while no transaction
// is, and then noted. Under its name a file is there once, whatever dies meanwhile.
func (a *App) SendEvidence(ctx context.Context, job SendEvidence) error {
	for {
		o, err := a.nextFile(ctx, job)
		if err != nil || o.wait > 0 {
			if err == nil {
				err = river.JobSnooze(o.wait)
			}
			return err
		}
		if !o.some {
			return nil
		}
		answer := error(desk.Refusal{Kind: desk.RefusedSetup, Detail: "the connector was switched off"})
		if o.connector.Enabled && o.connector.Ready() {
			if answer, err = a.sendFile(ctx, job.Desk, o); err != nil {
				return err
			}
		}
		if err := a.noteFile(ctx, job, o, answer); err != nil {
			return err
		}
	}
}

// outgoing is a file on its way out.
type outgoing struct {
	some       bool // there is one
	wait       time.Duration
	escalation desk.Escalation
	file       desk.EvidenceFile
	connector  desk.Connector
	tenant     string // the customer's
}

// nextFile holds the next file that waits, or tells how long to wait for one.
func (a *App) nextFile(ctx context.Context, job SendEvidence) (o outgoing, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		if o.escalation, err = tx.EscalationByID(job.Escalation); err != nil || !o.escalation.TakesFiles() {
			return err
		}
		if o.connector, err = tx.Connector(desk.AzureSupport); err != nil {
			return err
		}
		if o.connector.Held(tx.Now) {
			o.wait = o.connector.NextAt.Sub(tx.Now)
			return nil
		}
		o.file, err = tx.HoldEvidence(job.Escalation, tx.Now.Add(holdFile))
		if errors.Is(err, desk.ErrNotFound) {
			until, err := tx.SendingHeld(job.Escalation)
			if err == nil && until != nil {
				o.wait = max(until.Sub(tx.Now), time.Second)
			}
			return err
		}
		if err != nil {
			return err
		}
		k, err := tx.Customer(o.escalation.CustomerID)
		o.tenant, o.some = k.Tenant, true
		return err
	})
	return o, err
}

// sendFile sends one. answer is what Microsoft said; err that it could not be asked.
func (a *App) sendFile(ctx context.Context, at desk.ID, o outgoing) (answer, err error) {
	content, size, err := a.openOutgoing(ctx, o)
	var big dossier.TooBig
	switch {
	case errors.Is(err, desk.ErrNotFound): // taken out of the dossier at this very moment
		return desk.Refusal{Kind: desk.RefusedGone}, nil
	case errors.As(err, &big), errors.Is(err, dossier.ErrHAR):
		return desk.Refusal{Kind: desk.RefusedSize}, nil
	case err != nil:
		return nil, err
	}
	defer content.Close()
	d, err := a.connect(at, o.connector)
	if err != nil {
		return nil, err
	}
	access := d.azure
	access.Tenant, access.Subscription = o.tenant, o.escalation.Remote.Subscription
	var sender fileSender = a.support
	answer = sender.Upload(ctx, access, o.escalation.Remote.Name, o.file.SentName, size, content)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return answer, nil
}

// openOutgoing opens a file as it goes out: as it was kept, or in a zip where it would be
// too big. The caller closes it.
func (a *App) openOutgoing(ctx context.Context, o outgoing) (io.ReadCloser, int64, error) {
	open := func() (io.ReadCloser, error) { return a.files.Open(ctx, o.file.Blob) }
	form := formOf(o.escalation)
	if !o.file.Zipped(form) {
		r, err := open()
		return r, o.file.Bytes, err
	}
	var zipped bytes.Buffer
	err := dossier.PackOne(&zipped, form, dossier.PackFile{Name: o.file.Name, Bytes: o.file.Bytes, Open: open}, o.file.CreatedAt)
	return io.NopCloser(&zipped), int64(zipped.Len()), err
}

// noteFile writes what came of sending one. What time mends waits a little, so that
// the others go first.
func (a *App) noteFile(ctx context.Context, job SendEvidence, o outgoing, answer error) error {
	if o.connector.Enabled {
		if err := a.noteConnector(ctx, job.Desk, &o.connector, func(held desk.Connector) desk.Connector { return held.Asked(answer, rand.Float64(), a.now()) }); err != nil {
			return err
		}
	}
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		f := o.file
		if answer != nil {
			if r := desk.RefusalOf(answer); !f.Refuse(r) {
				tx.AddEscalationEvent(desk.NewEscalationEvent(job.Escalation, desk.Nobody, desk.EscalationTrouble, map[string]string{"trouble": string(r.Kind), "name": f.Name}, tx.Now))
			}
		} else {
			f.Sent(tx.Now)
			tx.AddEscalationEvent(desk.NewEscalationEvent(job.Escalation, desk.Nobody, desk.EscalationFileSent, map[string]string{"name": f.Name}, tx.Now))
		}
		tx.SaveSending(f, tx.Now.Add(pendingEvery))
		return nil
	})
}
