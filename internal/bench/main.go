// Command bench measures the portal against the ceiling of the machine it runs
// on. It serves a desk of 100,000 tickets with the program as it is shipped, and
// beside it a bare handler that does the least for the same page: one insert, or
// one read by index, over the same library, pool size and server. What counts
// is the ratio of the two, taken in turns within one run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// options is what a run is asked for.
type options struct {
	portal  string        // the program to measure
	state   string        // folder of the database, kept between runs
	tickets int           // of the desk
	each    time.Duration // how long each is measured at each number of clients
	warm    time.Duration
	clients []int
	only    string // workloads whose name holds it
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "ceiling" {
		exit(serveCeiling(os.Args[2]))
	}
	o := options{}
	flag.StringVar(&o.portal, "portal", ".state/bin/guichet", "the program to measure")
	flag.StringVar(&o.state, "state", ".state/bench", "folder of the database, kept between runs")
	flag.IntVar(&o.tickets, "tickets", 100_000, "tickets of the desk")
	flag.DurationVar(&o.each, "each", 4*time.Second, "how long each is measured")
	flag.DurationVar(&o.warm, "warm", time.Second, "how long each is warmed up")
	clients := flag.String("clients", "1,16,64", "numbers of clients at once")
	flag.StringVar(&o.only, "only", "", "workloads whose name holds this")
	flag.Parse()
	for _, text := range strings.Split(*clients, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			exit(fmt.Errorf("clients: %q is no number of them", text))
		}
		o.clients = append(o.clients, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context, o options) error {
	data, err := openData(ctx, filepath.Join(o.state, strconv.Itoa(o.tickets)), o.tickets)
	if err != nil {
		return err
	}
	defer data.close()
	bare, err := startCeiling(ctx, data)
	if err != nil {
		return err
	}
	defer bare.stop()
	portal, started, err := startPortal(ctx, o.portal, data)
	if err != nil {
		return err
	}
	defer portal.stop()
	works, err := workloads(ctx, data, bare, portal)
	if err != nil {
		return err
	}
	fmt.Printf("%d tickets, pool of %d connections; jobs are left to a worker of its own. CPU is that of the server, + that of Postgres.\n\n", o.tickets, poolSize)
	header(os.Stdout)
	submission := time.Duration(0)
	for _, w := range works {
		if !strings.Contains(w.name, o.only) {
			continue
		}
		for _, n := range o.clients {
			r, err := compare(ctx, o, data, w, n)
			if err != nil {
				return fmt.Errorf("%s with %d clients: %w", w.name, n, err)
			}
			r.print(os.Stdout)
			if w.name == "submit" && submission == 0 {
				submission = (r.portal.cpu + r.portal.database) / time.Duration(max(len(r.portal.took), 1))
			}
		}
	}
	if err := further(ctx, o, data, bare, portal, submission); err != nil {
		return err
	}
	return epilogue(ctx, data, portal, started)
}

// further measures what is not one request after another.
func further(ctx context.Context, o options, d *data, bare, portal *process, submission time.Duration) error {
	for _, x := range []struct {
		name    string
		measure func() error
	}{
		{"triage", func() error { return triageCost(submission) }},
		{"deadlines", func() error { return reckon(ctx, d) }},
		{"trial", func() error { return tryRules(ctx, d) }},
		{"files", func() error { return filesBothWays(ctx, d, portal) }},
		{"streams", func() error { return streams(ctx, d, portal) }},
		{"rush", func() error { return rush(ctx, o.portal, d, bare, portal) }},
	} {
		if !strings.Contains(x.name, o.only) {
			continue
		}
		if err := x.measure(); err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
	}
	return nil
}

// epilogue measures what is no rate.
func epilogue(ctx context.Context, d *data, portal *process, started time.Duration) error {
	memory, err := portal.memory()
	if err != nil {
		return err
	}
	v, err := firstVisit(ctx, portal.base+"/"+deskSlug+"/queue", d.agents[0])
	if err != nil {
		return err
	}
	fmt.Printf("\nstart to first page  %d ms\nmemory after load    %d MiB\nfirst visit (queue)  %d requests, %.1f kB compressed\n",
		started.Milliseconds(), memory>>20, v.requests, float64(v.bytes)/1000)
	for _, part := range v.parts {
		fmt.Println("  ", part)
	}
	return nil
}
