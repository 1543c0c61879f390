package app

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// AddImport works an AddImport: batch by batch, each whole or not at all, so that it
// may be worked again from wherever it broke off. What changed at the desk since the
// file was read is judged anew.
func (a *App) AddImport(ctx context.Context, job AddImport) error {
	w, err := a.importing(ctx, job.Desk, job.Import)
	for more := true; more && err == nil && w.file.State == desk.ImportAdding; {
		more, err = w.add(ctx)
	}
	if err == nil && w.file.State == desk.ImportAdding {
		err = w.save(ctx, func(i *desk.Import, now time.Time) { i.State, i.EndedAt = desk.ImportDone, &now })
	}
	return ignoreGone(err)
}

// add adds the next lines of a file, and tells whether there may be more.
func (w *importing) add(ctx context.Context) (more bool, err error) {
	err = w.db.Update(ctx, w.scope, func(tx *postgres.Tx) error {
		i, err := tx.Import(w.file.ID)
		if err != nil || i.State != desk.ImportAdding { // somebody was faster
			w.file = i
			return err
		}
		batch, err := tx.ImportLines(i.ID, desk.LineGood, 0, importBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		world, err := w.world(tx, batch)
		if err != nil {
			return err
		}
		good := make([]desk.Judged, 0, len(batch))
		for n, l := range batch {
			j := i.Kind.Judge(l.Line, l.Cells, world)
			if j.State == desk.LineGood {
				good = append(good, j)
				j.State, j.Cells = desk.LineAdded, map[string]string{}
				i.Added++
			} else {
				i.Count(desk.LineGood, -1)
				i.Count(j.State, 1)
			}
			batch[n], i.At = j.ImportLine, l.Line
		}
		if err := addJudged(tx, i.Kind, good); err != nil {
			return err
		}
		if err := tx.SaveImportLines(i.ID, batch); err != nil {
			return err
		}
		w.file, more = i, true
		return tx.SaveImport(i)
	})
	return more, err
}

// addJudged writes what lines say. Nobody is told of it: these are old tickets, and no
// clock begins.
func addJudged(tx *postgres.Tx, kind desk.ImportKind, list []desk.Judged) error {
	if len(list) == 0 {
		return nil
	}
	called := column(list, func(j desk.Judged) string { return j.External })
	switch kind {
	case desk.ImportCustomers:
		made := column(list, func(j desk.Judged) desk.Customer { return j.Customer })
		tx.AddCustomers(made)
		tx.CallCustomers(column(made, func(c desk.Customer) desk.ID { return c.ID }), called)
	case desk.ImportPeople:
		made := column(list, func(j desk.Judged) desk.Person { return j.Person })
		tx.AddPeople(made)
		tx.CallPeople(column(made, func(p desk.Person) desk.ID { return p.ID }), called)
	case desk.ImportTickets:
		return addOldTickets(tx, list)
	case desk.ImportMessages:
		tx.AddMessages(column(list, func(j desk.Judged) desk.Message { return j.Message }))
		tx.SettleImported(column(list, func(j desk.Judged) desk.ID { return j.Ticket.ID }))
	}
	return nil
}

func addOldTickets(tx *postgres.Tx, list []desk.Judged) error {
	numbers, err := tx.TakeNumbers(len(list))
	if err != nil {
		return err
	}
	tickets := column(list, func(j desk.Judged) desk.Ticket { return j.Ticket })
	for n := range tickets {
		tickets[n].Number = numbers[n]
	}
	tx.AddTickets(tickets)
	tx.CallTickets(tickets)
	tx.AddMessages(column(list, func(j desk.Judged) desk.Message { return j.Message }))
	return nil
}

// column gathers one thing of many.
func column[R, V any](list []R, of func(R) V) []V {
	values := make([]V, len(list))
	for i, r := range list {
		values[i] = of(r)
	}
	return values
}
