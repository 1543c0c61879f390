package journey

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys that have a name and no character of their own.
const (
	Enter  = "\r"
	Escape = "\u001b"
	Tab    = "\t"
	Up     = kb.ArrowUp
	Right  = kb.ArrowRight
)

// stroke presses one key as a keyboard does: what it types comes with the
// pressing, so that a page that takes the key for itself keeps it from a field.
// (chromedp's own types in an event apart.)
func stroke(key string) chromedp.Action[chromedp.Void] { return held(0, key) }

// held is stroke while another key is down.
func held(with int64, key string) chromedp.Action[chromedp.Void] {
	var events []chromedp.Action[chromedp.Void]
	for _, r := range key {
		coded := kb.Encode(r)
		down, up := *coded[0], *coded[len(coded)-1]
		down.Modifiers, up.Modifiers = with, with
		if len(coded) > 2 {
			down.Text, down.UnmodifiedText = coded[1].Text, coded[1].UnmodifiedText
		}
		events = append(events, command(input.DispatchKeyEvent, down), command(input.DispatchKeyEvent, up))
	}
	return chromedp.Steps(events...)
}

// Press presses keys one after the other, wherever the focus is.
func (p *Page) Press(t testing.TB, keys ...string) {
	t.Helper()
	for _, key := range keys {
		p.Do(t, fmt.Sprintf("press %q", key), stroke(key))
	}
}

// Load presses a key that leads to another document and waits until it has
// loaded.
func (p *Page) Load(t testing.TB, key string) {
	t.Helper()
	p.Do(t, fmt.Sprintf("press %q", key), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, stroke(key))
		return err
	}))
}

// LoadAlt is Load with the Alt key held: bit 1 of the modifiers.
func (p *Page) LoadAlt(t testing.TB, key string) {
	t.Helper()
	p.Do(t, fmt.Sprintf("press Alt and %q", key), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, held(1, key))
		return err
	}))
}

// Focused tells whether the element that has the focus is one that the selector
// finds.
func (p *Page) Focused(t testing.TB, selector string) bool {
	t.Helper()
	return Ask(t, p, "look at the focus", chromedp.Evaluate[bool](fmt.Sprintf(`document.activeElement.matches(%q)`, selector)))
}

// A Focus is the element that has the keyboard.
type Focus struct {
	Name    string // its tag, and its label or text
	Place   int    // in the document's order
	Seen    bool   // it is outlined
	Covered string // what stands over its middle
}

const focus = `(() => {
	const e = document.activeElement, s = getComputedStyle(e), box = e.getClientRects()[0] ?? new DOMRect();
	const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
	return {
		Name: [e.localName, e === document.body ? "" : e.getAttribute("aria-label") || e.name || e.textContent.trim()].join(" ").trim().slice(0, 60),
		Place: [...document.querySelectorAll("*")].indexOf(e),
		Seen: e === document.body || s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
		Covered: !hit || e.contains(hit) || hit.contains(e) ? "" : hit.className || hit.localName,
	};
})()`

// Focus is what has the focus now; "body" when nothing has.
func (p *Page) Focus(t testing.TB) Focus {
	t.Helper()
	return Ask(t, p, "look at the focus", chromedp.Evaluate[Focus](focus))
}
