package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
)

var incidentActs = []desk.IncidentAct{desk.OpenIncident, desk.MitigateIncident, desk.CloseIncident, desk.DismissIncident, desk.ReopenIncident, "nonsense"}

// opened unwraps what a fixture is made of.
func opened(r desk.IncidentRecord, err error) desk.IncidentRecord {
	if err != nil {
		panic(err)
	}
	return r
}

// Whatever is done to an incident in whatever order, it is in a state that it may
// be in: over exactly when it has ended, with its summary or its reason.
func TestIncidentsNeverGoWhereTheyCannot(t *testing.T) {
	t.Parallel()
	who := desk.NewID()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
		r := desk.ProposedIncident(desk.Sighting{Title: "t", Kind: desk.Regional, Service: "Microsoft Teams", Since: now}, now)
		other := opened(desk.NewIncident(desk.IncidentForm{Title: "o", Kind: string(desk.Regional)}, who, now))
		requests := 0
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			now = now.Add(time.Minute)
			was := r.State
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				act := rapid.SampledFrom(incidentActs).Draw(t, "act")
				err := r.Act(act, rapid.SampledFrom([]string{"", "words"}).Draw(t, "words"), who, now)
				if err != nil && r.State != was || err == nil && !was.Can(act) {
					t.Fatalf("%s in %s: %v, now %s", act, was, err, r.State)
				}
			case 2:
				had := r.File.Request
				err := r.TakeRequest(rapid.SampledFrom([]string{"261126142000123", "2611261420001234", "12", "26112614200012A"}).Draw(t, "request"), who, now)
				if err == nil && had == "" {
					requests++
				}
				if had != "" && r.File.Request != had {
					t.Fatalf("request %s became %s", had, r.File.Request)
				}
			case 3:
				if rapid.IntRange(0, 9).Draw(t, "merges") == 0 {
					if err := r.MergeInto(&other, now); err == nil && (was.Over() || other.State.Over()) {
						t.Fatalf("%s merged into %s", was, other.State)
					}
				}
			}
			if r.State.Over() && r.EndedAt == nil || r.State == desk.IncidentOpen && r.EndedAt != nil || was == desk.IncidentMerged && r.State != was {
				t.Fatalf("%s after %s, ended %v", r.State, was, r.EndedAt)
			}
			if r.State == desk.IncidentClosed && r.File.Summary == "" || r.State == desk.IncidentDismissed && r.File.Reason == "" || r.State == desk.IncidentOpen && r.File.OpenedBy == desk.Nobody {
				t.Fatalf("%s without %+v", r.State, r.File)
			}
		}
		if requests > 1 {
			t.Fatalf("%d requests", requests)
		}
	})
}

func TestNewIncidentsAreChecked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	future, old := now.Add(time.Hour), now.AddDate(-1, 0, 0)
	good := desk.IncidentForm{Title: " Appels   coupés ", Service: "microsoft teams", Kind: "regional_multitenant"}
	for field, f := range map[string]func(*desk.IncidentForm){
		"title":   func(f *desk.IncidentForm) { f.Title = "  " },
		"service": func(f *desk.IncidentForm) { f.Service = "Fax" },
		"kind":    func(f *desk.IncidentForm) { f.Kind = "known_issue" },
		"region":  func(f *desk.IncidentForm) { f.Region = strings.Repeat("x", 61) },
		"since":   func(f *desk.IncidentForm) { f.Since = &future },
	} {
		bad := good
		f(&bad)
		var invalid desk.Invalid
		if _, err := desk.NewIncident(bad, desk.NewID(), now); !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	good.Since = &old
	if _, err := desk.NewIncident(good, desk.NewID(), now); err == nil {
		t.Error("an incident of last year")
	}
	good.Since = nil
	if r, err := desk.NewIncident(good, desk.NewID(), now); err != nil || r.File.Title != "Appels coupés" || r.Service != "Microsoft Teams" || !r.StartedAt.Equal(now) {
		t.Errorf("%+v, %v", r, err)
	}
}

