package ui

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// Every kind of control, given the same question.
func controls(f Field) map[string]templ.Component {
	options := []Option{{Value: "a", Text: "Un"}, {Value: "b", Text: "Deux"}}
	return map[string]templ.Component{
		"input": Input(f), "textarea": Textarea(f), "select": Select(f, options), "file": File(f),
		"checkbox": Checkbox(f, true), "choices": Choices(f, options),
	}
}

func TestFieldTiesItsPartsTogether(t *testing.T) {
	t.Parallel()
	for kind, c := range controls(Field{Name: "since", Label: "Depuis quand", Hint: "Le début", Error: "Dans l’avenir", Required: true}) {
		doc := render(t, c)
		described := doc.Find("[aria-describedby]")
		if described.Length() != 1 {
			t.Fatalf("%s: %d parts are described", kind, described.Length())
		}
		ids, _ := described.Attr("aria-describedby")
		if ids != "since-hint since-error" {
			t.Errorf("%s is described by %q", kind, ids)
		}
		reads(t, doc, "#since-hint", "Le début")
		reads(t, doc, "#since-error[data-tone=bad]", "Dans l’avenir")
		want(t, doc, 1, `#since[name="since"][required]`)
		if name := labelOf(t, c); !strings.HasPrefix(name, "Depuis quand") {
			t.Errorf("%s is labelled %q", kind, name)
		}
		if kind != "choices" {
			want(t, doc, 1, `#since[aria-invalid="true"][data-tone="bad"]`)
		}
	}
}

func TestFieldInOrderSaysNothingOfErrors(t *testing.T) {
	t.Parallel()
	for kind, c := range controls(Field{Name: "since", Label: "Depuis quand"}) {
		doc := render(t, c)
		if doc.Find("[aria-invalid], [aria-describedby], [required], .error, .hint, [data-tone]").Length() != 0 {
			html, _ := doc.Html()
			t.Errorf("%s: %s", kind, html)
		}
	}
}

func TestFieldKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	typed := `</textarea><b>"a" & b`
	input := render(t, Input(Field{Name: "s", Value: typed, Type: "email", More: templ.Attributes{"maxlength": "200", "autocomplete": "email"}}))
	if got, _ := input.Find(`input[type="email"][maxlength="200"][autocomplete="email"]`).Attr("value"); got != typed {
		t.Errorf("input holds %q", got)
	}
	if got := render(t, Textarea(Field{Name: "s", Value: typed})).Find("textarea").Text(); got != typed {
		t.Errorf("textarea holds %q", got)
	}
}

func TestAnswersAreMarked(t *testing.T) {
	t.Parallel()
	options := []Option{{Value: "one", Text: "Une personne"}, {Value: "all", Text: "Tous", Hint: "l’entreprise entière"}}
	sel := render(t, Select(Field{Name: "who", Value: "all"}, options))
	want(t, sel, 1, "option[selected]")
	want(t, sel, 1, `option[value="all"][selected]`)
	set := render(t, Choices(Field{Name: "who", Label: "Qui", Value: "all"}, options))
	want(t, set, 1, ":checked")
	want(t, set, 1, `#who-all[value="all"]:checked`)
	reads(t, set, "fieldset > legend", "Qui")
	reads(t, set, "label:last-child small", "l’entreprise entière")
	want(t, set, 1, ".choices.pairs")
	want(t, render(t, Choices(Field{Name: "who"}, append(options, Option{Value: "none"}))), 1, ".choices:not(.pairs)")
	want(t, render(t, Checkbox(Field{Name: "ok", Value: "1"}, false)), 0, ":checked")
}

func TestFieldSaysThatItIsOptional(t *testing.T) {
	t.Parallel()
	reads(t, render(t, Input(Field{Name: "s", Label: "Service", Optional: true})), "label", "Service (facultatif)")
}

func TestFieldMayHaveAnotherID(t *testing.T) {
	t.Parallel()
	doc := render(t, Input(Field{Name: "body", Label: "Note", Hint: "h", More: templ.Attributes{"id": "note-body"}}))
	want(t, doc, 1, `label[for="note-body"]`)
	want(t, doc, 1, `input#note-body[name="body"][aria-describedby="note-body-hint"]`)
}

func TestErrorSummaryLeadsToTheFields(t *testing.T) {
	t.Parallel()
	since := Field{Name: "since", Error: "Dans l’avenir"}
	who := Field{Name: "who", Error: "Choisissez"}
	problems := []Problem{{For: since.ID(), Text: since.Error}, {For: who.ID(), Text: who.Error}}
	doc := render(t, templ.Join(ErrorSummary(problems), Input(since), Choices(who, []Option{{Value: "one"}, {Value: "all"}})))
	want(t, doc, 1, `.banner[role="alert"][tabindex="-1"][data-focus]`)
	reads(t, doc, ".banner strong", "2 points à revoir avant l’envoi")
	for _, a := range doc.Find(".banner a").EachIter() {
		href, _ := a.Attr("href")
		want(t, doc, 1, "input"+href)
	}
	want(t, render(t, ErrorSummary(nil)), 0, "body *")
}

func TestSearchIsLabelledAndHasItsKey(t *testing.T) {
	t.Parallel()
	doc := render(t, Search(Field{Name: "q", Label: "Filtrer", Value: "client:lumen"}, "/"))
	want(t, doc, 1, `.search label.hidden[for="q"]`)
	want(t, doc, 1, `input#q[type="search"][value="client:lumen"][aria-keyshortcuts="/"]`)
	reads(t, doc, "kbd", "/")
}

// labelOf is what names the control to a screen reader.
func labelOf(t *testing.T, c templ.Component) string {
	t.Helper()
	doc := render(t, c)
	for _, selector := range []string{`label[for="since"]`, "fieldset > legend", "label:has(#since)"} {
		if found := doc.Find(selector); found.Length() == 1 {
			return strings.TrimSpace(found.Text())
		}
	}
	return ""
}

func TestTicksAreManyAnswersUnderTitles(t *testing.T) {
	t.Parallel()
	groups := []OptionGroup{{Options: []Option{{Value: "a b", Text: "A"}}}, {Title: "Azure", Options: []Option{{Value: "c", Text: "C"}, {Value: "d", Text: "D"}}}}
	doc := render(t, within(Ticks(Field{Name: "services", Label: "Services", Error: "Cochez-en un."}, groups, []string{"a b", "d"}), words("tous")))
	want(t, doc, 1, `fieldset[data-tone="bad"][aria-describedby="services-error"] > legend`)
	want(t, doc, 1, `#services[type="checkbox"][name="services"][value="a b"][checked]`)
	want(t, doc, 2, `[role="group"][aria-label="Azure"] input`)
	want(t, doc, 2, `input[checked]`)
	ids := map[string]bool{}
	for _, input := range doc.Find("input").EachIter() {
		ids[input.AttrOr("id", "")] = true
	}
	if len(ids) != 3 || ids[""] {
		t.Errorf("ids %v", ids)
	}
}
