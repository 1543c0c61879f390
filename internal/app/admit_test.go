package app_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/entra"
	"guichet/internal/postgres"
)

func newSealers(t *testing.T) [2]app.Sealer {
	t.Helper()
	if _, err := app.NewSealer([]byte("short")); err == nil {
		t.Error("a short key is taken")
	}
	return [2]app.Sealer{made(app.NewSealer([]byte(strings.Repeat("a", 32)))), made(app.NewSealer([]byte(strings.Repeat("b", 32))))}
}

// of is a token's identity in a tenant.
func of(tenant, email string, roles ...string) entra.Identity {
	return entra.Identity{Issuer: "https://login.example/" + tenant + "/v2.0", Tenant: tenant, Subject: desk.NewID().String(), Name: "Somebody", Email: email, Roles: roles}
}

func TestWhoIsAdmitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, own := tenantOf(t, w, w.one.desk)
	closed := w.one.second
	if err := w.SaveCustomer(bg, w.one.admin, closed.id, desk.CustomerSettings{Name: "Second", Tenant: closed.tenant, Relationship: desk.Direct, Active: true}); err != nil {
		t.Fatal(err)
	}
	off := w.company(t, w.one, "Switched off")
	if err := w.SaveCustomer(bg, w.one.admin, off.id, desk.CustomerSettings{Name: "Switched off", Tenant: off.tenant, Relationship: desk.Direct, OpenDoor: true}); err != nil {
		t.Fatal(err)
	}
	gone := w.invite(t, w.one, desk.PersonSettings{Name: "Gone", Email: "gone@first.example", Role: desk.Manager, CustomerID: w.one.first.id})
	s := settings(gone.Person)
	s.Active = false
	if err := w.SavePerson(bg, w.one.admin, gone.Person.ID, s); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		id       entra.Identity
		role     desk.Role // "" is a stranger
		customer desk.ID
		person   desk.ID // whose invitation it is
	}{
		"an invited manager of a customer":         {of(w.one.first.tenant, w.one.first.manager.Person.Email), desk.Manager, w.one.first.id, w.one.first.manager.Person.ID},
		"his address in capitals":                  {of(closed.tenant, strings.ToUpper(closed.manager.Person.Email)), desk.Manager, closed.id, closed.manager.Person.ID},
		"anybody of a tenant with an open door":    {of(w.one.first.tenant, "new@first.example"), desk.Contact, w.one.first.id, desk.Nobody},
		"anybody of a tenant with a closed door":   {of(closed.tenant, "new@second.example"), "", desk.Nobody, desk.Nobody},
		"a tenant that no desk knows":              {of(desk.NewID().String(), "eve@outsider.example"), "", desk.Nobody, desk.Nobody},
		"another desk's customer":                  {of(w.two.first.tenant, w.two.first.contact.Person.Email), "", desk.Nobody, desk.Nobody},
		"an invited address from another tenant":   {of(desk.NewID().String(), w.one.first.other.Person.Email), "", desk.Nobody, desk.Nobody},
		"a manager's address from another company": {of(off.tenant, w.one.second.other.Person.Email), "", desk.Nobody, desk.Nobody},
		"an invited agent":                         {of(own, w.one.agent.Person.Email), desk.Agent, desk.Nobody, w.one.agent.Person.ID},
		"an agent's address from a customer":       {of(w.one.first.tenant, w.one.lead.Person.Email), desk.Contact, w.one.first.id, desk.Nobody},
		"a desk's role from its own tenant":        {of(own, "boss@one.example", "Desk.Agent", "Desk.Admin"), desk.Admin, desk.Nobody, desk.Nobody},
		"a lead's role from its own tenant":        {of(own, "chief@one.example", "Desk.Agent", "Desk.Lead"), desk.Lead, desk.Nobody, desk.Nobody},
		"no role in the desk's own tenant":         {of(own, "clerk@one.example", "Something.Else"), "", desk.Nobody, desk.Nobody},
		"a desk's role from a customer's tenant":   {of(w.one.first.tenant, "sly@first.example", "Desk.Admin"), desk.Contact, w.one.first.id, desk.Nobody},
		"a desk's role from behind a closed door":  {of(closed.tenant, "sly@second.example", "Desk.Admin"), "", desk.Nobody, desk.Nobody},
		"a company that was switched off":          {of(off.tenant, off.contact.Person.Email), "", desk.Nobody, desk.Nobody},
		"an invitation that was taken back":        {of(w.one.first.tenant, "gone@first.example"), "", desk.Nobody, desk.Nobody},
		"a token without a usable address":         {of(w.one.first.tenant, "not an address"), "", desk.Nobody, desk.Nobody},
		"a token without any address":              {of(w.one.first.tenant, ""), "", desk.Nobody, desk.Nobody},
	} {
		p, err := w.Admit(bg, d, c.id)
		if c.role == "" {
			if !errors.Is(err, desk.ErrStranger) {
				t.Errorf("%s: %v, %v, want a stranger", name, p, err)
			}
			continue
		}
		if err != nil || p.Role != c.role || p.CustomerID != c.customer || c.person != desk.Nobody && p.ID != c.person {
			t.Errorf("%s: %+v, %v, want a %s", name, p, err, c.role)
			continue
		}
		again, err := w.Admit(bg, d, c.id)
		if err != nil || again.ID != p.ID {
			t.Errorf("%s comes back as %v, %v", name, again.ID, err)
		}
		c.id.Email, c.id.Name = "renamed@elsewhere.example", "Renamed" // people marry; addresses are given to others
		if again, err = w.Admit(bg, d, c.id); err != nil || again.ID != p.ID {
			t.Errorf("%s, renamed, comes back as %v, %v", name, again.ID, err)
		}
	}
}

