package journey

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// Keys that have a name and no character of their own.
const (
	Enter  = "\r"
	Escape = "\u001b"
	Tab    = "\t"
)

// Press presses keys one after the other, wherever the focus is.
func (p *Page) Press(t testing.TB, keys ...string) {
	t.Helper()
	for _, key := range keys {
		p.Do(t, fmt.Sprintf("press %q", key), chromedp.KeyEvent(key))
	}
}

// Enter presses the Enter key and waits for the document to which it leads.
func (p *Page) Enter(t testing.TB) {
	t.Helper()
	p.Do(t, "press Enter", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(Enter))
		return err
	}))
}

// Focused tells whether the element that has the focus is one that the selector
// finds.
func (p *Page) Focused(t testing.TB, selector string) bool {
	t.Helper()
	return Ask(t, p, "look at the focus", chromedp.Evaluate[bool](fmt.Sprintf(`document.activeElement.matches(%q)`, selector)))
}

// focus describes the element that has the focus, and whether one sees that.
const focus = `(() => {
	const e = document.activeElement, s = getComputedStyle(e);
	const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
	return {Name: e.tagName.toLowerCase() + " " + (e.getAttribute("aria-label") ?? e.name ?? "" + e.textContent.trim()).slice(0, 60), Seen: outlined || e === document.body};
})()`

// A Focus is the element that has the keyboard.
type Focus struct {
	Name string // its tag, and its label or text
	Seen bool   // it is outlined
}

// Focus is what has the focus now.
func (p *Page) Focus(t testing.TB) Focus {
	t.Helper()
	return Ask(t, p, "look at the focus", chromedp.Evaluate[Focus](focus))
}
