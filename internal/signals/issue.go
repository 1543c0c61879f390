package signals

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Published is an issue as its publisher describes it, as far as tickets are
// compared with it.
type Published struct {
	Code, Title, Service, Feature, Classification string
	Impact                                        string   // what users see, in the publisher's words
	Said                                          []string // what its posts say of user impact and scope
	Places                                        []string // that the publisher names; empty: none
	StartedAt                                     time.Time
	EndedAt                                       *time.Time // nil while it goes on
	SeenAt                                        time.Time  // when the desk could first know of it
}

// Issue is a published issue that was read: made once, compared with many
// tickets, never changed.
type Issue struct {
	code, title, service, family string
	incident, wide, pulls        bool               // an incident; the service as a whole fails; other services with it
	about                        map[string]bool    // what its title is about, of aboutLexicon
	stems                        map[string]float64 // stem → what sharing it is worth
	named                        []string           // services that its words name
	places                       []place            // none: it can be anywhere
	startedAt, seenAt            time.Time
	endedAt                      *time.Time
}

// aboutLexicon finds what a title or a ticket is about, across languages.
var aboutLexicon = sync.OnceValue(func() *lexicon { return loadLexicon("topic.txt", "issue.txt") })

// maxIssue bounds how much of an issue's words, in bytes, is read.
const maxIssue = 4_000

// ReadIssue reads an issue. It never fails: what cannot be read matches nothing.
func ReadIssue(p Published) *Issue {
	title, more := clean(p.Title), clean(p.Feature+"\n\n"+p.Impact+"\n\n"+strings.Join(p.Said, "\n\n"))
	more = strings.ToValidUTF8(more[:min(len(more), maxIssue)], "")
	i := &Issue{code: strings.ToUpper(clean(p.Code)), title: fold(title), service: fold(clean(p.Service)), family: familyOf(clean(p.Service)),
		incident: strings.EqualFold(p.Classification, "incident"), startedAt: p.StartedAt, endedAt: p.EndedAt, seenAt: p.SeenAt,
		stems: map[string]float64{}}
	titled, rest := recognise(split(title)), recognise(split(more))
	i.learn(titled, 1)
	i.learn(rest, 0.5)
	i.about, i.wide = map[string]bool{}, topics(titled)[wholeService]
	for _, h := range aboutLexicon().find(titled) {
		i.about[h.concept] = h.concept != wholeService
	}
	i.pulls = dependants.MatchString(i.title)
	i.place(p.Places, titled, rest)
	return i
}

// learn keeps the words that tell one issue from another, and what services they
// name.
func (i *Issue) learn(words []word, worth float64) {
	services := serviceLexicon.find(words)
	plain := map[int]bool{} // words that name a service or a place
	for _, h := range slices.Concat(services, regionLexicon.find(words)) {
		for at := h.from; at < h.to; at++ {
			plain[at] = true
		}
	}
	for at, w := range words {
		s := stem(w.text)
		if len(w.text) >= 4 && !plain[at] && len(w.known.languages) == 0 && !common[s] && !commonOfIssues[s] && i.stems[s] < worth {
			i.stems[s] = worth
		}
	}
	for _, h := range services {
		if _, name, _ := strings.Cut(h.concept, "/"); !slices.Contains(i.named, name) {
			i.named = append(i.named, name)
		}
	}
}

// commonOfIssues are more stems that tell nothing: those of the sentences that
// every issue is written with.
var commonOfIssues = map[string]bool{"cant": true, "open": true, "openin": true, "opened": true, "custom": true, "client": true, "affect": true, "impact": true,
	"intermi": true, "interm": true, "messag": true, "return": true, "receiv": true, "receive": true, "see": true, "seeing": true, "south": true, "north": true,
	"west": true, "east": true, "centra": true, "instan": true, "featur": true, "specif": true, "infras": true, "locate": true, "hosted": true, "tenant": true,
	"their": true, "them": true, "they": true, "more": true, "than": true, "after": true, "before": true, "other": true, "while": true, "during": true, "been": true,
	"admini": true, "compan": true, "organi": true, "workin": true, "work": true, "fail": true, "failin": true, "fails": true, "failed": true, "cannot": true, "load": true,
	"page": true, "pages": true, "window": true, "deskto": true, "browse": true, "mobile": true, "websit": true, "someth": true, "wrong": true, "went": true, "day": true,
	"hour": true, "hours": true, "time": true, "today": true, "yester": true, "mornin": true, "late": true, "mailbo": true, "email": true, "emails": true, "extern": true, "app's": true}

// place is where the publisher says that it is, else where its words do. What is
// global is nowhere in particular.
func (i *Issue) place(named []string, texts ...[]word) {
	for _, n := range named {
		if strings.EqualFold(strings.TrimSpace(n), "global") {
			i.places = nil
			return
		}
		if p := placeIn(regionLexicon.find(split(clean(n)))); p.name != "" {
			i.places = append(i.places, p)
		}
	}
	for _, words := range texts {
		if len(i.places) > 0 {
			return
		}
		for _, h := range regionLexicon.find(words) {
			if p := placeIn([]hit{h}); !slices.Contains(i.places, p) {
				i.places = append(i.places, p)
			}
		}
	}
}

// covers tells whether trouble at one of the issue's places can be trouble at q.
func (i *Issue) covers(q place) bool {
	return len(i.places) == 0 || slices.ContainsFunc(i.places, func(p place) bool { return p.covers(q) })
}

// Concerns tells whether a ticket about a service can be about the issue, whatever
// its words: the same service, one that its title pulls down, or a suite.
func (i *Issue) Concerns(service string) bool {
	return i.likeService(fold(strings.TrimSpace(service))) > 0
}

// May tells whether a ticket is worth comparing with the issue: its service can
// be the same, or its text, folded, holds the code or a word of the service's name.
func (i *Issue) May(service, text string) bool {
	if i.Concerns(service) || i.code != "" && strings.Contains(text, strings.ToLower(i.code)) {
		return true
	}
	for word := range strings.FieldsSeq(i.service) {
		if len(word) >= 5 && !plainNames[word] && strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// Folded is a text as May wants it.
func Folded(text string) string { return fold(clip(text)) }

// plainNames are words that many services' names share.
var plainNames = map[string]bool{"microsoft": true, "online": true, "azure": true, "service": true, "services": true, "business": true, "suite": true, "office": true, "dynamics": true, "power": true}

// likeService is how sure it is that a service's trouble is this: 1 the same, 0
// another.
func (i *Issue) likeService(ours string) float64 {
	unknown := ours == "" || ours == "unknown"
	switch {
	case i.service == "" || unknown:
		return 0.4
	case ours == i.service || strings.Contains(i.service, ours) || strings.Contains(ours, i.service):
		return 1
	}
	mine := familyOf(ours)
	switch {
	case mine == i.family && mine != "other" && (i.pulls || slices.Contains(i.named, ours)):
		return 0.8
	case mine == "m365" && i.family == "m365" && (isSuite(i.service) || isSuite(ours)):
		return 0.6
	}
	for name, of := range wholeFamily {
		if of == mine && strings.Contains(i.title, name) {
			return 0.6
		}
	}
	return 0
}
