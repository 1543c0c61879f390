package postgres

import (
	"guichet/internal/desk"
)

// issueRow counts only as far as a line says.
const issueRow = issueColumns + `,
	(select count(*)::int from (select from issue_customers c where c.desk_id = @desk and c.issue_id = i.id limit @counted) touched) as touched,
	(select count(*)::int from (select from ticket_issues k where k.desk_id = @desk and k.issue_id = i.id and k.state = 'attached' limit @counted) attached) as attached`

// Issues lists a page of issues: the open ones by their beginning, those that are
// over by their end, messages by their last change, the newest first. The cursor
// is that of the next page, zero at the end.
func (t *Tx) Issues(f desk.IssueFilter) (list []desk.IssueRow, next desk.Cursor, err error) {
	a := args{"counted": desk.MostCounted, "service": storable(f.Service), "source": storable(f.Source), "limit": desk.PageSize + 1, "at": f.After.At, "after": f.After.ID}
	from, by := ` from issues i where i.desk_id = @desk and i.kind = 'issue' and not i.over and (@service::text = '' or i.service = @service)`, `i.started_at`
	switch {
	case f.Tab == desk.TabOver && f.Service != "": // its own index: what is rare must not be looked for through all of history
		from, by = ` from issues i where i.desk_id = @desk and i.kind = 'issue' and i.over and i.service = @service::text`, `i.ended_at`
	case f.Tab == desk.TabOver:
		from, by = ` from issues i where i.desk_id = @desk and i.kind = 'issue' and i.over and @service::text = ''`, `i.ended_at`
	case f.Tab == desk.TabMessages:
		from, by = ` from issues i where i.desk_id = @desk and i.kind = 'message' and (@service::text = '' or i.service = @service)`, `i.changed_at`
	}
	after := ` and (@at::timestamptz, @after::uuid) is not null`
	if !f.After.Zero() {
		after = ` and (` + by + `, i.id) < (@at::timestamptz, @after::uuid)`
	}
	list, err = many[desk.IssueRow](t, `select `+issueRow+from+` and (@source::text = '' or i.source = @source)`+after+` order by `+by+` desc, i.id desc limit @limit`, a)
	if len(list) > desk.PageSize {
		list = list[:desk.PageSize]
		next = list[len(list)-1].Cursor(f.Tab)
	}
	return list, next, err
}

// TroubledServices lists the services with an open issue, by name.
func (t *Tx) TroubledServices() ([]string, error) {
	return scalars[string](t, `select distinct i.service from issues i where i.desk_id = @desk and i.kind = 'issue' and not i.over order by i.service limit 200`, nil)
}

// TouchedBy lists customers whom an issue touches, by name, behind one.
func (t *Tx) TouchedBy(issue desk.ID, after string, most int) ([]desk.Touched, error) {
	return many[desk.Touched](t, `select x.customer_id, c.name, c.initial_domain as domain, x.first_seen_at, x.seen_at from issue_customers x
		join customers c on c.desk_id = @desk and c.id = x.customer_id where x.desk_id = @desk and x.issue_id = @issue
		and (@after::text = '' or lower(c.name) > lower(@after)) order by lower(c.name) limit @most`, args{"issue": issue, "after": storable(after), "most": most})
}

// TicketsOfIssue lists tickets of all customers that have a bond with an issue in
// one of the states, behind one by its id.
func (t *Tx) TicketsOfIssue(issue desk.ID, states []desk.LinkState, after desk.ID, most int) ([]desk.IssueTicket, error) {
	return many[desk.IssueTicket](t, `select k.ticket_id, t.number, t.subject, c.name as customer, t.state, k.state as link, k.score::int as score, k.changed_at
		from ticket_issues k join tickets t on t.desk_id = @desk and t.id = k.ticket_id join customers c on c.desk_id = @desk and c.id = k.customer_id
		where k.desk_id = @desk and k.issue_id = @issue and k.state = any (@states::text[]) and (@after::uuid = '00000000-0000-0000-0000-000000000000' or k.ticket_id < @after)
		order by k.ticket_id desc limit @most`, args{"issue": issue, "states": states, "after": after, "most": most})
}

// HealthNote reads the note that holds now. Errors: ErrNotFound.
func (t *Tx) HealthNote() (desk.HealthNote, error) {
	return one[desk.HealthNote](t, `select n.id, n.fr, n.en, n.person_id, coalesce(p.name, '') as person, n.created_at, n.ended_at from health_notes n
		left join people p on p.desk_id = @desk and p.id = n.person_id where n.desk_id = @desk and n.ended_at is null`, nil)
}

// AddHealthNote ends the note that holds and puts another in its place.
func (t *Tx) AddHealthNote(n desk.HealthNote) {
	t.EndHealthNote()
	t.write(`insert into health_notes (desk_id, id, fr, en, person_id, created_at) values (@desk, @id, @fr, @en, @person, @now)`,
		args{"id": n.ID, "fr": n.Fr, "en": n.En, "person": n.PersonID, "now": t.Now})
}

// EndHealthNote takes the note back.
func (t *Tx) EndHealthNote() {
	t.write(`update health_notes set ended_at = @now where desk_id = @desk and ended_at is null`, args{"now": t.Now})
}
