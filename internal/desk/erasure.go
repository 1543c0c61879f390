package desk

// Erasure is that a person was erased: nothing of whom he was.
type Erasure struct {
	PersonID ID
	ErasedBy ID
	Files    int
	Mails    int
}

// Traces is what a desk has of a person: files and mails go with him, tickets and
// messages stay without his name.
type Traces struct{ Files, Mails, Tickets, Messages int }

// erasedNames are what somebody is called who was erased, and what his files are, in
// the desk's language: everybody at the desk reads the same row.
var erasedNames = map[string][2]string{"fr": {"Personne effacée", "fichier effacé"}, "en": {"Erased person", "erased file"}}

// Erased is what is left of a person, and what the files that he sent are called. His
// address is one at which nobody can ever be reached (RFC 2606).
func (p Person) Erased(language string) (left Person, file string) {
	names := erasedNames[language]
	left = Person{ID: p.ID, CustomerID: p.CustomerID, SubcontractorID: p.SubcontractorID, Role: p.Role, CreatedAt: p.CreatedAt, Name: names[0], Email: p.ID.String() + "@erased.invalid"}
	return left, names[1]
}
