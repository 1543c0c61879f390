package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"guichet/internal/surge"
)

// Bounds of what detection looks at.
const (
	DetectionSpan    = 12 * time.Hour // longer than the longest window that is counted over
	DetectionTickets = 3_000
	UsualWeeks       = 8
	SmallDesk        = 20 // customers below which no arithmetic tells a shared problem from an accident
)

// RecentTicket is what detection reads of a ticket.
type RecentTicket struct {
	ID         ID
	CustomerID ID
	Subject    string
	Body       string
	Service    string
	Region     string
	Home       string // the customer's place
	CreatedAt  time.Time
	IncidentID ID // that it belongs to, Nobody for none
}

func (k RecentTicket) place() string { return or(k.Region, k.Home) }

// Complaints is how many different customers wrote of a service from a place at
// an hour of the week, over all weeks counted: one that did so in two weeks counts
// twice.
type Complaints struct {
	Service   string
	Region    string
	Hour      int // of the week, 0 to 167, from Monday 0 h in the desk's zone
	Customers int
	Weeks     int
}

// Detection is what a desk's last hours are looked through with.
type Detection struct {
	Zone      *time.Location
	Customers int // active ones
	Usual     []Complaints
	Tickets   []RecentTicket // the oldest first
	Known     []Incident     // those that are not over, and those dismissed within the span
	Read      Readings       // tickets that were read before; nil reads each
}

// Readings are tickets as detection read them: who looks twice reads once.
type Readings map[ID]surge.Ticket

// Detected is something that detection asks for: a new incident, or tickets for one
// that is there.
type Detected struct {
	Incident ID       // Nobody: a new one
	Same     []ID     // other proposals that turned out to be the same
	Sighting Sighting // without its title
	Tickets  []ID     // that do not belong to it yet
}

// Detect looks through a desk's last hours.
func (d Detection) Detect() []Detected {
	s := d.stream()
	detector := surge.New(surge.Config{Customers: d.Customers, Usual: d.usual()})
	for _, t := range s.read {
		detector.Add(t)
	}
	var all []Detected
	for _, i := range detector.Incidents() {
		if found, ok := s.found(i); ok {
			all = append(all, found)
		}
	}
	return append(all, s.loose(all)...)
}

// Reach says what can be known at a desk of this size.
func (d Detection) Reach() surge.Reach {
	return surge.ReachOf(surge.Config{Customers: d.Customers, Usual: d.usual()})
}

func (d Detection) usual() surge.Usual {
	if len(d.Usual) == 0 {
		return nil
	}
	counts := surge.Counts{Weeks: d.Usual[0].Weeks}
	for _, c := range d.Usual {
		t := SurgeTicket{Service: c.Service, Region: c.Region}.Read()
		kin := ""
		if len(t.Services) > 0 {
			kin = t.Services[0].Kin
		}
		counts.Add(kin, t.Places, c.Hour, float64(c.Customers))
	}
	return surge.OwnUsual(d.Customers, counts)
}

// stream is the tickets as they are counted, and what is known of incidents.
type stream struct {
	Detection
	read []surge.Ticket
	byID map[string]int // index of Tickets and read
}

func (d Detection) stream() stream {
	s := stream{Detection: d, byID: map[string]int{}}
	for n, k := range d.Tickets {
		t := d.reading(k)
		s.read = append(s.read, t)
		s.byID[t.ID] = n
	}
	return s
}

func (d Detection) reading(k RecentTicket) surge.Ticket {
	t, known := d.Read[k.ID]
	if !known {
		t = SurgeTicket{ID: k.ID.String(), Customer: k.CustomerID.String(), At: k.CreatedAt.In(d.Zone), Service: k.Service, Region: k.place(),
			Subject: k.Subject, Body: k.Body}.Read()
	}
	if d.Read != nil {
		d.Read[k.ID] = t
	}
	return t
}

// found says where what was found belongs: to the incident that holds most of its
// tickets, else to one of the same service and place; nowhere when a person said
// of that one that it was none.
func (s stream) found(i surge.Incident) (Detected, bool) {
	d := Detected{Sighting: Sighting{Kind: Category(i.Kind), Service: i.Service, Region: s.placeName(i), Since: i.Began, Evidence: evidenceOf(i.Why)}}
	holders := map[ID]int{}
	for _, id := range i.Tickets {
		if in := s.Tickets[s.byID[id]].IncidentID; in != Nobody {
			holders[in]++
		}
	}
	target, known := s.holder(holders)
	if !known {
		target, known = s.alike(i)
	}
	if known && target.State == IncidentDismissed {
		return d, false
	}
	if known {
		d.Incident = target.ID
		for _, o := range s.Known {
			if o.ID != target.ID && o.State == IncidentProposed && holders[o.ID] > 0 {
				d.Same = append(d.Same, o.ID)
			}
		}
	}
	for _, id := range i.Tickets {
		if k := s.Tickets[s.byID[id]]; k.IncidentID == Nobody {
			d.Tickets = append(d.Tickets, k.ID)
		}
	}
	return d, !known || len(d.Tickets)+len(d.Same) > 0
}

