package desk

import (
	"time"

	"guichet/internal/signals"
)

// mostProposed is how many issues at once wait for an agent's yes.
const mostProposed = 3

// Read prepares an issue, with its newest posts, for comparing tickets with it.
func (i Issue) Read() *signals.Issue {
	p := signals.Published{Code: i.Code, Title: i.Title, Service: i.Service, Feature: i.Feature, Classification: i.Classification, Impact: i.Impact,
		Places: i.Places, StartedAt: i.StartedAt, EndedAt: i.EndedAt, SeenAt: i.FirstSeenAt}
	for _, post := range i.Posts {
		for _, label := range []string{"user impact", "scope of impact"} {
			if text := post.Part(label); text != "" {
				p.Said = append(p.Said, text)
			}
		}
	}
	return signals.ReadIssue(p)
}

// Claim is what issues are compared with of a ticket: what its customer wrote in
// all, how many others complain, what was found.
func (t Ticket) Claim(words string, similar int, found []Finding, home string) signals.Claim {
	c := signals.Claim{Input: signals.Input{Language: t.Language, Kind: t.Kind, Subject: t.Subject, Body: words, Service: t.Service, Region: t.Region,
		Affected: t.Affected, SimilarLastHour: similar}, CreatedAt: t.CreatedAt, Since: t.Since, Home: home}
	for _, f := range found {
		c.Findings = append(c.Findings, signals.Finding{Kind: f.Kind, Result: f.Result, Text: f.Text})
		if f.Kind == "health" && f.Result == "ruled_out" && f.CreatedAt.After(c.Looked) {
			c.Looked = f.CreatedAt
		}
	}
	return c
}

// Links makes bonds of matches: the first attaches itself where it is clear, goes
// on, and no person has decided otherwise; else the best are proposed.
func (t Ticket) Links(matches []signals.Matched, issues []Issue, decided bool, now time.Time) []LinkedIssue {
	if len(matches) == 0 {
		return nil
	}
	link := func(m signals.Matched, state LinkState) LinkedIssue {
		l := LinkedIssue{TicketIssue: NewLink(t, issues[m.At].ID, state, LinkByRules, Nobody, now), Issue: issues[m.At]}
		l.Score = m.Score
		for _, r := range m.Reasons {
			l.Reasons = append(l.Reasons, LinkReason(r))
		}
		return l
	}
	if signals.Clear(matches) && !decided && !issues[matches[0].At].Over {
		l := link(matches[0], LinkAttached)
		at := l.Issue.NewsAt()
		l.ToldAt = &at
		return []LinkedIssue{l}
	}
	var list []LinkedIssue
	for _, m := range matches {
		if m.Score >= signals.ProposeFrom && len(list) < mostProposed {
			list = append(list, link(m, LinkProposed))
		}
	}
	return list
}

// Covering is the issue that the rules are told of: the attached one, else one
// that was said to be over while the trouble goes on; nil for none.
func Covering(links []LinkedIssue) *signals.KnownIssue {
	for _, state := range []LinkState{LinkAttached, LinkPersists} {
		for _, l := range links {
			if l.State != state {
				continue
			}
			k := &signals.KnownIssue{ID: l.Issue.Code, Service: l.Issue.Service, Classification: l.Issue.Classification, Status: l.Issue.Status, Title: l.Issue.Title, Attached: true}
			if l.Issue.Over || state == LinkPersists {
				k.Status = "serviceRestored"
			}
			return k
		}
	}
	return nil
}

// data is what the timeline says of a bond. Microsoft's own words of the issue are
// not among it: the customer is told the partner's.
func (l LinkedIssue) data() map[string]string {
	return map[string]string{"code": l.Issue.Code, "service": l.Issue.Service, "issue": l.IssueID.String(), "by": l.By}
}

// Event is a line of the timeline about a bond.
func (l LinkedIssue) Event(t Ticket, who ID, kind EventKind, now time.Time) Event {
	return NewEvent(t, who, kind, l.data(), now)
}

// Trouble is an issue as customers are told of it, its posts left out.
func (i Issue) Trouble() Trouble {
	return Trouble{ID: i.ID, Kind: i.Kind, Source: i.Source, Code: i.Code, Title: i.Title, Service: i.Service, Classification: i.Classification, Status: i.Status,
		Severity: i.Severity, Places: i.Places, Public: i.Public, Over: i.Over, StartedAt: i.StartedAt, EndedAt: i.EndedAt, ChangedAt: i.ChangedAt, NextAt: i.NextWord(),
		Words: i.Words, SaidAt: i.SaidAt}
}

// NextWord is when customers hear more: when the partner said so, else when its
// publisher did; nil when nobody has.
func (i Issue) NextWord() *time.Time {
	if i.WordAt != nil {
		return i.WordAt
	}
	return i.NextAt
}
