package signals

import (
	"regexp"
	"slices"
	"strings"
)

var topicLexicon = loadLexicon("topic.txt")

// wholeService is the topic of an issue in which a service as a whole fails.
const wholeService = "whole_service"

// ended are the statuses, of Graph's serviceHealthStatus, in which an issue no longer hits anyone.
var ended = []string{"servicerestored", "falsepositive", "postincidentreviewpublished", "resolved", "resolvedexternal", "mitigated", "mitigatedexternal"}

// Over tells a status, in any case, in which an issue no longer hits anyone.
func Over(status string) bool { return slices.Contains(ended, strings.ToLower(status)) }

// readHealth compares the ticket with the issue that Microsoft has published: it covers the ticket
// when service, place and symptom agree and it is not over.
func (r *reader) readHealth() {
	issue := r.in.KnownIssue
	if issue == nil || strings.TrimSpace(issue.Title+issue.Service) == "" {
		return
	}
	why := Evidence{Source: FromHealth, Quote: strings.TrimSpace(issue.ID + " " + issue.Title)}
	where := placeIn(regionLexicon.find(split(issue.Region)))
	if where.name == "" {
		where = placeIn(regionLexicon.find(split(issue.Title)))
	}
	if issue.Attached { // somebody, or Matches, has compared them
		name := "issue_covers"
		if Over(issue.Status) {
			name = "issue_restored"
		}
		r.facts.set(name, true, why)
		return
	}
	switch {
	case !r.sameService(*issue) || !r.sameSymptom(*issue):
		r.facts.set("issue_unrelated", true, why)
	case !where.covers(r.place()):
		r.facts.set("issue_elsewhere", true, why)
	case Over(issue.Status):
		r.facts.set("issue_restored", true, why)
	default:
		r.facts.set("issue_covers", true, why)
	}
}

// sameService accepts the same name, a name that holds the other, a service that the ticket's text
// names, and the suite, which stands for every service of Microsoft 365.
func (r *reader) sameService(issue KnownIssue) bool {
	theirs, ours := fold(issue.Service), fold(r.in.Service)
	if theirs == "" || theirs == ours || strings.Contains(theirs, ours) && ours != "" || strings.Contains(ours, theirs) {
		return true
	}
	for _, p := range append(r.found, r.text) {
		if slices.Contains(names(namedServices(p)), theirs) {
			return true
		}
	}
	family, mine := familyOf(issue.Service), familyOf(r.in.Service)
	if family == "m365" && mine == "m365" && (isSuite(theirs) || isSuite(ours)) {
		return true
	}
	title := fold(issue.Title)
	if mine != "" && mine == family && dependants.MatchString(title) {
		return true
	}
	if ours != "" && strings.Contains(title, ours) {
		return true
	}
	for name, of := range wholeFamily {
		if of == mine && strings.Contains(title, name) {
			return true
		}
	}
	return ours == "" || ours == "unknown"
}

// dependants are the words by which an issue says that it pulls other services down.
var dependants = regexp.MustCompile(`dependent|dependant|multiple services|other services|several services|plusieurs services|autres services|abhangig`)

// wholeFamily are names that stand for every service of a family.
var wholeFamily = map[string]string{"microsoft 365": "m365", "power platform": "power", "microsoft azure": "azure", "dynamics 365": "dynamics"}

func isSuite(service string) bool {
	return service == "microsoft 365 suite" || service == "office 365" || service == "microsoft 365"
}

// crowd is how many other customers must complain about a service with an open incident for one
// more complaint to be about the same thing, whatever its words.
const crowd = 5

// sameSymptom compares what the issue's title and the ticket are about. An incident in which the
// whole service fails covers every ticket that says so; anything else must share a narrower topic.
func (r *reader) sameSymptom(issue KnownIssue) bool {
	title := split(issue.Title)
	theirs, ours := topics(title), topics(r.text.words)
	shared, narrow := 0, 0
	for topic := range theirs {
		if topic == wholeService {
			continue
		}
		narrow++
		if ours[topic] {
			shared++
		}
	}
	incident := strings.EqualFold(issue.Classification, "incident")
	if incident && (r.in.SimilarLastHour >= crowd || theirs[wholeService] && ours[wholeService]) {
		return true
	}
	alike := shareWords(title, r.text.words)
	if incident {
		return shared > 0 || alike > 0
	}
	return alike >= 2 || alike == 1 && shared*2 > narrow || narrow > 0 && shared >= 2 && shared*2 > narrow
}

func topics(words []word) map[string]bool {
	found := map[string]bool{}
	for _, h := range topicLexicon.find(words) {
		found[h.concept] = true
	}
	return found
}

// shareWords counts the long words of a title, cut to their stems, that the text has too.
func shareWords(title, text []word) int {
	shared := 0
	stems := map[string]bool{}
	for _, w := range text {
		stems[stem(w.text)] = true
	}
	seen := map[string]bool{}
	for _, w := range title {
		s := stem(w.text)
		if len(w.text) >= 4 && stems[s] && !seen[s] && !common[s] {
			seen[s] = true
			shared++
		}
	}
	return shared
}

const stemSize = 6

func stem(w string) string {
	return w[:min(len(w), stemSize)]
}

// common are the stems that most issue titles have and that tell nothing.
var common = map[string]bool{"some": true, "users": true, "user": true, "servic": true, "issue": true, "issues": true, "proble": true, "micros": true,
	"online": true, "office": true, "outlook": true, "teams": true, "exchan": true, "sharep": true, "onedri": true, "azure": true, "with": true, "from": true,
	"when": true, "that": true, "have": true, "access": true, "error": true, "errors": true, "unable": true, "intune": true, "power": true, "delaye": true,
	"utilis": true, "certai": true, "dans": true, "pour": true, "missin": true, "shown": true, "slow": true, "view": true, "report": true, "app": true, "apps": true, "mail": true, "mails": true}
