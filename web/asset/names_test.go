package asset

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// The scripts are served as one file, in which a name given twice stops all of them.
func TestScriptsGiveNoNameTwice(t *testing.T) {
	t.Parallel()
	given := map[string]string{}
	declared := regexp.MustCompile(`(?m)^(?:(?:async )?function\*? (\w+)|(?:const|let|class) (\w+))`)
	for _, name := range embedded(t, "js") {
		content, err := sources.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(lines(string(content)), -1) {
			for _, word := range m[1:] {
				if word == "" {
					continue
				}
				if other, twice := given[word]; twice && other != path.Base(name) {
					t.Errorf("%s is a name in %s and in %s", word, other, path.Base(name))
				}
				given[word] = path.Base(name)
			}
		}
	}
}

// lines puts each name of "let a, b = 0;" on a line of its own.
func lines(script string) string {
	return regexp.MustCompile(`(?m)^let [^;\n]*;$`).ReplaceAllStringFunc(script, func(s string) string {
		return "let " + strings.Join(strings.Split(strings.TrimSuffix(strings.TrimPrefix(s, "let "), ";"), ", "), "\nlet ")
	})
}