// An invitation is taken up once: its address in other hands opens nothing.
func TestAnInvitationIsTakenUpOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, own := tenantOf(t, w, w.one.desk)
	if _, err := w.Admit(bg, d, of(own, w.one.admin.Person.Email)); err != nil {
		t.Fatal(err)
	}
	if p, err := w.Admit(bg, d, of(own, w.one.admin.Person.Email)); !errors.Is(err, desk.ErrStranger) {
		t.Errorf("a second holder of the address is %v (%v)", p, err)
	}
	c := w.one.first
	if _, err := w.Admit(bg, d, of(c.tenant, c.manager.Person.Email)); err != nil {
		t.Fatal(err)
	}
	if p, err := w.Admit(bg, d, of(c.tenant, c.manager.Person.Email)); !errors.Is(err, desk.ErrStranger) {
		t.Errorf("a second holder of the manager's address is %v (%v)", p, err)
	}
}

// Two tabs at once: one person.
func TestFirstSignInsAtOnceMakeOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, own := tenantOf(t, w, w.one.desk)
	for _, id := range []entra.Identity{of(w.one.first.tenant, "new@first.example"), of(w.one.first.tenant, w.one.first.contact.Person.Email), of(own, w.one.agent.Person.Email)} {
		people := make([]desk.ID, 8)
		var coming sync.WaitGroup
		for i := range people {
			coming.Go(func() {
				p, err := w.Admit(bg, d, id)
				if err != nil {
					t.Errorf("%s: %v", id.Email, err)
				}
				people[i] = p.ID
			})
		}
		coming.Wait()
		for _, p := range people {
			if p != people[0] {
				t.Errorf("%s is several people: %v", id.Email, people)
				break
			}
		}
	}
}

