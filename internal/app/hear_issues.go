package app

import (
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// hear stores what a reply says and orders the news of it. Of what it says of a
// customer's tenant, only that customer is touched. It returns the entries that
// were not taken as they stood.
func (a *App) hear(tx *postgres.Tx, source string, customer desk.ID, said []desk.Published) ([]desk.Unread, error) {
	said, refused := oneOfEach(said, source, customer)
	if len(said) == 0 {
		return refused, nil
	}
	held, err := heldIssues(tx, source, said)
	if err != nil {
		return nil, err
	}
	var changed []desk.Issue
	var seen, news []desk.ID
	for _, p := range said {
		h, err := judge(held, p, tx.Now)
		if err != nil {
			refused = append(refused, desk.Unread{Code: p.Code, Reason: reasonOf(err)})
		}
		if h.Remark != "" {
			refused = append(refused, desk.Unread{Code: p.Code, Reason: h.Remark})
		}
		if err == nil && h.Changed {
			h.Issue.SeenAt = tx.Now
			changed = append(changed, h.Issue)
		}
		if err == nil || touchesAnyway(err) {
			seen = append(seen, h.Issue.ID)
		}
		if len(h.News) > 0 && h.Issue.Kind == desk.IssueKind {
			news = append(news, h.Issue.ID)
		}
	}
	return refused, keepHeard(tx, customer, changed, seen, news)
}

func keepHeard(tx *postgres.Tx, customer desk.ID, changed []desk.Issue, seen, news []desk.ID) error {
	if err := tx.StoreIssues(changed); err != nil {
		return err
	}
	if customer == desk.Nobody {
		tx.SeeIssues(seen)
	} else {
		touched, err := tx.Touching(seen, customer)
		if err != nil {
			return err
		}
		for _, id := range seen { // to a tenant that is told of it only now all of it is new
			if !slices.Contains(touched, id) && !slices.Contains(news, id) {
				news = append(news, id)
			}
		}
		tx.TouchCustomer(customer, seen)
	}
	for _, id := range news {
		// Not once: news that come while the former are being told are told again.
		if err := tx.Enqueue(IssueNews{tx.Scope.Desk, id}, nil); err != nil {
			return err
		}
	}
	return nil
}

// oneOfEach drops what a reply says twice, and what it may not say at all: whom
// an entry touches is told by whose tenant was asked.
func oneOfEach(said []desk.Published, source string, customer desk.ID) (list []desk.Published, refused []desk.Unread) {
	place := map[string]int{}
	for _, p := range said {
		p.Source, p.Everyone = source, customer == desk.Nobody
		at, twice := place[p.Code]
		switch {
		case len(list) >= mostHeard:
			refused = append(refused, desk.Unread{Code: p.Code, Reason: desk.EntryTooMany})
		case !twice:
			place[p.Code] = len(list)
			list = append(list, p)
		case p.ChangedAt.After(list[at].ChangedAt):
			list[at] = p
		}
	}
	return list, refused
}

// mostHeard bounds what one reply may bring.
const mostHeard = 5000

// heldIssues reads what is known of a reply's codes; posts only of what differs.
func heldIssues(tx *postgres.Tx, source string, said []desk.Published) (map[string]desk.Issue, error) {
	codes := make([]string, len(said))
	for i, p := range said {
		codes[i] = p.Code
	}
	list, err := tx.HoldIssues(source, codes)
	if err != nil {
		return nil, err
	}
	held := map[string]desk.Issue{}
	for _, i := range list {
		if h, twice := held[i.Code]; !twice || h.Source == desk.FromHand {
			held[i.Code] = i
		}
	}
	var differ []desk.ID
	for _, p := range said {
		if i, ok := held[p.Code]; ok && i.Differs(p) {
			differ = append(differ, i.ID)
		}
	}
	if len(differ) == 0 {
		return held, nil
	}
	posts, err := tx.IssuePosts(differ)
	for code, i := range held {
		i.Posts = posts[i.ID]
		held[code] = i
	}
	return held, err
}

func judge(held map[string]desk.Issue, p desk.Published, now time.Time) (desk.HeardIssue, error) {
	if i, ok := held[p.Code]; ok {
		return i.Hear(p, now)
	}
	return desk.FirstHeard(p, now), nil
}

func reasonOf(err error) string {
	if u, ok := err.(desk.Unread); ok {
		return u.Reason
	}
	return err.Error()
}

// touchesAnyway tells a refusal of words from one of the entry itself: a tenant
// that is told of an issue late is told of it all the same.
func touchesAnyway(err error) bool {
	return slices.Contains([]string{desk.EntryOlder, desk.EntryOtherContent}, reasonOf(err))
}
