package main

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"guichet/internal/desk"
	"guichet/internal/hint"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

// triages is how many are measured: some seconds' worth.
const triages = 5_000

// triageCost prints what it costs to triage a ticket: one of 2 kB by fifty
// rules, and the one that the submit workload sends by the shipped rules, as a
// share of what a whole submission costs the portal and Postgres.
func triageCost(submission time.Duration) error {
	shipped, err := rules.Compile(rules.Default(), desk.Vocabulary())
	if err != nil {
		return err
	}
	long, err := rules.Compile(lengthened(50), desk.Vocabulary())
	if err != nil {
		return err
	}
	sent := form(1, 1)
	in := signals.Input{Language: "fr", Kind: "problem", Subject: sent.Get("subject"), Body: sent.Get("body"), Service: sent.Get("service"), Affected: "some_users"}
	own := eachTriage(shipped, in)
	in.Body = strings.ToValidUTF8(strings.Repeat(in.Body+" We tried another browser, the same error came back since the update on Tuesday. ", 10)[:2000], "")
	big := eachTriage(long, in)
	fmt.Printf("\ntriage               %.0f tickets a second and core (2 kB, 50 rules, signals and hint included)\n", float64(time.Second)/float64(big))
	if submission > 0 {
		fmt.Printf("triage of a submit   %.0f µs, %.1f %% of what a submission costs\n", float64(own.Nanoseconds())/1000, 100*float64(own)/float64(submission))
	}
	return nil
}

// lengthened is the shipped ruleset with rules in front that never hold.
func lengthened(n int) rules.Ruleset {
	rs := rules.Default()
	for i := 0; len(rs.Rules) < n; i++ {
		r := rs.Rules[len(rs.Rules)-1-i%20]
		r.Key, r.Name = fmt.Sprintf("added_%d", i), map[string]string{"en": fmt.Sprint("Added ", i)}
		r.When = fmt.Sprintf("(%s) && similar > %d", r.When, 100+i)
		rs.Rules = append([]rules.Rule{r}, rs.Rules...)
	}
	return rs
}

// eachTriage is the processor time of one.
func eachTriage(p *rules.Program, in signals.Input) time.Duration {
	began := ownCPU()
	for range triages {
		desk.Triage(p, hint.Shipped(), in)
	}
	return (ownCPU() - began) / triages
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
