package rules

import (
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"cel.dev/cel-go/cel"
)

// environment is what conditions can speak of. It is not changed once made, and CEL lets many
// readers share one.
type environment struct {
	facts []Fact
	env   *cel.Env
	types map[string]Type
	names []string // sorted
}

// latest is kept because a page reads its rules one by one, all with the same facts, and to
// declare them costs more than to read a rule.
var latest atomic.Pointer[environment]

func environmentOf(facts []Fact) (*environment, error) {
	if e := latest.Load(); e != nil && slices.EqualFunc(e.facts, facts, sameDeclaration) {
		return e, nil
	}
	env, err := declare(facts)
	if err != nil {
		return nil, err
	}
	e := &environment{facts: slices.Clone(facts), env: env, types: make(map[string]Type, len(facts))}
	for _, f := range facts {
		e.types[f.Name] = f.Type
	}
	e.names = slices.Sorted(maps.Keys(e.types))
	latest.Store(e)
	return e, nil
}

func sameDeclaration(a, b Fact) bool { return a.Name == b.Name && a.Type == b.Type }

func declare(facts []Fact) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.ExpressionNestingDepthLimit(maxDepth),
		cel.ExpressionNodeLimit(maxNodes),
		cel.ParserExpressionSizeLimit(MaxSource),
		cel.EnableMacroCallTracking(),
		cel.RegexProgramSizeLimit(1000),
	}
	kinds := map[Type]*cel.Type{Bool: cel.BoolType, Int: cel.IntType, Text: cel.StringType, List: cel.ListType(cel.StringType)}
	for _, f := range facts {
		kind, ok := kinds[f.Type]
		if !ok {
			return nil, fmt.Errorf("fact %s has the unknown type %q", f.Name, f.Type)
		}
		options = append(options, cel.Variable(f.Name, kind))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("declare facts: %w", err)
	}
	return env, nil
}
