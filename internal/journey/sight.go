package journey

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// FitsWidth fails the test when the page scrolls sideways.
func (p *Page) FitsWidth(t testing.TB) {
	t.Helper()
	width := chromedp.Evaluate[int](`document.scrollingElement.scrollWidth - document.documentElement.clientWidth`)
	if overhang := Ask(t, p, "measure the width", width); overhang > 0 {
		t.Errorf("%s: %s scrolls sideways by %d pixels", p.view, p.Address(t), overhang)
	}
}

// covered names what one cannot see once it has come into view: something else
// stands over its middle. Controls come by the focus, text by scrolling.
const covered = `(() => {
	const clipped = element => element && (getComputedStyle(element).clipPath !== "none" || clipped(element.parentElement));
	const seen = element => element.checkVisibility() && !element.closest(":disabled") && !clipped(element);
	const middle = element => {
		const box = element.getClientRects()[0];
		return box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
	};
	const over = (element, come) => {
		come(element);
		if (!middle(element)) element.scrollIntoView({block: "center"}); // of a long field the focus shows where one writes
		const hit = middle(element);
		if (hit && (element.contains(hit) || hit.contains(element) || hit.closest("label")?.control === element)) return [];
		return [(element.id || element.name || element.textContent || element.tagName).trim().slice(0, 60) + " beneath " + (hit?.className || hit?.tagName)];
	};
	const all = selector => [...document.querySelectorAll(selector)].filter(seen);
	const found = all("a[href], button, input, select, textarea, summary").flatMap(e => over(e, e => e.focus()))
		.concat(all("h1, h2, h3, p, dd, th").flatMap(e => over(e, e => e.scrollIntoView({block: "center"}))));
	document.activeElement.blur();
	scrollTo(0, 0);
	return found;
})()`

// Uncovered fails the test for each control and text that something stands over
// when it has come into view, as sticky bars may on a low screen. It leaves the page
// at its top, with the focus nowhere.
func (p *Page) Uncovered(t testing.TB) {
	t.Helper()
	for _, what := range Ask(t, p, "look for what is covered", chromedp.Evaluate[[]string](covered)) {
		t.Errorf("%s: %s: %s", p.view, p.Address(t), what)
	}
}

// Value is what the first field that the selector finds would send.
func (p *Page) Value(t testing.TB, selector string) string {
	t.Helper()
	return Ask(t, p, "read "+selector, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(%q).value`, selector)))
}

// Count is how many elements that the selector finds one can see.
func (p *Page) Count(t testing.TB, selector string) int {
	t.Helper()
	return Ask(t, p, "count "+selector, chromedp.Evaluate[int](fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).length`, selector)))
}

// Style is a property of the first element that the selector finds, as the
// browser computed it.
func (p *Page) Style(t testing.TB, selector, property string) string {
	t.Helper()
	return Ask(t, p, "look at "+selector, chromedp.Evaluate[string](fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).getPropertyValue(%q)`, selector, property)))
}

// Shot saves the whole page as NAME-VIEW.png in the folder that SHOTS names, for
// a person to look at, and once more in each further view; without SHOTS it
// does nothing.
func (p *Page) Shot(t testing.TB, name string, further ...View) {
	t.Helper()
	folder := os.Getenv("SHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	before := p.view
	Ask(t, p, "go to the top", chromedp.Evaluate[bool](`scrollTo(0, 0), document.activeElement.blur(), true`))
	for _, view := range append([]View{before}, further...) {
		if view != p.view {
			p.Look(t, view)
		}
		png := Ask(t, p, "take a picture", chromedp.FullScreenshot(100))
		if err := os.WriteFile(filepath.Join(folder, name+"-"+view.String()+".png"), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if before != p.view {
		p.Look(t, before)
	}
}

// keepFailure is Shot for a page on which a step failed, as far as it answers.
func (p *Page) keepFailure(t testing.TB) {
	folder := os.Getenv("SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, stepTimeout)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "failed-"+strings.ReplaceAll(t.Name(), "/", "_")+".png"), png, 0o644)
	}
	if err != nil {
		t.Log(err)
	}
}
