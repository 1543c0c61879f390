package microsoft

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// eventsPage is how many events a page has.
const eventsPage = 3

// azure lets a request in that has a token and names a version.
func (s *Server) azure(next func(http.ResponseWriter, *http.Request, Tenant)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tenant, ok := s.bearer(r, s.Azure().String())
		if !ok {
			s.refuse(w, http.StatusUnauthorized, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing or invalid.")
			return
		}
		deny := func() {
			s.refuse(w, http.StatusForbidden, "AuthorizationFailed", "The client does not have authorization to perform action 'Microsoft.ResourceHealth/events/read' over scope.")
		}
		version := r.URL.Query().Get("api-version")
		switch {
		case s.fails(w, tenant.ID, deny):
		case !s.consented(tenant.ID):
			deny()
		case version == "":
			s.refuse(w, http.StatusBadRequest, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
		case !slices.Contains([]string{"2022-10-01", "2024-02-01", "2025-05-01"}, version):
			s.refuse(w, http.StatusBadRequest, "InvalidResourceType", "The resource type could not be found in the namespace 'Microsoft.ResourceHealth' for api version '"+version+"'.")
		default:
			next(w, r, tenant)
		}
	}
}

// events answers a page of a subscription's events ("Events - List By
// Subscription Id"). queryStartTime is a day, month first.
func (s *Server) events(w http.ResponseWriter, r *http.Request, t Tenant) {
	subscription, q := strings.ToLower(r.PathValue("subscription")), r.URL.Query()
	if !slices.Contains(t.Subscriptions, subscription) {
		s.refuse(w, http.StatusNotFound, "SubscriptionNotFound", "The subscription '"+subscription+"' could not be found.")
		return
	}
	since := s.now().AddDate(0, 0, -3)
	if text := q.Get("queryStartTime"); text != "" {
		var err error
		if since, err = time.Parse("1/2/2006", text); err != nil {
			s.refuse(w, http.StatusBadRequest, "InvalidQueryStartTime", "The value of queryStartTime is not a date.")
			return
		}
	}
	var all []entry
	for _, e := range s.script.Events {
		for _, run := range s.tellings(e.Live) {
			if written, changed, told := e.tell(run, subscription); told && !changed.Before(since) {
				all = append(all, written)
			}
		}
	}
	from, _ := strconv.Atoi(q.Get("$skipToken")) // what is no number skips nothing
	first := min(max(from, 0), len(all))
	last := min(first+eventsPage, len(all))
	body := map[string]any{"value": all[first:last]}
	if last < len(all) {
		q.Set("$skipToken", strconv.Itoa(last))
		body["nextLink"] = s.config.Base + r.URL.Path + "?" + q.Encode()
	}
	s.answer(w, http.StatusOK, body)
}

// tell writes an event as it stands, as Resource Health does.
func (e eventScript) tell(run telling, subscription string) (entry, time.Time, bool) {
	var updates []entry
	var changed span
	for _, u := range e.Updates {
		if run.happened(u.At) {
			changed = u.At
			updates = append([]entry{{"summary": run.prose(e.Start, e.End, nil).Replace(u.Text), "updateDateTime": precise(run.at(u.At)), "eventTags": emptyNotNil(u.Tags)}}, updates...)
		}
	}
	if len(updates) == 0 {
		return nil, time.Time{}, false
	}
	status, end := "Active", any(nil)
	if run.happened(e.End) && len(updates) == len(e.Updates) {
		status, end = "Resolved", precise(run.at(e.End))
	}
	var impact []entry
	for _, i := range e.Impacts {
		var regions []entry
		for _, region := range i.Regions {
			regions = append(regions, entry{"impactedRegion": region, "status": status, "impactedSubscriptions": []string{subscription}, "impactedTenants": []string{},
				"lastUpdateTime": precise(run.at(changed)), "updates": updates})
		}
		impact = append(impact, entry{"impactedService": i.Service, "impactedRegions": regions})
	}
	id := numbered(e.ID, run.number)
	return entry{"id": "/subscriptions/" + subscription + "/providers/Microsoft.ResourceHealth/events/" + id, "name": id, "type": "/providers/Microsoft.ResourceHealth/events",
		"properties": entry{"eventType": e.Type, "eventSource": "ServiceHealth", "status": status, "title": e.Title, "summary": updates[0]["summary"], "header": e.Header,
			"level": e.Level, "eventLevel": e.EventLevel, "eventTags": updates[0]["eventTags"], "impactStartTime": precise(run.at(e.Start)), "impactMitigationTime": end,
			"lastUpdateTime": precise(run.at(changed)), "isHIR": false, "priority": 2, "impact": impact}}, run.at(changed), true
}

// precise is a moment as Resource Health writes it.
func precise(at time.Time) string { return at.Format("2006-01-02T15:04:05.0000000Z") }

func emptyNotNil(tags []string) []string { return append([]string{}, tags...) }

// emerging answers what the public status page shows ("Emerging Issues - Get").
func (s *Server) emerging(w http.ResponseWriter, _ *http.Request, _ Tenant) {
	active, banners := []entry{}, []entry{}
	for _, e := range s.script.Events {
		for _, run := range s.tellings(e.Live) {
			if written, told := e.emerges(run); told {
				active = append(active, written)
			}
		}
	}
	for _, b := range s.script.Banners {
		run := s.tellings(false)[0]
		if run.happened(b.From) && !run.happened(b.Until) {
			banners = append(banners, entry{"title": b.Title, "message": b.Text, "cloud": "Public", "lastModifiedTime": run.written(b.From)})
		}
	}
	s.answer(w, http.StatusOK, entry{"id": "/providers/Microsoft.ResourceHealth/emergingissues/default", "name": "default", "type": "/providers/Microsoft.ResourceHealth/emergingissues",
		"properties": entry{"refreshTimestamp": s.now().Format(inAnswer), "statusActiveEvents": active, "statusBanners": banners}})
}

func (e eventScript) emerges(run telling) (entry, bool) {
	var text string
	var changed span
	for _, u := range e.Updates {
		if run.happened(u.At) {
			text, changed = run.prose(e.Start, e.End, nil).Replace(u.Text), u.At
		}
	}
	if !e.Emerging || text == "" || run.happened(e.End) {
		return nil, false
	}
	var impacts []entry
	for _, i := range e.Impacts {
		var regions []entry
		for _, region := range i.Regions {
			regions = append(regions, entry{"id": slug(region), "name": region})
		}
		impacts = append(impacts, entry{"id": slug(i.Service), "name": i.Service, "regions": regions})
	}
	return entry{"title": e.Title, "description": text, "trackingId": numbered(e.ID, run.number), "startTime": run.written(e.Start), "cloud": "Public",
		"severity": cmp.Or(e.Severity, "Information"), "stage": "Active", "published": true, "lastModifiedTime": run.written(changed), "impacts": impacts}, true
}

func slug(name string) string { return strings.ReplaceAll(strings.ToLower(fmt.Sprint(name)), " ", "-") }
