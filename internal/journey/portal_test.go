package journey_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo"
	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// TestPortal walks through the whole portal as people do. All journeys share
// one portal; each has people and tickets of its own.
func TestPortal(t *testing.T) {
	t.Parallel()
	site := running.Start(t)
	t.Run("journeys", func(t *testing.T) {
		for name, walk := range map[string]func(*testing.T, *running.Portal){
			"every page":  everyPage,
			"customers":   customers,
			"helps":       helps,
			"agents":      agents,
			"keyboard":    keyboard,
			"corrects":    corrects,
			"escalates":   escalates,
			"admins":      admins,
			"rules":       rulesByHand,
			"interrupted": interrupted,
			"outsider":    outsider,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				walk(t, site)
			})
		}
	})
	t.Run("surroundings", func(t *testing.T) { surroundings(t, site) }) // with all the letters that the journeys sent
}

// hands are the sixteen ways to look at the portal: wide or narrow, light or
// dark, with a script or without, in French or English. Each of the four
// journeys that change things is walked four ways, and in each hand of four
// every single way occurs twice.
var hands = [4][4]journey.View{{
	{},
	{Width: journey.Phone, Dark: true, Language: "en"},
	{Dark: true, NoScript: true, Language: "en"},
	{Width: journey.Phone, NoScript: true},
}, {
	{Width: journey.Phone},
	{Dark: true, Language: "en"},
	{Width: journey.Phone, Dark: true, NoScript: true, Language: "en"},
	{NoScript: true},
}, {
	{Dark: true},
	{Width: journey.Phone, Language: "en"},
	{NoScript: true, Language: "en"},
	{Width: journey.Phone, Dark: true, NoScript: true},
}, {
	{Width: journey.Phone, Dark: true},
	{Language: "en"},
	{Width: journey.Phone, NoScript: true, Language: "en"},
	{Dark: true, NoScript: true},
}}

// letter waits for the mail to somebody whose subject or text says a word.
func letter(t *testing.T, site *running.Portal, to, word string) demo.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	m, err := site.Mail.Wait(ctx, func(m demo.Message) bool {
		return strings.Contains(strings.Join(m.To, " "), to) && strings.Contains(m.Subject+m.Text, word)
	})
	if err != nil {
		t.Fatalf("no letter to %s says %q: %v", to, word, err)
	}
	return m
}

// signInByMail asks for a link, follows it and presses the button.
func signInByMail(t *testing.T, site *running.Portal, p *journey.Page, desk, email string) {
	t.Helper()
	p.Go(t, site.Base+"/"+desk+"/sign-in?by=mail")
	p.Fill(t, "email", email)
	p.Submit(t, "main form button")
	link := "/" + desk + "/sign-in/link/"
	_, rest, _ := strings.Cut(letter(t, site, email, link).Text, link)
	p.Go(t, site.Base+link+strings.Fields(rest)[0])
	p.Submit(t, "main form button")
}

// invite lets an admin bring somebody in: in a role of the desk itself, or as a
// contact of the customer of that name.
func invite(t *testing.T, site *running.Portal, desk, admin, role, customer, name, email string) {
	t.Helper()
	c := site.SignIn(t, desk, admin)
	form := url.Values{"name": {name}, "email": {email}, "role": {role}}
	if customer != "" {
		answer, err := c.Get(site.Base + "/" + desk + "/settings/customers?q=" + url.QueryEscape(customer))
		if err != nil {
			t.Fatal(err)
		}
		form.Set("customer", path.Base(running.Page(t, answer).Find("tbody a").First().AttrOr("href", "")))
	}
	answer, err := c.PostForm(site.Base+"/"+desk+"/settings/people", form)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("inviting %s: %s", email, answer.Status)
	}
}

// ends fails the test when the page is not the one at that path.
func ends(t *testing.T, p *journey.Page, site *running.Portal, path string) {
	t.Helper()
	if at := p.Address(t); at != site.Base+path {
		t.Fatalf("the way led to %s (%d), not to %s", at, p.Status(), path)
	}
}

// says fails the test when what the selector finds does not hold a text.
func says(t *testing.T, p *journey.Page, selector, text string) {
	t.Helper()
	if got := p.See(t, selector); !strings.Contains(strings.ToLower(got), strings.ToLower(text)) {
		t.Errorf("%s: %s says %q, not %q", p.Address(t), selector, got, text)
	}
}

// fits fails the test when the page, as it stands, scrolls sideways or, where a
// script can tell, is hard to reach.
func fits(t *testing.T, p *journey.Page) {
	t.Helper()
	p.FitsWidth(t)
	if !p.View().NoScript {
		p.Axe(t)
	}
}

func has(t *testing.T, p *journey.Page, selector string) {
	t.Helper()
	if !p.Has(t, selector) {
		t.Errorf("%s has no %s", p.Address(t), selector)
	}
}

func hasNo(t *testing.T, p *journey.Page, selector string) {
	t.Helper()
	if p.Has(t, selector) {
		t.Errorf("%s has %s", p.Address(t), selector)
	}
}

// numberOf is the number of the ticket that the page shows.
func numberOf(t *testing.T, p *journey.Page) string {
	t.Helper()
	u, err := url.Parse(p.Address(t))
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := fmt.Sscan(path.Base(u.Path), &n); err != nil {
		t.Fatalf("%s is no ticket (%d)", u, p.Status())
	}
	return path.Base(u.Path)
}
