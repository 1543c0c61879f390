package desk

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var heardAt = time.Date(2026, 11, 10, 14, 18, 0, 0, time.UTC)

func said(change func(*Published)) Published {
	p := Published{Source: FromGraph, Kind: IssueKind, Code: "EX1184213", Title: "Some users may experience delays of email messages", Service: "Exchange Online",
		Status: "serviceDegradation", Classification: "incident", StartedAt: heardAt.Add(-3 * time.Hour), ChangedAt: heardAt.Add(-time.Hour),
		Posts: []Post{{At: heardAt.Add(-2 * time.Hour), Text: "We're investigating."}}}
	if change != nil {
		change(&p)
	}
	return p
}

// stored is an issue as the database gives it back for hearing.
func stored(h HeardIssue, before []Post) Issue {
	i := h.Issue
	i.Posts = append(slices.Clone(before), h.Issue.Posts...)
	return i
}

func TestAReplyIsHeardOrRefused(t *testing.T) {
	t.Parallel()
	known := stored(FirstHeard(said(nil), heardAt), nil)
	newer := func(f func(*Published)) func(*Published) {
		return func(p *Published) { p.ChangedAt = heardAt.Add(-time.Minute); f(p) }
	}
	for name, c := range map[string]struct {
		change func(*Published)
		news   []News
		refuse string
		remark string
	}{
		"nothing new":       {change: nil},
		"the status":        {change: newer(func(p *Published) { p.Status = "restoringService" }), news: []News{NewsStatus}},
		"its case alone":    {change: newer(func(p *Published) { p.Status = "SERVICEDEGRADATION" })},
		"a post":            {change: newer(func(p *Published) { p.Posts = append(p.Posts, Post{At: heardAt, Text: "More."}) }), news: []News{NewsPosts}},
		"a post twice":      {change: newer(func(p *Published) { p.Posts = append(p.Posts, p.Posts[0]) })},
		"another next word": {change: newer(func(p *Published) { p.NextAt = ptr(heardAt.Add(time.Hour)) }), news: []News{NewsNext}},
		"a next word past":  {change: newer(func(p *Published) { p.NextAt = ptr(heardAt.Add(-2 * time.Hour)) })},
		"the end":           {change: newer(func(p *Published) { p.Status = "serviceRestored" }), news: []News{NewsEnded}},
		"older":             {change: func(p *Published) { p.ChangedAt, p.Title = heardAt.Add(-2*time.Hour), "Another" }, refuse: EntryOlder},
		"other content":     {change: func(p *Published) { p.Title = "Another" }, refuse: EntryOtherContent},
		"another kind":      {change: newer(func(p *Published) { p.Kind = MessageKind }), refuse: EntryOtherKind},
		"another service":   {change: newer(func(p *Published) { p.Service = "Microsoft Teams" }), refuse: EntryOtherService},
		"the future": {change: func(p *Published) { p.ChangedAt, p.Status = heardAt.AddDate(1, 0, 0), "restoringService" },
			news: []News{NewsStatus}, remark: EntryFuture},
		"older and the same": {change: func(p *Published) { p.ChangedAt = heardAt.Add(-2 * time.Hour) }},
	} {
		h, err := known.Hear(said(c.change), heardAt)
		var u Unread
		if errors.As(err, &u) != (c.refuse != "") || u.Reason != c.refuse {
			t.Errorf("%s: %v, want %q", name, err, c.refuse)
			continue
		}
		if err == nil && (!slices.Equal(h.News, c.news) || h.Remark != c.remark) {
			t.Errorf("%s: news %v (%s), want %v (%s)", name, h.News, h.Remark, c.news, c.remark)
		}
		if h.Issue.ChangedAt.After(heardAt.Add(ClockSlack)) {
			t.Errorf("%s: changed at %v", name, h.Issue.ChangedAt)
		}
	}
}

func TestAnIssueThatComesBackIsOpenAgain(t *testing.T) {
	t.Parallel()
	over := FirstHeard(said(func(p *Published) { p.Status, p.Resolved = "servicerestored", true }), heardAt)
	if len(over.News) != 0 || !over.Issue.Over || over.Issue.EndedAt == nil {
		t.Fatalf("an issue that is over already: %+v", over)
	}
	h, err := stored(over, nil).Hear(said(func(p *Published) { p.ChangedAt = heardAt }), heardAt)
	if err != nil || h.Issue.Over || h.Issue.EndedAt != nil || !slices.Equal(h.News, []News{NewsBack}) {
		t.Errorf("it came back: %+v (%v)", h, err)
	}
}

