package app_test

import (
	"errors"
	"testing"

	"guichet/internal/desk"
)

// What was taken back leaves the screens at once; what was added needs no new
// sign-in.
func TestNarrowedGrantsEndSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	noe := desk.Actor{Desk: w.one.desk, Person: n.noe}
	for _, c := range []struct {
		what   string
		change func(*desk.SubcontractorSettings)
		ends   bool
	}{
		{"another name", func(s *desk.SubcontractorSettings) { s.Name = "Nights" }, false},
		{"one service more", func(s *desk.SubcontractorSettings) { s.Services = []string{"Microsoft Teams", "Planner"} }, false},
		{"one service less", func(*desk.SubcontractorSettings) {}, true},
		{"every customer", func(s *desk.SubcontractorSettings) { s.AllCustomers = true }, false},
		{"one customer of all", func(*desk.SubcontractorSettings) {}, true},
		{"another tenant", func(s *desk.SubcontractorSettings) { s.Tenant = desk.NewID().String() }, true},
		{"switched off", func(s *desk.SubcontractorSettings) { s.Active = false }, true},
	} {
		w.signedIn(t, noe, c.what)
		n.save(t, w, c.change)
		if left := w.sessions(t, noe); c.ends != (left == 0) {
			t.Errorf("%s: %d sessions", c.what, left)
		}
	}
}

// Another employer is another account: who comes over is invited anew.
func TestAnotherEmployerInvitesAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	d, own := tenantOf(t, w, w.one.desk)
	agent := w.one.agent
	before := of(own, agent.Person.Email)
	if _, err := w.Admit(bg, d, before); err != nil {
		t.Fatal(err)
	}
	w.signedIn(t, agent, "his own")
	s := settings(agent.Person)
	s.SubcontractorID = n.id
	if err := w.SavePerson(bg, w.one.admin, agent.Person.ID, s); err != nil {
		t.Fatal(err)
	}
	if w.sessions(t, agent) != 0 {
		t.Error("his sessions outlive his employment")
	}
	if p, err := w.Admit(bg, d, before); !errors.Is(err, desk.ErrStranger) {
		t.Errorf("by his former account: %v (%v)", p, err)
	}
	if p, err := w.Admit(bg, d, of(n.tenant, agent.Person.Email)); err != nil || p.ID != agent.Person.ID {
		t.Errorf("by his new one: %v (%v)", p, err)
	}
	for field, change := range map[string]func(*desk.PersonSettings){
		"role":          func(s *desk.PersonSettings) { s.Role = desk.Admin },
		"subcontractor": func(s *desk.PersonSettings) { s.SubcontractorID = desk.NewID() },
	} {
		wrong := s
		change(&wrong)
		err := w.SavePerson(bg, w.one.admin, agent.Person.ID, wrong)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != field {
			t.Errorf("a wrong %s: %v", field, err)
		}
	}
}

func TestSubcontractorsAreHeldToTheirDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.outsource(t, w.one)
	_, own := tenantOf(t, w, w.one.desk)
	if _, _, err := w.Subcontractor(bg, w.two.admin, n.id); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk reads it: %v", err)
	}
	if err := w.SaveSubcontractor(bg, w.two.admin, n.id, n.given); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another desk changes it: %v", err)
	}
	if list, err := w.Subcontractors(bg, w.two.admin); err != nil || len(list) != 0 {
		t.Errorf("another desk lists %v (%v)", list, err)
	}
	var invalid desk.Invalid
	for field, change := range map[string]func(*desk.SubcontractorSettings){
		"customers": func(s *desk.SubcontractorSettings) { s.Customers = []desk.ID{w.two.first.id} },
		"tenant":    func(s *desk.SubcontractorSettings) { s.Tenant = own },
	} {
		s := n.given
		change(&s)
		if err := w.SaveSubcontractor(bg, w.one.admin, n.id, s); !errors.As(err, &invalid) || invalid.Problems[0].Field != field {
			t.Errorf("a wrong %s: %v", field, err)
		}
		s.Name = "Another"
		if _, err := w.AddSubcontractor(bg, w.one.admin, s); !errors.As(err, &invalid) || invalid.Problems[0].Field != field {
			t.Errorf("a wrong %s of a new one: %v", field, err)
		}
	}
	if err := w.SavePerson(bg, w.two.admin, w.two.agent.Person.ID, desk.PersonSettings{Name: "x", Email: "x@x.example", Role: desk.Agent, Active: true, SubcontractorID: n.id}); !errors.As(err, &invalid) {
		t.Errorf("another desk's person in its employ: %v", err)
	}
}
