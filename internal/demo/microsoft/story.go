package microsoft

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	kept     = 30 * 24 * time.Hour // how long what has ended is told
	inProse  = "Monday, January 2, 2006, at 3:04 PM UTC"
	inAnswer = "2006-01-02T15:04:05.999Z"
	renumber = 411 // between the numbers of an issue and of the same, told again
)

// telling is one run of the story.
type telling struct {
	begun, now time.Time
	number     int // 0 for the first
}

func (t telling) at(s span) time.Time   { return t.begun.Add(s.Duration) }
func (t telling) happened(s span) bool  { return !t.at(s).After(t.now) }
func (t telling) written(s span) string { return t.at(s).Format(inAnswer) }
func (t telling) prose(start, end span, next *span) *strings.Replacer {
	pairs := []string{"{start}", t.at(start).Format(inProse), "{end}", t.at(end).Format(inProse)}
	if next != nil {
		pairs = append(pairs, "{next}", t.at(*next).Format(inProse))
	}
	return strings.NewReplacer(pairs...)
}

// tellings are all runs; what is not live is told in the first alone.
func (s *Server) tellings(live bool) []telling {
	var all []telling
	for i, begun := range s.begun() {
		if i == 0 || live {
			all = append(all, telling{begun, s.now(), i})
		}
	}
	return all
}

// issues are those that a tenant sees now, the last changed first.
func (s *Server) issues(t Tenant) []entry {
	var all []entry
	for _, i := range s.script.Issues {
		if !slices.Contains(t.Services, i.Service) {
			continue
		}
		for _, run := range s.tellings(i.Live) {
			if e, told := i.tell(run); told {
				all = append(all, e)
			}
		}
	}
	if slices.Contains(t.Services, "Exchange") {
		all = append(all, s.padding()...)
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		return cmp.Compare(b["lastModifiedDateTime"].(string), a["lastModifiedDateTime"].(string))
	})
	return all
}

// tell writes an issue as it stands; false before it is known and when it is
// long over.
func (i issueScript) tell(run telling) (entry, bool) {
	var posts []entry
	var status string
	var changed span
	for _, p := range i.Posts {
		if !run.happened(p.At) {
			break
		}
		kind := cmp.Or(p.Kind, "regular")
		status, changed = cmp.Or(p.Status, status), p.At
		posts = append(posts, entry{"createdDateTime": run.written(p.At), "postType": i.spelt(kind),
			"description": entry{"contentType": i.spelt("html"), "content": run.prose(i.Start, i.End, p.Next).Replace(strings.TrimSpace(p.Text))}})
	}
	over := slices.Contains([]string{"serviceRestored", "falsePositive", "postIncidentReviewPublished"}, status)
	if len(posts) == 0 || over && run.now.Sub(run.at(changed)) > kept {
		return nil, false
	}
	var end any
	if over {
		end = run.written(i.End)
	}
	return entry{"id": numbered(i.ID, run.number), "title": i.Title, "service": serviceNames[i.Service], "feature": i.Feature, "featureGroup": i.Group,
		"classification": i.spelt(i.Classification), "origin": i.spelt(cmp.Or(i.Origin, "microsoft")), "status": i.spelt(status), "isResolved": over,
		"impactDescription": i.Impact, "highImpact": highImpact(i.High), "startDateTime": run.written(i.Start), "endDateTime": end,
		"lastModifiedDateTime": run.at(changed).Add(7063 * time.Millisecond).Format(inAnswer), "details": []entry{{"name": "NotifyInApp", "value": "True"}}, "posts": posts}, true
}

// spelt is an enumeration's value: the documentation's samples begin with a
// capital, live answers do not.
func (i issueScript) spelt(value string) string {
	if last := i.ID[len(i.ID)-1]; (last-'0')%2 == 0 && value != "" {
		return strings.ToUpper(value[:1]) + value[1:]
	}
	return value
}

func highImpact(yes bool) any {
	if yes {
		return true
	}
	return nil
}

// numbered is the id of an issue in a later telling: a code's number grows, a
// tracking id's end changes.
func numbered(id string, telling int) string {
	if n, err := strconv.Atoi(id[2:]); err == nil {
		return fmt.Sprintf("%s%d", id[:2], n+telling*renumber)
	}
	if telling == 0 {
		return id
	}
	return fmt.Sprintf("%s%d", id[:len(id)-1], telling%10)
}

// padding are issues of the past that say little.
func (s *Server) padding() []entry {
	var all []entry
	run := s.tellings(false)[0]
	for n := range s.config.Padding {
		i := issueScript{ID: fmt.Sprintf("EX%d", 900_001+n), Title: fmt.Sprintf("A small number of users may have seen issue %d", n+1), Impact: "Few users saw little.",
			Service: "Exchange", Classification: "advisory", Start: span{-time.Duration(n+2) * time.Hour}, End: span{-time.Duration(n+1) * time.Hour}}
		i.Posts = []postScript{{At: i.End, Status: "serviceRestored", Text: "Final status: This is resolved."}}
		if e, told := i.tell(run); told {
			all = append(all, e)
		}
	}
	return all
}

// overviews are a tenant's services with their state, by the worst open issue.
func (s *Server) overviews(t Tenant) []entry {
	worst := []string{"serviceInterruption", "serviceDegradation", "investigating", "extendedRecovery", "restoringService", "verifyingService", "investigationSuspended"}
	rank := func(status any) int {
		return slices.IndexFunc(append(worst, "serviceOperational"), func(w string) bool { return strings.EqualFold(w, fmt.Sprint(status)) })
	}
	issues := s.issues(t)
	all := make([]entry, 0, len(t.Services))
	for _, id := range t.Services {
		status := "serviceOperational"
		for _, i := range issues {
			if i["service"] == serviceNames[id] && i["isResolved"] == false && rank(i["status"]) >= 0 && rank(i["status"]) < rank(status) {
				status = worst[rank(i["status"])]
			}
		}
		all = append(all, entry{"id": id, "service": serviceNames[id], "status": status})
	}
	return all
}

func (s *Server) expand(overviews []entry, t Tenant) {
	issues := s.issues(t)
	for _, o := range overviews {
		own := []entry{}
		for _, i := range issues {
			if i["service"] == o["service"] {
				own = append(own, i)
			}
		}
		o["issues"] = own
	}
}

// messages are the message centre's, of a tenant's services.
func (s *Server) messages(t Tenant) []entry {
	var all []entry
	run := s.tellings(false)[0]
	for _, m := range s.script.Messages {
		has := slices.ContainsFunc(t.Services, func(id string) bool {
			return slices.ContainsFunc(m.Services, func(name string) bool { return strings.EqualFold(name, serviceNames[id]) })
		})
		if !has || !run.happened(m.Start) {
			continue
		}
		var act any
		if m.Act != nil {
			act = run.written(*m.Act)
		}
		all = append(all, entry{"id": m.ID, "title": m.Title, "startDateTime": run.written(m.Start), "endDateTime": run.written(m.End),
			"lastModifiedDateTime": run.written(m.Changed), "category": m.Category, "severity": m.Severity, "tags": m.Tags, "isMajorChange": m.Major,
			"actionRequiredByDateTime": act, "services": m.Services, "expiryDateTime": nil, "details": []entry{}, "hasAttachments": false, "viewPoint": nil,
			"body": entry{"contentType": "html", "content": m.Text}})
	}
	return all
}
