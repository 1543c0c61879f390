package page

import (
	"strings"

	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// routeLists are the words that lines and cases speak with, by the name of what
// they answer, and where the catalogue says them.
var routeLists = map[string]struct {
	family string
	words  []string
}{
	"relation": {"route.relation.", route.Relations}, "channel": {"route.channel.", route.Channels}, "family": {"route.family.", route.Families},
	"workload": {"route.workload.", route.Workloads()}, "topic": {"route.topic.", route.Topics}, "plan": {"route.plan.", route.Plans},
	"kind": {"kind.", route.Kinds}, "category": {"category.", route.Categories},
}

// routeWord is one of them as people say it; "" for "".
func routeWord(p *i18n.Printer, list, word string) string {
	l := routeLists[list]
	return among(p, l.family, word, l.words)
}

// routeOptions are the words of a list as a form offers them, behind one that
// means none of them.
func routeOptions(p *i18n.Printer, list, none string) []ui.Option {
	options := []ui.Option{{Text: none}}
	for _, w := range routeLists[list].words {
		options = append(options, ui.Option{Value: w, Text: upperFirst(routeWord(p, list, w))})
	}
	return options
}

// routeTo says who must act, and in which portal: "à Microsoft, dans le portail Azure".
func routeTo(p *i18n.Printer, t route.Target, portal string) string {
	words := p.T("route.target." + string(t))
	if o, ok := route.PortalOf(portal); ok && t == route.Microsoft {
		return p.T("route.through", "Target", words, "Portal", portalName(p, o))
	}
	return words
}

// portalName is a portal within a sentence: "le portail Azure".
func portalName(p *i18n.Printer, o route.Portal) string { return p.T("route.portal." + o.Key) }

// routeReason is one sentence of why.
func routeReason(p *i18n.Printer, r route.Reason) string {
	var args []any
	for name, word := range r.Args {
		if list := strings.ToLower(name); routeLists[list].words != nil {
			word = routeWord(p, list, word)
		}
		args = append(args, name, word)
	}
	return p.T(r.Key, args...)
}

// routeNote is what whoever carries a request must know, in the reader's
// language, else in the other one.
func routeNote(p *i18n.Printer, note map[string]string) string {
	for _, lang := range []string{string(p.Lang()), "fr", "en"} {
		if note[lang] != "" {
			return shown(note[lang])
		}
	}
	return ""
}
