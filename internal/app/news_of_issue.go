package app

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/signals"
)

// How an issue's news reaches tickets: in batches, each ticket in a transaction of
// its own; a customer hears of the same issue no more than once an hour, unless it
// ends or comes back.
const (
	newsBatch = 200
	newsPause = time.Hour
	// newsReach is how long before an issue began the tickets were opened that may
	// be about it.
	newsReach = 72 * time.Hour
)

// NewsTime is the longest that an issue's news may take to reach all tickets.
const NewsTime = 10 * time.Minute

// NewsOfIssue works an IssueNews: customers of the tickets that the issue covers
// are told, and asked when it is over; open tickets of those whom it touches are
// matched with it. Worked again it finds nothing new to tell.
func (a *App) NewsOfIssue(ctx context.Context, job IssueNews) error {
	again, err := a.newsOfIssue(ctx, job)
	if err != nil || again.IsZero() {
		return err
	}
	return a.db.Update(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) error {
		later := *once
		later.ScheduledAt = again
		return tx.Enqueue(LaterNews(job), &later)
	})
}

// LaterNews is the job of telling an issue's news to those who had heard of it too
// lately when it came. It is no IssueNews, so that its waiting holds none up.
type LaterNews struct {
	Desk  desk.ID `json:"desk"`
	Issue desk.ID `json:"issue"`
}

// Kind names the job.
func (LaterNews) Kind() string { return "later_news" }

// NewsOfIssueLater works a LaterNews. Errors: a pause, while somebody must wait
// still.
func (a *App) NewsOfIssueLater(ctx context.Context, job LaterNews) error {
	again, err := a.newsOfIssue(ctx, IssueNews(job))
	if err == nil && !again.IsZero() {
		return river.JobSnooze(max(again.Sub(a.now()), time.Second))
	}
	return err
}

// newsOfIssue tells all who may be told, and when to tell the others: zero when
// there are none.
func (a *App) newsOfIssue(ctx context.Context, job IssueNews) (again time.Time, err error) {
	a.forgetIssues(job.Desk)
	d, open, err := a.matchable(ctx, job.Desk)
	if err != nil {
		return again, err
	}
	var i desk.Issue
	err = a.db.View(ctx, desk.Scope{Desk: job.Desk}, func(tx *postgres.Tx) (err error) {
		i, err = tx.Issue(job.Issue)
		return err
	})
	if errors.Is(err, desk.ErrNotFound) || err == nil && i.Kind != desk.IssueKind {
		return again, nil
	}
	if err != nil {
		return again, err
	}
	if err := a.tellLinked(ctx, d, i, desk.LinkAttached, &again); err != nil || i.Over {
		return again, err
	}
	if err := a.tellLinked(ctx, d, i, desk.LinkPersists, &again); err != nil {
		return again, err
	}
	return again, a.matchOpen(ctx, d, i, open)
}

// walk calls f for each ticket of a list that next reads batch by batch.
func walk(next func(after desk.ID) ([]postgres.NumberedTicket, error), f func(postgres.NumberedTicket) error) error {
	for after := desk.Nobody; ; {
		batch, err := next(after)
		if err != nil {
			return err
		}
		for _, k := range batch {
			if err := f(k); err != nil && !errors.Is(err, desk.ErrNotFound) {
				return err
			}
			after = k.ID
		}
		if len(batch) < newsBatch {
			return nil
		}
	}
}

func (a *App) tellLinked(ctx context.Context, d desk.Desk, i desk.Issue, state desk.LinkState, again *time.Time) error {
	scope := desk.Scope{Desk: d.ID}
	return walk(func(after desk.ID) (batch []postgres.NumberedTicket, err error) {
		err = a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
			batch, err = tx.LinkedTickets(i.ID, state, after, newsBatch)
			return err
		})
		return batch, err
	}, func(n postgres.NumberedTicket) error {
		return a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
			k, err := tx.LockTicket(n.Number, desk.Person{})
			if err != nil {
				return err
			}
			list, err := tx.IssueLinks(k.ID)
			if err != nil {
				return err
			}
			for _, l := range list {
				if l.IssueID == i.ID && l.State == state {
					if err := a.tellOne(tx, d, &k, l, list, again); err != nil {
						return err
					}
				}
			}
			tx.SaveTicket(k)
			tx.AddKept(k.TakeEnded())
			return nil
		})
	})
}

