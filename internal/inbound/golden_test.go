package inbound

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden readings anew, to be read before they are kept")

// Each mail in testdata imitates what a real client sends; its reading is kept beside it.
func TestReadsRealClients(t *testing.T) {
	t.Parallel()
	mails, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(mails) == 0 {
		t.Fatalf("no mails: %v", err)
	}
	for _, path := range mails {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// Kept with the line ends of files, read with those of the wire.
			m, err := Read(bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")), DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			encode := json.NewEncoder(&got)
			encode.SetEscapeHTML(false)
			encode.SetIndent("", "  ")
			if err := encode.Encode(Summary(m)); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(path, ".eml") + ".json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("read as\n%s\nwant\n%s", got.Bytes(), want)
			}
		})
	}
}
