package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func nightSettings() SubcontractorSettings {
	return SubcontractorSettings{Name: " Vigie  Nuit ", Tenant: " 3B0C52A8-7F41-4D6E-9A90-5C2DE81F7B66 ", Customers: []ID{NewID()}, Services: []string{"microsoft TEAMS", "Microsoft Teams", "Planner"},
		Zone: "Europe/Paris", Week: map[string]string{"mon": "18:00 – 24:00; 08:30-12:30", "sun": " "}}
}

func TestNewSubcontractorTakesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	s := nightSettings()
	s.Customers = append(s.Customers, s.Customers[0])
	c, err := NewSubcontractor(s)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "Vigie Nuit" || c.Tenant != "3b0c52a8-7f41-4d6e-9a90-5c2de81f7b66" || !c.Active || len(c.Customers) != 1 || !slices.Equal(c.Services, []string{"Microsoft Teams", "Planner"}) {
		t.Errorf("%+v", c)
	}
	if !slices.Equal(c.Hours.Weekly["mon"], []string{"18:00-24:00", "08:30-12:30"}) || len(c.Hours.Weekly) != 1 {
		t.Errorf("hours %v", c.Hours)
	}
	again, err := c.With(c.Settings())
	if err != nil || !slices.Equal(again.Customers, c.Customers) || again.Settings().Week["mon"] != "18:00-24:00, 08:30-12:30" {
		t.Errorf("its own form makes %+v (%v)", again, err)
	}
}

func TestNewSubcontractorSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for field, changes := range map[string][]func(*SubcontractorSettings){
		"name":      {func(s *SubcontractorSettings) { s.Name = " " }, func(s *SubcontractorSettings) { s.Name = strings.Repeat("x", 81) }},
		"tenant":    {func(s *SubcontractorSettings) { s.Tenant = "x" }, func(s *SubcontractorSettings) { s.Tenant = consumerTenant }},
		"customers": {func(s *SubcontractorSettings) { s.Customers = nil }, func(s *SubcontractorSettings) { s.Customers = manyIDs(mostGranted + 1) }},
		"services": {func(s *SubcontractorSettings) { s.Services = nil }, func(s *SubcontractorSettings) { s.Services = []string{"Lotus Notes"} },
			func(s *SubcontractorSettings) { s.Services = []string{""} }},
		"zone": {func(s *SubcontractorSettings) { s.Zone = "" }, func(s *SubcontractorSettings) { s.Zone, s.Always = "Mars", true }},
		"mon":  {func(s *SubcontractorSettings) { s.Week = nil }, func(s *SubcontractorSettings) { s.Week["mon"] = "8-12" }},
		"wed":  {func(s *SubcontractorSettings) { s.Week["wed"] = "08:00-12:00 11:00-13:00" }},
	} {
		for _, change := range changes {
			s := nightSettings()
			change(&s)
			_, err := NewSubcontractor(s)
			var invalid Invalid
			if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != field {
				t.Errorf("a wrong %s: %v", field, err)
			}
		}
	}
}

func manyIDs(n int) []ID {
	ids := make([]ID, n)
	for i := range ids {
		ids[i] = NewID()
	}
	return ids
}

// What "all" covers is not kept besides, so that it cannot come back later.
func TestEverythingNeedsNoList(t *testing.T) {
	t.Parallel()
	s := nightSettings()
	s.AllCustomers, s.AllServices, s.Always, s.Week = true, true, true, nil
	c, err := NewSubcontractor(s)
	if err != nil || len(c.Customers)+len(c.Services) != 0 {
		t.Errorf("%+v (%v)", c, err)
	}
	if !c.Sees(NewID(), "Azure DevOps") || c.OnDuty(time.Now()) != nil {
		t.Error("everything is not everything")
	}
}

func TestSubcontractorSeesWhatIsGiven(t *testing.T) {
	t.Parallel()
	c, err := NewSubcontractor(nightSettings())
	if err != nil {
		t.Fatal(err)
	}
	own := c.Customers[0]
	if !c.Sees(own, "Planner") || c.Sees(own, "Exchange Online") || c.Sees(NewID(), "Planner") {
		t.Error("it sees another share than its own")
	}
	c.Active = false
	if c.Sees(own, "Planner") {
		t.Error("switched off, it sees")
	}
}

// A person whose company is not at hand, or another, reaches nothing; one who
// is off does nothing.
func TestLentPeopleAreHeldTwice(t *testing.T) {
	t.Parallel()
	c, err := NewSubcontractor(nightSettings())
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPerson(PersonSettings{Name: "Noé", Email: "noe@vigienuit.example", Role: Lead, SubcontractorID: c.ID})
	if err != nil {
		t.Fatal(err)
	}
	k := Ticket{CustomerID: c.Customers[0], Service: "Planner"}
	other, off := c, c
	other.ID, off.Active = NewID(), false
	for what, company := range map[string]*Subcontractor{"none": nil, "another": &other, "one switched off": &off} {
		a := Actor{Person: p, Subcontractor: company}
		if s := a.Scope().Subcontractor; s == nil || s.ID != c.ID || s.AllCustomers || s.AllServices || len(s.Customers)+len(s.Services) > 0 || a.Given(k) == nil {
			t.Errorf("with %s he reaches %+v", what, s)
		}
	}
	a := Actor{Person: p, Subcontractor: &c}
	if a.Scope().Subcontractor != &c || a.Given(k) != nil || a.Given(Ticket{CustomerID: k.CustomerID, Service: "Other"}) == nil {
		t.Errorf("he reaches %+v", a.Scope())
	}
	for verb := SubmitTicket; verb <= OwnAccount; verb++ {
		if err := a.May(verb); subcontracted[verb] != (err == nil) || err != nil && !errors.Is(err, ErrForbidden) {
			t.Errorf("verb %d: %v", verb, err)
		}
	}
	a.Off = &OutOfHours{}
	if err := a.May(ReadQueue); !errors.Is(err, ErrOutOfHours) {
		t.Errorf("off he may: %v", err)
	}
	own := Actor{Person: Person{ID: NewID(), Role: Agent, Active: true}}
	if own.Scope().Subcontractor != nil || own.May(ReadRules) != nil || own.Given(k) != nil {
		t.Error("the desk's own agent is held too")
	}
}

func TestLentPeopleAreAgents(t *testing.T) {
	t.Parallel()
	for field, s := range map[string]PersonSettings{
		"role":          {Role: Admin},
		"subcontractor": {Role: Contact, CustomerID: NewID()},
	} {
		s.Name, s.Email, s.SubcontractorID = "Noé", "noe@vigienuit.example", NewID()
		_, err := NewPerson(s)
		var invalid Invalid
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != field {
			t.Errorf("as %s: %v", s.Role, err)
		}
	}
}
