package dossier

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// The table says what each workload and each form asks, and in which order. Its facts are those
// of Microsoft's pages "Create an Azure support request", "Report problems on behalf of a
// customer" and "Report problems with Partner Center". No page publishes how long a text may be:
// its limits are ours, low enough to be read.
//
//go:embed table.json
var tableFile []byte

type table struct {
	Fields    []definition
	Common    asks
	Workloads map[string]asks
	Forms     map[string]form
	Services  map[string]string // service → workload
}

// definition is a field: its English label, who can fill it, and whether it is about a fault, so
// that a question or an invoice need not have it.
type definition struct {
	Key, Label, Who string
	Fault           bool
}

type asks struct {
	Needed, Wished []string
	With           map[string][]string // a field that has a value → what is then needed too
}

type form struct {
	Name           string
	ASCII          bool // it takes no accents
	Needed, Wished []string
	Without        []string // what it does not want, whatever the workload
	Blocks         []blockOf
}

type blockOf struct {
	Key    string
	Fields []string
	Rest   bool // with all that is in no other block
	Limit  int
}

var asked = sync.OnceValue(func() *table {
	t := &table{}
	if err := json.Unmarshal(tableFile, t); err != nil {
		panic("dossier: table.json: " + err.Error())
	}
	return t
})

// Forms are the targets' forms.
func Forms() []string { return sorted(asked().Forms) }

// Workloads are what a dossier can be about.
func Workloads() []string { return sorted(asked().Workloads) }

// FormName is how the form is called in English.
func FormName(form string) string { return asked().Forms[form].Name }

// Label is what a field is called in English, as the target's desk reads it.
func Label(field string) string {
	d, found := asked().definition(field)
	if !found {
		return field
	}
	return d.Label
}

// IsField tells the key of a field from anything else.
func IsField(key string) bool {
	_, found := asked().definition(key)
	return found
}

// WorkloadOf finds the workload of a service by its name, in any case; "other" when none is known.
func WorkloadOf(service string) string {
	name := strings.ToLower(strings.TrimSpace(service))
	for known, workload := range asked().Services {
		if strings.ToLower(known) == name {
			return workload
		}
	}
	switch {
	case strings.HasPrefix(name, "azure"):
		return "azure"
	case strings.HasPrefix(name, "dynamics 365 finance"), strings.HasPrefix(name, "dynamics 365 supply"), strings.HasPrefix(name, "dynamics 365 commerce"):
		return "dynamics_fo"
	case strings.HasPrefix(name, "dynamics"):
		return "dynamics"
	case strings.HasPrefix(name, "windows"):
		return "windows"
	}
	return "other"
}

func (t *table) definition(key string) (definition, bool) {
	i := slices.IndexFunc(t.Fields, func(d definition) bool { return d.Key == key })
	if i < 0 {
		return definition{}, false
	}
	return t.Fields[i], true
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
