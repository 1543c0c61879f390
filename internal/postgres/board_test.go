package postgres_test

import (
	"bytes"
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// board is a desk with one customer for tickets made up by a test.
type board struct {
	db *postgres.DB
	partner
	now time.Time
}

func newBoard(t *testing.T, w *world) board {
	t.Helper()
	return board{w.db, w.one, time.Now().Truncate(time.Microsecond)}
}

// put stores tickets of a customer's contact, made ready by shape.
func (b board) put(t interface{ Fatal(...any) }, of company, tickets ...desk.Ticket) []desk.Ticket {
	err := b.db.Update(bg, b.scope(), func(tx *postgres.Tx) error {
		numbers, err := tx.TakeNumbers(len(tickets))
		for i := range numbers {
			tickets[i].Number = numbers[i]
		}
		tx.AddTickets(tickets)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tickets
}

func (b board) blank(of company) desk.Ticket {
	return desk.Ticket{ID: desk.NewID(), CustomerID: of.ID, RequesterID: of.contact.ID, Kind: "problem", Subject: "A ticket", Service: "Exchange Online",
		Affected: "unknown", Impact: desk.Slowed, State: desk.Open, Priority: 3, Outcome: rules.Partner, LastAt: b.now, LastSide: desk.CustomerSide, CreatedAt: b.now}
}

func (b board) queue(t interface{ Fatal(...any) }, f desk.QueueFilter, who desk.Person) (rows []desk.Row, next desk.Cursor) {
	err := b.db.View(bg, b.scope(), func(tx *postgres.Tx) (err error) {
		rows, next, err = tx.Queue(f, who)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, next
}

// drawTickets makes tickets with many equal times, and many without any.
func drawTickets(r *rapid.T, b board) []desk.Ticket {
	n := rapid.SampledFrom([]int{0, 1, desk.PageSize, desk.PageSize + 1, 2*desk.PageSize + 7}).Draw(r, "tickets")
	list := make([]desk.Ticket, n)
	for i := range list {
		k := b.blank(b.first)
		k.State = rapid.SampledFrom(append(desk.States(), desk.Open, desk.New, desk.Open)).Draw(r, "state")
		k.Priority = rapid.IntRange(1, 4).Draw(r, "priority")
		k.LastAt = b.now.Add(time.Duration(rapid.IntRange(0, 5).Draw(r, "activity")) * time.Microsecond)
		if due := rapid.IntRange(-4, 4).Draw(r, "due"); due != 0 {
			k.Promise(desk.NextReply, b.now, b.now.Add(time.Duration(due)*time.Microsecond))
		}
		if k.State.Ended() {
			k.EndedAt = &k.LastAt
		}
		list[i] = k
	}
	return list
}

// freshBoard is a desk of its own, so that one draw does not see another's.
func freshBoard(r *rapid.T, w *world) board {
	d := made(desk.NewDesk("d"+desk.NewID().String(), "A desk", "en", "Europe/Paris"))
	p := partner{desk: d, agent: made(desk.NewPerson(desk.PersonSettings{Name: "Agent", Email: "a@d.example", Role: desk.Agent}))}
	c := made(desk.NewCustomer(desk.CustomerSettings{Name: "Company", Relationship: desk.Direct}))
	p.first = company{Customer: c}
	for role, m := range map[desk.Role]*desk.Person{desk.Contact: &p.first.contact, desk.Manager: &p.first.manager} {
		*m = made(desk.NewPerson(desk.PersonSettings{Name: string(role), Email: string(role) + "@c.example", Role: role, CustomerID: c.ID}))
	}
	p.first.other = made(desk.NewPerson(desk.PersonSettings{Name: "Other", Email: "other@c.example", Role: desk.Contact, CustomerID: c.ID}))
	err := w.db.Global(bg, func(tx *postgres.GlobalTx) error { return tx.AddDesk(d, 1) })
	if err == nil {
		err = w.db.Update(bg, p.scope(), func(tx *postgres.Tx) error {
			tx.AddCustomers([]desk.Customer{c})
			tx.AddPeople([]desk.Person{p.agent, p.first.contact, p.first.manager, p.first.other})
			return nil
		})
	}
	if err != nil {
		r.Fatal(err)
	}
	return board{w.db, p, time.Now().Truncate(time.Microsecond)}
}

// kept is the model of a list: the numbers of those that belong, in order.
func kept(tickets []desk.Ticket, belongs func(desk.Ticket) bool, by func(a, b desk.Ticket) int) []int64 {
	var numbers []int64
	for _, k := range slices.SortedFunc(slices.Values(tickets), by) {
		if belongs(k) {
			numbers = append(numbers, k.Number)
		}
	}
	return numbers
}

func byDue(a, b desk.Ticket) int {
	switch {
	case a.DueAt == nil && b.DueAt != nil:
		return 1
	case a.DueAt != nil && b.DueAt == nil:
		return -1
	case a.DueAt != nil && !a.DueAt.Equal(*b.DueAt):
		return a.DueAt.Compare(*b.DueAt)
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

func byPriority(a, b desk.Ticket) int { return cmp.Or(a.Priority-b.Priority, byDue(a, b)) }

func byActivity(a, b desk.Ticket) int {
	return cmp.Or(b.LastAt.Compare(a.LastAt), bytes.Compare(b.ID[:], a.ID[:]))
}
