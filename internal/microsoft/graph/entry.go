package graph

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
)

// Our own limits of what one entry may say, in runes unless said otherwise.
const (
	mostTitle  = 300
	mostName   = 100
	mostImpact = 2_000
	mostPosts  = 200                  // the newest
	ahead      = 366 * 24 * time.Hour // no issue began or changed so far ahead
	farAhead   = 5 * ahead            // no message ends so far ahead
)

// issue is an entry of the list of issues ("serviceHealthIssue resource type").
type issue struct {
	ID                string            `json:"id"`
	Title             string            `json:"title"`
	Service           string            `json:"service"`
	Feature           string            `json:"feature"`
	Classification    string            `json:"classification"`
	Origin            string            `json:"origin"`
	Status            string            `json:"status"`
	ImpactDescription string            `json:"impactDescription"`
	IsResolved        bool              `json:"isResolved"`
	HighImpact        *bool             `json:"highImpact"` // not documented, and in live answers
	Start             string            `json:"startDateTime"`
	End               string            `json:"endDateTime"`
	Changed           string            `json:"lastModifiedDateTime"`
	Posts             []json.RawMessage `json:"posts"`
}

func (p *poll) issue(entry json.RawMessage) {
	var i issue
	if err := json.Unmarshal(entry, &i); err != nil {
		p.unread(codeOf(entry), wrongForm(err))
		return
	}
	read, fault := p.head(desk.IssueKind, head{i.ID, i.Title, i.Service, i.Start, i.End, i.Changed})
	if fault != "" {
		p.unread(i.ID, fault)
		return
	}
	read.Feature = prose.Line(i.Feature, mostName)
	read.Classification, read.Origin, read.Status = prose.Word(i.Classification), prose.Word(i.Origin), prose.Word(i.Status)
	read.Impact = prose.Line(i.ImpactDescription, mostImpact)
	read.Resolved = i.IsResolved
	if i.HighImpact != nil && *i.HighImpact {
		read.Severity = "high"
	}
	read.Posts = p.posts(read.Code, i.Posts)
	if n := len(read.Posts); n > 0 && !read.Ended() {
		read.NextAt = prose.NextUpdate(read.Posts[n-1])
	}
	p.publish(read)
}

// message is an entry of the list of messages ("serviceUpdateMessage resource
// type").
type message struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Services []string `json:"services"`
	Category string   `json:"category"`
	Severity string   `json:"severity"`
	Start    string   `json:"startDateTime"`
	End      string   `json:"endDateTime"`
	Changed  string   `json:"lastModifiedDateTime"`
	Body     body     `json:"body"`
}

type body struct {
	ContentType string `json:"contentType"`
	Content     string `json:"content"`
}

// message reads news of a change. Its service is the first it names, the others
// are its feature; its one post is its text.
func (p *poll) message(entry json.RawMessage) {
	var m message
	if err := json.Unmarshal(entry, &m); err != nil {
		p.unread(codeOf(entry), wrongForm(err))
		return
	}
	first, others := "Microsoft 365 suite", ""
	if len(m.Services) > 0 {
		first, others = m.Services[0], strings.Join(m.Services[1:], ", ")
	}
	read, fault := p.head(desk.MessageKind, head{m.ID, m.Title, first, m.Start, m.End, m.Changed})
	if fault != "" {
		p.unread(m.ID, fault)
		return
	}
	read.Feature = prose.Line(others, mostName)
	read.Classification, read.Severity = prose.Word(m.Category), prose.Word(m.Severity)
	if m.Body.Content != "" {
		read.Posts = []desk.Post{prose.Post(read.ChangedAt, "regular", m.Body.ContentType, m.Body.Content)}
	}
	p.publish(read)
}

// head is what every entry must have.
type head struct{ id, title, service, start, end, changed string }

func (p *poll) head(kind string, h head) (read desk.Published, fault string) {
	code, ok := prose.Code(h.id)
	if !ok {
		return read, "an id of another form"
	}
	read = desk.Published{Source: desk.FromGraph, Kind: kind, Code: code, Title: prose.Line(h.title, mostTitle),
		Service: desk.ServiceOf(prose.Line(h.service, mostName)), EndedAt: prose.TimeOrNone(h.end, p.now, farAhead)}
	if read.Title == "" || read.Service == "" {
		return read, "no title or no service"
	}
	if read.ChangedAt, ok = prose.Time(h.changed, p.now, ahead); !ok {
		return read, "no time of its last change, or an absurd one"
	}
	if read.StartedAt, ok = prose.Time(h.start, p.now, ahead); !ok {
		return read, "no time of its start, or an absurd one"
	}
	return read, ""
}

// posts reads the newest posts, the oldest of them first, each once
// ("serviceHealthIssuePost resource type").
func (p *poll) posts(code string, entries []json.RawMessage) []desk.Post {
	var posts []desk.Post
	for _, entry := range entries[:min(len(entries), 5*mostPosts)] {
		var raw struct {
			Created     string `json:"createdDateTime"`
			PostType    string `json:"postType"`
			Description body   `json:"description"`
		}
		if err := json.Unmarshal(entry, &raw); err != nil {
			p.unread(code, "a post: "+wrongForm(err))
			continue
		}
		at, ok := prose.Time(raw.Created, p.now, ahead)
		if !ok {
			p.unread(code, "a post without a time, or an absurd one")
			continue
		}
		post := prose.Post(at, raw.PostType, raw.Description.ContentType, raw.Description.Content)
		if post.Text != "" {
			posts = append(posts, post)
		}
	}
	slices.SortStableFunc(posts, func(a, b desk.Post) int { return a.At.Compare(b.At) })
	posts = slices.CompactFunc(posts, func(a, b desk.Post) bool { return a.At.Equal(b.At) && a.Text == b.Text })
	return posts[max(0, len(posts)-mostPosts):]
}

func alike(a, b desk.Published) bool { return reflect.DeepEqual(a, b) }

// codeOf is the id of an entry that cannot be read otherwise.
func codeOf(entry json.RawMessage) string {
	var named map[string]json.RawMessage
	var id string
	if json.Unmarshal(entry, &named) == nil && json.Unmarshal(named["id"], &id) == nil {
		return id
	}
	return ""
}

// wrongForm says in which field an entry is not as documented.
func wrongForm(err error) string {
	if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
		return prose.Line("the field "+wrong.Field+" holds a "+wrong.Value, 200)
	}
	return prose.Line(err.Error(), 200)
}
