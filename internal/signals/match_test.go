package signals

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func late() Published {
	return Published{Code: "EX1184213", Service: "Exchange Online", Classification: "incident", Title: "Some users may experience delays when sending or receiving email messages",
		Places: []string{"europe"}, StartedAt: noon.Add(-5 * time.Hour), SeenAt: noon.Add(-4 * time.Hour)}
}

func complaint() Claim {
	return Claim{Input: Input{Subject: "Courriels en retard", Body: "Les messages de nos clients arrivent avec deux heures de retard, les envois aussi.", Service: "Exchange Online",
		Affected: "whole_tenant", SimilarLastHour: 6}, CreatedAt: noon}
}

// What must attach itself, what waits for a yes, and what is nothing.
func TestMatchesOneIssue(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) *time.Time { x := noon.Add(d); return &x }
	for name, c := range map[string]struct {
		claim       func(*Claim)
		issue       func(*Published)
		least, most int
	}{
		"as it is":                              {least: AttachFrom, most: 99},
		"its code, whatever else is said":       {claim: func(c *Claim) { c.Subject, c.Body, c.Service = "?", "est-ce ex1184213 ?", "Other" }, least: 100, most: 100},
		"the code of another":                   {claim: func(c *Claim) { c.Subject, c.Body, c.Service = "?", "est-ce EX1184214 ?", "Other" }},
		"another service":                       {claim: func(c *Claim) { c.Service, c.Subject, c.Body = "Power BI", "Rapports", "Les rapports sont vides." }},
		"elsewhere":                             {claim: func(c *Claim) { c.Region = "japaneast" }, most: AttachFrom - 1},
		"a company that is elsewhere":           {claim: func(c *Claim) { c.Home = "japaneast" }, most: AttachFrom + Lead},
		"noticed before it was published":       {claim: func(c *Claim) { c.Since = at(-9 * time.Hour) }, least: AttachFrom, most: 99},
		"long before":                           {claim: func(c *Claim) { c.Since = at(-240 * time.Hour) }, most: AttachFrom - 1},
		"long after it ended":                   {issue: func(p *Published) { p.StartedAt, p.EndedAt = noon.Add(-90*time.Hour), at(-80*time.Hour) }, most: ProposeFrom - 1},
		"just ended":                            {issue: func(p *Published) { p.EndedAt = at(-30 * time.Minute) }, least: ProposeFrom, most: 99},
		"a question":                            {claim: func(c *Claim) { c.Kind = "question" }, most: AttachFrom - 1},
		"no crowd":                              {claim: func(c *Claim) { c.SimilarLastHour = 0 }, least: ProposeFrom, most: 99},
		"one person while a whole service ails": {claim: func(c *Claim) { c.Affected = "one_user" }, issue: func(p *Published) { p.Title = "Users unable to access mailboxes; mail delays" }, most: AttachFrom - 1},
		"an agent looked and found nothing": {claim: func(c *Claim) {
			c.Findings = []Finding{{Kind: "health", Result: "ruled_out", Text: "rien"}}
		}, most: AttachFrom - 1},
		"he looked before it was published": {claim: func(c *Claim) {
			c.Findings, c.Looked = []Finding{{Kind: "health", Result: "ruled_out", Text: "rien"}}, noon.Add(-6*time.Hour)
		}, least: AttachFrom, most: 99},
	} {
		claim, issue := complaint(), late()
		if c.claim != nil {
			c.claim(&claim)
		}
		if c.issue != nil {
			c.issue(&issue)
		}
		score := 0
		all := Matches(claim, []*Issue{ReadIssue(issue)})
		if len(all) > 0 {
			score = all[0].Score
		}
		if score < c.least || score > c.most {
			t.Errorf("%s: %d, want %d to %d: %v", name, score, c.least, c.most, all)
		}
	}
}

// Two issues that are as likely wait for a person.
func TestClear(t *testing.T) {
	t.Parallel()
	one := ReadIssue(late())
	if all := Matches(complaint(), []*Issue{one}); !Clear(all) {
		t.Error(all)
	}
	if all := Matches(complaint(), []*Issue{one, one}); Clear(all) || len(all) != 2 {
		t.Error(all)
	}
	if Clear(nil) || Matches(complaint(), nil) != nil {
		t.Error("nothing attaches itself")
	}
}

// Whatever a publisher or a customer writes, a score is one, and its reasons say
// all of it.
func TestMatchesWhatever(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Exchange Online", "EX1184213", "mail delay", "incident", "europe", "\xff\x00"}))
		p := Published{Code: text.Draw(t, "code"), Title: text.Draw(t, "title"), Service: text.Draw(t, "service"), Classification: text.Draw(t, "class"), Impact: text.Draw(t, "impact"),
			Said: []string{text.Draw(t, "said")}, Places: []string{text.Draw(t, "place")}, StartedAt: noon}
		c := Claim{Input: Input{Subject: text.Draw(t, "subject"), Body: text.Draw(t, "body"), Service: text.Draw(t, "mine"), Region: text.Draw(t, "region"),
			SimilarLastHour: rapid.IntRange(-1, 50).Draw(t, "similar")}, CreatedAt: noon}
		for _, m := range Matches(c, []*Issue{ReadIssue(p), ReadIssue(late())}) {
			sum := 0
			for _, r := range m.Reasons {
				sum += r.Points
			}
			if m.Score < 1 || m.Score > 100 || sum < m.Score {
				t.Fatal(m)
			}
		}
	})
}
