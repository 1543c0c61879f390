package page

import (
	"context"
	"github.com/a-h/templ"
	"net/url"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Searched is what somebody looked for, and what was found.
type Searched struct {
	Search desk.Search
	Hits   []desk.Hit
	Next   desk.SearchCursor
	After  desk.SearchCursor
}

func (s Searched) href(f Frame, after desk.SearchCursor) string {
	v := url.Values{"q": {s.Search.Text}}
	if !after.Zero() {
		v.Set("after", after.String())
	}
	return f.Href("/search?" + v.Encode())
}

// asked tells that something was typed, whether or not it means anything.
func (s Searched) asked() bool { return s.Search.Text != "" }

// fieldHelp is a field as the help shows it.
type fieldHelp struct{ Example, Text string }

func fieldHelps(ctx context.Context, f Frame) (list []fieldHelp) {
	for _, field := range desk.SearchFields(f.Who) {
		list = append(list, fieldHelp{i18n.T(ctx, "search.example."+string(field)), i18n.T(ctx, "search.field."+string(field))})
	}
	return append(list, fieldHelp{i18n.T(ctx, "search.example.phrase"), i18n.T(ctx, "search.field.phrase")},
		fieldHelp{i18n.T(ctx, "search.example.without"), i18n.T(ctx, "search.field.without")})
}

// searchPlaceholder shows by example what can be typed.
func searchPlaceholder(ctx context.Context, f Frame) string {
	if f.Who.DeskSide() {
		return i18n.T(ctx, "search.hint_desk")
	}
	return i18n.T(ctx, "search.hint")
}

// stateOf is a ticket's state in the reader's own words.
func stateOf(ctx context.Context, f Frame, state desk.State) string {
	if f.Who.DeskSide() {
		return i18n.T(ctx, "state."+string(state))
	}
	return i18n.T(ctx, plainStates[state].label)
}

func searchAttributes(ctx context.Context, f Frame, focused bool) templ.Attributes {
	more := templ.Attributes{"placeholder": searchPlaceholder(ctx, f), "maxlength": "300"}
	if focused {
		more["autofocus"] = true
	}
	return more
}
