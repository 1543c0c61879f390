package journey

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A witness remembers what the browser did and said while a page was used.
type witness struct {
	mu      sync.Mutex
	said    []string
	tab     string            // the frame that is no part of another
	request network.RequestID // of the latest document in it
	answer  *network.Response
}

// hear takes each event of the tab, in order.
func (w *witness) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !isLocal(e.Request.URL) {
			w.said = append(w.said, "a request left this machine: "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if w.tab == "" {
			w.tab = string(e.FrameID)
		}
		if e.Type == network.ResourceTypeDocument && string(e.FrameID) == w.tab {
			w.request, w.answer = e.RequestID, e.Response
		} else if e.Response.Status >= 400 && e.Response.Status != http.StatusUnprocessableEntity { // which was asked for
			w.said = append(w.said, fmt.Sprintf("%s answered %d", e.Response.URL, e.Response.Status))
		}
	case *runtime.EventExceptionThrown:
		w.said = append(w.said, "JavaScript failed: "+(&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *cdplog.EventEntryAdded:
		// The network's errors are answers, judged above: a form refused with
		// 422 is one that was asked for.
		if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
			w.said = append(w.said, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

func (w *witness) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.said)
}

func (w *witness) document() network.RequestID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.request
}

func (w *witness) status() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answer == nil {
		return 0
	}
	return int(w.answer.Status)
}

func (w *witness) address() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answer == nil {
		return "no page yet"
	}
	return fmt.Sprintf("%s (%d)", w.answer.URL, w.answer.Status)
}

// isLocal tells requests that stay on this machine, those that need no
// connection among them.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ws" && u.Scheme != "wss" {
		return true // data:, blob:, about:
	}
	return u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost"
}