// down is what so many customers write of a service within minutes.
func down(n int, service, region string, from time.Time) []desk.RecentTicket {
	var list []desk.RecentTicket
	for i := range n {
		list = append(list, desk.RecentTicket{ID: desk.NewID(), CustomerID: desk.NewID(), Subject: service + " ne fonctionne plus", Body: "Tous nos utilisateurs sont touchés, " + service + " est en panne.",
			Service: service, Region: region, CreatedAt: from.Add(time.Duration(i) * 3 * time.Minute)})
	}
	return list
}

// What was found is proposed once: after that it grows, and what a person
// dismissed is left alone.
func TestDetectionGoesByWhatIsKnown(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	look := desk.Detection{Zone: time.UTC, Customers: 60, Tickets: down(6, "Microsoft Teams", "France", now)}
	found := look.Detect()
	if len(found) != 1 || found[0].Incident != desk.Nobody || len(found[0].Tickets) != 6 || found[0].Sighting.Region != "France" || found[0].Sighting.Service != "Microsoft Teams" {
		t.Fatalf("found %+v", found)
	}
	known := desk.ProposedIncident(found[0].Sighting, now).Incident
	for i := range look.Tickets[:4] {
		look.Tickets[i].IncidentID = known.ID
	}
	look.Known = []desk.Incident{known}
	if found = look.Detect(); len(found) != 1 || found[0].Incident != known.ID || len(found[0].Tickets) != 2 {
		t.Errorf("grown by %+v", found)
	}
	for i := range look.Tickets {
		look.Tickets[i].IncidentID = known.ID
	}
	if found = look.Detect(); len(found) != 0 {
		t.Errorf("found again: %+v", found)
	}
	look.Tickets = down(6, "Microsoft Teams", "France", now)
	look.Known[0].State = desk.IncidentDismissed
	if found = look.Detect(); len(found) != 0 {
		t.Errorf("what was dismissed: %+v", found)
	}
	look.Tickets = down(6, "Exchange Online", "France", now)
	if found = look.Detect(); len(found) != 1 || found[0].Incident != desk.Nobody {
		t.Errorf("another service: %+v", found)
	}
	if found = (desk.Detection{Zone: time.UTC, Customers: 60}).Detect(); len(found) != 0 {
		t.Errorf("nothing came, and %+v", found)
	}
}

// One that was opened by hand takes what names its very service, from its place.
func TestIncidentOpenedByHandGrows(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	open := opened(desk.NewIncident(desk.IncidentForm{Title: "t", Service: "Microsoft Teams", Region: "France", Kind: string(desk.Regional)}, desk.NewID(), now)).Incident
	look := desk.Detection{Zone: time.UTC, Customers: 60, Known: []desk.Incident{open}}
	look.Tickets = slices.Concat(down(1, "Microsoft Teams", "France", now), down(1, "Microsoft Teams", "Japan", now))
	slices.SortFunc(look.Tickets, func(a, b desk.RecentTicket) int { return a.CreatedAt.Compare(b.CreatedAt) })
	found := look.Detect()
	if len(found) != 1 || found[0].Incident != open.ID || len(found[0].Tickets) != 1 {
		t.Errorf("%+v", found)
	}
}

// A small desk's two are a hint, and say so.
func TestSmallDeskGetsAHint(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)
	look := desk.Detection{Zone: time.UTC, Customers: 12, Tickets: down(2, "Microsoft Teams", "France", now)}
	if found := look.Detect(); len(found) != 1 || !found[0].Sighting.Evidence.Hint || found[0].Sighting.Evidence.Customers != 2 {
		t.Errorf("%+v", found)
	}
	if look.Customers = 60; len(look.Detect()) != 0 {
		t.Error("two of sixty are found")
	}
}

func TestFittingIssuesAreOfTheService(t *testing.T) {
	t.Parallel()
	s := desk.IncidentStory{Issues: []desk.IncidentIssue{{ID: desk.NewID(), Service: "Microsoft Teams"}}}
	s.Service = "Microsoft Teams"
	fit := []desk.IncidentIssue{s.Issues[0], {ID: desk.NewID(), Service: "Microsoft Teams"}, {ID: desk.NewID(), Service: "Exchange Online"}, {ID: desk.NewID(), Service: "Microsoft 365 suite"}, {ID: desk.NewID(), Service: "Azure Storage"}}
	got := s.Fits(fit)
	if len(got) != 2 || got[0].ID != fit[1].ID || got[1].ID != fit[3].ID {
		t.Error(fmt.Sprint(got))
	}
}
