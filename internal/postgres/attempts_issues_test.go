package postgres_test

import (
	"maps"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"HoldIssues": reads(func(tx *postgres.Tx, i intruder) ([]desk.Issue, error) {
			return tx.HoldIssues(desk.FromGraph, []string{i.theirs.issue.Code})
		}),
		"StoreIssues": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			x := i.theirs.issue // under an id of his own: keys carry the desk, so that theirs would make another row
			x.ID, x.Code = desk.NewID(), "EX"+desk.NewID().String()[28:]
			return nil, tx.StoreIssues([]desk.Issue{x})
		}},
		"TouchCustomer": touches0(func(tx *postgres.Tx, i intruder) { tx.TouchCustomer(i.theirs.ID, []desk.ID{i.theirs.issue.ID}) }),
		"SeeIssues":     touches0(func(tx *postgres.Tx, i intruder) { tx.SeeIssues([]desk.ID{i.theirs.issue.ID}) }),
		"ChooseCustomers": touches0(func(tx *postgres.Tx, i intruder) {
			tx.ChooseCustomers(i.theirs.issue.ID, []desk.ID{i.at.first.ID})
		}),
		"Issue":     finds(func(tx *postgres.Tx, i intruder) (desk.Issue, error) { return tx.Issue(i.theirs.issue.ID) }),
		"HoldIssue": finds(func(tx *postgres.Tx, i intruder) (desk.Issue, error) { return tx.HoldIssue(i.theirs.issue.ID) }),
		"IssueByCode": finds(func(tx *postgres.Tx, i intruder) (desk.Issue, error) {
			return tx.IssueByCode(i.theirs.issue.Code)
		}),
		"SayOfIssue": writes(func(tx *postgres.Tx, i intruder) error { x := i.theirs.issue; x.Public = true; return tx.SayOfIssue(x) }),
		"IssuePosts": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			posts, err := tx.IssuePosts([]desk.ID{i.theirs.issue.ID})
			return len(posts), err
		}),
		"Issues": reads(func(tx *postgres.Tx, _ intruder) ([]desk.IssueRow, error) {
			list, _, err := tx.Issues(desk.IssueFilter{Tab: desk.TabOpen})
			return list, err
		}),
		"TroubledServices": reads(func(tx *postgres.Tx, _ intruder) ([]string, error) { return tx.TroubledServices() }),
		"TouchedBy": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.TouchedBy(i.theirs.issue.ID, "", 10)
			return len(list), err
		}),
		"TicketsOfIssue": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.TicketsOfIssue(i.theirs.issue.ID, []desk.LinkState{desk.LinkProposed, desk.LinkAttached}, desk.Nobody, 10)
			return len(list), err
		}),
		"HealthNote": reads(func(tx *postgres.Tx, _ intruder) (desk.HealthNote, error) { return tx.HealthNote() }),
		"AddHealthNote": touches0(func(tx *postgres.Tx, i intruder) {
			tx.AddHealthNote(desk.HealthNote{ID: desk.NewID(), Fr: "x", PersonID: i.who.ID})
		}),
		"EndHealthNote": touches0(func(tx *postgres.Tx, _ intruder) { tx.EndHealthNote() }),

		"DueConnections": reads(func(tx *postgres.Tx, _ intruder) ([]desk.ID, error) { return tx.DueConnections(10) }),
		"Connection":     finds(func(tx *postgres.Tx, i intruder) (desk.Connection, error) { return tx.Connection(i.theirs.ID) }),
		"HoldConnection": finds(func(tx *postgres.Tx, i intruder) (desk.Connection, error) { return tx.HoldConnection(i.theirs.ID) }),
		"SaveConnection": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveConnection(desk.Connection{CustomerID: i.theirs.ID, State: desk.ConnectionOff})
		}),
		"TenantUnproven": reads(func(tx *postgres.Tx, i intruder) (bool, error) {
			return tx.TenantUnproven(desk.Customer{ID: i.theirs.ID})
		}),
		"AnyConnection": {call: func(tx *postgres.Tx, _ intruder) (any, error) { return tx.AnyConnection() }},
		"Connections": reads(func(tx *postgres.Tx, _ intruder) ([]desk.CustomerConnection, error) {
			return tx.Connections("", false)
		}),
		"BusyCustomer": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			busy, err := tx.BusyCustomer(i.theirs.ID)
			return map[bool]int{true: 1}[busy], err
		}),
		"SaveServiceStates": touches0(func(tx *postgres.Tx, i intruder) {
			tx.SaveServiceStates(i.theirs.ID, []desk.ServiceState{{Service: "Exchange Online", Status: "taken over"}})
		}),
		"ServiceStates": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.ServiceStates(i.theirs.ID)
			return len(list), err
		}),
		"AddConsentAsk": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.AddConsentAsk(desk.ConsentAsk{Hash: []byte("new"), CustomerID: i.theirs.ID, PersonID: i.who.ID, ExpiresAt: tx.Now})
		}),
		"UseConsentAsk": finds(func(tx *postgres.Tx, i intruder) (desk.ConsentAsk, error) {
			return tx.UseConsentAsk([]byte("ask " + i.theirs.ID.String()))
		}),
		"ForgetConsentAsks": touches0(func(tx *postgres.Tx, _ intruder) { tx.ForgetConsentAsks(tx.Now.Add(24 * time.Hour)) }),
		"Subscriptions": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.Subscriptions(i.theirs.ID)
			return len(list), err
		}),
		"SaveSubscription": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.SaveSubscription(desk.Subscription{CustomerID: i.theirs.ID, Subscription: desk.NewID().String()})
		}),
		"PublicFeed":     {call: func(tx *postgres.Tx, _ intruder) (any, error) { return tx.PublicFeed() }},
		"SavePublicFeed": touches0(func(tx *postgres.Tx, _ intruder) { tx.SavePublicFeed(desk.PublicFeed{Wanted: true}) }),
		"LostConnections": reads(func(tx *postgres.Tx, _ intruder) ([]string, error) {
			return tx.LostConnections(10)
		}),
	})
}

