package postgres

import (
	"context"
	"time"

	"guichet/internal/desk"
)

const personColumns = `p.id, coalesce(p.customer_id, '00000000-0000-0000-0000-000000000000') as customer_id,
	coalesce(p.subcontractor_id, '00000000-0000-0000-0000-000000000000') as subcontractor_id,
	coalesce(p.identity_id, '00000000-0000-0000-0000-000000000000') as identity_id, p.name, p.email, p.role, p.language, p.zone, p.keys_off, p.letters, p.failing_since, p.failing, p.active, p.created_at, p.erased_at`

// Person reads one. Errors: ErrNotFound.
func (t *Tx) Person(id desk.ID) (desk.Person, error) {
	return one[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.id = @id`, args{"id": id})
}

// PersonNow reads who a session's person is today, and the company that lends
// him to the desk (nil for all others). Errors: ErrNotFound, also when his
// company was switched off.
func (db *DB) PersonNow(ctx context.Context, deskID, id desk.ID) (p desk.Person, s *desk.Subcontractor, err error) {
	err = db.View(ctx, desk.Scope{Desk: deskID}, func(t *Tx) (err error) {
		p, s, err = t.present(id)
		return err
	})
	return p, s, err
}

func (t *Tx) present(id desk.ID) (p desk.Person, s *desk.Subcontractor, err error) {
	var people []desk.Person
	var companies []desk.Subcontractor
	a := args{"id": id}
	ask(t, &people, `select `+personColumns+` from people p where p.desk_id = @desk and p.id = @id
		and not exists (select from customers c where c.desk_id = @desk and c.id = p.customer_id and not c.active)`, a)
	ask(t, &companies, `select `+subcontractorColumns+` from people p join subcontractors s on s.desk_id = @desk and s.id = p.subcontractor_id
		where p.desk_id = @desk and p.id = @id`, a)
	if err := t.flush(); err != nil {
		return p, nil, err
	}
	if p, err = only(people, nil); err != nil || p.SubcontractorID == desk.Nobody {
		return p, nil, err
	}
	if len(companies) != 1 || !companies[0].Active {
		return desk.Person{}, nil, desk.ErrNotFound
	}
	return p, &companies[0], nil
}

// PersonByIdentity finds who a verified identity is at this desk. Errors:
// ErrNotFound.
func (t *Tx) PersonByIdentity(identity desk.ID) (desk.Person, error) {
	return one[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.identity_id = @identity`, args{"identity": identity})
}

// Invited finds an active person with this address who has not signed in yet,
// of a customer or of a subcontractor; both are Nobody for the desk's own people.
// Errors: ErrNotFound.
func (t *Tx) Invited(email string, customer, subcontractor desk.ID) (desk.Person, error) {
	return one[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.email = @email and p.identity_id is null and p.active
		and p.customer_id is not distinct from @customer::uuid and p.subcontractor_id is not distinct from @subcontractor::uuid`,
		args{"email": email, "customer": orNull(customer), "subcontractor": orNull(subcontractor)})
}

// PeopleByEmail finds the persons of an address over the desk and its
// customers, whether they have signed in or not.
func (t *Tx) PeopleByEmail(email string) ([]desk.Person, error) {
	return many[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.email = @email and p.active order by p.id limit 10`, args{"email": email})
}

// AddPerson stores a new person. Errors: Invalid on "email" when taken.
func (t *Tx) AddPerson(p desk.Person) error {
	_, err := t.exec(insertPerson, personArgs(p, t.Now))
	return err
}

const insertPerson = `insert into people (desk_id, id, customer_id, subcontractor_id, identity_id, name, email, role, language, zone, keys_off, letters, active, created_at)
	values (@desk, @id, @customer, @subcontractor, @identity, @name, @email, @role, @language, @zone, @keys_off, @letters, @active, @created)`

// SavePerson writes a person's settings; what somebody with another name has asked is
// soon found by that. Errors: ErrNotFound; Invalid on "email" when taken.
func (t *Tx) SavePerson(p desk.Person) error {
	renamed, err := scalars[bool](t, `update people set bounces = case when email = @email then bounces else 0 end, failing = case when email = @email then failing else '' end,
		failing_since = case when email = @email then failing_since end, name = @name, email = @email, role = @role, language = @language, zone = @zone, keys_off = @keys_off, letters = @letters,
		active = @active, identity_id = @identity, subcontractor_id = @subcontractor
		from (select (o.name, o.email) <> (@name, @email) as renamed from people o where o.desk_id = @desk and o.id = @id) was
		where desk_id = @desk and id = @id and customer_id is not distinct from @customer::uuid returning was.renamed`, personSettings(p))
	if len(renamed) > 0 && renamed[0] {
		t.FindAnew(p.ID)
	}
	return found(int64(len(renamed)), err)
}

func personArgs(p desk.Person, now time.Time) args {
	a := personSettings(p)
	a["created"] = now
	return a
}

func personSettings(p desk.Person) args {
	return args{"id": p.ID, "customer": orNull(p.CustomerID), "subcontractor": orNull(p.SubcontractorID), "identity": orNull(p.IdentityID), "name": p.Name, "email": p.Email, "role": p.Role,
		"language": p.Language, "zone": p.Zone, "keys_off": p.KeysOff, "letters": p.Letters, "active": p.Active}
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return desk.ErrNotFound
	}
	return err
}

// People lists the desk's own people, or one customer's, by name.
func (t *Tx) People(customer desk.ID) ([]desk.Person, error) {
	return many[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.customer_id is not distinct from @customer::uuid
		order by p.active desc, p.name, p.id limit 500`, args{"customer": orNull(customer)})
}

// Agents lists who a ticket can be assigned to, by name: to a subcontractor's
// people the desk's own and their colleagues.
func (t *Tx) Agents() ([]desk.Person, error) {
	colleagues, all := desk.Nobody, t.Scope.Subcontractor == nil
	if !all {
		colleagues = t.Scope.Subcontractor.ID
	}
	return many[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.customer_id is null and p.active
		and (@all::boolean or p.subcontractor_id is null or p.subcontractor_id = @colleagues)
		and not exists (select from subcontractors s where s.desk_id = @desk and s.id = p.subcontractor_id and not s.active)
		order by p.name, p.id limit 500`, args{"all": all, "colleagues": colleagues})
}

// Colleagues lists the active people of a customer, by name.
func (t *Tx) Colleagues(customer desk.ID) ([]desk.Person, error) {
	return many[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.customer_id = @customer and p.active order by p.name, p.id limit 500`, args{"customer": customer})
}

// OtherAdmins counts the desk's active admins beside one person. All of them
// are held until the transaction ends, so that two cannot dismiss each other.
func (t *Tx) OtherAdmins(id desk.ID) (int, error) {
	return scalar[int](t, `with admins as materialized (select id from people where desk_id = @desk and role = 'admin' and active order by id for update)
		select count(*)::int from admins where id <> @id`, args{"id": id})
}

// Hold keeps a person as he is until the transaction ends. Errors: ErrNotFound.
func (t *Tx) Hold(person desk.ID) error {
	n, err := t.exec(`select from people where desk_id = @desk and id = @person for update`, args{"person": person})
	return found(n, err)
}

// Bind ties a person to the identity that signed in. Errors: ErrConflict when
// somebody else was faster.
func (t *Tx) Bind(person, identity desk.ID) error {
	n, err := t.exec(`update people set identity_id = @identity where desk_id = @desk and id = @id and identity_id is null`, args{"id": person, "identity": identity})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}
