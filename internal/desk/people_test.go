package desk

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// wrong is the fields that an error says are wrong, with their keys.
func wrong(err error) (list []string) {
	var invalid Invalid
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			list = append(list, p.Field+" "+p.Key)
		}
	}
	return list
}

func TestPeopleStandOnOneSide(t *testing.T) {
	t.Parallel()
	company := NewID()
	for _, c := range []struct {
		role     Role
		customer ID
		want     []string
	}{
		{Contact, company, nil}, {Manager, company, nil}, {Agent, Nobody, nil}, {Lead, Nobody, nil}, {Admin, Nobody, nil},
		{Agent, company, []string{"role error.choose"}}, {Admin, company, []string{"role error.choose"}},
		{Contact, Nobody, []string{"role error.choose"}}, {Manager, Nobody, []string{"role error.choose"}},
		{"", Nobody, []string{"role error.choose"}}, {"owner", company, []string{"role error.choose"}},
	} {
		p, err := NewPerson(PersonSettings{Name: "Léa", Email: "lea@lumen.example", Role: c.role, CustomerID: c.customer})
		if got := wrong(err); !slices.Equal(got, c.want) {
			t.Errorf("%q of %s: %q, want %q", c.role, c.customer, got, c.want)
		}
		if err == nil && (!p.Active || p.ID == Nobody || p.Role.DeskSide() != (c.customer == Nobody)) {
			t.Errorf("%+v", p)
		}
	}
}

// What somebody wrote stays on the side on which he wrote it.
func TestNobodyChangesSides(t *testing.T) {
	t.Parallel()
	company := NewID()
	contact, err := NewPerson(PersonSettings{Name: "Léa", Email: "lea@lumen.example", Role: Contact, CustomerID: company})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]PersonSettings{
		"to the desk":         {Role: Agent, CustomerID: Nobody},
		"to another customer": {Role: Contact, CustomerID: NewID()},
	} {
		s.Name, s.Email = "Léa", "lea@lumen.example"
		if _, err := contact.With(s); !slices.Contains(wrong(err), "role error.side") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := contact.With(PersonSettings{Name: "Léa", Email: "lea@lumen.example", Role: Manager, CustomerID: company, Active: true}); err != nil || p.ID != contact.ID || p.Role != Manager {
		t.Errorf("a contact made manager: %+v (%v)", p, err)
	}
}

func TestPeoplesFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, email, language string
		want                  []string
	}{
		{" Léa  Martin ", " LEA@Lumen.example ", "fr", nil},
		{"", "lea@lumen.example", "", []string{"name error.required"}},
		{strings.Repeat("x", 81), "lea@lumen.example", "", []string{"name error.too_long"}},
		{"L\x00a", "lea@lumen.example", "", []string{"name error.encoding"}},
		{"Léa", "", "", []string{"email error.email"}},
		{"Léa", "Léa <lea@lumen.example>", "", []string{"email error.email"}},
		{"Léa", "lea@lumen.example, max@lumen.example", "", []string{"email error.email"}},
		{"Léa", "lea@lumen.example\r\nBcc: eve@evil.example", "", []string{"email error.email"}},
		{"Léa", strings.Repeat("x", 250) + "@a.example", "", []string{"email error.email"}},
		{"Léa", "lea\x00@lumen.example", "", []string{"email error.email"}},
		{"Léa", "lea@lumen.example", "de", []string{"language error.choose"}},
	} {
		p, err := NewPerson(PersonSettings{Name: c.name, Email: c.email, Language: c.language, Role: Agent})
		if got := wrong(err); !slices.Equal(got, c.want) {
			t.Errorf("%q, %q, %q: %q, want %q", c.name, c.email, c.language, got, c.want)
		}
		if err == nil && (p.Name != "Léa Martin" || p.Email != "lea@lumen.example") {
			t.Errorf("tidied into %q, %q", p.Name, p.Email)
		}
	}
}

// An address that passes is one address, as a mail server reads it.
func TestAddressesAreSingle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9.+"<>, \\\r\n\x00-]{0,12}@[a-zA-Z0-9.\-\[\] ]{0,12}`)).Draw(r, "address")
		a, err := Address(s)
		if err != nil {
			return
		}
		list, err := mail.ParseAddressList(a)
		if err != nil || len(list) != 1 || list[0].Address != a || strings.ContainsAny(a, "\r\n\x00<>") {
			r.Fatalf("%q passes as %q (%v)", s, a, err)
		}
		if again, err := Address(a); err != nil || again != a {
			r.Fatalf("%q is tidied into %q", a, again)
		}
	})
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language, zone string
		want           []string
	}{
		{"", "", nil}, {"en", "Asia/Tokyo", nil}, {"de", "", []string{"language error.choose"}}, {"", "Local", []string{"zone error.zone"}},
		{"", "../../etc/passwd", []string{"zone error.zone"}}, {"", "Mars/Olympus", []string{"zone error.zone"}},
	} {
		p, err := Person{Name: "Léa", Role: Contact}.WithPreferences(Preferences{Language: c.language, Zone: c.zone, KeysOff: true})
		if got := wrong(err); !slices.Equal(got, c.want) || p.Role != Contact || !p.KeysOff {
			t.Errorf("%q, %q: %q, want %q", c.language, c.zone, got, c.want)
		}
	}
}

func TestNamesInShort(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{"Léa Martin": {"LM", "Léa"}, "élodie": {"É", "élodie"}, "Jean van der Berg": {"JB", "Jean"}, "": {"", ""}} {
		if got := [2]string{Initials(name), FirstName(name)}; got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
