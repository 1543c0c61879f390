package azure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

// emergingIssues is what the public status page says ("EmergingIssue" of
// Resource Health).
type emergingIssues struct {
	Properties struct {
		Active  []json.RawMessage `json:"statusActiveEvents"`
		Banners []json.RawMessage `json:"statusBanners"`
	} `json:"properties"`
}

// Emerging reads what Azure's public status page says now, one for each service
// that an event touches, and its banners. All of it is published for everyone;
// it needs no customer's consent. An event that is no longer there is over.
// Errors: desk.Refusal.
func (c *Client) Emerging(ctx context.Context) ([]desk.Published, []desk.Unread, error) {
	if !c.Configured() {
		return nil, nil, errOff
	}
	var answer emergingIssues
	q := rest.Question{Tenant: c.tenant, Path: "providers/Microsoft.ResourceHealth/emergingIssues/default", Params: url.Values{"api-version": {version}}}
	if err := c.rest.Document(ctx, q, nil, &answer); err != nil {
		return nil, nil, err
	}
	r := reading{now: c.rest.Now()}
	for _, entry := range answer.Properties.Active[:min(len(answer.Properties.Active), mostEntries)] {
		r.emerging(entry)
	}
	for _, entry := range answer.Properties.Banners[:min(len(answer.Properties.Banners), mostEntries)] {
		r.banner(entry)
	}
	return r.published, r.notRead, nil
}

type emergingEvent struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	TrackingID  string `json:"trackingId"`
	Start       string `json:"startTime"`
	Severity    string `json:"severity"`
	Stage       string `json:"stage"`
	Published   *bool  `json:"published"`
	Changed     string `json:"lastModifiedTime"`
	Impacts     []struct {
		Name    string `json:"name"`
		Regions []struct {
			Name string `json:"name"`
		} `json:"regions"`
	} `json:"impacts"`
}

func (r *reading) emerging(entry json.RawMessage) {
	var e emergingEvent
	if err := json.Unmarshal(entry, &e); err != nil {
		r.unread("", prose.Line(err.Error(), 200))
		return
	}
	if e.Published != nil && !*e.Published {
		return
	}
	code, ok := prose.Code(e.TrackingID)
	if !ok {
		r.unread(e.TrackingID, "a tracking id of another form")
		return
	}
	common := desk.Published{Source: desk.FromAzure, Kind: desk.IssueKind, Code: code, Title: prose.Line(e.Title, mostTitle), Classification: "incident",
		Status: prose.Word(e.Stage), Origin: "microsoft", Severity: prose.Word(e.Severity), Everyone: true}
	if common.Severity == "information" {
		common.Classification = "advisory"
	}
	if !r.date(&common, e.Start, e.Changed, e.Description) {
		return
	}
	impacts := make([]impact, 0, len(e.Impacts))
	for _, of := range e.Impacts {
		i := impact{Service: of.Name}
		for _, region := range of.Regions {
			i.Regions = append(i.Regions, impactedRegion{Region: region.Name})
		}
		impacts = append(impacts, i)
	}
	r.each(common, impacts)
}

// banner reads a notice without an id: it is known by its words.
func (r *reading) banner(entry json.RawMessage) {
	var b struct {
		Title   string `json:"title"`
		Message string `json:"message"`
		Changed string `json:"lastModifiedTime"`
	}
	if err := json.Unmarshal(entry, &b); err != nil {
		r.unread("banner", prose.Line(err.Error(), 200))
		return
	}
	p := desk.Published{Source: desk.FromAzure, Kind: desk.IssueKind, Title: prose.Line(b.Title, mostTitle), Service: "Azure", Classification: "advisory",
		Status: "active", Origin: "microsoft", Everyone: true}
	sum := sha256.Sum256([]byte(p.Title))
	p.Code = "BANNER-" + strings.ToUpper(hex.EncodeToString(sum[:5]))
	if r.date(&p, b.Changed, b.Changed, b.Message) {
		r.publish(p)
	}
}

// date gives what was published its times and its one post.
func (r *reading) date(p *desk.Published, start, changed, text string) bool {
	var ok bool
	if p.Title == "" {
		r.unread(p.Code, "no title")
		return false
	}
	if p.ChangedAt, ok = prose.Time(changed, r.now, ahead); !ok {
		r.unread(p.Code, "no time of its last change, or an absurd one")
		return false
	}
	if p.StartedAt, ok = prose.Time(start, r.now, ahead); !ok {
		p.StartedAt = p.ChangedAt
	}
	if post := prose.Post(p.ChangedAt, "regular", "html", text); post.Text != "" {
		p.Posts = []desk.Post{post}
	}
	return true
}
