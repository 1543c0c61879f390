package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/mail"
	"guichet/internal/postgres"
)

// AttachIssue says that an issue covers a ticket: a person's yes to a proposal, or
// his own choice. The ticket is decided as a known issue, by him. Errors: Invalid
// on "issue" for one that does not touch the ticket's customer; ErrConflict when
// the ticket has ended.
func (a *App) AttachIssue(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	return a.attach(ctx, who, number, "issue", func(tx *postgres.Tx) (desk.Issue, error) { return tx.Issue(issue) })
}

// AttachIssueByCode is AttachIssue by the publisher's id of it, in any case. Errors:
// Invalid on "code".
func (a *App) AttachIssueByCode(ctx context.Context, who desk.Actor, number int64, code string) error {
	return a.attach(ctx, who, number, "code", func(tx *postgres.Tx) (desk.Issue, error) {
		return tx.IssueByCode(strings.ToUpper(strings.TrimSpace(code)))
	})
}

func (a *App) attach(ctx context.Context, who desk.Actor, number int64, field string, find func(*postgres.Tx) (desk.Issue, error)) error {
	return a.change(ctx, who, desk.DecideTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		i, err := find(tx)
		if errors.Is(err, desk.ErrNotFound) {
			return desk.NewInvalid(field, "known.error.unknown")
		}
		if err != nil {
			return err
		}
		return a.attachBy(tx, who, k, i, field)
	})
}

// attachBy binds a locked ticket to an issue in a person's name, in the place of
// whatever covered it before.
func (a *App) attachBy(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, i desk.Issue, field string) error {
	touched, err := tx.Touching([]desk.ID{i.ID}, k.CustomerID)
	if err != nil {
		return err
	}
	if len(touched) == 0 {
		return desk.NewInvalid(field, "known.error.elsewhere")
	}
	if k.State.Ended() {
		return desk.ErrConflict
	}
	m, err := tx.TriageMaterial(*k)
	if err != nil {
		return err
	}
	if was := desk.Attached(m.Issues); was != nil {
		if was.IssueID == i.ID {
			return nil
		}
		a.unbind(tx, who, *k, &m, was.IssueID, desk.LinkDetached)
	}
	l := desk.LinkedIssue{TicketIssue: desk.NewLink(*k, i.ID, desk.LinkAttached, desk.LinkByPerson, who.Person.ID, tx.Now), Issue: i}
	for _, was := range m.Issues {
		if was.IssueID == i.ID { // what was proposed, with its reasons
			l.Score, l.Reasons, l.CreatedAt = was.Score, was.Reasons, was.CreatedAt
		}
	}
	if err := a.cover(tx, who.Desk, k, &m, l); err != nil {
		return err
	}
	return a.standFor(tx, who, k, m, i)
}

// standFor decides a ticket as a known issue in the name of who attached it,
// whatever the rules or a person said before.
func (a *App) standFor(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, m postgres.Material, i desk.Issue) error {
	verdict, err := a.triage(tx, m, *k)
	if err != nil {
		return err
	}
	d := desk.Decided(*k, verdict, tx.Now)
	if verdict.Category == desk.KnownIssue {
		d, err = d.Confirm(who.Person.ID, tx.Now)
	} else {
		d, err = d.Override(who.Person.ID, string(desk.Partner), string(desk.KnownIssue), i.Code, tx.Now)
	}
	if err != nil {
		return err
	}
	tx.AddDecision(d)
	k.Decide(d)
	return nil
}

// RefuseIssue says no to a proposal: it is not made again. Errors: ErrNotFound.
func (a *App) RefuseIssue(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	return a.change(ctx, who, desk.DecideTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		m, err := tx.TriageMaterial(*k)
		if err != nil {
			return err
		}
		if !a.unbind(tx, who, *k, &m, issue, desk.LinkRefused) {
			return desk.ErrNotFound
		}
		return nil
	})
}

// DetachIssue says that an issue does not cover a ticket after all, which is
// triaged anew without it. Errors: ErrNotFound.
func (a *App) DetachIssue(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	return a.change(ctx, who, desk.DecideTicket, number, func(tx *postgres.Tx, k *desk.Ticket) error {
		m, err := tx.TriageMaterial(*k)
		if err != nil {
			return err
		}
		if !a.unbind(tx, who, *k, &m, issue, desk.LinkDetached) {
			return desk.ErrNotFound
		}
		return a.uncover(tx, who, k, m)
	})
}

// unbind ends a bond: a proposal that is refused, or an attachment that is undone.
// It reports false where there was none of that kind.
func (a *App) unbind(tx *postgres.Tx, who desk.Actor, k desk.Ticket, m *postgres.Material, issue desk.ID, to desk.LinkState) bool {
	from, kind := desk.LinkAttached, desk.EventIssueDetached
	if to == desk.LinkRefused {
		from, kind = desk.LinkProposed, desk.EventIssueRefused
	}
	n := slices.IndexFunc(m.Issues, func(l desk.LinkedIssue) bool { return l.IssueID == issue && l.State == from })
	if n < 0 {
		return false
	}
	l := &m.Issues[n]
	l.State, l.By, l.PersonID, l.ChangedAt = to, desk.LinkByPerson, who.Person.ID, tx.Now
	tx.SaveIssueLink(l.TicketIssue)
	tx.AddEvent(l.Event(k, who.Person.ID, kind, tx.Now))
	return true
}

