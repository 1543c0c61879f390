package postgres

import (
	"encoding/json"
	"strings"
	"time"

	"guichet/internal/desk"
)

const issueColumns = `i.id, i.source, i.kind, i.code, i.title, i.service, i.feature, i.classification, i.status, i.origin, i.severity, i.impact, i.places,
	i.everyone, false as resolved, i.over, i.public, i.started_at, i.ended_at, i.changed_at, i.next_at, i.words, i.said_at, i.word_at,
	coalesce(i.author_id, '00000000-0000-0000-0000-000000000000') as author_id, i.digest, i.first_seen_at, i.seen_at`

// HoldIssues reads what is known under a publisher's codes, and what was recorded
// by hand under them, without posts. Whoever else stores issues of the desk
// waits until this transaction ends, so that two replies never make one issue
// twice.
func (t *Tx) HoldIssues(source string, codes []string) ([]desk.Issue, error) {
	t.write(`select pg_advisory_xact_lock(hashtextextended('issues ' || @desk::uuid::text, 0))`, nil)
	return many[desk.Issue](t, `select `+issueColumns+` from issues i where i.desk_id = @desk and i.source = any (@sources::text[]) and i.code = any (@codes::text[])
		order by i.source desc, i.code`, args{"sources": []string{source, desk.FromHand}, "codes": codes})
}

// StoreIssues writes what was published of issues, with their new posts. What
// the partner says of them stays.
func (t *Tx) StoreIssues(list []desk.Issue) error {
	if len(list) == 0 {
		return nil
	}
	t.write(`insert into issues (desk_id, id, source, kind, code, title, service, feature, classification, status, origin, severity, impact, places,
			everyone, over, started_at, ended_at, changed_at, next_at, author_id, digest, first_seen_at, seen_at)
		select @desk, id, source, kind, code, title, service, feature, classification, status, origin, severity, impact, string_to_array(places, E'\n'),
			everyone, over, started, ended, changed, next, author, digest, first_seen, seen
		from unnest(@id::uuid[], @source::text[], @kind::text[], @code::text[], @title::text[], @service::text[], @feature::text[], @classification::text[],
			@status::text[], @origin::text[], @severity::text[], @impact::text[], @places::text[], @everyone::boolean[], @over::boolean[], @started::timestamptz[],
			@ended::timestamptz[], @changed::timestamptz[], @next::timestamptz[], @author::uuid[], @digest::bytea[], @first_seen::timestamptz[], @seen::timestamptz[])
			as x (id, source, kind, code, title, service, feature, classification, status, origin, severity, impact, places, everyone, over, started, ended,
			changed, next, author, digest, first_seen, seen)
		on conflict (desk_id, id) do update set source = excluded.source, kind = excluded.kind, code = excluded.code, title = excluded.title, service = excluded.service,
			feature = excluded.feature, classification = excluded.classification, status = excluded.status, origin = excluded.origin, severity = excluded.severity,
			impact = excluded.impact, places = excluded.places, everyone = excluded.everyone, over = excluded.over, started_at = excluded.started_at,
			ended_at = excluded.ended_at, changed_at = excluded.changed_at, next_at = excluded.next_at, digest = excluded.digest, seen_at = excluded.seen_at`, issueArgs(list))
	return t.addPosts(list)
}

func issueArgs(list []desk.Issue) args {
	type i = desk.Issue
	return args{
		"id": column(list, func(x i) desk.ID { return x.ID }), "source": column(list, func(x i) string { return x.Source }),
		"kind": column(list, func(x i) string { return x.Kind }), "code": column(list, func(x i) string { return storable(x.Code) }),
		"title": column(list, func(x i) string { return storable(x.Title) }), "service": column(list, func(x i) string { return storable(x.Service) }),
		"feature": column(list, func(x i) string { return storable(x.Feature) }), "classification": column(list, func(x i) string { return storable(x.Classification) }),
		"status": column(list, func(x i) string { return storable(x.Status) }), "origin": column(list, func(x i) string { return storable(x.Origin) }),
		"severity": column(list, func(x i) string { return storable(x.Severity) }), "impact": column(list, func(x i) string { return storable(x.Impact) }),
		"places":   column(list, func(x i) string { return storable(strings.Join(x.Places, "\n")) }),
		"everyone": column(list, func(x i) bool { return x.Everyone }), "over": column(list, func(x i) bool { return x.Over }),
		"started": column(list, func(x i) time.Time { return x.StartedAt }), "ended": column(list, func(x i) *time.Time { return x.EndedAt }),
		"changed": column(list, func(x i) time.Time { return x.ChangedAt }), "next": column(list, func(x i) *time.Time { return x.NextAt }),
		"author": column(list, func(x i) *desk.ID { return orNull(x.AuthorID) }), "digest": column(list, func(x i) []byte { return append([]byte{}, x.Digest...) }),
		"first_seen": column(list, func(x i) time.Time { return x.FirstSeenAt }), "seen": column(list, func(x i) time.Time { return x.SeenAt }),
	}
}

type storedPost struct {
	issue desk.ID
	desk.Post
	parts string
}

