package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// TicketSummary is a ticket as a list shows it.
type TicketSummary struct {
	Number        int64      `json:"number"`
	URL           string     `json:"url" format:"uri" doc:"Its page, for people."`
	Kind          string     `json:"kind" enum:"problem,question,subscription,billing"`
	Subject       string     `json:"subject"`
	Service       string     `json:"service" doc:"Empty where nobody said."`
	State         string     `json:"state" enum:"new,open,waiting_customer,waiting_microsoft,waiting_third_party,resolved,closed"`
	Priority      int        `json:"priority" minimum:"1" maximum:"4" doc:"1 critical to 4 low."`
	Impact        string     `json:"impact" enum:"stopped,slowed,minor"`
	Outcome       string     `json:"outcome" doc:"PARTNER, MICROSOFT or NEEDS_INFO: who is to resolve it."`
	Category      string     `json:"category"`
	Confirmed     bool       `json:"confirmed" doc:"Whether a person stands by the outcome."`
	Tags          []string   `json:"tags"`
	Team          string     `json:"team"`
	Customer      Ref        `json:"customer"`
	Requester     Ref        `json:"requester"`
	Assignee      *Ref       `json:"assignee,omitempty"`
	DueAt         *time.Time `json:"due_at,omitempty" doc:"The nearest promise."`
	LastMessageAt time.Time  `json:"last_message_at"`
	LastMessageBy string     `json:"last_message_by" enum:"customer,desk"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// Ticket is a ticket with all that stands on it.
type Ticket struct {
	TicketSummary
	Region    string     `json:"region"`
	Affected  string     `json:"affected" enum:"one_user,some_users,whole_tenant,many_tenants,unknown"`
	Language  string     `json:"language"`
	Since     *time.Time `json:"since,omitempty" doc:"Since when, as the customer says."`
	RepliedAt *time.Time `json:"replied_at,omitempty" doc:"The desk's first reply by a person."`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Incident  int64      `json:"incident,omitempty" doc:"The number of the incident that it belongs to."`
}

// TicketPage is one page of tickets.
type TicketPage struct {
	Link string `header:"Link" doc:"The next page, as rel=next (RFC 8288)."`
	Body struct {
		List[TicketSummary]
		SyncFrom time.Time `json:"sync_from" doc:"When the whole list was read, ask from here next time (updated_since). It overlaps by a minute, so that nothing under way is missed: tickets may come twice, with the same updated_at."`
	}
}

type ticketQuery struct {
	Paged
	State        string  `query:"state" enum:"new,open,waiting_customer,waiting_microsoft,waiting_third_party,resolved,closed"`
	Customer     desk.ID `query:"customer" format:"uuid"`
	Service      string  `query:"service" maxLength:"100"`
	Outcome      string  `query:"outcome" enum:"PARTNER,MICROSOFT,NEEDS_INFO"`
	Assignee     desk.ID `query:"assignee" format:"uuid"`
	UpdatedSince string  `query:"updated_since" format:"date-time" doc:"Only tickets that changed then or later."`
}

// OneTicket names a ticket.
type OneTicket struct {
	Number int64 `path:"number" minimum:"1" maximum:"9007199254740991"`
}

// TicketAnswer is one ticket, with its tag.
type TicketAnswer struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Ticket
}

type newTicket struct {
	Body struct {
		RequesterID desk.ID    `json:"requester_id" format:"uuid" doc:"The customer's person who asks: see /customers/{id}/people."`
		Kind        string     `json:"kind,omitempty" enum:"problem,question,subscription,billing" default:"problem"`
		Subject     string     `json:"subject" minLength:"1" maxLength:"200"`
		Body        string     `json:"body" minLength:"1" maxLength:"20000"`
		Service     string     `json:"service,omitempty" maxLength:"100" doc:"As the desk calls it, such as Exchange Online."`
		Region      string     `json:"region,omitempty" maxLength:"60"`
		Affected    string     `json:"affected,omitempty" enum:"one_user,some_users,whole_tenant,many_tenants,unknown"`
		Impact      string     `json:"impact,omitempty" enum:"stopped,slowed,minor"`
		Language    string     `json:"language,omitempty" enum:"fr,en" doc:"The requester's own, unless said otherwise."`
		Since       *time.Time `json:"since,omitempty"`
		PriceAgreed bool       `json:"price_agreed,omitempty" doc:"The requester agreed to what it costs: a request that has a price is refused without it."`
	}
}

type ticketChange struct {
	OneTicket
	IfMatch string `header:"If-Match" doc:"The ETag that you read: the change is refused with 412 when the ticket has changed since."`
	Body    struct {
		State      *string   `json:"state,omitempty" enum:"new,open,waiting_customer,waiting_microsoft,waiting_third_party,resolved,closed"`
		AssigneeID Clearable `json:"assignee_id,omitempty" doc:"One of the desk's people, or null for nobody."`
		Priority   *int      `json:"priority,omitempty" minimum:"1" maximum:"4"`
		Impact     *string   `json:"impact,omitempty" enum:"stopped,slowed,minor"`
	}
}

// Clearable is an id that null takes away; absent it stays.
type Clearable struct {
	Sent bool
	ID   desk.ID
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *Clearable) UnmarshalJSON(b []byte) error {
	c.Sent, c.ID = true, desk.Nobody
	if string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, &c.ID)
}

// Schema implements huma.SchemaProvider.
func (Clearable) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid", Nullable: true}
}

var _ huma.SchemaProvider = Clearable{}

func (d *door) ticketRoutes(h huma.API) {
	const tag = "Tickets"
	add(d, h, op(http.MethodGet, "/tickets", desk.ScopeTicketsRead, tag, "listTickets", "Tickets, those that changed longest ago first"), d.listTickets)
	add(d, h, op(http.MethodPost, "/tickets", desk.ScopeTicketsWrite, tag, "createTicket", "Open a ticket for a customer's person"), d.createTicket)
	add(d, h, op(http.MethodGet, "/tickets/{number}", desk.ScopeTicketsRead, tag, "readTicket", "One ticket"), d.readTicket)
	add(d, h, op(http.MethodPatch, "/tickets/{number}", desk.ScopeTicketsWrite, tag, "changeTicket", "Change state, assignment, priority or impact, all or nothing"), d.changeTicket)
}

func (d *door) listTickets(ctx context.Context, who desk.Actor, in *ticketQuery) (*TicketPage, error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	began := d.app.Now()
	f := desk.QueueFilter{View: desk.ViewEvery, Sort: "changed", Customer: in.Customer, Service: in.Service, Outcome: desk.Outcome(in.Outcome),
		State: desk.State(in.State), Assignee: in.Assignee, Most: in.Limit, After: after}
	query := in.limitQuery()
	for name, value := range map[string]string{"state": in.State, "service": in.Service, "outcome": in.Outcome, "updated_since": in.UpdatedSince, "customer": idText(in.Customer), "assignee": idText(in.Assignee)} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if in.UpdatedSince != "" {
		since, err := time.Parse(time.RFC3339, in.UpdatedSince)
		if err != nil {
			return nil, &Problem{Title: http.StatusText(http.StatusUnprocessableEntity), Status: http.StatusUnprocessableEntity, Code: "invalid",
				Errors: []Fault{{Detail: "This is no moment as RFC 3339 writes it.", Parameter: "updated_since"}}}
		}
		f.Since = &since
	}
	rows, next, err := d.app.ReadQueue(ctx, who, f)
	if err != nil {
		return nil, err
	}
	items := make([]TicketSummary, len(rows))
	for i, r := range rows {
		items[i] = d.summary(who, r)
	}
	page := listed(items, next.String(), "/tickets", query)
	out := &TicketPage{Link: page.Link}
	out.Body.List, out.Body.SyncFrom = page.Body, began.Add(-overlap).UTC().Truncate(time.Second)
	return out, nil
}

// overlap is how much of the past is read again by whoever keeps a copy: longer than
// any transaction takes to be seen (statements end after half a minute).
const overlap = time.Minute

func idText(id desk.ID) string {
	if id == desk.Nobody {
		return ""
	}
	return id.String()
}

func (d *door) summary(who desk.Actor, r desk.Row) TicketSummary {
	return TicketSummary{Number: r.Number, URL: d.page(who, "/tickets/"+number(r.Number)), Kind: r.Kind, Subject: r.Subject, Service: r.Service, State: string(r.State),
		Priority: r.Priority, Impact: string(r.Impact), Outcome: string(r.Outcome), Category: string(r.Category), Confirmed: r.Confirmed,
		Tags: append([]string{}, r.Tags...), Team: r.Team, Customer: Ref{r.CustomerID, r.CustomerName}, Requester: Ref{r.RequesterID, r.RequesterName},
		Assignee: ref(r.AssigneeID, r.AssigneeName), DueAt: utc(r.DueAt), LastMessageAt: r.LastAt.UTC(), LastMessageBy: string(r.LastSide),
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.ChangedAt.UTC()}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func (d *door) readTicket(ctx context.Context, who desk.Actor, in *OneTicket) (*TicketAnswer, error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	k := th.Ticket
	s := d.summary(who, desk.Row{Number: k.Number, Subject: k.Subject, Service: k.Service, State: k.State, Priority: k.Priority, Outcome: k.Outcome,
		Category: k.Category, Confirmed: k.Confirmed, Tags: k.Tags, Team: k.Team, DueAt: k.DueAt, LastAt: k.LastAt, LastSide: k.LastSide, CreatedAt: k.CreatedAt,
		ChangedAt: k.ChangedAt, Kind: k.Kind, Impact: k.Impact, RequesterID: k.RequesterID, AssigneeID: k.AssigneeID, CustomerID: k.CustomerID,
		CustomerName: th.Customer.Name, RequesterName: th.Requester.Name, AssigneeName: th.Assignee.Name})
	t := Ticket{TicketSummary: s, Region: k.Region, Affected: k.Affected, Language: k.Language, Since: utc(k.Since), RepliedAt: utc(k.RepliedAt), EndedAt: utc(k.EndedAt)}
	if th.Incident != nil {
		t.Incident = th.Incident.Number
	}
	return &TicketAnswer{ETag: strconv.FormatInt(k.ChangedAt.UnixMicro(), 36), Body: t}, nil
}

// thread reads a ticket as its page does.
func (d *door) thread(ctx context.Context, who desk.Actor, number int64) (desk.Thread, error) {
	return d.app.ReadTicket(ctx, who, number)
}

func (d *door) createTicket(ctx context.Context, who desk.Actor, in *newTicket) (*TicketAnswer, error) {
	b := in.Body
	n, err := d.app.SubmitTicket(ctx, who, desk.Submission{Kind: b.Kind, Subject: b.Subject, Body: b.Body, Service: b.Service, Region: b.Region,
		Affected: b.Affected, Impact: b.Impact, Language: b.Language, Since: b.Since, Agreed: b.PriceAgreed, Key: keyOf(ctx)}, b.RequesterID)
	if err != nil {
		return nil, err
	}
	out, err := d.readTicket(ctx, who, &OneTicket{n})
	if err == nil {
		out.Location = Path + "/tickets/" + number(n)
	}
	return out, err
}

func (d *door) changeTicket(ctx context.Context, who desk.Actor, in *ticketChange) (*TicketAnswer, error) {
	p := app.TicketPatch{State: (*desk.State)(in.Body.State), Priority: in.Body.Priority, Impact: (*desk.Impact)(in.Body.Impact)}
	if in.Body.AssigneeID.Sent {
		p.Assignee = &in.Body.AssigneeID.ID
	}
	if in.IfMatch != "" && in.IfMatch != "*" {
		seen, ok := revision(in.IfMatch)
		if !ok {
			return nil, app.ErrChanged
		}
		p.Seen = &seen
	}
	if err := d.app.PatchTicket(ctx, who, in.Number, p); err != nil {
		return nil, err
	}
	return d.readTicket(ctx, who, &in.OneTicket)
}

// revision is when the ticket had changed that a tag was read with.
func revision(tag string) (time.Time, bool) {
	micros, _, ok := strings.Cut(strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`), ".")
	n, err := strconv.ParseInt(micros, 36, 64)
	return time.UnixMicro(n), ok && err == nil
}
