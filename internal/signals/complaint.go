package signals

import (
	"slices"
	"strings"
)

// Says is how much a ticket complains that a service fails, read for the sake of other customers.
type Says uint8

const (
	NoFailure Says = iota // asks, orders, or tells of one person, one machine, an own line
	Trouble               // something fails, and nothing tells whether for one or for many
	Outage                // a service fails for many, or its servers say so
)

// Complaint is what a ticket says about a service, as far as other customers may say the same.
type Complaint struct {
	Says     Says
	Services []Service // that may be meant, the likeliest first; empty when nothing tells
	Places   []string  // the place and those that hold it, the narrowest first: francecentral, france, europe
	Other    bool      // it is certainly about something else: an order, a password, a printer, a rumour
	Local    bool      // it speaks of the customer's own line or provider
	Wide     bool      // it speaks of several services, or of the road to them
	Chasing  bool      // it asks for news
	Thread   string    // the subject, folded, without the marks of an answer
	Words    []string  // its telling words, cut to their beginnings, sorted
}

var (
	complaints     = loadLexicon("complaint.txt")
	morePlaces     = loadLexicon("complaint-place.txt")
	otherThings    = []string{"forgot", "order", "phish", "rumour", "device"}
	ownThings      = []string{"one", "how_to", "chore"}
	maxComplaint   = 4_000 // bytes of a text that are read: a complaint is made in its first lines
	longestSubject = 300
)

// ReadComplaint reads a ticket's subject and body with the service and place that its form names.
// It never fails: what cannot be read says nothing.
func ReadComplaint(subject, body, service, region string) Complaint {
	subject = clean(clipTo(subject, longestSubject))
	body = unquoted(clean(clipTo(body, maxComplaint)))
	p := passageOf(subject + "\n\n" + body)
	hits := complaints.find(p.words)
	said := concepts(p, hits)
	c := Complaint{
		Places:  placesOf(region, p),
		Chasing: said["chasing"],
		Thread:  threadOf(subject),
		Words:   telling(p.words),
		Local:   said["local"] && !said["line_cleared"],
	}
	c.Services, c.Wide = meant(formService(clean(service)), p, hits)
	c.Wide = c.Wide || said["wide"]
	said["since"] = sudden(p.words)
	said["many"] = said["many"] || number(p.words)
	c.Says, c.Other = judge(said, c)
	return c
}

// concepts tells which concepts of the complaint lexicon hold.
func concepts(p passage, hits []hit) map[string]bool {
	also := map[int]bool{}
	for _, h := range hits {
		if h.concept == "also" {
			also[p.words[h.from].sentence] = true
		}
	}
	said := map[string]bool{}
	for _, h := range hits {
		concept := h.concept
		if opposite, turns := complaints.negations[concept]; turns && isNegated(h, p.hits[inNegators], p.words) {
			concept = opposite
		}
		if concept == "one" && also[p.words[h.from].sentence] {
			continue
		}
		said[concept] = true
	}
	return said
}

// judge weighs what was said: that it fails, for many, since a minute of the clock. What fails for
// many is an outage; one of these alone, of a service, is trouble. What is certainly something else
// stays so however loudly it is told.
func judge(said map[string]bool, c Complaint) (says Says, other bool) {
	many := said["many"]
	fails := said["down"] || said["cannot"] || said["server_error"] || many && said["since"] || said["wide"] && (many || said["line_cleared"])
	own := slices.ContainsFunc(ownThings, func(concept string) bool { return said[concept] })
	other = c.Local || slices.ContainsFunc(otherThings, func(concept string) bool { return said[concept] })
	switch {
	case other:
		return NoFailure, true
	case !fails && (own || !many && !said["since"] || len(c.Services) == 0):
		return NoFailure, own
	case fails && many, fails && !own && (said["server_error"] || said["elsewhere_too"] || c.Wide):
		return Outage, false
	case own:
		return NoFailure, true
	case len(c.Services) > 0:
		return Trouble, false
	}
	return NoFailure, false
}

// sudden finds "since 9:14": what fails for one alone is seldom told to the minute.
func sudden(words []word) bool {
	for i := range words {
		switch words[i].text {
		case "since", "depuis", "seit", "desde", "dalle", "sinds", "vers", "das", "from", "um":
			for j := i + 1; j < min(i+3, len(words)-1); j++ {
				if isNumber(words[j].text) && len(words[j].text) <= 2 && (isNumber(words[j+1].text) || words[j+1].text == "h" || words[j+1].text == "uhr" || words[j+1].text == "am") {
					return true
				}
			}
		}
	}
	return false
}

// meant lists the services that a ticket may be about, and whether it names several that fail.
func meant(form Service, p passage, complaint []hit) (all []Service, several bool) {
	named, hinted := failing(p, complaint)
	if form.Name != "" && !(form.Name == "Microsoft 365 Apps" && len(named) > 0) {
		all = append(all, form)
	}
	for _, s := range named {
		if !slices.ContainsFunc(all, func(o Service) bool { return o.Kin == s.Kin && o.Kin != "" }) {
			all = append(all, s)
		}
	}
	if len(specific(slices.Clone(all))) == 0 || !slices.ContainsFunc(all, func(s Service) bool { return s.Name != "" }) {
		all = append(all, hinted...)
	}
	if len(all) == 0 && form.Family != "" {
		all = append(all, form)
	}
	kin := map[string]bool{}
	for _, s := range named {
		if s.Kin != "" {
			kin[s.Kin] = true
		}
	}
	return specific(all), len(kin) > 1
}

// counted are the people, machines and places that a number before them makes many.
var counted = loadCounted()

func loadCounted() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`users people employees staff colleagues seats mailboxes accounts sites offices machines vms servers pcs computers branches agents desktops desks
		utilisateurs utilisatrices personnes salaries collaborateurs collegues postes comptes boites agences bureaux serveurs magasins
		benutzer mitarbeiter personen leute nutzer anwender kollegen arbeitsplatze postfacher standorte rechner server konten filialen
		usuarios personas empleados companeros puestos buzones sedes equipos oficinas servidores maquinas cuentas tiendas
		utenti persone dipendenti colleghi postazioni caselle sedi uffici macchine account negozi
		utilizadores pessoas funcionarios colegas colaboradores postos lojas escritorios contas caixas
		gebruikers mensen medewerkers collegas werkplekken vestigingen kantoren postvakken winkels`) {
		set[w] = true
	}
	return set
}

// number finds "43 users", "7 of 9" and "we are 12", in the languages that we read.
func number(words []word) bool {
	for i := range words {
		switch words[i].text {
		case "sommes", "somos", "siamo", "sind", "zijn":
			if i+1 < len(words) && several(words[i+1].text) {
				return true
			}
		}
		if !several(words[i].text) || i+1 == len(words) || words[i+1].sentence != words[i].sentence {
			continue
		}
		for j := i + 1; j < min(i+3, len(words)); j++ {
			if counted[words[j].text] {
				return true
			}
		}
		for j := i + 1; j < min(i+4, len(words)-1); j++ {
			switch words[j].text {
			case "of", "sur", "von", "de", "su", "van", "out", "di":
				if several(words[j+1].text) {
					return true
				}
			}
		}
	}
	return false
}

// several reads a number of more than one, without leading noughts: no clock time, no year.
func several(w string) bool {
	return len(w) <= 5 && isNumber(w) && w[0] != '0' && w != "1"
}

func isNumber(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return w != ""
}
