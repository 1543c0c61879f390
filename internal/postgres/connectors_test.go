package postgres_test

import (
	"bytes"
	"errors"
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"Connectors": reads(func(tx *postgres.Tx, i intruder) ([]desk.Connector, error) {
			list, err := tx.Connectors()
			for _, c := range list {
				err = errors.Join(err, ownConnector(tx, i, c.Secret))
			}
			return list, err
		}),
		"Connector": reads(func(tx *postgres.Tx, i intruder) (desk.Connector, error) {
			c, err := tx.Connector(desk.AzureSupport)
			return c, errors.Join(err, ownConnector(tx, i, c.Secret))
		}),
		"HoldConnector": reads(func(tx *postgres.Tx, i intruder) (desk.Connector, error) {
			c, err := tx.HoldConnector(desk.AzureSupport)
			return c, errors.Join(err, ownConnector(tx, i, c.Secret))
		}),
		"AddConnector": writes(func(tx *postgres.Tx, i intruder) error { return gone(tx.AddConnector(connectorOf(i.desk))) }),
		"SaveConnector": {call: func(tx *postgres.Tx, i intruder) (any, error) { // there is nothing of another's in one
			c := connectorOf(i.at)
			c.Enabled = false
			return nil, tx.SaveConnector(c)
		}},
		"ConnectorProbe": reads(func(tx *postgres.Tx, i intruder) (postgres.ConnectorProbe, error) {
			p, err := tx.ConnectorProbe()
			if err == nil && p.Tenant == i.theirs.Tenant {
				err = errors.New("another's subscription is tried")
			}
			return p, err
		}),
		"SealedConnectors": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.SealedConnectors()
			for _, c := range list {
				err = errors.Join(err, ownConnector(tx, i, c.Secret))
			}
			return 0, err
		}),
		"ResealConnector": touches0(func(tx *postgres.Tx, i intruder) {
			tx.ResealConnector(desk.AzureSupport, connectorOf(i.desk).Secret, []byte("taken over"))
		}),
		"SealedPlans": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.SealedPlans()
			for _, l := range list {
				if l.ID == i.desk.plan.ID || tx.Scope.Customer != desk.Nobody {
					err = errors.New("another's contract is read")
				}
			}
			return 0, err
		}),
		"ResealPlan": touches0(func(tx *postgres.Tx, i intruder) {
			tx.ResealPlan(i.desk.plan.ID, i.desk.plan.Contract, []byte("taken over"))
		}),
		"RemoteEscalations": reads(func(tx *postgres.Tx, i intruder) ([]desk.ID, error) {
			return tx.RemoteEscalations(desk.ConnectorKinds, tx.Now.Add(time.Hour), 100)
		}),
		"SaveRemote": touches0(func(tx *postgres.Tx, i intruder) {
			tx.SaveRemote(desk.Escalation{ID: i.theirs.escalation.ID, Remote: desk.Remote{Connector: "azure_support"}})
		}),
		"OnlySubscription": reads(func(tx *postgres.Tx, i intruder) (string, error) {
			s, err := tx.OnlySubscription(i.theirs.ID)
			if err == nil && s != "" {
				err = errors.New("another's subscription is read")
			}
			return s, err
		}),
		"SaidEntry": finds(func(tx *postgres.Tx, i intruder) (desk.EscalationEntry, error) {
			return tx.SaidEntry(i.theirs.escalation.ID, i.theirs.entry.ID)
		}),
	})
	maps.Copy(digested, map[string]string{"connectors": ""})
}

// ownConnector tells whether a secret is one that the scope may read: a desk's own,
// and no customer's.
func ownConnector(tx *postgres.Tx, i intruder, secret []byte) error {
	if len(secret) == 0 {
		return nil
	}
	if tx.Scope.Customer != desk.Nobody || tx.Scope.Subcontractor != nil || tx.Scope.Desk != i.desk.desk.ID && bytes.Equal(secret, connectorOf(i.desk).Secret) {
		return errors.New("a connector's secret is read")
	}
	return nil
}

func connectorOf(p partner) desk.Connector {
	return desk.Connector{Kind: desk.AzureSupport, Enabled: true, Settings: desk.ConnectorSettings{Tenant: p.desk.Tenant, ClientID: "guichet"}, Secret: []byte("sealed for " + p.desk.Slug),
		Revision: 1, ChangedBy: p.admin.ID}
}

// connect gives a desk a connector.
func (w *world) connect(t *testing.T, p *partner) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error { return tx.AddConnector(connectorOf(*p)) })
}

func TestConnectors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
		c, err := tx.HoldConnector(desk.AzureSupport)
		if err != nil {
			return err
		}
		if err := tx.AddConnector(c); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("added twice: %v", err)
		}
		now := tx.Now.UTC().Truncate(time.Microsecond)
		c.CheckedAt, c.Trouble, c.Detail, c.Plan, c.Failures, c.NextAt = &now, desk.RefusedPlan, "CSP\x00", "CSP", 3, &now
		c.Revision, c.ChangedAt, c.Settings.SecretAt = 2, now, &now
		if err := tx.SaveConnector(c); err != nil {
			return err
		}
		tx.ResealConnector(c.Kind, c.Secret, []byte("anew"))
		tx.ResealConnector(c.Kind, []byte("another"), []byte("wrong"))
		c.Secret, c.Detail = []byte("anew"), "CSP"
		got, err := tx.Connector(desk.AzureSupport)
		if err != nil || string(marshalled(got)) != string(marshalled(c)) {
			t.Errorf("kept %+v, want %+v (%v)", got, c, err)
		}
		if err := tx.SaveConnector(desk.Connector{Kind: desk.PartnerCenter}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("saved what is not there: %v", err)
		}
		list, err := tx.Connectors()
		if err != nil || len(list) != 1 {
			t.Errorf("listed %d (%v)", len(list), err)
		}
		if sealed, err := tx.SealedConnectors(); err != nil || len(sealed) != 1 || string(sealed[0].Secret) != "anew" {
			t.Errorf("sealed %+v (%v)", sealed, err)
		}
		plans, err := tx.SealedPlans()
		if err != nil || len(plans) != 1 {
			t.Fatalf("sealed plans %+v (%v)", plans, err)
		}
		tx.ResealPlan(plans[0].ID, plans[0].Contract, []byte("anew"))
		if l, err := tx.PartnerPlan(plans[0].ID); err != nil || string(l.Contract) != "anew" {
			t.Errorf("plan %+v (%v)", l, err)
		}
		return nil
	})
}
