package dossier

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheTableIsWhole(t *testing.T) {
	t.Parallel()
	var known, used []string
	for _, d := range asked().Fields {
		if slices.Contains(known, d.Key) || d.Label == "" || !slices.Contains([]string{"customer", "agent", "desk"}, d.Who) {
			t.Errorf("%+v", d)
		}
		known = append(known, d.Key)
	}
	all := []asks{asked().Common}
	for _, w := range asked().Workloads {
		all = append(all, w)
		for key, more := range w.With {
			all = append(all, asks{Needed: append(more, key)})
		}
	}
	for name, f := range asked().Forms {
		all = append(all, asks{Needed: f.Needed, Wished: slices.Concat(f.Wished, f.Without)})
		rest := 0
		for _, b := range f.Blocks {
			if b.Rest {
				rest++
			}
			all = append(all, asks{Needed: slices.DeleteFunc(slices.Clone(b.Fields), func(k string) bool { return k == "severity" })})
		}
		if rest != 1 || f.Name == "" {
			t.Errorf("%s has %d blocks for the rest", name, rest)
		}
	}
	for _, a := range all {
		used = append(append(used, a.Needed...), a.Wished...)
	}
	for _, key := range used {
		if !slices.Contains(known, key) {
			t.Errorf("%s is no field", key)
		}
	}
	for _, key := range known {
		if !slices.Contains(used, key) && key != "contact_night" {
			t.Errorf("%s is asked nowhere", key)
		}
	}
	for service, workload := range asked().Services {
		if _, found := asked().Workloads[workload]; !found {
			t.Errorf("%s is of %s", service, workload)
		}
	}
}

// The services that a customer may name stand in another package, which this one may not know.
func TestEveryServiceHasItsWorkload(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../desk/services.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\{"([^"]+)", "(\w+)", "[^"]*"\},`).FindAllStringSubmatch(string(source), -1)
	if len(names) < 40 {
		t.Errorf("only %d services", len(names))
	}
	for _, n := range names {
		_, listed := asked().Services[n[1]]
		if azure := n[2] == "azure"; azure != (WorkloadOf(n[1]) == "azure") || !azure && !listed {
			t.Errorf("%s is of %s", n[1], WorkloadOf(n[1]))
		}
	}
	for service, want := range map[string]string{" exchange ONLINE ": "exchange", "Dynamics 365 Finance": "dynamics_fo", "Azure Kubernetes Service": "azure", "": "other", "Windows 11": "windows"} {
		if got := WorkloadOf(service); got != want {
			t.Errorf("%q is of %s", service, got)
		}
	}
}

// messages are the keys of this package's catalogues.
func messages(t *testing.T, lang string) []string {
	t.Helper()
	data, err := os.ReadFile("../i18n/catalog/dossier." + lang + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range regexp.MustCompile(`(?m)^"([^"]+)" = `).FindAllStringSubmatch(string(data), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

func TestEverythingHasItsMessage(t *testing.T) {
	t.Parallel()
	want := []string{"dossier.severity", "dossier.contact", "error.har", "error.pack_too_big"}
	for _, d := range asked().Fields {
		f := Field{Key: d.Key, Who: d.Who}
		want = append(want, f.LabelKey(), f.AskKey(), f.WhoKey())
	}
	for _, from := range []string{"answer", "ticket", "text", "finding", "issue", "customer", "contact", "plan", "file"} {
		want = append(want, Field{From: from}.FromKey())
	}
	for _, kind := range MaskedKinds {
		want = append(want, Masked{Kind: kind}.MessageKey())
	}
	for _, form := range Forms() {
		want = append(want, FormKey(form))
		for _, b := range asked().Forms[form].Blocks {
			want = append(want, Block{Key: b.Key}.LabelKey())
		}
	}
	for _, workload := range Workloads() {
		want = append(want, WorkloadKey(workload))
	}
	for _, letter := range []string{"A", "B", "C"} {
		want = append(want, LetterKey(letter))
	}
	for _, c := range Build(Input{}).Severity.Conditions {
		want = append(want, c.MessageKey())
	}
	for _, file := range []string{"judge.go", "rules.go", "fill.go", "find.go", "contact.go", "severity.go", "dossier.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(dossier\.(?:problem|severity)\.\w+)"`).FindAllStringSubmatch(string(source), -1) {
			want = append(want, m[1])
		}
	}
	for _, lang := range []string{"fr", "en"} {
		given := messages(t, lang)
		for _, key := range want {
			if !slices.Contains(given, key) {
				t.Errorf("%s: %s is missing", lang, key)
			}
		}
		for _, key := range given {
			if !slices.Contains(want, key) {
				t.Errorf("%s: %s is used nowhere", lang, key)
			}
		}
	}
}

func TestMaskedKindsAreNamed(t *testing.T) {
	t.Parallel()
	for _, s := range secrets {
		if !slices.Contains(MaskedKinds, s.kind) {
			t.Errorf("%s", s.kind)
		}
	}
	for _, p := range secretParts {
		if !slices.Contains(MaskedKinds, p.kind) || strings.ToLower(p.part) != p.part {
			t.Errorf("%+v", p)
		}
	}
}
