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
		"IssueLinks": reads(func(tx *postgres.Tx, i intruder) ([]desk.LinkedIssue, error) {
			return tx.IssueLinks(i.theirs.ticket.ID)
		}),
		"AddIssueLinks": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddIssueLinks([]desk.TicketIssue{desk.NewLink(i.theirs.ticket, i.at.first.issue.ID, desk.LinkProposed, desk.LinkByRules, desk.Nobody, tx.Now)})
		}),
		"SaveIssueLink": puts(func(tx *postgres.Tx, i intruder) {
			tx.SaveIssueLink(desk.NewLink(i.theirs.ticket, i.theirs.issue.ID, desk.LinkDetached, desk.LinkByRules, desk.Nobody, tx.Now))
		}),
		"AnswerIssueLink": touches0(func(tx *postgres.Tx, i intruder) {
			tx.AnswerIssueLink(desk.NewLink(i.theirs.ticket, i.theirs.issue.ID, desk.LinkPersists, desk.LinkByCustomer, desk.Nobody, tx.Now))
		}),
		"Touching": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.Touching([]desk.ID{i.theirs.issue.ID}, i.theirs.ID)
			more, err2 := tx.Touching([]desk.ID{i.theirs.issue.ID}, i.at.first.ID)
			if err == nil {
				err = err2
			}
			return len(list) + len(more), err
		}),
		"OpenIssues": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Issue, error) { return tx.OpenIssues(time.Time{}) }),
		"LinkedTickets": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.LinkedTickets(i.theirs.issue.ID, desk.LinkAttached, desk.Nobody, 10)
			return len(list), err
		}),
		"UncoveredTickets": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.UncoveredTickets(i.theirs.issue, []string{i.theirs.ticket.Service}, time.Time{}, desk.Nobody, 10)
			return len(list), err
		}),
		"LastAsked": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			kind, err := tx.LastAsked(i.theirs.ticket.ID)
			return len(kind), err
		}),

		"AddAnnouncement": writes(func(tx *postgres.Tx, i intruder) error {
			return tx.AddAnnouncement(desk.Announcement{ID: desk.NewID(), IssueID: i.theirs.issue.ID, PersonID: i.desk.agent.ID, State: desk.AnnouncementWaiting, Texts: map[string]string{"fr": "x"}})
		}),
		"Announcement": finds(func(tx *postgres.Tx, i intruder) (desk.Announcement, error) {
			return tx.Announcement(i.theirs.issue.ID)
		}),
		"AnnouncementByKey": finds(func(tx *postgres.Tx, i intruder) (desk.ID, error) {
			return tx.AnnouncementByKey(i.desk.agent.ID, i.theirs.key)
		}),
		"Announcements": reads(func(tx *postgres.Tx, i intruder) ([]desk.Announcement, error) {
			return tx.Announcements(desk.About{Issue: i.theirs.issue.ID}, 10)
		}),
		"SaveAnnouncement": touches0(func(tx *postgres.Tx, i intruder) {
			tx.SaveAnnouncement(desk.Announcement{ID: i.theirs.issue.ID, State: desk.AnnouncementFailed})
		}),
		"AnnouncedLanguages": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.AnnouncedLanguages(desk.About{Issue: i.theirs.issue.ID})
			more, err2 := tx.AnnouncedLanguages(desk.About{Incident: i.theirs.incident.ID})
			if err == nil {
				err = err2
			}
			return len(list) + len(more), err
		}),
		"AnnouncedTickets": reads(func(tx *postgres.Tx, i intruder) (int, error) {
			list, err := tx.AnnouncedTickets(desk.About{Issue: i.theirs.issue.ID}, desk.Nobody, 10)
			more, err2 := tx.AnnouncedTickets(desk.About{Incident: i.theirs.incident.ID}, desk.Nobody, 10)
			if err == nil {
				err = err2
			}
			return len(list) + len(more), err
		}),
	})
}

