package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// dynamicPrefixes are the families of keys whose last part is known only when the program runs:
// T(ctx, "state."+string(ticket.State)). All other keys stand whole in the sources.
var dynamicPrefixes = []string{
	"affected.",
	"because.",
	"category.",
	"failure.",
	"finding.kind.",
	"finding.result.",
	"impact.",
	"kind.",
	"language.",
	"nav.",
	"outcome.",
	"priority.",
	"relationship.",
	"role.",
	"rule.",
	"sign_in.",
	"state.",
}

var (
	call    = regexp.MustCompile(`\b([TN])\((?:[\w.()]+,\s*)?"([^"]*)"(\s*\+)?`)
	comment = regexp.MustCompile(`(?m)^\s*//.*$`)
	literal = regexp.MustCompile(`"((?:[a-z][a-z0-9_]*\.)+[a-z0-9_]*)"`)
)

// use is how the sources name keys.
type use struct {
	calls    []reference
	literals map[string]bool // every string that looks like a key, or like the beginning of one
}

// reference is one call of T or N; a key that goes on after a plus sign ends in a dot or in "…".
type reference struct{ verb, key, place string }

func sources(t *testing.T) *use {
	t.Helper()
	u := &use{literals: map[string]bool{}}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || entry.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		hand := strings.HasSuffix(name, ".templ") ||
			strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, "_test.go")
		if !hand {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		u.read(name, string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (u *use) read(place, source string) {
	source = comment.ReplaceAllString(source, "")
	for _, match := range call.FindAllStringSubmatch(source, -1) {
		key := match[2]
		if match[3] != "" && !strings.HasSuffix(key, ".") {
			key += "…"
		}
		u.calls = append(u.calls, reference{match[1], key, place})
	}
	for _, match := range literal.FindAllStringSubmatch(source, -1) {
		u.literals[match[1]] = true
	}
}

// fault says what is wrong with the key of a call, or nothing.
func (r reference) fault(messages map[string]*goi18n.Message) string {
	if strings.HasSuffix(r.key, ".") || strings.HasSuffix(r.key, "…") {
		if !slices.Contains(dynamicPrefixes, r.key) {
			return r.key + " is built while running, and is no declared prefix"
		}
		return ""
	}
	m := messages[r.key]
	switch {
	case m == nil:
		return r.key + " is in no catalogue"
	case r.verb == "T" && m.One != "":
		return r.key + " is counted: call N"
	case r.verb == "N" && m.One == "":
		return r.key + " has no plural forms: call T"
	}
	return ""
}

func TestEveryKeyUsedExists(t *testing.T) {
	t.Parallel()
	u, messages := sources(t), catalogues(t)[English]
	for _, r := range u.calls {
		if fault := r.fault(messages); fault != "" {
			t.Errorf("%s: %s", r.place, fault)
		}
	}
}

func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	u := sources(t)
	for key := range catalogues(t)[English] {
		dynamic := slices.ContainsFunc(dynamicPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !dynamic && !u.literals[key] {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, prefix := range dynamicPrefixes {
		if !u.literals[prefix] {
			t.Errorf("the dynamic prefix %q is used nowhere", prefix)
		}
	}
}

func TestSourcesAreRead(t *testing.T) {
	t.Parallel()
	u := &use{literals: map[string]bool{}}
	u.read("page.templ", `{ i18n.T(ctx, "time.yesterday") } { i18n.N(ctx, "queue.ticked", n) } { p.T("time.gone") }
		{ i18n.T(r.Context(), "state."+s) } { T(ctx, "mystery."+s) } { T(ctx, "half"+s) } { T(ctx, "queue.ticked") }
		{ p.N("time.yesterday", 2) } errors.New("error.empty")
		// as T("comment.only") says`)
	messages := map[string]*goi18n.Message{
		"time.yesterday": {Other: "hier"}, "queue.ticked": {One: "a", Other: "b"}, "error.empty": {Other: "vide"},
	}
	var faults []string
	for _, r := range u.calls {
		if fault := r.fault(messages); fault != "" {
			faults = append(faults, fault)
		}
	}
	want := []string{
		"time.gone is in no catalogue",
		"mystery. is built while running, and is no declared prefix",
		"half… is built while running, and is no declared prefix",
		"queue.ticked is counted: call N",
		"time.yesterday has no plural forms: call T",
	}
	if !slices.Equal(faults, want) {
		t.Errorf("faults %v, want %v", faults, want)
	}
	if !u.literals["error.empty"] || !u.literals["state."] || u.literals["comment.only"] {
		t.Errorf("literals %v", u.literals)
	}
}
