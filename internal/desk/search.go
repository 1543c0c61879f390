package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/internal/search"
)

// LongestSearch is how much of what is typed is looked for, in bytes.
const LongestSearch = 300

// Search is what somebody looks for: words, and what the tickets must be besides.
type Search struct {
	Text    string // as typed
	Number  int64  // a text that is a ticket's number and nothing else
	Words   search.Query
	Clauses []Clause
	Told    []SearchProblem // what could not be understood; the rest is looked for all the same
}

// Asks tells whether there is anything to look for.
func (s Search) Asks() bool { return !s.Words.Empty() || len(s.Clauses) > 0 }

// SearchProblem is a part of the text that means nothing. What is the field that it
// is no value of, "no_field" for a field that there is not, "small_words" for words
// that nearly every ticket holds.
type SearchProblem struct{ Part, What string }

// Clause is a condition on tickets. What it holds goes by its field.
type Clause struct {
	Field      SearchField
	Not        bool
	Text       string // of a name or a tag: folded; of a tag: as typed
	States     []State
	Outcome    Outcome
	Services   []string
	Priority   int
	Person     ID // assignee: me; Nobody: nobody
	At         time.Time
	From, Upon bool // due: after At and not before it; nothing is due at all
}

// SearchField is what a condition is about.
type SearchField string

// The fields of a search, as messages name them.
const (
	SearchCustomer    SearchField = "customer"
	SearchStatus      SearchField = "status"
	SearchDue         SearchField = "due"
	SearchOutcome     SearchField = "outcome"
	SearchService     SearchField = "service"
	SearchAssignee    SearchField = "assignee"
	SearchMine        SearchField = "mine"
	SearchPriority    SearchField = "priority"
	SearchTag         SearchField = "tag"
	SearchBefore      SearchField = "before"
	SearchAfter       SearchField = "after"
	SearchIs          SearchField = "is"
	SearchUnconfirmed SearchField = "unconfirmed"
)

// searchNames are the fields as people type them, without accents, in both
// languages: whoever changes the language of his pages keeps his habits.
var searchNames = reversedNames(map[SearchField]string{
	SearchCustomer: "customer client company societe entreprise",
	SearchStatus:   "status state etat statut",
	SearchDue:      "due deadline echeance delai",
	SearchOutcome:  "outcome decision verdict",
	SearchService:  "service produit product",
	SearchAssignee: "assignee assigned agent responsable attribue assigne",
	SearchPriority: "priority priorite prio",
	SearchTag:      "tag etiquette label",
	SearchBefore:   "before avant",
	SearchAfter:    "after since apres depuis",
	SearchIs:       "is est",
})

// customersFields are those that a customer's people search by.
var customersFields = []SearchField{SearchStatus, SearchService, SearchBefore, SearchAfter}

// SearchFields are the fields that a reader searches by, in the order in which
// they are explained.
func SearchFields(who Actor) []SearchField {
	if who.DeskSide() {
		return []SearchField{SearchCustomer, SearchStatus, SearchDue, SearchOutcome, SearchService, SearchAssignee, SearchPriority, SearchTag, SearchBefore, SearchAfter, SearchIs}
	}
	return customersFields
}

func reversedNames(m map[SearchField]string) map[string]SearchField {
	names := map[string]SearchField{}
	for f, list := range m {
		for _, n := range strings.Fields(list) {
			names[n] = f
		}
	}
	return names
}

