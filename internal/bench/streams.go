package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"guichet/internal/live"
)

// Open pages: so many streams at once, and so many tickets that all of the desk's
// people hear of.
const (
	openStreams = 500
	streamedFor = 20
)

// listener notes when a stream first names each ticket.
type listener struct {
	mu    sync.Mutex
	heard map[string][]time.Time // by number
}

func (l *listener) listen(resp *http.Response) {
	defer resp.Body.Close()
	for s := bufio.NewScanner(resp.Body); s.Scan(); {
		numbers, ok := strings.CutPrefix(s.Text(), "data: ")
		if !ok {
			continue
		}
		now := time.Now()
		l.mu.Lock()
		for _, n := range strings.Fields(numbers) {
			l.heard[n] = append(l.heard[n], now)
		}
		l.mu.Unlock()
	}
}

// streams measures what open pages cost: the portal's memory with them and without,
// and how long after a ticket was taken the desk's people hear of it.
func streams(ctx context.Context, d *data, portal *process) error {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	people := slices.Concat(d.agents, d.contacts)
	if len(people)*live.PerPerson < openStreams {
		return fmt.Errorf("%d people may open %d streams", len(people), len(people)*live.PerPerson)
	}
	before, err := portal.memory()
	if err != nil {
		return err
	}
	l := &listener{heard: map[string][]time.Time{}}
	line, desks := transport(openStreams), 0
	for i := range openStreams {
		if err := l.open(ctx, line, portal, people[i%len(people)]); err != nil {
			return fmt.Errorf("stream %d: %w", i, err)
		}
		if i%len(people) < len(d.agents) {
			desks++
		}
	}
	time.Sleep(2 * time.Second) // until the first has had the process listen, and all is still
	with, err := portal.memory()
	if err != nil {
		return err
	}
	took, err := l.deliver(ctx, d, portal)
	if err != nil {
		return err
	}
	after, err := portal.memory()
	if err != nil {
		return err
	}
	slices.Sort(took)
	if len(took) == 0 || len(took) < streamedFor*desks {
		return fmt.Errorf("%d of %d were told", len(took), streamedFor*desks)
	}
	fmt.Printf("\n%d streams: %.1f MiB, %.1f MiB after news to %d of them; told after %d ms (p50), %d ms (p95), of which 200 ms gather what happened\n", openStreams,
		float64(with-before)/(1<<20), float64(after-before)/(1<<20), desks, took[len(took)/2].Milliseconds(), took[len(took)*95/100].Milliseconds())
	return nil
}

func (l *listener) open(ctx context.Context, line *http.Transport, portal *process, who session) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, portal.base+"/"+deskSlug+"/live", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	who.carry(r)
	resp, err := line.RoundTrip(r)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return fmt.Errorf("%s", resp.Status)
	}
	go l.listen(resp)
	return nil
}

// deliver opens tickets, and tells how long each of those who heard of one waited
// from when it was taken.
func (l *listener) deliver(ctx context.Context, d *data, portal *process) (took []time.Duration, err error) {
	submit := submission(ctx, portal, d.contacts, "/"+deskSlug+"/tickets")
	taken := map[string]time.Time{}
	for i := range streamedFor {
		r, err := submit.request(i, i)
		if err != nil {
			return nil, err
		}
		resp, err := transport(1).RoundTrip(r)
		if err != nil {
			return nil, err
		}
		resp.Body.Close()
		to := resp.Header.Get("Location")
		taken[to[strings.LastIndex(to, "/")+1:]] = time.Now()
		time.Sleep(300 * time.Millisecond)
	}
	time.Sleep(2 * time.Second)
	l.mu.Lock()
	defer l.mu.Unlock()
	for number, at := range taken {
		for _, heard := range l.heard[number] {
			took = append(took, heard.Sub(at))
		}
	}
	return took, nil
}
