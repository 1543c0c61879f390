package app

import (
	"testing"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

func TestProgramsAreForgottenThatNobodyUses(t *testing.T) {
	t.Parallel()
	var p programs
	program := &rules.Program{}
	used := programKey{desk.NewID(), 1}
	p.keep(used, program)
	for n := range 2 * maxPrograms {
		p.keep(programKey{used.desk, n + 2}, program)
		if _, ok := p.find(used); !ok {
			t.Fatalf("forgotten after %d others, while in use", n+1)
		}
	}
	if len(p.held) != maxPrograms {
		t.Errorf("%d are held", len(p.held))
	}
	if _, ok := p.find(programKey{used.desk, 2}); ok {
		t.Error("the longest unused is still held")
	}
	if _, ok := p.find(programKey{desk.NewID(), 1}); ok {
		t.Error("another desk finds it")
	}
}
