package desk

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ImportWorld is what a desk knows of what some lines of a file name.
type ImportWorld struct {
	Zone      *time.Location
	Language  string // the desk's
	Now       time.Time
	Customers []ImportCustomer // whose name, tenant, domain or external id is named
	People    []Person         // whose address is named
	Externals map[string]ID    // people, or tickets, by their external ids
	Tickets   map[string]Ticket
	Keys      map[ID]bool // of messages that are there
}

// ImportCustomer is a customer as a line may name him.
type ImportCustomer struct {
	Customer
	External string
}

// Judged is a line with what it would add; one of the four where it is good.
type Judged struct {
	ImportLine
	Customer Customer
	Person   Person
	Ticket   Ticket
	Message  Message
	External string
	marks    []string // what no other line of the file may say again
}

// Judge says what becomes of a line. What the line itself says wrong, it says of the
// columns by name.
func (k ImportKind) Judge(line int, cells map[string]string, w ImportWorld) Judged {
	j := Judged{ImportLine: ImportLine{Line: line, State: LineGood, Cells: cells}, External: cells["external_id"]}
	j.Problems.Text("external_id", j.External, 0, 100)
	switch k {
	case ImportCustomers:
		j.customer(w)
	case ImportPeople:
		j.person(w)
	case ImportTickets:
		j.ticket(w)
	case ImportMessages:
		j.message(w)
	}
	if len(j.Problems) > 0 {
		j.State = LineBad
		j.sayOfCells()
	}
	if j.External != "" && k != ImportMessages {
		j.marks = append(j.marks, "id "+j.External)
	}
	return j
}

// ofCells are what is said of a cell where a form would speak of its field.
var ofCells = map[string]string{"error.required": "moving.error.missing", "error.service": "moving.error.service", "error.taken": "moving.error.taken"}

func (j *Judged) sayOfCells() {
	for i, p := range j.Problems {
		if key, ok := ofCells[p.Key]; ok {
			j.Problems[i].Key = key
		}
	}
}

func (j *Judged) merge(err error, names map[string]string) {
	invalid, ok := err.(Invalid) //nolint:errorlint // constructors return it bare
	if !ok {
		return
	}
	for _, p := range invalid.Problems {
		if name, ok := names[p.Field]; ok {
			p.Field = name
		}
		j.Problems.Add(p.Field, p.Key, p.Args...)
	}
}

// pick reads one of some words; the first way to say a thing is its own.
func (j *Judged) pick(column, unsaid string, words map[string][]string) string {
	text := strings.ToLower(j.Cells[column])
	if text == "" {
		return unsaid
	}
	for means, said := range words {
		if text == means || slices.Contains(said, text) {
			return means
		}
	}
	j.Problems.Add(column, "moving.error.word")
	return unsaid
}

func (j *Judged) customer(w ImportWorld) {
	c := j.Cells
	s := CustomerSettings{Name: c["name"], Tenant: c["tenant"], InitialDomain: c["initial_domain"], Domains: c["domains"], Region: c["region"], Note: c["note"],
		Relationship: Relationship(j.pick("relationship", string(Direct), relationWords)), Priority: j.pick("priority", "no", yesOrNo) == "yes", OpenDoor: j.pick("open_door", "no", yesOrNo) == "yes"}
	made, err := NewCustomer(s)
	j.merge(err, nil)
	j.Customer = made
	j.marks = append(j.marks, "name "+strings.ToLower(made.Name))
	if made.Tenant != "" {
		j.marks = append(j.marks, "tenant "+made.Tenant)
	}
	var same []ImportCustomer
	for _, k := range w.Customers {
		if k.External != "" && k.External == j.External || made.Tenant != "" && k.Tenant == made.Tenant || strings.EqualFold(k.Name, made.Name) {
			same = append(same, k)
		}
	}
	switch {
	case len(same) == 0:
	case len(same) == 1 && (made.Tenant == "" || same[0].Tenant == "" || same[0].Tenant == made.Tenant) && (j.External == "" || same[0].External == "" || same[0].External == j.External):
		j.State = LineKnown
	default:
		j.Problems.Add("name", "moving.error.two_customers")
	}
}

// named finds the customer that a cell names: by his external id, his tenant, his name
// or a domain of his.
func (w ImportWorld) named(text string) (c Customer, found int) {
	plain := strings.ToLower(clean(text))
	for _, is := range []func(ImportCustomer) bool{
		func(k ImportCustomer) bool { return k.External == strings.TrimSpace(text) },
		func(k ImportCustomer) bool { return k.Tenant == plain },
		func(k ImportCustomer) bool { return strings.ToLower(k.Name) == plain },
		func(k ImportCustomer) bool { return k.InitialDomain == plain || slices.Contains(k.Domains, plain) },
	} {
		for _, k := range w.Customers {
			if is(k) {
				c = k.Customer
				found++
			}
		}
		if found > 0 {
			return c, found
		}
	}
	return c, 0
}

func (j *Judged) ofCustomer(w ImportWorld) Customer {
	c, found := w.named(j.Cells["customer"])
	switch {
	case j.Cells["customer"] == "":
		j.Problems.Add("customer", "error.required")
	case found == 0:
		j.Problems.Add("customer", "moving.error.no_customer")
	case found > 1:
		j.Problems.Add("customer", "moving.error.which_customer")
	}
	return c
}

