package server_test

import (
	"net/http"
	"testing"
)

// Whoever reloads the address of a form that came back finds the page it stood
// on; what names nothing stays nothing.
func TestTheAddressOfAFormLeadsToItsPage(t *testing.T) {
	t.Parallel()
	d := open(t)
	lea := d.as(t, "alpine", "lea@lumen.example")
	for path, want := range map[string]string{
		"/alpine/tickets/10482/messages": "/alpine/tickets/10482", "/alpine/tickets/10482/closure": "/alpine/tickets/10482",
		"/alpine/nothing": "", "/alpine/nothing/messages": "", "/alpine/tickets/10482/nothing": "",
	} {
		a := d.get(t, lea, path)
		switch {
		case want != "" && (a.status != http.StatusSeeOther || a.header.Get("Location") != want):
			t.Errorf("%s: %d to %q, want %q", path, a.status, a.header.Get("Location"), want)
		case want == "" && a.status != http.StatusNotFound:
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
