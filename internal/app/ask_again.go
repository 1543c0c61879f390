package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// askAgain asks a ticket's customer whether it works again: the trouble that it was
// about is said to be over. The ticket waits for him, he gets a letter, and his
// page two buttons. A ticket that has ended, or was asked already, is left alone.
func (a *App) askAgain(tx *postgres.Tx, d desk.Desk, k *desk.Ticket, data map[string]string) error {
	return nil
}

// AnswerWhetherItWorks takes the customer's answer to that question: yes resolves
// the ticket; no, with a sentence if he likes, opens it again, triaged anew without
// what was said to be over. Errors: Invalid on "body"; ErrConflict when he was not
// asked.
func (a *App) AnswerWhetherItWorks(ctx context.Context, who desk.Actor, number int64, works bool, text string, key desk.ID) error {
	if err := who.May(desk.WriteMessage); err != nil {
		return err
	}
	return nil
}
