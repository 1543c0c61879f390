package journey_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// rulesByHand is an admin who changes the desk's rules, by keyboard where there is a script and
// by buttons where there is none, and publishes them.
func rulesByHand(t *testing.T, site *running.Portal) {
	for n, view := range []journey.View{{}, {Width: journey.Phone, Dark: true, NoScript: true, Language: "en"}} {
		t.Run(view.String(), func(t *testing.T) {
			desk, admin := "brume", "nora@brume.example"
			if n == 1 {
				desk, admin = "meridian", "otto@meridian.example"
			}
			// An admin of her own: the other one ends all his sessions in another journey.
			author := "regine@" + desk + ".example"
			invite(t, site, desk, admin, "admin", "", "Régine Aubry", author)
			p := journey.Open(t, site.Base+"/"+desk, view)
			signInByMail(t, site, p, desk, author)
			p.Submit(t, `header nav a[href$="/settings/rules"]`)
			movesARule(t, p)
			writesARule(t, p)
			readsAFault(t, p)
			publishes(t, p)
		})
	}
}

// movesARule puts the second rule first.
func movesARule(t *testing.T, p *journey.Page) {
	t.Helper()
	second := strings.TrimSpace(p.See(t, ".rules > li:nth-child(2) h3"))
	if p.View().NoScript {
		p.Submit(t, ".rules > li:nth-child(2) button[value=up]")
	} else {
		p.Press(t, "j", "j")
		p.LoadAlt(t, journey.Up)
		p.See(t, ".rules > li:first-child h3 a:focus") // comes with the announcement
		if told := journey.Ask(t, p, "read the announcement", chromedp.Evaluate[string](`document.getElementById("announcer").textContent`)); !strings.Contains(told, second) {
			t.Errorf("it is announced as %q", told)
		}
	}
	says(t, p, ".rules > li:first-child h3", second)
	has(t, p, ".toast")
	fits(t, p)
	p.Shot(t, "rules-moved")
}

// writesARule adds one by rows, which a person without CEL can do.
func writesARule(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Submit(t, `main a[href$="/settings/rules/new"]`)
	p.Fill(t, "name_fr", "Beaucoup de clients")
	p.Choose(t, "g0_r0_fact", "similar")
	p.Choose(t, "g0_r0_op", "at_least")
	p.Submit(t, `button[value="add_row:0"]`)
	if p.Value(t, "[name=g0_r0_fact]") != "similar" || p.Value(t, "[name=name_fr]") != "Beaucoup de clients" {
		t.Error("another row loses what was typed")
	}
	p.Choose(t, "g0_r1_fact", "affected")
	p.Choose(t, "g0_r1_op", "is_not")
	p.Fill(t, "g0_r1_value", "one_user")
	p.Submit(t, `button[value=save]`)
	if p.Status() != http.StatusUnprocessableEntity {
		t.Errorf("a row without its value is answered %d", p.Status())
	}
	says(t, p, "#g0_r0-error", "")
	fits(t, p)
	p.Shot(t, "rule-refused")
	p.Fill(t, "g0_r0_value", "4")
}

// readsAFault looks at the CEL, breaks it, reads where, and mends it.
func readsAFault(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Submit(t, `button[value=cel]`)
	if when := p.Value(t, "[name=when]"); when != `similar >= 4 && affected != "one_user"` {
		t.Errorf("the rows are %s", when)
	}
	p.Fill(t, "when", "similar >= four")
	p.Submit(t, `button[value=rows]`)
	says(t, p, "#when-error", "12")
	p.Fill(t, "when", "similar >= 4 && affected != 'one_user'")
	p.Submit(t, `button[value=save]`)
	has(t, p, ".toast")
	says(t, p, "#r-beaucoup_de_clients", "4")
	if !p.View().NoScript {
		p.See(t, "#r-beaucoup_de_clients a:focus") // once the page has come to rest there
	}
}

// publishes says why, and sees the version among the others.
func publishes(t *testing.T, p *journey.Page) {
	t.Helper()
	p.Submit(t, `main a[href$="/publication"]`)
	p.Shot(t, "rules-publication")
	p.Fill(t, "note", "Une panne large passe devant.")
	p.Submit(t, "main form button[data-kind=main]")
	has(t, p, ".toast")
	if p.Has(t, ".rules [data-change]") {
		t.Error("what is published is still a change")
	}
	p.Submit(t, `nav a[href$="/versions/2"]`)
	says(t, p, "main", "Une panne large passe devant.")
	fits(t, p)
}
