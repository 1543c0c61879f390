package postgres

import (
	"errors"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
)

const accessColumns = `r.id as row_id, r.customer_id, r.code as id, r.name, r.status, r.roles, r.groups, r.activated_at, r.ends_at, r.auto_extend, r.source,
	r.etag as e_tag, r.groups_at, r.gone_at, r.told_at`

// mostRelationships bounds those read of one customer: a partner keeps a few.
const mostRelationships = 200

// Access is what is known of a customer.
func (t *Tx) Access(customer desk.ID) (access.Holding, error) {
	list, err := t.AccessRelationships(customer)
	if err != nil {
		return access.Holding{}, err
	}
	facts, err := t.AccessFacts(customer)
	if err != nil {
		return access.Holding{}, err
	}
	reader, err := t.AccessReader()
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return access.Holding{}, err
	}
	return desk.Holding(list, facts, reader), nil
}

// AccessRelationships lists a customer's relationships, those that end last first.
func (t *Tx) AccessRelationships(customer desk.ID) ([]desk.AccessRelationship, error) {
	return many[desk.AccessRelationship](t, accessRelationships, args{"customer": customer, "most": mostRelationships})
}

const accessRelationships = `select ` + accessColumns + ` from access_relationships r where r.desk_id = @desk and r.customer_id = @customer
	order by r.ends_at desc nulls first, r.id limit @most`

// AccessFacts reads what no relationship tells; all unknown when nobody told.
func (t *Tx) AccessFacts(customer desk.ID) (desk.AccessFacts, error) {
	f, err := one[desk.AccessFacts](t, accessFacts, args{"customer": customer})
	if errors.Is(err, desk.ErrNotFound) {
		return desk.UnknownFacts(customer), nil
	}
	return f, err
}

const accessFacts = `select f.customer_id, f.azure_role, f.reseller, f.entra_premium, f.told_at,
	coalesce(f.person_id, '00000000-0000-0000-0000-000000000000') as person_id
	from access_facts f where f.desk_id = @desk and f.customer_id = @customer`

// AllAccessFacts reads those of all customers of whom anybody said anything.
func (t *Tx) AllAccessFacts() ([]desk.AccessFacts, error) {
	return many[desk.AccessFacts](t, `select f.customer_id, f.azure_role, f.reseller, f.entra_premium, f.told_at,
		coalesce(f.person_id, '00000000-0000-0000-0000-000000000000') as person_id from access_facts f where f.desk_id = @desk`, nil)
}

// SaveAccessFacts writes some, each the first time or anew; a customer comes once.
// Errors: ErrNotFound for a customer of another desk.
func (t *Tx) SaveAccessFacts(list ...desk.AccessFacts) error {
	if len(list) == 0 {
		return nil
	}
	_, err := t.exec(`insert into access_facts (desk_id, customer_id, azure_role, reseller, entra_premium, told_at, person_id)
		select @desk, customer, azure, reseller, premium, @now, nullif(person, '00000000-0000-0000-0000-000000000000')
		from unnest(@customers::uuid[], @azures::text[], @resellers::text[], @premiums::text[], @people::uuid[]) as f (customer, azure, reseller, premium, person)
		on conflict (desk_id, customer_id) do update set azure_role = excluded.azure_role, reseller = excluded.reseller, entra_premium = excluded.entra_premium,
			told_at = excluded.told_at, person_id = excluded.person_id`, args{"now": t.Now,
		"customers": column(list, func(f desk.AccessFacts) desk.ID { return f.CustomerID }), "azures": column(list, func(f desk.AccessFacts) string { return f.AzureRole }),
		"resellers": column(list, func(f desk.AccessFacts) string { return f.Reseller }), "premiums": column(list, func(f desk.AccessFacts) string { return f.EntraPremium }),
		"people": column(list, func(f desk.AccessFacts) desk.ID { return f.PersonID })})
	return err
}