// A tenant that leaves the desk takes its people along, and the same person at
// another desk is another matter.
func TestKnownPeopleAreHeldToTheirCompany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, own := tenantOf(t, w, w.one.desk)
	c := w.one.first
	member, agent := of(c.tenant, c.contact.Person.Email), of(own, w.one.agent.Person.Email)
	for _, id := range []entra.Identity{member, agent} {
		if _, err := w.Admit(bg, d, id); err != nil {
			t.Fatal(err)
		}
	}
	save := func(s desk.CustomerSettings) {
		t.Helper()
		s.Name, s.Relationship = "First", desk.Direct
		if err := w.SaveCustomer(bg, w.one.admin, c.id, s); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(when string, id entra.Identity, at desk.Desk) {
		t.Helper()
		if p, err := w.Admit(bg, at, id); !errors.Is(err, desk.ErrStranger) {
			t.Errorf("%s: %v (%v)", when, p, err)
		}
	}
	save(desk.CustomerSettings{Tenant: desk.NewID().String(), Active: true, OpenDoor: true})
	refused("after the company moved to another tenant", member, d)
	save(desk.CustomerSettings{Tenant: c.tenant})
	refused("after the company was switched off", member, d)
	save(desk.CustomerSettings{Tenant: c.tenant, Active: true})
	if _, err := w.Admit(bg, d, member); err != nil {
		t.Errorf("after it came back: %v", err)
	}
	other, _ := tenantOf(t, w, w.two.desk)
	refused("the agent at another desk", agent, other)
	refused("the member at another desk", member, other)
	s := settings(w.one.agent.Person)
	s.Active = false
	if err := w.SavePerson(bg, w.one.admin, w.one.agent.Person.ID, s); err != nil {
		t.Fatal(err)
	}
	refused("after the agent was switched off", agent, d)
	moved := d
	moved.Tenant = desk.NewID().String()
	refused("a lead of the tenant that the desk left", of(own, w.one.lead.Person.Email), moved)
}

// A desk's own issuer brings no tenant: an invitation and a verified address
// are all there is.
func TestADesksOwnIssuerVouchesForVerifiedAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, c := w.one.desk, w.one.first
	from := func(email string, verified bool) entra.Identity {
		return entra.Identity{Issuer: "https://id.example", Subject: desk.NewID().String(), Name: "Somebody", Email: email, EmailVerified: verified, Roles: []string{"Desk.Admin"}}
	}
	refused := func(when string, id entra.Identity) {
		t.Helper()
		if p, err := w.Admit(bg, d, id); !errors.Is(err, desk.ErrStranger) {
			t.Errorf("%s: %v (%v)", when, p, err)
		}
	}
	refused("an address that nobody verified", from(c.contact.Person.Email, false))
	refused("an address that nobody invited", from("new@first.example", true))
	twice := settings(c.other.Person)
	twice.CustomerID = w.one.second.id
	made(w.Invite(bg, w.one.admin, twice))
	refused("an address invited by two companies", from(c.other.Person.Email, true))
	known := from(c.contact.Person.Email, true)
	if p, err := w.Admit(bg, d, known); err != nil || p.ID != c.contact.Person.ID || p.Role != desk.Contact {
		t.Errorf("an invited address: %v (%v)", p, err)
	}
	if p, err := w.Admit(bg, d, from(w.one.agent.Person.Email, true)); err != nil || p.Role != desk.Agent {
		t.Errorf("an invited agent: %v (%v)", p, err)
	}
	refused("the same address in other hands", from(c.contact.Person.Email, true))
	if err := w.SaveCustomer(bg, w.one.admin, c.id, desk.CustomerSettings{Name: "First", Tenant: c.tenant, Relationship: desk.Direct}); err != nil {
		t.Fatal(err)
	}
	refused("a known person of a company that was switched off", known)
	refused("an invited person of a company that was switched off", from(c.manager.Person.Email, true))
}

// tenantOf is a desk with the tenant that it was opened with.
func tenantOf(t *testing.T, w *world, d desk.Desk) (desk.Desk, string) {
	t.Helper()
	err := w.db.Global(t.Context(), func(tx *postgres.GlobalTx) (err error) {
		d, err = tx.DeskByID(d.ID)
		return err
	})
	if err != nil || d.Tenant == "" {
		t.Fatalf("tenant of %s: %v", d.Slug, err)
	}
	return d, d.Tenant
}
