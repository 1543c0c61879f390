package desk

import "slices"

// Tidings are what committed acts changed at one desk, told between the processes of
// an installation. It says which, never what: whoever hears it reads again what he
// may see.
type Tidings struct {
	Desk     ID         `json:"desk"`
	Touched  []ID       `json:"touched,omitempty"` // tickets of which something changed that only the desk sees
	Public   []ID       `json:"public,omitempty"`  // tickets of which something changed that their customers see too
	Many     bool       `json:"many,omitempty"`    // more tickets than are worth naming
	Here     []Presence `json:"here,omitempty"`
	People   []ID       `json:"people,omitempty"`   // who may have lost a right or a session
	Sessions []string   `json:"sessions,omitempty"` // stored names of sessions that ended
}

// Empty tells that there is nothing to tell.
func (n Tidings) Empty() bool {
	return len(n.Touched)+len(n.Public)+len(n.Here)+len(n.People)+len(n.Sessions) == 0 && !n.Many
}

// MostNamed is how many tickets one piece of news names; of more it says only
// that there were many.
const MostNamed = 500

// Touch notes that a ticket changed.
func (n *Tidings) Touch(ticket ID, public bool) {
	list := &n.Touched
	if public {
		list = &n.Public
	}
	switch {
	case n.Many || ticket == Nobody || slices.Contains(*list, ticket):
	case len(n.Touched)+len(n.Public) >= MostNamed:
		n.Many, n.Touched, n.Public = true, nil, nil
	default:
		*list = append(*list, ticket)
	}
}

// Add joins other news of the same desk. Of two words about one person at one
// ticket the later stands.
func (n *Tidings) Add(o Tidings) {
	if o.Many {
		n.Many, n.Touched, n.Public = true, nil, nil
	}
	for _, id := range o.Touched {
		n.Touch(id, false)
	}
	for _, id := range o.Public {
		n.Touch(id, true)
	}
	for _, p := range o.Here {
		n.Here = append(slices.DeleteFunc(n.Here, p.same), p)
	}
	n.People = append(n.People, o.People...)
	n.Sessions = append(n.Sessions, o.Sessions...)
}

// Presence is a person of the desk at a ticket.
type Presence struct {
	Ticket ID    `json:"ticket"`
	Person ID    `json:"person"`
	Doing  Doing `json:"doing"`
}

func (p Presence) same(o Presence) bool { return p.Ticket == o.Ticket && p.Person == o.Person }

// Doing is what somebody does at a ticket.
type Doing string

// What somebody does at a ticket.
const (
	Viewing Doing = "viewing"
	Writing Doing = "writing"
	Gone    Doing = "gone"
)

// Sight is as much of a ticket as tells who may see it.
type Sight struct {
	ID, CustomerID, RequesterID ID
	Number                      int64
	Service                     string
	Followers                   []ID
}

// SeenBy tells whether somebody may see the ticket, by what the database would
// say of him: the desk's own people all of them, a subcontractor's what is given to
// it, a manager his company's, a contact his own and those he follows.
func (s Sight) SeenBy(a Actor) bool {
	switch {
	case a.May(ReadTickets) != nil:
		return false
	case a.Outside():
		given := a.Scope().Subcontractor
		return given != nil && given.Sees(s.CustomerID, s.Service)
	case a.DeskSide():
		return true
	case a.Person.CustomerID != s.CustomerID:
		return false
	case a.Person.Role == Contact:
		return s.RequesterID == a.Person.ID || slices.Contains(s.Followers, a.Person.ID)
	}
	return true
}
