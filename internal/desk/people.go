package desk

import (
	"strings"
	"time"
)

// Role says which side a person stands on and what he may do there.
type Role string

// Roles, weakest first on each side.
const (
	Contact Role = "contact" // sees his own tickets and those he follows
	Manager Role = "manager" // sees all tickets of his company
	Agent   Role = "agent"   // works the queue
	Lead    Role = "lead"    // an agent who also answers for others
	Admin   Role = "admin"   // configures the desk
)

// DeskSide tells an agent, lead or admin from a customer's person.
func (r Role) DeskSide() bool { return r == Agent || r == Lead || r == Admin }

// CustomerRoles and DeskRoles list the choices a form offers.
func CustomerRoles() []Role { return []Role{Contact, Manager} }

// DeskRoles lists the roles of a desk's own people.
func DeskRoles() []Role { return []Role{Agent, Lead, Admin} }

// Person is someone who signs in at one desk. Once bound he is known by
// identity (issuer, tenant and object id), never by e-mail.
type Person struct {
	ID              ID
	CustomerID      ID // Nobody for the desk's people
	SubcontractorID ID // the company that lends him to the desk, Nobody for all others
	IdentityID      ID // Nobody until the first sign-in
	Name            string
	Email           string
	Role            Role
	Language        string // "" follows the desk, then the browser
	Zone            string // "" follows the desk
	KeysOff         bool   // single-key shortcuts switched off
	Letters         LetterChoices
	FailingSince    *time.Time // since when letters to his address come back; nil: they do not
	Failing         string     // what the other server said
	Active          bool
	CreatedAt       time.Time
	ErasedAt        *time.Time // he was to be forgotten: nothing here says any more who he was
}

// PersonSettings is what an admin may say of a person.
type PersonSettings struct {
	Name, Email, Language string
	Role                  Role
	CustomerID            ID
	SubcontractorID       ID
	Active                bool
}

// NewPerson invites someone. Errors: Invalid, by field.
func NewPerson(s PersonSettings) (Person, error) {
	s.Active = true
	return Person{ID: NewID()}.With(s)
}

// With returns the person with new settings. Errors: Invalid, by field; a
// person's side never changes, since what he wrote stays on that side.
func (p Person) With(s PersonSettings) (Person, error) {
	var wrong Problems
	if p.Role != "" && (p.Role.DeskSide() != s.Role.DeskSide() || p.CustomerID != s.CustomerID) {
		wrong.Add("role", "error.side")
	}
	p.Name, p.Email, p.Language = clean(s.Name), strings.ToLower(strings.TrimSpace(s.Email)), s.Language
	p.Role, p.CustomerID, p.Active = s.Role, s.CustomerID, s.Active
	wrong.Text("name", p.Name, 1, 80)
	wrong.Email("email", p.Email)
	wrong.OneOf("language", p.Language, "", "fr", "en")
	if p.CustomerID == Nobody {
		wrong.OneOf("role", string(p.Role), string(Agent), string(Lead), string(Admin))
	} else {
		wrong.OneOf("role", string(p.Role), string(Contact), string(Manager))
	}
	wrong.Merge(p.work(s.SubcontractorID))
	return p, wrong.Err()
}

// work changes who employs a person of the desk. Another company vouches for
// another account: he is invited anew.
func (p *Person) work(subcontractor ID) (wrong Problems) {
	if p.SubcontractorID != subcontractor {
		p.SubcontractorID, p.IdentityID = subcontractor, Nobody
	}
	switch {
	case subcontractor == Nobody:
	case p.CustomerID != Nobody:
		wrong.Add("subcontractor", "error.side")
	case p.Role == Admin:
		wrong.Add("role", "error.subcontractor.role")
	}
	return wrong
}

// Preferences is what a person may change about himself.
type Preferences struct {
	Language, Zone string
	KeysOff        bool
	Letters        LetterChoices
}

// WithPreferences returns the person with new preferences. Errors: Invalid.
func (p Person) WithPreferences(s Preferences) (Person, error) {
	var wrong Problems
	wrong.OneOf("language", s.Language, "", "fr", "en")
	if s.Zone != "" {
		if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
			wrong.Add("zone", "error.zone")
		}
	}
	wrong.Merge(s.Letters.wrong(p.Role))
	p.Language, p.Zone, p.KeysOff, p.Letters = s.Language, s.Zone, s.KeysOff, s.Letters
	return p, wrong.Err()
}

// Initials are shown in a person's avatar.
func Initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(name) {
		out = append(out, []rune(strings.ToUpper(w))[0])
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return string(out)
}

// FirstName is how a colleague is spoken of.
func FirstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
