package desk

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"guichet/internal/rules"
)

// Limits of what a ticket is sorted by.
const (
	MaxTags = 16
	MaxTag  = rules.MaxTag
)

// TakeEffects lets the rule that decides now take the place of the one that
// decided before: what the former did is undone, unless a person has changed it
// since. It returns what changed, as an event tells it; nil for nothing.
func (t *Ticket) TakeEffects(before, now rules.Effects, rankedByHand bool) map[string]string {
	changed := map[string]string{}
	if to := t.rank(before, now); to != t.Priority && !rankedByHand {
		t.Priority = to
		changed["priority"] = strconv.Itoa(to)
	}
	tags := slices.DeleteFunc(slices.Clone(t.Tags), func(tag string) bool { return slices.Contains(before.Tags, tag) })
	for _, tag := range now.Tags {
		if tag = clean(tag); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if !slices.Equal(tags, t.Tags) {
		t.Tags = tags
		changed["tags"] = strings.Join(tags, ", ")
	}
	if t.Team == before.Team && t.Team != now.Team {
		t.Team = now.Team
		changed["team"] = now.Team
	}
	if len(changed) == 0 {
		return nil
	}
	return changed
}

// rank is the priority that a rule gives, or the one of the form again where
// the former rule had changed it.
func (t *Ticket) rank(before, now rules.Effects) int {
	switch {
	case now.Priority != 0:
		return now.Priority
	case before.Priority != 0:
		return priority(t.Impact, t.Affected)
	}
	return t.Priority
}

// Sort takes the tags, parted by commas, and the team that a person gives a
// ticket, and tells whether that changes anything. Errors: Invalid, by field.
func (t *Ticket) Sort(tags, team string) (bool, error) {
	team = clean(team)
	list := []string{}
	var p Problems
	p.Text("tags", tags, 0, MaxTags*(MaxTag+2))
	for _, tag := range strings.Split(tags, ",") {
		if tag = clean(tag); tag != "" && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
		if n := utf8.RuneCountInString(tag); n > MaxTag {
			p.Add("tags", "error.too_long", "Most", MaxTag, "Length", n)
		}
	}
	if len(list) > MaxTags {
		p.Add("tags", "error.too_many", "Most", MaxTags)
	}
	p.Text("team", team, 0, MaxTag)
	if err := p.Err(); err != nil || slices.Equal(list, t.Tags) && team == t.Team {
		return false, err
	}
	t.Tags, t.Team = list, team
	return true, nil
}

// Sorted is how tags and team differ from what they were, as an event tells it.
func (t Ticket) Sorted(was Ticket) map[string]string {
	changed := map[string]string{}
	if !slices.Equal(t.Tags, was.Tags) {
		changed["tags"] = strings.Join(t.Tags, ", ")
	}
	if t.Team != was.Team {
		changed["team"] = t.Team
	}
	return changed
}