// uncover gives a ticket that no issue covers any more back to the rules and to
// the desk: that it was a known issue held only while one did.
func (a *App) uncover(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, m postgres.Material) error {
	if k.State == desk.WaitingMicrosoft {
		if err := a.reopenFor(tx, who, k); err != nil {
			return err
		}
	}
	if m.Last.Category == desk.KnownIssue && m.Last.By != desk.ByIncident {
		m.Last.By, m.Last.ConfirmedBy, m.Last.ConfirmedAt = desk.ByRules, desk.Nobody, nil
	}
	return a.judgeAgain(tx, k, m)
}

func (a *App) reopenFor(tx *postgres.Tx, who desk.Actor, k *desk.Ticket) error {
	l, err := a.level(tx, who.Desk, *k)
	if err == nil && k.Move(desk.Open, l, tx.Now) {
		tx.AddEvent(desk.NewEvent(*k, who.Person.ID, desk.EventState, map[string]string{"to": string(desk.Open)}, tx.Now))
	}
	return err
}

// heard takes what an agent's look at service health says of bonds: that nothing
// covers the ticket, or that the issue does whose code he names.
func (a *App) heard(tx *postgres.Tx, who desk.Actor, k *desk.Ticket, m *postgres.Material, f desk.Finding) (stands bool, err error) {
	if f.Kind != "health" {
		return false, nil
	}
	switch was := desk.Attached(m.Issues); {
	case f.Result == "ruled_out" && was != nil:
		a.unbind(tx, who, *k, m, was.IssueID, desk.LinkDetached)
		return true, a.uncover(tx, who, k, *m)
	case f.Result == "confirmed" && was == nil:
		for _, code := range desk.IssueCodes(f.Text) {
			i, err := tx.IssueByCode(code)
			if errors.Is(err, desk.ErrNotFound) || err == nil && i.Over {
				continue
			}
			if err != nil {
				return false, err
			}
			err = a.attachBy(tx, who, k, i, "text")
			if _, invalid := err.(desk.Invalid); invalid { // it hits somebody else
				continue
			}
			return err == nil, err
		}
	}
	return false, nil
}

// tellCustomer writes to whoever hears of a ticket on the customer's side.
func (a *App) tellCustomer(tx *postgres.Tx, k desk.Ticket, about mail.Kind) error {
	if a.silent {
		return nil
	}
	to, err := tx.Audience(k)
	if err != nil {
		return err
	}
	for _, p := range to {
		if p.Role.DeskSide() {
			continue
		}
		if err := a.notify(tx, k, p, about, desk.Nobody); err != nil {
			return err
		}
	}
	return nil
}

// OpenIssuesOf lists the problems that hit a customer's company now, the newest
// first: his own for a customer's person. Errors: ErrForbidden.
func (a *App) OpenIssuesOf(ctx context.Context, who desk.Actor, customer desk.ID) ([]desk.Issue, error) {
	list, err := a.hitting(ctx, who, customer)
	some := make([]desk.Issue, len(list))
	for n, i := range list {
		some[n] = i.Issue
	}
	return some, err
}

func (a *App) hitting(ctx context.Context, who desk.Actor, customer desk.ID) (some []readIssue, err error) {
	if err := who.May(desk.SubmitTicket); err != nil {
		return nil, err
	}
	if !who.DeskSide() {
		customer = who.Person.CustomerID
	}
	open, err := a.openIssues(ctx, who.Desk.ID)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		touched, err := tx.Touching(idsOf(open), customer)
		for _, i := range open {
			if !i.Over && slices.Contains(touched, i.ID) {
				some = append(some, i)
			}
		}
		return err
	})
	return some, err
}

// KnownBefore lists the problems that stand before the new-ticket form: those that
// hit the customer and that a service can be about, or the wide ones where none is
// chosen. Errors: ErrForbidden.
func (a *App) KnownBefore(ctx context.Context, who desk.Actor, customer desk.ID, service string) (some []desk.Issue, err error) {
	list, err := a.hitting(ctx, who, customer)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b readIssue) int { // the service itself before what pulls it down
		return cmp.Compare(boolRank(a.Service != service), boolRank(b.Service != service))
	})
	unknown := service == "" || service == "Unknown"
	for _, i := range list {
		fits := unknown && i.Classification == "incident" || !unknown && i.read.Concerns(service)
		if fits && len(some) < mostBefore {
			some = append(some, i.Issue)
		}
	}
	return some, nil
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mostBefore is how many problems stand before the form.
const mostBefore = 3
