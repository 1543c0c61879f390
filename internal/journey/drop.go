package journey

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// middle brings the first element that the selector finds into view and tells where
// its middle is.
const middle = `(e => { e.scrollIntoView({block: "center"}); const b = e.getBoundingClientRect(); return {X: b.x + b.width / 2, Y: b.y + b.height / 2} })(document.querySelector(%q))`

// Drop drags files of this machine over the first element that the selector finds and
// lets them go there.
func (p *Page) Drop(t testing.TB, selector string, paths ...string) {
	t.Helper()
	at := Ask(t, p, "find "+selector, chromedp.Evaluate[struct{ X, Y float64 }](fmt.Sprintf(middle, selector)))
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		p.Do(t, string(kind)+" over "+selector, command(input.DispatchDragEvent, input.DispatchDragEventParams{
			Type: kind, X: at.X, Y: at.Y, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1}}))
	}
}

// Paste puts a file into the clipboard and pastes it where the selector finds a
// field, beside a text where there is one.
func (p *Page) Paste(t testing.TB, selector, name, kind string, content []byte, text string) {
	t.Helper()
	script := `((field, name, type, coded, text) => {
		const data = new DataTransfer(), bytes = Uint8Array.from(atob(coded), c => c.charCodeAt(0));
		data.items.add(new File([bytes], name, {type, lastModified: 1}));
		for (const kind of text ? ["text/plain", "text/html"] : []) data.items.add(text, kind);
		field.focus();
		return field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
	})(document.querySelector(%q), %q, %q, %q, %q)`
	Ask(t, p, "paste "+name, chromedp.Evaluate[bool](fmt.Sprintf(script, selector, name, kind, base64.StdEncoding.EncodeToString(content), text)))
}
