package postgres

import (
	"encoding/json"
	"slices"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
)

// DeskRelationships lists those that Graph told of, over all customers: what a
// new reading is held against.
func (t *Tx) DeskRelationships() ([]desk.AccessRelationship, error) {
	return many[desk.AccessRelationship](t, `select `+accessColumns+` from access_relationships r where r.desk_id = @desk and r.source = 'graph' order by r.id`, nil)
}

// CustomersByTenant finds which customers tenants are, by tenant.
func (t *Tx) CustomersByTenant(tenants []string) (map[string]desk.ID, error) {
	type found struct {
		Tenant string
		ID     desk.ID
	}
	list, err := many[found](t, `select c.tenant, c.id from customers c where c.desk_id = @desk and c.tenant = any (@tenants::text[]) and c.tenant <> ''`,
		args{"tenants": tenants})
	by := make(map[string]desk.ID, len(list))
	for _, f := range list {
		by[f.Tenant] = f.ID
	}
	return by, err
}

// AccessNames lists customers as a file may name them: by tenant, initial domain
// or name.
func (t *Tx) AccessNames() ([]desk.Customer, error) {
	return many[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk order by c.id`, nil)
}

// SaveAccess writes relationships, each the first time, or anew where the desk has
// one of Microsoft's id already. What Microsoft told gives way to nobody, and goes
// to the customer whom Microsoft names; one typed in stays with whose it was.
// An id comes once in a list. Errors: ErrNotFound for a customer of another desk.
func (t *Tx) SaveAccess(list []desk.AccessRelationship) error {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	for i := range list {
		r := &list[i]
		r.Name, r.Status, r.ETag = storable(r.Name), storable(r.Status), storable(r.ETag)
	}
	rows, err := json.Marshal(list)
	if err != nil {
		return err
	}
	_, err = t.exec(`insert into access_relationships (desk_id, id, customer_id, code, name, status, roles, groups, activated_at, ends_at, auto_extend, source, etag,
			groups_at, gone_at, told_at, created_at)
		select @desk, r."RowID", r."CustomerID", r."ID", r."Name", r."Status", r."Roles", nullif(r."Groups", 'null'::jsonb), r."ActivatedAt", r."EndsAt", r."AutoExtend",
			r."Source", r."ETag", r."GroupsAt", r."GoneAt", @now, @now
		from jsonb_to_recordset(@rows::jsonb) as r ("RowID" uuid, "CustomerID" uuid, "ID" text, "Name" text, "Status" text, "Roles" text[], "Groups" jsonb,
			"ActivatedAt" timestamptz, "EndsAt" timestamptz, "AutoExtend" boolean, "Source" text, "ETag" text, "GroupsAt" timestamptz, "GoneAt" timestamptz)
		on conflict (desk_id, lower(code)) where code <> '' do update set customer_id = excluded.customer_id, name = excluded.name, status = excluded.status, roles = excluded.roles,
			groups = excluded.groups, activated_at = excluded.activated_at, ends_at = excluded.ends_at, auto_extend = excluded.auto_extend,
			source = excluded.source, etag = excluded.etag, groups_at = excluded.groups_at, gone_at = excluded.gone_at, told_at = excluded.told_at
		where access_relationships.desk_id = @desk and (excluded.source = 'graph'
			or access_relationships.source <> 'graph' and access_relationships.customer_id = excluded.customer_id)`,
		args{"rows": string(rows), "now": t.Now})
	return err
}

// AddAccess stores a new one. Errors: ErrConflict where the desk has one of that
// id; ErrNotFound for a customer of another desk.
func (t *Tx) AddAccess(r desk.AccessRelationship) error {
	_, err := t.exec(`insert into access_relationships (desk_id, id, customer_id, code, name, status, roles, groups, activated_at, ends_at, auto_extend, source, etag,
			groups_at, gone_at, told_at, created_at)
		values (@desk, @id, @customer, @code, @name, @status, @roles, @groups, @activated, @ends, @extends, @source, @etag, @grouped, @gone, @now, @now)`, relationshipArgs(r, t.Now))
	return err
}

// ChangeAccess writes one that the desk has. Errors: ErrNotFound.
func (t *Tx) ChangeAccess(r desk.AccessRelationship) error {
	a := relationshipArgs(r, t.Now)
	n, err := t.exec(`update access_relationships set code = @code, name = @name, status = @status, roles = @roles, groups = @groups, activated_at = @activated,
			ends_at = @ends, auto_extend = @extends, source = @source, etag = @etag, groups_at = @grouped, gone_at = @gone, told_at = @now
		where desk_id = @desk and id = @id and customer_id = @customer`, a)
	return found(n, err)
}

func relationshipArgs(r desk.AccessRelationship, now time.Time) args {
	return args{"id": r.RowID, "customer": r.CustomerID, "code": r.ID, "name": storable(r.Name), "status": storable(r.Status), "roles": r.Roles,
		"groups": groupsOrNull(r.Groups), "activated": r.ActivatedAt, "ends": r.EndsAt, "extends": r.AutoExtend, "source": r.Source, "etag": storable(r.ETag),
		"grouped": r.GroupsAt, "gone": r.GoneAt, "now": now}
}

// groupsOrNull keeps "nobody told" apart from "none".
func groupsOrNull(list []access.Group) any {
	if list == nil {
		return nil
	}
	return list
}

// RemoveAccess drops one that somebody typed in. Errors: ErrNotFound, also for
// one that Microsoft told of.
func (t *Tx) RemoveAccess(customer, row desk.ID) error {
	n, err := t.exec(`delete from access_relationships where desk_id = @desk and id = @id and customer_id = @customer and source <> 'graph'`,
		args{"id": row, "customer": customer})
	return found(n, err)
}

// standing is how each customer's relationships stand at @now, in one row each: those
// that only let read do not count, and one that goes on by itself has no end.
const standing = `select r.customer_id, count(*)::int as relationships, max(r.told_at) as told_at,
		bool_or(l.live) as live, max(e.ends) filter (where l.live) as ends, bool_or(l.live and e.ends is null) as endless,
		coalesce(max(r.ends_at) filter (where r.ends_at <= @now), max(r.told_at)) as last
	from access_relationships r
		cross join lateral (select lower(r.status) in ('active', 'expiring') and (r.ends_at is null or r.ends_at > @now) and upper(left(r.name, 4)) <> 'MLT_' as live) l
		cross join lateral (select case when r.auto_extend and not coalesce('62e90394-69f5-4237-9190-012177145e10' = any (r.roles), false) then null else r.ends_at end as ends) e
	where r.desk_id = @desk group by r.customer_id`

// AccessRows lists customers by when their access ends, a page behind a row.
func (t *Tx) AccessRows(f desk.AccessFilter) ([]desk.AccessRow, error) {
	after := any(pgInfinity)
	if f.AfterEnd != nil {
		after = *f.AfterEnd
	}
	return many[desk.AccessRow](t, `with held as (`+standing+`), stands as (
		select c.id as customer_id, c.name, coalesce(h.relationships, 0) as relationships, h.told_at,
			case when h.customer_id is null then 'unknown' when not h.live then 'gone' when not h.endless and h.ends <= @soon then 'soon' else 'fine' end as state,
			case when h.live and not h.endless then h.ends when not h.live then h.last end as ends_at
		from customers c left join held h on h.customer_id = c.id where c.desk_id = @desk and c.active)
		select s.customer_id, s.name, s.state, s.ends_at, s.relationships, s.told_at from stands s
		where (@state::text = '' or s.state = @state) and (@name::text = '' or (coalesce(s.ends_at, 'infinity'), lower(s.name)) > (@after::timestamptz, lower(@name)))
		order by coalesce(s.ends_at, 'infinity'), lower(s.name) limit @limit`,
		args{"now": t.Now, "soon": t.Now.AddDate(0, 0, access.SoonDays), "state": string(f.State), "name": storable(f.AfterName), "after": after, "limit": desk.PageSize + 1})
}

// TroubledAccess lists customers whose access is gone or ends before a time: for
// a badge beside their tickets.
func (t *Tx) TroubledAccess(before time.Time, most int) ([]desk.AccessTrouble, error) {
	return many[desk.AccessTrouble](t, `with held as (`+standing+`) select h.customer_id, not h.live as gone, case when h.live then h.ends else h.last end as ends_at
		from held h where not h.live or not h.endless and h.ends <= @before order by h.customer_id limit @most`,
		args{"now": t.Now, "before": before, "most": most})
}

// EndingAccess lists relationships in force that end before a time and do not go
// on by themselves, with what the desk was already warned of.
func (t *Tx) EndingAccess(before time.Time, most int) ([]desk.EndingAccess, error) {
	return many[desk.EndingAccess](t, `select r.id, r.customer_id, c.name as customer, r.name, r.ends_at,
			coalesce((select min(w.days) from access_warnings w where w.desk_id = @desk and w.relationship_id = r.id and w.ends_at = r.ends_at), 0)::int as warned
		from access_relationships r join customers c on c.desk_id = @desk and c.id = r.customer_id and c.active
		where r.desk_id = @desk and lower(r.status) in ('active', 'expiring') and r.ends_at > @now and r.ends_at <= @before and upper(left(r.name, 4)) <> 'MLT_'
			and not (r.auto_extend and not coalesce('62e90394-69f5-4237-9190-012177145e10' = any (r.roles), false))
		order by r.ends_at, r.id limit @most`, args{"now": t.Now, "before": before, "most": most})
}

// AddAccessWarnings remembers what the desk is warned of. It tells how many are
// new: another process may have warned meanwhile.
func (t *Tx) AddAccessWarnings(round desk.ID, list []desk.AccessWarning) (n int64, err error) {
	return t.exec(`insert into access_warnings (desk_id, relationship_id, ends_at, days, round, warned_at)
		select @desk, relationship, ends, days, @round, @now from unnest(@relationships::uuid[], @ends::timestamptz[], @days::smallint[]) as w (relationship, ends, days)
		on conflict do nothing`, args{"round": round, "now": t.Now,
		"relationships": column(list, func(w desk.AccessWarning) desk.ID { return w.ID }),
		"ends":          column(list, func(w desk.AccessWarning) time.Time { return w.EndsAt }),
		"days":          column(list, func(w desk.AccessWarning) int16 { return int16(w.Days) })})
}

// AccessWarnings reads what one letter tells, the first to end first.
func (t *Tx) AccessWarnings(round desk.ID) ([]desk.AccessWarning, error) {
	return many[desk.AccessWarning](t, `select r.id, r.customer_id, c.name as customer, r.name, w.ends_at, min(w.days)::int as days
		from access_warnings w join access_relationships r on r.desk_id = @desk and r.id = w.relationship_id join customers c on c.desk_id = @desk and c.id = r.customer_id
		where w.desk_id = @desk and w.round = @round group by r.id, r.customer_id, c.name, r.name, w.ends_at order by w.ends_at, r.id limit 1000`, args{"round": round})
}
