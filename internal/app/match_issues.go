package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/signals"
)

// readIssue is an issue that was read, to compare tickets with.
type readIssue struct {
	desk.Issue
	read *signals.Issue
}

// openIssues are a desk's issues as they were a moment ago. What a ticket may be
// matched with is asked of the database each time, for its customer.
type openIssues struct {
	list  []readIssue
	until time.Time
}

// issueMemory is how long a desk's open issues are remembered; afterDay is how long
// one that ended is still compared with.
const (
	issueMemory = 2 * time.Second
	afterDay    = 24 * time.Hour
)

func (a *App) openIssues(ctx context.Context, d desk.ID) ([]readIssue, error) {
	known, _ := a.issues.Load(d)
	was, _ := known.(openIssues)
	if a.now().Before(was.until) {
		return was.list, nil
	}
	var list []desk.Issue
	err := a.db.View(ctx, desk.Scope{Desk: d}, func(tx *postgres.Tx) (err error) {
		list, err = tx.OpenIssues(tx.Now.Add(-afterDay))
		return err
	})
	if err != nil {
		return nil, err
	}
	now := openIssues{list: make([]readIssue, len(list)), until: a.now().Add(issueMemory)}
	for n, i := range list {
		now.list[n] = readIssue{i, was.reading(i)}
	}
	a.issues.Store(d, now)
	return now.list, nil
}

// reading reads an issue, unless nothing was published of it since it was read.
func (o openIssues) reading(i desk.Issue) *signals.Issue {
	for _, k := range o.list {
		if k.ID == i.ID && k.ChangedAt.Equal(i.ChangedAt) && k.Over == i.Over && slices.Equal(k.Digest, i.Digest) && k.Title == i.Title {
			return k.read
		}
	}
	return i.Read()
}

// forgetIssues lets what changed of a desk's issues be seen at once.
func (a *App) forgetIssues(d desk.ID) { a.issues.Delete(d) }

// worthComparing leaves those that a ticket of a service can be about.
func worthComparing(list []readIssue, service, text string) (some []readIssue) {
	if len(list) == 0 {
		return nil
	}
	text = signals.Folded(text)
	for _, i := range list {
		if i.read.May(service, text) {
			some = append(some, i)
		}
	}
	return some
}

func idsOf(list []readIssue) []desk.ID {
	ids := make([]desk.ID, len(list))
	for n, i := range list {
		ids[n] = i.ID
	}
	return ids
}

// links compares a ticket with those of the issues that hit its customer.
func links(k desk.Ticket, c signals.Claim, list []readIssue, touched []desk.ID, decided bool, now time.Time) []desk.LinkedIssue {
	var issues []desk.Issue
	var read []*signals.Issue
	for _, i := range list {
		if slices.Contains(touched, i.ID) {
			issues, read = append(issues, i.Issue), append(read, i.read)
		}
	}
	return k.Links(signals.Matches(c, read), issues, decided, now)
}

// matchNew binds a ticket that is about to be submitted: to the issue that its
// customer says is his problem too, else to what it matches. Errors: Invalid on
// "issue" for one that does not hit him.
func (a *App) matchNew(tx *postgres.Tx, who desk.Actor, k desk.Ticket, s desk.Submission, words string, facts postgres.NewTicketFacts, open []readIssue) ([]desk.LinkedIssue, error) {
	if k.Kind == desk.KindSubscription || len(open) == 0 && s.Issue == desk.Nobody {
		return nil, nil
	}
	if s.Issue == desk.Nobody {
		return links(k, k.Claim(words, facts.Similar, nil, facts.Home), open, facts.Touched, false, tx.Now), nil
	}
	if !slices.Contains(facts.Touched, s.Issue) {
		return nil, desk.NewInvalid("issue", "error.choose")
	}
	i, err := tx.Issue(s.Issue)
	if errors.Is(err, desk.ErrNotFound) || err == nil && i.Over {
		return nil, desk.NewInvalid("issue", "known.error.over")
	}
	by := desk.LinkByCustomer
	if who.DeskSide() {
		by = desk.LinkByPerson
	}
	l := desk.LinkedIssue{TicketIssue: desk.NewLink(k, i.ID, desk.LinkAttached, by, who.Person.ID, tx.Now), Issue: i}
	l.Score = 100
	at := i.NewsAt()
	l.ToldAt = &at
	return []desk.LinkedIssue{l}, err
}

