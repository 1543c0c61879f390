package journey_test

import (
	"strings"
	"testing"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// keyboard is an agent's work without a mouse, and with the single keys off.
func keyboard(t *testing.T, site *running.Portal) {
	invite(t, site, "alpine", "paul@alpine.example", "agent", "", "Aude Lemoine", "aude@alpine.example")
	one := asks(t, site, "helene@domaine-chassagne.example", "Okapi, le premier")
	asks(t, site, "helene@domaine-chassagne.example", "Okapi, le second")
	p := journey.Open(t, site.Base+"/alpine", journey.View{})
	signInByMail(t, site, p, "alpine", "aude@alpine.example")
	p.Go(t, site.Base+"/alpine/queue/all?q=okapi")
	skips(t, p)
	walksRows(t, p, one)
	usesKeys(t, p)
	tabsThrough(t, p)
	switchesOff(t, site, p)
}

// skips presses Tab once on a fresh page, sees the skip link and follows it.
func skips(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Press(t, journey.Tab)
	if !p.Focused(t, ".skip") || !p.Focus(t).Seen {
		t.Errorf("Tab leads to %v first", p.Focus(t))
	}
	says(t, p, ".skip", "contenu")
	p.Press(t, journey.Enter)
	if !p.Focused(t, "main") {
		t.Errorf("the skip link leads to %v", p.Focus(t))
	}
}

// walksRows goes down and up the list and opens a ticket, then the next and the
// one before.
func walksRows(t *testing.T, p *journey.Page, first string) {
	t.Helper()
	row := func(n string) string { return "tbody tr:nth-child(" + n + ") .title a" }
	for _, step := range []struct{ key, row string }{{"j", "1"}, {"j", "2"}, {"j", "2"}, {"k", "1"}} {
		p.Press(t, step.key)
		if !p.Focused(t, row(step.row)) || !p.Focus(t).Seen {
			t.Errorf("%s leads to %v, not to row %s", step.key, p.Focus(t), step.row)
		}
	}
	p.Load(t, journey.Enter)
	if at := numberOf(t, p); at != first {
		t.Errorf("Enter opens %s, not %s", at, first)
	}
	p.Load(t, "]")
	if at := numberOf(t, p); at == first {
		t.Errorf("] stays at %s", at)
	}
	p.Load(t, "[")
	if at := numberOf(t, p); at != first {
		t.Errorf("[ leads to %s", at)
	}
}

// usesKeys writes a note and a reply by their keys; within a field a key types.
func usesKeys(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Press(t, "n")
	if p.Value(t, "[name=kind]:checked") != "note" || !p.Focused(t, "#body") {
		t.Errorf("n leads to %v", p.Focus(t))
	}
	p.Press(t, "j", "r", "?", "/")
	if typed := p.Value(t, "#body"); typed != "jr?/" {
		t.Errorf("in the field the keys typed %q", typed)
	}
	if p.Value(t, "[name=kind]:checked") != "note" || p.Has(t, "#keys:popover-open") {
		t.Error("a key acts while one types")
	}
	p.Press(t, journey.Tab)
	p.Press(t, "r")
	if p.Value(t, "[name=kind]:checked") != "message" || !p.Focused(t, "#body") {
		t.Errorf("r leads to %v", p.Focus(t))
	}
	p.Press(t, journey.Tab)
	p.Press(t, "?")
	has(t, p, "#keys:popover-open")
	says(t, p, "#keys", "réponse")
	p.Shot(t, "keys-help")
	p.Press(t, journey.Escape)
	hasNo(t, p, "#keys:popover-open")
}

// tabsThrough goes round the whole ticket: every stop is seen, the order is
// that of the page, and one comes out at its end.
func tabsThrough(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Go(t, p.Address(t))
	last, stops := -1, 0
	for ; stops < 80; stops++ {
		p.Press(t, journey.Tab)
		at := p.Focus(t)
		if at.Place < last || at.Name == "body" {
			break
		}
		last = at.Place
		if !at.Seen {
			t.Errorf("nothing shows that %s has the focus", at.Name)
		}
		if at.Covered != "" {
			t.Errorf("%s has the focus beneath %s", at.Name, at.Covered)
		}
	}
	if stops < 15 || stops == 80 {
		t.Errorf("Tab made %d stops", stops)
	}
}

func switchesOff(t *testing.T, site *running.Portal, p *journey.Page) {
	t.Helper()
	p.Go(t, site.Base+"/alpine/queue")
	p.Press(t, "/")
	if !p.Focused(t, "[name=q]") {
		t.Errorf("/ leads to %v", p.Focus(t))
	}
	p.Press(t, "o", "k")
	if typed := p.Value(t, "[name=q]"); typed != "ok" {
		t.Errorf("the search holds %q", typed)
	}
	p.Go(t, site.Base+"/alpine/account")
	p.Click(t, "[name=keys]")
	p.Submit(t, "main form button")
	p.Go(t, site.Base+"/alpine/queue")
	p.Press(t, "j", "/", "?")
	if at := p.Focus(t); at.Name != "body" {
		t.Errorf("with the keys off one is led to %s", at.Name)
	}
	hasNo(t, p, "#keys:popover-open")
	if shown := p.Count(t, "kbd.keys, .keys kbd"); shown > 0 {
		t.Errorf("%d keys are offered that do nothing", shown)
	}
	p.Click(t, "[popovertarget=keys]")
	if !strings.Contains(p.See(t, "#keys"), "désactiv") && !strings.Contains(p.See(t, "#keys"), "coup") {
		t.Errorf("the help does not say that the keys are off: %s", p.See(t, "#keys"))
	}
}
