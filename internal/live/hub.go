// Package live brings news to the pages that are open: it knows who watches, what
// each may hear of, and who is at which ticket. It carries numbers of tickets and
// nothing else, and does no I/O.
package live

import (
	"slices"
	"sync"
	"time"

	"guichet/internal/desk"
)

// How many streams are kept open at most.
const (
	PerPerson  = 20
	PerProcess = 5000
)

// Hub is where all streams of a process meet.
type Hub struct {
	mu     sync.Mutex
	now    func() time.Time
	rooms  map[desk.ID]*room // by desk
	open   int
	closed bool
}

// room is a desk that somebody watches.
type room struct {
	streams map[*Stream]struct{}
	since   time.Time // from when on it knows all that happened
	recent  []happened
	here    map[desk.ID]map[desk.ID]present // ticket → person
}

type happened struct {
	at     time.Time
	sight  desk.Sight
	public bool
}

// recall is how far back a room remembers what happened: longer than any page takes
// from being drawn to watching.
const recall = time.Minute

// New makes a hub that goes by a clock.
func New(now func() time.Time) *Hub { return &Hub{now: now, rooms: map[desk.ID]*room{}} }

func (h *Hub) room(d desk.ID) *room {
	r, ok := h.rooms[d]
	if !ok {
		r = &room{streams: map[*Stream]struct{}{}, here: map[desk.ID]map[desk.ID]present{}}
		h.rooms[d] = r
	}
	return r
}

// Watch opens a stream for somebody whose page is as of a time; what has changed
// since then he hears first. Errors: ErrTooMany.
func (h *Hub) Watch(who desk.Actor, asOf time.Time) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.room(who.Desk.ID)
	mine := 0
	for s := range r.streams {
		if s.who.Person.ID == who.Person.ID {
			mine++
		}
	}
	if h.closed || mine >= PerPerson || h.open >= PerProcess {
		return nil, desk.ErrTooMany
	}
	if len(r.streams) == 0 {
		r.since, r.recent = h.now(), nil
	}
	s := &Stream{hub: h, who: who, woken: make(chan struct{}, 1)}
	r.streams[s] = struct{}{}
	h.open++
	if asOf.Before(r.since) {
		s.tell(Word{Again: true})
		return s, nil
	}
	for _, x := range r.recent {
		if !x.at.Before(asOf) {
			s.hear(x.sight, x.public)
		}
	}
	return s, nil
}

func (h *Hub) leave(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[s.who.Desk.ID]; r != nil {
		if _, ok := r.streams[s]; ok {
			delete(r.streams, s)
			h.open--
		}
	}
}

// Watched tells whether anybody watches a desk: else nobody needs to know what
// happened there.
func (h *Hub) Watched(d desk.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[d]
	return r != nil && len(r.streams) > 0
}

// Spread tells whoever may see them of tickets that changed. Public are those of
// which something changed that customers see: of others a customer is told nothing,
// lest he learn when the desk is at work on what. Here are those at which somebody
// of the desk came, went or began to write.
func (h *Hub) Spread(d desk.ID, sights []desk.Sight, t desk.Tidings, here []desk.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.room(d)
	now := h.now()
	r.recent = slices.DeleteFunc(r.recent, func(x happened) bool { return now.Sub(x.at) > recall })
	for _, k := range sights {
		public := slices.Contains(t.Public, k.ID)
		changed := public || slices.Contains(t.Touched, k.ID)
		moved := slices.Contains(here, k.ID)
		if changed && len(r.recent) < desk.MostNamed {
			r.recent = append(r.recent, happened{now, k, public})
		} else if changed {
			r.since, r.recent = now, nil
		}
		for s := range r.streams {
			if changed {
				s.hear(k, public)
			}
			if moved && s.who.DeskSide() && k.SeenBy(s.who) {
				s.tell(Word{Here: []int64{k.Number}})
			}
		}
	}
	if t.Many {
		r.since, r.recent = now, nil
		for s := range r.streams {
			if s.who.DeskSide() {
				s.tell(Word{Again: true})
			}
		}
	}
}

// Again has everybody read again: some news may have been lost.
func (h *Hub) Again() {
	h.each(func(s *Stream) { s.tell(Word{Again: true}) })
}

// Check has people and sessions looked at, who may have lost their right to watch.
func (h *Hub) Check(people []desk.ID, sessions []string) {
	h.each(func(s *Stream) {
		if slices.Contains(people, s.who.Person.ID) || slices.Contains(sessions, s.who.SessionID) {
			s.tell(Word{Check: true})
		}
	})
}

// Close ends all streams, and lets none begin.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.each(func(s *Stream) { s.tell(Word{Over: true}) })
}

func (h *Hub) each(f func(*Stream)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.rooms {
		for s := range r.streams {
			f(s)
		}
	}
}
