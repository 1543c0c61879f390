package postgres

import (
	"errors"

	"guichet/internal/desk"
)

const incidentFields = `i.id, i.number, i.kind, i.service, i.region, i.state, i.public, i.words, i.said_at, i.next_at, i.started_at, i.ended_at, i.created_at`

var fileColumns = `f.incident_id, f.title, f.evidence, ` + orNobody("f.opened_by") + `, f.summary, f.reason, ` + orNobody("f.merged_into") + `, f.request, f.requested_at, ` +
	orNobody("f.requested_by") + `, f.revision, f.changed_at`

// bondsIn are the figures of an incident's tickets, for a list of few incidents.
const bondsIn = `(select count(*)::int from incident_tickets b where b.desk_id = @desk and b.incident_id = i.id and b.state = 'joined') as tickets,
	(select count(distinct b.customer_id)::int from incident_tickets b where b.desk_id = @desk and b.incident_id = i.id and b.state = 'joined') as customers`

const incidentRow = `select ` + incidentFields + `, f.title, f.request, ` + bondsIn + `
	from incidents i join incident_files f on f.desk_id = @desk and f.incident_id = i.id where i.desk_id = @desk`

// mostIncidents bounds what is shown of incidents that are not over: a desk has
// a handful.
const mostIncidents = 100

// LiveIncidents lists those that are not over, the proposed ones first, then the
// newest.
func (t *Tx) LiveIncidents() ([]desk.IncidentRow, error) {
	return many[desk.IncidentRow](t, incidentRow+` and i.state in ('proposed', 'open', 'mitigated')
		order by i.state <> 'proposed', i.started_at desc, i.id limit @most`, args{"most": mostIncidents})
}

// PastIncidents reads one page of those that are over, the newest first, at most
// desk.PageSize, and where the next one starts.
func (t *Tx) PastIncidents(after desk.Cursor) ([]desk.IncidentRow, desk.Cursor, error) {
	from := args{"limit": desk.PageSize + 1, "at": pgInfinity, "after": desk.Nobody}
	if !after.Zero() {
		from["at"], from["after"] = after.At, after.ID
	}
	rows, err := many[desk.IncidentRow](t, incidentRow+` and i.state in ('closed', 'dismissed', 'merged')
		and (i.ended_at, i.id) < (@at::timestamptz, @after::uuid) order by i.ended_at desc, i.id desc limit @limit`, from)
	if err != nil || len(rows) <= desk.PageSize {
		return rows, desk.Cursor{}, err
	}
	rows = rows[:desk.PageSize]
	last := rows[len(rows)-1]
	return rows, desk.Cursor{At: *last.EndedAt, ID: last.ID}, nil
}

// IncidentsBelow lists incidents by number, the newest first, from below a number on; 0
// for the first page. live leaves out those that are over.
func (t *Tx) IncidentsBelow(number int64, live bool, most int) ([]desk.IncidentRow, error) {
	return many[desk.IncidentRow](t, incidentRow+` and (@below = 0::bigint or i.number < @below) and (not @live::boolean or i.state in ('proposed', 'open', 'mitigated'))
		order by i.number desc limit @most`, args{"below": number, "live": live, "most": most})
}

// Incident reads what its reader may see of one, without the desk's file. Errors:
// ErrNotFound.
func (t *Tx) Incident(number int64) (desk.Incident, error) {
	return one[desk.Incident](t, `select `+incidentFields+` from incidents i where i.desk_id = @desk and i.number = @number`, args{"number": number})
}

// IncidentByID is the same by its id. Errors: ErrNotFound.
func (t *Tx) IncidentByID(id desk.ID) (desk.Incident, error) {
	return one[desk.Incident](t, `select `+incidentFields+` from incidents i where i.desk_id = @desk and i.id = @id`, args{"id": id})
}

// LockIncident reads one with its file, to be changed. Errors: ErrNotFound.
func (t *Tx) LockIncident(number int64) (desk.IncidentRecord, error) {
	return t.lockIncident(`i.number = @key::bigint`, number)
}

// LockIncidentByID is the same by its id. Errors: ErrNotFound.
func (t *Tx) LockIncidentByID(id desk.ID) (desk.IncidentRecord, error) {
	return t.lockIncident(`i.id = @key::uuid`, id)
}

func (t *Tx) lockIncident(which string, key any) (r desk.IncidentRecord, err error) {
	if r.Incident, err = one[desk.Incident](t, `select `+incidentFields+` from incidents i where i.desk_id = @desk and `+which+` for update of i`, args{"key": key}); err != nil {
		return r, err
	}
	r.File, err = t.incidentFile(r.ID)
	return r, err
}

