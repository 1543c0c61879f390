// Package surge tells from a desk's stream of tickets when more of its customers complain of one
// service, in one place, than chance explains: a problem that they share, which nobody who looks
// at one ticket can see. It counts customers, never tickets; a finding at an instant rests on the
// tickets up to that instant alone, and carries the arithmetic that made it one.
package surge

import (
	"slices"
	"time"
)

// Reading is how much a ticket complains that a service fails.
type Reading uint8

const (
	Nothing Reading = iota // no complaint of a failing service
	Trouble                // something fails, and nothing tells whether for one person or for many
	Outage                 // a service fails for many, or its servers say so
)

// Service is a service that a ticket may be about. Services of one Kin fail together and are
// counted together; a Service of which only the Family is known is any of the family.
type Service struct{ Name, Kin, Family string }

// Ticket is a ticket as far as other customers may write the same.
type Ticket struct {
	ID       string
	Customer string    // whose it is; a ticket of nobody is not counted
	At       time.Time // when the desk received it, in the desk's zone: hour and weekday are read from it
	Says     Reading
	Services []Service // that may be meant, the likeliest first; none when nothing tells
	Places   []string  // the place and those that hold it, the narrowest first: francecentral, france, europe
	Other    bool      // certainly about something else: an order, a password, a printer
	Local    bool      // speaks of the customer's own line or provider
	Wide     bool      // speaks of several services, or of the road to them
	Chasing  bool      // asks for news
	Thread   string    // the subject without the marks of an answer
	Words    []string  // its telling words, sorted, each once
}

// Config is what a Detector knows of its desk.
type Config struct {
	Customers    int     // in all, also those that never write
	Usual        Usual   // what is usual at this desk; nil is DefaultUsual(Customers)
	FalsePerYear float64 // incidents a year that chance may make; 0 is DefaultFalsePerYear
}

// What happens to an incident.
const (
	Opened  = "opened"  // it was found
	Joined  = "joined"  // a ticket is one of its own
	Widened = "widened" // it turned out to be of several services
	Merged  = "merged"  // it turned out to be part of another, named by Into
	Closed  = "closed"  // nobody has complained for the time of Quiet
)

// Change is one thing that a ticket changed. Incident and Into are identities of incidents.
type Change struct {
	What     string
	Incident int
	Ticket   string // the one that joined
	Into     int    // the incident that this one is now part of
}

// Quiet is how long an incident stays open without a further ticket.
const Quiet = 4 * time.Hour

const (
	horizon  = 8 * time.Hour // the longest window that is counted over
	memory   = 24 * time.Hour
	held     = 2 * time.Hour // how long a ticket that does not count may still turn out to belong
	mostHeld = 2_000
	mostKept = 1_000 // complaints that belong to no incident
	mostEach = 6     // of them, those of one customer
	mostIDs  = 200_000
	mostSeen = 100_000 // customers whose place is remembered
)

// Detector follows one stream. It is not safe for use by several goroutines.
type Detector struct {
	customers int
	limits    limits
	usual     Usual
	placeless bool // the usual figures do not know places: they are learned from the stream

	started, now, swept time.Time
	seen, earlier       map[string]bool // ids of this day of the stream and of the day before
	loose               []*Ticket       // complaints that belong to no incident, by time
	each                map[string]int  // how many of them a customer has
	waiting             []*Ticket       // tickets that do not count, for a while
	locals              []*Ticket       // complaints of a customer's own line, for a while
	whereabouts         map[string]int  // customers that were seen in a place
	placed              map[string]bool
	incidents           []*Incident // in the order of their finding
	open                []*Incident
}

// New returns a Detector for a desk. A number that makes no sense is taken for the nearest that does.
func New(c Config) *Detector {
	customers := max(c.Customers, 1)
	d := &Detector{customers: customers, usual: c.Usual, placeless: c.Usual == nil,
		seen: map[string]bool{}, earlier: map[string]bool{}, each: map[string]int{},
		whereabouts: map[string]int{}, placed: map[string]bool{}}
	if d.usual == nil {
		d.usual = DefaultUsual(customers)
	}
	d.limits = limitsOf(customers, d.usual, c.FalsePerYear)
	return d
}

