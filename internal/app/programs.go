package app

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

// maxPrograms is how many compiled rulesets are remembered: one of fifty rules
// takes some hundred kilobytes.
const maxPrograms = 64

type programKey struct {
	desk    desk.ID
	version int
}

type heldProgram struct {
	program *rules.Program
	used    int64
}

// programs remembers what was compiled last, by desk and version; a version
// never changes.
type programs struct {
	mu   sync.Mutex
	held map[programKey]*heldProgram
	uses int64
}

func (p *programs) find(k programKey) (*rules.Program, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.held[k]
	if !ok {
		return nil, false
	}
	p.uses++
	h.used = p.uses
	return h.program, true
}

// keep remembers a program in the place of the one that was longest unused.
func (p *programs) keep(k programKey, program *rules.Program) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == nil {
		p.held = map[programKey]*heldProgram{}
	}
	p.uses++
	p.held[k] = &heldProgram{program, p.uses}
	if len(p.held) <= maxPrograms {
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

// program is the desk's newest ruleset, compiled; the shipped one until the
// desk has its own, whose version is 0 here.
func (a *App) program(tx *postgres.Tx, version int) (*rules.Program, error) {
	if version == 0 {
		return a.shipped, nil
	}
	return a.programAt(tx, version)
}

// programAt is any version of the desk's rules, compiled. A desk that stored none
// has judged by the shipped ones. Errors: ErrNotFound.
func (a *App) programAt(tx *postgres.Tx, version int) (*rules.Program, error) {
	k := programKey{tx.Scope.Desk, version}
	if p, ok := a.rules.find(k); ok {
		return p, nil
	}
	rs, err := tx.RulesetAt(version)
	if errors.Is(err, desk.ErrNotFound) && version == a.shipped.Version() {
		return a.shipped, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := a.compiled(rs)
	if err != nil {
		return nil, fmt.Errorf("ruleset %d: %w", version, err)
	}
	a.rules.keep(k, p)
	return p, nil
}

// compiled compiles a stored version. Most desks never change the rules that they
// began with, and share one program.
func (a *App) compiled(rs rules.Ruleset) (*rules.Program, error) {
	if reflect.DeepEqual(rs, rules.Default()) {
		return a.shipped, nil
	}
	return rules.Compile(rs, desk.Vocabulary())
}