// bound attaches a customer's ticket to the issue that touches him, and announces
// something of it: under the issue's own id, which a guess would try.
func (w *world) bound(t *testing.T, p partner, c company) {
	t.Helper()
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		tx.AddIssueLinks([]desk.TicketIssue{desk.NewLink(c.ticket, c.issue.ID, desk.LinkAttached, desk.LinkByPerson, p.agent.ID, tx.Now)})
		return tx.AddAnnouncement(desk.Announcement{ID: c.issue.ID, IssueID: c.issue.ID, PersonID: p.agent.ID, State: desk.AnnouncementWaiting, Texts: map[string]string{"fr": "Un mot."},
			Key: c.key, CreatedAt: tx.Now})
	})
}

// What is proposed or was refused is the desk's; an announcement is never the
// customer's, who reads the message that he gets.
func TestCustomersSeeWhatCoversTheirTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.first
	other := w.one.second.issue
	for state, seen := range map[desk.LinkState]int{desk.LinkProposed: 1, desk.LinkRefused: 1, desk.LinkDetached: 1, desk.LinkPersists: 1, desk.LinkAttached: 1} {
		if state != desk.LinkAttached {
			w.update(t, w.one.scope(), func(tx *postgres.Tx) error {
				tx.TouchCustomer(own.ID, []desk.ID{other.ID})
				l := desk.NewLink(own.ticket, other.ID, state, desk.LinkByRules, desk.Nobody, tx.Now)
				l.Reasons = []desk.LinkReason{{Kind: "words", Detail: "mail", Points: 12}}
				tx.SaveIssueLink(l)
				return nil
			})
			if state == desk.LinkDetached || state == desk.LinkPersists {
				seen = 2
			}
			w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
				list, err := tx.IssueLinks(own.ticket.ID)
				if len(list) != 2 || list[0].State != desk.LinkAttached || list[0].PersonName != w.one.agent.Name || list[1].Reasons[0].Detail != "mail" {
					t.Errorf("%s: %+v", state, list)
				}
				return err
			})
		}
		w.view(t, w.one.scopeOf(own), func(tx *postgres.Tx) error {
			list, err := tx.IssueLinks(own.ticket.ID)
			if state != desk.LinkAttached && len(list) != seen {
				t.Errorf("%s: a customer sees %+v", state, list)
			}
			all, err2 := tx.Announcements(desk.About{Issue: own.issue.ID}, 10)
			if err == nil {
				err = err2
			}
			if len(all) > 0 {
				t.Errorf("a customer sees %+v", all)
			}
			return err
		})
	}
}

// A walk finds each ticket once, and those of whom the issue touches alone.
func TestIssuesWalkTheirTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		linked, err := tx.LinkedTickets(w.one.first.issue.ID, desk.LinkAttached, desk.Nobody, 10)
		if err != nil || len(linked) != 1 || linked[0].Number != w.one.first.ticket.Number {
			t.Errorf("%+v, %v", linked, err)
		}
		x := w.one.second.issue
		for _, c := range []struct {
			everyone bool
			services []string
			want     int
		}{{false, []string{w.one.first.ticket.Service}, 0}, {true, []string{w.one.first.ticket.Service}, 0}, {true, []string{"Power BI"}, 0}} {
			x.Everyone = c.everyone // all tickets are covered
			if list, err := tx.UncoveredTickets(x, c.services, time.Time{}, desk.Nobody, 10); err != nil || len(list) != c.want {
				t.Errorf("%+v: %+v, %v", c, list, err)
			}
		}
		open, err := tx.OpenIssues(tx.Now)
		if err != nil || len(open) != 2 || len(open[0].Posts) != 1 {
			t.Errorf("%+v, %v", open, err)
		}
		languages, err := tx.AnnouncedLanguages(desk.About{Issue: w.one.first.issue.ID})
		if err != nil || len(languages) != 1 || languages[0].Tickets != 1 || len(languages[0].Customers) != 1 {
			t.Errorf("%+v, %v", languages, err)
		}
		tickets, err := tx.AnnouncedTickets(desk.About{Issue: w.one.first.issue.ID}, desk.Nobody, 10)
		if err != nil || len(tickets) != 1 {
			t.Errorf("%+v, %v", tickets, err)
		}
		return nil
	})
}