func (j *Judged) person(w ImportWorld) {
	c := j.ofCustomer(w)
	s := PersonSettings{Name: j.Cells["name"], Email: j.Cells["email"], Language: j.pick("language", "", langWords), Role: Role(j.pick("role", string(Contact), roleWords)), CustomerID: c.ID}
	if s.CustomerID == Nobody {
		s.CustomerID = NewID() // whose he is has been said
	}
	made, err := NewPerson(s)
	j.merge(err, nil)
	made.CreatedAt = w.Now
	j.Person = made
	j.marks = append(j.marks, "email "+c.ID.String()+" "+made.Email)
	there := Nobody
	for _, p := range w.People {
		if p.Email == made.Email && p.CustomerID == c.ID {
			there = p.ID
		}
	}
	id, taken := w.Externals[j.External]
	switch {
	case there != Nobody && (!taken || id == there):
		j.State = LineKnown
	case taken:
		j.Problems.Add("external_id", "moving.error.taken")
	}
}

// author finds who an address is; of the customer named, where one is.
func (j *Judged) author(column string, w ImportWorld, fits func(Person) bool) Person {
	email := strings.ToLower(j.Cells[column])
	var found []Person
	for _, p := range w.People {
		if p.Email == email && fits(p) {
			found = append(found, p)
		}
	}
	switch {
	case email == "":
		j.Problems.Add(column, "error.required")
	case len(found) == 0:
		j.Problems.Add(column, "moving.error.nobody")
	case len(found) > 1:
		j.Problems.Add(column, "moving.error.which_person")
	default:
		return found[0]
	}
	return Person{}
}

func (j *Judged) ticket(w ImportWorld) {
	customer := Nobody
	if j.Cells["customer"] != "" {
		customer = j.ofCustomer(w).ID
	}
	p := Person{}
	if _, bad := j.Problems.Of("customer"); !bad {
		p = j.author("requester", w, func(p Person) bool {
			return p.CustomerID != Nobody && (customer == Nobody || p.CustomerID == customer)
		})
	}
	created, closed := j.instant("created", w), j.instant("closed", w)
	if j.Cells["created"] == "" {
		j.Problems.Add("created", "error.required")
	}
	s := Submission{Kind: j.pick("kind", "problem", kindWords), Subject: j.Cells["subject"], Body: j.Cells["text"], Service: j.Cells["service"], Language: or(p.Language, w.Language)}
	k, m, err := NewTicket(s, p.CustomerID, p.ID, created)
	j.merge(err, map[string]string{"body": "text"})
	unsaid := Closed
	if closed.IsZero() && j.Cells["state"] == "" {
		closed = created
	}
	k.State = State(j.pick("state", string(unsaid), stateWords))
	if k.State.Ended() {
		if closed.IsZero() {
			closed = created
		}
		if closed.Before(created) {
			j.Problems.Add("closed", "moving.error.before")
		}
		k.EndedAt, k.LastAt, k.LastSide = &closed, closed, DeskSide
	}
	k.External = j.External
	if j.External == "" {
		j.Problems.Add("external_id", "error.required")
	}
	j.Ticket, j.Message = k, m
	if _, there := w.Tickets[j.External]; there {
		j.State = LineKnown
	}
}

func (j *Judged) message(w ImportWorld) {
	k, ok := w.Tickets[j.Cells["ticket"]]
	switch {
	case j.Cells["ticket"] == "":
		j.Problems.Add("ticket", "error.required")
	case !ok:
		j.Problems.Add("ticket", "moving.error.no_ticket")
	}
	p := j.author("author", w, func(p Person) bool { return p.CustomerID == Nobody || !ok || p.CustomerID == k.CustomerID })
	at := j.instant("at", w)
	if j.Cells["at"] == "" {
		j.Problems.Add("at", "error.required")
	} else if ok && at.Before(k.CreatedAt) && !at.IsZero() {
		j.Problems.Add("at", "moving.error.before")
	}
	internal := j.pick("internal", "no", yesOrNo) == "yes"
	if internal && ok && p.ID != Nobody && p.CustomerID != Nobody {
		j.Problems.Add("internal", "moving.error.not_theirs")
	}
	m, err := NewMessage(k, p, j.Cells["text"], internal, ImportedKey(j.Cells, w.Zone), at)
	j.merge(err, map[string]string{"body": "text"})
	j.Message, j.Ticket = m, k
	j.marks = append(j.marks, "key "+m.Key.String())
	if w.Keys[m.Key] {
		j.State = LineKnown
	}
}

// ImportedKey tells a message that comes again: by its own id, else by all that it says.
func ImportedKey(cells map[string]string, zone *time.Location) ID {
	said := []string{cells["ticket"], cells["external_id"]}
	if said[1] == "" {
		at, _ := readInstant(cells["at"], zone)
		said = append(said, strings.ToLower(cells["author"]), at.UTC().Format(time.RFC3339), cells["text"])
	}
	sum := sha256.Sum256([]byte("imported message\x00" + strings.Join(said, "\x00")))
	return ID(uuid.NewSHA1(uuid.Nil, sum[:]))
}
