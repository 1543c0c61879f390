package postgres

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const ticketColumns = `t.id, t.number, t.customer_id, t.requester_id, coalesce(t.assignee_id, '00000000-0000-0000-0000-000000000000') as assignee_id,
	t.kind, t.subject, t.service, t.region, t.affected, t.impact, t.since, t.language, t.state, t.priority,
	t.outcome, t.category, t.confirmed, t.tags, t.team, t.clock, t.due_from, t.due_at, t.replied_at, t.last_at, t.last_side, t.created_at, t.ended_at,
	t.offer, t.support_type, t.promises, t.warn_at, t.changed_at, t.external`

// TriageFacts is what only the database knows of a ticket about to be triaged.
type TriageFacts struct {
	Version int   // the desk's newest ruleset, 0 for the shipped one
	Hint    int   // the newest model that the desk's hint learned, 0 for the shipped one
	Similar int   // other customers with an open ticket on the service in the last hour
	Number  int64 // for a new ticket: its number; 0 otherwise
}

// NewTicketFacts is what the database knows of a ticket about to be submitted.
type NewTicketFacts struct {
	TriageFacts
	Standing
	Touched []desk.ID // of the issues asked for, those that hit the customer
	Home    string    // where the customer is, where issues were asked for
}

type newTicketFacts struct {
	TriageFacts
	Standing
}

// NewTicketFacts reads what a submission needs, in one round trip. The number
// is spent: a submission that fails leaves a gap. Of the issues it is told which
// hit the customer.
func (t *Tx) NewTicketFacts(service string, customer desk.ID, issues ...desk.ID) (NewTicketFacts, error) {
	var touched []desk.ID
	var home []string
	if len(issues) > 0 {
		collect(t, &touched, touchedBy, args{"issues": issues, "customer": customer}, pgx.RowTo[desk.ID])
		collect(t, &home, homeOf, args{"customer": customer}, pgx.RowTo[string])
	}
	f, err := one[newTicketFacts](t, triageFacts+`, nextval(@numbers::text::regclass) as number, (select coalesce(max(version), 0) from offers where desk_id = @desk) as offer, `+agreementsOf+` as agreements`, args{"service": service, "customer": customer,
		"since": t.Now.Add(-hour), "numbers": `numbers."` + t.Scope.Desk.String() + `"`})
	return NewTicketFacts{f.TriageFacts, f.Standing, touched, strings.Join(home, "")}, err
}

const triageFacts = `select (select coalesce(max(version), 0) from rulesets where desk_id = @desk) as version,
	(select coalesce(max(version), 0) from hint_models where desk_id = @desk) as hint,
	similar_tickets(@service, @customer, @since) as similar`

// AddTicket stores a new ticket under the number it carries.
func (t *Tx) AddTicket(k desk.Ticket) {
	a := ticketArgs(k)
	a["number"], a["customer"], a["requester"], a["created"] = k.Number, k.CustomerID, k.RequesterID, k.CreatedAt
	a["kind"], a["subject"], a["service"], a["region"] = k.Kind, k.Subject, k.Service, k.Region
	a["affected"], a["since"], a["language"], a["offer"] = k.Affected, k.Since, k.Language, k.Offer
	t.write(`insert into tickets (desk_id, id, number, customer_id, requester_id, assignee_id, kind, subject, service, region,
		affected, impact, since, language, state, priority, outcome, category, confirmed, clock, due_from, due_at, replied_at, last_at, last_side, created_at, ended_at, tags, team,
		offer, support_type, promises, warn_at)
		values (@desk, @id, @number, @customer, @requester, @assignee, @kind, @subject, @service, @region,
		@affected, @impact, @since, @language, @state, @priority, @outcome, @category, @confirmed, @clock, @due_from, @due_at, @replied, @last, @side, @created, @ended, @tags, @team,
		@offer, @type, @promises, @warn)`, a)
	t.findNew(k)
}

// SaveTicket writes what changes in a ticket's life.
func (t *Tx) SaveTicket(k desk.Ticket) {
	t.write(`update tickets set assignee_id = @assignee, state = @state, priority = @priority, outcome = @outcome, category = @category,
		confirmed = @confirmed, clock = @clock, due_from = @due_from, due_at = @due_at, replied_at = @replied,
		last_at = @last, last_side = @side, ended_at = @ended, tags = @tags, team = @team, impact = @impact,
		support_type = @type, promises = @promises, warn_at = @warn
		where desk_id = @desk and id = @id`, ticketArgs(k))
}

