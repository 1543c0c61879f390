package postgres

import (
	"encoding/hex"
	"strings"

	"guichet/internal/desk"
)

const subcontractorColumns = `s.id, s.name, s.tenant, s.all_customers, s.customers, s.all_services, s.services, s.always, s.hours, s.active, s.created_at`

// readGiven goes on where readScope ends, for a subcontractor.
const readGiven = `, set_config('app.subcontractor_id', $3, true), set_config('app.customers', $4, true), set_config('app.services', $5, true)`

// givenCustomers is the setting app.customers: UUIDs parted by commas, "" for
// none.
func givenCustomers(c desk.Subcontractor) string {
	if c.AllCustomers {
		return "*"
	}
	given := make([]string, len(c.Customers))
	for i, id := range c.Customers {
		given[i] = id.String()
	}
	return strings.Join(given, ",")
}

// givenServices is the setting app.services: names in hexadecimal parted by
// commas, "" for none.
func givenServices(c desk.Subcontractor) string {
	if c.AllServices {
		return "*"
	}
	given := make([]string, len(c.Services))
	for i, name := range c.Services {
		given[i] = hex.EncodeToString([]byte(name))
	}
	return strings.Join(given, ",")
}

// Subcontractor reads one. Errors: ErrNotFound.
func (t *Tx) Subcontractor(id desk.ID) (desk.Subcontractor, error) {
	return one[desk.Subcontractor](t, `select `+subcontractorColumns+` from subcontractors s where s.desk_id = @desk and s.id = @id`, args{"id": id})
}

// SubcontractorByTenant finds the active one that a Microsoft tenant is. Errors:
// ErrNotFound.
func (t *Tx) SubcontractorByTenant(tenant string) (desk.Subcontractor, error) {
	return one[desk.Subcontractor](t, `select `+subcontractorColumns+` from subcontractors s where s.desk_id = @desk and s.tenant = @tenant and s.tenant <> '' and s.active`,
		args{"tenant": tenant})
}

// Subcontractors lists them by name.
func (t *Tx) Subcontractors() ([]desk.Subcontractor, error) {
	return many[desk.Subcontractor](t, `select `+subcontractorColumns+` from subcontractors s where s.desk_id = @desk order by s.active desc, lower(s.name) limit 500`, nil)
}

// Staff lists the people of a subcontractor.
func (t *Tx) Staff(subcontractor desk.ID) ([]desk.Person, error) {
	return many[desk.Person](t, `select `+personColumns+` from people p where p.desk_id = @desk and p.subcontractor_id = @subcontractor order by p.name, p.id limit 500`,
		args{"subcontractor": subcontractor})
}

// Grantable lists the customers that can be given to a subcontractor, by name:
// the active ones, and those given already.
func (t *Tx) Grantable(given []desk.ID) ([]desk.Customer, error) {
	return many[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk and (c.active or c.id = any (@given::uuid[]))
		order by lower(c.name) limit 2000`, args{"given": append([]desk.ID{}, given...)})
}

// AddSubcontractor stores a new one. Errors: Invalid on "name" or "tenant" when
// taken, on "customers" for one that the desk does not have.
func (t *Tx) AddSubcontractor(c desk.Subcontractor) error {
	if err := t.ownCustomers(c); err != nil {
		return err
	}
	a := subcontractorArgs(c)
	a["now"] = t.Now
	_, err := t.exec(`insert into subcontractors (desk_id, id, name, tenant, all_customers, customers, all_services, services, always, hours, active, created_at)
		values (@desk, @id, @name, @tenant, @all_customers, @customers, @all_services, @services, @always, @hours, @active, @now)`, a)
	return err
}

// SaveSubcontractor writes one's settings. Errors: ErrNotFound; Invalid as for
// AddSubcontractor.
func (t *Tx) SaveSubcontractor(c desk.Subcontractor) error {
	if err := t.ownCustomers(c); err != nil {
		return err
	}
	n, err := t.exec(`update subcontractors set name = @name, tenant = @tenant, all_customers = @all_customers, customers = @customers,
		all_services = @all_services, services = @services, always = @always, hours = @hours, active = @active where desk_id = @desk and id = @id`, subcontractorArgs(c))
	return found(n, err)
}

// ownCustomers does for a list of customers what a foreign key does for one.
func (t *Tx) ownCustomers(c desk.Subcontractor) error {
	n, err := scalar[int](t, `select count(*)::int from customers where desk_id = @desk and id = any (@customers)`, args{"customers": append([]desk.ID{}, c.Customers...)})
	if err == nil && n != len(c.Customers) {
		return desk.NewInvalid("customers", "error.choose")
	}
	return err
}

func subcontractorArgs(c desk.Subcontractor) args {
	return args{"id": c.ID, "name": c.Name, "tenant": c.Tenant, "all_customers": c.AllCustomers, "customers": append([]desk.ID{}, c.Customers...),
		"all_services": c.AllServices, "services": append([]string{}, c.Services...), "always": c.Always, "hours": c.Hours, "active": c.Active}
}
