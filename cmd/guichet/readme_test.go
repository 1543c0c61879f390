package main

import (
	"regexp"
	"strings"
	"testing"

	"guichet/internal/config"
)

func TestReadmeNamesEveryPackage(t *testing.T) {
	t.Parallel()
	_, structure, found := strings.Cut(readFile(t, "README.md"), "## Project structure")
	if !found {
		t.Fatal(`README.md has no "Project structure"`)
	}
	structure, _, _ = strings.Cut(structure, "\n## ")
	for _, p := range listPackages(t) {
		if !strings.Contains(structure, "`"+p.name()+"`") {
			t.Errorf("the README's project structure leaves out `%s`", p.name())
		}
	}
}

func TestReadmeListsTheSettings(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "README.md")
	for _, s := range config.Describe() {
		if !strings.Contains(readme, "`"+s.Name+"`") {
			t.Errorf("the README leaves out %s", s.Name)
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| *`([A-Z][A-Z_]+)`").FindAllStringSubmatch(readme, -1) {
		if !config.Known(row[1]) {
			t.Errorf("the README lists %s, which is no setting", row[1])
		}
	}
}

func TestReadmeNamesOnlyTargetsThatExist(t *testing.T) {
	t.Parallel()
	makefile := readFile(t, "Makefile")
	for _, use := range regexp.MustCompile("`make ([a-z-]+)").FindAllStringSubmatch(readFile(t, "README.md"), -1) {
		if !regexp.MustCompile(`(?m)^` + use[1] + `:.*## `).MatchString(makefile) {
			t.Errorf("the README says make %s, which make help does not list", use[1])
		}
	}
}
