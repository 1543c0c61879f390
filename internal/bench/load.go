package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// rounds is in how many turns the two servers are measured, one after the
// other, so that a machine that drifts drifts under both.
const rounds = 4

// sample is what was measured of one server.
type sample struct {
	took     []time.Duration // of each request
	over     time.Duration
	cpu      time.Duration // of the server
	database time.Duration // of Postgres
}

func (s *sample) add(o sample) {
	s.took, s.over, s.cpu, s.database = append(s.took, o.took...), s.over+o.over, s.cpu+o.cpu, s.database+o.database
}

// compare measures both servers in turns.
func compare(ctx context.Context, o options, d *data, w workload, clients int) (result, error) {
	r := result{name: w.name, clients: clients}
	for round := range rounds + 1 {
		for _, t := range []struct {
			target
			into *sample
		}{{w.bare, &r.bare}, {w.portal, &r.portal}} {
			length := o.each / rounds
			if round == 0 {
				length = o.warm
			}
			if t.ready != nil {
				if err := t.ready(ctx); err != nil {
					return r, err
				}
			}
			cpu, database := t.server.cpu(), d.cpu()
			s, err := press(ctx, t.target, clients, length)
			if err != nil {
				return r, err
			}
			if round == 0 {
				continue
			}
			s.cpu, s.database = t.server.cpu()-cpu, d.cpu()-database
			t.into.add(s)
		}
	}
	return r, nil
}

// press has clients ask without a pause for some time.
func press(ctx context.Context, t target, clients int, length time.Duration) (sample, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	carrier := transport(clients)
	defer carrier.CloseIdleConnections()
	var mu sync.Mutex
	var s sample
	var all sync.WaitGroup
	began := time.Now()
	for client := range clients {
		all.Go(func() {
			var took []time.Duration
			for i := 0; time.Since(began) < length && ctx.Err() == nil; i++ {
				at := time.Now()
				if err := ask(carrier, t, client, int(began.UnixNano()%1_000_000)+i); err != nil {
					stop(err)
					return
				}
				took = append(took, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			s.took = append(s.took, took...)
		})
	}
	all.Wait()
	s.over = time.Since(began)
	return s, context.Cause(ctx)
}

func ask(carrier http.RoundTripper, t target, client, i int) error {
	r, err := t.request(client, i)
	if err != nil {
		return err
	}
	// As browsers do. Said here, the answer is left compressed.
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := carrier.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != t.status {
		return fmt.Errorf("%s %s: %s", r.Method, r.URL, resp.Status)
	}
	return nil
}

func transport(conns int) *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: conns, DisableCompression: true}
}