// health gives a customer a connection and an issue that touches him alone.
func (w *world) health(t *testing.T, p partner, c company) desk.Issue {
	t.Helper()
	var x desk.Issue
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		due := tx.Now.Add(-time.Minute)
		for _, err := range []error{
			tx.SaveConnection(desk.Connection{CustomerID: c.ID, State: desk.Connected, NextAt: &due}),
			tx.SaveSubscription(desk.Subscription{CustomerID: c.ID, Subscription: c.ID.String(), Name: "Production", Active: true}),
			tx.AddConsentAsk(desk.ConsentAsk{Hash: []byte("ask " + c.ID.String()), CustomerID: c.ID, PersonID: p.admin.ID, Session: "s", ExpiresAt: tx.Now.Add(time.Hour)}),
		} {
			if err != nil {
				return err
			}
		}
		x = desk.FirstHeard(published("EX"+c.ID.String()[28:], tx.Now), tx.Now).Issue
		if err := tx.StoreIssues([]desk.Issue{x}); err != nil {
			return err
		}
		tx.TouchCustomer(c.ID, []desk.ID{x.ID})
		tx.SaveServiceStates(c.ID, []desk.ServiceState{{Service: "Exchange Online", Status: "servicedegradation"}})
		tx.AddHealthNote(desk.HealthNote{ID: desk.NewID(), Fr: "Rien à signaler", PersonID: p.agent.ID})
		tx.SavePublicFeed(desk.PublicFeed{Wanted: true})
		return nil
	})
	return x
}

func published(code string, now time.Time) desk.Published {
	return desk.Published{Source: desk.FromGraph, Kind: desk.IssueKind, Code: code, Title: "Mail is late", Service: "Exchange Online", Status: "servicedegradation",
		Places: []string{"West Europe", "France Central"}, StartedAt: now.Add(-time.Hour), ChangedAt: now.Add(-time.Minute),
		Posts: []desk.Post{{At: now.Add(-time.Minute), Text: "User impact: mail is late", Parts: []desk.PostPart{{Label: "user impact", Text: "mail is late"}}}}}
}
