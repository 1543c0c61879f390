package surge

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	mail     = Service{Name: "Exchange Online", Kin: "Exchange Online", Family: "m365"}
	meetings = Service{Name: "Microsoft Teams", Kin: "Microsoft Teams", Family: "m365"}
	machines = Service{Name: "Azure Virtual Machines", Kin: "Azure Virtual Machines", Family: "azure"}
	files    = Service{Name: "OneDrive for Business", Kin: "SharePoint Online", Family: "m365"}
	suite    = Service{Family: "m365"}

	france = []string{"france", "europe"}
	paris  = []string{"francecentral", "france", "europe"}
	spain  = []string{"spain", "europe"}
	canada = []string{"canada", "northamerica"}

	wednesday = time.Date(2024, 1, 3, 10, 0, 0, 0, time.UTC)
)

// down is a customer's complaint, minutes after ten on a Wednesday.
func down(customer string, minutes float64, s Service, places []string) Ticket {
	return Ticket{ID: fmt.Sprintf("%s@%.2f", customer, minutes), Customer: customer, At: wednesday.Add(time.Duration(minutes * float64(time.Minute))),
		Says: Outage, Services: []Service{s}, Places: places}
}

func run(customers int, tickets ...Ticket) (*Detector, []Change) {
	d := New(Config{Customers: customers})
	var changes []Change
	for _, t := range tickets {
		changes = append(changes, d.Add(t)...)
	}
	return d, changes
}

func TestThirdCustomerMakesAFinding(t *testing.T) {
	t.Parallel()
	d, changes := run(300, down("a", 0, mail, france), down("b", 5, mail, spain), down("b", 6, mail, spain))
	if len(changes) > 0 {
		t.Fatalf("two customers of 300: %v", changes)
	}
	changes = d.Add(down("c", 9, mail, france))
	if len(changes) != 1 || changes[0] != (Change{What: Opened, Incident: 1, Ticket: "c@9.00"}) {
		t.Fatalf("three customers: %v", changes)
	}
	i := d.Incidents()[0]
	want := Incident{ID: 1, Kind: Regional, Service: "Exchange Online", Place: "france", Detected: wednesday.Add(9 * time.Minute), Began: wednesday, Last: wednesday.Add(9 * time.Minute),
		Open: true, Tickets: []string{"a@0.00", "b@5.00", "b@6.00", "c@9.00"}, Touched: []string{"a", "b", "c"}}
	why := i.Why
	i.Why = Evidence{}
	i.Place = "france"
	if shown := i; !reflect.DeepEqual(shown, want) {
		t.Errorf("%+v, want %+v", shown, want)
	}
	if why.Customers != 3 || why.Window != 20*time.Minute || !(why.Usual > 0 && why.Usual < 0.05) || !(why.Probability > 0 && why.Probability < why.Limit) || why.FalsePerYear != DefaultFalsePerYear || why.Hint {
		t.Errorf("evidence %+v", why)
	}
}

func TestCustomersCountAndNotTickets(t *testing.T) {
	t.Parallel()
	d := New(Config{Customers: 300})
	for n := range 100_000 {
		d.Add(down("flood", float64(n)/100, mail, france))
	}
	if found := d.Incidents(); len(found) > 0 {
		t.Errorf("one customer's flood: %+v", found)
	}
	if len(d.loose) > mostEach {
		t.Errorf("%d of his complaints are kept", len(d.loose))
	}
}

func TestWhatIsNoIncident(t *testing.T) {
	t.Parallel()
	with := func(change func(*Ticket)) (all []Ticket) {
		for n := range 12 {
			k := down(fmt.Sprint("c", n), float64(n), mail, france)
			change(&k)
			all = append(all, k)
		}
		return all
	}
	for name, tickets := range map[string][]Ticket{
		"other things":    with(func(k *Ticket) { k.Other = true }),
		"nothing fails":   with(func(k *Ticket) { k.Says = Nothing }),
		"of nobody":       with(func(k *Ticket) { k.Customer = "" }),
		"own lines":       with(func(k *Ticket) { k.Other, k.Local = true, true }),
		"half own lines":  with(func(k *Ticket) { k.Local = k.At.Minute()%2 == 0; k.Other = k.Local }),
		"all of it vague": with(func(k *Ticket) { k.Says = Trouble }),
		"a day apart":     with(func(k *Ticket) { k.At = k.At.Add(time.Duration(k.At.Minute()) * 24 * time.Hour) }),
		"one id":          with(func(k *Ticket) { k.ID = "same" }),
	} {
		if d, _ := run(300, tickets...); len(d.Incidents()) > 0 {
			t.Errorf("%s: %+v", name, d.Incidents())
		}
	}
}

