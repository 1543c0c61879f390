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

// dynamic lists the keys that come to be while the program runs, as T(ctx, "state."+string(ticket.State)) makes
// "state.*". All other keys stand whole in the sources.
var dynamic = []string{
	"files.judged.*",
	"files.verdict.*",
	"moving.about.*",
	"moving.column.*",
	"moving.export_state.*",
	"moving.file.*",
	"moving.form.*",
	"moving.form_hint.*",
	"moving.kind.*",
	"moving.kind_hint.*",
	"moving.state.*",
	"moving.tab.*",
	"mailin.box_state.*",
	"sender.found.*",
	"sender.kind.*",
	"sender.why.*",
	"words.block.*",
	"words.group.*",
	"words.group_hint.*",
	"words.kind.*",
	"mailout.topic.*",
	"mailout.went.*",
	"mailout.when.*",
	"mailin.none.*",
	"mailin.reason.*",
	"mailin.state.*",
	"access.action.*",
	"access.answer.*",
	"access.azure.*",
	"access.because.*",
	"access.csv.*",
	"access.fact.*",
	"access.none.*",
	"access.on_customer.*",
	"access.says.*",
	"access.source.*",
	"access.state.*",
	"access.status.*",
	"access.way.*",
	"access.workload.*",
	"affected.*",
	"announce.state.*",
	"because.*",
	"category.*",
	"charges.in.*",
	"charges.none.*",
	"charges.state.*",
	"charges.tab.*",
	"circle.band.*",
	"circle.place.*",
	"clock.*",
	"connections.problem.*",
	"connectors.does.*",
	"connectors.field.*",
	"connectors.filing.*",
	"connectors.kept.*",
	"connectors.name.*",
	"connectors.needs.*",
	"connectors.problem.*",
	"connectors.state.*",
	"connections.refused.*",
	"connections.says.*",
	"connections.state.*",
	"consent.*",
	"dossier.*",
	"dossier.ask.*",
	"dossier.condition.*",
	"dossier.form.*",
	"dossier.from.*",
	"dossier.letter.*",
	"dossier.masked.*",
	"dossier.who.*",
	"dossier.workload.*",
	"escalation.by_hand.*",
	"escalation.done.*",
	"escalation.draft.*",
	"escalation.ending.*",
	"escalation.ending_hint.*",
	"escalation.event.*",
	"escalation.next.*",
	"escalation.owes.*",
	"escalation.relay_*",
	"escalation.source.*",
	"escalation.state.*",
	"escalation.target.*",
	"evidence.unsent.*",
	"fault.*",
	"fact.*",
	"failure.*.text",
	"failure.*.title",
	"finding.kind.*",
	"finding.result.*",
	"handoff.as_*",
	"handoff.event_ended_*",
	"handover.act.*",
	"handover.approval_*",
	"health.level.*",
	"health.number.*",
	"health.sees.*",
	"health.stage.*",
	"health.title.*",
	"impact.*",
	"incident.act.*",
	"incident.by.*",
	"incident.event.*",
	"incident.kind.*",
	"incident.plain.*",
	"incident.state.*",
	"issues.class.*",
	"issues.class.*_is",
	"issues.link.*",
	"issues.none.*",
	"issues.none_text.*",
	"issues.said.*",
	"issues.source.*",
	"issues.status.*",
	"issues.tab.*",
	"kind.*",
	"known.reason.*",
	"language.*",
	"mail.*",
	"mail.*_subject",
	"nav.*",
	"order.action.*",
	"order.binds.*",
	"order.commitment.*",
	"order.subject.*",
	"offer.agreement.*",
	"offer.clock.*",
	"offer.day.*",
	"offer.factor.*",
	"offer.family.*",
	"offer.field.*",
	"offer.given.*",
	"offer.method.*",
	"offer.method_value.*",
	"offer.model.*",
	"offer.model_is.*",
	"offer.part.*",
	"offer.party.*",
	"offer.preset.*",
	"offer.price.*",
	"offer.speaks.*",
	"offer.tells.*",
	"offer.why.*",
	"outcome.*",
	"price.factor_*",
	"priority.*",
	"promise.because_*",
	"promise.closed_*",
	"published.clock.*",
	"published.factor.*",
	"published.language.*",
	"published.method.*",
	"published.who.*",
	"relationship.*",
	"relationship.*_is",
	"remind.target.*",
	"report.claim.*",
	"report.side.*",
	"report.target.*",
	"role.*",
	"role.*_does",
	"route.because.*",
	"route.channel.*",
	"route.family.*",
	"route.open.*",
	"route.plan.*",
	"route.relation.*",
	"route.portal.*",
	"route.target.*",
	"route.topic.*",
	"route.usual.*",
	"route.workload.*",
	"rule.*",
	"rules.change.*",
	"rules.from.*",
	"rules.join.*",
	"rules.op.*",
	"rules.type.*",
	"search.example.*",
	"search.field.*",
	"search.told.*",
	"service.*",
	"service.short.*",
	"sign_in.*.lead",
	"sign_in.*.title",
	"state.*",
	"statements.csv.*",
	"tokens.scope.*",
	"tokens.state.*",
	"trace.op.*",
	"trial.effect.*",
	"trial.state.*",
	"view.*",
	"webhooks.event.*",
	"webhooks.state.*",
	"webhooks.tab.*",
	"webhooks.trouble.*",
	"weekday.*",
	"where.lack.*",
}

