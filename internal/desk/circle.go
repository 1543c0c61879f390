package desk

import (
	"cmp"
	"slices"
	"time"

	"guichet/internal/signals"
)

// Bounds of the early-warning circle, in which desks of one installation tell
// each other how many customers complain about a service. The database keeps
// them too (migration 14), and says what each is for.
const (
	CircleWindow    = time.Hour // a complaint counts for so long
	CircleMost      = 25        // customers that one desk tells of, by service and place
	CircleDesks     = 3         // other desks that must be behind what a desk is told
	CircleCustomers = 5         // and customers of theirs
)

// CircleSeat is a desk's place in the circle. The zero value has none.
type CircleSeat struct {
	LetAt    *time.Time // when the operator let the desk in, nil when he has not
	JoinedAt *time.Time // nil while it takes no part
	JoinedBy string     // a person's name
}

// Let tells whether the desk may join.
func (s CircleSeat) Let() bool { return s.LetAt != nil }

// Joined tells whether the desk takes part.
func (s CircleSeat) Joined() bool { return s.JoinedAt != nil }

// CircleComplaint is a problem that a customer has told of.
type CircleComplaint struct {
	Service    string
	Region     string // the ticket's, free text
	Home       string // the customer's, free text
	CustomerID ID
}

// CircleCount is all that leaves a desk: how many of its customers complain.
type CircleCount struct {
	Service   string // of Services
	Region    string // of CirclePlaces, "" when nobody said
	Customers int
}

// Elsewhere is what the circle tells a desk of all others.
type Elsewhere struct {
	Service string
	Region  string    // of CirclePlaces, "" when nobody said
	AtLeast int       // customers: 5, 10, 25 or 50
	Since   time.Time // to a quarter of an hour
}

// circlePlaces are the places that the circle speaks of, among those of
// signals.Place, sorted. The database refuses any other.
var circlePlaces = []string{
	"africa", "asia", "australia", "austria", "belgium", "brazil", "canada", "centralus", "china", "denmark", "eastasia", "eastus", "eastus2",
	"europe", "finland", "france", "germany", "india", "ireland", "israel", "italy", "japan", "korea", "luxembourg", "netherlands",
	"northamerica", "northcentralus", "northeurope", "norway", "poland", "portugal", "qatar", "southafrica", "southamerica", "southcentralus",
	"southeastasia", "spain", "sweden", "switzerland", "uae", "uk", "westeurope", "westus", "westus2", "westus3",
}

// CirclePlaces lists them.
func CirclePlaces() []string { return circlePlaces }

// circlePlace is the first place of the circle that one of some texts names, ""
// where none does.
func circlePlace(texts ...string) string {
	for _, text := range texts {
		if at := signals.Place(text); slices.Contains(circlePlaces, at) {
			return at
		}
	}
	return ""
}

// CircleService tells whether a service is one that the circle speaks of.
func CircleService(name string) bool {
	s, known := ServiceNamed(name)
	return known && s.Family != "other" && s.Name == name
}

// CountForCircle counts distinct customers by service and place: the place that
// the ticket names, else the customer's. Services that are none, and words that
// name no known place, are left out, so that nothing that somebody typed travels.
// What comes out is sorted.
func CountForCircle(list []CircleComplaint) []CircleCount {
	type where struct{ service, region string }
	customers := map[where]map[ID]bool{}
	for _, c := range list {
		if !CircleService(c.Service) {
			continue
		}
		at := where{c.Service, circlePlace(c.Region, c.Home)}
		if customers[at] == nil {
			customers[at] = map[ID]bool{}
		}
		customers[at][c.CustomerID] = true
	}
	var counts []CircleCount
	for at, who := range customers {
		counts = append(counts, CircleCount{Service: at.service, Region: at.region, Customers: min(len(who), CircleMost)})
	}
	slices.SortFunc(counts, func(a, b CircleCount) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Region, b.Region))
	})
	return counts
}

// KnownElsewhere drops what is not of the circle's lists.
func KnownElsewhere(list []Elsewhere) []Elsewhere {
	return slices.DeleteFunc(list, func(e Elsewhere) bool {
		return !CircleService(e.Service) || e.Region != "" && !slices.Contains(circlePlaces, e.Region)
	})
}

// ElsewhereAbout keeps what is about one service.
func ElsewhereAbout(list []Elsewhere, service string) []Elsewhere {
	var about []Elsewhere
	for _, e := range list {
		if e.Service == service {
			about = append(about, e)
		}
	}
	return about
}
