package prose

import (
	"strings"

	"guichet/internal/desk"
)

const (
	longestLabel = 90 // bytes, as published
	mostParts    = 40
)

// labels are those that Microsoft uses: of posts on issues, of reviews after an
// incident, of the message centre. Lower case.
var labels = func() map[string]bool {
	set := map[string]bool{}
	for label := range strings.SplitSeq(`title
user impact
customer impact
business impact
impact
impact statement
summary of impact
more info
more information
current status
final status
scope of impact
start time
end time
preliminary start time
estimated start time
estimated end time
estimated time to resolve
estimated time to resolution
root cause
preliminary root cause
workaround
current workaround
mitigation
next update by
next update
next steps
next step
action required
what happened
what do we know so far
what went wrong and why
how did we respond
how are we making incidents like this less likely or less impactful
how can customers make incidents like this less impactful
how can we make our incident communications more useful
when this will happen
how this will affect your organization
how does this affect me
what you need to do to prepare
what do i need to do to prepare
actions taken
timeline
findings`, "\n") {
		set[label] = true
	}
	return set
}()

// Parts are the labelled parts of a plain text, in order. A label stands at the
// beginning of a line with a colon behind it, or alone on its line. What comes
// before the first is in none.
func Parts(text string) []desk.PostPart {
	var parts []desk.PostPart
	var body []string
	end := func() {
		if len(parts) > 0 {
			parts[len(parts)-1].Text = strings.TrimSpace(strings.Join(body, "\n"))
		}
		body = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		label, rest, found := labelled(line)
		if !found || len(parts) == mostParts {
			body = append(body, line)
			continue
		}
		end()
		parts = append(parts, desk.PostPart{Label: label})
		body = append(body, rest)
	}
	end()
	return parts
}

// labelled takes a line with a label apart.
func labelled(line string) (label, rest string, found bool) {
	before, after, colon := strings.Cut(line, ":")
	if !colon {
		before, after = line, ""
	}
	if label := plainLabel(before); labels[label] {
		return label, strings.TrimSpace(after), true
	}
	return "", "", false
}

func isLabel(text string) bool {
	return labels[plainLabel(strings.TrimSuffix(strings.TrimSpace(text), ":"))]
}

// plainLabel drops what is written about a label: bullets, (UTC), a question
// mark.
func plainLabel(text string) string {
	if len(text) > longestLabel {
		return ""
	}
	label := strings.ToLower(strings.Trim(text, " \t-–•*_?\u00a0"))
	label = strings.TrimSpace(strings.TrimSuffix(label, "(utc)"))
	return strings.Join(strings.Fields(label), " ")
}
