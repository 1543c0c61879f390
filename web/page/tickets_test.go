package page

import (
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func someRow() desk.Row {
	return desk.Row{ID: desk.NewID(), Number: 1042, Subject: "Rien ne <part>", State: desk.WaitingMicrosoft, Priority: 1, Outcome: "MICROSOFT", LastAt: noon,
		RequesterName: "Léa Fontaine", AssigneeName: "Inès Caron"}
}

func TestTicketListSaysWhereEachStands(t *testing.T) {
	t.Parallel()
	list := TicketList{Filter: desk.TicketFilter{Which: "open"}, Rows: []desk.Row{someRow()}}
	doc := drawn(t, i18n.French, Tickets(as(t, desk.Contact), list))
	row := doc.Find("tbody tr")
	if got := row.Find(`a[href="/alpine/tickets/1042"]`).Text(); got != "Rien ne <part>" {
		t.Errorf("subject %q", got)
	}
	for _, want := range []string{"En cours chez Microsoft", "Inès Caron", "14 h 18"} {
		if !strings.Contains(loose(row.Text()), want) {
			t.Errorf("%q is not said", want)
		}
	}
	if row.Find(".state svg").Length() != 1 {
		t.Error("the state has no shape")
	}
	if strings.Contains(row.Text(), "Léa") || doc.Find(`nav[aria-label="À qui"]`).Length() != 0 {
		t.Error("a contact is shown what a manager chooses from")
	}
	if html, _ := doc.Html(); strings.Contains(html, "MICROSOFT") {
		t.Error("the outcome is in the page")
	}
}

func TestManagerChoosesBetweenCompanyAndOwn(t *testing.T) {
	t.Parallel()
	list := TicketList{Filter: desk.TicketFilter{Which: "all", Mine: true}, Rows: []desk.Row{someRow()}, Next: desk.Cursor{At: noon, ID: desk.NewID()}}
	doc := drawn(t, i18n.French, Tickets(as(t, desk.Manager), list))
	if !strings.Contains(doc.Find("tbody").Text(), "Léa Fontaine") {
		t.Error("who asked is not said")
	}
	whose := doc.Find(`nav[aria-label="À qui"] a`)
	if got := whose.Eq(0).AttrOr("href", ""); got != "/alpine/tickets?which=all" {
		t.Errorf("the company's are at %q", got)
	}
	if whose.Eq(1).AttrOr("aria-current", "") != "page" {
		t.Error("his own are not marked")
	}
	if got := doc.Find(`a[href*="after="]`).AttrOr("href", ""); got != "/alpine/tickets?after="+list.Next.String()+"&mine=1&which=all" {
		t.Errorf("the list goes on at %q", got)
	}
}

func TestEmptyListSaysWhatToDo(t *testing.T) {
	t.Parallel()
	at := desk.Cursor{At: noon, ID: desk.NewID()}
	tests := []struct {
		filter      desk.TicketFilter
		title, link string
	}{
		{desk.TicketFilter{Which: "open"}, "Rien en cours", "/alpine/tickets?which=ended"},
		{desk.TicketFilter{Which: "ended"}, "Aucune demande terminée", ""},
		{desk.TicketFilter{Which: "all"}, "Aucune demande pour l’instant", ""},
		{desk.TicketFilter{Which: "open", After: at}, "Il n’y en a pas d’autre", "/alpine/tickets?which=ended"},
	}
	for _, test := range tests {
		doc := drawn(t, i18n.French, Tickets(as(t, desk.Contact), TicketList{Filter: test.filter}))
		if got := doc.Find(".empty h2").Text(); got != test.title {
			t.Errorf("%+v: %q, want %q", test.filter, got, test.title)
		}
		if got := doc.Find(".empty a").AttrOr("href", ""); got != test.link {
			t.Errorf("%+v leads to %q, want %q", test.filter, got, test.link)
		}
	}
}
