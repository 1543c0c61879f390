package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// result is one line of the table.
type result struct {
	name         string
	clients      int
	bare, portal sample
}

const columns = "%-22s %7v %10v %9v %9v %9v %12v %16v %16v\n"

func header(w io.Writer) {
	fmt.Fprintf(w, columns, "workload", "clients", "ops/s", "p50 ms", "p95 ms", "ratio", "bare ops/s", "CPU ms/op", "bare CPU ms/op")
}

func (r result) print(w io.Writer) {
	fmt.Fprintf(w, columns, r.name, r.clients, fmt.Sprintf("%.0f", r.portal.rate()), ms(r.portal.quantile(0.5)), ms(r.portal.quantile(0.95)),
		fmt.Sprintf("%.0f %%", 100*r.portal.rate()/r.bare.rate()), fmt.Sprintf("%.0f", r.bare.rate()), r.portal.cost(), r.bare.cost())
}

// rate is operations a second.
func (s sample) rate() float64 { return float64(len(s.took)) / s.over.Seconds() }

// quantile is how long at most the given share of the requests took; 0 when
// there were none.
func (s sample) quantile(share float64) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	return s.took[min(int(share*float64(len(s.took))), len(s.took)-1)]
}

// cost is the processor time of one operation, server and Postgres.
func (s sample) cost() string {
	n := float64(max(len(s.took), 1))
	return fmt.Sprintf("%.2f + %.2f", float64(s.cpu.Microseconds())/1000/n, float64(s.database.Microseconds())/1000/n)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