// holder is the incident that holds most tickets, one that a person looked at
// before a mere proposal.
func (s stream) holder(tickets map[ID]int) (Incident, bool) {
	var holding []Incident
	for _, k := range s.Known {
		if tickets[k.ID] > 0 && !k.State.Over() {
			holding = append(holding, k)
		}
	}
	if len(holding) == 0 {
		return Incident{}, false
	}
	return slices.MaxFunc(holding, func(a, b Incident) int {
		if a.State != b.State && (a.State == IncidentProposed || b.State == IncidentProposed) {
			if a.State == IncidentProposed {
				return -1
			}
			return 1
		}
		return cmp.Compare(tickets[a.ID], tickets[b.ID])
	}), true
}

// alike is an incident of the same service and place, the latest; one that is not
// over before one that was dismissed.
func (s stream) alike(i surge.Incident) (best Incident, found bool) {
	service := SurgeTicket{Service: i.Service, Region: s.placeName(i)}.Read()
	for _, k := range s.Known {
		if !sameProblem(k, service, Category(i.Kind)) {
			continue
		}
		if !found || best.State == IncidentDismissed || k.State != IncidentDismissed {
			best, found = k, true
		}
	}
	return best, found
}

// sameProblem tells an incident of the same kind of services in a place that
// covers the other.
func sameProblem(k Incident, t surge.Ticket, kind Category) bool {
	own := SurgeTicket{Service: k.Service, Region: k.Region}.Read()
	if !near(own.Places, t.Places) {
		return false
	}
	if k.Kind == NetworkOutage && kind == NetworkOutage {
		return true
	}
	return k.Kind == kind && sameKin(own.Services, t.Services)
}

func sameKin(a, b []surge.Service) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return slices.ContainsFunc(b, func(s surge.Service) bool { return s.Kin == a[0].Kin && (s.Kin != "" || s.Family == a[0].Family) })
}

// near tells places of which one holds the other; an unknown one can be anywhere.
func near(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.Contains(a, b[0]) || slices.Contains(b, a[0])
}

// loose brings to the incidents that are not over what names their very service as
// failing for many, from their place, and was not found otherwise.
func (s stream) loose(found []Detected) []Detected {
	var all []Detected
	for _, k := range s.Known {
		if k.State != IncidentOpen && k.State != IncidentProposed || k.Kind != Regional {
			continue
		}
		own := SurgeTicket{Service: k.Service, Region: k.Region}.Read()
		d := Detected{Incident: k.ID}
		for n, t := range s.read {
			ticket := s.Tickets[n]
			taken := ticket.IncidentID != Nobody || slices.ContainsFunc(found, func(f Detected) bool { return slices.Contains(f.Tickets, ticket.ID) })
			if taken || t.Says != surge.Outage || ticket.CreatedAt.Before(k.StartedAt) || len(t.Services) == 0 || !sameKin(own.Services, t.Services) || !near(own.Places, t.Places) {
				continue
			}
			d.Tickets = append(d.Tickets, ticket.ID)
		}
		if len(d.Tickets) > 0 {
			all = append(all, d)
			found = append(found, d)
		}
	}
	return all
}

// placeName is the place as most of its customers spell it.
func (s stream) placeName(i surge.Incident) string {
	if i.Place == "" {
		return ""
	}
	spelled := map[string]int{}
	for _, id := range i.Tickets {
		n := s.byID[id]
		if name := clean(s.Tickets[n].place()); name != "" && len(s.read[n].Places) > 0 && s.read[n].Places[0] == i.Place {
			spelled[name]++
		}
	}
	best := ""
	for name, n := range spelled {
		if n > spelled[best] || n == spelled[best] && name < best {
			best = name
		}
	}
	if best == "" {
		first := []rune(i.Place)
		return strings.ToUpper(string(first[:1])) + string(first[1:])
	}
	return best
}

func evidenceOf(e surge.Evidence) IncidentEvidence {
	return IncidentEvidence{Customers: e.Customers, Usual: e.Usual, Chance: e.Probability, Window: int(e.Window / time.Minute), FalseRate: e.FalsePerYear, Hint: e.Hint}
}