func ticketArgs(k desk.Ticket) args {
	return args{"id": k.ID, "assignee": orNull(k.AssigneeID), "state": k.State, "priority": k.Priority, "outcome": k.Outcome,
		"category": k.Category, "confirmed": k.Confirmed, "clock": k.Clock, "due_from": k.DueFrom, "due_at": k.DueAt,
		"replied": k.RepliedAt, "last": k.LastAt, "side": k.LastSide, "ended": k.EndedAt, "tags": append([]string{}, k.Tags...), "team": k.Team,
		"impact": k.Impact, "type": k.SupportType, "promises": promiseList(k.Promises), "warn": k.WarnAt}
}

// promiseList is never null.
func promiseList(list []desk.Promise) []desk.Promise {
	if list == nil {
		return []desk.Promise{}
	}
	return list
}

// Ticket reads one by number. A contact finds only his own and those he
// follows; the scope keeps everybody to his company. Errors: ErrNotFound.
func (t *Tx) Ticket(number int64, who desk.Person) (desk.Ticket, error) {
	return one[desk.Ticket](t, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.number = @number and `+visible, t.seenBy(who, args{"number": number}))
}

// LockTicket reads one that the transaction will change. Errors: ErrNotFound.
func (t *Tx) LockTicket(number int64, who desk.Person) (desk.Ticket, error) {
	return one[desk.Ticket](t, `select `+ticketColumns+` from tickets t where t.desk_id = @desk and t.number = @number and `+visible+` for update of t`,
		t.seenBy(who, args{"number": number}))
}

// visible is what a person may see of the rows that his scope reaches.
const visible = `(not @only_own::boolean or t.requester_id = @me or exists (
	select from followers f where f.desk_id = @desk and f.ticket_id = t.id and f.person_id = @me))`

func (t *Tx) seenBy(who desk.Person, a args) args {
	a["me"], a["only_own"] = who.ID, who.Role == desk.Contact
	return a
}

// TicketByKey finds the ticket that a form already made. Errors: ErrNotFound.
func (t *Tx) TicketByKey(author, key desk.ID) (int64, error) {
	return scalar[int64](t, `select t.number from messages m join tickets t on t.desk_id = @desk and t.id = m.ticket_id
		where m.desk_id = @desk and m.author_id = @author and m.key = @key`, args{"author": author, "key": key})
}

// AddMessage stores a message or a note.
func (t *Tx) AddMessage(m desk.Message) {
	t.write(`insert into messages (desk_id, id, ticket_id, customer_id, author_id, side, internal, body, key, created_at)
		values (@desk, @id, @ticket, @customer, @author, @side, @internal, @body, @key, @created)`,
		args{"id": m.ID, "ticket": m.TicketID, "customer": m.CustomerID, "author": m.AuthorID, "side": m.Side,
			"internal": m.Internal, "body": m.Body, "key": orNull(m.Key), "created": m.CreatedAt})
	t.findMessage(m)
}

// AddEvent stores a line of the timeline.
func (t *Tx) AddEvent(e desk.Event) {
	t.write(`insert into events (desk_id, id, ticket_id, customer_id, actor_id, kind, internal, data, created_at)
		values (@desk, @id, @ticket, @customer, @actor, @kind, @internal, @data, @created)`,
		args{"id": e.ID, "ticket": e.TicketID, "customer": e.CustomerID, "actor": orNull(e.ActorID), "kind": e.Kind,
			"internal": e.Internal, "data": e.Data, "created": e.CreatedAt})
}

// AddFinding stores a diagnostic step.
func (t *Tx) AddFinding(f desk.Finding) {
	t.write(`insert into findings (desk_id, id, ticket_id, customer_id, author_id, kind, result, text, created_at)
		values (@desk, @id, @ticket, @customer, @author, @kind, @result, @text, @created)`,
		args{"id": f.ID, "ticket": f.TicketID, "customer": f.CustomerID, "author": f.AuthorID, "kind": f.Kind,
			"result": f.Result, "text": f.Text, "created": f.CreatedAt})
	t.FindBy(f.TicketID, f.Text, true)
}

// Follow lets a colleague see a ticket, and tells whether that is new.
func (t *Tx) Follow(k desk.Ticket, person desk.ID) (bool, error) {
	n, err := t.exec(`insert into followers (desk_id, ticket_id, person_id, customer_id) values (@desk, @ticket, @person, @customer) on conflict do nothing`,
		args{"ticket": k.ID, "person": person, "customer": k.CustomerID})
	return n == 1, err
}
