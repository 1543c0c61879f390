package signals

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Matched is how well an issue covers a ticket, and why.
type Matched struct {
	At      int // of the issue, in the list that was given
	Score   int // percent
	Reasons []MatchReason
}

// MatchReason is one thing that speaks for or against it.
type MatchReason struct {
	Kind   string // of MatchKinds
	Detail string // what was compared; "" where the kind says it all
	Points int    // of the score; may be negative
}

// MatchKinds are what tickets and issues are compared by.
var MatchKinds = []string{"code", "service", "place", "time", "words", "crowd", "request", "own", "person", "finding"}

// From which score on an issue is put before an agent, and from which on it
// attaches itself where it leads the next. TestMatches holds what they are worth.
const (
	ProposeFrom = 40
	AttachFrom  = 70
	Lead        = 10
)

// Claim is a ticket that issues are compared with.
type Claim struct {
	Input
	CreatedAt time.Time
	Since     *time.Time // when it began, as the customer says
	Home      string     // where the customer is, for a ticket that tells no place
	Looked    time.Time  // when an agent last found nothing in service health
}

// Matches compares a ticket with issues, best first. What speaks for none of them
// is left out.
func Matches(c Claim, issues []*Issue) []Matched {
	if len(issues) == 0 {
		return nil
	}
	m := claimed(c)
	var all []Matched
	for at, i := range issues {
		if one := m.match(i); one.Score > 0 {
			one.At = at
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b Matched) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// Clear tells whether the first of the matches attaches itself.
func Clear(all []Matched) bool {
	return len(all) > 0 && all[0].Score >= AttachFrom && (len(all) == 1 || all[0].Score-all[1].Score >= Lead)
}

// matcher is a claim that was read, to be held against each issue.
type matcher struct {
	Claim
	r     *reader
	facts Facts
	codes []string
	ours  string            // service, folded
	named []string          // services that its words name
	about map[string]string // what it is about → the word that tells it
	stems map[string]string // stem → word
	whole bool              // it says that the service as a whole fails
}

func claimed(c Claim) *matcher {
	f := Read(c.Input)
	m := &matcher{Claim: c, r: f.read, facts: f, ours: fold(f.read.in.Service), about: map[string]string{}, stems: map[string]string{}}
	m.codes = ids(strings.ToUpper(c.Subject + "\n" + unquoted(c.Body)))
	for _, p := range append(slices.Clone(m.r.found), m.r.text) {
		m.named = append(m.named, names(namedServices(p))...)
	}
	words := m.r.text.words
	for _, h := range aboutLexicon().find(words) {
		if h.concept == wholeService {
			m.whole = true
		} else if m.about[h.concept] == "" {
			m.about[h.concept] = m.original(words[h.from:h.to])
		}
	}
	for _, w := range words {
		if s := stem(w.text); m.stems[s] == "" {
			m.stems[s] = m.original([]word{w})
		}
	}
	return m
}

// original is words as they were written.
func (m *matcher) original(words []word) string {
	return m.r.text.original[words[0].start:words[len(words)-1].end]
}

// match adds up what speaks for an issue. Its points were found on the tickets of
// TestMatches, and say what each thing is worth beside the others.
func (m *matcher) match(i *Issue) Matched {
	if i.code != "" && slices.Contains(m.codes, i.code) {
		return Matched{Score: 100, Reasons: []MatchReason{{"code", i.code, 100}}}
	}
	like := i.likeService(m.ours)
	if slices.Contains(m.named, i.service) {
		like = max(like, 0.8)
	}
	if like == 0 {
		return Matched{}
	}
	var one Matched
	one.add("service", "", int(30*like))
	m.words(i, &one)
	m.crowd(i, &one)
	one.add("place", m.r.place().name, m.where(i))
	one.add("time", "", m.when(i))
	m.against(i, &one)
	one.Score = min(one.Score, 99)
	if one.Score >= AttachFrom && m.Affected == "one_user" && i.incident && i.wide {
		// Who is alone while a whole service fails has likely a trouble of his own.
		one.add("person", "", AttachFrom-1-one.Score)
	}
	return one
}

func (x *Matched) add(kind, detail string, points int) {
	if points != 0 {
		x.Score += points
		x.Reasons = append(x.Reasons, MatchReason{kind, detail, points})
	}
}

// maxSaid bounds the words that are shown as a reason.
const maxSaid = 5

// words compares what both are about. Narrow topics go across languages; shared
// words are surer, and only met where the languages are close.
func (m *matcher) words(i *Issue, x *Matched) {
	narrow, shared, alike := 0, 0, 0.0
	var said []string
	say := func(w string) {
		if w = strings.ToLower(w); len(said) < maxSaid && !slices.Contains(said, w) {
			said = append(said, w)
		}
	}
	for what, narrows := range i.about {
		if !narrows {
			continue
		}
		narrow++
		if w := m.about[what]; w != "" {
			shared++
			say(w)
		}
	}
	for s, worth := range i.stems {
		if w := m.stems[s]; w != "" {
			alike += worth
			say(w)
		}
	}
	slices.Sort(said)
	x.add("words", strings.Join(said, ", "), wordPoints(narrow, shared, alike, i.incident))
	if i.incident && i.wide && m.whole {
		x.add("words", "", 10)
	}
}

func wordPoints(narrow, shared int, alike float64, incident bool) int {
	points := []int{0, 12, 21, 29, 35}[min(shared, 4)]
	if alike <= 1 {
		points += int(13 * alike)
	} else {
		points += min(33, 13+int(9*(alike-1)))
	}
	switch {
	case shared == 0 && alike == 0:
		points -= 15
	case narrow >= 2 && shared == 0 && alike < 2:
		points -= 8
	}
	if incident {
		return points
	}
	if alike < 1 { // an advisory is about one small thing: that one, or none
		points -= 10
	}
	if shared*2 <= narrow && alike < 2 {
		points -= 10
	}
	return points
}

// crowd counts other customers who complain of the service within the hour: with
// an incident open, they and this ticket are likely about the same.
func (m *matcher) crowd(i *Issue, x *Matched) {
	switch {
	case !i.incident:
	case m.SimilarLastHour >= crowd && i.wide:
		x.add("crowd", "", 32)
	case m.SimilarLastHour >= crowd:
		x.add("crowd", "", 16)
	case m.SimilarLastHour >= 3:
		x.add("crowd", "", 12)
	default:
		x.add("crowd", "", 4)
	}
}

func (m *matcher) where(i *Issue) int {
	switch p := m.r.place(); {
	case !i.covers(p):
		return -60
	case p.name != "" && len(i.places) > 0:
		return 8
	case p.name == "" && !i.covers(placeIn(regionLexicon.find(split(clean(m.Home))))):
		return -25 // where the company is, its people need not be
	}
	return 0
}

// How long before its start an issue may be felt: customers notice first, and
// publishers find out later when it began.
const (
	slack     = 12 * time.Hour
	longAgo   = 36 * time.Hour
	aftermath = time.Hour
)

func (m *matcher) when(i *Issue) int {
	if i.startedAt.IsZero() || m.CreatedAt.IsZero() {
		return 5
	}
	began := m.CreatedAt
	if m.Since != nil {
		began = *m.Since
	}
	switch {
	case began.Before(i.startedAt.Add(-longAgo)):
		return -40
	case began.Before(i.startedAt.Add(-slack)):
		return -20
	case i.endedAt != nil && began.After(i.endedAt.Add(24*time.Hour)):
		return -60
	case i.endedAt != nil && began.After(i.endedAt.Add(aftermath)):
		return -25
	}
	return 8
}

// against is what makes a ticket another matter, however alike the words.
func (m *matcher) against(i *Issue, x *Matched) {
	switch {
	case m.Kind == "question" || m.Kind == "billing" || m.Kind == "subscription":
		x.add("request", "", -30)
	case m.facts.has("said_how_to") || m.facts.has("said_billing") || m.facts.has("said_licensing"):
		x.add("request", "", -14)
	}
	if own := m.own(); own != "" {
		x.add("own", own, -30)
	}
	if m.Affected == "one_user" {
		x.add("person", "", -5)
	}
	if !i.incident && m.Affected == "whole_tenant" && m.whole && m.facts.has("said_everyone") {
		x.add("person", "", -10) // a small thing does not stop a company
	}
	switch {
	case m.facts.has("found_not_in_health") && (m.Looked.IsZero() || !i.seenAt.After(m.Looked)):
		x.add("finding", "", -45)
	case m.facts.has("own_prevails"):
		x.add("finding", "", -30)
	}
}

// ownWords are what a customer says of a trouble that is his own.
var ownWords = []string{"said_credentials", "said_own_change", "said_expired", "said_misconfigured", "said_local_cause", "said_third_party", "said_others_work",
	"said_limit", "said_deleted", "said_own_network", "said_account", "said_migration"}

// own is the word by which the customer's own text tells another cause, "" for none.
func (m *matcher) own() string {
	for _, name := range ownWords {
		if m.facts.has(name) {
			return m.facts.Evidence(name).Quote
		}
	}
	return ""
}
