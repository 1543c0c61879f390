package postgres

import "guichet/internal/desk"

var offerColumns = `o.version, o.note, ` + orNobody("o.person_id") + `,
	coalesce(p.name, '') as author, o.created_at, coalesce(o.restored_from, 0) as restored_from`

const offerAuthor = ` from offers o left join people p on p.desk_id = @desk and p.id = o.person_id where o.desk_id = @desk`

// OfferNow is the number of the newest version, 0 where none is published.
func (t *Tx) OfferNow() (int, error) {
	return scalar[int](t, `select coalesce(max(version), 0) from offers where desk_id = @desk`, nil)
}

// Offer reads one version. Errors: ErrNotFound.
func (t *Tx) Offer(version int) (desk.OfferVersion, error) {
	return one[desk.OfferVersion](t, `select `+offerColumns+`, o.content`+offerAuthor+` and o.version = @version`, args{"version": version})
}

// Offers lists the newest versions below a number, without their content.
func (t *Tx) Offers(below, most int) ([]desk.OfferVersion, error) {
	return many[desk.OfferVersion](t, `select `+offerColumns+`, '{}'::jsonb as content`+offerAuthor+` and o.version < @below
		order by o.version desc limit @most`, args{"below": below, "most": most})
}

// AddOffer stores a new version; the number is the caller's. Errors: ErrConflict
// when somebody else took it first.
func (t *Tx) AddOffer(v desk.OfferVersion) error {
	_, err := t.exec(`insert into offers (desk_id, version, content, note, person_id, restored_from, created_at)
		values (@desk, @version, @content, @note, @person, nullif(@restored_from::int, 0), @now)`,
		args{"version": v.Version, "content": v.Content, "note": v.Note, "person": orNull(v.PersonID), "restored_from": v.RestoredFrom, "now": t.Now})
	return err
}

// OfferDraft reads what the desk's admins are working on. Errors: ErrNotFound
// when there is nothing.
func (t *Tx) OfferDraft() (desk.OfferDraft, error) {
	return one[desk.OfferDraft](t, `select d.based_on, d.revision, d.content, d.person_id, p.name as author, d.updated_at
		from offer_drafts d join people p on p.desk_id = @desk and p.id = d.person_id where d.desk_id = @desk`, nil)
}

// AddOfferDraft begins a draft. Errors: ErrConflict when there is one.
func (t *Tx) AddOfferDraft(d desk.OfferDraft) error {
	_, err := t.exec(`insert into offer_drafts (desk_id, based_on, revision, content, person_id, updated_at)
		values (@desk, @based_on, @revision, @content, @person, @now)`,
		args{"based_on": d.BasedOn, "revision": d.Revision, "content": d.Content, "person": d.PersonID, "now": t.Now})
	return err
}

// SaveOfferDraft changes the draft that has this revision and gives it the next
// one. Errors: ErrConflict when it has moved on, or is gone.
func (t *Tx) SaveOfferDraft(d desk.OfferDraft) error {
	n, err := t.exec(`update offer_drafts set revision = revision + 1, content = @content, person_id = @person, updated_at = @now
		where desk_id = @desk and revision = @revision`, args{"revision": d.Revision, "content": d.Content, "person": d.PersonID, "now": t.Now})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

// RemoveOfferDraft ends the draft that has this revision. Errors: ErrConflict.
func (t *Tx) RemoveOfferDraft(revision int) error {
	n, err := t.exec(`delete from offer_drafts where desk_id = @desk and revision = @revision`, args{"revision": revision})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

// agreements as JSON, so that they travel with other facts.
const agreementsOf = `coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'customer_id', g.customer_id, 'name', g.name, 'support_type', g.support_type,
	'services', g.services, 'users', g.users, 'starts', g.starts, 'ends', g.ends, 'created_at', g.created_at) order by g.starts desc, g.id)
	from agreements g where g.desk_id = @desk and g.customer_id = @customer), '[]'::jsonb)`

// Standing is what a customer has agreed on, and the newest offer.
type Standing struct {
	Offer      int
	Agreements []desk.Agreement
}

// Standing reads what decides a customer's support type; of nobody, for
// visitors, only the newest offer.
func (t *Tx) Standing(customer desk.ID) (Standing, error) {
	return one[Standing](t, `select (select coalesce(max(version), 0) from offers where desk_id = @desk) as offer, `+agreementsOf+` as agreements`, args{"customer": customer})
}

// AddAgreement stores an agreement. Errors: ErrNotFound for a customer of
// another desk.
func (t *Tx) AddAgreement(a desk.Agreement) error {
	_, err := t.exec(`insert into agreements (desk_id, id, customer_id, name, support_type, services, users, starts, ends, created_at)
		values (@desk, @id, @customer, @name, @type, @services, @users, @starts::text::date, @ends::text::date, @now)`, agreementArgs(a, args{"now": t.Now}))
	return err
}

// SaveAgreement changes an agreement. Errors: ErrNotFound.
func (t *Tx) SaveAgreement(a desk.Agreement) error {
	n, err := t.exec(`update agreements set name = @name, support_type = @type, services = @services, users = @users,
		starts = @starts::text::date, ends = @ends::text::date where desk_id = @desk and customer_id = @customer and id = @id`, agreementArgs(a, args{}))
	return found(n, err)
}

// RemoveAgreement forgets an agreement that was entered by mistake. Errors:
// ErrNotFound.
func (t *Tx) RemoveAgreement(customer, id desk.ID) error {
	n, err := t.exec(`delete from agreements where desk_id = @desk and customer_id = @customer and id = @id`, args{"customer": customer, "id": id})
	return found(n, err)
}

func agreementArgs(a desk.Agreement, with args) args {
	for k, v := range map[string]any{"id": a.ID, "customer": a.CustomerID, "name": a.Name, "type": a.SupportType, "services": append([]string{}, a.Services...),
		"users": a.Users, "starts": string(a.Starts), "ends": a.Ends} {
		with[k] = v
	}
	return with
}

// TypesInUse counts the customers whose agreements name each support type, today
// or later.
func (t *Tx) TypesInUse(today desk.Day) ([]TypeUse, error) {
	return many[TypeUse](t, `select support_type, count(distinct customer_id)::int as customers from agreements
		where desk_id = @desk and (ends is null or ends >= @today::text::date) group by support_type`, args{"today": string(today)})
}

// TypeUse is how many customers have a support type.
type TypeUse struct {
	SupportType string
	Customers   int
}
