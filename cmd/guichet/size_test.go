package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// The most lines that a reader is asked to hold at once.
const (
	maxFunction = 60
	maxFile     = 300
	maxTempl    = 150
	worstShown  = 8
)

// lists are functions that hold a list and no logic: cut up, they would hide
// what they are there to show.
var lists = []string{"internal/server/routes.go Routes"}

type size struct {
	what  string
	lines int
}

func TestFunctionsFitOnAPage(t *testing.T) {
	t.Parallel()
	var sizes []size
	for _, f := range goFiles(t) {
		if f.isTest() {
			continue
		}
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && !slices.Contains(lists, f.path+" "+fn.Name.Name) {
				first, last := f.position(fn.Pos()), f.position(fn.End())
				sizes = append(sizes, size{fmt.Sprintf("%s:%d %s", f.path, first.Line, fn.Name.Name), last.Line - first.Line + 1})
			}
		}
	}
	judgeSizes(t, sizes, maxFunction)
}

func TestFilesStayShort(t *testing.T) {
	t.Parallel()
	var sizes []size
	for _, f := range goFiles(t) {
		if !f.isTest() {
			sizes = append(sizes, size{f.path, f.position(f.syntax.FileEnd).Line})
		}
	}
	judgeSizes(t, sizes, maxFile)
}

func TestTemplatesStayShort(t *testing.T) {
	t.Parallel()
	var sizes []size
	for _, path := range tree(t) {
		if strings.HasSuffix(path, ".templ") {
			sizes = append(sizes, size{path, strings.Count(readFile(t, path), "\n")})
		}
	}
	judgeSizes(t, sizes, maxTempl)
}

// judgeSizes fails what is too long and, with -v, shows what comes close.
func judgeSizes(t *testing.T, sizes []size, limit int) {
	t.Helper()
	slices.SortFunc(sizes, func(a, b size) int { return cmp.Compare(b.lines, a.lines) })
	for i, s := range sizes {
		if s.lines > limit {
			t.Errorf("%s has %d lines, the limit is %d", s.what, s.lines, limit)
		} else if i < worstShown {
			t.Logf("%4d lines: %s", s.lines, s.what)
		}
	}
}
