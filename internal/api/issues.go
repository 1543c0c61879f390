package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// KnownIssue is a problem that Microsoft has published, or the desk recorded.
type KnownIssue struct {
	ID             desk.ID    `json:"id" format:"uuid"`
	URL            string     `json:"url" format:"uri" doc:"Its page, for people."`
	Source         string     `json:"source" enum:"graph,azure,hand" doc:"Where it is known from: Microsoft Graph, Azure, or the desk itself."`
	Kind           string     `json:"kind" enum:"issue,message" doc:"A problem, or news of a change to come."`
	Code           string     `json:"code" doc:"As its publisher calls it, such as EX1184213."`
	Title          string     `json:"title"`
	Service        string     `json:"service"`
	Feature        string     `json:"feature"`
	Classification string     `json:"classification"`
	Status         string     `json:"status" doc:"As its publisher calls it."`
	Impact         string     `json:"impact"`
	Places         []string   `json:"places" doc:"Regions that it names; none: it names none."`
	Over           bool       `json:"over"`
	Public         bool       `json:"public" doc:"Whether visitors of the desk's page read of it."`
	Customers      *int       `json:"customers,omitempty" doc:"How many customers it touches, 1000 at most. In lists only."`
	Tickets        *int       `json:"tickets,omitempty" doc:"How many tickets it covers, 1000 at most. In lists only."`
	Posts          []Post     `json:"posts,omitempty" doc:"What was said of it, the newest first. Not in lists."`
	StartedAt      time.Time  `json:"started_at"`
	EndedAt        *time.Time `json:"ended_at,omitempty"`
	UpdatedAt      time.Time  `json:"updated_at" doc:"By the publisher's clock."`
	SeenAt         time.Time  `json:"seen_at" doc:"When it was read last."`
}

// Post is one thing that was said of a known issue.
type Post struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

type issueQuery struct {
	Short
	State   string `query:"state" enum:"open,over,message" default:"open" doc:"Those that are open, those that are over, or news of changes to come."`
	Service string `query:"service" maxLength:"100" doc:"As the publisher calls it."`
	Source  string `query:"source" enum:"graph,azure,hand"`
}

type oneIssue struct {
	ID desk.ID `path:"id" format:"uuid"`
}

// IssueAnswer is one known issue.
type IssueAnswer struct {
	Body KnownIssue
}

func (d *door) issueRoutes(h huma.API) {
	const tag = "Known issues"
	add(d, h, op(http.MethodGet, "/issues", desk.ScopeIssuesRead, tag, "listIssues", "Known issues, the newest first"), d.listIssues)
	add(d, h, op(http.MethodGet, "/issues/{id}", desk.ScopeIssuesRead, tag, "readIssue", "One known issue, with what was said of it"), d.readIssue)
}

func (d *door) issue(who desk.Actor, i desk.Issue) KnownIssue {
	return KnownIssue{ID: i.ID, URL: d.page(who, "/issues/"+i.ID.String()), Source: i.Source, Kind: i.Kind, Code: i.Code, Title: i.Title, Service: i.Service, Feature: i.Feature,
		Classification: i.Classification, Status: i.Status, Impact: i.Impact, Places: append([]string{}, i.Places...), Over: i.Over, Public: i.Public,
		StartedAt: i.StartedAt.UTC(), EndedAt: utc(i.EndedAt), UpdatedAt: i.ChangedAt.UTC(), SeenAt: i.SeenAt.UTC()}
}

var issueTabs = map[string]string{"open": desk.TabOpen, "over": desk.TabOver, "message": desk.TabMessages}

func (d *door) listIssues(ctx context.Context, who desk.Actor, in *issueQuery) (*Listed[KnownIssue], error) {
	after, err := Paged{Cursor: in.Cursor}.after()
	if err != nil {
		return nil, err
	}
	l, err := d.app.Issues(ctx, who, desk.IssueFilter{Tab: issueTabs[in.State], Service: in.Service, Source: in.Source, After: after})
	if err != nil {
		return nil, err
	}
	rows, next := l.Rows, l.Next
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		next = rows[in.Limit-1].Issue.Cursor(issueTabs[in.State])
	}
	items := make([]KnownIssue, len(rows))
	for i, r := range rows {
		items[i] = d.issue(who, r.Issue)
		items[i].Tickets = &r.Attached
		if !r.Everyone {
			items[i].Customers = &r.Touched
		}
	}
	query := in.limitQuery()
	for name, value := range map[string]string{"state": in.State, "service": in.Service, "source": in.Source} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return listed(items, next.String(), "/issues", query), nil
}

func (d *door) readIssue(ctx context.Context, who desk.Actor, in *oneIssue) (*IssueAnswer, error) {
	f, err := d.app.ReadIssue(ctx, who, in.ID, app.IssuePage{})
	if err != nil {
		return nil, err
	}
	out := d.issue(who, f.Issue)
	for _, p := range f.Posts {
		out.Posts = append(out.Posts, Post{p.At.UTC(), p.Text})
	}
	return &IssueAnswer{out}, nil
}
