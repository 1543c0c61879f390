package azure

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

const (
	version     = "2025-05-01"
	history     = 30 * 24 * time.Hour
	overlap     = 10 * time.Minute // clocks disagree, and a change may show late
	mostEntries = 2_000
	mostUnread  = 200
	mostTitle   = 300 // runes, as the next
	mostName    = 100
	mostPosts   = 100 // of one event, the newest
	mostPlaces  = 100
	mostImpacts = 50                       // services of one event
	ahead       = 3 * 366 * 24 * time.Hour // maintenance is told long before
)

// Events reads a subscription's events that changed since, one for each service
// that an event touches; zero means the last thirty days. The code is the
// tracking id where there is one service, else the tracking id, a slash and the
// service's name. What was read before an error is
// returned with it. Errors: desk.Refusal.
func (c *Client) Events(ctx context.Context, tenant, subscription string, since time.Time, calls *desk.Calls) ([]desk.Published, []desk.Unread, error) {
	if !rest.GUID(subscription) {
		return nil, nil, desk.Refusal{Kind: desk.RefusedConsent, Detail: "no subscription id"}
	}
	r := reading{now: c.rest.Now()}
	if since.IsZero() || r.now.Sub(since) > history {
		since = r.now.Add(-history)
	}
	since = since.Add(-overlap)
	r.since = since
	// queryStartTime is a day, month first ("Events - List By Subscription Id").
	q := rest.Question{Tenant: tenant, Path: "subscriptions/" + strings.ToLower(subscription) + "/providers/Microsoft.ResourceHealth/events", Most: mostEntries,
		Params: url.Values{"api-version": {version}, "queryStartTime": {since.UTC().Format("1/2/2006")}}}
	err := c.rest.List(ctx, q, calls, r.event)
	return r.published, r.notRead, err
}

// reading gathers what one question brings.
type reading struct {
	now, since time.Time
	published  []desk.Published
	notRead    []desk.Unread
}

func (r *reading) unread(code, reason string) {
	if len(r.notRead) < mostUnread {
		r.notRead = append(r.notRead, desk.Unread{Code: prose.Line(code, 60), Reason: reason})
	}
}

func (r *reading) publish(p desk.Published) {
	i := slices.IndexFunc(r.published, func(held desk.Published) bool { return held.Code == p.Code })
	switch {
	case i < 0:
		r.published = append(r.published, p)
	case p.ChangedAt.After(r.published[i].ChangedAt):
		r.published[i] = p
	case p.ChangedAt.Equal(r.published[i].ChangedAt):
		r.unread(p.Code, "twice in one answer")
	}
}

// event is an entry of the list ("Event" of Resource Health). Who else is
// touched is none of our business and is not read.
type event struct {
	Name       string `json:"name"`
	Properties struct {
		Type       string          `json:"eventType"`
		Status     string          `json:"status"`
		Title      string          `json:"title"`
		Summary    string          `json:"summary"`
		Header     string          `json:"header"`
		Level      string          `json:"level"`
		EventLevel string          `json:"eventLevel"`
		Tags       []string        `json:"eventTags"`
		Start      string          `json:"impactStartTime"`
		End        string          `json:"impactMitigationTime"`
		Changed    string          `json:"lastUpdateTime"`
		Impact     json.RawMessage `json:"impact"`
	} `json:"properties"`
}

type impact struct {
	Service string           `json:"impactedService"`
	Regions []impactedRegion `json:"impactedRegions"`
}

type impactedRegion struct {
	Region  string `json:"impactedRegion"`
	Status  string `json:"status"`
	Updates []struct {
		Summary string `json:"summary"`
		At      string `json:"updateDateTime"`
	} `json:"updates"`
}

func (r *reading) event(entry json.RawMessage) {
	var e event
	if err := json.Unmarshal(entry, &e); err != nil {
		r.unread(nameOf(entry), prose.Line(err.Error(), 200))
		return
	}
	common, fault := r.head(e)
	if fault != "" {
		r.unread(e.Name, fault)
		return
	}
	if common.ChangedAt.Before(r.since) { // queryStartTime counts whole days
		return
	}
	var impacts []impact
	if len(e.Properties.Impact) > 0 {
		if err := json.Unmarshal(e.Properties.Impact, &impacts); err != nil {
			r.unread(e.Name, "impact: "+prose.Line(err.Error(), 200))
		}
	}
	if post := prose.Post(common.ChangedAt, "regular", "html", e.Properties.Summary); post.Text != "" {
		common.Posts = []desk.Post{post}
	}
	r.each(common, impacts)
}

