package desk

import "time"

// LetterTopic is a kind of news that a person may be told of by mail.
type LetterTopic string

// The topics. What is of none of them always arrives: sign-in links, orders that wait
// for approval, and that a ticket was received.
const (
	AlwaysTold      LetterTopic = ""
	LettersMine     LetterTopic = "mine"     // tickets that he asked for
	LettersAssigned LetterTopic = "assigned" // tickets that are his to work on
	LettersFollowed LetterTopic = "followed" // tickets that he follows
	LettersIssues   LetterTopic = "issues"   // published problems that hit his tickets
	LettersWarnings LetterTopic = "warnings" // deadlines, and what is about to end
)

// LetterWhen is how soon somebody is told.
type LetterWhen string

// The choices. None made is at once.
const (
	LettersNow   LetterWhen = "now"
	LettersDaily LetterWhen = "daily" // in one letter, in the morning
	LettersNever LetterWhen = "never"
)

// LetterTopics lists those that somebody in a role hears of.
func LetterTopics(r Role) []LetterTopic {
	if r.DeskSide() {
		return []LetterTopic{LettersAssigned, LettersFollowed, LettersWarnings}
	}
	return []LetterTopic{LettersMine, LettersFollowed, LettersIssues}
}

// Whens lists the choices that a topic leaves: a warning of tomorrow morning is none.
func (t LetterTopic) Whens() []LetterWhen {
	if t == LettersWarnings {
		return []LetterWhen{LettersNow, LettersNever}
	}
	return []LetterWhen{LettersNow, LettersDaily, LettersNever}
}

// LetterChoices is what a person chose, by topic; "" is at once.
type LetterChoices struct {
	Mine     LetterWhen `json:"mine,omitempty"`
	Assigned LetterWhen `json:"assigned,omitempty"`
	Followed LetterWhen `json:"followed,omitempty"`
	Issues   LetterWhen `json:"issues,omitempty"`
	Warnings LetterWhen `json:"warnings,omitempty"`
}

func (c *LetterChoices) of(t LetterTopic) *LetterWhen {
	switch t {
	case LettersMine:
		return &c.Mine
	case LettersAssigned:
		return &c.Assigned
	case LettersFollowed:
		return &c.Followed
	case LettersIssues:
		return &c.Issues
	case LettersWarnings:
		return &c.Warnings
	}
	return new(LetterWhen)
}

// When is how soon news of a topic is told.
func (c LetterChoices) When(t LetterTopic) LetterWhen {
	if w := *c.of(t); w != "" {
		return w
	}
	return LettersNow
}

// With returns the choices with another one.
func (c LetterChoices) With(t LetterTopic, w LetterWhen) LetterChoices {
	*c.of(t) = w
	return c
}

// LettersDailySum stands for the daily letter, where it is turned off as a whole.
const LettersDailySum LetterTopic = "daily"

// Without returns the choices of somebody who wants no more letters of a topic.
func (c LetterChoices) Without(t LetterTopic) LetterChoices {
	if t != LettersDailySum {
		return c.With(t, LettersNever)
	}
	for _, x := range []LetterTopic{LettersMine, LettersAssigned, LettersFollowed, LettersIssues} {
		if c.When(x) == LettersDaily {
			c = c.With(x, LettersNever)
		}
	}
	return c
}

// wrong says which choices a role does not have.
func (c LetterChoices) wrong(r Role) (wrong Problems) {
	for _, t := range LetterTopics(r) {
		allowed := []string{}
		for _, w := range t.Whens() {
			allowed = append(allowed, string(w))
		}
		wrong.OneOf(string(t), string(c.When(t)), allowed...)
	}
	return wrong
}

// summaryHour is when daily letters leave, by their reader's clock.
const summaryHour = 8

// NextSummary is the first morning after an instant at which daily letters leave.
func NextSummary(after time.Time, at *time.Location) time.Time {
	day := after.In(at)
	morning := time.Date(day.Year(), day.Month(), day.Day(), summaryHour, 0, 0, 0, at)
	if !morning.After(after) {
		morning = time.Date(day.Year(), day.Month(), day.Day()+1, summaryHour, 0, 0, 0, at)
	}
	return morning
}