const readerColumns = `'00000000-0000-0000-0000-000000000000'::uuid as customer_id, r.tenant as asked_tenant, r.state, r.consented_at,
	coalesce(r.consented_by, '00000000-0000-0000-0000-000000000000') as consented_by, r.polled_at, r.heard_at, r.next_at, r.failures, r.problem, r.detail,
	r.hour_at, r.calls, r.whole_at, r.refused, r.created_at, r.strangers`

// AccessReader reads how the desk's own tenant is read. Errors: ErrNotFound when
// nobody ever wanted it.
func (t *Tx) AccessReader() (desk.AccessReader, error) {
	return one[desk.AccessReader](t, accessReader, nil)
}

const accessReader = `select ` + readerColumns + ` from access_readers r where r.desk_id = @desk`

// HoldAccessReader is AccessReader for who will change it; others wait.
func (t *Tx) HoldAccessReader() (desk.AccessReader, error) {
	return one[desk.AccessReader](t, `select `+readerColumns+` from access_readers r where r.desk_id = @desk for update`, nil)
}

// SaveAccessReader writes it, the first time or anew.
func (t *Tx) SaveAccessReader(r desk.AccessReader) error {
	_, err := t.exec(`insert into access_readers (desk_id, tenant, state, consented_at, consented_by, polled_at, heard_at, next_at, failures, problem, detail,
			hour_at, calls, whole_at, refused, strangers, created_at)
		values (@desk, @tenant, @state, @consented, @by, @polled, @heard, @next, @failures, @problem, @detail, @hour, @calls, @whole, @refused, @strangers, @now)
		on conflict (desk_id) do update set tenant = excluded.tenant, state = excluded.state, consented_at = excluded.consented_at, consented_by = excluded.consented_by,
			polled_at = excluded.polled_at, heard_at = excluded.heard_at, next_at = excluded.next_at, failures = excluded.failures, problem = excluded.problem,
			detail = excluded.detail, hour_at = excluded.hour_at, calls = excluded.calls, whole_at = excluded.whole_at, refused = excluded.refused,
			strangers = excluded.strangers`, args{
		"tenant": r.AskedTenant, "state": r.State, "consented": r.ConsentedAt, "by": orNull(r.ConsentedBy), "polled": r.PolledAt, "heard": r.HeardAt,
		"next": r.NextAt, "failures": r.Failures, "problem": r.Problem, "detail": storable(r.Detail), "hour": r.HourAt, "calls": r.Calls, "whole": r.WholeAt,
		"refused": refusedList(r.Refused), "strangers": r.Strangers, "now": t.Now})
	return err
}

// AddAccessAsk remembers what a consent must come back with.
func (t *Tx) AddAccessAsk(a desk.ConsentAsk) error {
	_, err := t.exec(`insert into access_asks (desk_id, state_hash, person_id, session, expires_at) values (@desk, @hash, @person, @session, @expires)`,
		args{"hash": a.Hash, "person": a.PersonID, "session": a.Session, "expires": a.ExpiresAt})
	return err
}

// UseAccessAsk spends an ask, whoever brings it. Errors: ErrNotFound for a state
// that was never given out here.
func (t *Tx) UseAccessAsk(hash []byte) (desk.ConsentAsk, error) {
	return one[desk.ConsentAsk](t, `with held as (select a.state_hash, a.used_at from access_asks a where a.desk_id = @desk and a.state_hash = @hash for update)
		update access_asks a set used_at = coalesce(a.used_at, @now) from held where a.desk_id = @desk and a.state_hash = held.state_hash
		returning a.state_hash as hash, '00000000-0000-0000-0000-000000000000'::uuid as customer_id, a.person_id, a.session, a.expires_at, held.used_at`,
		args{"hash": hash, "now": t.Now})
}

// ForgetAccessAsks drops asks that ended long ago.
func (t *Tx) ForgetAccessAsks(before time.Time) {
	t.write(`delete from access_asks where desk_id = @desk and expires_at < @before`, args{"before": before})
}