func (t *Tx) addPosts(list []desk.Issue) error {
	var posts []storedPost
	for _, i := range list {
		for _, p := range i.Posts {
			parts, err := json.Marshal(append([]desk.PostPart{}, p.Parts...))
			if err != nil {
				return err
			}
			posts = append(posts, storedPost{i.ID, p, storable(strings.ReplaceAll(string(parts), `\u0000`, ""))})
		}
	}
	if len(posts) == 0 {
		return nil
	}
	t.write(`insert into issue_posts (desk_id, issue_id, posted_at, digest, kind, body, parts, seen_at)
		select @desk, issue, posted, digest, kind, body, parts, @now from unnest(@issue::uuid[], @posted::timestamptz[], @digest::bytea[], @kind::text[], @body::text[], @parts::jsonb[])
		as p (issue, posted, digest, kind, body, parts) on conflict do nothing`, args{"now": t.Now,
		"issue": column(posts, func(p storedPost) desk.ID { return p.issue }), "posted": column(posts, func(p storedPost) time.Time { return p.At }),
		"digest": column(posts, func(p storedPost) []byte { return p.Digest }), "kind": column(posts, func(p storedPost) string { return storable(p.Kind) }),
		"body": column(posts, func(p storedPost) string { return storable(p.Text) }), "parts": column(posts, func(p storedPost) string { return p.parts })})
	return nil
}

// TouchCustomer notes that a customer's tenant was told of issues by now.
func (t *Tx) TouchCustomer(customer desk.ID, issues []desk.ID) {
	if len(issues) == 0 {
		return
	}
	t.write(`insert into issue_customers (desk_id, issue_id, customer_id, first_seen_at, seen_at)
		select @desk, issue, @customer, @now, @now from unnest(@issues::uuid[]) as x (issue)
		on conflict (desk_id, issue_id, customer_id) do update set seen_at = excluded.seen_at`, args{"customer": customer, "issues": issues, "now": t.Now})
	t.SeeIssues(issues)
}

// SeeIssues notes that issues were told of by now.
func (t *Tx) SeeIssues(issues []desk.ID) {
	t.write(`update issues set seen_at = @now where desk_id = @desk and id = any (@issues::uuid[]) and seen_at < @now`, args{"issues": issues, "now": t.Now})
}

// ChooseCustomers makes an issue touch these customers and no others.
func (t *Tx) ChooseCustomers(issue desk.ID, customers []desk.ID) {
	t.write(`delete from issue_customers where desk_id = @desk and issue_id = @issue and customer_id <> all (@customers::uuid[])`,
		args{"issue": issue, "customers": customers})
	t.write(`insert into issue_customers (desk_id, issue_id, customer_id, first_seen_at, seen_at)
		select @desk, @issue, customer, @now, @now from unnest(@customers::uuid[]) as x (customer) on conflict do nothing`,
		args{"issue": issue, "customers": customers, "now": t.Now})
}

// Issue reads one without its posts. Errors: ErrNotFound.
func (t *Tx) Issue(id desk.ID) (desk.Issue, error) {
	return one[desk.Issue](t, `select `+issueColumns+` from issues i where i.desk_id = @desk and i.id = @id`, args{"id": id})
}

// HoldIssue is Issue for who will change it; others wait. Errors: ErrNotFound.
func (t *Tx) HoldIssue(id desk.ID) (desk.Issue, error) {
	return one[desk.Issue](t, `select `+issueColumns+` from issues i where i.desk_id = @desk and i.id = @id for update`, args{"id": id})
}

// IssueByCode finds the issue that somebody's pasted code names: a publisher's
// before one recorded by hand. Errors: ErrNotFound.
func (t *Tx) IssueByCode(code string) (desk.Issue, error) {
	list, err := many[desk.Issue](t, `select `+issueColumns+` from issues i where i.desk_id = @desk and i.source = any (array['graph', 'azure', 'hand'])
		and i.code = @code order by array_position(array['graph', 'azure', 'hand'], i.source) limit 1`, args{"code": storable(code)})
	return only(list, err)
}

// SayOfIssue writes what the partner says of an issue. Errors: ErrNotFound.
func (t *Tx) SayOfIssue(i desk.Issue) error {
	if i.Words == nil {
		i.Words = desk.Words{}
	}
	n, err := t.exec(`update issues set words = @words, said_at = @said, word_at = @word, public = @public where desk_id = @desk and id = @id`,
		args{"id": i.ID, "words": i.Words, "said": i.SaidAt, "word": i.WordAt, "public": i.Public})
	return found(n, err)
}

type issuePost struct {
	IssueID desk.ID
	At      time.Time
	Kind    string
	Text    string
	Parts   []desk.PostPart
	Digest  []byte
}

// IssuePosts reads what publishers said of issues, by issue, the newest first.
func (t *Tx) IssuePosts(issues []desk.ID) (map[desk.ID][]desk.Post, error) {
	list, err := many[issuePost](t, `select p.issue_id, p.posted_at as at, p.kind, p.body as text, p.parts, p.digest from issue_posts p
		where p.desk_id = @desk and p.issue_id = any (@issues::uuid[]) order by p.issue_id, p.posted_at desc, p.digest`, args{"issues": issues})
	posts := map[desk.ID][]desk.Post{}
	for _, p := range list {
		posts[p.IssueID] = append(posts[p.IssueID], desk.Post{At: p.At, Kind: p.Kind, Text: p.Text, Parts: p.Parts, Digest: p.Digest})
	}
	return posts, err
}
