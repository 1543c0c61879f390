package app_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/desk"
)

// signedIn gives a person sessions as the web door stores them.
func (w *world) signedIn(t *testing.T, who desk.Actor, tokens ...string) {
	t.Helper()
	for _, token := range tokens {
		data := `{"deadline": "2099-01-01T00:00:00Z", "values": {"person": "` + who.Person.ID.String() + `", "device": "Firefox"}}`
		if err := w.db.Sessions().CommitCtx(t.Context(), token, []byte(data), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) sessions(t *testing.T, who desk.Actor) int {
	t.Helper()
	return w.count(t, `select count(*) from sessions where person_id = $1 and expires_at > now()`, who.Person.ID)
}

func settings(p desk.Person) desk.PersonSettings {
	return desk.PersonSettings{Name: p.Name, Email: p.Email, Language: p.Language, Role: p.Role, CustomerID: p.CustomerID, SubcontractorID: p.SubcontractorID, Active: p.Active}
}

// What a person may do changes at once: whatever browser he is in.
func TestChangedRightsEndSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	for name, c := range map[string]struct {
		who    desk.Actor
		change func(*desk.PersonSettings)
		ends   bool
	}{
		"promoted":     {w.one.agent, func(s *desk.PersonSettings) { s.Role = desk.Lead }, true},
		"switched off": {w.one.first.contact, func(s *desk.PersonSettings) { s.Active = false }, true},
		"renamed":      {w.one.lead, func(s *desk.PersonSettings) { s.Name = "Another name" }, false},
	} {
		w.signedIn(t, c.who, name+" 1", name+" 2")
		w.signedIn(t, w.two.agent, "bystander")
		s := settings(c.who.Person)
		c.change(&s)
		if err := w.SavePerson(ctx, w.one.admin, c.who.Person.ID, s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := w.sessions(t, c.who); c.ends != (n == 0) {
			t.Errorf("%s: %d sessions", name, n)
		}
	}
	if w.sessions(t, w.two.agent) != 1 {
		t.Error("a bystander was signed out")
	}
	if a, err := w.Actor(ctx, w.one.desk, w.one.first.contact.Person.ID, "s"); err != nil || a.SignedIn() {
		t.Errorf("a person who was switched off acts as %v (%v)", a.Person, err)
	}
	if a, err := w.Actor(ctx, w.one.desk, w.two.agent.Person.ID, "s"); err != nil || a.SignedIn() {
		t.Errorf("another desk's person acts here as %v (%v)", a.Person, err)
	}
	if a, err := w.Actor(ctx, w.one.desk, w.one.agent.Person.ID, "s"); err != nil || a.Person.Role != desk.Lead {
		t.Errorf("the promoted acts as %v (%v)", a.Person, err)
	}
}

func TestACompanyThatIsSwitchedOffTakesItsPeopleAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, c := t.Context(), w.one.first
	w.signedIn(t, c.contact, "a")
	w.signedIn(t, c.manager, "b")
	w.signedIn(t, w.one.second.contact, "c")
	s := desk.CustomerSettings{Name: "First", Tenant: c.tenant, Relationship: desk.Direct, Active: true}
	if err := w.SaveCustomer(ctx, w.one.admin, c.id, s); err != nil || w.sessions(t, c.contact) != 1 {
		t.Errorf("saving what it was signs people out (%v)", err)
	}
	s.Active = false
	if err := w.SaveCustomer(ctx, w.one.admin, c.id, s); err != nil {
		t.Fatal(err)
	}
	if w.sessions(t, c.contact)+w.sessions(t, c.manager) != 0 || w.sessions(t, w.one.second.contact) != 1 {
		t.Error("the wrong people were signed out")
	}
	w.signedIn(t, c.contact, "kept by a request that was under way")
	if a, err := w.Actor(ctx, w.one.desk, c.contact.Person.ID, "s"); err != nil || a.SignedIn() {
		t.Errorf("a session that outlived it acts as %v (%v)", a.Person, err)
	}
	moved := w.one.second
	if err := w.SaveCustomer(ctx, w.one.admin, moved.id, desk.CustomerSettings{Name: "Second", Tenant: desk.NewID().String(), Relationship: desk.Direct, Active: true}); err != nil {
		t.Fatal(err)
	}
	if w.sessions(t, moved.contact) != 0 {
		t.Error("people of the tenant before stay signed in")
	}
}

func TestADeskKeepsAnAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	var invalid desk.Invalid
	for name, change := range map[string]func(*desk.PersonSettings){"demoted": func(s *desk.PersonSettings) { s.Role = desk.Agent }, "switched off": func(s *desk.PersonSettings) { s.Active = false }} {
		s := settings(w.one.admin.Person)
		change(&s)
		if err := w.SavePerson(ctx, w.one.admin, w.one.admin.Person.ID, s); !errors.As(err, &invalid) || invalid.Problems[0].Key != "error.last_admin" {
			t.Errorf("the last admin %s himself: %v", name, err)
		}
	}
	second := w.invite(t, w.one, desk.PersonSettings{Name: "Second", Email: "second@one.example", Role: desk.Admin})
	var dismissing sync.WaitGroup
	for _, pair := range [][2]desk.Actor{{w.one.admin, second}, {second, w.one.admin}} {
		dismissing.Go(func() {
			s := settings(pair[1].Person)
			s.Role = desk.Agent
			if err := w.SavePerson(ctx, pair[0], pair[1].Person.ID, s); err != nil && !errors.As(err, &invalid) {
				t.Error(err)
			}
		})
	}
	dismissing.Wait()
	if n := w.count(t, `select count(*) from people where desk_id = $1 and role = 'admin' and active`, w.one.desk.ID); n != 1 {
		t.Errorf("%d admins after two dismissed each other at once", n)
	}
}

func TestInvitationsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	var invalid desk.Invalid
	if _, err := w.Invite(ctx, w.one.admin, settings(w.one.agent.Person)); !errors.As(err, &invalid) || invalid.Problems[0].Field != "email" {
		t.Errorf("the same address twice: %v", err)
	}
	s := settings(w.one.first.contact.Person)
	s.CustomerID = w.one.second.id
	if _, err := w.Invite(ctx, w.one.admin, s); err != nil {
		t.Errorf("one address at two customers: %v", err)
	}
	s = settings(w.one.first.contact.Person)
	s.Role = desk.Admin
	if err := w.SavePerson(ctx, w.one.admin, w.one.first.contact.Person.ID, s); !errors.As(err, &invalid) || invalid.Problems[0].Field != "role" {
		t.Errorf("a customer's person made an admin: %v", err)
	}
	if _, err := w.AddCustomer(ctx, w.one.admin, desk.CustomerSettings{Name: "FIRST", Relationship: desk.Direct}); !errors.As(err, &invalid) || invalid.Problems[0].Field != "name" {
		t.Errorf("the same name twice: %v", err)
	}
	if _, err := w.AddCustomer(ctx, w.one.admin, desk.CustomerSettings{Name: "Other", Tenant: w.one.first.tenant, Relationship: desk.Direct}); !errors.As(err, &invalid) || invalid.Problems[0].Field != "tenant" {
		t.Errorf("the same tenant twice: %v", err)
	}
	if _, err := w.AddCustomer(ctx, w.two.admin, desk.CustomerSettings{Name: "Ours too", Tenant: w.one.first.tenant, Relationship: desk.Direct}); err != nil {
		t.Errorf("one company at two desks: %v", err)
	}
	again := made(desk.NewDesk("one", "One again", "fr", "Europe/Paris"))
	if err := w.OpenDesk(ctx, again, desk.NewID().String(), "a@b.example", 1); !errors.As(err, &invalid) || invalid.Problems[0].Field != "slug" {
		t.Errorf("the same desk twice: %v", err)
	}
}

// An admin who is changing a person must not undo what the person does at the
// same moment, nor the other way round.
func TestPreferencesChangeNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, old := t.Context(), w.one.agent // as the request that began a moment ago knows him
	s := settings(old.Person)
	s.Role, s.Active = desk.Lead, true
	if err := w.SavePerson(ctx, w.one.admin, old.Person.ID, s); err != nil {
		t.Fatal(err)
	}
	if err := w.SavePreferences(ctx, old, desk.Preferences{Language: "en", Zone: "Asia/Tokyo", KeysOff: true}); err != nil {
		t.Fatal(err)
	}
	a, err := w.Actor(ctx, w.one.desk, old.Person.ID, "")
	if err != nil || a.Person.Role != desk.Lead || a.Person.Language != "en" || a.Location().String() != "Asia/Tokyo" || !a.Person.KeysOff {
		t.Errorf("%+v (%v)", a.Person, err)
	}
	if err := w.SavePreferences(ctx, w.one.first.contact, desk.Preferences{Language: "en"}); err != nil {
		t.Errorf("a customer's person: %v", err)
	}
}

func TestPeopleEndTheirOwnSessionsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, who, other := t.Context(), w.one.agent, w.one.lead
	w.signedIn(t, who, "here", "there", "elsewhere")
	w.signedIn(t, other, "another's")
	who.SessionID = "here"
	list, err := w.Sessions(ctx, who)
	if err != nil || len(list) != 3 || list[0].Device != "Firefox" {
		t.Fatalf("%+v (%v)", list, err)
	}
	if err := w.Revoke(ctx, who, "another's"); !errors.Is(err, desk.ErrNotFound) || w.sessions(t, other) != 1 {
		t.Errorf("another's session: %v", err)
	}
	if err := w.Revoke(ctx, who, "there"); err != nil || w.sessions(t, who) != 2 {
		t.Errorf("one of his own: %v", err)
	}
	if err := w.RevokeOthers(ctx, who); err != nil || w.sessions(t, who) != 1 {
		t.Errorf("all but this one: %v", err)
	}
	if list, err := w.Sessions(ctx, who); err != nil || len(list) != 1 || list[0].ID != "here" {
		t.Errorf("what is over is listed: %v (%v)", list, err)
	}
	if _, err := w.sql(t).Exec(ctx, `update sessions set expires_at = now() - interval '1 day' where token <> 'another''s'`); err != nil {
		t.Fatal(err)
	}
	if err := w.ForgetExpired(ctx); err != nil || w.count(t, `select count(*) from sessions`) != 1 {
		t.Errorf("forgetting what is over: %v", err)
	}
}

func TestClientSecretsAreSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	const secret = "correct horse battery staple"
	stored := func() (b []byte) {
		t.Helper()
		if err := w.sql(t).QueryRow(ctx, `select client_secret from desks where id = $1`, w.one.desk.ID).Scan(&b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	s := desk.DeskSettings{Name: "One", Language: "fr", Zone: "Europe/Paris", Issuer: "https://id.example", ClientID: "client"}
	if err := w.SaveDesk(ctx, w.one.admin, s, secret); err != nil {
		t.Fatal(err)
	}
	sealed := stored()
	if len(sealed) == 0 || strings.Contains(string(sealed), secret) {
		t.Fatalf("stored as %q", sealed)
	}
	if text, err := w.sealer.Unseal(sealed); err != nil || text != secret {
		t.Errorf("unsealed %q (%v)", text, err)
	}
	if d, err := w.Desk(ctx, "one"); err != nil || !d.HasSecret || d.Issuer != s.Issuer {
		t.Errorf("%+v (%v): our own change is seen at once", d, err)
	}
	if err := w.SaveDesk(ctx, w.one.admin, s, ""); err != nil || string(stored()) != string(sealed) {
		t.Errorf("saving without a new one changes it (%v)", err)
	}
	s.Issuer = "https://evil.example"
	if err := w.SaveDesk(ctx, w.one.admin, s, ""); err != nil || len(stored()) != 0 {
		t.Errorf("another issuer inherits it (%v)", err)
	}
}

func TestSealing(t *testing.T) {
	t.Parallel()
	w := newSealers(t)
	one, again := made(w[0].Seal("secret")), made(w[0].Seal("secret"))
	if string(one) == string(again) {
		t.Error("the same text is sealed the same way twice")
	}
	if _, err := w[1].Unseal(one); err == nil {
		t.Error("another installation's key opens it")
	}
	one[len(one)-1] ^= 1
	if _, err := w[0].Unseal(one); err == nil {
		t.Error("what was changed on the way is believed")
	}
	if _, err := w[0].Unseal([]byte("short")); err == nil {
		t.Error("what is cut short is believed")
	}
	if text, err := w[0].Unseal(nil); text != "" || err != nil {
		t.Errorf("nothing opens to %q (%v)", text, err)
	}
}