// tellLinks says on a new ticket's timeline what it was bound to.
func tellLinks(tx *postgres.Tx, k desk.Ticket, list []desk.LinkedIssue) {
	bonds := make([]desk.TicketIssue, len(list))
	for n, l := range list {
		bonds[n] = l.TicketIssue
		kind := desk.EventIssueProposed
		if l.State == desk.LinkAttached {
			kind = desk.EventIssueAttached
		}
		tx.AddEvent(l.Event(k, l.PersonID, kind, tx.Now))
	}
	tx.AddIssueLinks(bonds)
}

// matchAgain compares a ticket anew after one of its facts changed. Where an issue
// covers it, or a person refused one, that stays.
func (a *App) matchAgain(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, m *postgres.Material, open []readIssue) error {
	if k.Kind == desk.KindSubscription || desk.Attached(m.Issues) != nil {
		return nil
	}
	bound := func(i readIssue) bool {
		return slices.ContainsFunc(m.Issues, func(l desk.LinkedIssue) bool { return l.IssueID == i.ID && l.State != desk.LinkProposed })
	}
	open = slices.DeleteFunc(worthComparing(open, k.Service, k.Subject+" "+m.Words), bound)
	touched, err := tx.Touching(idsOf(open), k.CustomerID)
	if err != nil || len(touched) == 0 {
		return err
	}
	claim := k.Claim(m.Words, m.Similar, m.Found, m.Home)
	claim.Corrections = desk.SetRight(m.Corrected)
	for _, l := range links(*k, claim, open, touched, m.Last.Settled(), tx.Now) {
		if l.State == desk.LinkAttached {
			if err := a.cover(tx, d, k, m, l); err != nil {
				return err
			}
			continue
		}
		tx.SaveIssueLink(l.TicketIssue)
		if !slices.ContainsFunc(m.Issues, func(was desk.LinkedIssue) bool { return was.IssueID == l.IssueID }) {
			tx.AddEvent(l.Event(*k, desk.Nobody, desk.EventIssueProposed, tx.Now))
		}
	}
	return nil
}

// cover binds a ticket to the issue that covers it, and tells its customer. The
// caller judges the ticket anew.
func (a *App) cover(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, m *postgres.Material, l desk.LinkedIssue) error {
	at := l.Issue.NewsAt()
	l.ToldAt = &at
	tx.SaveIssueLink(l.TicketIssue)
	tx.AddEvent(l.Event(*k, l.PersonID, desk.EventIssueAttached, tx.Now))
	m.Issues = slices.DeleteFunc(m.Issues, func(was desk.LinkedIssue) bool { return was.IssueID == l.IssueID })
	m.Issues = append([]desk.LinkedIssue{l}, m.Issues...)
	if err := a.awaitMicrosoft(tx, d, k, l.Issue); err != nil {
		return err
	}
	return a.tellCustomer(tx, *k, NoticeKnown)
}

// restOnIssue lets a ticket that was answered wait for Microsoft where a known
// issue covers it.
func (a *App) restOnIssue(tx *postgres.Tx, d desk.Desk, k *desk.Ticket) error {
	if k.Category != desk.KnownIssue {
		return nil
	}
	list, err := tx.IssueLinks(k.ID)
	if l := desk.Attached(list); err == nil && l != nil {
		return a.awaitMicrosoft(tx, d, k, l.Issue)
	}
	return err
}

// awaitMicrosoft lets a ticket whose customer has had his answer wait for who
// mends what it is about. One that nobody has answered yet still owes that.
func (a *App) awaitMicrosoft(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, i desk.Issue) error {
	if i.Over || k.RepliedAt == nil || k.State != desk.Open {
		return nil
	}
	l, err := a.level(tx, d, *k)
	if err != nil || !k.Move(desk.WaitingMicrosoft, l, tx.Now) {
		return err
	}
	tx.AddEvent(desk.NewEvent(*k, desk.Nobody, desk.EventState, map[string]string{"to": string(desk.WaitingMicrosoft)}, tx.Now))
	return nil
}
