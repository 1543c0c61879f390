package postgres

import (
	"time"

	"guichet/internal/desk"
)

const (
	linkColumns = `l.ticket_id, l.issue_id, l.customer_id, l.state, l.score, l.reasons, l.by, coalesce(l.person_id, '00000000-0000-0000-0000-000000000000') as person_id,
	l.told_at, l.asked_at, l.works, l.created_at, l.changed_at, coalesce(p.name, '') as person_name`

	linksOf = `select ` + linkColumns + ` from ticket_issues l left join people p on p.desk_id = @desk and p.id = l.person_id
		where l.desk_id = @desk and l.ticket_id = @ticket order by l.state = 'attached' desc, l.score desc, l.created_at, l.issue_id`

	linkedIssues = `select ` + issueColumns + ` from ticket_issues l join issues i on i.desk_id = @desk and i.id = l.issue_id
		where l.desk_id = @desk and l.ticket_id = @ticket`
)

// issueLinks are a ticket's bonds and their issues as a batch reads them, until
// they are joined.
type issueLinks struct {
	links  []linkRow
	issues []desk.Issue
}

type linkRow struct {
	desk.TicketIssue
	PersonName string
}

func (t *Tx) askLinks(into *issueLinks, ticket desk.ID) {
	ask(t, &into.links, linksOf, args{"ticket": ticket})
	ask(t, &into.issues, linkedIssues, args{"ticket": ticket})
}

// join leaves out a bond whose issue is out of the reader's sight.
func (l issueLinks) join() (list []desk.LinkedIssue) {
	for _, one := range l.links {
		for _, i := range l.issues {
			if i.ID == one.IssueID {
				list = append(list, desk.LinkedIssue{TicketIssue: one.TicketIssue, Issue: i, PersonName: one.PersonName})
			}
		}
	}
	return list
}

// IssueLinks reads a ticket's bonds with issues, the attached one first. A
// customer's person sees neither what is proposed nor what was refused.
func (t *Tx) IssueLinks(ticket desk.ID) ([]desk.LinkedIssue, error) {
	var l issueLinks
	t.askLinks(&l, ticket)
	err := t.flush()
	return l.join(), err
}

// AddIssueLinks binds a new ticket to issues.
func (t *Tx) AddIssueLinks(list []desk.TicketIssue) {
	for _, l := range list {
		t.write(`insert into ticket_issues (desk_id, ticket_id, issue_id, customer_id, state, score, reasons, by, person_id, told_at, asked_at, works, created_at, changed_at)
			values (@desk, @ticket, @issue, @customer, @state, @score, @reasons, @by, @person, @told, @asked, @works, @created, @changed)`, linkArgs(l))
	}
}

// SaveIssueLink writes a bond, whether or not there was one. It is the desk's.
func (t *Tx) SaveIssueLink(l desk.TicketIssue) {
	t.write(`insert into ticket_issues (desk_id, ticket_id, issue_id, customer_id, state, score, reasons, by, person_id, told_at, asked_at, works, created_at, changed_at)
		values (@desk, @ticket, @issue, @customer, @state, @score, @reasons, @by, @person, @told, @asked, @works, @created, @changed)
		on conflict (desk_id, ticket_id, issue_id) do update set state = excluded.state, score = excluded.score, reasons = excluded.reasons, by = excluded.by,
		person_id = excluded.person_id, told_at = excluded.told_at, asked_at = excluded.asked_at, works = excluded.works, changed_at = excluded.changed_at`, linkArgs(l))
}

// AnswerIssueLink writes what a customer answered to whether it works again.
func (t *Tx) AnswerIssueLink(l desk.TicketIssue) {
	t.write(`update ticket_issues set state = @state, works = @works, changed_at = @changed where desk_id = @desk and ticket_id = @ticket and issue_id = @issue`,
		args{"ticket": l.TicketID, "issue": l.IssueID, "state": l.State, "works": l.Works, "changed": l.ChangedAt})
}

func linkArgs(l desk.TicketIssue) args {
	return args{"ticket": l.TicketID, "issue": l.IssueID, "customer": l.CustomerID, "state": l.State, "score": l.Score, "reasons": append([]desk.LinkReason{}, l.Reasons...),
		"by": l.By, "person": orNull(l.PersonID), "told": l.ToldAt, "asked": l.AskedAt, "works": l.Works, "created": l.CreatedAt, "changed": l.ChangedAt}
}

