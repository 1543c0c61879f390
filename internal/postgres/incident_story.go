package postgres

import (
	"time"

	"guichet/internal/desk"
)

// mostIncidentTickets and mostIncidentEvents bound an incident's page.
const (
	mostIncidentTickets   = 300
	mostIncidentCustomers = 500
	mostIncidentEvents    = 300
)

type storyNames struct {
	Opener, Requester string
	Into              int64
	Tickets           int
}

// IncidentStory reads an incident with all that the desk sees of it, in two round
// trips. Errors: ErrNotFound.
func (t *Tx) IncidentStory(number int64) (desk.IncidentStory, error) {
	var s desk.IncidentStory
	var err error
	if s.Incident, err = t.Incident(number); err != nil {
		return s, err
	}
	var files []desk.IncidentFile
	var names []storyNames
	var watches []desk.Watch
	a := args{"id": s.ID}
	ask(t, &files, `select `+fileColumns+` from incident_files f where f.desk_id = @desk and f.incident_id = @id`, a)
	ask(t, &names, `select coalesce(p.name, '') as opener, coalesce(q.name, '') as requester, coalesce(m.number, 0) as into,
		(select count(*)::int from incident_tickets b where b.desk_id = @desk and b.incident_id = @id and b.state = 'joined') as tickets
		from incident_files f left join people p on p.desk_id = @desk and p.id = f.opened_by left join people q on q.desk_id = @desk and q.id = f.requested_by
		left join incidents m on m.desk_id = @desk and m.id = f.merged_into where f.desk_id = @desk and f.incident_id = @id`, a)
	ask(t, &s.Tickets, `select t.number, t.subject, t.customer_id, c.name as customer_name, t.service, coalesce(nullif(t.region, ''), c.region) as region, t.state, b.by, t.created_at, b.joined_at
		from incident_tickets b join tickets t on t.desk_id = @desk and t.id = b.ticket_id join customers c on c.desk_id = @desk and c.id = b.customer_id
		where b.desk_id = @desk and b.incident_id = @id and b.state = 'joined' order by t.created_at, t.id limit @most`, args{"id": s.ID, "most": mostIncidentTickets})
	ask(t, &s.Customers, touchedCustomers, args{"id": s.ID, "most": mostIncidentCustomers})
	ask(t, &s.Issues, `select `+incidentIssue+` from incident_issues x join issues i on i.desk_id = @desk and i.id = x.issue_id
		where x.desk_id = @desk and x.incident_id = @id order by i.started_at desc, i.id`, a)
	ask(t, &s.Events, `select e.id, e.incident_id, `+orNobody("e.person_id")+`, e.kind, e.data, e.created_at, coalesce(p.name, '') as person_name
		from incident_events e left join people p on p.desk_id = @desk and p.id = e.person_id
		where e.desk_id = @desk and e.incident_id = @id order by e.created_at desc, e.id desc limit @most`, args{"id": s.ID, "most": mostIncidentEvents})
	ask(t, &watches, `select watched_at, counted_at, customers from watches where desk_id = @desk`, nil)
	if err := t.flush(); err != nil {
		return s, err
	}
	if len(files) != 1 || len(names) != 1 { // a reader who may not read the desk's file
		return s, desk.ErrNotFound
	}
	s.File, s.Opener, s.Requester, s.Into, s.TicketsAll = files[0], names[0].Opener, names[0].Requester, names[0].Into, names[0].Tickets
	if len(watches) == 1 {
		s.Watch = watches[0]
	}
	return s, nil
}

const touchedCustomers = `select c.id, c.name, c.tenant, c.initial_domain, c.region, n.tickets, n.first_at from (
		select b.customer_id, count(*)::int as tickets, min(t.created_at) as first_at from incident_tickets b
		join tickets t on t.desk_id = @desk and t.id = b.ticket_id
		where b.desk_id = @desk and b.incident_id = @id and b.state = 'joined' group by b.customer_id) n
	join customers c on c.desk_id = @desk and c.id = n.customer_id order by n.first_at, c.id limit @most`

const incidentIssue = `i.id, i.source, i.code, i.title, i.service, i.over, i.started_at, i.next_at`

// IssuesAround lists known issues that are open, or ended since an instant: those
// that an incident may be.
func (t *Tx) IssuesAround(since time.Time, most int) ([]desk.IncidentIssue, error) {
	return many[desk.IncidentIssue](t, `(select `+incidentIssue+` from issues i where i.desk_id = @desk and not i.over and i.kind = 'issue' order by i.started_at desc, i.id limit @most)
		union all (select `+incidentIssue+` from issues i where i.desk_id = @desk and i.over and i.kind = 'issue' and i.ended_at >= @since order by i.ended_at desc, i.id limit @most)`,
		args{"since": since, "most": most})
}

// LinkIncident links a known issue to an incident, and tells whether that is new.
func (t *Tx) LinkIncident(incident, issue, person desk.ID) (bool, error) {
	n, err := t.exec(`insert into incident_issues (desk_id, incident_id, issue_id, person_id, created_at) values (@desk, @incident, @issue, @person, @now) on conflict do nothing`,
		args{"incident": incident, "issue": issue, "person": orNull(person), "now": t.Now})
	return n == 1, err
}

// UnlinkIncident takes the link back, and tells whether it was there.
func (t *Tx) UnlinkIncident(incident, issue desk.ID) (bool, error) {
	n, err := t.exec(`delete from incident_issues where desk_id = @desk and incident_id = @incident and issue_id = @issue`,
		args{"incident": incident, "issue": issue})
	return n == 1, err
}

// MoveLinks gives the known issues of an incident to another.
func (t *Tx) MoveLinks(from, to desk.ID) {
	t.write(`insert into incident_issues (desk_id, incident_id, issue_id, person_id, created_at)
		select @desk, @to, x.issue_id, x.person_id, x.created_at from incident_issues x where x.desk_id = @desk and x.incident_id = @from on conflict do nothing`,
		args{"from": from, "to": to})
}

// IssueCode reads what a known issue is called. Errors: ErrNotFound.
func (t *Tx) IssueCode(id desk.ID) (string, error) {
	return scalar[string](t, `select code from issues where desk_id = @desk and id = @id`, args{"id": id})
}
