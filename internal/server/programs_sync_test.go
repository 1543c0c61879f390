package server_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The README's example is run as it stands there: the first time it takes over all
// tickets, the second time what changed since, and its notes are written once.
func exampleRuns(t *testing.T, p program) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on this machine")
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, script, _ := strings.Cut(string(readme), "```python\n")
	script, _, found := strings.Cut(script, "```\n")
	if lines := strings.Count(script, "\n"); !found || lines > 60 {
		t.Fatalf("the README has no example of at most 60 lines: %d", lines)
	}
	// The demo has hundreds of tickets; a few of them say the same.
	noe := p.program(t, "alpine", "paul@alpine.example", "noe@vigienuit.example")
	all := noe.want(t, 200, "GET", "/tickets?limit=100", "")["items"].([]any)
	state := filepath.Join(t.TempDir(), "sync.json")
	run := func() (taken int) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		c := exec.CommandContext(ctx, python, "-")
		c.Stdin = strings.NewReader(script)
		c.Env = append(os.Environ(), "GUICHET_URL="+p.Base, "GUICHET_TOKEN="+noe.token, "SYNC_STATE="+state, "PYTHONIOENCODING=utf-8")
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return strings.Count(string(out), "\n")
	}
	notes := func() int64 {
		return count(t, p.door, `select count(*) from messages where body like 'In our PSA this is %' and internal`)
	}
	if n := run(); n != len(all) || notes() != int64(n) {
		t.Errorf("%d tickets were taken over of %d, with %d notes", n, len(all), notes())
	}
	number := strconv.Itoa(int(all[0].(map[string]any)["number"].(float64)))
	noe.want(t, 200, "PATCH", "/tickets/"+number, `{"priority":1,"state":"waiting_customer"}`)
	before := notes()
	if n := run(); n != 1 || notes() != before {
		t.Errorf("%d tickets were taken over where one changed, and %d notes written", n, notes()-before)
	}
	if err := os.Remove(state); err != nil {
		t.Fatal(err)
	}
	if n := run(); n != len(all) || notes() != before { // as if it had been cut off before it kept its state
		t.Errorf("%d tickets the third time, and %d notes more", n, notes()-before)
	}
}
