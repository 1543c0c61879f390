package page

import (
	"context"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// TokensPage is what programs come in with, and the form of a new token.
type TokensPage struct {
	List     []desk.Token
	People   []desk.Person // in whose name a token can act
	Form     desk.TokenForm
	Problems desk.Problems
	Made     string // the text of the token that was just made, shown this once
	Now      time.Time
}

func tokenScopes(ctx context.Context) []ui.OptionGroup {
	var options []ui.Option
	for _, s := range desk.TokenScopes() {
		text := tokenScope(ctx, string(s)) // a line of its own begins with a capital
		options = append(options, ui.Option{Value: string(s), Text: strings.ToUpper(text[:1]) + text[1:]})
	}
	return []ui.OptionGroup{{Options: options}}
}

func tokenScope(ctx context.Context, scope string) string {
	return i18n.T(ctx, "tokens.scope."+strings.ReplaceAll(scope, ":", "_"))
}

// scopesOf lists what a token reaches, as a sentence would.
func scopesOf(ctx context.Context, t desk.Token) string {
	var words []string
	for _, s := range t.Scopes {
		words = append(words, tokenScope(ctx, s))
	}
	return strings.Join(words, ", ")
}

// actors are the choices of a person to act for.
func (o TokensPage) actors() []ui.Option {
	options := make([]ui.Option, len(o.People))
	for i, p := range o.People {
		options[i] = ui.Option{Value: p.ID.String(), Text: p.Name}
	}
	return options
}

// tokenLook is how a token stands: tone, icon and word.
func (o TokensPage) tokenLook(t desk.Token) (tone, icon, word string) {
	switch {
	case t.RevokedAt != nil:
		return "", "lock", "revoked"
	case t.Ended(o.Now):
		return "", "clock", "ended"
	case !t.PersonOn:
		return "warn", "alert", "person_off"
	case t.UsedAt == nil:
		return "info", "pause", "unused"
	}
	return "ok", "ok", "works"
}
