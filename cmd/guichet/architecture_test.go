package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A room is what one package may know. Imports point down: doors, verbs,
// adapters and pages, nouns, arithmetic.
type room struct {
	name string   // a package, or a folder of them ending in /...
	may  []string // project packages that it may import
	libs []string // modules from outside that it may import; anyLib lifts the limit
}

const anyLib = "*"

var (
	pure = []string{
		"internal/rules", "internal/signals", "internal/surge", "internal/hours", "internal/pricing",
		"internal/dossier", "internal/inbound", "internal/hint", "internal/access", "internal/route", "internal/search", "internal/sheet",
	}
	pages    = []string{"web/page", "web/email", "web/ui", "web/asset"}
	adapters = []string{"internal/postgres", "internal/microsoft/...", "internal/entra", "internal/mail", "internal/files", "internal/clamav", "internal/vouch", "internal/mailbox", "internal/webhook"}
)

// rooms is the whole table; the README tells it in prose.
var rooms = []room{
	{"cmd/guichet", []string{"internal/...", "web/...", "migrations"}, []string{anyLib}},
	{"internal/journey", []string{"internal/testbed/running"}, []string{anyLib}},
	{"internal/testbed/running", []string{"internal/...", "web/...", "migrations"}, []string{anyLib}},
	{"internal/testbed", []string{"internal/...", "web/...", "migrations"}, []string{anyLib}},
	{"internal/demo", []string{"internal/...", "web/...", "migrations"}, []string{anyLib}},
	{"internal/demo/corpus", nil, []string{"github.com/BurntSushi/toml"}},
	{"internal/demo/microsoft", nil, []string{"github.com/BurntSushi/toml", "github.com/google/uuid"}},
	{"internal/demo/history", append([]string{"internal/desk"}, pure...), []string{"github.com/BurntSushi/toml", "github.com/google/uuid", "golang.org/x/text"}},
	{"internal/bench", append([]string{"internal/live", "internal/demo", "internal/app", "internal/postgres", "internal/desk"}, pure...), []string{anyLib}},
	{"internal/portal", append([]string{"internal/server", "internal/api", "internal/post", "internal/worker", "internal/app", "internal/desk", "internal/i18n", "internal/config"}, adapters...), []string{anyLib}},

	{"internal/live", []string{"internal/desk"}, nil},
	{"internal/server", append([]string{"internal/live", "internal/app", "internal/desk", "internal/rules", "internal/route", "internal/access", "internal/dossier", "internal/i18n"}, pages...), []string{anyLib}},
	{"internal/api", []string{"internal/app", "internal/desk", "internal/i18n"}, []string{anyLib}},
	{"internal/worker", []string{"internal/app", "internal/desk"}, []string{anyLib}},
	{"internal/post", []string{"internal/app", "internal/desk", "internal/inbound"}, []string{anyLib}},

	{"internal/app", slices.Concat(adapters, pure, []string{"internal/live", "internal/desk", "internal/i18n", "internal/config"}), []string{anyLib}},

	{"internal/postgres", append([]string{"internal/desk", "migrations"}, pure...), []string{anyLib}},
	{"internal/microsoft/...", []string{"internal/desk", "internal/access"}, []string{anyLib}},
	{"internal/entra", []string{"internal/desk"}, []string{anyLib}},
	{"internal/mail", []string{"internal/desk", "internal/i18n", "internal/inbound", "web/email"}, []string{anyLib}},
	{"internal/files", []string{"internal/desk"}, []string{anyLib}},
	{"internal/clamav", []string{"internal/desk"}, nil},
	{"web/page", []string{"internal/desk", "internal/search", "internal/sheet", "internal/rules", "internal/route", "internal/access", "internal/dossier", "internal/hours", "internal/pricing", "web/ui", "internal/i18n"}, []string{"github.com/a-h/templ"}},
	{"internal/vouch", []string{"internal/desk"}, []string{anyLib}},
	{"internal/mailbox", []string{"internal/desk"}, []string{anyLib}},
	{"internal/webhook", []string{"internal/desk"}, nil},
	{"web/email", []string{"internal/desk", "web/ui", "internal/i18n"}, []string{"github.com/a-h/templ"}},
	{"web/ui", []string{"web/asset", "internal/i18n"}, []string{"github.com/a-h/templ"}},
	{"web/asset", []string{"internal/i18n"}, nil},

	{"internal/desk", pure, []string{"github.com/google/uuid", "golang.org/x/text"}},

	{"internal/rules", nil, []string{"cel.dev/cel-go"}},
	{"internal/signals", nil, []string{"golang.org/x/text", "github.com/blevesearch/snowballstem"}},
	{"internal/search", nil, []string{"golang.org/x/text", "github.com/blevesearch/snowballstem"}},
	{"internal/sheet", nil, []string{"golang.org/x/text"}},
	{"internal/hint", nil, nil},
	{"internal/access", nil, nil},
	{"internal/route", nil, nil},
	{"internal/surge", nil, nil},
	{"internal/hours", nil, []string{"github.com/rickar/cal"}},
	{"internal/pricing", nil, []string{"github.com/bojanz/currency"}},
	{"internal/dossier", nil, []string{"golang.org/x/text"}},
	{"internal/inbound", nil, []string{"github.com/jhillyerd/enmime", "github.com/microcosm-cc/bluemonday", "golang.org/x/net", "golang.org/x/text"}},
	{"internal/i18n", nil, []string{"github.com/nicksnyder/go-i18n", "github.com/go-playground/locales", "github.com/BurntSushi/toml", "github.com/bojanz/currency", "golang.org/x/text"}},
	{"internal/config", nil, []string{"github.com/caarlos0/env"}},
	{"migrations", nil, nil},
}

