package postgres

import (
	"time"

	"guichet/internal/desk"
)

const connectorColumns = `c.kind, c.enabled, c.settings, c.secret, c.checked_at, c.heard_at, c.trouble, c.detail, c.plan, c.next_at, c.failures, c.revision, c.changed_at,
	coalesce(c.changed_by, '00000000-0000-0000-0000-000000000000') as changed_by`

// Connectors lists those that the desk ever set up.
func (t *Tx) Connectors() ([]desk.Connector, error) {
	return many[desk.Connector](t, `select `+connectorColumns+` from connectors c where c.desk_id = @desk order by c.kind`, nil)
}

// Connector reads one. Errors: ErrNotFound for one that nobody set up.
func (t *Tx) Connector(kind desk.ConnectorKind) (desk.Connector, error) {
	return one[desk.Connector](t, `select `+connectorColumns+` from connectors c where c.desk_id = @desk and c.kind = @kind`, args{"kind": kind})
}

// HoldConnector is Connector for who will change it; others wait. Errors:
// ErrNotFound.
func (t *Tx) HoldConnector(kind desk.ConnectorKind) (desk.Connector, error) {
	return one[desk.Connector](t, `select `+connectorColumns+` from connectors c where c.desk_id = @desk and c.kind = @kind for update`, args{"kind": kind})
}

// AddConnector sets one up. Errors: ErrConflict when somebody did meanwhile.
func (t *Tx) AddConnector(c desk.Connector) error {
	n, err := t.exec(`insert into connectors (desk_id, kind, enabled, settings, secret, revision, changed_at, changed_by)
		values (@desk, @kind, @enabled, @settings, @secret, @revision, @now, @by) on conflict (desk_id, kind) do nothing`, args{"kind": c.Kind, "enabled": c.Enabled,
		"settings": c.Settings, "secret": listed(c.Secret), "revision": c.Revision, "now": t.Now, "by": orNull(c.ChangedBy)})
	if err == nil && n == 0 {
		err = desk.ErrConflict
	}
	return err
}

// SaveConnector writes one that is held. Errors: ErrNotFound.
func (t *Tx) SaveConnector(c desk.Connector) error {
	n, err := t.exec(`update connectors c set enabled = @enabled, settings = @settings, secret = @secret, checked_at = @checked, heard_at = @heard, trouble = @trouble,
			detail = @detail, plan = @plan, next_at = @next, failures = @failures, revision = @revision, changed_at = @changed, changed_by = @by
		where c.desk_id = @desk and c.kind = @kind`, args{"kind": c.Kind, "enabled": c.Enabled, "settings": c.Settings, "secret": listed(c.Secret), "checked": c.CheckedAt,
		"heard": c.HeardAt, "trouble": c.Trouble, "detail": storable(c.Detail), "plan": storable(c.Plan), "next": c.NextAt, "failures": c.Failures, "revision": c.Revision,
		"changed": c.ChangedAt, "by": orNull(c.ChangedBy)})
	return found(n, err)
}

// ConnectorProbe is a customer whose subscription a connector may be tried on.
type ConnectorProbe struct{ Customer, Tenant, Subscription string }

// ConnectorProbe finds the first by name. Errors: ErrNotFound when no customer has
// an Azure subscription that the desk watches.
func (t *Tx) ConnectorProbe() (ConnectorProbe, error) {
	return one[ConnectorProbe](t, `select k.name as customer, k.tenant, s.subscription::text as subscription from watched_subscriptions s
		join customers k on k.desk_id = @desk and k.id = s.customer_id
		where s.desk_id = @desk and s.active and k.active and k.tenant <> '' order by lower(k.name), s.subscription limit 1`, nil)
}

// SealedConnector is one's secret as it is sealed.
type SealedConnector struct {
	Kind   desk.ConnectorKind
	Secret []byte
}

// SealedConnectors lists secrets to be sealed anew.
func (t *Tx) SealedConnectors() ([]SealedConnector, error) {
	return many[SealedConnector](t, `select c.kind, c.secret from connectors c where c.desk_id = @desk and c.secret <> '' order by c.kind`, nil)
}

// ResealConnector puts another seal in the place of one that is still there.
func (t *Tx) ResealConnector(kind desk.ConnectorKind, before, after []byte) {
	t.write(`update connectors c set secret = @after where c.desk_id = @desk and c.kind = @kind and c.secret = @before`, args{"kind": kind, "before": before, "after": after})
}

// SealedPlan is the contract id of a partner's plan as it is sealed.
type SealedPlan struct {
	ID       desk.ID
	Contract []byte
}

// SealedPlans lists contract ids to be sealed anew.
func (t *Tx) SealedPlans() ([]SealedPlan, error) {
	return many[SealedPlan](t, `select l.id, l.contract from partner_plans l where l.desk_id = @desk and l.contract <> '' order by l.id`, nil)
}

// ResealPlan puts another seal in the place of one that is still there.
func (t *Tx) ResealPlan(plan desk.ID, before, after []byte) {
	t.write(`update partner_plans l set contract = @after where l.desk_id = @desk and l.id = @plan and l.contract = @before`, args{"plan": plan, "before": before, "after": after})
}

// ResealDesk puts another seal in the place of the one of a desk's own issuer, if it
// is still there.
func (g *GlobalTx) ResealDesk(id desk.ID, before, after []byte) error {
	_, err := g.tx.Exec(g.ctx, `update desks set client_secret = $3 where id = $1 and client_secret = $2`, id, before, after)
	return err
}

// RemoteEscalations lists escalations to be read again by connectors of these kinds:
// those that one filed, and those that a person filed in Partner Center. The longest
// unread come first.
func (t *Tx) RemoteEscalations(kinds []desk.ConnectorKind, before time.Time, most int) ([]desk.ID, error) {
	return scalars[desk.ID](t, `select e.id from escalations e where e.desk_id = @desk and e.ended_at is null and e.request <> ''
			and (e.remote->>'connector' = any (@kinds::text[]) or e.portal = 'partner_center' and 'partner_center' = any (@kinds::text[]))
			and coalesce((e.remote->>'read_at')::timestamptz, '-infinity') < @before
		order by coalesce((e.remote->>'read_at')::timestamptz, '-infinity'), e.id limit @most`,
		args{"kinds": column(kinds, func(k desk.ConnectorKind) string { return string(k) }), "before": before, "most": most})
}

// SaveRemote writes how a connector read an escalation that is locked and otherwise
// as it was: those who have it open may go on.
func (t *Tx) SaveRemote(e desk.Escalation) {
	t.write(`update escalations e set remote = @remote where e.desk_id = @desk and e.id = @id`, args{"id": e.ID, "remote": e.Remote})
}

// OnlySubscription is the Azure subscription of a customer who has one alone that
// is watched; "" otherwise.
func (t *Tx) OnlySubscription(customer desk.ID) (string, error) {
	list, err := scalars[string](t, `select s.subscription::text from watched_subscriptions s where s.desk_id = @desk and s.customer_id = @customer and s.active
		order by s.subscription limit 2`, args{"customer": customer})
	if err != nil || len(list) != 1 {
		return "", err
	}
	return list[0], nil
}

// SaidEntry reads one entry of an escalation. Errors: ErrNotFound.
func (t *Tx) SaidEntry(escalation, id desk.ID) (desk.EscalationEntry, error) {
	return one[desk.EscalationEntry](t, `select `+saidColumns+` from escalation_entries n where n.desk_id = @desk and n.escalation_id = @escalation and n.id = @id`,
		args{"escalation": escalation, "id": id})
}
