package journey_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guichet/internal/journey"
	"guichet/internal/testbed/running"
)

// Pages change while they are read: the queue says what is new and moves nothing, an
// answer appears where its customer is typing and leaves him in peace, and an agent
// sees that his colleague is writing.
func TestPagesChangeWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	site := running.StartTimeless(t)
	ines := journey.Open(t, site.Base+"/alpine", journey.View{})
	ines.SignIn(t, site.Base, "alpine", "ines@alpine.example")
	ines.Go(t, site.Base+"/alpine/queue/all")
	first := ines.See(t, "tbody tr:first-child .title")
	lea := journey.Open(t, site.Base+"/alpine", journey.View{Width: journey.Phone, Dark: true, Language: "en"})
	lea.SignIn(t, site.Base, "alpine", "lea@lumen.example")

	browser := site.SignIn(t, "alpine", "lea@lumen.example")
	resp, err := browser.PostForm(site.Base+"/alpine/tickets", url.Values{"kind": {"problem"}, "subject": {"Teams ne sonne plus"}, "body": {"Depuis ce matin."},
		"service": {"Microsoft Teams"}, "affected": {"some_users"}, "impact": {"slowed"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	ticket := resp.Request.URL.Path
	if ticket == "/alpine/tickets" {
		t.Fatalf("the ticket was not taken: %s", resp.Status)
	}
	if said := ines.See(t, "[data-news]:not([hidden])"); !strings.HasPrefix(said, "1 nouvelle demande") {
		t.Errorf("the queue says %q", said)
	}
	if now := ines.See(t, "tbody tr:first-child .title"); now != first {
		t.Errorf("the first row became %q", now)
	}
	ines.Shot(t, "live-queue", journey.View{Width: journey.Phone, Dark: true})
	ines.Click(t, "[data-news]")
	ines.See(t, `tbody a[href^="`+ticket+`"]`)

	lea.Go(t, site.Base+ticket)
	lea.Fill(t, "body", "While I was")
	journey.Ask(t, lea, "mark the document", chromedp.Evaluate[bool](`window.marked = true`))
	ines.Go(t, site.Base+ticket)
	paul := journey.Open(t, site.Base+"/alpine", journey.View{Language: "en"})
	paul.SignIn(t, site.Base, "alpine", "paul@alpine.example")
	paul.Go(t, site.Base+ticket)
	ines.Fill(t, "body", "Nous regardons.")
	paul.See(t, "[data-here] .avatar")
	paul.Shot(t, "live-presence")
	ines.Submit(t, "#write .if-reply.btn")
	if said := lea.See(t, `.entry[data-kind="desk"][data-new] .said`); !strings.Contains(said, "Nous regardons.") {
		t.Errorf("the customer reads %q", said)
	}
	if !lea.Focused(t, "textarea[name=body]") || lea.Value(t, "textarea[name=body]") != "While I was" || !journey.Ask(t, lea, "find the mark", chromedp.Evaluate[bool](`window.marked === true`)) {
		t.Error("the customer's page was loaded again, or his words or his place are lost")
	}
	lea.Shot(t, "live-ticket")
	paul.See(t, `.entry[data-kind="desk"][data-new]`)
}
