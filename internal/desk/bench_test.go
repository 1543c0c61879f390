package desk

import (
	"fmt"
	"strings"
	"testing"

	"guichet/internal/hint"
	"guichet/internal/rules"
	"guichet/internal/signals"
)

// fifty is the shipped ruleset lengthened to fifty rules, the added ones in front and never true.
func fifty(b *testing.B) *rules.Program {
	b.Helper()
	rs := rules.Default()
	for n := 0; len(rs.Rules) < 50; n++ {
		r := rs.Rules[len(rs.Rules)-1-n%20]
		r.Key, r.Name = fmt.Sprintf("added_%d", n), map[string]string{"en": fmt.Sprint("Added ", n)}
		r.When = fmt.Sprintf("(%s) && similar > %d", r.When, 100+n)
		rs.Rules = append([]rules.Rule{r}, rs.Rules...)
	}
	p, err := rules.Compile(rs, Vocabulary())
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// twoKilobytes are tickets whose bodies hold 2,000 bytes of what customers write, with two findings each.
func twoKilobytes(b *testing.B) []signals.Input {
	b.Helper()
	var list []signals.Input
	all := everySample(b)
	for at := 0; at+16 < len(all); at += 16 {
		in := all[at].input()
		for _, s := range all[at+1 : at+16] {
			in.Body += " " + s.Body
		}
		in.Body = strings.ToValidUTF8(in.Body[:min(2000, len(in.Body))], "")
		in.Findings = in.Findings[:min(len(in.Findings), 2)]
		list = append(list, in)
	}
	return list
}

// A whole triage: signals read, hint asked, fifty rules evaluated.
func BenchmarkTriage(b *testing.B) {
	p, tickets, m := fifty(b), twoKilobytes(b), hint.Shipped()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Triage(p, m, tickets[i%len(tickets)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
}

func BenchmarkRead(b *testing.B) {
	tickets := twoKilobytes(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		signals.Read(tickets[i%len(tickets)])
	}
}

func BenchmarkDecide(b *testing.B) {
	p, tickets := fifty(b), twoKilobytes(b)
	facts := make([]map[string]any, len(tickets))
	for i, in := range tickets {
		facts[i] = Triage(p, hint.Shipped(), in).Map(in.Subject, in.Body)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Decide(facts[i%len(facts)])
	}
}