// each publishes one for each service that is touched. Azure itself is touched
// when none is named.
func (r *reading) each(common desk.Published, impacts []impact) {
	if len(impacts) == 0 {
		impacts = []impact{{Service: "Azure"}}
	}
	impacts = impacts[:min(len(impacts), mostImpacts)]
	for _, i := range impacts {
		p := common
		name := prose.Line(i.Service, mostName)
		if name == "" {
			r.unread(p.Code, "a touched service without a name")
			continue
		}
		p.Service, p.Places = desk.ServiceOf(name), i.places()
		if len(impacts) > 1 {
			p.Code += "/" + name
		}
		if posts := r.updates(i); len(posts) > 0 {
			p.Posts = posts
		}
		if n := len(p.Posts); n > 0 && !p.Ended() {
			p.NextAt = prose.NextUpdate(p.Posts[n-1])
		}
		r.publish(p)
	}
}

// head is what an event says for all services that it touches.
func (r *reading) head(e event) (p desk.Published, fault string) {
	code, ok := prose.Code(e.Name)
	if !ok {
		return p, "a tracking id of another form"
	}
	about := e.Properties
	kind, classification := kindOf(prose.Word(about.Type), prose.Word(about.EventLevel))
	p = desk.Published{Source: desk.FromAzure, Kind: kind, Code: code, Title: prose.Line(about.Title, mostTitle), Classification: classification,
		Status: prose.Word(about.Status), Origin: "microsoft", Severity: prose.Word(about.Level), Impact: prose.Line(about.Header, mostTitle),
		EndedAt: prose.TimeOrNone(about.End, r.now, ahead)}
	if p.Severity == "" {
		p.Severity = prose.Word(about.EventLevel)
	}
	if slices.ContainsFunc(about.Tags, func(tag string) bool { return prose.Word(tag) == "false positive" }) && p.Ended() {
		p.Status = "falsepositive"
	}
	if p.Title == "" {
		return p, "no title"
	}
	if p.ChangedAt, ok = prose.Time(about.Changed, r.now, ahead); !ok {
		return p, "no time of its last change, or an absurd one"
	}
	if p.StartedAt, ok = prose.Time(about.Start, r.now, ahead); !ok {
		p.StartedAt = p.ChangedAt
	}
	return p, ""
}

// kindOf sorts events (Resource Health, eventTypeValues). One that only slows the
// management of resources is an advisory (Azure, "Service health notifications",
// on levels).
func kindOf(eventType, level string) (kind, classification string) {
	switch eventType {
	case "plannedmaintenance", "healthadvisory", "securityadvisory", "billing":
		return desk.MessageKind, eventType
	}
	if level == "informational" {
		return desk.IssueKind, "advisory"
	}
	return desk.IssueKind, "incident"
}

// places are the regions that are still touched; once none is, all that were.
// "Global" and "Non-Regional" are no places: empty says that none is named.
func (i impact) places() []string {
	var active, all []string
	for _, region := range i.Regions {
		name := prose.Line(region.Region, mostName)
		if word := prose.Word(name); word == "" || word == "global" || word == "non-regional" || slices.Contains(all, name) || len(all) == mostPlaces {
			continue
		}
		all = append(all, name)
		if prose.Word(region.Status) != "resolved" {
			active = append(active, name)
		}
	}
	if len(active) > 0 {
		return active
	}
	return all
}

// updates are what was said for the regions of a service, the oldest first, each
// text once at its time.
func (r *reading) updates(i impact) []desk.Post {
	var posts []desk.Post
	for _, region := range i.Regions[:min(len(i.Regions), mostPlaces)] {
		for _, update := range region.Updates[:min(len(region.Updates), mostPosts)] {
			at, ok := prose.Time(update.At, r.now, ahead)
			if !ok {
				continue
			}
			if p := prose.Post(at, "regular", "html", update.Summary); p.Text != "" {
				posts = append(posts, p)
			}
		}
	}
	return ordered(posts)
}

func ordered(posts []desk.Post) []desk.Post {
	slices.SortStableFunc(posts, func(a, b desk.Post) int { return a.At.Compare(b.At) })
	seen := map[string]bool{}
	posts = slices.DeleteFunc(posts, func(p desk.Post) bool {
		again := seen[p.At.String()+p.Text]
		seen[p.At.String()+p.Text] = true
		return again
	})
	return posts[max(0, len(posts)-mostPosts):]
}

func nameOf(entry json.RawMessage) string {
	var named map[string]json.RawMessage
	var name string
	if json.Unmarshal(entry, &named) == nil && json.Unmarshal(named["name"], &name) == nil {
		return name
	}
	return ""
}
