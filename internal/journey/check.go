package journey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeRules are the rules of axe-core that hold here: WCAG 2.2, levels A and AA,
// and what axe's makers hold to be good practice.
const axeRules = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`

// A Violation is one accessibility rule that a page breaks.
type Violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any // CSS selectors; nested where there are frames
		FailureSummary string
	}
}

func (v Violation) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&text, "\n    %v: %s", n.Target, strings.Join(strings.Fields(n.FailureSummary), " "))
	}
	return text.String()
}

// Axe fails the test for each accessibility rule that the page, as it stands
// now, breaks. It needs a View with JavaScript.
func (p *Page) Axe(t testing.TB) {
	t.Helper()
	for _, v := range p.violations(t) {
		t.Errorf("%s: %s: %s", p.view, p.Address(t), v)
	}
}

func (p *Page) violations(t testing.TB) []Violation {
	t.Helper()
	if p.view.NoScript {
		t.Fatal("axe is JavaScript: use a View that has it")
	}
	if !Ask(t, p, "look for axe", chromedp.Evaluate[bool](`typeof axe !== "undefined"`)) { // a page keeps it until the next
		script, err := os.ReadFile(tool(t, "axe.min.js"))
		if err != nil {
			t.Fatal(err)
		}
		Ask(t, p, "load axe", chromedp.Evaluate[any](string(script)+"\n;null"))
	}
	// What it would load beforehand, the style sheets once more, only two rules read that
	// ask for what no page here has: turned screens and media that play by themselves.
	run := `axe.run({preload: false, resultTypes: ["violations"], runOnly: {type: "tag", values: ` + axeRules + `}}).then(result => result.violations)`
	return Ask(t, p, "run axe", chromedp.Evaluate[[]Violation](run, chromedp.EvalAwaitPromise))
}

// A Fault is one error or warning of the HTML checker.
type Fault struct {
	URL      string
	Type     string // error; info, which is a warning or less
	SubType  string // warning
	LastLine int
	Message  string
	Extract  string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s:%d: %s\n    %s", filepath.Base(f.URL), f.LastLine, f.Message, strings.Join(strings.Fields(f.Extract), " "))
}

// Vnu fails the test for each error and warning of the W3C's HTML checker. Give
// it many documents at once, by name: it takes a second or two to start.
func Vnu(t testing.TB, documents map[string]string) {
	t.Helper()
	for _, fault := range vnuFaults(t, documents) {
		t.Error(fault)
	}
}

func vnuFaults(t testing.TB, documents map[string]string) []Fault {
	t.Helper()
	folder := t.TempDir()
	for name, html := range documents {
		file := strings.NewReplacer("/", "_", "?", "_").Replace(name) + ".html"
		if err := os.WriteFile(filepath.Join(folder, file), []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*stepTimeout)
	defer cancel()
	var report, noise bytes.Buffer
	// It runs for seconds: compiling its own code best would take longer than it saves.
	check := exec.CommandContext(ctx, "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss2m", "-jar", tool(t, "vnu.jar"), "--format", "json", "--stdout", "--exit-zero-always", folder)
	check.Stdout, check.Stderr = &report, &noise
	if err := check.Run(); err != nil {
		t.Fatalf("HTML checker: %v\n%s", err, noise.String())
	}
	var result struct{ Messages []Fault }
	if err := json.Unmarshal(report.Bytes(), &result); err != nil {
		t.Fatalf("HTML checker: %v\n%s%s", err, report.String(), noise.String())
	}
	return result.Messages
}

// tool is the path of a checker that make test fetches.
func tool(t testing.TB, name string) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			break
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
	path := filepath.Join(folder, ".state", "tools", name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is not here: make test fetches it", path)
	}
	return path
}
