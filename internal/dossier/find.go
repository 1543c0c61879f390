package dossier

import (
	"slices"
	"strings"
	"time"
)

// find gives a field its value: what a person typed, what the desk knows, what texts say.
func (b *builder) find(key string) found {
	if strings.HasPrefix(key, "contact_") {
		return b.contact(key)
	}
	if answer := b.in.Answers[key]; answer != "" {
		return b.answered(key, answer)
	}
	if reply, known := b.replies[key]; known {
		return reply
	}
	if fill, known := fills[key]; known {
		if f := fill(b); f.value != "" {
			return f
		}
	}
	if pick, known := picks[key]; known {
		return b.read(key, pick)
	}
	return nothing
}

// answered reads what a person typed: a time becomes UTC, yes and no are told apart.
func (b *builder) answered(key, answer string) found {
	f := found{value: answer, from: "answer", at: -1}
	switch key {
	case "started_at", "timestamp":
		f.value, f.problem = b.moment(answer)
	case "diagnostics_consent", "critical_function":
		switch {
		case yes(answer):
			f.value = "Yes"
		case no(answer):
			f.value = "No"
		case key == "diagnostics_consent":
			f.problem = "dossier.problem.yes_or_no"
		}
	}
	return f
}

// moment writes a typed time in UTC, or says why it cannot.
func (b *builder) moment(typed string) (value, problem string) {
	times := read(typed, b.in.Zone, b.in.Now, b.in.Ticket.Language).Times
	switch {
	case len(times) == 0:
		return typed, "dossier.problem.not_a_time"
	case times[0].Ambiguous:
		return typed, "dossier.problem.ambiguous_time"
	case !b.in.Now.IsZero() && times[0].At.After(b.in.Now.Add(time.Hour)):
		return utc(times[0].At), "dossier.problem.future"
	}
	return utc(times[0].At), ""
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// read takes the first value that a text gives. Steps are the customer's or of a finding: what
// the desk numbers are questions or instructions, and answers to them are no steps either.
func (b *builder) read(key string, pick func(Traces) []string) found {
	for _, s := range b.sources {
		if key == "steps" && s.from == "text" && (b.listed[s.at] || s.at > 0 && b.in.Said[s.at-1].Side == "desk") {
			continue
		}
		if values := pick(s.traces); len(values) > 0 {
			return found{value: values[0], from: s.from, at: s.at}
		}
	}
	return nothing
}

// picks are the fields that texts alone give.
var picks = map[string]func(Traces) []string{
	"error_code":        func(t Traces) []string { return slices.Concat(t.Codes, t.NDRs) },
	"correlation_id":    func(t Traces) []string { return t.Correlations },
	"request_id":        func(t Traces) []string { return t.Requests },
	"trace_id":          func(t Traces) []string { return t.Traces },
	"client_request_id": func(t Traces) []string { return t.ClientRequests },
	"dyn_aid":           func(t Traces) []string { return t.DynAIDs },
	"ms_cv":             func(t Traces) []string { return t.Vectors },
	"session_id":        func(t Traces) []string { return t.Sessions },
	"app_id":            func(t Traces) []string { return t.Apps },
	"message_id":        func(t Traces) []string { return t.Messages },
	"sender":            func(t Traces) []string { return t.Senders },
	"recipient":         func(t Traces) []string { return t.Recipients },
	"site_url":          func(t Traces) []string { return t.Sites },
	"environment_url":   func(t Traces) []string { return t.Environments },
	"environment_id":    func(t Traces) []string { return t.EnvironmentIDs },
	"workspace_url":     func(t Traces) []string { return t.Workspaces },
	"meeting_id":        func(t Traces) []string { return t.Meetings },
	"call_id":           func(t Traces) []string { return t.Calls },
	"subscription_id":   func(t Traces) []string { return t.Subscriptions },
	"resource_id":       func(t Traces) []string { return t.Resources },
	"endpoint":          func(t Traces) []string { return t.Endpoints },
	"http_status":       func(t Traces) []string { return t.Statuses },
	"error_text":        func(t Traces) []string { return t.Errors },
	"ndr":               func(t Traces) []string { return t.Bounces },
	"affected_count":    func(t Traces) []string { return t.Counts },
	"steps":             func(t Traces) []string { return t.Steps },
}