// ReadSearch understands what was typed. Nothing is wrong with it: what names no
// field is words, and what a field cannot be is told.
func ReadSearch(typed string, who Actor, now time.Time) Search {
	s := Search{Text: strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(typed, ""), "\x00", ""))}
	if len(s.Text) > LongestSearch {
		s.Text = strings.TrimSpace(strings.ToValidUTF8(s.Text[:LongestSearch], ""))
	}
	if n, err := strconv.ParseInt(strings.TrimPrefix(s.Text, "#"), 10, 64); err == nil && n > 0 {
		s.Number = n
	}
	small := false
	for _, p := range search.Pieces(s.Text) {
		field, known := searchNames[p.Field]
		if p.Field != "" && known && slices.Contains(SearchFields(who), field) {
			c, ok := readClause(field, p.Value, who, now)
			if !ok {
				s.Told = append(s.Told, SearchProblem{p.Name + ":" + p.Value, string(field)})
				continue
			}
			c.Not = p.Not != c.Not
			s.Clauses = append(s.Clauses, c)
			continue
		}
		if p.Field != "" {
			s.Told = append(s.Told, SearchProblem{p.Name + ":", "no_field"})
			p.Value, p.Quoted = p.Name+" "+p.Value, false
		}
		small = !s.addWords(p) || small
	}
	if small && !s.Asks() && len(s.Told) == 0 {
		s.Told = append(s.Told, SearchProblem{s.Text, "small_words"})
	}
	return s
}

// addWords looks for the words of a piece that is no field, those between spaces
// each for itself.
func (s *Search) addWords(p search.Piece) bool {
	if p.Quoted {
		return s.Words.Add(p)
	}
	added := false
	for _, w := range strings.Fields(p.Value) {
		p.Value = w
		added = s.Words.Add(p) || added
	}
	return added
}

func readClause(f SearchField, value string, who Actor, now time.Time) (Clause, bool) {
	c := Clause{Field: f}
	word := search.Fold(value)
	ok := word != ""
	switch f {
	case SearchCustomer:
		c.Text = word
	case SearchStatus:
		c.States = searchStates[word]
		ok = len(c.States) > 0
	case SearchDue:
		ok = c.readDue(word, who, now)
	case SearchOutcome:
		c.Outcome, ok = searchOutcomes[word]
	case SearchService:
		c.Services = servicesLike(word)
		ok = len(c.Services) > 0
	case SearchAssignee:
		c.readAssignee(word, who)
	case SearchPriority:
		n, err := strconv.Atoi(strings.TrimPrefix(word, "p"))
		c.Priority, ok = n, err == nil && n >= 1 && n <= 4
	case SearchTag:
		c.Text = strings.TrimSpace(value)
	case SearchBefore, SearchAfter:
		c.At, ok = readDay(word, who.Location(), now)
	case SearchIs:
		ok = c.readIs(word, who, now)
	}
	return c, ok
}

var (
	openStates   = []State{New, Open, WaitingCustomer, WaitingMicrosoft, WaitingThirdParty}
	endedStates  = []State{Resolved, Closed}
	searchStates = map[string][]State{
		"open": openStates, "ouvert": openStates, "ouverte": openStates, "ouverts": openStates, "actif": openStates, "active": openStates,
		"ended": endedStates, "termine": endedStates, "terminee": endedStates, "fini": endedStates,
		"new": {New}, "nouveau": {New}, "nouvelle": {New}, "resolved": {Resolved}, "solved": {Resolved}, "resolu": {Resolved}, "resolue": {Resolved},
		"closed": {Closed}, "clos": {Closed}, "close": {Closed}, "ferme": {Closed}, "fermee": {Closed},
		"working": {Open}, "encours": {Open}, "en_cours": {Open}, "en cours": {Open},
		"waiting": {WaitingCustomer, WaitingMicrosoft, WaitingThirdParty}, "attente": {WaitingCustomer, WaitingMicrosoft, WaitingThirdParty}, "en attente": {WaitingCustomer, WaitingMicrosoft, WaitingThirdParty},
		"waiting_customer": {WaitingCustomer}, "customer": {WaitingCustomer}, "client": {WaitingCustomer},
		"waiting_microsoft": {WaitingMicrosoft}, "microsoft": {WaitingMicrosoft},
		"waiting_third_party": {WaitingThirdParty}, "third_party": {WaitingThirdParty}, "tiers": {WaitingThirdParty},
	}
	searchOutcomes = map[string]Outcome{
		"partner": Partner, "partenaire": Partner, "nous": Partner, "us": Partner, "microsoft": Microsoft, "ms": Microsoft,
		"info": NeedsInfo, "needs_info": NeedsInfo, "unclear": NeedsInfo, "question": NeedsInfo, "precisions": NeedsInfo, "a_preciser": NeedsInfo, "apreciser": NeedsInfo,
	}
)

