package desk

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/surge"
)

var (
	struck     = []string{"Exchange Online", "Microsoft Teams", "SharePoint Online", "Microsoft Entra", "Azure Virtual Machines", "Power BI", "Azure Virtual Desktop", "Dynamics 365 Business Central", "Azure Storage"}
	lookalikes = []string{"password", "licence", "phishing", "printer", "provider", "rumour", "flood"}
	sizes      = []int{20, 40, 80, 150, 300, 300, 300, 1000, 3000, 10_000}
)

// makeStream makes the stream of a seed: of each kind, size and hour there are some.
func makeStream(words phrases, seed uint64) made {
	kinds := []string{"ordinary", "monday", "lookalike", "lookalike", "fast", "fast", "dawn", "large", "slow", "wide", "two"}
	kind := kinds[seed%uint64(len(kinds))]
	customers := sizes[seed/uint64(len(kinds))%uint64(len(sizes))]
	weekday := time.Weekday(1 + seed%5)
	if kind == "monday" {
		weekday = time.Monday
	}
	m := newMaker(words, seed, customers, weekday)
	busy := 1.0
	if kind == "monday" {
		busy = 1.7
	}
	m.ordinary(busy)
	few := max(5, customers/250)
	service, place := struck[m.IntN(len(struck))], []string{"europe", "europe", "france", "germany", ""}[m.IntN(5)]
	if customers < 100 {
		place = []string{"europe", ""}[m.IntN(2)]
	}
	noon := float64(8*3600) + m.Float64()*8*3600
	switch kind {
	case "lookalike":
		m.resemble(lookalikes[int(seed/11)%len(lookalikes)], few+m.IntN(3*few), noon, 3000+m.Float64()*6000)
	case "fast":
		m.strike(service, place, few+m.IntN(2*few), noon, 1800+m.Float64()*1800)
	case "dawn":
		m.strike(service, place, few+m.IntN(2), (3+3*m.Float64())*3600, 3600)
	case "large":
		m.strike(service, place, max(8, customers/10), noon, 3600)
	case "slow":
		m.strike(service, place, max(8, customers/100), noon-7200, 4*3600)
	case "wide":
		m.strike("", "", max(7, customers/12), noon, 3000)
	case "two":
		other := struck[(slices.Index(struck, service)+1+m.IntN(len(struck)-1))%len(struck)]
		m.strike(service, "europe", max(6, customers/30), noon, 2400)
		m.strike(other, []string{"", "europe"}[m.IntN(2)], max(6, customers/40), noon+m.Float64()*5400, 2400)
	}
	if len(m.made.incidents) > 0 && seed%4 == 0 {
		m.resemble(lookalikes[m.IntN(len(lookalikes))], few, noon+m.NormFloat64()*3600, 4000)
	}
	return m.done(fmt.Sprintf("%d %s of %d", seed, kind, customers))
}

// streamScore is how well incidents were found in some streams.
type streamScore struct {
	incidents, found, inTime, false, places, kinds int
	latency                                        []int     // touched customers at the finding
	member                                         []float64 // F of the tickets
	faults                                         []string
}

func (s *streamScore) judge(m made, found []surge.Incident) {
	used := map[int]bool{}
	for _, g := range m.incidents {
		s.incidents++
		best, most := -1, 0
		for n, i := range found {
			common := 0
			for _, id := range i.Tickets {
				if g.members[id] {
					common++
				}
			}
			if common > most && !used[n] {
				best, most = n, common
			}
		}
		if best < 0 {
			s.faults = append(s.faults, fmt.Sprintf("%s: missed %s in %q, %d customers", m.name, g.service, g.place, g.customers))
			continue
		}
		used[best] = true
		i := found[best]
		s.found++
		at := map[string]bool{}
		for _, t := range m.tickets {
			if g.members[t.ID] && !t.At.After(i.Detected) {
				at[t.Customer] = true
			}
		}
		s.latency = append(s.latency, len(at))
		if 2*len(at) <= g.customers || len(at) <= 3 {
			s.inTime++
		} else {
			s.faults = append(s.faults, fmt.Sprintf("%s: %s in %q late: %d of %d", m.name, g.service, g.place, len(at), g.customers))
		}
		f := 2 * float64(most) / float64(len(i.Tickets)+len(g.members))
		s.member = append(s.member, f)
		if f < 0.9 {
			s.faults = append(s.faults, fmt.Sprintf("%s: %s in %q has F %.2f: %d of %d, %d in all", m.name, g.service, g.place, f, most, len(g.members), len(i.Tickets)))
		}
		if i.Place == g.place {
			s.places++
		}
		if (i.Kind == surge.Network) == g.wide {
			s.kinds++
		}
	}
	for n, i := range found {
		if !used[n] {
			s.false++
			s.faults = append(s.faults, fmt.Sprintf("%s (%s): FALSE %s in %q, %d customers, %+v", m.name, m.lookalike, i.Service, i.Place, len(i.Touched), i.Why))
		}
	}
}

