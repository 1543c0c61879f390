package desk

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/signals"
)

// openIssue and complaint are the two sides of the table of testdata/issues:
// issues that are open at once, and tickets, each with the code of the issue that
// covers it, "" for none.
type openIssue struct {
	Code, Service, Classification, Title, Impact, Scope string
	Places                                              []string
	Started                                             string
	Ended                                               *string
}

type complaint struct {
	Language, Want, Service, Subject, Body, Created, Since, Kind, Affected, Region string
	Similar                                                                        int
}

func jsonLines[T any](t testing.TB, name string) (list []T) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var one T
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(name, err)
		}
		list = append(list, one)
	}
	return list
}

func minute(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (o openIssue) read(t testing.TB) *signals.Issue {
	t.Helper()
	p := signals.Published{Code: o.Code, Title: o.Title, Service: o.Service, Classification: o.Classification, Impact: o.Impact, Said: []string{o.Scope}, Places: o.Places, StartedAt: minute(t, o.Started)}
	if o.Ended != nil {
		at := minute(t, *o.Ended)
		p.EndedAt = &at
	}
	return signals.ReadIssue(p)
}

func (c complaint) claim(t testing.TB) signals.Claim {
	t.Helper()
	claim := signals.Claim{Input: signals.Input{Language: c.Language, Kind: c.Kind, Subject: c.Subject, Body: c.Body, Service: c.Service, Region: c.Region, Affected: c.Affected, SimilarLastHour: c.Similar},
		CreatedAt: minute(t, c.Created)}
	if c.Since != "" {
		at := minute(t, c.Since)
		claim.Since = &at
	}
	return claim
}

// tally counts how matching does.
type tally struct{ covered, attached, wrong, offered, noise int }

func (n *tally) add(t *testing.T, what string, all []signals.Matched, codes []string, want string) {
	t.Helper()
	offered := slices.ContainsFunc(all[:min(3, len(all))], func(m signals.Matched) bool { return m.Score >= signals.ProposeFrom && codes[m.At] == want })
	if want != "" {
		n.covered++
		if offered {
			n.offered++
		} else {
			t.Logf("missed: %s want %s, have %v", what, want, all)
		}
	} else if len(all) > 0 && all[0].Score >= signals.ProposeFrom {
		n.noise++
	}
	if signals.Clear(all) {
		n.attached++
		if codes[all[0].At] != want {
			n.wrong++
			t.Logf("wrong: %s want %q, have %s %v", what, want, codes[all[0].At], all[0])
		}
	}
}

func (n tally) check(t *testing.T, precision, recall float64) {
	t.Helper()
	p, r := 1-float64(n.wrong)/float64(n.attached), float64(n.offered)/float64(n.covered)
	t.Logf("%d covered: %d attached themselves, %d of them wrongly (precision %.3f); attached or proposed %d (recall %.3f); proposed where none covers %d", n.covered, n.attached, n.wrong, p, n.offered, r, n.noise)
	if p < precision || r < recall {
		t.Errorf("precision %.3f, want %.2f; recall %.3f, want %.2f", p, precision, r, recall)
	}
}

// What attaches itself is right, and what is covered is found: on tickets that
// have many issues open at once, and on those of triage.
func TestMatches(t *testing.T) {
	t.Parallel()
	own, triage := matchesOfTable(t), matchesOfTriage(t)
	own.check(t, 0.97, 0.95)
	triage.check(t, 0.95, 0.88)
	tally{own.covered + triage.covered, own.attached + triage.attached, own.wrong + triage.wrong, own.offered + triage.offered, own.noise + triage.noise}.check(t, 0.97, 0.9)
}

// All issues of the table are open at once, for every ticket.
func matchesOfTable(t *testing.T) (n tally) {
	t.Helper()
	var read []*signals.Issue
	var codes []string
	for _, o := range jsonLines[openIssue](t, "testdata/issues/open.jsonl") {
		read, codes = append(read, o.read(t)), append(codes, o.Code)
	}
	for _, c := range jsonLines[complaint](t, "testdata/issues/tickets.jsonl") {
		n.add(t, c.Language+" "+c.Subject, signals.Matches(c.claim(t), read), codes, c.Want)
	}
	return n
}

// The tickets of triage that had one issue open, without dates and with nothing
// of the issue but its title; restored ones cover nothing.
func matchesOfTriage(t *testing.T) (n tally) {
	t.Helper()
	for _, s := range everySample(t) {
		k := s.Context.Issue
		if k == nil || (Published{Status: k.Status}).Ended() {
			continue
		}
		in := s.input()
		in.KnownIssue = nil
		i := signals.ReadIssue(signals.Published{Title: k.Title, Service: k.Service, Classification: k.Classification, Places: []string{k.Region}})
		want := ""
		if strings.EqualFold(s.Gold.Category, string(KnownIssue)) {
			want = "it"
		}
		n.add(t, s.ID+" "+s.Subject, signals.Matches(signals.Claim{Input: in}, []*signals.Issue{i}), []string{"it"}, want)
	}
	return n
}
