package route

import (
	"slices"
	"strconv"
)

// MostLines is how many a policy may have: Route reads them one by one.
const MostLines = 100

// Problem is one thing wrong with a policy.
type Problem struct {
	Line  int    // from 1; 0 for the policy as a whole
	Field string // the JSON name of the field that is wrong, "" for the line
	Key   string // message key, "route.problem.…"
	Args  map[string]string
}

// Check tells what is wrong: unknown words, what can never happen, lines that an
// earlier one leaves nothing for, no last line that fits all, and what nobody may
// say (Forbidden).
func (p Policy) Check() []Problem {
	if len(p.Lines) > MostLines {
		return []Problem{{Key: "route.problem.too_many", Args: map[string]string{"Most": strconv.Itoa(MostLines)}}}
	}
	var list []Problem
	for i, l := range p.Lines {
		list = append(list, l.check(i+1)...)
	}
	if len(list) > 0 { // of words that are not known nothing more can be told
		return list
	}
	for i, l := range p.Lines {
		if j := slices.IndexFunc(p.Lines[:i], func(earlier Line) bool { return earlier.covers(l) }); j >= 0 {
			list = append(list, Problem{Line: i + 1, Key: "route.problem.unreachable", Args: map[string]string{"Which": strconv.Itoa(i + 1), "Line": strconv.Itoa(j + 1)}})
		}
	}
	if n := len(p.Lines); n == 0 || !p.Lines[n-1].Any() {
		list = append(list, Problem{Key: "route.problem.no_last"})
	}
	return append(list, p.azureOfResellers()...)
}

func (l Line) check(number int) (list []Problem) {
	add := func(field, key string) { list = append(list, Problem{Line: number, Field: field, Key: key}) }
	for _, c := range l.conditions() {
		if c.value != "" && !slices.Contains(c.words, c.value) {
			add(c.name, "route.problem.unknown")
		}
	}
	if l.Workload != "" && l.Family != "" && FamilyOf(l.Workload) != l.Family {
		add("workload", "route.problem.family")
	}
	portal, known := PortalOf(l.Portal)
	switch {
	case !slices.Contains(Targets(), l.Target):
		add("target", "route.problem.unknown")
	case l.Vulnerability && l.Target != MSRC:
		add("target", "route.problem.vulnerability")
	case l.Target == Microsoft && l.Portal == "":
		add("portal", "route.problem.no_portal")
	case l.Portal != "" && !known:
		add("portal", "route.problem.unknown")
	case l.Portal != "" && portal.Target != l.Target:
		add("portal", "route.problem.portal")
	}
	return list
}

// covers tells that whatever fits the other line fits this one.
func (l Line) covers(other Line) bool {
	theirs := other.conditions()
	for i, c := range l.conditions() {
		if c.value == "" || c.value == theirs[i].value || c.name == "family" && other.Workload != "" && FamilyOf(other.Workload) == c.value {
			continue
		}
		return false
	}
	return !l.Vulnerability || other.Vulnerability
}

// azureOfResellers finds the lines that would send a reseller's Azure request to
// Microsoft, by trying every case there is of it.
func (p Policy) azureOfResellers() (list []Problem) {
	found := map[int]bool{}
	for _, kind := range Kinds {
		for _, category := range append([]string{""}, Categories...) {
			for _, topic := range append([]string{""}, Topics...) {
				for _, channel := range Channels {
					for _, plan := range Plans {
						c := Case{Relation: "reseller", Workload: "azure", Kind: kind, Category: category, Topic: topic, Channel: channel, Plan: plan}
						i := slices.IndexFunc(p.Lines, func(l Line) bool { return l.fits(c) })
						if i >= 0 && p.Lines[i].Target == Microsoft && !found[i] {
							found[i] = true
							list = append(list, Problem{Line: i + 1, Field: "target", Key: "route.problem.azure_reseller", Args: map[string]string{"Which": strconv.Itoa(i + 1)}})
						}
					}
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b Problem) int { return a.Line - b.Line })
	return list
}
