// Package history makes up what a desk has lived through: companies, people and
// years of tickets, as many as asked for and the same for the same seed. It is
// content only; whoever loads it turns it into rows.
package history

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"guichet/internal/desk"
)

// BlockSize is how many tickets one block holds at most.
const BlockSize = 1000

// span is how far back a history reaches, before the present.
const span = 2 * 365 * 24 * time.Hour

// Plan is what a history is made for.
type Plan struct {
	Seed    uint64
	Desk    desk.Desk
	Agents  []desk.Person // at least one
	Clients []Client      // at least one
	Level   desk.Level    // what the desk promises
	Tickets int
	Now     time.Time // nothing happens after it
}

// Blocks is how many blocks the plan's tickets come in.
func (p Plan) Blocks() int { return (p.Tickets + BlockSize - 1) / BlockSize }

// Size is how many tickets a block holds.
func (p Plan) Size(block int) int { return min(BlockSize, p.Tickets-block*BlockSize) }

// Rows is what tickets consist of, each table's rows together.
type Rows struct {
	Tickets   []desk.Ticket
	Messages  []desk.Message
	Findings  []desk.Finding
	Decisions []desk.Decision
	Events    []desk.Event
	Kept      []desk.KeptPromise
}

// Block lives one block's tickets through, oldest first, under the numbers
// given. It depends on the plan, the block's place and its first number alone,
// so that blocks can be made in any order and at once, and a second history of
// the same desk is another one. Errors: a ticket that the desk's own
// constructors refuse.
func (b *Book) Block(p Plan, block int, numbers []int64) (Rows, error) {
	w := &writer{book: b, plan: p, rand: rand.New(rand.NewPCG(p.Seed, uint64(numbers[0])))}
	for i, number := range numbers {
		if err := w.ticket(block*BlockSize+i, number); err != nil {
			return Rows{}, err
		}
	}
	return w.rows, nil
}

// writer writes one block.
type writer struct {
	book *Book
	plan Plan
	rand *rand.Rand
	rows Rows
}

// id makes a version 7 UUID (RFC 9562 §5.7) of the time something happened, so
// that rows of one time lie together in an index.
func (w *writer) id(at time.Time) desk.ID {
	var id desk.ID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000|w.rand.Uint64()&0x0fff)
	binary.BigEndian.PutUint64(id[8:], 1<<63|w.rand.Uint64()>>2)
	return id
}

// chance is true in so many of a hundred cases.
func (w *writer) chance(percent int) bool { return w.rand.IntN(100) < percent }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
