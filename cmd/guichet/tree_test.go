package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A pure package is given the time, so that a test can give it any.
func TestPurePackagesAskNoClock(t *testing.T) {
	t.Parallel()
	timeless := append([]string{"internal/desk"}, pure...)
	for _, f := range goFiles(t) {
		if f.isTest() || !slices.Contains(timeless, filepath.Dir(f.path)) {
			continue
		}
		for _, use := range f.uses("Now", "Since", "Until") {
			if of, ok := use.X.(*ast.Ident); ok && of.Name == "time" {
				t.Errorf("%s asks the clock: take now as an argument", f.position(use.Pos()))
			}
		}
	}
}

// A page that fails half-way must not have sent half of itself with status 200.
func TestPagesRenderThroughOneBuffer(t *testing.T) {
	t.Parallel()
	for _, f := range goFiles(t) {
		if f.isTest() || f.path == "internal/server/render.go" || strings.HasPrefix(f.path, "internal/mail/") {
			continue
		}
		for _, use := range f.uses("Render") {
			t.Errorf("%s renders by itself: use internal/server/render.go", f.position(use.Pos()))
		}
	}
}

func TestTopLevelStaysAsItIs(t *testing.T) {
	t.Parallel()
	allowed := []string{"cmd", "internal", "web", "migrations", "go.mod", "go.sum", "Makefile", "docker-compose.yml", "README.md"}
	seen := map[string]bool{}
	for _, path := range tree(t) {
		top, _, _ := strings.Cut(path, "/")
		if !seen[top] && !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s does not belong on the top level", top)
		}
		seen[top] = true
	}
}

// Nothing in the project may hang on one machine's folders or on one mirror.
func TestNothingNamesOneMachine(t *testing.T) {
	t.Parallel()
	// Written in pieces, lest this file find itself.
	hosts := strings.Join([]string{
		`proxy\.golang` + `\.org`, `sum\.golang` + `\.org`, `registry\.npmjs` + `\.org`, `registry\.yarnpkg` + `\.com`,
		`(deb|security|ftp)\.debian` + `\.org`, `pypi` + `\.org`, `\bghcr` + `\.io`, `\bgcr` + `\.io`, `\bquay` + `\.io`,
	}, "|")
	host := regexp.MustCompile(hosts)
	folder := regexp.MustCompile(`(^|[\s"'(=:,])/(work|tmp|home|root)` + `/\w`)
	unfinished := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)
	for _, path := range tree(t) {
		content, err := os.ReadFile(filepath.Join(projectRoot(t), path))
		if err != nil || bytes.ContainsRune(content, 0) {
			continue // deleted and not yet committed, or no text
		}
		number := 0
		for line := range bytes.Lines(content) {
			number++
			for what, found := range map[string][]byte{
				"a package host": host.Find(line), "a folder of one machine": folder.Find(line), "unfinished work": unfinished.Find(line),
			} {
				if found != nil && !(what == "unfinished work" && strings.Contains(path, "/testdata/")) { // a customer's own words
					t.Errorf("%s:%d names %s: %s", path, number, what, found)
				}
			}
		}
	}
}

// tree lists the project's files, slash-separated, those of git and new ones
// that git would take. The folder may belong to another user than the test's.
func tree(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = projectRoot(t)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	paths := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	slices.Sort(paths)
	return slices.Compact(paths)
}

// A goFile is hand-written Go, tests included.
type goFile struct {
	path   string
	files  *token.FileSet
	syntax *ast.File
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var all []goFile
	for _, path := range tree(t) {
		if !strings.HasSuffix(path, ".go") || strings.Contains(path, "/testdata/") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(projectRoot(t), path))
		if os.IsNotExist(err) {
			continue // deleted and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		files := token.NewFileSet()
		syntax, err := parser.ParseFile(files, path, content, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if !ast.IsGenerated(syntax) {
			all = append(all, goFile{path, files, syntax})
		}
	}
	return all
}

func (f goFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f goFile) position(p token.Pos) token.Position { return f.files.Position(p) }

// uses finds x.NAME for each of the names.
func (f goFile) uses(names ...string) []*ast.SelectorExpr {
	var found []*ast.SelectorExpr
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains(names, s.Sel.Name) {
			found = append(found, s)
		}
		return true
	})
	return found
}
