package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"guichet/internal/desk"
)

// A rush is what an outage brings to a large partner's desk in a quarter of an
// hour, in one minute: a customer in twenty opens the portal, and one in ten of
// these writes. Requests come when they come, however long the ones before them
// take: what is measured is from when each was due.
const (
	rushViews   = 15_000
	rushTickets = 1_500
	rushOver    = time.Minute
	rushClients = 256 // browsers at once, at most
)

// arrivals is what one kind of request was like in a rush.
type arrivals struct {
	name         string
	portal, bare target
	often        int // a minute
	into, beside sample
	failed       int
	wrong        error // the first that failed
}

// rush sends the same minute to the portal and, shortened, to the bare handler.
// A worker runs beside the portal, as at any desk: what it does after each ticket
// is part of the load.
func rush(ctx context.Context, program string, d *data, bare, portal *process) error {
	if err := d.breakOut(ctx); err != nil {
		return fmt.Errorf("break out: %w", err)
	}
	worker := exec.Command(program, "work")
	worker.Env, worker.Stderr = portal.cmd.Env, os.Stderr
	if err := worker.Start(); err != nil {
		return err
	}
	defer func() {
		_ = worker.Process.Signal(syscall.SIGTERM)
		_ = worker.Wait()
	}()
	kinds := rushKinds(ctx, d, bare, portal)
	for i := range kinds {
		for _, t := range []target{kinds[i].portal, kinds[i].bare} {
			if err := t.try(); err != nil {
				return fmt.Errorf("%s: %w", kinds[i].name, err)
			}
		}
	}
	cpu, database := portal.cpu(), d.cpu()
	arrive(ctx, kinds, rushOver, false)
	cpu, database = portal.cpu()-cpu, d.cpu()-database
	arrive(ctx, kinds, rushOver/6, true)
	fmt.Printf("\nrush: %d views and %d tickets in %v, a worker beside\n", rushViews, rushTickets, rushOver)
	fmt.Printf("%-14s %9s %9s %9s %9s %9s %9s %14s %9s\n", "", "asked", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms", "bare p95 ms", "ratio")
	for _, k := range kinds {
		fmt.Printf("%-14s %9d %9d %9s %9s %9s %9s %14s %8.1fx\n", k.name, len(k.into.took)+k.failed, k.failed, ms(k.into.quantile(0.5)), ms(k.into.quantile(0.95)), ms(k.into.quantile(0.99)),
			ms(k.into.quantile(1)), ms(k.beside.quantile(0.95)), float64(k.into.quantile(0.95))/float64(max(k.beside.quantile(0.95), time.Microsecond)))
		if k.wrong != nil {
			fmt.Println("  the first that failed:", k.wrong)
		}
	}
	n := float64(rushViews + rushTickets)
	fmt.Printf("CPU: portal %.1f s, Postgres %.1f s, of %.0f s on each core; %.2f + %.2f ms a request\n", cpu.Seconds(), database.Seconds(), rushOver.Seconds(),
		1000*cpu.Seconds()/n, 1000*database.Seconds()/n)
	return d.backlog(ctx)
}

// rushKinds is who does what: most look at the state of services, some at their
// own list, a few write.
func rushKinds(ctx context.Context, d *data, bare, portal *process) []arrivals {
	id := d.desk.ID.String()
	get := func(to *process, cookies []session, path string) target {
		return target{server: to, request: func(client, i int) (*http.Request, error) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, to.base+path, nil)
			if err == nil && cookies != nil {
				cookies[i%len(cookies)].carry(r)
			}
			return r, err
		}, status: http.StatusOK}
	}
	queue := get(bare, nil, "/queue/"+id)
	return []arrivals{
		{name: "health page", portal: get(portal, d.contacts, "/"+deskSlug+"/health"), bare: get(bare, nil, "/published/"+deskSlug), often: rushViews * 8 / 10},
		{name: "own tickets", portal: get(portal, d.contacts, "/"+deskSlug+"/tickets"), bare: queue, often: rushViews * 2 / 10},
		{name: "submit", portal: submission(ctx, portal, d.contacts, "/"+deskSlug+"/tickets"), bare: submission(ctx, bare, nil, "/submit/"+id+"/"+id), often: rushTickets},
	}
}

// arrive sends each kind's requests evenly over a time.
func arrive(ctx context.Context, kinds []arrivals, over time.Duration, toBare bool) {
	var all sync.WaitGroup
	carrier := transport(rushClients)
	defer carrier.CloseIdleConnections()
	room := make(chan struct{}, rushClients)
	began := time.Now()
	for n := range kinds {
		k := &kinds[n]
		to, into := k.portal, &k.into
		if toBare {
			to, into = k.bare, &k.beside
		}
		var mu sync.Mutex
		step := rushOver / time.Duration(k.often)
		all.Go(func() {
			var sent sync.WaitGroup
			for i := range int(over / step) {
				due := began.Add(time.Duration(i) * step)
				time.Sleep(time.Until(due))
				room <- struct{}{}
				sent.Go(func() {
					err := ask(carrier, to, i, i)
					took := time.Since(due)
					<-room
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						k.failed++
						k.wrong = firstOf(k.wrong, err)
						return
					}
					into.took = append(into.took, took)
				})
			}
			sent.Wait()
		})
	}
	all.Wait()
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// breakOut gives the desk the outage that all ask about, and its customers the
// services that they ask about.
func (d *data) breakOut(ctx context.Context) error {
	_, err := d.conn.Exec(ctx, `insert into issues (desk_id, id, source, kind, code, title, service, classification, status, everyone, words, started_at, changed_at, next_at, first_seen_at, seen_at)
		values ($1, $2, 'hand', 'issue', 'BENCH-' || $2::uuid::text, 'Teams meetings have no sound', 'Microsoft Teams', 'incident', 'serviceDegradation', true,
			'{"fr": {"title": "Teams : pas de son dans les réunions", "sees": "Le son ne passe pas."}}', now() - interval '1 hour', now(), now() + interval '1 hour', now(), now())`, d.desk.ID, desk.NewID())
	if err != nil {
		return err
	}
	_, err = d.conn.Exec(ctx, `insert into service_states (desk_id, customer_id, service, status, heard_at)
		select desk_id, id, s, 'serviceOperational', now() from customers, unnest($2::text[]) s where desk_id = $1 on conflict do nothing`, d.desk.ID, benchServices())
	return err
}

// benchServices are as many as a tenant's overview lists.
func benchServices() []string {
	var names []string
	for _, s := range desk.Services()[:23] {
		names = append(names, s.Name)
	}
	return names
}

// backlog tells what the worker has still to do when the rush is over.
func (d *data) backlog(ctx context.Context) error {
	var waiting, done int
	err := d.conn.QueryRow(ctx, `select count(*) filter (where state in ('available', 'running', 'retryable')), count(*) filter (where state = 'completed') from river.river_job`).Scan(&waiting, &done)
	if err == nil {
		fmt.Printf("jobs: %d done, %d wait\n", done, waiting)
	}
	return err
}