func (t *Tx) incidentFile(id desk.ID) (desk.IncidentFile, error) {
	return one[desk.IncidentFile](t, `select `+fileColumns+` from incident_files f where f.desk_id = @desk and f.incident_id = @id`, args{"id": id})
}

// IncidentRecord reads one with its file. Errors: ErrNotFound.
func (t *Tx) IncidentRecord(id desk.ID) (r desk.IncidentRecord, err error) {
	if r.Incident, err = t.IncidentByID(id); err != nil {
		return r, err
	}
	r.File, err = t.incidentFile(id)
	return r, err
}

// AddIncident stores one under the desk's next number and returns it. Until the
// transaction ends no other can be added.
func (t *Tx) AddIncident(r desk.IncidentRecord) (int64, error) {
	number, err := scalar[int64](t, `insert into watches (desk_id, incidents) values (@desk, 1)
		on conflict (desk_id) do update set incidents = watches.incidents + 1 returning incidents`, nil)
	if err != nil {
		return 0, err
	}
	i, f := r.Incident, r.File
	if _, err := t.exec(`insert into incidents (desk_id, id, number, kind, service, region, state, public, words, said_at, next_at, started_at, ended_at, created_at)
		values (@desk, @id, @number, @kind, @service, @region, @state, @public, @words, @said, @next, @started, @ended, @created)`,
		args{"id": i.ID, "number": number, "kind": i.Kind, "service": i.Service, "region": i.Region, "state": i.State, "public": i.Public,
			"words": i.Words, "said": i.SaidAt, "next": i.NextAt, "started": i.StartedAt, "ended": i.EndedAt, "created": i.CreatedAt}); err != nil {
		return 0, err
	}
	_, err = t.exec(`insert into incident_files (desk_id, incident_id, title, evidence, opened_by, revision, changed_at)
		values (@desk, @id, @title, @evidence, @opened, @revision, @changed)`,
		args{"id": i.ID, "title": f.Title, "evidence": f.Evidence, "opened": orNull(f.OpenedBy), "revision": f.Revision, "changed": f.ChangedAt})
	return number, err
}

// SaveIncident writes one that was locked, and counts its revision up. Errors:
// Invalid on "request" for the number of another incident.
func (t *Tx) SaveIncident(r desk.IncidentRecord) error {
	i, f := r.Incident, r.File
	t.write(`update incidents set kind = @kind, service = @service, region = @region, state = @state, public = @public, words = @words,
		said_at = @said, next_at = @next, started_at = @started, ended_at = @ended where desk_id = @desk and id = @id`,
		args{"id": i.ID, "kind": i.Kind, "service": i.Service, "region": i.Region, "state": i.State, "public": i.Public, "words": i.Words,
			"said": i.SaidAt, "next": i.NextAt, "started": i.StartedAt, "ended": i.EndedAt})
	n, err := t.exec(`update incident_files set title = @title, opened_by = @opened, summary = @summary, reason = @reason, merged_into = @into, request = @request,
		requested_at = @requested, requested_by = @by, revision = revision + 1, changed_at = @changed where desk_id = @desk and incident_id = @id`,
		args{"id": i.ID, "title": f.Title, "opened": orNull(f.OpenedBy), "summary": f.Summary, "reason": f.Reason, "into": orNull(f.MergedInto),
			"request": f.Request, "requested": f.RequestedAt, "by": orNull(f.RequestedBy), "changed": f.ChangedAt})
	return found(n, err)
}

// HoldIncidents lets whoever else would add an incident to the desk wait until
// the transaction ends, and tells how far its tickets were looked through.
func (t *Tx) HoldIncidents() (desk.Watch, error) {
	return one[desk.Watch](t, `insert into watches (desk_id, incidents) values (@desk, 0) on conflict (desk_id) do update set incidents = watches.incidents
		returning watched_at, counted_at, customers`, nil)
}

// Watched notes that the desk's tickets were looked through.
func (t *Tx) Watched() {
	t.write(`update watches set watched_at = @now where desk_id = @desk`, args{"now": t.Now})
}

// Watch reads how far the desk's tickets were looked through; zero when never.
func (t *Tx) Watch() (desk.Watch, error) {
	w, err := one[desk.Watch](t, `select watched_at, counted_at, customers from watches where desk_id = @desk`, nil)
	if errors.Is(err, desk.ErrNotFound) {
		err = nil
	}
	return w, err
}

// AddIncidentEvent stores a line of an incident's time line.
func (t *Tx) AddIncidentEvent(e desk.IncidentEvent) {
	t.write(`insert into incident_events (desk_id, id, incident_id, person_id, kind, data, created_at)
		values (@desk, @id, @incident, @person, @kind, @data, @created)`,
		args{"id": e.ID, "incident": e.IncidentID, "person": orNull(e.PersonID), "kind": e.Kind, "data": e.Data, "created": e.CreatedAt})
}
