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

// Short is what lists are asked with whose pages are as long as the desk's own.
type Short struct {
	Cursor string `query:"cursor" maxLength:"600" doc:"Where a page starts, as the page before said in next."`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"50" doc:"How many items at most."`
}

func (s Short) limitQuery() url.Values { return url.Values{"limit": {strconv.Itoa(s.Limit)}} }

// Numbered is what lists are asked with that go by number, the newest first.
type Numbered struct {
	Paged
	Live bool `query:"live" doc:"Only those that are not over."`
}

// below is the number that a page starts below, 0 for the first. Errors: a Problem for
// a cursor that nobody gave.
func (n Numbered) below() (int64, error) {
	if n.Cursor == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(n.Cursor)
	number, err2 := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || err2 != nil || number < 1 {
		return 0, badCursor()
	}
	return number, nil
}

// numbered makes a page that goes on below the number of its last item.
func numbered[T any](items []T, more bool, n Numbered, base string, number func(T) int64) *Listed[T] {
	next, query := "", n.limitQuery()
	if more {
		next = base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(number(items[len(items)-1]), 10)))
	}
	if n.Live {
		query.Set("live", "true")
	}
	return listed(items, next, base, query)
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
// are in an order that does not change, and each has an id.
func window[T any](all []T, p Paged, id func(T) string) (items []T, next string, err error) {
	from := 0
	if p.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
		at := slices.IndexFunc(all, func(t T) bool { return id(t) == string(raw) })
		if err != nil || at < 0 {
			return nil, "", badCursor()
		}
		from = at + 1
	}
	rest := all[from:]
	if len(rest) <= p.Limit {
		return rest, "", nil
	}
	rest = rest[:p.Limit]
	return rest, base64.RawURLEncoding.EncodeToString([]byte(id(rest[p.Limit-1]))), nil
}

// limitQuery is what the next page is asked with, too.
func (p Paged) limitQuery() url.Values { return url.Values{"limit": {strconv.Itoa(p.Limit)}} }

// windowed is a page of what was read whole, made into items.
func windowed[T, I any](all []T, p Paged, base string, id func(T) string, item func(T) I) (*Listed[I], error) {
	some, next, err := window(all, p, id)
	if err != nil {
		return nil, err
	}
	items := make([]I, len(some))
	for i, t := range some {
		items[i] = item(t)
	}
	return listed(items, next, base, p.limitQuery()), nil
}
