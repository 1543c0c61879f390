package app_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

func init() {
	maps.Copy(rights, map[string]right{
		"Tokens": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Tokens(bg, who); return err }, admins},
		"AddToken": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.AddToken(bg, who, desk.TokenForm{})
			return err
		}, admins},
		"RevokeToken": {func(w *world, who desk.Actor, _ int64) error { return served404(w.RevokeToken(bg, who, desk.NewID())) }, admins},
		"PatchTicket": {func(w *world, who desk.Actor, n int64) error {
			rank := 2
			return w.PatchTicket(bg, who, n, app.TicketPatch{Priority: &rank})
		}, agents},
		"PatchCustomer": {func(w *world, who desk.Actor, _ int64) error {
			return w.PatchCustomer(bg, who, w.one.first.id, func(desk.Customer) (desk.CustomerSettings, error) {
				return desk.CustomerSettings{}, desk.Invalid{}
			})
		}, admins},
	})
	maps.Copy(open, map[string]string{
		"Bearer": "makes actors of tokens", "BeginRequest": "of whoever a token speaks for", "EndRequest": "of whoever a token speaks for",
	})
}

// served404 lets what does not exist count as served.
func served404(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}

// token makes one, and reads back who it speaks for.
func (w *world) token(t *testing.T, person desk.ID, last string) string {
	t.Helper()
	return made(w.AddToken(bg, w.one.admin, desk.TokenForm{Name: "PSA", Scopes: []string{"tickets:read"}, Person: person, Last: last}))
}

// A token opens until somebody or something ends it, and then at once.
func TestTokensEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := w.one.agent.Person
	day := monday.AddDate(0, 0, 2).Format(time.DateOnly)
	for what, c := range map[string]struct {
		last string
		end  func() error
	}{
		"its last day":    {day, func() error { w.clock.pass(4 * 24 * time.Hour); return nil }},
		"revoked":         {"", func() error { return w.RevokeToken(bg, w.one.admin, made(w.Tokens(bg, w.one.admin))[0].ID) }},
		"its person left": {"", func() error { return w.switchOff(agent) }},
	} {
		text := w.token(t, agent.ID, c.last)
		who, b, err := w.Bearer(bg, text)
		if err != nil || who.Person.ID != agent.ID || who.Desk.ID != w.one.desk.ID || !b.May(desk.ScopeTicketsRead) || b.May(desk.ScopeTicketsWrite) {
			t.Fatalf("%s: %v %+v", what, err, b)
		}
		if err := c.end(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Bearer(bg, text); !errors.Is(err, desk.ErrSignIn) {
			t.Errorf("%s: it still opens (%v)", what, err)
		}
		if what == "its person left" {
			if err := w.switchOn(agent); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (w *world) switchOff(p desk.Person) error {
	return w.SavePerson(bg, w.one.admin, p.ID, desk.PersonSettings{Name: p.Name, Email: p.Email, Role: p.Role})
}

func (w *world) switchOn(p desk.Person) error {
	return w.SavePerson(bg, w.one.admin, p.ID, desk.PersonSettings{Name: p.Name, Email: p.Email, Role: p.Role, Active: true})
}

// No token speaks for a customer's person, and none for another desk's.
func TestTokensSpeakForTheDesksPeopleAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for who, id := range map[string]desk.ID{"a contact": w.one.first.contact.Person.ID, "another desk's admin": w.two.admin.Person.ID, "nobody": desk.NewID()} {
		_, err := w.AddToken(bg, w.one.admin, desk.TokenForm{Name: "PSA", Scopes: []string{"tickets:read"}, Person: id})
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != "person" {
			t.Errorf("%s: %v", who, err)
		}
	}
	text := w.token(t, w.one.agent.Person.ID, "")
	used := func() *time.Time { return made(w.Tokens(bg, w.one.admin))[0].UsedAt }
	first := used()
	made3(w.Bearer(bg, text))
	second := used()
	w.clock.pass(30 * time.Second)
	made3(w.Bearer(bg, text))
	if first != nil || second == nil || !used().Equal(*second) {
		t.Errorf("last use: %v, %v, %v", first, second, used())
	}
	for _, wrong := range []string{"", "gch_", text[:len(text)-1], text + "A", text[:20] + "AAAA" + text[24:], "gch_" + text} {
		if _, _, err := w.Bearer(bg, wrong); !errors.Is(err, desk.ErrSignIn) {
			t.Errorf("%q opens: %v", wrong, err)
		}
	}
}

func made3[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}

// What changed meanwhile is not overwritten, and a change is made whole or not at all.
func TestPatchesAreWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	read := func() desk.Ticket { return made(w.ReadTicket(bg, w.one.agent, n)).Ticket }
	before := read()
	rank, nobody := 1, desk.NewID()
	err := w.PatchTicket(bg, w.one.agent, n, app.TicketPatch{Priority: &rank, Assignee: &nobody})
	if after := read(); err == nil || after.Priority != before.Priority {
		t.Errorf("half of it was done: priority %d (%v)", after.Priority, err)
	}
	seen := before.ChangedAt
	if err := w.PatchTicket(bg, w.one.agent, n, app.TicketPatch{Priority: &rank, Assignee: &w.one.agent.Person.ID, Seen: &seen}); err != nil {
		t.Fatal(err)
	}
	after := read()
	if after.Priority != 1 || after.AssigneeID != w.one.agent.Person.ID || !after.ChangedAt.After(before.ChangedAt) {
		t.Errorf("%+v", after)
	}
	rank = 4
	if err := w.PatchTicket(bg, w.one.agent, n, app.TicketPatch{Priority: &rank, Seen: &seen}); !errors.Is(err, app.ErrChanged) || read().Priority != 1 {
		t.Errorf("a stale change: %v", err)
	}
}
