package desk

import (
	"slices"
	"time"

	"guichet/internal/sheet"
)

// ImportKind is what a file of another system holds.
type ImportKind string

// The kinds, in the order in which they are read: each names what the one before
// brought.
const (
	ImportCustomers ImportKind = "customers"
	ImportPeople    ImportKind = "people"
	ImportTickets   ImportKind = "tickets"
	ImportMessages  ImportKind = "messages"
)

// ImportKinds lists them.
func ImportKinds() []ImportKind {
	return []ImportKind{ImportCustomers, ImportPeople, ImportTickets, ImportMessages}
}

// ImportState is how far a file has come.
type ImportState string

// The states of a file.
const (
	ImportReading ImportState = "reading"
	ImportRead    ImportState = "read" // nothing was added: it waits for somebody's word
	ImportAdding  ImportState = "adding"
	ImportDone    ImportState = "done"
	ImportFailed  ImportState = "failed"  // it could not be read, or adding broke off
	ImportDropped ImportState = "dropped" // nobody wanted it
)

// Running tells a file that a job is at work on.
func (s ImportState) Running() bool { return s == ImportReading || s == ImportAdding }

// Import is a file of another system, as far as it was read and added.
type Import struct {
	ID         ID
	Kind       ImportKind
	Name       string // as its sender called it, cleaned
	Bytes      int64
	Sum        string // SHA-256, in hexadecimal
	Blob       string // until it is read
	Encoding   string
	Comma      string
	Unread     []string // names of columns that say nothing here
	State      ImportState
	Problem    string // why nothing of it could be read, below "moving.file."
	At         int    // the last line that was read, or added
	Good       int    // lines that were, or will be, added
	Known      int    // lines that say what is there already
	Bad        int
	Added      int
	PersonID   ID
	PersonName string
	CreatedAt  time.Time
	EndedAt    *time.Time
}

// Lines is how many lines were read.
func (i Import) Lines() int { return i.Good + i.Known + i.Bad }

// Count adds lines of a state.
func (i *Import) Count(s LineState, n int) {
	switch s {
	case LineGood:
		i.Good += n
	case LineKnown:
		i.Known += n
	case LineBad:
		i.Bad += n
	}
}

// Limits of a file: its bytes, its lines, and how long its lines are kept to be asked
// for.
const (
	MaxImportBytes = 20 << 20
	MaxImportLines = 100_000
	ImportLife     = 30 * 24 * time.Hour
)

// NewImport records that an admin sends a file. Errors: Invalid on "kind".
func NewImport(kind, name string, by ID, now time.Time) (Import, error) {
	i := Import{ID: NewID(), Kind: ImportKind(kind), Name: FileName(name), State: ImportReading, Unread: []string{}, PersonID: by, CreatedAt: now}
	if !slices.Contains(ImportKinds(), i.Kind) {
		return i, NewInvalid("kind", "error.choose")
	}
	return i, nil
}

// LineState is what becomes of a line.
type LineState string

// The states of a line.
const (
	LineGood  LineState = "good"
	LineKnown LineState = "known" // what it says is there already
	LineBad   LineState = "bad"
	LineAdded LineState = "added"
)

// ImportLine is one of a file, by what its columns say. Its problems name a column.
type ImportLine struct {
	Line     int
	State    LineState
	Cells    map[string]string
	Problems Problems
}

// importColumns are what a file may say, with the names that other systems give it.
var importColumns = map[ImportKind][]sheet.Column{
	ImportCustomers: {
		{Name: "external_id", Said: []string{"identifiant externe", "external id", "id", "client id", "customer id", "company id", "account id"}},
		{Name: "name", Needed: true, Said: []string{"nom", "client", "customer", "company", "société", "raison sociale", "organisation", "organization", "account"}},
		{Name: "tenant", Said: []string{"identifiant microsoft", "tenant id", "microsoft id", "microsoftid", "customer tenant id", "locataire"}},
		{Name: "initial_domain", Said: []string{"domaine initial", "initial domain", "onmicrosoft", "default domain"}},
		{Name: "domains", Said: []string{"domaines", "domain", "domaine", "email domains"}},
		{Name: "relationship", Said: []string{"relation", "relationship type"}},
		{Name: "region", Said: []string{"région", "country", "pays"}},
		{Name: "priority", Said: []string{"prioritaire", "vip"}},
		{Name: "open_door", Said: []string{"porte ouverte", "open door"}},
		{Name: "note", Said: []string{"notes", "remarque", "commentaire", "comment"}},
	},
	ImportPeople: {
		{Name: "external_id", Said: []string{"identifiant externe", "external id", "id", "contact id", "user id"}},
		{Name: "customer", Needed: true, Said: []string{"client", "société", "company", "organisation", "organization", "account", "customer id", "client id"}},
		{Name: "name", Needed: true, Said: []string{"nom", "full name", "nom complet", "display name", "contact"}},
		{Name: "email", Needed: true, Said: []string{"e-mail", "courriel", "adresse e-mail", "email address", "mail"}},
		{Name: "role", Said: []string{"rôle"}},
		{Name: "language", Said: []string{"langue", "locale"}},
	},
	ImportTickets: {
		{Name: "external_id", Needed: true, Said: []string{"identifiant externe", "external id", "id", "ticket id", "number", "numéro", "ticket", "ticket number"}},
		{Name: "customer", Said: []string{"client", "société", "company", "organisation", "organization", "account"}},
		{Name: "requester", Needed: true, Said: []string{"demandeur", "requester email", "e-mail du demandeur", "email", "e-mail", "courriel", "contact email"}},
		{Name: "subject", Needed: true, Said: []string{"objet", "sujet", "title", "titre", "summary"}},
		{Name: "text", Needed: true, Said: []string{"texte", "description", "body", "message", "details", "détails"}},
		{Name: "created", Needed: true, Said: []string{"créé", "créé le", "created at", "date", "opened", "ouvert le", "date created"}},
		{Name: "closed", Said: []string{"fermé", "fermé le", "clos le", "closed at", "resolved", "résolu le", "date closed"}},
		{Name: "state", Said: []string{"état", "statut", "status"}},
		{Name: "service", Said: []string{"produit", "product"}},
		{Name: "kind", Said: []string{"nature", "type"}},
	},
	ImportMessages: {
		{Name: "ticket", Needed: true, Said: []string{"demande", "ticket id", "identifiant de la demande", "ticket number", "numéro"}},
		{Name: "author", Needed: true, Said: []string{"auteur", "author email", "e-mail de l’auteur", "from", "de", "email", "e-mail"}},
		{Name: "text", Needed: true, Said: []string{"texte", "message", "body", "contenu"}},
		{Name: "at", Needed: true, Said: []string{"le", "date", "created", "créé le", "created at", "sent at", "envoyé le"}},
		{Name: "internal", Said: []string{"interne", "note", "private", "privé"}},
		{Name: "external_id", Said: []string{"identifiant externe", "external id", "id", "message id"}},
	},
}

// Columns are those that a file of the kind may have.
func (k ImportKind) Columns() []sheet.Column { return importColumns[k] }
