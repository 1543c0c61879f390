package app

import (
	"errors"
	"fmt"
	"reflect"

	"guichet/internal/desk"
	"guichet/internal/postgres"
	"guichet/internal/rules"
)

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
	k := versionKey{tx.Scope.Desk, version}
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
