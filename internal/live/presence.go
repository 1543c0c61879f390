package live

import (
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
)

// Lasts is how long somebody is held to be at a ticket after his page last said so.
const Lasts = 45 * time.Second

type present struct {
	doing desk.Doing
	until time.Time
}

// Note takes over who is where, and tells the tickets at which that changed what
// others see.
func (h *Hub) Note(d desk.ID, list []desk.Presence) (moved []desk.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.room(d)
	now := h.now()
	for _, p := range list {
		at := r.here[p.Ticket]
		was, known := at[p.Person]
		known = known && was.until.After(now)
		if p.Doing == desk.Gone {
			delete(at, p.Person)
		} else {
			if at == nil {
				at = map[desk.ID]present{}
				r.here[p.Ticket] = at
			}
			at[p.Person] = present{p.Doing, now.Add(Lasts)}
		}
		if known != (p.Doing != desk.Gone) || known && was.doing != p.Doing {
			moved = append(moved, p.Ticket)
		}
	}
	r.forget(now)
	return moved
}

// forget drops who has left without a word.
func (r *room) forget(now time.Time) {
	for ticket, at := range r.here {
		for person, p := range at {
			if !p.until.After(now) {
				delete(at, person)
			}
		}
		if len(at) == 0 {
			delete(r.here, ticket)
		}
	}
}

// At lists who is at a ticket, those who write first.
func (h *Hub) At(d, ticket desk.ID) []desk.Presence {
	h.mu.Lock()
	defer h.mu.Unlock()
	r, now := h.rooms[d], h.now()
	if r == nil {
		return nil
	}
	var list []desk.Presence
	for person, p := range r.here[ticket] {
		if p.until.After(now) {
			list = append(list, desk.Presence{Ticket: ticket, Person: person, Doing: p.doing})
		}
	}
	slices.SortFunc(list, func(a, b desk.Presence) int {
		if a.Doing != b.Doing { // "writing" stands behind "viewing" in the alphabet
			return -strings.Compare(string(a.Doing), string(b.Doing))
		}
		return strings.Compare(a.Person.String(), b.Person.String())
	})
	return list
}
