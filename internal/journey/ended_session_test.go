package journey_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// A session that ends while somebody is typing costs him nothing but a sign-in,
// also where the identity provider is another site.
func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	t.Parallel()
	site := running.Start(t)
	for _, view := range []journey.View{{}, {NoScript: true}} {
		p := journey.Open(t, site.Base+"/alpine", view)
		p.SignIn(t, site.Base, "alpine", "lea@lumen.example")
		p.Go(t, site.Base+"/alpine/tickets/new")
		p.Fill(t, "subject", "Teams ne sonne plus")
		p.Fill(t, "body", "Depuis ce matin.")
		endSessions(t, site)
		p.Submit(t, `main form button:not([name])`)
		p.Submit(t, `main a[href*="/sign-in?"]`)
		p.Submit(t, `button[name=person][value="lea@lumen.example"]`)
		if !p.Has(t, `input[name=subject][value="Teams ne sonne plus"]`) {
			t.Errorf("%s: the form forgot what was typed, at %s\n%s", view, p.Address(t), p.Source(t))
		}
	}
}

func endSessions(t *testing.T, site *running.Portal) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), site.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	if _, err := db.Exec(t.Context(), `update sessions set expires_at = now()`); err != nil {
		t.Fatal(err)
	}
}