// A secret is a library that only some may know, whatever the table allows.
var secrets = []struct {
	lib    string
	known  []string // packages that may import it
	reason string
}{
	{"github.com/jackc/pgx", []string{"cmd/guichet", "internal/postgres", "internal/worker", "internal/demo", "internal/testbed", "internal/bench"}, "every line of SQL is in internal/postgres"},
	{"github.com/riverqueue/river", []string{"cmd/guichet", "internal/app", "internal/postgres", "internal/worker", "internal/demo"}, "a verb enqueues through its transaction"},
	{"github.com/a-h/templ", []string{"internal/server", "internal/mail", "web/page", "web/email", "web/ui"}, "only doors and mail make HTML"},
	{"html/template", []string{"internal/demo", "internal/demo/microsoft"}, "pages are templ"},
	{"net/http", []string{"cmd/guichet", "internal/server", "internal/api", "internal/microsoft/...", "internal/entra", "internal/webhook", "internal/portal", "internal/demo", "internal/demo/microsoft", "internal/testbed/running", "internal/journey", "internal/bench", "web/asset"}, "the web ends at the doors"},
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		r, found := roomOf(p.name())
		if !found {
			t.Errorf("%s has no room in the table: say what it may import", p.name())
			continue
		}
		for _, imported := range p.Imports {
			r.judge(t, p, imported)
		}
		// Tests of what stands above the nouns may start all they need.
		if slices.Contains(pure, p.name()) || p.name() == "internal/desk" {
			for _, imported := range append(p.TestImports, p.XTestImports...) {
				if project, ours := strings.CutPrefix(imported, "guichet/"); ours && project != p.name() {
					r.judge(t, p, imported)
				}
			}
		}
	}
}

// The prohibitions that matter most, each by itself, so that a change of the
// table above cannot lift one unseen.
func TestImportsThatNeverAre(t *testing.T) {
	t.Parallel()
	never := []struct{ from, to []string }{
		{[]string{"internal/server", "internal/api", "internal/worker", "web/..."}, adapters},
		{[]string{"internal/app"}, []string{"web/..."}},
		{adapters, adapters},
		{[]string{"internal/portal", "internal/server", "internal/app", "internal/worker", "internal/api"}, []string{"internal/demo/...", "internal/demo", "internal/testbed/...", "internal/testbed", "internal/journey"}},
	}
	for _, p := range listPackages(t) {
		for _, rule := range never {
			if !covers(rule.from, p.name()) {
				continue
			}
			for _, imported := range p.Imports {
				to, ours := strings.CutPrefix(imported, "guichet/")
				if ours && covers(rule.to, to) && to != p.name() && !sameFolder(to, p.name()) {
					t.Errorf("%s imports %s, which it never may", p.name(), to)
				}
			}
		}
	}
}

// sameFolder lets the clients of Microsoft share what they have in common.
func sameFolder(a, b string) bool {
	return strings.HasPrefix(a, "internal/microsoft/") && strings.HasPrefix(b, "internal/microsoft/")
}

func (r room) judge(t *testing.T, p listedPackage, imported string) {
	t.Helper()
	for _, s := range secrets {
		if covers([]string{s.lib + "/...", s.lib}, imported) && !covers(s.known, p.name()) {
			t.Errorf("%s imports %s: %s", p.name(), imported, s.reason)
		}
	}
	project, ours := strings.CutPrefix(imported, "guichet/")
	switch {
	case ours && !covers(r.may, project) && !sameFolder(project, p.name()):
		t.Errorf("%s imports %s: the table lets it import %v", p.name(), project, r.may)
	case !ours && isOutside(imported) && !r.allows(imported):
		t.Errorf("%s imports %s: the table lets it import %v from outside", p.name(), imported, r.libs)
	}
}

func (r room) allows(lib string) bool {
	return slices.Contains(r.libs, anyLib) ||
		slices.ContainsFunc(r.libs, func(allowed string) bool { return covers([]string{allowed, allowed + "/..."}, lib) })
}

// isOutside tells modules, whose paths begin with a host, from the standard library.
func isOutside(imported string) bool {
	host, _, _ := strings.Cut(imported, "/")
	return strings.Contains(host, ".")
}

func roomOf(name string) (room, bool) {
	for _, r := range rooms {
		if covers([]string{r.name}, name) {
			return r, true
		}
	}
	return room{}, false
}

// covers says whether one of the patterns, as go list writes them, names the package.
func covers(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		folder, all := strings.CutSuffix(pattern, "...")
		return pattern == name || all && strings.HasPrefix(name, folder)
	})
}

type listedPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func (p listedPackage) name() string { return strings.TrimPrefix(p.ImportPath, "guichet/") }

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Dir = projectRoot(t)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listedPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listedPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}