// Add takes the next ticket and returns what it changed. A ticket that is older than the one
// before counts as received now: nothing that was found is found anew with hindsight. A ticket
// whose id was seen within the last day is passed over.
func (d *Detector) Add(t Ticket) []Change {
	if t.ID != "" && (d.seen[t.ID] || d.earlier[t.ID]) {
		return nil
	}
	if d.started.IsZero() {
		d.started, d.now, d.swept = t.At, t.At, t.At
	}
	if t.At.Before(d.now) {
		t.At = d.now
	}
	d.now = t.At
	changes := d.sweep()
	if t.ID != "" {
		if len(d.seen) < mostIDs {
			d.seen[t.ID] = true
		}
	}
	d.place(&t)
	if t.Local {
		d.locals = append(d.locals, &t)
	}
	if i := d.belongs(&t); i != nil {
		i.add(&t)
		return append(append(changes, Change{What: Joined, Incident: i.ID, Ticket: t.ID}), d.reconsider(i)...)
	}
	if t.Says == Nothing || t.Other || t.Customer == "" {
		if !t.Other {
			d.waiting = append(d.waiting, &t)
		}
		return changes
	}
	if d.each[t.Customer] >= mostEach {
		return changes
	}
	d.each[t.Customer]++
	d.loose = append(d.loose, &t)
	return append(changes, d.look(&t)...)
}

// Incidents returns what was found so far, in the order of its finding, without what turned out
// to be part of another. The caller may keep it: it is a copy.
func (d *Detector) Incidents() []Incident {
	var all []Incident
	for _, i := range d.incidents {
		if i.Into == 0 {
			all = append(all, i.copy())
		}
	}
	return all
}

// sweep forgets what is too old to matter, once in a while, and closes what is quiet.
func (d *Detector) sweep() (changes []Change) {
	d.open = slices.DeleteFunc(d.open, func(i *Incident) bool {
		over := d.now.Sub(i.Last) > Quiet
		if over {
			i.Open = false
			i.forget()
			changes = append(changes, Change{What: Closed, Incident: i.ID})
		}
		return over
	})
	if len(d.waiting) > mostHeld {
		d.waiting = slices.Clone(d.waiting[mostHeld/2:])
	}
	if len(d.locals) > mostHeld {
		d.locals = slices.Clone(d.locals[mostHeld/2:])
	}
	if len(d.loose) > mostKept {
		d.take(d.loose[:mostKept/2])
	}
	if d.now.Sub(d.swept) < 10*time.Minute {
		return changes
	}
	if d.now.YearDay() != d.swept.YearDay() || d.now.Sub(d.swept) > memory || len(d.seen) >= mostIDs {
		d.earlier, d.seen = d.seen, map[string]bool{}
	}
	d.swept = d.now
	d.waiting = since(d.waiting, d.now.Add(-held))
	d.locals = since(d.locals, d.now.Add(-held))
	d.take(d.loose[:len(d.loose)-len(since(d.loose, d.now.Add(-horizon)))])
	return changes
}

// since returns the tickets after an instant.
func since(tickets []*Ticket, after time.Time) []*Ticket {
	at := len(tickets)
	for at > 0 && tickets[at-1].At.After(after) {
		at--
	}
	return slices.Clone(tickets[at:])
}

// take takes complaints out that now belong to an incident.
func (d *Detector) take(gone []*Ticket) {
	if len(gone) == 0 {
		return
	}
	out := make(map[*Ticket]bool, len(gone))
	for _, t := range gone {
		out[t] = true
		if d.each[t.Customer]--; d.each[t.Customer] <= 0 {
			delete(d.each, t.Customer)
		}
	}
	d.loose = slices.DeleteFunc(d.loose, func(t *Ticket) bool { return out[t] })
}

// place notes where a customer is, once, so that a place's share of all is known.
func (d *Detector) place(t *Ticket) {
	if len(t.Places) == 0 || t.Customer == "" || d.placed[t.Customer] || len(d.placed) >= mostSeen {
		return
	}
	d.placed[t.Customer] = true
	for _, p := range t.Places {
		d.whereabouts[p]++
	}
}
