// Package corpus is what the demo desks hold: customers, the people who write, and their tickets with every
// message, note and finding. It is content only; whoever loads it turns it into rows.
package corpus

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

//go:embed data/*.toml
var data embed.FS

// Corpus is all demo content, its tickets oldest first.
type Corpus struct {
	Customers []Customer `toml:"customer"`
	People    []Person   `toml:"person"`
	Tickets   []Ticket   `toml:"ticket"`
}

// Customer is a company that buys from the partner behind a desk.
type Customer struct {
	Desk         string `toml:"desk"` // slug
	Key          string `toml:"key"`  // unique within the desk
	Name         string `toml:"name"`
	Domain       string `toml:"domain"`
	Relationship string `toml:"relationship"` // direct, reseller or provider
	Language     string `toml:"language"`
	Priority     bool   `toml:"priority"`
}

// Person is someone who writes in a ticket, known by a single e-mail address in all desks.
type Person struct {
	Email         string `toml:"email"`
	Name          string `toml:"name"`
	Desk          string `toml:"desk"`
	Customer      string `toml:"customer"`      // key; empty for people of the desk
	Subcontractor string `toml:"subcontractor"` // key of the company that lends him to the desk; empty for all others
	Role          string `toml:"role"`
	Language      string `toml:"language"`
}

// Ticket is one request as the new-ticket form takes it, and what became of it.
type Ticket struct {
	Desk     string `toml:"-"` // of the person who asks
	Customer string `toml:"-"` // key, of the person who asks
	From     string `toml:"from"`
	Kind     string `toml:"kind"`
	Subject  string `toml:"subject"`
	Body     string `toml:"body"`
	Service  string `toml:"service"`
	Region   string `toml:"region"`
	Affected string `toml:"affected"`
	Impact   string `toml:"impact"`
	Age      Span   `toml:"age"` // how long before now it was opened
	State    string `toml:"state"`
	Assignee string `toml:"assignee"` // e-mail; empty when nobody has taken it
	Priority int    `toml:"priority"` // 1 to 4
	Steps    []Step `toml:"step"`
}

// Step is one thing that happened on a ticket. Exactly one of Message, Note, Finding and State is set; a finding
// has a result and a text.
type Step struct {
	After   Span   `toml:"after"` // since the ticket was opened
	By      string `toml:"by"`    // e-mail
	Message string `toml:"message"`
	Note    string `toml:"note"`
	Finding string `toml:"finding"` // kind
	Result  string `toml:"result"`
	Text    string `toml:"text"`
	State   string `toml:"state"`
}

// Span is a duration that is written with days where they help: 2d6h, 40m.
type Span struct{ time.Duration }

// UnmarshalText reads a span.
func (s *Span) UnmarshalText(text []byte) error {
	days, rest, found := strings.Cut(string(text), "d")
	if !found {
		days, rest = "0", days
	}
	d, err := time.ParseDuration(days + "h")
	if err != nil {
		return fmt.Errorf("span %q: %w", text, err)
	}
	s.Duration = 24 * d
	if found && rest == "" {
		return nil
	}
	d, err = time.ParseDuration(rest)
	if err != nil {
		return fmt.Errorf("span %q: %w", text, err)
	}
	s.Duration += d
	return nil
}

// Load reads the corpus. An error means that a file does not parse, has a field that nothing reads, or a ticket of
// an unknown person.
func Load() (Corpus, error) {
	names, err := fs.Glob(data, "data/*.toml")
	if err != nil {
		return Corpus{}, err
	}
	var c Corpus
	for _, name := range names {
		var part Corpus
		meta, err := toml.DecodeFS(data, name, &part)
		if err != nil {
			return Corpus{}, fmt.Errorf("%s: %w", name, err)
		}
		if unread := meta.Undecoded(); len(unread) > 0 {
			return Corpus{}, fmt.Errorf("%s: unknown fields %v", name, unread)
		}
		c.Customers = append(c.Customers, part.Customers...)
		c.People = append(c.People, part.People...)
		c.Tickets = append(c.Tickets, part.Tickets...)
	}
	return c, c.place()
}

// place gives every ticket the desk and customer of the person who asks, and puts the oldest first.
func (c *Corpus) place() error {
	people := map[string]Person{}
	for _, p := range c.People {
		people[p.Email] = p
	}
	for i := range c.Tickets {
		t := &c.Tickets[i]
		p, known := people[t.From]
		if !known {
			return fmt.Errorf("ticket %q: nobody is %s", t.Subject, t.From)
		}
		t.Desk, t.Customer = p.Desk, p.Customer
	}
	slices.SortStableFunc(c.Tickets, func(a, b Ticket) int { return cmp.Compare(b.Age.Duration, a.Age.Duration) })
	return nil
}
