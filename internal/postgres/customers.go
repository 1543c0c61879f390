package postgres

import "guichet/internal/desk"

const customerColumns = `c.id, c.name, c.tenant, c.initial_domain, c.domains, c.relationship, c.region, c.priority, c.open_door, c.note, c.active, c.created_at`

// Customer reads one. Errors: ErrNotFound.
func (t *Tx) Customer(id desk.ID) (desk.Customer, error) {
	return one[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk and c.id = @id`, args{"id": id})
}

// CustomerByTenant finds the customer that a Microsoft tenant is. Errors:
// ErrNotFound.
func (t *Tx) CustomerByTenant(tenant string) (desk.Customer, error) {
	return one[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk and c.tenant = @tenant and c.tenant <> '' and c.active`, args{"tenant": tenant})
}

// Customers lists those whose name or domain begins with or holds the text, by
// name, one page from after (a name; "" for the first).
func (t *Tx) Customers(text, after string) ([]desk.Customer, error) {
	text, after = storable(text), storable(after)
	return many[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk
		and (@text::text = '' or c.name ilike '%' || @like || '%' or c.initial_domain ilike @like || '%' or exists (select from unnest(c.domains) d where d ilike @like || '%') or c.tenant = @text)
		and (@after::text = '' or lower(c.name) > lower(@after)) order by lower(c.name) limit @limit`,
		args{"text": text, "like": literally(text), "after": after, "limit": desk.PageSize + 1})
}

// AddCustomer stores a new customer. Errors: Invalid on "name" or "tenant"
// when taken.
func (t *Tx) AddCustomer(c desk.Customer) error {
	_, err := t.exec(insertCustomer, t.customerArgs(c))
	return err
}

const insertCustomer = `insert into customers (desk_id, id, name, tenant, initial_domain, domains, relationship, region, priority, open_door, note, active, created_at)
	values (@desk, @id, @name, @tenant, @initial_domain, @domains, @relationship, @region, @priority, @open_door, @note, @active, @now)`

// SaveCustomer writes a customer's settings; of one with another name the tickets are
// soon found by that. Errors: ErrNotFound; Invalid on "name" or "tenant" when taken.
func (t *Tx) SaveCustomer(c desk.Customer) error {
	a := t.customerArgs(c)
	delete(a, "now")
	renamed, err := scalars[bool](t, `update customers set name = @name, tenant = @tenant, initial_domain = @initial_domain, domains = @domains, relationship = @relationship,
		region = @region, priority = @priority, open_door = @open_door, note = @note, active = @active
		from (select (o.name, o.initial_domain) <> (@name, @initial_domain) as renamed from customers o where o.desk_id = @desk and o.id = @id) was
		where desk_id = @desk and id = @id returning was.renamed`, a)
	if len(renamed) > 0 && renamed[0] {
		t.FindAnew(c.ID)
	}
	return found(int64(len(renamed)), err)
}

func (t *Tx) customerArgs(c desk.Customer) args {
	return args{"id": c.ID, "name": c.Name, "tenant": c.Tenant, "initial_domain": c.InitialDomain, "domains": c.Domains, "relationship": c.Relationship,
		"region": c.Region, "priority": c.Priority, "open_door": c.OpenDoor, "note": c.Note, "active": c.Active, "now": t.Now}
}