// touching is the condition that an issue hits a customer: published for all, or
// told to his tenant. It stands beside the reader's scope, which alone would let
// the desk's own people match one customer's ticket with another's issue.
const touching = `(i.everyone or exists (select from issue_customers c where c.desk_id = @desk and c.issue_id = i.id and c.customer_id = @customer))`

const (
	// touchedBy is which of some issues hit a customer.
	touchedBy = `select i.id from issues i where i.desk_id = @desk and i.id = any (@issues::uuid[]) and ` + touching
	// homeOf is where a customer is.
	homeOf = `select region from customers where desk_id = @desk and id = @customer`
)

// Touching tells which of some issues hit a customer.
func (t *Tx) Touching(issues []desk.ID, customer desk.ID) ([]desk.ID, error) {
	if len(issues) == 0 {
		return nil, nil
	}
	return scalars[desk.ID](t, touchedBy, args{"issues": issues, "customer": customer})
}

// How many issues tickets are compared with: more are never open at one desk, or
// it is no desk's tickets that tell them apart.
const (
	mostOpenIssues  = 500
	mostEndedIssues = 100
)

// OpenIssues reads the problems that tickets of the desk may be about, with what
// their newest posts say: those that go on, and those that ended since.
func (t *Tx) OpenIssues(since time.Time) ([]desk.Issue, error) {
	var open, ended []desk.Issue
	ask(t, &open, `select `+issueColumns+` from issues i where i.desk_id = @desk and not i.over and i.kind = 'issue' order by i.started_at desc, i.id limit @most`, args{"most": mostOpenIssues})
	ask(t, &ended, `select `+issueColumns+` from issues i where i.desk_id = @desk and i.over and i.kind = 'issue' and i.ended_at >= @since order by i.ended_at desc, i.id limit @most`,
		args{"since": since, "most": mostEndedIssues})
	if err := t.flush(); err != nil {
		return nil, err
	}
	list := append(open, ended...)
	if len(list) == 0 {
		return nil, nil
	}
	posts, err := many[issuePost](t, `select distinct on (p.issue_id) p.issue_id, p.posted_at as at, p.kind, p.body as text, p.parts, p.digest from issue_posts p
		where p.desk_id = @desk and p.issue_id = any (@issues::uuid[]) order by p.issue_id, p.posted_at desc, p.digest`, args{"issues": column(list, func(i desk.Issue) desk.ID { return i.ID })})
	for n := range list {
		for _, p := range posts {
			if p.IssueID == list[n].ID {
				list[n].Posts = append(list[n].Posts, desk.Post{At: p.At, Kind: p.Kind, Text: p.Text, Parts: p.Parts})
			}
		}
	}
	return list, err
}

// NumberedTicket is a ticket's place in a walk, and its name.
type NumberedTicket struct {
	ID     desk.ID
	Number int64
}

// LinkedTickets walks the tickets that an issue's bonds of a state lead to, closed
// ones left out.
func (t *Tx) LinkedTickets(issue desk.ID, state desk.LinkState, after desk.ID, most int) ([]NumberedTicket, error) {
	return many[NumberedTicket](t, `select t.id, t.number from ticket_issues l join tickets t on t.desk_id = @desk and t.id = l.ticket_id
		where l.desk_id = @desk and l.issue_id = @issue and l.state = @state and l.ticket_id > @after and t.state <> 'closed' order by l.ticket_id limit @most`,
		args{"issue": issue, "state": state, "after": after, "most": most})
}

// UncoveredTickets walks the open tickets of whoever an issue touches, on some
// services, that no issue covers and that have no bond with this one.
func (t *Tx) UncoveredTickets(i desk.Issue, services []string, since time.Time, after desk.ID, most int) ([]NumberedTicket, error) {
	return many[NumberedTicket](t, `select t.id, t.number from tickets t where t.desk_id = @desk and t.state not in ('resolved', 'closed') and t.service = any (@services)
		and t.created_at >= @since and t.id > @after
		and (@everyone::boolean or exists (select from issue_customers c where c.desk_id = @desk and c.issue_id = @issue and c.customer_id = t.customer_id))
		and not exists (select from ticket_issues l where l.desk_id = @desk and l.ticket_id = t.id and (l.issue_id = @issue or l.state = 'attached'))
		order by t.id limit @most`, args{"issue": i.ID, "everyone": i.Everyone, "services": services, "since": since, "after": after, "most": most})
}
