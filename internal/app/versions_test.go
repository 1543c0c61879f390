package app

import (
	"testing"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

func TestVersionsAreForgottenThatNobodyUses(t *testing.T) {
	t.Parallel()
	var p versions[*rules.Program]
	program := &rules.Program{}
	used := versionKey{desk.NewID(), 1}
	p.keep(used, program)
	for n := range 2 * maxVersions {
		p.keep(versionKey{used.desk, n + 2}, program)
		if _, ok := p.find(used); !ok {
			t.Fatalf("forgotten after %d others, while in use", n+1)
		}
	}
	if len(p.held) != maxVersions {
		t.Errorf("%d are held", len(p.held))
	}
	if _, ok := p.find(versionKey{used.desk, 2}); ok {
		t.Error("the longest unused is still held")
	}
	if _, ok := p.find(versionKey{desk.NewID(), 1}); ok {
		t.Error("another desk finds it")
	}
}
