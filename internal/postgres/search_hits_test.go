package postgres_test

import (
	"slices"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// found are the numbers that somebody finds, in order of their rank.
func (w *world) found(t *testing.T, s desk.Scope, who desk.Actor, typed string) (numbers []int64) {
	t.Helper()
	w.view(t, s, func(tx *postgres.Tx) error {
		hits, _, err := tx.Search(desk.ReadSearch(typed, who, tx.Now), who.Person, desk.SearchCursor{})
		for _, h := range hits {
			numbers = append(numbers, h.Number)
		}
		return err
	})
	return numbers
}

// Everybody finds what he may read and nothing else: neither by its words, nor by
// their absence.
func TestSearchFindsWhatItsReaderMayRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, c := w.one, w.one.first
	at := func(who desk.Person) desk.Actor { return desk.Actor{Desk: p.desk, Person: who} }
	agent, manager, contact, other := at(p.agent), at(c.manager), at(c.contact), at(c.other)
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		tx.FindBy(c.ticket.ID, "copie-écran_07.png", false)
		tx.FindBy(c.ticket.ID, "2611190050001234", true)
		return nil
	})
	mine := func(of company) desk.Scope { return p.scopeOf(of) }
	both := []int64{p.second.ticket.Number, c.ticket.Number}
	one := []int64{c.ticket.Number}
	night := desk.Scope{Desk: p.desk.ID, Subcontractor: &p.night}
	late := desk.Scope{Desk: p.desk.ID, Subcontractor: &desk.Subcontractor{ID: p.night.ID, AllCustomers: true, Services: []string{"Microsoft Teams"}}}
	for _, k := range []struct {
		name  string
		s     desk.Scope
		who   desk.Actor
		typed string
		want  []int64
	}{
		{"subject", p.scope(), agent, "mails", both}, {"note", p.scope(), agent, "secret", both}, {"finding", p.scope(), agent, "findings", both},
		{"note and subject", p.scope(), agent, "secret mail", both}, {"without the note", p.scope(), agent, "mail -secret", nil},
		{"customer's name", p.scope(), agent, "first", one}, {"person's address", p.scope(), agent, "contact@first.example", one},
		{"file", p.scope(), agent, "copie-ecran", one}, {"request", p.scope(), agent, "2611190050001234", one},
		{"field", p.scope(), agent, "mail client:FIRST", one}, {"field alone", p.scope(), agent, "customer:second", both[:1]}, {"field not", p.scope(), agent, "mail -customer:second", one},
		{"his own", mine(c), contact, "mail", one}, {"followed", mine(c), other, "mail", one}, {"the company's", mine(c), manager, "mail", one},
		{"file of his", mine(c), contact, "copie", one}, {"a note's word", mine(c), manager, "secret", nil}, {"a finding's", mine(c), manager, "finding", nil},
		{"a request's", mine(c), manager, "2611190050001234", nil}, {"a note's word left out", mine(c), manager, "mail -secret", one},
		{"a neighbour's name", mine(c), manager, "second", nil}, {"a mark", mine(c), manager, "~secret", nil}, {"everything but", mine(c), manager, "-nothing", one},
		{"given", night, agent, "mail", one}, {"given, a note", night, agent, "secret", one}, {"not given", late, agent, "mail", nil},
		{"another desk", w.two.scope(), desk.Actor{Desk: w.two.desk, Person: w.two.agent}, "copie", nil},
	} {
		if got := w.found(t, k.s, k.who, k.typed); !same(got, k.want) {
			t.Errorf("%s: %q finds %v, want %v", k.name, k.typed, got, k.want)
		}
	}
	stranger := person(t, desk.Contact, c.ID, "new@First.example")
	if got := w.found(t, mine(c), at(stranger), "mail"); got != nil {
		t.Errorf("a colleague who follows nothing finds %v", got)
	}
	// Whoever speaks to the functions themselves, as the role that serves, gets no further.
	w.view(t, mine(c), func(tx *postgres.Tx) error {
		for _, asked := range []string{`'~secret'`, `!'~secret'`, `'mail'&!'~secret'`, `'~secret'|'mail'`, `'~secr':*`, `'secret'`, `'=` + p.desk.ID.String()[28:] + `a0' & !'mail'`} {
			if n := tally(t, tx, `select count(*) from search_hits('`+doubled(asked)+`', array['`+doubled(asked)+`'], '', null, 1000000, 10)`); n != 0 {
				t.Errorf("%s is answered with %d", asked, n)
			}
		}
		if n := tally(t, tx, `select count(*) from stale_search_texts(10)`); n != 0 {
			t.Error("a customer learns what is to be done")
		}
		return nil
	})
}

func same(a, b []int64) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func doubled(s string) string {
	var out []rune
	for _, r := range s {
		if r == '\'' {
			out = append(out, r)
		}
		out = append(out, r)
	}
	return string(out)
}

func tally(t *testing.T, tx *postgres.Tx, sql string) (n int) {
	t.Helper()
	rows, err := tx.Raw(sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}
