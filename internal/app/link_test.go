package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/mail"
)

// askForLink asks, and does what the worker does then.
func (w *world) askForLink(ctx context.Context, d desk.Desk, email string) error {
	if err := w.AskForLink(ctx, d, email); err != nil {
		return err
	}
	return w.PrepareLinks(ctx, app.LinkRequest{Desk: d.ID, Email: strings.ToLower(strings.TrimSpace(email))})
}

// asked asks for a link and returns the token that would be mailed.
func (w *world) asked(t *testing.T, d desk.Desk, email string) string {
	t.Helper()
	if err := w.askForLink(t.Context(), d, email); err != nil {
		t.Fatal(err)
	}
	var link desk.ID
	if err := w.sql(t).QueryRow(t.Context(), `select id from sign_in_links where desk_id = $1 order by created_at desc, id desc limit 1`, d.ID).Scan(&link); err != nil {
		t.Fatal(err)
	}
	return w.sealer.LinkToken(link)
}

func TestALinkLetsItsPersonInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	who := w.one.first.contact.Person
	token := w.asked(t, w.one.desk, " "+strings.ToUpper(who.Email)+" ")
	if _, err := w.UseLink(bg, w.two.desk, token); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("at another desk: %v", err)
	}
	var using sync.WaitGroup
	var mu sync.Mutex
	came := 0
	for range 12 {
		using.Go(func() {
			p, err := w.UseLink(bg, w.one.desk, token)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && p.ID == who.ID:
				came++
			case !errors.Is(err, desk.ErrNotFound):
				t.Errorf("%v, %v", p, err)
			}
		})
	}
	using.Wait()
	if came != 1 {
		t.Errorf("one link let in %d", came)
	}
}

func TestALinkExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.asked(t, w.one.desk, w.one.agent.Person.Email)
	w.clock.pass(mail.LinkLife - time.Second)
	if _, err := w.UseLink(bg, w.one.desk, token); err != nil {
		t.Errorf("just in time: %v", err)
	}
	token = w.asked(t, w.one.desk, w.one.lead.Person.Email)
	w.clock.pass(mail.LinkLife)
	if _, err := w.UseLink(bg, w.one.desk, token); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("too late: %v", err)
	}
	for _, token := range []string{"", "x", token + "x", "\x00"} {
		if _, err := w.UseLink(bg, w.one.desk, token); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestALinkLetsInOnlyWhoMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.one.first
	left, closed := w.asked(t, w.one.desk, w.one.agent.Person.Email), w.asked(t, w.one.desk, c.contact.Person.Email)
	s := settings(w.one.agent.Person)
	s.Active = false
	if err := w.SavePerson(bg, w.one.admin, w.one.agent.Person.ID, s); err != nil {
		t.Fatal(err)
	}
	if err := w.SaveCustomer(bg, w.one.admin, c.id, desk.CustomerSettings{Name: "First", Tenant: c.tenant, Relationship: desk.Direct}); err != nil {
		t.Fatal(err)
	}
	for who, token := range map[string]string{"one who left": left, "one of a company that was switched off": closed} {
		if p, err := w.UseLink(bg, w.one.desk, token); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: %v (%v)", who, p, err)
		}
	}
}

// Whoever asks learns nothing from the answer.
func TestAskingTellsNobodyWhoIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, email := range []string{w.one.agent.Person.Email, "nobody@nowhere.example", w.two.agent.Person.Email} {
		if err := w.askForLink(bg, w.one.desk, email); err != nil {
			t.Errorf("%s: %v", email, err)
		}
	}
	if n := w.count(t, `select count(*) from sign_in_links`); n != 1 {
		t.Errorf("%d links for one who is known", n)
	}
	var invalid desk.Invalid
	for _, email := range []string{"", "x", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example", "a\x00@b.example"} {
		if err := w.askForLink(bg, w.one.desk, email); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", email, err)
		}
	}
	off := w.one.desk
	off.EmailSignIn = false
	if err := w.askForLink(bg, off, w.one.agent.Person.Email); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("where it is turned off: %v", err)
	}
	if _, err := w.UseLink(bg, off, w.asked(t, w.one.desk, w.one.lead.Person.Email)); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("a link from before it was turned off: %v", err)
	}
}

func TestLinksAreFewAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(times int) int {
		t.Helper()
		var asking sync.WaitGroup
		for range times {
			asking.Go(func() {
				if err := w.askForLink(bg, w.one.desk, w.one.agent.Person.Email); err != nil {
					t.Error(err) // the same answer as ever: who fills a mailbox learns nothing either
				}
			})
		}
		asking.Wait()
		return w.count(t, `select count(*) from river.river_job where kind = 'sign_in_link'`)
	}
	if n := ask(20); n != 5 {
		t.Errorf("%d letters of twenty requests at once", n)
	}
	w.clock.pass(61 * time.Minute)
	if n := ask(1); n != 6 {
		t.Errorf("%d letters: an hour later there is one more", n)
	}
}

// The token is in the letter and nowhere else.
func TestNoTableHoldsAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.asked(t, w.one.desk, w.one.first.contact.Person.Email)
	for _, table := range []string{"river.river_job", "sign_in_links"} {
		if n := w.count(t, `select count(*) from `+table+` r where position($1 in r::text) > 0`, token); n != 0 {
			t.Errorf("%s holds it in clear", table)
		}
		if n := w.count(t, `select count(*) from `+table); n == 0 {
			t.Errorf("%s: %d rows", table, n)
		}
	}
	var args []byte
	if err := w.sql(t).QueryRow(bg, `select args from river.river_job where kind = 'sign_in_link'`).Scan(&args); err != nil {
		t.Fatal(err)
	}
	var n app.LinkNotice
	if err := json.Unmarshal(args, &n); err != nil {
		t.Fatal(err)
	}
	if err := w.SendLink(bg, n); err != nil {
		t.Fatal(err)
	}
	letters := w.mail.Messages()
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "https://portal.example/one/sign-in/link/"+token+"\n") || !strings.Contains(letters[0].HTML, token) {
		t.Errorf("the letter: %+v", letters)
	}
	if _, err := w.UseLink(bg, w.one.desk, token); err != nil {
		t.Fatal(err)
	}
	if err := w.SendLink(bg, n); err != nil || len(w.mail.Messages()) != 1 {
		t.Errorf("a link that is spent is mailed again (%v)", err)
	}
}
