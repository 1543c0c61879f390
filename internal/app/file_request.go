package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/internal/microsoft/azuresupport"
	"guichet/internal/postgres"
	"guichet/internal/route"
)

// FileRequest is the job of filing an escalation by a connector. It may be done any
// number of times: what it files has a name of ours, and is there once.
type FileRequest struct {
	Desk       desk.ID `json:"desk"`
	Escalation desk.ID `json:"escalation"`
}

// Kind names the job.
func (FileRequest) Kind() string { return "file_request" }

// requestTries is how often a job asks Microsoft that fails in another way than by
// a refusal, which has a time of its own.
const requestTries = 8

// pendingEvery is when a request that Microsoft accepted is looked for again.
const pendingEvery = time.Minute

// connectorsFor lists what could file an escalation by itself.
func (a *App) connectorsFor(tx *postgres.Tx, e desk.Escalation) ([]string, error) {
	if e.Target != route.Microsoft || !e.State.Before() || formOf(e) != "azure_portal" {
		return nil, nil
	}
	c, err := tx.Connector(desk.AzureSupport)
	if errors.Is(err, desk.ErrNotFound) || err == nil && (!c.Enabled || !c.Ready()) {
		return nil, nil
	}
	return []string{string(c.Kind)}, err
}

// FileByConnector has an escalation filed at Microsoft by the connector. What comes
// of it is on the escalation a little later: its number, or why it was refused.
// Errors: Invalid on "" where no connector can; on "severity", "service", "problem",
// "subscription", or "dossier" while something is missing; ErrConflict when it is
// filed or being filed.
func (a *App) FileByConnector(ctx context.Context, who desk.Actor, number int64, seen int, f desk.RemoteFiling) error {
	return a.changeEscalation(ctx, who, desk.Escalate, number, seen, func(tx *postgres.Tx, e *desk.Escalation) error {
		s, err := a.story(tx, who, *e)
		if err != nil {
			return err
		}
		var p desk.Problems
		if len(s.Connectors) == 0 {
			p.Add("", "connectors.cannot_file")
		}
		if !s.Dossier.Complete() && !f.Anyway {
			p.Add("dossier", "error.escalation.incomplete")
		}
		if e.NeedsApproval(s.Handover, f.Severity) {
			p.Add("severity", "error.escalation.approval")
		}
		if err := p.Err(); err != nil {
			return err
		}
		f.Subscription = strings.ToLower(strings.TrimSpace(f.Subscription))
		if err := e.BeginRemote(desk.AzureSupport, f, who.Person.ID, tx.Now); err != nil {
			return err
		}
		return tx.Enqueue(FileRequest{who.Desk.ID, e.ID}, &river.InsertOpts{MaxAttempts: requestTries})
	})
}

// requestFiler is the door to Microsoft that FileRequest goes through.
type requestFiler interface {
	Workspace(ctx context.Context, a azuresupport.Access, workspace string) error
	Create(ctx context.Context, a azuresupport.Access, name string, f desk.RemoteRequestForm) (desk.RemoteRequest, error)
}

// FileRequest does the job: it asks, holding no transaction, and notes the answer.
// When it dies between the two, the next one finds by its name what was filed.
func (a *App) FileRequest(ctx context.Context, job FileRequest) error {
	d, err := a.deskByID(ctx, job.Desk)
	if err != nil {
		return err
	}
	e, c, form, access, err := a.readToFile(ctx, d, job.Escalation)
	if err != nil || e.Remote.Begun == nil || !e.State.Before() {
		return err
	}
	if c.Held(a.now()) {
		return river.JobSnooze(c.NextAt.Sub(a.now()))
	}
	if !c.Enabled || !c.Ready() {
		_, err := a.noteFiling(ctx, d, job.Escalation, desk.RemoteRequest{}, desk.Refusal{Kind: desk.RefusedSetup, Detail: "the connector was switched off"})
		return err
	}
	r, answer := file(ctx, a.support, access, e.Remote.Name, form)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := a.noteConnector(ctx, d.ID, &c, func(held desk.Connector) desk.Connector { return held.Asked(answer, rand.Float64(), a.now()) }); err != nil {
		return err
	}
	again, err := a.noteFiling(ctx, d, job.Escalation, r, answer)
	switch {
	case err != nil:
		return err
	case again && c.Held(a.now()):
		return river.JobSnooze(c.NextAt.Sub(a.now()))
	case again:
		return river.JobSnooze(pendingEvery)
	}
	return nil
}

// file asks for a place for the dossier's files first, since a request names it when
// it is filed; the files follow once it is.
func file(ctx context.Context, filer requestFiler, access azuresupport.Access, name string, form desk.RemoteRequestForm) (desk.RemoteRequest, error) {
	if form.Workspace != "" {
		if err := filer.Workspace(ctx, access, form.Workspace); err != nil {
			return desk.RemoteRequest{}, err
		}
	}
	return filer.Create(ctx, access, name, form)
}

