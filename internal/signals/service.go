package signals

import "strings"

// named is a service that a text names.
type named struct{ family, name string }

var serviceLexicon = loadLexicon("service-name.txt")

// familyOf is the family of a service by its official name: m365, azure, power, dynamics,
// commerce; "other" for what is not Microsoft's, "" when unknown.
func familyOf(service string) string {
	folded := fold(strings.TrimSpace(service))
	switch folded {
	case "", "unknown":
		return ""
	case "other":
		return "other"
	}
	for _, c := range serviceLexicon.concepts() {
		family, name, _ := strings.Cut(c, "/")
		if name == folded {
			return family
		}
	}
	if strings.HasPrefix(folded, "azure") {
		return "azure"
	}
	if strings.HasPrefix(folded, "dynamics") {
		return "dynamics"
	}
	if strings.HasPrefix(folded, "power") {
		return "power"
	}
	return "m365"
}

func namedServices(p passage) []named {
	var all []named
	seen := map[string]bool{}
	for _, h := range p.hits[inServices] {
		family, name, _ := strings.Cut(h.concept, "/")
		if !seen[name] {
			seen[name] = true
			all = append(all, named{family: family, name: name})
		}
	}
	return all
}

func names(services []named) []string {
	all := make([]string, len(services))
	for i, s := range services {
		all[i] = s.name
	}
	return all
}
