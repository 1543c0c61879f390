package app

import (
	"context"

	"guichet/internal/desk"
)

// AttachIssue says that an issue covers a ticket: a person's yes to a proposal, or
// his own choice. The ticket is decided as a known issue, by him. Errors: Invalid
// on "issue" for one that does not touch the ticket's customer; ErrConflict when
// the ticket has ended.
func (a *App) AttachIssue(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	if err := who.May(desk.DecideTicket); err != nil {
		return err
	}
	return nil
}

// AttachIssueByCode is AttachIssue by the publisher's id of it, in any case. Errors:
// Invalid on "code".
func (a *App) AttachIssueByCode(ctx context.Context, who desk.Actor, number int64, code string) error {
	if err := who.May(desk.DecideTicket); err != nil {
		return err
	}
	return nil
}

// RefuseIssue says no to a proposal: it is not made again. Errors: ErrNotFound.
func (a *App) RefuseIssue(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	if err := who.May(desk.DecideTicket); err != nil {
		return err
	}
	return nil
}

// DetachIssue says that an issue does not cover a ticket after all, which is
// triaged anew without it. Errors: ErrNotFound.
func (a *App) DetachIssue(ctx context.Context, who desk.Actor, number int64, issue desk.ID) error {
	if err := who.May(desk.DecideTicket); err != nil {
		return err
	}
	return nil
}
