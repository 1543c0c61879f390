package dossier

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is expected anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%s (%v) is now:\n%s", path, err, got)
	}
}

func TestEveryFormHasItsBlocks(t *testing.T) {
	t.Parallel()
	for _, form := range Forms() {
		in := entraCase(t)
		in.Form = form
		var s strings.Builder
		for _, b := range Build(in).Blocks() {
			fmt.Fprintf(&s, "=== %s (limit %d, ASCII %t, cut %t)\n%s\n", b.Key, b.Limit, b.ASCII, b.Cut, b.Text)
		}
		golden(t, "blocks."+form+".txt", s.String())
	}
}

func TestTextAndJSON(t *testing.T) {
	t.Parallel()
	d := Build(entraCase(t))
	golden(t, "dossier.txt", d.Text())
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "dossier.json", string(data)+"\n")
}
