package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichet/internal/hours"
)

// Subcontractor is a company that gives a desk's support in its name, for the
// customers and services and in the hours that the desk has given to it. Its
// people sign in as the desk's agents and see nothing else.
type Subcontractor struct {
	ID           ID
	Name         string
	Tenant       string // their own Microsoft tenant, lower-case GUID; "" while unknown: they come by mailed links alone
	AllCustomers bool
	Customers    []ID // read only without AllCustomers
	AllServices  bool
	Services     []string // names of Services(); read only without AllServices
	Always       bool
	Hours        hours.Spec // when they may work; read only without Always
	Active       bool
	CreatedAt    time.Time
}

// SubcontractorSettings is what an admin says of a subcontractor.
type SubcontractorSettings struct {
	Name, Tenant string
	AllCustomers bool
	Customers    []ID
	AllServices  bool
	Services     []string
	Always       bool
	Zone         string            // IANA name
	Week         map[string]string // mon … sun: "08:30-12:30, 13:30-18:00", "" for a day off
	Active       bool
}

// mostGranted bounds a list that travels with each transaction.
const mostGranted = 1000

// NewSubcontractor adds a company. Errors: Invalid, by field.
func NewSubcontractor(s SubcontractorSettings) (Subcontractor, error) {
	s.Active = true
	return Subcontractor{ID: NewID()}.With(s)
}

// With returns the subcontractor with new settings. Errors: Invalid, by field:
// name, tenant, customers, services, zone, mon … sun.
func (c Subcontractor) With(s SubcontractorSettings) (Subcontractor, error) {
	var p Problems
	c.Name, c.Tenant, c.Active = clean(s.Name), strings.ToLower(strings.TrimSpace(s.Tenant)), s.Active
	c.AllCustomers, c.AllServices, c.Always = s.AllCustomers, s.AllServices, s.Always
	c.Customers, c.Services = []ID{}, []string{}
	p.Text("name", c.Name, 1, 80)
	if c.Tenant != "" && (!guidShape.MatchString(c.Tenant) || c.Tenant == consumerTenant) {
		p.Add("tenant", "error.tenant")
	}
	if !c.AllCustomers {
		c.Customers = distinct(s.Customers)
		atLeastOne(&p, "customers", len(c.Customers), "error.subcontractor.customers")
	}
	if !c.AllServices {
		p.Merge(c.takeServices(s.Services))
		atLeastOne(&p, "services", len(c.Services), "error.subcontractor.services")
	}
	p.Merge(c.takeHours(s))
	return c, p.Err()
}

func distinct(ids []ID) []ID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b ID) int { return slices.Compare(a[:], b[:]) })
	return append([]ID{}, slices.Compact(ids)...)
}

func atLeastOne(p *Problems, field string, n int, none string) {
	switch {
	case n == 0:
		p.Add(field, none)
	case n > mostGranted:
		p.Add(field, "error.too_many", "Most", mostGranted)
	}
}

// takeServices keeps the names as tickets carry them.
func (c *Subcontractor) takeServices(names []string) (p Problems) {
	for _, name := range names {
		s, ok := ServiceNamed(name)
		if !ok || name == "" {
			p.Add("services", "error.choose")
		} else if !slices.Contains(c.Services, s.Name) {
			c.Services = append(c.Services, s.Name)
		}
	}
	slices.Sort(c.Services)
	return p
}

func (c *Subcontractor) takeHours(s SubcontractorSettings) (p Problems) {
	c.Hours = hours.Spec{Zone: s.Zone, Weekly: map[string][]string{}}
	for _, day := range Weekdays {
		if blocks := splitBlocks(s.Week[day]); len(blocks) > 0 {
			c.Hours.Weekly[day] = blocks
		}
	}
	_, err := hours.Parse(c.Hours)
	var wrong *hours.SpecError
	switch {
	case errors.As(err, &wrong):
		p.Add(strings.TrimPrefix(wrong.Field, "weekly."), wrong.Key)
	case !c.Always && len(c.Hours.Weekly) == 0:
		p.Add("mon", "error.subcontractor.hours")
	}
	return p
}

// splitBlocks reads the blocks of a day, between which commas, semicolons and
// spaces may stand; a dash may have spaces around it, and be a long one.
func splitBlocks(text string) []string {
	text = strings.NewReplacer("–", "-", "—", "-").Replace(text)
	for _, spaced := range []string{" -", "- "} {
		for strings.Contains(text, spaced) {
			text = strings.ReplaceAll(text, spaced, "-")
		}
	}
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; \t\r\n\u00a0\u202f", r) })
}

// Settings is the subcontractor as a form shows it.
func (c Subcontractor) Settings() SubcontractorSettings {
	s := SubcontractorSettings{Name: c.Name, Tenant: c.Tenant, AllCustomers: c.AllCustomers, Customers: slices.Clone(c.Customers), AllServices: c.AllServices,
		Services: slices.Clone(c.Services), Always: c.Always, Zone: c.Hours.Zone, Week: map[string]string{}, Active: c.Active}
	for day, blocks := range c.Hours.Weekly {
		s.Week[day] = strings.Join(blocks, ", ")
	}
	return s
}

// Sees tells whether a customer's tickets on a service are given to them.
func (c Subcontractor) Sees(customer ID, service string) bool {
	return c.Active && (c.AllCustomers || slices.Contains(c.Customers, customer)) && (c.AllServices || slices.Contains(c.Services, service))
}

// Given refuses a ticket that a subcontractor's person could not see once it is
// written. Errors: Invalid on "service".
func (a Actor) Given(k Ticket) error {
	if c := a.Scope().Subcontractor; c != nil && !c.Sees(k.CustomerID, k.Service) {
		return NewInvalid("service", "error.subcontractor.service")
	}
	return nil
}

// OnDuty tells whether they may work now. Errors: OutOfHours.
func (c Subcontractor) OnDuty(now time.Time) error {
	if c.Always {
		return nil
	}
	calendar, err := hours.Parse(c.Hours)
	if err != nil {
		return fmt.Errorf("%w: %w", OutOfHours{}, err)
	}
	if open, until := calendar.Open(now); !open {
		return OutOfHours{Until: until}
	}
	return nil
}

// Narrower tells whether less is given to them than before: what they can no
// longer see must leave their screens at once. Hours are asked at each page.
func (c Subcontractor) Narrower(before Subcontractor) bool {
	return !c.Active || c.Tenant != before.Tenant || lost(c.AllCustomers, before.AllCustomers, c.Customers, before.Customers) ||
		lost(c.AllServices, before.AllServices, c.Services, before.Services)
}

// lost tells whether something that was given before is not given now.
func lost[T comparable](all, hadAll bool, now, before []T) bool {
	return !all && (hadAll || slices.ContainsFunc(before, func(g T) bool { return !slices.Contains(now, g) }))
}

// ErrOutOfHours is a subcontractor's person at an hour that is not given to his
// company.
var ErrOutOfHours = errors.New("outside the hours given")

// OutOfHours is ErrOutOfHours with when they begin again; the zero time when
// never.
type OutOfHours struct{ Until time.Time }

func (e OutOfHours) Error() string { return ErrOutOfHours.Error() }

// Is makes it ErrOutOfHours.
func (e OutOfHours) Is(target error) bool { return target == ErrOutOfHours }
