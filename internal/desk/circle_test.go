package desk_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/internal/desk"
)

func TestCountForCircle(t *testing.T) {
	t.Parallel()
	a, b, c := desk.NewID(), desk.NewID(), desk.NewID()
	got := desk.CountForCircle([]desk.CircleComplaint{
		{Service: "Microsoft Teams", Region: "Paris", CustomerID: a},
		{Service: "Microsoft Teams", Region: "France", CustomerID: a},                           // the same customer
		{Service: "Microsoft Teams", Region: "chez nous", Home: "francecentral", CustomerID: b}, // his own place
		{Service: "Microsoft Teams", CustomerID: c},                                             // nobody said
		{Service: "Exchange Online", Region: "Belgique", Home: "France", CustomerID: c},
		{Service: "Other", Region: "France", CustomerID: a},
		{Service: "Unknown", Region: "France", CustomerID: a},
		{Service: "Notre serveur de Lyon", Region: "France", CustomerID: a},
	})
	want := []desk.CircleCount{{"Exchange Online", "belgium", 1}, {"Microsoft Teams", "", 1}, {"Microsoft Teams", "france", 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	var crowd []desk.CircleComplaint
	for range 100 {
		crowd = append(crowd, desk.CircleComplaint{Service: "Exchange Online", CustomerID: desk.NewID()})
	}
	if got := desk.CountForCircle(crowd); len(got) != 1 || got[0].Customers != desk.CircleMost {
		t.Errorf("a hundred customers leave as %v", got)
	}
}

// Whatever is typed into a ticket, what leaves the desk is of closed lists.
func TestNothingTypedLeavesTheDesk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(p *rapid.T) {
		words := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Exchange Online", "exchange online", "Paris", "Lyon, France", "europe/france", "Azure portal"}))
		list := rapid.SliceOf(rapid.Custom(func(p *rapid.T) desk.CircleComplaint {
			return desk.CircleComplaint{Service: words.Draw(p, "service"), Region: words.Draw(p, "region"), Home: words.Draw(p, "home"),
				CustomerID: rapid.SampledFrom([]desk.ID{{1}, {2}, {3}}).Draw(p, "customer")}
		})).Draw(p, "complaints")
		for _, c := range desk.CountForCircle(list) {
			if !desk.CircleService(c.Service) || c.Region != "" && !slices.Contains(desk.CirclePlaces(), c.Region) || c.Customers < 1 || c.Customers > 3 {
				p.Fatalf("%+v leaves", c)
			}
		}
	})
}

func TestWhatIsToldIsOfTheLists(t *testing.T) {
	t.Parallel()
	list := []desk.Elsewhere{{Service: "Exchange Online", Region: "france"}, {Service: "Call me"}, {Service: "Unknown"}, {Service: "Azure portal", Region: "at home"}, {Service: "Azure portal"}}
	got := desk.KnownElsewhere(list)
	if len(got) != 2 || got[0].Service != "Exchange Online" || got[1].Service != "Azure portal" {
		t.Errorf("%+v is believed", got)
	}
	if about := desk.ElsewhereAbout(got, "Azure portal"); len(about) != 1 || len(desk.ElsewhereAbout(got, "Power BI")) != 0 {
		t.Errorf("about the portal: %+v", about)
	}
	if !slices.IsSorted(desk.CirclePlaces()) || strings.Contains(strings.Join(desk.CirclePlaces(), ""), "/") {
		t.Error("the places are no sorted list of names")
	}
}
