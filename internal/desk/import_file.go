package desk

import (
	"hash/maphash"
	"strings"
	"time"
)

// instants are the ways in which systems write when something was, the day before the
// month where both are numbers.
var instants = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006", "2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006", "02.01.2006 15:04:05", "02.01.2006 15:04", "02.01.2006",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-07", "2006-01-02T15:04:05.999999999-0700"}

// oldest is before any desk's first ticket.
var oldest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// instant reads when something was: zero where nothing is said, or not rightly.
func (j *Judged) instant(column string, w ImportWorld) time.Time {
	text := j.Cells[column]
	if text == "" {
		return time.Time{}
	}
	at, ok := readInstant(text, w.Zone)
	switch {
	case !ok, at.Before(oldest):
		j.Problems.Add(column, "moving.error.date")
		return time.Time{}
	case at.After(w.Now):
		j.Problems.Add(column, "moving.error.future")
		return time.Time{}
	}
	return at
}

// readInstant reads a time, in a zone unless it says another.
func readInstant(text string, zone *time.Location) (at time.Time, ok bool) {
	for _, layout := range instants {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// What other systems call what a desk knows, in both languages.
var (
	yesOrNo       = map[string][]string{"yes": {"oui", "true", "vrai", "1", "x", "y", "o"}, "no": {"non", "false", "faux", "0", "n"}}
	relationWords = map[string][]string{string(Direct): {"directe", "direct-bill"}, string(Reseller): {"revendeur", "indirect reseller"}, string(Provider): {"fournisseur", "indirect provider"}}
	roleWords     = map[string][]string{string(Contact): {"utilisateur", "user"}, string(Manager): {"responsable", "admin", "administrateur", "administrator"}}
	langWords     = map[string][]string{"fr": {"français", "francais", "french", "fr-fr"}, "en": {"anglais", "english", "en-us", "en-gb"}}
	kindWords     = map[string][]string{"problem": {"problème", "incident", "panne"}, "question": {"demande", "request"}, "subscription": {"abonnement", "commande", "order"}, "billing": {"facturation", "facture"}}
	stateWords    = map[string][]string{string(Open): {"ouvert", "ouverte", "new", "nouveau", "nouvelle", "en cours", "in progress", "pending", "on hold", "en attente"},
		string(WaitingCustomer): {"attente client", "en attente du client", "waiting for customer", "waiting customer"},
		string(Resolved):        {"résolu", "résolue", "solved", "completed", "terminé"}, string(Closed): {"clos", "close", "fermé", "fermée", "clôturé", "done"}}
)

// ImportMarks remembers what the lines of a file have said, in a few bytes each.
type ImportMarks struct {
	seed maphash.Seed
	seen map[uint64]int32
}

// NewImportMarks begins a file.
func NewImportMarks() *ImportMarks {
	return &ImportMarks{maphash.MakeSeed(), map[uint64]int32{}}
}

// Once finds a line bad that says what one before it said.
func (m *ImportMarks) Once(j *Judged) {
	if j.State == LineBad {
		return
	}
	for _, mark := range j.marks {
		sum := maphash.String(m.seed, mark)
		if first, said := m.seen[sum]; said {
			column, _, _ := strings.Cut(mark, " ")
			if column == "id" || column == "key" {
				column = "external_id"
			}
			j.Problems.Add(column, "moving.error.twice", "Line", int(first))
			j.State = LineBad
			return
		}
	}
	for _, mark := range j.marks {
		m.seen[maphash.String(m.seed, mark)] = int32(j.Line) //nolint:gosec // MaxImportLines bounds it
	}
}
