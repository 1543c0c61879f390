package server

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/internal/rules"
	"guichet/web/page"
)

func filterOf(t *testing.T, view, query string) (desk.QueueFilter, error) {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return queueFilter(view, v)
}

func TestQueueFilterTakesWhatIsOffered(t *testing.T) {
	t.Parallel()
	customer := desk.NewID()
	got, err := filterOf(t, "all", "q=+facture+&customer="+customer.String()+"&service=microsoft+teams&outcome=NEEDS_INFO&state=open&priority=2&sort=activity")
	want := desk.QueueFilter{View: desk.ViewAll, Customer: customer, Service: "Microsoft Teams", Outcome: rules.NeedsInfo, State: desk.Open,
		Priority: 2, Text: "facture", Sort: "activity"}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestQueueFilterLeavesOutWhatIsNot(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"", "service=Word+Perfect", "outcome=partner", "state=lost", "priority=0", "priority=5", "priority=x", "sort=t.id%3Bdrop", "after=nonsense", "q=%00", "q=+"} {
		got, err := filterOf(t, "", query)
		if want := (desk.QueueFilter{View: desk.ViewTodo}); err != nil || got != want {
			t.Errorf("%q gives %+v, %v", query, got, err)
		}
	}
}

func TestQueueFilterRefusesWhatCannotExist(t *testing.T) {
	t.Parallel()
	if _, err := filterOf(t, "everything", ""); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("an unknown view: %v", err)
	}
	if _, err := filterOf(t, "todo", "customer=12"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a customer that is no id: %v", err)
	}
}

func TestQueueSearchIsCutToText(t *testing.T) {
	t.Parallel()
	got, err := filterOf(t, "todo", "q="+strings.Repeat("%C3%A9", 300)+"%FF")
	if err != nil || len(got.Text) > longestSearch || !utf8.ValidString(got.Text) || got.Text == "" {
		t.Errorf("%d bytes, %v", len(got.Text), err)
	}
}

func TestTicketRemembersItsList(t *testing.T) {
	t.Parallel()
	for _, f := range []desk.QueueFilter{
		{View: desk.ViewTodo},
		{View: desk.ViewMine},
		{View: desk.ViewAll, Text: "a&b=c ?", Service: "Power BI", Outcome: rules.Partner, State: desk.New, Priority: 4, Sort: "priority",
			Customer: desk.NewID(), After: desk.Cursor{Priority: 3, At: time.UnixMicro(1_700_000_000_000_000), ID: desk.NewID()}},
	} {
		r := httptest.NewRequest(http.MethodGet, "/alpine/tickets/12"+page.FromQueue(f), nil)
		if got := cameFrom(r); got != f {
			t.Errorf("came from %+v, went back to %+v", f, got)
		}
	}
	for _, from := range []string{"", "//evil.example", "todo?customer=x", "nowhere", "all?%zz"} {
		r := httptest.NewRequest(http.MethodGet, "/alpine/tickets/12?"+url.Values{"from": {from}}.Encode(), nil)
		if got := cameFrom(r); got != (desk.QueueFilter{View: desk.ViewTodo}) {
			t.Errorf("%q leads to %+v", from, got)
		}
	}
}
