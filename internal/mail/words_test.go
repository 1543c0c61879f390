package mail

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// constants reads the values of a type's constants from a source, so that one that is
// added later is among them.
func constants(t *testing.T, source, of string) (list []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.ValueSpec)
		if !ok || len(s.Values) != 1 {
			return true
		}
		named, typed := s.Type.(*ast.Ident)
		value, is := s.Values[0].(*ast.BasicLit)
		if is && (typed && named.Name == of || s.Type == nil && strings.HasPrefix(s.Names[0].Name, of)) {
			text, _ := strconv.Unquote(value.Value)
			list = append(list, text)
		}
		return true
	})
	if len(list) == 0 {
		t.Fatalf("%s has no %s", source, of)
	}
	return list
}

// Every letter that the desk sends says a desk's own words where it has some: a new kind
// of letter, or a new way to send one, needs its place in the list.
func TestNoLetterIsWithoutADesksWords(t *testing.T) {
	t.Parallel()
	s, err := New(Config{From: "support@guichet.example", BaseURL: &url.URL{Scheme: "https", Host: "guichet.example"}})
	if err != nil {
		t.Fatal(err)
	}
	d := desk.Desk{ID: desk.NewID(), Slug: "alpine", Name: "Alpine", Language: "fr", Zone: "Europe/Paris"}
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	said := map[string]bool{"dossier": true}
	for _, k := range desk.LetterKinds() {
		if k != "dossier" {
			l := sample(d, k, i18n.New("fr", d.Location(), now))
			said[string(l.Kind)] = true
			if k != desk.LetterSubject && l.kind() != k {
				t.Errorf("%s: its sample says what %s does", k, l.kind())
			}
		}
		said[string(k)] = true
		for _, language := range []string{"fr", "en"} {
			shipped := Shipped(k, language)
			if k.HasSubject() != (shipped.Subject != "") || k.HasBody() != (shipped.Body != "") || strings.Contains(shipped.Subject+shipped.Body, "mail.") {
				t.Errorf("%s ships %+v", k, shipped)
			}
			if _, p := desk.NewSaying(k, language, shipped, desk.Saying{}); len(p) != 0 {
				t.Errorf("%s: what ships is refused: %v", k, p)
			}
			x := s.Preview(d, k, language, nil, now)
			if strings.ContainsAny(x.Subject+x.Text, "{}") || strings.Contains(x.Subject+x.Text, "mail.") || strings.Contains(x.Subject+x.Text, "words.") || x.Subject == "" || x.Text == "" {
				t.Errorf("%s: %+v", k, x)
			}
			own := desk.Saying{Subject: "our subject", Body: "our text {" + k.Must() + "} of {desk}"}
			if k.Must() == "" {
				own.Body = "our text of {desk}"
			}
			x = s.Preview(d, k, language, Words{k: own, desk.LetterSubject: {Subject: "our subject"}}, now)
			if !strings.Contains(x.Subject, "our subject") || k.HasBody() && (!strings.Contains(x.Text, "our text") || !strings.Contains(x.Text, "of Alpine")) {
				t.Errorf("%s does not say the desk's words: %+v", k, x)
			}
			if shared := s.Preview(d, k, language, Words{desk.LetterSubject: {Subject: "of the ticket"}}, now); (shared.Subject == "of the ticket") != (k.InThread() || k == desk.LetterSubject) {
				t.Errorf("%s: its subject is %q", k, shared.Subject)
			}
		}
	}
	for _, kind := range constants(t, "letter.go", "Kind") {
		if !said[kind] {
			t.Errorf("letters of kind %q have no words of a desk's own", kind)
		}
	}
	for prefix, kinds := range map[string][]string{"remind_": constants(t, "../desk/reminders.go", "ReminderKind"), "webhook_": {desk.WebhookGone, desk.WebhookFailing}} {
		for _, kind := range kinds {
			if !said[prefix+kind] {
				t.Errorf("letters about %s%s have no words of a desk's own", prefix, kind)
			}
		}
	}
	for _, state := range constants(t, "../desk/tickets.go", "State") {
		if x := desk.State(state); (x.Ended() || x.Elsewhere()) && !said["state_"+state] {
			t.Errorf("letters about %s have no words of a desk's own", state)
		}
	}
	var ways []string
	for m := range reflect.TypeFor[*Sender]().Methods() {
		if strings.HasPrefix(m.Name, "Send") {
			ways = append(ways, m.Name)
		}
	}
	if !slices.Equal(ways, []string{"Send", "SendDossier", "Sends"}) {
		t.Errorf("letters go out by %q: does each say a desk's own words?", ways)
	}
}

// The button stands where the text of a sign-in link's letter has it, and what people
// wrote is no variable.
func TestWhatATextCannotBeWithoutStandsWhereItSays(t *testing.T) {
	t.Parallel()
	s, err := New(Config{From: "support@guichet.example", BaseURL: &url.URL{Scheme: "https", Host: "guichet.example"}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	d := desk.Desk{ID: desk.NewID(), Slug: "alpine", Name: "{link} {list}", Language: "en", Zone: "Europe/Paris"}
	to := desk.Person{Name: "Léa Martin", Email: "lea@lumen.example", Role: desk.Admin}
	l := Letter{ID: desk.NewID(), Kind: Link, Desk: d, To: to, Path: "/alpine/sign-in/link/TOKEN", Written: now, Words: Words{"link": {Subject: "In to {desk}", Body: "Hello {name}, {desk}.\n\nBefore {link} after {link}."}}}
	c := s.content(l)
	if c.Subject != "In to {link} {list}" || !slices.Equal(c.Lines, []string{"Hello Léa, {link} {list}.", "Before"}) || !slices.Equal(c.Below, []string{"after https://guichet.example/alpine/sign-in/link/TOKEN."}) {
		t.Errorf("%+v", c)
	}
	if before, after, found := strings.Cut(c.Text(), "Sign me in\nhttps://guichet.example/alpine/sign-in/link/TOKEN\n\nafter"); !found || !strings.Contains(before, "Before\n\n") || !strings.Contains(after, "works once") {
		t.Error(c.Text())
	}
	ends := func(names ...string) (list []desk.AccessWarning) {
		for _, n := range names {
			list = append(list, desk.AccessWarning{Customer: n, Name: "GDAP", EndsAt: now.Add(49 * time.Hour)})
		}
		return list
	}
	for want, list := range map[string][]desk.AccessWarning{"Lumen": ends("Lumen", "Lumen"), "Lumen and one more": ends("Lumen", "Bakery"), "Lumen and 2 more": ends("Lumen", "Bakery", "{list}", "Lumen")} {
		c := s.content(Letter{ID: desk.NewID(), Kind: AccessEnding, Desk: d, To: to, Written: now, Access: list, Words: Words{"access_ending": {Subject: "{customers}", Body: "{list}\n\nThat is all."}}})
		if c.Subject != want || len(c.Lines) != len(list)+1 || c.Lines[len(list)] != "That is all." || !strings.Contains(c.Lines[0], "Lumen") || !strings.Contains(c.Lines[0], "in 2 days") {
			t.Errorf("%q: %+v", want, c)
		}
	}
}