// servicesLike are the services whose name holds a word; a service that a
// publisher calls so alone where there is one.
func servicesLike(word string) (list []string) {
	for _, s := range services {
		if strings.Contains(search.Fold(s.Name), word) || search.Fold(s.Short) == word {
			list = append(list, s.Name)
		}
	}
	if s, ok := ServiceNamed(ServiceOf(word)); ok && len(list) == 0 {
		list = append(list, s.Name)
	}
	return list
}

// readDue understands "<2h", ">1d", "late", "none": how far from now something is
// due.
func (c *Clause) readDue(word string, who Actor, now time.Time) bool {
	switch word {
	case "late", "overdue", "retard", "en retard", "depasse", "depassee":
		c.At = now
		return true
	case "today", "aujourd'hui", "aujourd’hui", "aujourdhui":
		y, m, d := now.In(who.Location()).Date()
		c.At = time.Date(y, m, d+1, 0, 0, 0, 0, who.Location())
		return true
	case "none", "never", "aucune", "aucun", "sans":
		c.Upon = true
		return true
	}
	c.From = strings.HasPrefix(word, ">")
	word = strings.TrimLeft(word, "<>=")
	units := map[string]time.Duration{"m": time.Minute, "mn": time.Minute, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "j": 24 * time.Hour, "w": 7 * 24 * time.Hour, "s": 7 * 24 * time.Hour}
	digits := strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	unit, known := units[word[len(digits):]]
	if err != nil || !known || n < 0 || n > 10_000 {
		return false
	}
	c.At = now.Add(time.Duration(n) * unit)
	return true
}

func (c *Clause) readAssignee(word string, who Actor) {
	switch word {
	case "me", "moi":
		c.Field, c.Person = SearchMine, who.Person.ID
	case "none", "nobody", "personne", "aucun":
		c.Field = SearchMine
	default:
		c.Text = word
	}
}

func (c *Clause) readIs(word string, who Actor, now time.Time) bool {
	switch strings.ReplaceAll(word, "_", " ") {
	case "unconfirmed", "non confirme", "a confirmer":
		c.Field = SearchUnconfirmed
	case "confirmed", "confirme", "confirmee":
		c.Field, c.Not = SearchUnconfirmed, true
	case "late", "overdue", "retard", "en retard":
		c.Field, c.At = SearchDue, now
	case "mine", "mien", "moi":
		c.Field, c.Person = SearchMine, who.Person.ID
	case "unassigned", "libre", "non attribue":
		c.Field = SearchMine
	case "open", "ouvert", "ouverte":
		c.Field, c.States = SearchStatus, openStates
	case "ended", "closed", "termine", "terminee", "ferme", "fermee":
		c.Field, c.States = SearchStatus, endedStates
	default:
		return false
	}
	return true
}

// readDay understands a day as either language writes it, and the words for the
// nearest ones: its first instant.
func readDay(word string, zone *time.Location, now time.Time) (time.Time, bool) {
	y, m, d := now.In(zone).Date()
	switch word {
	case "today", "aujourd'hui", "aujourd’hui", "aujourdhui":
		return time.Date(y, m, d, 0, 0, 0, 0, zone), true
	case "yesterday", "hier":
		return time.Date(y, m, d-1, 0, 0, 0, 0, zone), true
	}
	for _, form := range []string{"2006-01-02", "2006-1-2", "02/01/2006", "2/1/2006", "02.01.2006", "2006-01"} {
		if t, err := time.ParseInLocation(form, word, zone); err == nil && t.Year() >= 1990 && t.Year() < 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}
