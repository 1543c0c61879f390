package app

import (
	"sync"

	"guichet/internal/desk"
)

// maxVersions is how many of a kind are remembered: a compiled ruleset of fifty
// rules takes some hundred kilobytes.
const maxVersions = 64

type versionKey struct {
	desk    desk.ID
	version int
}

type heldVersion[V any] struct {
	value V
	used  int64
}

// versions remembers what was read and compiled last, by desk and version; a
// version never changes.
type versions[V any] struct {
	mu   sync.Mutex
	held map[versionKey]*heldVersion[V]
	uses int64
}

func (p *versions[V]) find(k versionKey) (value V, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.held[k]
	if !ok {
		return value, false
	}
	p.uses++
	h.used = p.uses
	return h.value, true
}

// keep remembers a version in the place of the one that was longest unused.
func (p *versions[V]) keep(k versionKey, value V) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == nil {
		p.held = map[versionKey]*heldVersion[V]{}
	}
	p.uses++
	p.held[k] = &heldVersion[V]{value, p.uses}
	if len(p.held) <= maxVersions {
		return
	}
	oldest := k
	for other, h := range p.held {
		if h.used < p.held[oldest].used {
			oldest = other
		}
	}
	delete(p.held, oldest)
}