// readToFile reads all that filing takes. A connector that was switched off
// meanwhile is a refusal like another.
func (a *App) readToFile(ctx context.Context, d desk.Desk, id desk.ID) (e desk.Escalation, c desk.Connector, f desk.RemoteRequestForm, access azuresupport.Access, err error) {
	err = a.db.View(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		if e, err = tx.EscalationByID(id); err != nil || e.Remote.Begun == nil || !e.State.Before() {
			return err
		}
		if c, err = tx.Connector(desk.AzureSupport); err != nil {
			return err
		}
		who := desk.Actor{Desk: d}
		if who.Person, err = tx.Person(e.Remote.By); err != nil {
			return err
		}
		s, err := a.story(tx, who, e)
		if err != nil {
			return err
		}
		f = requestForm(s)
		access.Tenant = s.Thread.Customer.Tenant
		return nil
	})
	if err != nil || e.Remote.Begun == nil || !e.State.Before() {
		return e, c, f, access, err
	}
	door, err := a.connect(d.ID, c)
	access.PartnerTenant, access.ClientID, access.ClientSecret, access.Subscription = door.azure.PartnerTenant, door.azure.ClientID, door.azure.ClientSecret, e.Remote.Subscription
	return e, c, f, access, err
}

// noteFiling writes what came of asking, and tells whether to look again. A person
// who filed it by hand meanwhile is told that it may be there twice.
func (a *App) noteFiling(ctx context.Context, d desk.Desk, id desk.ID, r desk.RemoteRequest, answer error) (again bool, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		e, err := tx.LockEscalationByID(id)
		if err != nil || e.Remote.Begun == nil {
			return err
		}
		who := desk.Actor{Desk: d}
		if who.Person, err = tx.Person(e.Remote.By); err != nil {
			return err
		}
		switch {
		case answer != nil:
			refusal := desk.RefusalOf(answer)
			again = e.RemoteRefused(refusal)
			tx.AddEscalationEvent(desk.NewEscalationEvent(e.ID, desk.Nobody, desk.EscalationTrouble, map[string]string{"trouble": string(refusal.Kind)}, tx.Now))
		case r.Pending:
			again = true
			e.Remote.Trouble, e.Remote.Detail = "", ""
		case !e.State.Before():
			e.Remote.Begun, e.Remote.Trouble, e.Remote.Detail = nil, string(desk.RefusedChanged), "also filed as "+r.Request
		default:
			if err := a.filedRemotely(tx, who, &e, r); err != nil {
				return err
			}
		}
		return tx.SaveEscalation(e)
	})
	return again, err
}

func (a *App) filedRemotely(tx *postgres.Tx, who desk.Actor, e *desk.Escalation, r desk.RemoteRequest) error {
	filing := desk.Filing{Request: r.Request, Severity: e.Remote.Severity, At: r.CreatedAt, Plan: e.Plan}
	if filing.At != nil && filing.At.After(tx.Now) {
		filing.At = nil
	}
	if err := a.fileAs(tx, who, e, filing); err != nil {
		return err
	}
	e.Remote.Begun, e.Remote.Trouble, e.Remote.Detail = nil, "", ""
	e.RemoteRead(r, tx.Now)
	e.Promised(r, tx.Now)
	return a.stageEvidence(tx, *e)
}

// Limits of a request ("Support Tickets - Create" gives none; the portal's form
// takes so much of a title).
const (
	mostRequestTitle = 250
	mostRequestText  = 30_000
)

// requestForm is an escalation as Azure's support takes it: plain ASCII, and the
// partner's contact, never the customer's.
func requestForm(s desk.EscalationStory) desk.RemoteRequestForm {
	value := func(key string) string { f, _ := s.Dossier.Field(key); return strings.TrimSpace(f.Value) }
	c := s.Handover.Contact
	f := desk.RemoteRequestForm{Title: cutASCII(firstOf(value("title"), s.Thread.Ticket.Subject), mostRequestTitle), Description: cutASCII(s.Dossier.Text(), mostRequestText),
		Severity: s.Remote.Severity, Service: s.Remote.Service, Classification: s.Remote.Problem, StartedAt: s.Thread.Ticket.Since, Resource: value("resource_id"),
		Diagnostics: strings.HasPrefix(strings.ToLower(value("diagnostics_consent")), "y"),
		Contact:     desk.RemoteContact{Email: c.Email, Extra: c.Extra, Phone: c.Phone, Zone: c.Zone, Country: c.Country, Language: c.Language}}
	f.Contact.FirstName, f.Contact.LastName, _ = strings.Cut(c.Name, " ")
	if f.Contact.LastName == "" {
		f.Contact.LastName = f.Contact.FirstName
	}
	if s.Remote.Severity == "A" && c.NightPhone != "" {
		f.Contact.Phone, f.Contact.ByPhone = c.NightPhone, true
	}
	if !strings.HasPrefix(strings.ToLower(f.Resource), "/subscriptions/") {
		f.Resource = ""
	}
	if len(s.Evidence) > 0 {
		f.Workspace = s.Remote.Name
	}
	return f
}

func cutASCII(text string, most int) string {
	text = dossier.ASCII(text)
	return text[:min(len(text), most)]
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