// carried are the families of keys that travel as values, in an error for instance, and meet T far from where they
// are written. Whatever looks like one of them must exist.
var carried = []string{"error."}

var (
	call    = regexp.MustCompile(`\b([TN])\((?:[\w.()]+,\s*)?"([^"]*)"(\s*\+\s*[^"+,{}]+(?:\+\s*"([^"]*)")?)?`)
	comment = regexp.MustCompile(`(?m)^\s*//.*$`)
	literal = regexp.MustCompile(`"((?:[a-z][a-z0-9_]*\.)+[a-z0-9_]*)"`)
)

// use is how the sources name keys.
type use struct {
	calls    []reference
	literals map[string]bool // every string that looks like a key or like the beginning of one
}

// reference is one call of T or N; what is added to a key while running is a star.
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
		if match[3] != "" {
			key += "*" + match[4]
		}
		u.calls = append(u.calls, reference{match[1], key, place})
	}
	for _, match := range literal.FindAllStringSubmatch(source, -1) {
		u.literals[match[1]] = true
	}
}

// fault says what is wrong with the key of a call, or nothing.
func (r reference) fault(messages map[string]*goi18n.Message) string {
	if strings.Contains(r.key, "*") {
		if !slices.Contains(dynamic, r.key) {
			return r.key + " is not declared as dynamic"
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
	for key := range u.literals {
		travels := slices.ContainsFunc(carried, func(family string) bool { return strings.HasPrefix(key, family) && key != family })
		if travels && messages[key] == nil {
			t.Errorf("%s is in no catalogue", key)
		}
	}
}

func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	u := sources(t)
	for key := range catalogues(t)[English] {
		if !u.literals[key] && !slices.ContainsFunc(dynamic, func(pattern string) bool { return matches(pattern, key) }) {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, pattern := range dynamic {
		if prefix, _, _ := strings.Cut(pattern, "*"); !u.literals[prefix] {
			t.Errorf("the dynamic %q is used nowhere", pattern)
		}
	}
}

func matches(pattern, key string) bool {
	before, after, _ := strings.Cut(pattern, "*")
	return len(key) > len(before)+len(after) && strings.HasPrefix(key, before) && strings.HasSuffix(key, after)
}

func TestSourcesAreRead(t *testing.T) {
	t.Parallel()
	u := &use{literals: map[string]bool{}}
	u.read("page.templ", `{ i18n.T(ctx, "time.yesterday") } { i18n.N(ctx, "queue.ticked", n) } { p.T("time.gone") }
		{ i18n.T(r.Context(), "state."+s) } { T(ctx, "mystery."+s) } { T(ctx, "half"+s+".title", "Name", "x") } { T(ctx, "queue.ticked") }
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
		"mystery.* is not declared as dynamic",
		"half*.title is not declared as dynamic",
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
