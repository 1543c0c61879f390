package history_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo/history"
	"guichet/internal/desk"
)

var now = time.Date(2026, 3, 18, 10, 20, 0, 0, time.UTC)

func setup(t *testing.T, seed uint64) (*history.Book, history.Plan) {
	t.Helper()
	b, err := history.Open()
	if err != nil {
		t.Fatal(err)
	}
	d, err := desk.NewDesk("bastion", "Bastion", "fr", "Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	d.ID = desk.ID{1}
	p := history.Plan{Seed: seed, Desk: d, Tickets: 120, Now: now}
	if p.Agents, err = history.Team(seed, d, now.AddDate(-3, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if p.Clients, err = b.Clients(seed, d, 0, 20, now.AddDate(-3, 0, 0)); err != nil {
		t.Fatal(err)
	}
	return b, p
}

func numbers(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(i + 1)
	}
	return list
}

func told(t *testing.T, seed uint64) history.Rows {
	t.Helper()
	b, p := setup(t, seed)
	rows, err := b.Block(p, 0, numbers(p.Size(0)))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheSameSeedTellsTheSameHistory(t *testing.T) {
	t.Parallel()
	one, again, other := told(t, 1), told(t, 1), told(t, 2)
	if !reflect.DeepEqual(one, again) {
		t.Error("two histories of one seed differ")
	}
	if reflect.DeepEqual(one.Messages, other.Messages) {
		t.Error("two seeds tell the same")
	}
}

func TestNothingIsLeftUnfilled(t *testing.T) {
	t.Parallel()
	rows := told(t, 3)
	for _, m := range rows.Messages {
		if strings.ContainsAny(m.Body, "{}") {
			t.Errorf("a gap in %q", m.Body)
		}
	}
	for _, k := range rows.Tickets {
		if strings.ContainsAny(k.Subject, "{}") {
			t.Errorf("a gap in %q", k.Subject)
		}
	}
}

func TestCompaniesHaveNamesAndTenantsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b, p := setup(t, 1)
	clients, err := b.Clients(1, p.Desk, 20, 12_000, now)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	domain := regexp.MustCompile(`^[a-z0-9-]+\.example$`)
	for _, c := range append(clients, p.Clients...) {
		k := c.Customer
		if name := strings.ToLower(k.Name); seen[name] || seen[k.Tenant] {
			t.Fatalf("a second %q", k.Name)
		} else {
			seen[name], seen[k.Tenant] = true, true
		}
		if !domain.MatchString(k.Domains[0]) {
			t.Errorf("%q has the domain %q", k.Name, k.Domains[0])
		}
		for _, person := range c.People {
			if seen[person.Email] {
				t.Errorf("two people have %s", person.Email)
			}
			seen[person.Email] = true
		}
	}
}
