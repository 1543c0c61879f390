package desk

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// typedSearch is what people and machines type: words, fields, and what is neither.
func typedSearch() *rapid.Generator[string] {
	var parts []*rapid.Generator[string]
	for name := range searchNames {
		parts = append(parts, rapid.SampledFrom([]string{name + ":", "-" + name + ":", strings.ToUpper(name) + `:"`, name + ":<", name + " :"}))
	}
	parts = append(parts, rapid.String(), rapid.StringMatching(`[a-zà-ÿ]{1,12}`), rapid.StringMatching(`[<>]?[0-9]{1,20}[a-z]?`), rapid.StringMatching(`[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}`),
		rapid.SampledFrom([]string{" ", "  ", `"`, "-", ":", "::", "#12", "\x00", "\xff", "’", "\u00a0", "é", "a\u0301", "-\"", "open", "ouvert", "<2h", "moi", "me", "none", "microsoft", "Léa@Lumen.example"}))
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(parts...), 0, 120), func(list []string) string { return strings.Join(list, "") })
}

// Whatever is typed means something or is told to mean nothing, to everybody; what a
// page shows again, and links to, is read the same.
func TestAnySearchIsRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC)
	readers := []Actor{{}, {Person: Person{ID: NewID(), Role: Contact, CustomerID: NewID()}}, {Person: Person{ID: NewID(), Role: Agent, Active: true}}}
	rapid.Check(t, func(r *rapid.T) {
		typed := rapid.SampledFrom([]string{"", "", strings.Repeat("ab ", 90), strings.Repeat("ab ", 110), strings.Repeat("é", 200)}).Draw(r, "before") + typedSearch().Draw(r, "typed")
		who := rapid.SampledFrom(readers).Draw(r, "who")
		s := ReadSearch(typed, who, now)
		if len(s.Text) > LongestSearch || strings.ContainsRune(s.Text, 0) || strings.TrimSpace(s.Text) != s.Text {
			r.Errorf("%q is shown as %q", typed, s.Text)
		}
		if again := ReadSearch(s.Text, who, now); !reflect.DeepEqual(s, again) {
			r.Errorf("%q is\n%+v, and shown again\n%+v", typed, s, again)
		}
		if strings.TrimSpace(strings.ToValidUTF8(typed, "")) == "" && (s.Asks() || s.Number != 0) {
			r.Errorf("nothing asks for %+v", s)
		}
		for _, c := range s.Clauses {
			if who.Person.Role != Agent && c.Field != SearchStatus && c.Field != SearchService && c.Field != SearchBefore && c.Field != SearchAfter {
				r.Errorf("a customer asks by %s", c.Field)
			}
		}
		if who.Person.Role != Agent && strings.Contains(s.Words.String(false), "~") {
			r.Errorf("%q asks a customer's question of what the desk alone sees: %s", typed, s.Words.String(false))
		}
	})
}
