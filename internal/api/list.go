package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"guichet/internal/desk"
)

// List is one page of a list.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Where the next page starts: send it as cursor. Absent on the last page."`
}

// Listed is a page with where the next one is.
type Listed[T any] struct {
	Link string `header:"Link" doc:"The next page, as rel=next (RFC 8288)."`
	Body List[T]
}

// Paged is what all long lists are asked with.
type Paged struct {
	Cursor string `query:"cursor" maxLength:"400" doc:"Where a page starts, as the page before said in next."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items at most."`
}

// after reads the cursor. Errors: a Problem for one that nobody gave.
func (p Paged) after() (desk.Cursor, error) {
	c := desk.ParseCursor(p.Cursor)
	if p.Cursor != "" && c.Zero() {
		return c, badCursor()
	}
	return c, nil
}

func badCursor() *Problem {
	p := refused(http.StatusUnprocessableEntity, "invalid", "This cursor leads nowhere.")
	p.Errors = []Fault{{Detail: p.Detail, Parameter: "cursor"}}
	return p
}

// listed makes a page. base is the address of the list, query what it was asked with.
func listed[T any](items []T, next, base string, query url.Values) *Listed[T] {
	if items == nil {
		items = []T{}
	}
	out := &Listed[T]{Body: List[T]{Items: items, Next: next}}
	if next != "" {
		query.Set("cursor", next)
		out.Link = "<" + Path + base + "?" + query.Encode() + `>; rel="next"`
	}
	return out
}

// window is a page of what was read whole, from the item after a cursor on. The items
// are in an order that never changes, and each has an id.
func window[T any](all []T, p Paged, id func(T) desk.ID) (items []T, next string, err error) {
	from := 0
	if p.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
		after, err2 := desk.ParseID(string(raw))
		at := slices.IndexFunc(all, func(t T) bool { return id(t) == after })
		if err != nil || err2 != nil || at < 0 {
			return nil, "", badCursor()
		}
		from = at + 1
	}
	rest := all[from:]
	if len(rest) <= p.Limit {
		return rest, "", nil
	}
	rest = rest[:p.Limit]
	return rest, base64.RawURLEncoding.EncodeToString([]byte(id(rest[p.Limit-1]).String())), nil
}

// limitQuery is what the next page is asked with, too.
func (p Paged) limitQuery() url.Values { return url.Values{"limit": {strconv.Itoa(p.Limit)}} }
