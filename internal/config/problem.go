package config

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Problem is one setting that cannot be used.
type Problem struct {
	Variable string // as the environment names it
	Fault    string // what is wrong, to read after the name; never a secret's value
	Mend     string // what to do
}

// wrong is a fault whose cure is a value like the setting's example.
func wrong(name, fault string) Problem {
	return Problem{name, fault, settingNamed(name).mend()}
}

func (p Problem) Error() string { return p.Variable + " " + p.Fault + "; " + p.Mend }

// Problems are all faults of one environment, at least one.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// missing lists the named settings that are unset.
func (c Config) missing(names ...string) Problems {
	var problems Problems
	v := reflect.ValueOf(c)
	for _, name := range names {
		if v.FieldByName(settingNamed(name).field).IsZero() {
			problems = append(problems, wrong(name, "is not set"))
		}
	}
	return problems
}

// unreadable turns the parser's errors, which name Go fields and repeat the
// value, into problems.
func unreadable(err error, values map[string]string) Problems {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return nil
	}
	var problems Problems
	for _, one := range all.Errors {
		var parse env.ParseError
		if !errors.As(one, &parse) {
			problems = append(problems, Problem{"The environment", "cannot be read: " + one.Error(), "mend it"})
			continue
		}
		problems = append(problems, unreadableField(parse, values))
	}
	return problems
}

func unreadableField(parse env.ParseError, values map[string]string) Problem {
	s := settingOfField(parse.Name)
	if s.Secret {
		return wrong(s.Name, parse.Err.Error())
	}
	return wrong(s.Name, fmt.Sprintf("is %q, no %s", values[s.Name], noun(parse.Type)))
}

func noun(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "duration"
	case t == reflect.TypeFor[slog.Level]():
		return "log level"
	case t.Kind() == reflect.Int:
		return "whole number"
	}
	return "web address"
}
