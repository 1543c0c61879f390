package postgres

import (
	"errors"

	"guichet/internal/desk"
)

const handoverColumns = `h.version, h.policy, h.approval, h.contact, h.providers, h.publishers, h.act, h.note, h.person_id as by,
	coalesce(p.name, '') as author, h.created_at as at, coalesce(h.restored_from, 0) as restored_from
	from handovers h left join people p on p.desk_id = @desk and p.id = h.person_id where h.desk_id = @desk`

// Handover reads how the desk hands requests on: its newest version, else what
// every desk begins with.
func (t *Tx) Handover() (desk.Handover, error) {
	h, err := one[desk.Handover](t, `select `+handoverColumns+` order by h.version desc limit 1`, nil)
	if !errors.Is(err, desk.ErrNotFound) {
		return h, err
	}
	return t.shippedHandover()
}

// shippedHandover names the desk that the transaction is for, and no other: desks
// is every desk's table.
func (t *Tx) shippedHandover() (desk.Handover, error) {
	d, err := one[desk.Desk](t, `select `+deskColumns+` from desks d where d.id = @desk`, nil)
	return desk.ShippedHandover(d), err
}

// HandoverAt reads one version; 0 is what every desk begins with. Errors:
// ErrNotFound.
func (t *Tx) HandoverAt(version int) (desk.Handover, error) {
	if version == 0 {
		return t.shippedHandover()
	}
	return one[desk.Handover](t, `select `+handoverColumns+` and h.version = @version`, args{"version": version})
}

// Handovers lists the newest versions below a number, most of them at a time.
func (t *Tx) Handovers(below, most int) ([]desk.Handover, error) {
	return many[desk.Handover](t, `select `+handoverColumns+` and h.version < @below order by h.version desc limit @most`,
		args{"below": below, "most": most})
}

// SaveHandover stores a new version; the number is the caller's. Errors:
// ErrConflict when somebody else took it first.
func (t *Tx) SaveHandover(h desk.Handover) error {
	_, err := t.exec(`insert into handovers (desk_id, version, policy, approval, contact, providers, publishers, act, note, person_id, restored_from, created_at)
		values (@desk, @version, @policy, @approval, @contact, @providers, @publishers, @act, @note, @person, nullif(@restored_from::int, 0), @now)`,
		args{"version": h.Version, "policy": h.Policy, "approval": h.Approval, "contact": h.Contact, "providers": listed(h.Providers),
			"publishers": listed(h.Publishers), "act": h.Act, "note": h.Note, "person": h.By, "restored_from": h.RestoredFrom, "now": t.Now})
	return err
}

// listed is stored as a list, also where there is none.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

const planColumns = `l.id, l.kind, l.name, l.access_id, l.contract <> '' as has_id, l.expires::text as expires, l.remaining, l.families, l.languages, l.replies,
	l.active, l.revision, l.created_at`

// PartnerPlans lists the partner's own support contracts, those in use first,
// without their contract ids.
func (t *Tx) PartnerPlans() ([]desk.PartnerPlan, error) {
	return many[desk.PartnerPlan](t, partnerPlans, nil)
}

const partnerPlans = `select ` + planColumns + `, ''::bytea as contract from partner_plans l where l.desk_id = @desk
	order by l.active desc, lower(l.name), l.id limit 200`

// PartnerPlan reads one, with its sealed contract id. Errors: ErrNotFound.
func (t *Tx) PartnerPlan(id desk.ID) (desk.PartnerPlan, error) {
	return one[desk.PartnerPlan](t, `select `+planColumns+`, l.contract from partner_plans l where l.desk_id = @desk and l.id = @id`, args{"id": id})
}

// AddPartnerPlan stores a new one. Errors: Invalid on "name" when it is taken.
func (t *Tx) AddPartnerPlan(l desk.PartnerPlan) error {
	_, err := t.exec(`insert into partner_plans (desk_id, id, kind, name, access_id, contract, expires, remaining, families, languages, replies, active, created_at)
		values (@desk, @id, @kind, @name, @access_id, @contract, @expires::text::date, @remaining, @families, @languages, @replies, @active, @now)`,
		planArgs(l, args{"contract": listed(l.Contract), "now": t.Now}))
	return err
}

// SavePartnerPlan changes the plan that has this revision and gives it the next
// one. A contract id of nil stays as it is; an empty one is forgotten. Errors:
// ErrConflict when it has moved on, or is none of the desk's; Invalid on "name".
func (t *Tx) SavePartnerPlan(l desk.PartnerPlan) error {
	n, err := t.exec(`update partner_plans set kind = @kind, name = @name, access_id = @access_id, contract = coalesce(@contract::bytea, contract),
		expires = @expires::text::date, remaining = @remaining, families = @families, languages = @languages, replies = @replies, active = @active, revision = revision + 1
		where desk_id = @desk and id = @id and revision = @revision`, planArgs(l, args{"contract": l.Contract, "revision": l.Revision}))
	return unmoved(n, err)
}

func planArgs(l desk.PartnerPlan, a args) args {
	a["id"], a["kind"], a["name"], a["access_id"] = l.ID, l.Kind, l.Name, l.AccessID
	a["expires"], a["remaining"], a["active"] = l.Expires, l.Remaining, l.Active
	a["families"], a["languages"] = listed(l.Families), listed(l.Languages)
	if a["replies"] = l.Replies; l.Replies == nil {
		a["replies"] = desk.Replies{}
	}
	return a
}
