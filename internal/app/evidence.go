package app

import (
	"context"
	"errors"
	"io"
	"time"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/files"
	"guichet/internal/postgres"
)

// Upload is a file on its way in. Its body is read to its end, or not at all,
// before the next one is asked for.
type Upload struct {
	Name, Type string // as they were told
	Body       io.Reader
}

// AddEvidence takes files into an escalation's dossier, one after the other as next
// gives them until io.EOF, and returns how many it has taken. Secrets are covered
// before anything is kept. Files that are refused do not hold the others up: they
// come back as an Invalid on "files", one problem each with its "Name". Errors:
// ErrUpload, with nothing kept, for an upload that breaks; ErrConflict once the
// escalation has ended.
func (a *App) AddEvidence(ctx context.Context, who desk.Actor, number int64, next func() (Upload, error)) (int, error) {
	if err := who.May(desk.Escalate); err != nil {
		return 0, err
	}
	in := intake{app: a, who: who}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		if in.escalation, err = tx.Escalation(number); err != nil {
			return err
		}
		in.held, err = tx.Evidence(in.escalation.ID)
		return err
	})
	if err != nil {
		return 0, err
	}
	if in.escalation.State == desk.EscalationEnded {
		return 0, desk.ErrConflict
	}
	taken := 0
	if err = in.all(ctx, next); err == nil {
		taken, err = in.store(ctx, number)
	}
	if err != nil {
		in.drop(ctx, in.kept)
		return 0, err
	}
	return taken, in.refused.Err()
}

// intake is the files of one form on their way into a dossier.
type intake struct {
	app        *App
	who        desk.Actor
	escalation desk.Escalation
	held, kept []desk.EvidenceFile
	refused    desk.Problems
}

func (in *intake) all(ctx context.Context, next func() (Upload, error)) error {
	for n := 0; ; n++ {
		u, err := next()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				return desk.NewInvalid("files", "evidence.none", "Name", "")
			}
			return nil
		}
		if err != nil {
			return err
		}
		if err := in.one(ctx, u); err != nil {
			return err
		}
	}
}

// one keeps a file or notes why not. Errors: those that end the whole form.
func (in *intake) one(ctx context.Context, u Upload) error {
	f := desk.NewEvidence(in.escalation, u.Name, u.Type, nil, in.who.Person.ID, in.app.now())
	if key := in.refuses(u, f); key != "" {
		in.refuse(f.Name, key)
		return nil
	}
	kept, masked, err := in.app.keep(ctx, in.who.Desk.ID, u.Body, f.Name)
	switch {
	case errors.Is(err, dossier.ErrHAR):
		in.refuse(f.Name, "evidence.refused.har")
		return nil
	case errors.Is(err, errTooMuch), errors.Is(err, files.ErrTooLong):
		in.refuse(f.Name, "evidence.refused.size")
		return nil
	case err != nil:
		return err
	}
	f.Bytes, f.Blob, f.Sum, f.Masked = kept.Bytes, kept.Blob, kept.Sum, append(f.Masked, masked...)
	key := desk.FitsEvidence(formOf(in.escalation), f)
	if key == "" && desk.EvidenceBytes(in.held)+desk.EvidenceBytes(in.kept)+f.Bytes > desk.MaxDossierBytes {
		key = "evidence.refused.total"
	}
	if key != "" {
		in.drop(ctx, []desk.EvidenceFile{f})
		in.refuse(f.Name, key)
		return nil
	}
	in.kept = append(in.kept, f)
	return nil
}

// refuses tells what can be told before a byte is read.
func (in *intake) refuses(u Upload, f desk.EvidenceFile) string {
	if len(in.held)+len(in.kept) >= desk.MaxDossierFiles {
		return "evidence.refused.many"
	}
	f.Bytes = 1
	if key := desk.FitsEvidence(formOf(in.escalation), f); key != "" {
		return key
	}
	f.Name = u.Name // what was cleaned out of a name may be what a machine acts on
	if key := desk.FitsEvidence(formOf(in.escalation), f); key == "dossier.problem.file_type" {
		return key
	}
	return ""
}

func (in *intake) refuse(name, key string) {
	in.refused = append(in.refused, desk.Problem{Field: "files", Key: key, Args: []any{"Name", name}})
}

