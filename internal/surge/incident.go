package surge

import (
	"maps"
	"slices"
	"time"
)

// What an incident is proposed as: the two of Microsoft's categories that are seen only by looking
// across customers.
const (
	Regional = "regional_multitenant"
	Network  = "network_outage"
)

// Incident is a problem that several customers share.
type Incident struct {
	ID       int    // 1, 2, … in the order of finding; the same to the end of the stream
	Kind     string // Regional or Network
	Service  string // the official name that most mean
	Place    string // the narrowest that holds nearly all; "" when there is none
	Detected time.Time
	Began    time.Time // the first complaint that belongs to it
	Last     time.Time // the latest
	Open     bool
	Into     int      // the incident that this one is part of; 0 for none
	Tickets  []string // ids, in the order of their time
	Touched  []string // customers, in the order of their first complaint
	Why      Evidence

	wide      bool
	members   []*Ticket // while it is open
	customers map[string]customer
	names     map[string]int // service → customers that mean it
	kins      map[string]int
	families  map[string]int // of services that are named by their family alone, too
	inside    map[string]int // place → customers that are in it
	narrow    map[string]int // place → customers that name no narrower one
	chains    map[string][]string
	marks     int // customers that speak of several services
	worded    [][]string
	share     func(place string) float64 // of the desk's customers
}

// customer is what one that is touched wrote.
type customer struct {
	threads []string
	wide    bool
}

const (
	mostTickets = 50_000 // of one incident
	mostWorded  = 40
	mostThreads = 20
	mostPlaces  = 200
	nearlyAll   = 0.8
)

func (d *Detector) begin(why Evidence) *Incident {
	i := &Incident{ID: len(d.incidents) + 1, Kind: Regional, Detected: d.now, Open: true, Why: why,
		customers: map[string]customer{}, names: map[string]int{}, kins: map[string]int{}, families: map[string]int{},
		inside: map[string]int{}, narrow: map[string]int{}, chains: map[string][]string{}, share: d.share}
	d.incidents = append(d.incidents, i)
	d.open = append(d.open, i)
	return i
}

// add makes a ticket one of the incident's, and its customer touched.
func (i *Incident) add(t *Ticket) {
	if len(i.members) < mostTickets {
		i.members = append(i.members, t)
	}
	if i.Began.IsZero() || t.At.Before(i.Began) {
		i.Began = t.At
	}
	if t.At.After(i.Last) {
		i.Last = t.At
	}
	if t.Customer != "" {
		c, known := i.customers[t.Customer]
		if !known {
			i.touch(t)
		}
		if t.Wide && !c.wide {
			c.wide = true
			i.marks++
		}
		if t.Thread != "" && len(c.threads) < mostThreads && !slices.Contains(c.threads, t.Thread) {
			c.threads = append(c.threads, t.Thread)
		}
		i.customers[t.Customer] = c
	}
	if t.Says == Outage && len(t.Words) >= fewAlike && len(i.worded) < mostWorded && i.likest(t) < 0.9 {
		i.worded = append(i.worded, t.Words)
	}
	i.describe()
}

// touch counts a customer by what his first complaint names.
func (i *Incident) touch(t *Ticket) {
	kins := map[string]bool{}
	for n, s := range t.Services {
		if n == 0 && s.Name != "" {
			i.names[s.Name]++
		}
		if n == 0 {
			i.families[s.Family]++
		}
		if s.Kin != "" && !kins[s.Kin] {
			kins[s.Kin] = true
			i.kins[s.Kin]++
		}
	}
	for n, p := range t.Places {
		if _, known := i.chains[p]; !known && len(i.chains) >= mostPlaces {
			continue
		}
		i.inside[p]++
		i.chains[p] = t.Places[n:]
		if n == 0 {
			i.narrow[p]++
		}
	}
	if len(t.Places) == 0 {
		i.narrow[""]++
	}
}

// describe says what the incident is, as far as its tickets tell.
func (i *Incident) describe() {
	i.Place = i.where()
	i.Kind, i.Service = Regional, ""
	all := len(i.customers)
	if i.scattered() {
		i.Kind = Network
	}
	first, n := top(i.names)
	if n > 0 && (!i.scattered() || 10*n >= 6*all) {
		i.Service = first
		return
	}
	family, _ := top(i.families)
	i.Service = map[string]string{"azure": "Azure", "dynamics": "Dynamics 365 Apps", "power": "Power BI"}[family]
	if i.Service == "" {
		i.Service = "Microsoft 365 suite"
	}
}

// scattered says whether its tickets are of several services rather than of one.
func (i *Incident) scattered() bool {
	return i.wide || i.marks >= fewest && 2*i.marks >= len(i.customers) && len(i.kins) > 1
}

// where is the narrowest place that holds most of the customers, when nearly all others name a
// wider one. What is of several services is of a place only when nobody is outside it, and when
// the place is not nearly the whole desk: else it tells nothing.
func (i *Incident) where() string {
	all := len(i.customers)
	best, depth := "", 0
	for _, p := range slices.Sorted(maps.Keys(i.inside)) {
		in, around := i.inside[p], i.narrow[""]
		for _, wider := range i.chains[p][1:] {
			around += i.narrow[wider]
		}
		outside := all - in - around
		if i.scattered() && (outside > 0 || i.share(p) >= nearlyAll) {
			continue
		}
		if 2*in >= all && 100*outside <= 15*all && (best == "" || len(i.chains[p]) > depth) {
			best, depth = p, len(i.chains[p])
		}
	}
	return best
}

// top is the most counted name, the first of several.
func top(counts map[string]int) (name string, most int) {
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		if counts[k] > most {
			name, most = k, counts[k]
		}
	}
	return name, most
}

// likest is how alike a ticket's words are to those of the incident's most similar ticket.
func (i *Incident) likest(t *Ticket) float64 {
	most := 0.0
	for _, words := range i.worded {
		most = max(most, likeness(words, t.Words))
	}
	return most
}

// copy is the incident as it is shown.
func (i *Incident) copy() Incident {
	shown := Incident{ID: i.ID, Kind: i.Kind, Service: i.Service, Place: i.Place, Detected: i.Detected, Began: i.Began, Last: i.Last, Open: i.Open, Into: i.Into, Why: i.Why,
		Tickets: slices.Clone(i.Tickets), Touched: slices.Clone(i.Touched)}
	if i.Open {
		shown.Tickets, shown.Touched = i.list()
	}
	return shown
}

// list is the ids of the tickets and customers, in the order of their time.
func (i *Incident) list() (tickets, customers []string) {
	seen := map[string]bool{}
	for _, t := range i.members {
		if t.ID != "" {
			tickets = append(tickets, t.ID)
		}
		if t.Customer != "" && !seen[t.Customer] {
			seen[t.Customer] = true
			customers = append(customers, t.Customer)
		}
	}
	return tickets, customers
}

// forget keeps of an incident that is over what is shown.
func (i *Incident) forget() {
	i.Tickets, i.Touched = i.list()
	i.members, i.customers, i.worded, i.chains = nil, nil, nil, nil
}
