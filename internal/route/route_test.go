package route

import "testing"

func TestShippedIsSound(t *testing.T) {
	t.Parallel()
	for _, p := range Shipped().Check() {
		t.Errorf("line %d: %s %s %v", p.Line, p.Field, p.Key, p.Args)
	}
}
