package page

import (
	"strings"

	"guichet/internal/i18n"
)

// factName is a fact as a person chooses it for a rule, or reads it in a list.
func factName(p *i18n.Printer, name string) string {
	if strings.HasPrefix(name, "said_") && name != "said_service_signs" || strings.HasPrefix(name, "found_") {
		return p.T("because." + name) // a clause by itself: such facts have no value
	}
	return p.T("fact." + name)
}

// factWord is a fact's value in words.
func factWord(p *i18n.Printer, name, value string) string {
	switch name {
	case "affected":
		return p.T("affected." + value)
	case "kind":
		return p.T("kind." + value)
	case "likely_partner", "likely_microsoft":
		return p.T("category." + value)
	case "service":
		return serviceName(p, value)
	case "language":
		if value == string(i18n.French) || value == string(i18n.English) {
			return p.T("language." + value)
		}
	}
	return value
}
