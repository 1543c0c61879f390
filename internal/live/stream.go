package live

import (
	"slices"

	"guichet/internal/desk"
)

// Stream is one reader's. What he has not taken yet is kept as a set, so that a slow
// one costs no more than a quick one.
type Stream struct {
	hub     *Hub
	who     desk.Actor
	woken   chan struct{}
	pending Word
}

// Word is what a stream says next.
type Word struct {
	Tickets []int64 // numbers of those that changed
	Here    []int64 // of those at which somebody of the desk came, went or began to write
	Again   bool    // what happened is not known: read again
	Check   bool    // see whether its reader may still watch
	Over    bool    // no more will come
}

// mostPending is how many numbers wait for a reader; one who is so far behind reads
// all again.
const mostPending = 100

// Woken is ready when there is something to take.
func (s *Stream) Woken() <-chan struct{} { return s.woken }

// Take is what has come since it was last asked.
func (s *Stream) Take() Word {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	w := s.pending
	s.pending = Word{}
	return w
}

// Renew takes over who its reader is today.
func (s *Stream) Renew(who desk.Actor) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.who = who
}

// Leave closes the stream.
func (s *Stream) Leave() { s.hub.leave(s) }

// hear tells of a ticket that changed, where its reader may know that.
func (s *Stream) hear(k desk.Sight, public bool) {
	if (public || s.who.DeskSide()) && k.SeenBy(s.who) {
		s.tell(Word{Tickets: []int64{k.Number}})
	}
}

// tell adds to what waits. The hub's lock is held.
func (s *Stream) tell(w Word) {
	p := &s.pending
	p.Tickets, p.Here = joined(p.Tickets, w.Tickets), joined(p.Here, w.Here)
	p.Again, p.Check, p.Over = p.Again || w.Again, p.Check || w.Check, p.Over || w.Over
	if len(p.Tickets) > mostPending || len(p.Here) > mostPending {
		p.Again = true
	}
	if p.Again {
		p.Tickets, p.Here = nil, nil
	}
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

func joined(list, more []int64) []int64 {
	for _, n := range more {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
