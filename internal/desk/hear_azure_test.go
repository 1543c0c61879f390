package desk

import (
	"testing"
	"time"
)

// Azure's public page and the subscriptions that an event touches speak of it in
// different words, none of which is wrong.
func TestAzureSpeaksToEachReader(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 14, 16, 0, 0, time.UTC)
	said := Published{Source: FromAzure, Kind: IssueKind, Code: "BC_1-FXZ", Title: "Connectivity", Service: "Azure Storage", Status: "active",
		StartedAt: now.Add(-time.Hour), ChangedAt: now.Add(-10 * time.Minute), Posts: []Post{{At: now.Add(-10 * time.Minute), Text: "The whole story"}}}
	held := FirstHeard(said, now).Issue

	public := said
	public.Everyone, public.Posts, public.Places = true, nil, []string{"West Europe"}
	h, err := held.Hear(public, now)
	if err != nil || !h.Changed || !h.Issue.Everyone || len(h.News) > 0 || h.Issue.Places != nil || h.Issue.Posts != nil {
		t.Errorf("heard from the public page: %+v, %v", h, err)
	}
	other := said
	other.Places = []string{"France Central"}
	if h, err = h.Issue.Hear(other, now); err != nil || h.Changed || !h.Issue.Everyone {
		t.Errorf("heard from another subscription: %+v, %v", h, err)
	}
	other.ChangedAt = now.Add(-time.Minute)
	if h, err = h.Issue.Hear(other, now); err != nil || !h.Changed || len(h.Issue.Places) != 1 || !h.Issue.Everyone {
		t.Errorf("what is newer is not taken: %+v, %v", h, err)
	}
	other.Kind = MessageKind
	if _, err = h.Issue.Hear(other, now); err == nil {
		t.Error("a message is taken for the issue")
	}
}