func TestOneEventAndTwo(t *testing.T) {
	t.Parallel()
	var two, wide []Ticket
	for n := range 6 {
		two = append(two, down(fmt.Sprint("m", n), float64(4*n), mail, france), down(fmt.Sprint("v", n), float64(4*n+2), machines, canada))
	}
	d, _ := run(300, two...)
	if found := d.Incidents(); len(found) != 2 || found[0].Service != "Exchange Online" || found[0].Place != "france" || found[1].Service != "Azure Virtual Machines" || found[1].Place != "canada" {
		t.Errorf("two at once: %+v", found)
	}
	for n := range 15 {
		wide = append(wide, down(fmt.Sprint("w", n), float64(2*n), []Service{mail, machines, files, meetings, suite}[n%5], [][]string{france, canada, spain}[n%3]))
	}
	d, changes := run(300, wide...)
	found := d.Incidents()
	if len(found) != 1 || found[0].Kind != Network || found[0].Place != "" || len(found[0].Touched) != len(wide) {
		t.Errorf("a wide event: %+v after %v", found, changes)
	}
}

func TestNamedOtherwise(t *testing.T) {
	t.Parallel()
	words := []string{"datei", "nicht", "offne", "sharepoi"}
	unnamed := down("c", 8, Service{}, spain)
	unnamed.Services, unnamed.Words = nil, words
	d, _ := run(300, down("a", 0, files, france), down("b", 3, files, spain), unnamed, down("e", 9, suite, france), down("d", 12, Service{Name: "SharePoint Online", Kin: "SharePoint Online", Family: "m365"}, france))
	found := d.Incidents()
	if len(found) != 1 || len(found[0].Touched) != 5 || found[0].Place != "europe" && found[0].Place != "france" {
		t.Errorf("%+v", found)
	}
}

func TestFollowingUp(t *testing.T) {
	t.Parallel()
	d, _ := run(300, down("a", 0, mail, france), down("b", 3, mail, france), down("c", 8, mail, france))
	chasing := Ticket{ID: "more", Customer: "a", At: wednesday.Add(time.Hour), Chasing: true, Services: []Service{mail}, Places: france}
	order := Ticket{ID: "order", Customer: "a", At: wednesday.Add(time.Hour), Other: true, Places: france}
	stranger := Ticket{ID: "stranger", Customer: "z", At: wednesday.Add(time.Hour), Chasing: true, Services: []Service{mail}, Places: france}
	for _, k := range []Ticket{chasing, order, stranger} {
		d.Add(k)
	}
	if got := d.Incidents()[0].Tickets; !slices.Equal(got, []string{"a@0.00", "b@3.00", "c@8.00", "more"}) {
		t.Errorf("tickets %v", got)
	}
	changes := d.Add(Ticket{ID: "late", Customer: "y", At: wednesday.Add(6 * time.Hour)})
	if i := d.Incidents()[0]; len(changes) != 1 || changes[0].What != Closed || i.Open || len(i.Tickets) != 4 {
		t.Errorf("%v, %+v", changes, i)
	}
}

func TestSmallDesks(t *testing.T) {
	t.Parallel()
	two := []Ticket{down("a", 0, mail, france), down("b", 5, mail, france)}
	for customers, want := range map[int]Reach{
		1:  {},
		8:  {Fewest: 2, Share: 0.25},
		19: {Fewest: 2, Share: 2.0 / 19},
		20: {Fewest: 3, Share: 0.15, Finding: true},
	} {
		r := ReachOf(Config{Customers: customers})
		if r.Fewest != want.Fewest || r.Share != want.Share || r.Finding != want.Finding || (r.Fewest > 0) != (r.FalsePerYear > 0) {
			t.Errorf("%d customers: %+v, want %+v", customers, r, want)
		}
		d, _ := run(customers, two...)
		found := d.Incidents()
		if hint := len(found) == 1 && found[0].Why.Hint; hint != (want.Fewest == 2) || len(found) > 1 {
			t.Errorf("%d customers, two complain: %+v", customers, found)
		}
	}
	d, _ := run(8, append(two, down("c", 9, mail, france))...)
	if found := d.Incidents(); len(found) != 1 || found[0].Why.Hint || found[0].Why.Customers != 3 {
		t.Errorf("a third customer makes a hint a finding: %+v", found)
	}
}