// What an agent recorded before Microsoft published it becomes Microsoft's, and
// keeps its words.
func TestAnIssueRecordedByHandIsTakenOver(t *testing.T) {
	t.Parallel()
	i, err := RecordIssue(IssueForm{Code: "ex1184213", Title: "Le courrier tarde", Service: "Microsoft 365 suite", Classification: "incident", Status: "investigating",
		Everyone: true}, WordsForm{}, NewID(), heardAt)
	if err != nil || i.Code != "EX1184213" {
		t.Fatalf("%+v (%v)", i, err)
	}
	i.Words = Words{"fr": {Sees: "Le courrier tarde."}}
	h, err := i.Hear(said(nil), heardAt)
	if err != nil || h.Issue.ID != i.ID || h.Issue.Source != FromGraph || h.Issue.Service != "Exchange Online" || !h.Issue.Everyone || !h.Issue.Words["fr"].Said() {
		t.Errorf("%+v (%v)", h, err)
	}
}

var anyReply = rapid.Custom(func(t *rapid.T) Published {
	at := func(name string) time.Time {
		return heardAt.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, name)) * time.Minute)
	}
	p := said(nil)
	p.Status = rapid.SampledFrom([]string{"investigating", "serviceRestored", "restoringService", "odd", ""}).Draw(t, "status")
	p.Title = rapid.String().Draw(t, "title")
	p.ChangedAt, p.StartedAt = at("changed"), at("started")
	if rapid.Bool().Draw(t, "ends") {
		p.EndedAt = ptr(at("ended"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "posts") {
		p.Posts = append(p.Posts, Post{At: at("post"), Text: rapid.StringN(0, 3, 8).Draw(t, "text")})
	}
	return p
})

// Whatever order replies come in, an issue never moves back in time, ends with a
// time of its end, holds each post once, and hearing a reply twice is hearing it
// once.
func TestHearingHoldsInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		replies := rapid.SliceOfN(anyReply, 1, 8).Draw(t, "replies")
		h := FirstHeard(replies[0], heardAt)
		posts := h.Issue.Posts
		for _, p := range replies {
			for range 2 {
				before := stored(h, nil)
				before.Posts = posts
				next, err := before.Hear(p, heardAt)
				if err != nil {
					continue
				}
				if next.Issue.ChangedAt.Before(before.ChangedAt) {
					t.Fatalf("from %v back to %v", before.ChangedAt, next.Issue.ChangedAt)
				}
				if next.Issue.Over != (next.Issue.EndedAt != nil) || next.Issue.Over && next.Issue.EndedAt.Before(next.Issue.StartedAt) {
					t.Fatalf("over %v, from %v to %v", next.Issue.Over, next.Issue.StartedAt, next.Issue.EndedAt)
				}
				posts = append(slices.Clone(posts), next.Issue.Posts...)
				h = next
			}
			again := stored(h, nil)
			again.Posts = posts
			if twice, err := again.Hear(p, heardAt); err == nil && len(twice.News) > 0 {
				t.Fatalf("heard again: %v", twice.News)
			}
		}
		seen := map[string]bool{}
		for _, p := range posts {
			if seen[string(p.Digest)] {
				t.Fatalf("a post twice: %+v", p)
			}
			seen[string(p.Digest)] = true
		}
	})
}

// The order in which tenants answer does not matter: the newest that was
// published holds.
func TestTheNewestReplyHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "replies")
		replies := make([]Published, n)
		for k := range replies {
			replies[k] = anyReply.Draw(t, "reply")
			replies[k].ChangedAt = heardAt.Add(-time.Duration(n-k) * time.Minute)
		}
		newest := replies[n-1]
		i := Issue{}
		for k, p := range rapid.Permutation(replies).Draw(t, "order") {
			if k == 0 {
				i = FirstHeard(p, heardAt).Issue
				continue
			}
			if h, err := i.Hear(p, heardAt); err == nil {
				i = h.Issue
			}
		}
		if i.Title != newest.Title || i.Over != newest.Ended() {
			t.Fatalf("%q (over %v), want %q", i.Title, i.Over, newest.Title)
		}
	})
}

func TestRefusedEntriesAreCountedOnce(t *testing.T) {
	t.Parallel()
	list := Refuse(nil, []Unread{{"EX1", EntryOlder}, {"EX2", EntryOlder}}, heardAt)
	list = Refuse(list, []Unread{{"EX1", EntryOlder}, {"EX1", "a\x00\xffb"}}, heardAt.Add(time.Minute))
	want := []RefusedEntry{{"EX1", "ab", 1, heardAt.Add(time.Minute)}, {"EX1", EntryOlder, 2, heardAt.Add(time.Minute)}, {"EX2", EntryOlder, 1, heardAt}}
	if !slices.Equal(list, want) {
		t.Errorf("%+v", list)
	}
	many := make([]Unread, 20_000)
	for k := range many {
		many[k] = Unread{NewID().String(), "x"}
	}
	if n := len(Refuse(list, many, heardAt)); n != mostRefused {
		t.Errorf("%d remembered", n)
	}
}

func ptr[T any](v T) *T { return &v }
