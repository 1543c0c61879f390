package postgres

import (
	"time"

	"guichet/internal/desk"
)

const draftOf = `select d.about, d.fields, d.updated_at from drafts d where d.desk_id = @desk and d.person_id = @person and d.about = @about`

// Draft reads what a person typed into a form and has not sent. Errors: ErrNotFound.
func (t *Tx) Draft(about string, person desk.ID) (desk.Draft, error) {
	return one[desk.Draft](t, draftOf, args{"about": about, "person": person})
}

// KeepDraft stores what a person typed, and lets go of his oldest beyond
// desk.MaxDrafts.
func (t *Tx) KeepDraft(d desk.Draft, who desk.Person) {
	t.write(`insert into drafts (desk_id, person_id, about, customer_id, subcontractor_id, fields, updated_at)
		values (@desk, @person, @about, @customer, @subcontractor, @fields, @now)
		on conflict (desk_id, person_id, about) do update set fields = excluded.fields, updated_at = excluded.updated_at`,
		args{"person": who.ID, "about": d.About, "customer": orNull(who.CustomerID), "subcontractor": orNull(who.SubcontractorID), "fields": d.Fields, "now": t.Now})
	t.write(`delete from drafts where desk_id = @desk and person_id = @person and about in (
		select o.about from drafts o where o.desk_id = @desk and o.person_id = @person order by o.updated_at desc, o.about offset @most)`,
		args{"person": who.ID, "most": desk.MaxDrafts})
}

// DropDraft lets go of one: it was sent, or thrown away.
func (t *Tx) DropDraft(about string, person desk.ID) {
	t.write(`delete from drafts where desk_id = @desk and person_id = @person and about = @about`, args{"about": about, "person": person})
}

// ForgetDrafts lets go of those that nobody touched since then.
func (t *Tx) ForgetDrafts(before time.Time) {
	t.write(`delete from drafts where desk_id = @desk and updated_at < @before`, args{"before": before})
}