// TestChanceKeepsItsPromise lives through many years in which nothing is the matter and customers
// complain as is usual: the false findings must not be more than the stated rate.
func TestChanceKeepsItsPromise(t *testing.T) {
	t.Parallel()
	for _, customers := range []int{40, 300, 3000} {
		const perYear = 2.0
		years := 10 * 300 / max(customers, 300)
		false, kinds := 0, []Service{mail, meetings, files, machines, {Name: "Power BI", Kin: "Power BI", Family: "power"}, {Name: "Microsoft Entra", Kin: "Microsoft Entra", Family: "m365"}}
		r := rand.New(rand.NewPCG(uint64(customers), 1))
		u := DefaultUsual(customers)
		d := New(Config{Customers: customers, FalsePerYear: perYear})
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for hour := range years * 365 * 24 {
			begin := at.Add(time.Duration(hour) * time.Hour)
			var hourly []Ticket
			for _, k := range kinds {
				for says, rate := range map[Reading]float64{Outage: u(Outage, k.Kin, "", begin), Trouble: u(Trouble, k.Kin, "", begin) - u(Outage, k.Kin, "", begin)} {
					for n := r.ExpFloat64(); n < rate; n += r.ExpFloat64() {
						c := r.IntN(customers)
						hourly = append(hourly, Ticket{Customer: fmt.Sprint(c), At: begin.Add(time.Duration(r.Float64() * float64(time.Hour))), Says: says,
							Services: []Service{k}, Places: [][]string{france, paris, spain, canada}[c%4]})
					}
				}
			}
			slices.SortFunc(hourly, func(a, b Ticket) int { return a.At.Compare(b.At) })
			for _, k := range hourly {
				for _, c := range d.Add(k) {
					if c.What == Opened {
						false++
					}
				}
			}
		}
		t.Logf("%d customers: %.2f false findings a year, stated %.2f", customers, float64(false)/float64(years), perYear)
		if float64(false) > perYear*float64(years) {
			t.Errorf("%d customers: %d false findings in %d years, more than %.1f a year", customers, false, years, perYear)
		}
	}
}

func aStream(t *rapid.T) []Ticket {
	services := []Service{mail, meetings, machines, files, suite}
	n := rapid.IntRange(0, 60).Draw(t, "tickets")
	all := make([]Ticket, 0, n)
	at := 0.0
	for k := range n {
		at += rapid.SampledFrom([]float64{0, 0.5, 3, 20, 200}).Draw(t, "gap")
		ticket := down(fmt.Sprint("c", rapid.IntRange(0, 12).Draw(t, "customer")), at, rapid.SampledFrom(services).Draw(t, "service"), rapid.SampledFrom([][]string{france, paris, spain, canada, nil}).Draw(t, "place"))
		ticket.ID = fmt.Sprint("t", k)
		ticket.Says = rapid.SampledFrom([]Reading{Outage, Outage, Trouble, Nothing}).Draw(t, "says")
		ticket.Local = rapid.IntRange(0, 15).Draw(t, "local") == 0
		ticket.Other = ticket.Local
		ticket.Chasing = rapid.IntRange(0, 5).Draw(t, "chasing") == 0
		all = append(all, ticket)
	}
	return all
}

func TestStreamProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tickets := aStream(t)
		customers := rapid.SampledFrom([]int{1, 8, 19, 20, 300, 10_000}).Draw(t, "customers")
		d, changes := run(customers, tickets...)
		found := d.Incidents()
		seen := map[string]bool{}
		for _, i := range found {
			least := fewest
			if customers < small {
				least = fewestHint
			}
			if len(i.Touched) < least || i.Detected.Before(i.Began) || i.Last.Before(i.Began) || i.Service == "" || i.Why.Customers < least || i.Why.Probability > 1 || !(i.Why.Probability >= 0) {
				t.Fatalf("incident %+v", i)
			}
			for _, id := range i.Tickets {
				if seen[id] {
					t.Fatalf("ticket %s is in two incidents", id)
				}
				seen[id] = true
			}
		}
		// What was found up to a ticket is found without those after it.
		cut := rapid.IntRange(0, len(tickets)).Draw(t, "cut")
		_, early := run(customers, tickets[:cut]...)
		if len(early) > len(changes) || !slices.Equal(early, changes[:len(early)]) {
			t.Fatalf("the first %d tickets change %v, all %v", cut, early, changes)
		}
		// Other names for tickets and customers change nothing else.
		renamed := slices.Clone(tickets)
		for n := range renamed {
			renamed[n].ID, renamed[n].Customer = "x"+renamed[n].ID, "x"+renamed[n].Customer
		}
		other, _ := run(customers, renamed...)
		for n, i := range other.Incidents() {
			if i.Service != found[n].Service || i.Place != found[n].Place || !i.Detected.Equal(found[n].Detected) || len(i.Tickets) != len(found[n].Tickets) || i.Why != found[n].Why {
				t.Fatalf("renamed: %+v, was %+v", i, found[n])
			}
		}
		// A ticket that is about something else, of one who never complains, takes no finding away.
		with := slices.Insert(slices.Clone(tickets), cut, Ticket{ID: "else", Customer: "elsewhere", At: atOf(tickets, cut), Other: true})
		more, _ := run(customers, with...)
		if len(more.Incidents()) != len(found) {
			t.Fatalf("with an unrelated ticket %d incidents, without %d", len(more.Incidents()), len(found))
		}
	})
}