// tellOne brings one ticket up to date with the issue that covers it, or did.
func (a *App) tellOne(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, l desk.LinkedIssue, all []desk.LinkedIssue, again *time.Time) error {
	news := l.Issue.NewsAt()
	switch {
	case k.State == desk.Closed:
		return nil
	case l.Issue.Over:
		if l.AskedAt != nil || k.State.Ended() {
			return nil
		}
		l.AskedAt, l.Works, l.ToldAt, l.ChangedAt = &tx.Now, nil, &news, tx.Now
		tx.SaveIssueLink(l.TicketIssue)
		return a.askBeside(tx, d, k, l.Event(*k, desk.Nobody, desk.EventAskedAgain, tx.Now).Data)
	case k.State == desk.Resolved && (l.Works == nil || !*l.Works):
		return nil // somebody settled it otherwise
	case l.AskedAt != nil:
		return a.issueBack(tx, d, k, l, all)
	case k.State.Ended() || l.ToldAt != nil && !news.After(*l.ToldAt):
		return nil
	}
	if free := l.ChangedAt.Add(newsPause); tx.Now.Before(free) {
		if again.IsZero() || free.Before(*again) {
			*again = free
		}
		return nil
	}
	l.ToldAt, l.ChangedAt = &news, tx.Now
	tx.SaveIssueLink(l.TicketIssue)
	tx.AddEvent(l.Event(*k, desk.Nobody, desk.EventIssueNews, tx.Now))
	return a.tellCustomer(tx, *k, NoticeNews)
}

// issueBack attaches again what had been said to be over. Whoever said that it
// works waits again as well; a ticket that another issue covers by now stays with
// that one, and one that was handed on to somebody else waits there.
func (a *App) issueBack(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, l desk.LinkedIssue, all []desk.LinkedIssue) error {
	if other := desk.Attached(all); other != nil && other.IssueID != l.IssueID {
		return nil
	}
	level, err := a.level(tx, d, *k)
	if err != nil {
		return err
	}
	news := l.Issue.NewsAt()
	l.State, l.AskedAt, l.Works, l.ToldAt, l.ChangedAt = desk.LinkAttached, nil, nil, &news, tx.Now
	tx.SaveIssueLink(l.TicketIssue)
	tx.AddEvent(l.Event(*k, desk.Nobody, desk.EventIssueBack, tx.Now))
	to := desk.WaitingMicrosoft
	if k.RepliedAt == nil {
		to = desk.Open // who asked is still owed a first word
	}
	if k.State != desk.WaitingThirdParty {
		k.Move(to, level, tx.Now)
	}
	m, err := tx.TriageMaterial(*k)
	if err != nil {
		return err
	}
	if err := a.judgeAgain(tx, k, m); err != nil {
		return err
	}
	return a.tellCustomer(tx, *k, NoticeBack)
}

// matchOpen compares the open tickets of those whom an issue touches with all
// issues that they can be about, so that the likeliest wins and not the newest.
func (a *App) matchOpen(ctx context.Context, d desk.Desk, i desk.Issue, open []readIssue) error {
	scope, services := desk.Scope{Desk: d.ID}, concerned(i, open)
	if len(services) == 0 {
		return nil
	}
	return walk(func(after desk.ID) (batch []postgres.NumberedTicket, err error) {
		err = a.db.View(ctx, scope, func(tx *postgres.Tx) (err error) {
			batch, err = tx.UncoveredTickets(i, services, i.StartedAt.Add(-newsReach), after, newsBatch)
			return err
		})
		return batch, err
	}, func(n postgres.NumberedTicket) error {
		return a.db.Update(ctx, scope, func(tx *postgres.Tx) error {
			k, err := tx.LockTicket(n.Number, desk.Person{})
			if err != nil || k.State.Ended() {
				return err
			}
			m, err := tx.TriageMaterial(k)
			if err != nil {
				return err
			}
			if err := a.matchAgain(tx, d, &k, &m, open); err != nil || desk.Attached(m.Issues) == nil {
				return err // what others complain of has changed since it was judged, and is no reason to judge it
			}
			if err := a.judgeAgain(tx, &k, m); err != nil {
				return err
			}
			tx.SaveTicket(k)
			tx.AddKept(k.TakeEnded())
			return nil
		})
	})
}

// concerned are the services whose tickets can be about an issue, and what a
// customer says who does not know.
func concerned(i desk.Issue, open []readIssue) (services []string) {
	var read *signals.Issue
	for _, k := range open {
		if k.ID == i.ID {
			read = k.read
		}
	}
	if read == nil {
		return nil
	}
	for _, s := range desk.Services() {
		if read.Concerns(s.Name) {
			services = append(services, s.Name)
		}
	}
	return services
}