func (s *streamScore) String() string {
	slices.Sort(s.latency)
	sum, right := 0.0, 0
	for _, f := range s.member {
		sum += f
		if f >= 0.9 {
			right++
		}
	}
	n := max(len(s.member), 1)
	return fmt.Sprintf("found %d of %d, in time %d, false %d; found at touched customer %d in the median, %d in the ninth tenth; tickets F %.3f, at least 0.9 in %d; place right in %d, kind in %d",
		s.found, s.incidents, s.inTime, s.false, s.latency[len(s.latency)/2], s.latency[len(s.latency)*9/10], sum/float64(n), right, s.places, s.kinds)
}

func detect(customers int, tickets []SurgeTicket) []surge.Incident {
	d := surge.New(surge.Config{Customers: customers})
	for _, t := range tickets {
		d.Add(t.Read())
	}
	return d.Incidents()
}

func measure(t *testing.T, from, to uint64, files ...string) *streamScore {
	t.Helper()
	words, s := readPhrases(t, files...), &streamScore{}
	for seed := from; seed < to; seed++ {
		m := makeStream(words, seed)
		s.judge(m, detect(m.customers, m.tickets))
	}
	t.Logf("%v, seeds %d to %d: %s", files, from, to, s)
	for _, f := range s.faults {
		t.Log(f)
	}
	return s
}

// every is a stream of each kind at each size of desk.
const every = 110

// The wordings that the lexicon was made with.
func TestStreamsMadeUp(t *testing.T) {
	t.Parallel()
	goals(t, measure(t, 0, every, "words.txt"), 0.97, 0.93, 0.95)
}

// Wordings that were unseen when they were first measured, and read since.
func TestStreamsOnceHeldOut(t *testing.T) {
	t.Parallel()
	goals(t, measure(t, 1000, 1000+every, "words.txt", "heldout.txt"), 0.97, 0.93, 0.95)
}

// Wordings that nobody has read to make the lexicon: what strangers' words are worth.
func TestStreamsHeldOut(t *testing.T) {
	t.Parallel()
	goals(t, measure(t, 2000, 2000+every, "words.txt", "heldout2.txt"), 0.8, 0.65, 0.85)
}

// goals are the shares of incidents that must be found, and in time, and the mean F of their tickets. A false one may be
// in a hundred streams.
func goals(t *testing.T, s *streamScore, found, inTime, member float64) {
	t.Helper()
	sum := 0.0
	for _, f := range s.member {
		sum += f
	}
	if float64(s.found) < found*float64(s.incidents) || float64(s.inTime) < inTime*float64(s.incidents) || s.false > 1 ||
		s.latency[len(s.latency)/2] > 3 || sum < member*float64(len(s.member)) {
		t.Errorf("%s\n%s", s, strings.Join(s.faults, "\n"))
	}
}

func TestStreamsWithGold(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/incidents/dev.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	s := &streamScore{}
	for lines.Scan() {
		m := goldStream(t, lines.Bytes())
		s.judge(m, detect(m.customers, m.tickets))
	}
	t.Log(s)
	if s.false > 0 || s.found < s.incidents || s.inTime < s.incidents || s.latency[len(s.latency)-1] > 3 || slices.Min(s.member) < 0.95 || s.places < s.incidents {
		t.Errorf("%s\n%s", s, strings.Join(s.faults, "\n"))
	}
}

func goldStream(t *testing.T, line []byte) made {
	t.Helper()
	var in struct {
		ID      string `json:"stream_id"`
		Weekday string
		Total   int `json:"customers_total"`
		Tickets []struct {
			ID, Customer, Region, Service, Subject, Body string
			T                                            float64
		}
		Gold struct {
			Incidents []struct {
				Service, Region string
				Customers       int
				Members         []string
			}
		}
	}
	if err := json.Unmarshal(line, &in); err != nil {
		t.Fatal(err)
	}
	m := made{name: in.ID, customers: in.Total}
	day := map[string]int{"Mon": 8, "Tue": 9, "Wed": 10, "Thu": 11, "Fri": 12}[in.Weekday]
	for _, k := range in.Tickets {
		m.tickets = append(m.tickets, SurgeTicket{ID: k.ID, Customer: k.Customer, At: time.Date(2024, 1, day, 0, 0, int(k.T), 0, time.UTC),
			Service: k.Service, Region: k.Region, Subject: k.Subject, Body: k.Body})
	}
	for _, g := range in.Gold.Incidents {
		members := map[string]bool{}
		for _, id := range g.Members {
			members[id] = true
		}
		m.incidents = append(m.incidents, truth{service: g.Service, place: g.Region, customers: g.Customers, members: members})
	}
	return m
}