func atOf(tickets []Ticket, n int) time.Time {
	if n > 0 {
		return tickets[n-1].At
	}
	return wednesday
}

// Tickets of one instant make the same incidents in any order.
func TestEqualTimesHaveNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tickets []Ticket
		for n := range rapid.IntRange(3, 20).Draw(t, "customers") {
			tickets = append(tickets, down(fmt.Sprint("c", n), 5, mail, rapid.SampledFrom([][]string{france, paris}).Draw(t, "place")))
		}
		a, _ := run(300, tickets...)
		shuffled := rapid.Permutation(tickets).Draw(t, "order")
		b, _ := run(300, shuffled...)
		x, y := a.Incidents(), b.Incidents()
		if len(x) != 1 || len(y) != 1 || len(x[0].Tickets) != len(tickets) || len(y[0].Tickets) != len(tickets) || x[0].Place != y[0].Place {
			t.Fatalf("%+v, in another order %+v", x, y)
		}
	})
}

func TestClocksThatGoBack(t *testing.T) {
	t.Parallel()
	d, _ := run(300, down("a", 0, mail, france), down("b", -500_000, mail, france), down("c", 2, mail, france))
	if found := d.Incidents(); len(found) != 1 || found[0].Detected != wednesday.Add(2*time.Minute) {
		t.Errorf("%+v", found)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	d := New(Config{Customers: 2000})
	for n := range 12_000 {
		k := down(fmt.Sprint("c", n%2000), float64(n)/5, []Service{mail, meetings, files, machines}[n%4], [][]string{france, canada}[n%2])
		k.ID = fmt.Sprint(n)
		k.Says = Reading(n % 3)
		k.Words = []string{"aaaa", "bbbb", fmt.Sprint("w", n%50)}
		d.Add(k)
	}
	for what, n := range map[string]int{"loose": len(d.loose), "waiting": len(d.waiting), "ids": len(d.seen) + len(d.earlier), "customers": len(d.each)} {
		if n > 2*mostIDs || what != "ids" && n > mostKept {
			t.Errorf("%d %s are kept", n, what)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("a", "b", int64(0), int64(60), uint8(2), "france", "Exchange Online", 300)
	f.Add("", "", int64(-1<<62), int64(1<<62), uint8(9), "", "", -5)
	f.Fuzz(func(t *testing.T, a, b string, first, second int64, says uint8, place, service string, customers int) {
		d := New(Config{Customers: customers, FalsePerYear: float64(first)})
		for n, at := range []int64{first, second, first, second, second} {
			d.Add(Ticket{ID: fmt.Sprint(a, n), Customer: fmt.Sprint(b, n%3), At: time.Unix(at%(1<<40), 0).UTC(), Says: Reading(says), Services: []Service{{service, service, place}},
				Places: []string{place, b}, Words: []string{a, b}, Thread: a, Wide: n%2 == 0, Chasing: says%2 == 0})
		}
		for _, i := range d.Incidents() {
			if len(i.Tickets) == 0 || i.Why.Probability < 0 || i.Why.Probability > 1 {
				t.Errorf("%+v", i)
			}
		}
	})
}

// The largest desk, in a failure that everybody writes about: 1,500 tickets in a quarter of an hour.
func BenchmarkBurst(b *testing.B) {
	for b.Loop() {
		d := New(Config{Customers: 10_000})
		for n := range 1500 {
			k := down(fmt.Sprint("c", n*7%1200), float64(n)/100, mail, [][]string{france, paris, spain}[n%3])
			k.Words = []string{"mail", "outlo", "posta", fmt.Sprint("w", n%40)}
			d.Add(k)
		}
	}
}

// A month of the largest desk.
func BenchmarkMonth(b *testing.B) {
	for b.Loop() {
		d := New(Config{Customers: 10_000})
		for n := range 60_000 {
			k := down(fmt.Sprint("c", n*7919%10_000), float64(n)*0.7, []Service{mail, meetings, files, machines}[n%4], [][]string{france, paris, spain, canada}[n%4])
			if n%300 > 0 {
				k.Says = Nothing
			}
			if n%30 == 1 {
				k.Says = Trouble
			}
			d.Add(k)
		}
	}
}
