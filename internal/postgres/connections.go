package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const connectionColumns = `c.customer_id, c.tenant as asked_tenant, c.state, c.consented_at, coalesce(c.consented_by, '00000000-0000-0000-0000-000000000000') as consented_by,
	c.polled_at, c.heard_at, c.next_at, c.failures, c.problem, c.detail, c.hour_at, c.calls, c.whole_at, c.refused, c.created_at`

// DesksToPoll lists desks whose connections are due, over all desks: their ids
// and nothing else.
func (g *GlobalTx) DesksToPoll(most int) ([]desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desks_to_poll($1, $2)`, g.Now, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[desk.ID])
}

// DueConnections lists customers whose tenants are to be asked by now, the
// longest waiting first.
func (t *Tx) DueConnections(most int) ([]desk.ID, error) {
	return scalars[desk.ID](t, `select c.customer_id from connections c where c.desk_id = @desk and c.next_at <= @now order by c.next_at, c.customer_id limit @most`,
		args{"now": t.Now, "most": most})
}

// Connection reads a customer's. Errors: ErrNotFound.
func (t *Tx) Connection(customer desk.ID) (desk.Connection, error) {
	return one[desk.Connection](t, `select `+connectionColumns+` from connections c where c.desk_id = @desk and c.customer_id = @customer`, args{"customer": customer})
}

// HoldConnection is Connection for who will change it; others wait. Errors:
// ErrNotFound.
func (t *Tx) HoldConnection(customer desk.ID) (desk.Connection, error) {
	return one[desk.Connection](t, `select `+connectionColumns+` from connections c where c.desk_id = @desk and c.customer_id = @customer for update`,
		args{"customer": customer})
}

// SaveConnection writes a connection, the first time or anew. Errors: ErrNotFound
// for a customer of another desk.
func (t *Tx) SaveConnection(c desk.Connection) error {
	_, err := t.exec(`insert into connections (desk_id, customer_id, tenant, state, consented_at, consented_by, polled_at, heard_at, next_at, failures, problem, detail,
			hour_at, calls, whole_at, refused, created_at)
		values (@desk, @customer, @tenant, @state, @consented, @by, @polled, @heard, @next, @failures, @problem, @detail, @hour, @calls, @whole, @refused, @now)
		on conflict (desk_id, customer_id) do update set tenant = excluded.tenant, state = excluded.state, consented_at = excluded.consented_at, consented_by = excluded.consented_by,
			polled_at = excluded.polled_at, heard_at = excluded.heard_at, next_at = excluded.next_at, failures = excluded.failures, problem = excluded.problem,
			detail = excluded.detail, hour_at = excluded.hour_at, calls = excluded.calls, whole_at = excluded.whole_at, refused = excluded.refused`, args{
		"customer": c.CustomerID, "tenant": c.AskedTenant, "state": c.State, "consented": c.ConsentedAt, "by": orNull(c.ConsentedBy), "polled": c.PolledAt, "heard": c.HeardAt,
		"next": c.NextAt, "failures": c.Failures, "problem": c.Problem, "detail": storable(c.Detail), "hour": c.HourAt, "calls": c.Calls, "whole": c.WholeAt,
		"refused": refusedList(c.Refused), "now": t.Now})
	return err
}

func refusedList(list []desk.RefusedEntry) []desk.RefusedEntry {
	return append([]desk.RefusedEntry{}, list...)
}

// AnyConnection tells whether the desk reads any customer's health.
func (t *Tx) AnyConnection() (bool, error) {
	return scalar[bool](t, `select exists (select from connections c where c.desk_id = @desk and c.state = 'connected')`, nil)
}

// Connections lists customers with their connection, by name, behind one; with
// only lost, those whose connection is lost.
func (t *Tx) Connections(after string, lost bool) ([]desk.CustomerConnection, error) {
	return many[desk.CustomerConnection](t, `select k.name, k.tenant, k.initial_domain as domain, k.active, `+connectionOrNone+`
		from customers k left join connections c on c.desk_id = @desk and c.customer_id = k.id
		where k.desk_id = @desk and (@after::text = '' or lower(k.name) > lower(@after)) and (not @lost::boolean or c.state = 'lost') order by lower(k.name) limit @limit`,
		args{"after": storable(after), "lost": lost, "limit": desk.PageSize + 1})
}

// connectionOrNone is a connection, or the empty one of a customer k who was
// never asked.
const connectionOrNone = `k.id as customer_id, coalesce(c.tenant, '') as asked_tenant, coalesce(c.state, '') as state, c.consented_at, coalesce(c.consented_by, '00000000-0000-0000-0000-000000000000') as consented_by,
	c.polled_at, c.heard_at, c.next_at, coalesce(c.failures, 0) as failures, coalesce(c.problem, '') as problem, coalesce(c.detail, '') as detail,
	c.hour_at, coalesce(c.calls, 0) as calls, c.whole_at, coalesce(c.refused, '[]'::jsonb) as refused, coalesce(c.created_at, k.created_at) as created_at`

// BusyCustomer tells whether a customer has a ticket that has not ended.
func (t *Tx) BusyCustomer(customer desk.ID) (bool, error) {
	return scalar[bool](t, `select exists (select from tickets t where t.desk_id = @desk and t.customer_id = @customer and t.state not in ('resolved', 'closed'))`,
		args{"customer": customer})
}

// SaveServiceStates puts what a tenant's overview tells in the place of what it
// told before.
func (t *Tx) SaveServiceStates(customer desk.ID, list []desk.ServiceState) {
	names := column(list, func(s desk.ServiceState) string { return storable(s.Service) })
	t.write(`delete from service_states where desk_id = @desk and customer_id = @customer and service <> all (@services::text[])`, args{"customer": customer, "services": names})
	t.write(`insert into service_states (desk_id, customer_id, service, status, heard_at)
		select @desk, @customer, service, min(status), @now from unnest(@services::text[], @statuses::text[]) as s (service, status) group by service
		on conflict (desk_id, customer_id, service) do update set status = excluded.status, heard_at = excluded.heard_at`, args{"customer": customer,
		"services": names, "statuses": column(list, func(s desk.ServiceState) string { return storable(s.Status) }), "now": t.Now})
}

// ServiceStates reads how a customer's services do, by name.
func (t *Tx) ServiceStates(customer desk.ID) ([]desk.ServiceState, error) {
	return many[desk.ServiceState](t, `select s.service, s.status, s.heard_at from service_states s where s.desk_id = @desk and s.customer_id = @customer
		order by s.service limit 500`, args{"customer": customer})
}

// AddConsentAsk remembers what a consent must come back with.
func (t *Tx) AddConsentAsk(a desk.ConsentAsk) error {
	_, err := t.exec(`insert into consent_asks (desk_id, state_hash, customer_id, person_id, session, expires_at)
		values (@desk, @hash, @customer, @person, @session, @expires)`,
		args{"hash": a.Hash, "customer": a.CustomerID, "person": a.PersonID, "session": a.Session, "expires": a.ExpiresAt})
	return err
}

// UseConsentAsk spends an ask, whoever brings it: it is good for one answer.
// Errors: ErrNotFound for a state that was never given out here.
func (t *Tx) UseConsentAsk(hash []byte) (desk.ConsentAsk, error) {
	return one[desk.ConsentAsk](t, `with held as (select a.state_hash, a.used_at from consent_asks a where a.desk_id = @desk and a.state_hash = @hash for update)
		update consent_asks a set used_at = coalesce(a.used_at, @now) from held where a.desk_id = @desk and a.state_hash = held.state_hash
		returning a.state_hash as hash, a.customer_id, a.person_id, a.session, a.expires_at, held.used_at`, args{"hash": hash, "now": t.Now})
}

// Subscriptions lists the Azure subscriptions of a customer, by name.
func (t *Tx) Subscriptions(customer desk.ID) ([]desk.Subscription, error) {
	return many[desk.Subscription](t, `select s.customer_id, s.subscription::text as subscription, s.name, s.active, s.heard_at, s.problem, s.detail from watched_subscriptions s
		where s.desk_id = @desk and s.customer_id = @customer order by lower(s.name), s.subscription limit 200`, args{"customer": customer})
}

// SaveSubscription writes one, the first time or anew. Errors: ErrNotFound for a
// customer who has no connection.
func (t *Tx) SaveSubscription(s desk.Subscription) error {
	_, err := t.exec(`insert into watched_subscriptions (desk_id, customer_id, subscription, name, active, heard_at, problem, detail, created_at)
		values (@desk, @customer, @subscription::text::uuid, @name, @active, @heard, @problem, @detail, @now)
		on conflict (desk_id, customer_id, subscription) do update set name = excluded.name, active = excluded.active, heard_at = excluded.heard_at,
			problem = excluded.problem, detail = excluded.detail`, args{"customer": s.CustomerID, "subscription": s.Subscription, "name": storable(s.Name),
		"active": s.Active, "heard": s.HeardAt, "problem": s.Problem, "detail": storable(s.Detail), "now": t.Now})
	return err
}

// PublicFeed reads how the desk stands to what is published for everyone. Errors:
// ErrNotFound when nobody has chosen.
func (t *Tx) PublicFeed() (desk.PublicFeed, error) {
	return one[desk.PublicFeed](t, `select f.wanted, f.polled_at, f.heard_at, f.problem, f.detail, f.refused from public_feeds f where f.desk_id = @desk`, nil)
}

// SavePublicFeed writes it, the first time or anew.
func (t *Tx) SavePublicFeed(f desk.PublicFeed) {
	t.write(`insert into public_feeds (desk_id, wanted, polled_at, heard_at, problem, detail, refused)
		values (@desk, @wanted, @polled, @heard, @problem, @detail, @refused)
		on conflict (desk_id) do update set wanted = excluded.wanted, polled_at = excluded.polled_at, heard_at = excluded.heard_at, problem = excluded.problem,
			detail = excluded.detail, refused = excluded.refused`, args{"wanted": f.Wanted, "polled": f.PolledAt, "heard": f.HeardAt, "problem": f.Problem,
		"detail": storable(f.Detail), "refused": refusedList(f.Refused)})
}

// LostConnections lists customers whose connection is lost, by name, for a page
// that must say so.
func (t *Tx) LostConnections(most int) ([]string, error) {
	return scalars[string](t, `select k.name from connections c join customers k on k.desk_id = @desk and k.id = c.customer_id
		where c.desk_id = @desk and c.state = 'lost' order by lower(k.name) limit @most`, args{"most": most})
}

// ForgetConsentAsks drops asks that ended long ago.
func (t *Tx) ForgetConsentAsks(before time.Time) {
	t.write(`delete from consent_asks where desk_id = @desk and expires_at < @before`, args{"before": before})
}

// TenantUnproven tells a customer's tenant that another desk claims too, while
// nobody of it has signed in at this desk. Entra alone vouches for a tenant: an
// identity of a desk's own issuer carries none.
func (t *Tx) TenantUnproven(k desk.Customer) (bool, error) {
	return scalar[bool](t, `select tenant_contested(@tenant) and not exists (select from people p join identities i on i.id = p.identity_id
		where p.desk_id = @desk and p.customer_id = @customer and p.active and i.tenant = @tenant)`, args{"tenant": k.Tenant, "customer": k.ID})
}
