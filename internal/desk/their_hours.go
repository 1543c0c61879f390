package desk

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"guichet/internal/hours"
)

// theirFile is what Microsoft promises by plan and severity, and when its desks
// are open by language (Partner Center, "Report problems on behalf of a customer";
// "Partner Support languages and hours"; the plans' own pages). They are initial
// replies only; an end is promised to nobody.
//
//go:embed their_hours.json
var theirFile []byte

type theirTimes struct {
	Plans     map[string]map[string]theirPromise `json:"plans"` // kind, severity
	Calendars map[string]hours.Spec              `json:"calendars"`
	read      map[string]hours.Calendar
}

type theirPromise struct {
	Minutes int  `json:"minutes"`
	Always  bool `json:"always"` // round the clock, else in the hours of the language
}

var their = sync.OnceValue(func() theirTimes {
	var t theirTimes
	if err := json.Unmarshal(theirFile, &t); err != nil {
		panic("their_hours.json: " + err.Error())
	}
	t.read = map[string]hours.Calendar{}
	for language, spec := range t.Calendars {
		c, err := hours.Parse(spec)
		if err != nil {
			panic("their_hours.json: " + err.Error())
		}
		t.read[language] = c
	}
	return t
})

// TheirLanguages lists the languages whose hours are known.
func TheirLanguages() []string {
	var list []string
	for language := range their().read {
		list = append(list, language)
	}
	slices.Sort(list)
	return list
}

// TheirReply is when Microsoft promised to answer a request first: the target by
// plan and severity in the hours of the language, and the sum behind it. False where
// the plan promises nothing for that severity.
func TheirReply(plan, severity, language string, filed time.Time) (due time.Time, sum []ReplyLine, ok bool) {
	return PlanTaken{Kind: plan, Language: language}.Reply(severity, filed)
}

// Reply is TheirReply by the plan that was taken: what it states itself goes before
// what its kind promises. Where only the plan says anything, the worst severity is
// answered round the clock, as with every kind.
func (l PlanTaken) Reply(severity string, filed time.Time) (due time.Time, sum []ReplyLine, ok bool) {
	t := their()
	p, known := t.Plans[l.Kind][severity]
	if minutes, stated := l.Replies[severity]; stated {
		p.Minutes, p.Always, known = minutes, p.Always || severity == Severities[0], true
	}
	if !known {
		return due, nil, false
	}
	calendar := hours.Always()
	if !p.Always {
		if calendar, known = t.read[l.Language]; !known {
			calendar = t.read["en"]
		}
	}
	due, lines, err := calendar.Add(filed, time.Duration(p.Minutes)*time.Minute)
	if err != nil {
		return due, nil, false
	}
	for _, l := range lines {
		sum = append(sum, ReplyLine{From: l.From, To: l.To, Minutes: int(l.To.Sub(l.From) / time.Minute)})
	}
	return due, sum, true
}
