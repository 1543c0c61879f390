package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

const (
	history     = 30 * 24 * time.Hour // what Microsoft keeps of what has ended
	overlap     = 10 * time.Minute    // clocks disagree, and a change may show late
	mostEntries = 5_000               // of one list
	mostUnread  = 200                 // of one poll; more say nothing new
	pageSize    = 1_000               // the most that may be wished ("List issues")
)

// Health reads how a tenant's services do, the issues that are open or changed
// since, and the messages that changed since; since is by Microsoft's clock, and
// zero means the last thirty days. It takes four calls, and one more for each
// further page. What was read before an error is returned with it. Each code
// comes once, posts oldest first. A tenant that gives its health and not its
// messages is no error: they are told among the unread. Errors: desk.Refusal.
func (c *Client) Health(ctx context.Context, tenant string, since time.Time, calls *desk.Calls) (desk.TenantHealth, error) {
	p := poll{rest: c.rest, tenant: tenant, calls: calls, now: c.rest.Now(), places: map[string]int{}}
	if since.IsZero() || p.now.Sub(since) > history {
		since = p.now.Add(-history)
	}
	changed := "lastModifiedDateTime ge " + since.Add(-overlap).UTC().Format("2006-01-02T15:04:05Z")
	err := p.list(ctx, "healthOverviews", "", p.overview)
	if err == nil {
		err = p.list(ctx, "issues", "endDateTime eq null", p.issue)
	}
	if err == nil {
		err = p.list(ctx, "issues", changed, p.issue)
	}
	if err == nil {
		err = p.list(ctx, "messages", changed, p.message)
		if refused := (desk.Refusal{}); errors.As(err, &refused) && refused.Kind == desk.RefusedConsent {
			p.unread("messages", refused.Detail)
			err = nil
		}
	}
	return p.heard, err
}

// poll is one reading of a tenant.
type poll struct {
	rest   *rest.Client
	tenant string
	calls  *desk.Calls
	now    time.Time
	heard  desk.TenantHealth
	places map[string]int // where in what was heard a code is
}

func (p *poll) list(ctx context.Context, what, filter string, take func(json.RawMessage)) error {
	q := rest.Question{Tenant: p.tenant, Path: "v1.0/admin/serviceAnnouncement/" + what, Most: mostEntries}
	if filter != "" {
		q.Params, q.Size = url.Values{"$filter": {filter}}, pageSize
	}
	return p.rest.List(ctx, q, p.calls, take)
}

func (p *poll) unread(code, reason string) {
	if len(p.heard.Unread) < mostUnread {
		p.heard.Unread = append(p.heard.Unread, desk.Unread{Code: prose.Line(code, 60), Reason: reason})
	}
}

// overview reads a service ("serviceHealth resource type").
func (p *poll) overview(entry json.RawMessage) {
	var o struct {
		ID      string `json:"id"`
		Service string `json:"service"`
		Status  string `json:"status"`
	}
	if err := json.Unmarshal(entry, &o); err != nil {
		p.unread(codeOf(entry), wrongForm(err))
		return
	}
	name := prose.Line(o.Service, mostName)
	if name == "" {
		name = prose.Line(o.ID, mostName)
	}
	status := prose.Word(o.Status)
	if name == "" || status == "" {
		p.unread(o.ID, "a service without name or status")
		return
	}
	p.addService(desk.ServiceState{Service: desk.ServiceOf(name), Status: status, HeardAt: p.now})
}

// addService keeps the worse of two that the form offers as one, such as Teams
// and Skype for Business.
func (p *poll) addService(s desk.ServiceState) {
	for i, known := range p.heard.Services {
		if known.Service == s.Service {
			if fine(known.Status) && !fine(s.Status) {
				p.heard.Services[i] = s
			}
			return
		}
	}
	p.heard.Services = append(p.heard.Services, s)
}

func fine(status string) bool { return desk.Published{Status: status}.Ended() }

// publish keeps what was read, each code once: an open issue that has just
// changed is in both lists.
func (p *poll) publish(read desk.Published) {
	at, known := p.places[read.Code]
	if !known {
		p.places[read.Code] = len(p.heard.Published)
		p.heard.Published = append(p.heard.Published, read)
		return
	}
	held := &p.heard.Published[at]
	switch {
	case read.ChangedAt.After(held.ChangedAt):
		*held = read
	case read.ChangedAt.Equal(held.ChangedAt) && !alike(read, *held):
		p.unread(read.Code, desk.EntryOtherContent)
	}
}
