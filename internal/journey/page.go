package journey

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// stepTimeout is for one step of a journey: long enough for a machine that does
// other work too, short enough to say which step hangs.
const stepTimeout = 30 * time.Second

// A Page is one tab of somebody who is nobody else: with cookies of its own.
type Page struct {
	ctx  context.Context
	view View
	seen *witness
}

// Open shows the address in a new tab and waits until it has loaded. When the
// test ends it closes the tab, and fails the test for any complaint of the
// browser and for any request that left this machine.
func Open(t testing.TB, address string, view View) *Page {
	t.Helper()
	p := newPage(t, view)
	t.Cleanup(func() {
		for _, complaint := range p.seen.complaints() {
			t.Errorf("%s: %s", view, complaint)
		}
	})
	p.Go(t, address)
	return p
}

func newPage(t testing.TB, view View) *Page {
	t.Helper()
	browser, err := sharedBrowser()
	if err != nil {
		t.Fatal(err)
	}
	return newTab(t, view, browser, chromedp.WithNewBrowserContext())
}

// Beside shows the address in another tab of the same person.
func (p *Page) Beside(t testing.TB, address string) *Page {
	t.Helper()
	other := newTab(t, p.view, p.ctx)
	other.Go(t, address)
	return other
}

func newTab(t testing.TB, view View, parent context.Context, options ...chromedp.ContextOption) *Page {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(parent, options...)
	t.Cleanup(closeTab)
	p := &Page{ctx: ctx, view: view, seen: &witness{}}
	// The first use of a tab binds its life to that context, so it has no limit.
	if err := chromedp.Listen(ctx, p.seen.hear); err != nil {
		t.Fatalf("make a tab: %v", err)
	}
	p.Do(t, "set up a tab", view.emulate(nil))
	return p
}

// Look shows the page as it stands in another view, without loading it again.
func (p *Page) Look(t testing.TB, view View) {
	t.Helper()
	before := p.view
	p.view = view
	p.Do(t, "look", view.emulate(&before))
}

// LiveIn puts the reader's device into a time zone, by its IANA name.
func (p *Page) LiveIn(t testing.TB, zone string) {
	t.Helper()
	p.Do(t, "live in "+zone, command(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone}))
}

// View is how the page is looked at.
func (p *Page) View() View { return p.view }

// Do runs browser actions as one step; the test fails at once when they do not
// succeed in time. The step's name says what was tried.
func (p *Page) Do(t testing.TB, step string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	Ask(t, p, step, chromedp.Steps(actions...))
}

// Ask is Do for an action that has an answer.
func Ask[T any](t testing.TB, p *Page, step string, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepTimeout)
	defer cancel()
	answer, err := chromedp.Run(ctx, action)
	if err != nil {
		p.keepFailure(t)
		t.Fatalf("%s: %s: %v\non %s", p.view, step, err, p.seen.address())
	}
	return answer
}

// Go shows another address and waits until it has loaded.
func (p *Page) Go(t testing.TB, address string) {
	t.Helper()
	p.Do(t, "go to "+address, chromedp.Navigate(address))
}

// SignIn signs a demo person in to a desk, through the desk's own door and the
// development identity provider. base is the portal's address.
func (p *Page) SignIn(t testing.TB, base, desk, email string) {
	t.Helper()
	person := fmt.Sprintf(`button[name=person][value=%q]`, email)
	p.Go(t, base+"/"+desk+"/sign-in")
	p.Submit(t, person)
}

// Click clicks the first element that the CSS selector finds, once it is there.
// What follows is for See to wait for.
func (p *Page) Click(t testing.TB, selector string) {
	t.Helper()
	p.Do(t, "click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Submit clicks what leads to another document and waits until it has loaded.
func (p *Page) Submit(t testing.TB, selector string) {
	t.Helper()
	p.Do(t, "submit "+selector, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector)))
		return err
	}))
}

// Fill types the value into the field of that name, replacing what is there.
func (p *Page) Fill(t testing.TB, field, value string) {
	t.Helper()
	p.FillIn(t, fmt.Sprintf(`[name=%q]`, field), value)
}

// FillIn is Fill for the first field that the selector finds, where several have a
// name.
func (p *Page) FillIn(t testing.TB, selector, value string) {
	t.Helper()
	p.Do(t, "fill "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
	Ask(t, p, "empty "+selector, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(%q).value = ""`, selector)))
	p.Do(t, "fill "+selector, chromedp.SendKeys(chromedp.CSS(selector), value))
}

// Choose sets a select or a colour, or checks the radio button or box of that
// name and value.
func (p *Page) Choose(t testing.TB, field, value string) {
	t.Helper()
	box := fmt.Sprintf(`input[name=%q][value=%q]`, field, value)
	if p.Has(t, box) {
		p.Click(t, box)
		return
	}
	p.Do(t, "choose "+value+" of "+field, chromedp.SetValue(chromedp.CSS(fmt.Sprintf(`:is(select, [type=color])[name=%q]`, field)), value))
}

// See waits until the selector finds something visible and returns its text.
func (p *Page) See(t testing.TB, selector string) string {
	t.Helper()
	return Ask(t, p, "see "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Has tells whether the document holds what the selector finds, as it is now.
func (p *Page) Has(t testing.TB, selector string) bool {
	t.Helper()
	return Ask(t, p, "look for "+selector, chromedp.Evaluate[bool](fmt.Sprintf(`document.querySelector(%q) !== null`, selector)))
}

// Address is where the page is now, after redirects.
func (p *Page) Address(t testing.TB) string {
	t.Helper()
	return Ask(t, p, "read the address", chromedp.Location())
}

// Status is the HTTP status of the document, and 0 before the first.
func (p *Page) Status() int { return p.seen.status() }

// Source is the document's HTML as the server sent it.
func (p *Page) Source(t testing.TB) string {
	t.Helper()
	return Ask(t, p, "read the source", func(ctx context.Context, tab *chromedp.Target) (string, error) {
		answer, err := cdp.Call(ctx, tab, network.GetResponseBody, network.GetResponseBodyParams{RequestID: p.seen.document()})
		return string(answer.Body), err
	})
}