// store puts the kept files on record. Two who send at once are counted one after
// the other. Errors: ErrConflict.
func (in *intake) store(ctx context.Context, number int64) (int, error) {
	if len(in.kept) == 0 {
		return 0, nil
	}
	var again []desk.EvidenceFile
	err := in.app.changeEscalation(ctx, in.who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) error {
		held, err := tx.Evidence(e.ID)
		if err != nil {
			return err
		}
		if len(held)+len(in.kept) > desk.MaxDossierFiles || desk.EvidenceBytes(held)+desk.EvidenceBytes(in.kept) > desk.MaxDossierBytes {
			return desk.ErrConflict
		}
		again = nil
		for _, f := range in.kept {
			f.CreatedAt = tx.Now
			added, err := tx.AddEvidence(f)
			if err != nil {
				return err
			}
			if !added {
				again = append(again, f)
				continue
			}
			tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, in.who.Person.ID, desk.EscalationFileAdded, map[string]string{"name": f.Name}, tx.Now))
		}
		if err := in.app.stageEvidence(tx, *e); err != nil {
			return err
		}
		return e.ChangeFiles(tx.Now)
	})
	if err != nil {
		return 0, err
	}
	in.drop(ctx, again)
	return len(in.kept) - len(again), nil
}

// drop erases what no row names. What cannot be erased now is swept later.
func (in *intake) drop(ctx context.Context, list []desk.EvidenceFile) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // whoever hung up leaves nothing either
	defer cancel()
	for _, f := range list {
		_ = in.app.files.Remove(ctx, f.Blob)
	}
}

// keep covers a file while it streams into the bucket. Errors: dossier.ErrHAR;
// errTooMuch; ErrUpload.
func (a *App) keep(ctx context.Context, owner desk.ID, body io.Reader, name string) (files.Kept, []dossier.Masked, error) {
	in := &arriving{r: body, left: desk.MaxEvidence}
	out, to := io.Pipe()
	var masked []dossier.Masked
	done := make(chan struct{})
	go func() {
		defer close(done)
		var err error
		masked, err = dossier.Scrub(to, in, name)
		if in.err != nil { // why a HAR seems cut short
			err = in.err
		}
		to.CloseWithError(err)
	}()
	// What covers a secret may be longer than the secret.
	kept, err := a.files.Put(ctx, owner, out, 2*desk.MaxEvidence)
	out.CloseWithError(err)
	<-done
	return kept, masked, err
}

// Evidence opens a file of an escalation's dossier. The caller closes it. Errors:
// ErrNotFound.
func (a *App) Evidence(ctx context.Context, who desk.Actor, number int64, id desk.ID) (desk.EvidenceFile, io.ReadCloser, error) {
	if err := who.May(desk.ReadEscalations); err != nil {
		return desk.EvidenceFile{}, nil, err
	}
	var f desk.EvidenceFile
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		e, err := tx.Escalation(number)
		if err == nil {
			f, err = tx.EvidenceFile(e.ID, id)
		}
		return err
	})
	if err != nil {
		return f, nil, err
	}
	r, err := a.files.Open(ctx, f.Blob)
	return f, r, err
}

// RemoveEvidence takes a file out of a dossier and erases its bytes. Errors:
// ErrNotFound; ErrConflict once the escalation has ended.
func (a *App) RemoveEvidence(ctx context.Context, who desk.Actor, number int64, id desk.ID) error {
	var f desk.EvidenceFile
	err := a.changeEscalation(ctx, who, desk.Escalate, number, 0, func(tx *postgres.Tx, e *desk.Escalation) (err error) {
		if f, err = tx.EvidenceFile(e.ID, id); err != nil {
			return err
		}
		if err := tx.RemoveEvidence(e.ID, id); err != nil {
			return err
		}
		tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, who.Person.ID, desk.EscalationFileGone, map[string]string{"name": f.Name}, tx.Now))
		return e.ChangeFiles(tx.Now)
	})
	if err == nil {
		_ = a.files.Remove(ctx, f.Blob) // else it is swept
	}
	return err
}

// PackDossier writes an escalation's dossier with its files as one zip, in the rules
// of its portal. Errors: dossier.ErrTooBig.
func (a *App) PackDossier(ctx context.Context, who desk.Actor, number int64, w io.Writer) error {
	s, err := a.Escalation(ctx, who, number)
	if err != nil {
		return err
	}
	list := make([]dossier.PackFile, 0, len(s.Evidence))
	for _, f := range s.Evidence {
		list = append(list, dossier.PackFile{Name: f.Name, Bytes: f.Bytes, Open: func() (io.ReadCloser, error) { return a.files.Open(ctx, f.Blob) }})
	}
	return dossier.Pack(w, s.Dossier, list)
}
