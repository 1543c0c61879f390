package desk

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// News is what a publisher's reply says of an issue that was not known before.
type News string

// The kinds of news.
const (
	NewsFirst  News = "first" // it was not known, and it is open
	NewsStatus News = "status"
	NewsPosts  News = "posts"
	NewsNext   News = "next" // the publisher will say more at another time
	NewsEnded  News = "ended"
	NewsBack   News = "back" // it was over and is not any more
)

// HeardIssue is an issue after a reply was heard.
type HeardIssue struct {
	Issue   Issue  // with the posts that are to be stored, and no others
	News    []News // what its tickets are told; none for what only touches the record
	Changed bool   // whether the issue is to be written
	Remark  string // why it was not taken quite as it stands (EntryFuture), or ""
}

// ClockSlack is how far another clock may be ahead of ours.
const ClockSlack = 5 * time.Minute

// mostPosts bounds what one reply may add to an issue.
const mostPosts = 500

// FirstHeard makes an issue of what nobody has spoken of before.
func FirstHeard(p Published, now time.Time) HeardIssue {
	now = now.UTC()
	h := HeardIssue{Issue: Issue{ID: NewID(), FirstSeenAt: now, SeenAt: now}, Changed: true}
	h.take(p, now)
	h.News = nil
	if !h.Issue.Over {
		h.News = []News{NewsFirst}
	}
	return h
}

// Hear holds a reply against the issue as it is known, whose posts must be at
// hand when the reply differs (see Differs). Replies come late, twice and from
// clocks that disagree; what is older than what is known changes nothing, so
// that the order in which tenants answer does not matter. Whom the issue touches
// is not its business: each tenant's reply speaks of that tenant alone.
// Errors: Unread, with one of the reasons above.
func (i Issue) Hear(p Published, now time.Time) (HeardIssue, error) {
	now = now.UTC()
	h := HeardIssue{Issue: i}
	digest := p.digest()
	adopted := i.Source == FromHand && p.Source != FromHand // recorded by hand before it was published
	same := slices.Equal(digest, i.Digest) && (i.Everyone || !p.Everyone)
	changed := stamp(p.ChangedAt, now)
	switch {
	case !adopted && same:
		h.Issue.Posts = nil
		h.Changed = changed.After(i.ChangedAt) && !p.ChangedAt.After(now.Add(ClockSlack))
		if h.Changed {
			h.Issue.ChangedAt = changed
		}
		return h, nil
	case p.Kind != i.Kind:
		return h, Unread{p.Code, EntryOtherKind}
	case !adopted && i.Source == FromAzure && !changed.After(i.ChangedAt):
		// Azure tells each reader of an event what concerns him, and its public
		// page the least: another wording that is not newer contradicts nothing.
		h.Issue.Posts, h.Issue.Everyone = nil, i.Everyone || p.Everyone
		h.Changed = h.Issue.Everyone != i.Everyone
		return h, nil
	case !adopted && !strings.EqualFold(p.Service, i.Service):
		return h, Unread{p.Code, EntryOtherService}
	case !adopted && changed.Before(i.ChangedAt):
		return h, Unread{p.Code, EntryOlder}
	case !adopted && changed.Equal(i.ChangedAt) && !slices.Equal(digest, i.Digest):
		return h, Unread{p.Code, EntryOtherContent}
	}
	h.Changed = true
	h.take(p, now)
	return h, nil
}

// Differs tells whether hearing a reply needs the issue's posts.
func (i Issue) Differs(p Published) bool { return !slices.Equal(p.digest(), i.Digest) }

// Error implements error.
func (u Unread) Error() string { return u.Code + ": " + u.Reason }

// take writes what was published over what was known and notes the news.
func (h *HeardIssue) take(p Published, now time.Time) {
	was := h.Issue
	i := &h.Issue
	i.Published, i.Digest = p, p.digest()
	i.Everyone = was.Everyone || p.Everyone
	i.ChangedAt = stamp(p.ChangedAt, now)
	if p.ChangedAt.After(now.Add(ClockSlack)) {
		h.Remark = EntryFuture
	}
	i.StartedAt = stamp(p.StartedAt, now)
	if p.StartedAt.IsZero() {
		i.StartedAt = i.ChangedAt
	}
	i.Over, i.EndedAt = p.Ended(), nil
	if i.Over {
		end := i.ChangedAt
		if p.EndedAt != nil {
			end = stamp(*p.EndedAt, now)
		}
		if end.Before(i.StartedAt) {
			end = i.StartedAt
		}
		i.EndedAt = &end
	}
	if i.NextAt != nil {
		next := micro(*i.NextAt)
		i.NextAt = &next
	}
	i.Posts = newPosts(p.Posts, was.Posts, now)
	h.tell(was, now)
}

func (h *HeardIssue) tell(was Issue, now time.Time) {
	i := h.Issue
	add := func(n News, is bool) {
		if is {
			h.News = append(h.News, n)
		}
	}
	add(NewsEnded, i.Over && !was.Over)
	add(NewsBack, was.Over && !i.Over)
	add(NewsStatus, i.Over == was.Over && !strings.EqualFold(i.Status, was.Status))
	add(NewsPosts, len(i.Posts) > 0)
	add(NewsNext, !i.Over && i.NextAt != nil && i.NextAt.After(now) && (was.NextAt == nil || !was.NextAt.Equal(*i.NextAt)))
}

// newPosts are those that are not known yet, each once, the oldest first.
func newPosts(said, known []Post, now time.Time) []Post {
	seen := map[string]bool{}
	for _, k := range known {
		seen[string(k.Digest)] = true
	}
	var list []Post
	for _, s := range said {
		s.Digest = s.digest()
		if !seen[string(s.Digest)] && len(list) < mostPosts {
			seen[string(s.Digest)] = true
			s.At = stamp(s.At, now)
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Post) int { return a.At.Compare(b.At) })
	return list
}

// stamp is another clock's time as we take it: what it places in the future
// happened by now.
func stamp(at, now time.Time) time.Time {
	if at.After(now.Add(ClockSlack)) {
		at = now
	}
	return micro(at)
}

// micro is a time as the database keeps it.
func micro(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// digest names what was published, whenever and for whomever.
func (p Published) digest() []byte {
	posts := make([][]byte, len(p.Posts))
	for n, s := range p.Posts {
		posts[n] = s.digest()
	}
	slices.SortFunc(posts, func(a, b []byte) int { return slices.Compare(a, b) })
	return digestOf(p.Kind, p.Title, p.Service, p.Feature, p.Classification, strings.ToLower(p.Status), p.Origin, p.Severity, p.Impact, p.Places,
		p.Resolved, micro(p.StartedAt), p.EndedAt, p.NextAt, posts)
}

func (p Post) digest() []byte { return digestOf(micro(p.At), p.Kind, p.Text, p.Parts) }

func digestOf(values ...any) []byte {
	text, err := json.Marshal(values) // strings, times and lists of them; times far outside any calendar fail
	if err != nil {
		text = []byte(err.Error())
	}
	sum := sha256.Sum256(text)
	return sum[:16]
}
