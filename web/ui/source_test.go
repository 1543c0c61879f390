package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The content security policy blocks what is written inline; a template that
// needs it would look right in a test and fail in a browser. Letters are read
// in mail programs, which have no policy and no style sheets.
func TestTemplatesHoldNothingInline(t *testing.T) {
	t.Parallel()
	inline := regexp.MustCompile(`\sstyle=|\son[a-z]+=|<style|hx-on|"javascript:|<script(>|[^>]*>[^<])`)
	for name, text := range templates(t) {
		if filepath.Base(filepath.Dir(name)) == "email" {
			continue
		}
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s contains %q", name, found)
		}
	}
}

func TestEveryIconIsInTheSprite(t *testing.T) {
	t.Parallel()
	sprite, err := os.ReadFile("../asset/img/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:Icon\(|Icon: +)"([a-z0-9]+)"`)
	seen := 0
	for name, text := range templates(t) {
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			seen++
			if !strings.Contains(string(sprite), `<symbol id="i-`+m[1]+`"`) {
				t.Errorf("%s draws %q, which the sprite does not have", name, m[1])
			}
		}
	}
	if seen == 0 {
		t.Error("no icon found: the pattern has gone stale")
	}
}

// templates reads every template of the web folder, pages included.
func templates(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir("..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".templ" {
			return err
		}
		text, err := os.ReadFile(name)
		texts[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
