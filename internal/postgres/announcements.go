package postgres

import "guichet/internal/desk"

const announcementColumns = `a.id, coalesce(a.issue_id, '00000000-0000-0000-0000-000000000000') as issue_id, coalesce(a.incident_id, '00000000-0000-0000-0000-000000000000') as incident_id,
	a.person_id, a.texts, a.state, a.total, a.done, a.skipped, coalesce(a.key, '00000000-0000-0000-0000-000000000000') as key, a.created_at, a.ended_at`

// AddAnnouncement plans one. Errors: ErrConflict for a form that was sent before;
// ErrNotFound for an issue or incident that is not the desk's.
func (t *Tx) AddAnnouncement(a desk.Announcement) error {
	t.write(`insert into announcements (desk_id, id, issue_id, incident_id, person_id, texts, state, total, done, skipped, key, created_at)
		values (@desk, @id, @issue, @incident, @person, @texts, @state, @total, @done, @skipped, @key, @created)`,
		args{"id": a.ID, "issue": orNull(a.IssueID), "incident": orNull(a.IncidentID), "person": a.PersonID, "texts": a.Texts, "state": a.State,
			"total": a.Total, "done": a.Done, "skipped": a.Skipped, "key": orNull(a.Key), "created": a.CreatedAt})
	return t.flush()
}

// Announcement reads one. Errors: ErrNotFound.
func (t *Tx) Announcement(id desk.ID) (desk.Announcement, error) {
	return one[desk.Announcement](t, `select `+announcementColumns+` from announcements a where a.desk_id = @desk and a.id = @id`, args{"id": id})
}

// AnnouncementByKey finds the one that a form already planned. Errors: ErrNotFound.
func (t *Tx) AnnouncementByKey(person, key desk.ID) (desk.ID, error) {
	return scalar[desk.ID](t, `select a.id from announcements a where a.desk_id = @desk and a.person_id = @person and a.key = @key`, args{"person": person, "key": key})
}

// Announcements lists the newest of an issue or an incident.
func (t *Tx) Announcements(about desk.About, most int) ([]desk.Announcement, error) {
	return many[desk.Announcement](t, `select `+announcementColumns+` from announcements a where a.desk_id = @desk
		and case when @issue::uuid is null then a.incident_id = @incident else a.issue_id = @issue end order by a.created_at desc, a.id limit @most`,
		args{"issue": orNull(about.Issue), "incident": orNull(about.Incident), "most": most})
}

// SaveAnnouncement writes how far one is.
func (t *Tx) SaveAnnouncement(a desk.Announcement) {
	t.write(`update announcements set state = @state, total = @total, done = @done, skipped = @skipped, ended_at = @ended where desk_id = @desk and id = @id`,
		args{"id": a.ID, "state": a.State, "total": a.Total, "done": a.Done, "skipped": a.Skipped, "ended": a.EndedAt})
}

// Audiences: the open tickets that hear of an issue, and of an incident.
const (
	ofIssue = `from ticket_issues l join tickets t on t.desk_id = @desk and t.id = l.ticket_id join people p on p.desk_id = @desk and p.id = t.requester_id
		where l.desk_id = @desk and l.issue_id = @about and l.state = 'attached' and t.state not in ('resolved', 'closed')`
	ofIncident = `from incident_tickets l join tickets t on t.desk_id = @desk and t.id = l.ticket_id join people p on p.desk_id = @desk and p.id = t.requester_id
		where l.desk_id = @desk and l.incident_id = @about and l.state = 'joined' and t.state not in ('resolved', 'closed')`
)

func audience(about desk.About) (of string, id desk.ID) {
	if about.Issue != desk.Nobody {
		return ofIssue, about.Issue
	}
	return ofIncident, about.Incident
}

// AnnouncedLanguage is how many tickets and customers hear of something in one
// language.
type AnnouncedLanguage struct {
	Language  string // "" for the desk's
	Tickets   int
	Customers []desk.ID
}

// AnnouncedLanguages counts whom one word would reach, by language.
func (t *Tx) AnnouncedLanguages(about desk.About) ([]AnnouncedLanguage, error) {
	of, id := audience(about)
	return many[AnnouncedLanguage](t, `select p.language, count(*)::int as tickets, array_agg(distinct t.customer_id) as customers `+of+` group by p.language order by p.language`, args{"about": id})
}

// AnnouncedTicket is a ticket that one word goes to.
type AnnouncedTicket struct {
	NumberedTicket
	Language string // of who asked; "" for the desk's
}

// AnnouncedTickets walks them.
func (t *Tx) AnnouncedTickets(about desk.About, after desk.ID, most int) ([]AnnouncedTicket, error) {
	of, id := audience(about)
	return many[AnnouncedTicket](t, `select t.id, t.number, p.language `+of+` and l.ticket_id > @after order by l.ticket_id limit @most`, args{"about": id, "after": after, "most": most})
}
