package page

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func seats() (none, let, joined desk.CircleSeat) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	return desk.CircleSeat{}, desk.CircleSeat{LetAt: &at}, desk.CircleSeat{LetAt: &at, JoinedAt: &at, JoinedBy: "Paul Girard"}
}

func TestCircleShowsTheWayThatThereIs(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	none, let, joined := seats()
	for do, seat := range map[string]desk.CircleSeat{"": none, "join": let, "leave": joined} {
		doc := drawn(t, i18n.French, Circle(f, CirclePage{Seat: seat}))
		form := doc.Find(`main form[action="/alpine/settings/circle"]`)
		if got := form.Find("button[name=do]").AttrOr("value", ""); got != do {
			t.Errorf("at %+v the way is %q, want %q", seat, got, do)
		}
		if doc.Find(`.rail a[aria-current][href="/alpine/settings/circle"]`).Length() != 0 {
			t.Error("another page is the current one") // as() stands elsewhere
		}
	}
	if text := drawn(t, i18n.English, Circle(f, CirclePage{Seat: joined})).Find("main").Text(); !strings.Contains(text, "as Paul Girard decided") {
		t.Errorf("who decided is not said: %s", text)
	}
}

// The admin reads the very rows that leave, and nothing where none do.
func TestCircleShowsWhatLeaves(t *testing.T) {
	t.Parallel()
	_, let, joined := seats()
	told := []desk.CircleCount{{Service: "Exchange Online", Region: "france", Customers: 3}, {Service: "Microsoft Teams", Customers: 1}}
	doc := drawn(t, i18n.French, Circle(as(t, desk.Admin), CirclePage{Seat: joined, Told: told}))
	for row, words := range [][]string{{"Exchange Online", "France", "3"}, {"Microsoft Teams", "Lieu non précisé", "1"}} {
		text := doc.Find("tbody tr").Eq(row).Text()
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("row %d lacks %q: %s", row, word, text)
			}
		}
	}
	if doc := drawn(t, i18n.English, Circle(as(t, desk.Admin), CirclePage{Seat: let, Told: told})); doc.Find("tbody").Length() != 0 {
		t.Error("a desk that takes no part tells something")
	}
}

func TestElsewhereIsALine(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC)
	list := []desk.Elsewhere{{Service: "Exchange Online", Region: "france", AtLeast: 10, Since: at}, {Service: "Microsoft Teams", AtLeast: 5, Since: at}}
	french, english := drawn(t, i18n.French, Elsewhere(list)).Text(), drawn(t, i18n.English, Elsewhere(list)).Text()
	for _, words := range []string{"Vu ailleurs aussi", "Exchange Online, France\u202f: au moins dix clients d’autres guichets, depuis", "Microsoft Teams\u202f: au moins cinq clients"} {
		if !strings.Contains(french, words) {
			t.Errorf("%q is not said: %s", words, french)
		}
	}
	if !strings.Contains(english, "Exchange Online, France: ten or more customers of other desks, since about ") {
		t.Errorf("says %s", english)
	}
	if text := drawn(t, i18n.English, Elsewhere(nil)).Text(); strings.TrimSpace(text) != "" {
		t.Errorf("says %q of nothing", text)
	}
}

// Every place and every band that the circle knows has its words, in both
// languages.
func TestEveryPlaceOfTheCircleHasAName(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		p := i18n.New(lang, time.UTC, time.Now())
		for _, place := range append(desk.CirclePlaces(), "") {
			if name := circlePlace(p, place); name == "" || strings.Contains(name, "circle.") {
				t.Errorf("%s: %q has no name: %q", lang, place, name)
			}
		}
		for _, band := range []int{5, 10, 25, 50} {
			if line := elsewhereWords(p, desk.Elsewhere{Service: "Power BI", AtLeast: band}); strings.Contains(line, "circle.") {
				t.Errorf("%s: %d has no words: %q", lang, band, line)
			}
		}
	}
}
