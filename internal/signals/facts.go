package signals

import (
	"maps"
	"reflect"
	"slices"
)

// Where a fact comes from.
const (
	FromForm    = "form"
	FromText    = "text"
	FromFinding = "finding"
	FromHealth  = "health"
	FromTickets = "tickets"
	FromHint    = "hint"
	FromPerson  = "person"
)

// Evidence says where a fact comes from and, if words made it, which.
type Evidence struct {
	Source, Quote string
	Counted       []string // for a count: the facts that were counted
}

// Facts are what is known of a ticket, by name. Every name that exists is there, so a rule never
// meets an unknown one: what does not hold is false, 0, empty. Each concept C of the lexicons
// gives two facts: said_C, the customer's words hold it, and found_C, a finding does.
type Facts struct {
	values   map[string]any // bool, int64, string or []string
	evidence map[string]Evidence
	read     *reader
}

// The concepts that speak for a cause on the customer's or partner's side, and for one in the service.
var (
	ownSigns = []string{"own_change", "misconfigured", "expired", "local_cause", "account", "third_party", "limit",
		"deleted", "own_network", "onprem", "solved_locally", "migration", "threat", "billing", "licence_cause", "how_to"}
	serviceSigns = []string{"several_customers", "reproduced", "verified", "unchanged", "platform", "regression",
		"defect_known", "contradicts_docs", "region_bound", "network", "all_clients", "service_error", "part_works", "ruled_out"}

	// What clears the customer's side within one finding, and of what.
	clearing = []string{"ruled_out", "verified", "unchanged", "contradicts_docs"}
	cleared  = []string{"own_change", "misconfigured", "local_cause", "account", "limit", "own_network", "solved_locally", "licence_cause", "how_to"}
)

var blank = func() map[string]any {
	values := map[string]any{
		"kind": "", "affected": "", "service": "", "family": "", "region": "", "language": "", "subject": "", "text": "",
		"named_services": []string{}, "ids": []string{},
		"words": int64(0), "findings": int64(0), "similar": int64(0), "own_signs": int64(0), "service_signs": int64(0), "said_service_signs": int64(0),
		"own_prevails": false, "service_prevails": false,
		"issue_covers": false, "issue_restored": false, "issue_elsewhere": false, "issue_unrelated": false,
	}
	for _, concept := range causes.concepts() {
		values["said_"+concept], values["found_"+concept] = false, false
	}
	return values
}()

// signNames are the facts that hold or do not, sorted.
var signNames = func() []string {
	var names []string
	for name, value := range blank {
		if _, is := value.(bool); is {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}()

func newFacts() Facts {
	return Facts{values: maps.Clone(blank), evidence: map[string]Evidence{}}
}

// Map returns the facts by name, as rules take them. The caller must not change it.
func (f Facts) Map() map[string]any { return f.values }

// Evidence returns where a fact comes from; the zero Evidence when it does not hold.
func (f Facts) Evidence(name string) Evidence { return f.evidence[name] }

// Set records a fact that was computed elsewhere.
func (f Facts) Set(name string, value any, why Evidence) {
	f.values[name], f.evidence[name] = value, why
}

// Correct puts a person's word in place of what was read. An unknown name is passed over, and
// so is a value of another type.
func (f Facts) Correct(corrections map[string]any) {
	for name, value := range corrections {
		if was, known := f.values[name]; known && reflect.TypeOf(was) == reflect.TypeOf(value) {
			f.Set(name, value, Evidence{Source: FromPerson})
		}
	}
}

// set records a fact. The first evidence for it stays.
func (f Facts) set(name string, value any, why Evidence) {
	f.values[name] = value
	if _, known := f.evidence[name]; !known {
		f.evidence[name] = why
	}
}

func (f Facts) has(name string) bool { return f.values[name] == true }

// count records how many of the concepts hold with a prefix.
func (f Facts) count(name, prefix, source string, concepts []string) {
	why := Evidence{Source: source}
	for _, concept := range concepts {
		if f.has(prefix + concept) {
			why.Counted = append(why.Counted, prefix+concept)
		}
	}
	f.set(name, int64(len(why.Counted)), why)
}

// How much diagnosis an escalation takes: two recorded steps, unless as many other customers
// complain. From thorough steps on, what they did not find counts too.
const (
	enough   = 2
	thorough = 3
	many     = 4
)

// weigh says which side the findings speak for, if any. The partner is expected to solve, so he has
// the benefit of the doubt until the diagnosis is thorough.
func (f Facts) weigh() {
	steps, own, service := f.number("findings"), f.number("own_signs"), f.number("service_signs")
	diagnosed := steps >= enough || steps > 0 && f.number("similar") >= many
	switch {
	case own > 0 && (own > service || own == service && steps < thorough):
		f.set("own_prevails", true, f.evidence["own_signs"])
	case diagnosed && (service > own || steps >= thorough):
		f.set("service_prevails", true, f.evidence["service_signs"])
	}
}

func (f Facts) number(name string) int64 {
	n, _ := f.values[name].(int64)
	return n
}
