package page

import (
	"net/url"

	"guichet/internal/desk"
)

// CustomerChoice is the list from which a desk's person picks the customer he
// writes for.
type CustomerChoice struct {
	Text      string // what was searched for
	Customers []desk.Customer
	Next      string // the name the next page starts after, "" when there is none
}

func (c CustomerChoice) more() string { return c.moreOf("/tickets/new") }

// moreOf leads to the rest of the list on the page that it stands on.
func (c CustomerChoice) moreOf(path string) string {
	return path + "?" + url.Values{"q": {c.Text}, "after": {c.Next}}.Encode()
}
