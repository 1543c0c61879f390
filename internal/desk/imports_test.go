package desk

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/sheet"
)

// Every column is found by the names that a template gives it, in both languages, and
// none by another's.
func TestColumnsAreKnownByOneName(t *testing.T) {
	t.Parallel()
	for _, kind := range ImportKinds() {
		for _, c := range kind.Columns() {
			for _, name := range append([]string{c.Name}, c.Said...) {
				if at, unread, _ := sheet.Places([]string{name}, kind.Columns()); len(unread) != 0 || len(at) != 1 {
					t.Errorf("%s: %q says nothing", kind, name)
				} else if _, ok := at[c.Name]; !ok {
					t.Errorf("%s: %q says %v, not %s", kind, name, at, c.Name)
				}
			}
		}
	}
}

func TestInstantsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"2024-01-31 14:30": "2024-01-31T13:30:00Z", "31/01/2024 14:30": "2024-01-31T13:30:00Z", "1/7/2024": "2024-06-30T22:00:00Z", "2024-07-01T10:00:00-05:00": "2024-07-01T15:00:00Z",
		"01.07.2024 10:00": "2024-07-01T08:00:00Z", "13/31/2024": "", "yesterday": "", "45000": ""} {
		at, ok := readInstant(text, paris)
		if ok != (want != "") || ok && at.UTC().Format(time.RFC3339) != want {
			t.Errorf("%q is %s (%v), want %s", text, at.UTC(), ok, want)
		}
	}
}

// Lines are judged one after the other: of a hundred thousand only what tells a second
// of the same is kept, a few bytes each.
func TestAHundredThousandLinesAreNotHeld(t *testing.T) {
	in, out := io.Pipe()
	go func() {
		_, _ = io.WriteString(out, "name;domains;note\n")
		for n := range MaxImportLines {
			_, _ = fmt.Fprintf(out, "Customer %d;d%d.example;%s\n", n%(MaxImportLines-1), n, strings.Repeat("x", 100))
		}
		_ = out.Close()
	}()
	r, err := sheet.NewReader(in, sheet.Format{Encoding: sheet.UTF8, Comma: ';'})
	if err != nil {
		t.Fatal(err)
	}
	at, _, _ := sheet.Places(r.Head, ImportCustomers.Columns())
	marks, world, before := NewImportMarks(), ImportWorld{Zone: time.UTC, Now: time.Now()}, heap()
	var bad []int
	for {
		line, cells, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		j := ImportCustomers.Judge(line, sheet.Cells(cells, at), world)
		if marks.Once(&j); j.State == LineBad {
			bad = append(bad, j.Line)
		}
	}
	if grown := heap() - before; grown > 12<<20 {
		t.Errorf("%d bytes are held", grown)
	}
	if !slices.Equal(bad, []int{MaxImportLines + 1}) {
		t.Errorf("bad lines: %v", bad)
	}
	runtime.KeepAlive(marks)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
