package desk

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// IncidentAct is what a person does to an incident.
type IncidentAct string

// The acts.
const (
	OpenIncident     IncidentAct = "open"     // a proposal is right
	MitigateIncident IncidentAct = "mitigate" // it works again
	CloseIncident    IncidentAct = "close"
	DismissIncident  IncidentAct = "dismiss"
	ReopenIncident   IncidentAct = "reopen"
)

// incidentWays says from where an act leads where. A merged incident stays so:
// its tickets are another's.
var incidentWays = map[IncidentAct]struct {
	from []IncidentState
	to   IncidentState
}{
	OpenIncident:     {[]IncidentState{IncidentProposed}, IncidentOpen},
	MitigateIncident: {[]IncidentState{IncidentOpen}, IncidentMitigated},
	CloseIncident:    {[]IncidentState{IncidentOpen, IncidentMitigated}, IncidentClosed},
	DismissIncident:  {[]IncidentState{IncidentProposed, IncidentOpen}, IncidentDismissed},
	ReopenIncident:   {[]IncidentState{IncidentMitigated, IncidentClosed, IncidentDismissed}, IncidentOpen},
}

// Can tells whether an act leads from a state anywhere.
func (s IncidentState) Can(act IncidentAct) bool { return slices.Contains(incidentWays[act].from, s) }

// Mergeable tells an incident that can become part of another, or take another in.
func (s IncidentState) Mergeable() bool { return !s.Over() }

// Act moves the incident; words are the summary of one that is closed, the
// reason of one that is dismissed, and not read otherwise. Errors: ErrConflict
// where its state does not allow that; Invalid on "act", "summary" or "reason".
func (r *IncidentRecord) Act(act IncidentAct, words string, who ID, now time.Time) error {
	way, known := incidentWays[act]
	if !known {
		return NewInvalid("act", "error.choose")
	}
	if !r.State.Can(act) {
		return ErrConflict
	}
	words = cleanText(words)
	var p Problems
	switch act {
	case CloseIncident:
		p.Text("summary", words, 1, MaxSummary)
	case DismissIncident:
		p.Text("reason", words, 1, MaxReason)
	}
	if err := p.Err(); err != nil {
		return err
	}
	switch act {
	case CloseIncident:
		r.File.Summary = words
	case DismissIncident:
		r.File.Reason = words
	case OpenIncident:
		r.File.OpenedBy = who
	case ReopenIncident:
		if r.File.OpenedBy == Nobody {
			r.File.OpenedBy = who
		}
		r.File.Reason = ""
	}
	r.enter(way.to, now)
	return nil
}

// enter keeps when it ended: the first time that it worked again, as far as that
// held.
func (r *IncidentRecord) enter(to IncidentState, now time.Time) {
	switch {
	case to == IncidentOpen:
		r.EndedAt = nil
	case r.EndedAt == nil:
		r.EndedAt = &now
	}
	if to.Over() {
		r.NextAt = nil
	}
	r.State = to
	r.File.ChangedAt = now
}

// MergeInto makes an incident part of another, which keeps the earlier start and
// the request at Microsoft where only one has one. Errors: Invalid on "into" for
// itself or one that is over, or when both have a request; ErrConflict when it is
// over itself.
func (r *IncidentRecord) MergeInto(other *IncidentRecord, now time.Time) error {
	switch {
	case !r.State.Mergeable():
		return ErrConflict
	case other.ID == r.ID, !other.State.Mergeable():
		return NewInvalid("into", "error.incident.into")
	case other.File.Request != "" && r.File.Request != "":
		return NewInvalid("into", "error.incident.two_requests")
	}
	if r.StartedAt.Before(other.StartedAt) {
		other.StartedAt = r.StartedAt
	}
	if other.Region != r.Region {
		other.Region = ""
	}
	if other.File.Request == "" && r.File.Request != "" {
		other.File.Request, other.File.RequestedAt, other.File.RequestedBy = r.File.Request, r.File.RequestedAt, r.File.RequestedBy
		r.File.Request, r.File.RequestedAt, r.File.RequestedBy = "", nil, Nobody
	}
	// A person looked at one of them: then it is no mere proposal any more.
	if other.State == IncidentProposed && r.State != IncidentProposed {
		other.State, other.File.OpenedBy = IncidentOpen, r.File.OpenedBy
	}
	other.File.ChangedAt = now
	r.File.MergedInto = other.ID
	r.enter(IncidentMerged, now)
	return nil
}

// requestShape is a request's number at Microsoft: 15 digits in Partner Center's
// and the Azure portal's samples, 16 in some; text, since it may begin with a
// zero.
var requestShape = regexp.MustCompile(`^[0-9]{15,16}$`)

// requestNumber is a request's number at Microsoft as people paste it: in groups, or
// with what its letters put before it ("TrackingID#2611…"). What is no such number
// stays as it is, to be refused.
func requestNumber(s string) string {
	s = clean(s)
	_, digits, labelled := strings.Cut(s, "#")
	if !labelled {
		digits = s
	}
	digits = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == '.' {
			return -1
		}
		return r
	}, digits)
	if requestShape.MatchString(digits) {
		return digits
	}
	return s
}

// TakeRequest notes the one request at Microsoft. Errors: Invalid on "request";
// ErrConflict when there is another one already, or nothing to ask for.
func (r *IncidentRecord) TakeRequest(number string, who ID, now time.Time) error {
	number = requestNumber(number)
	if !requestShape.MatchString(number) {
		return NewInvalid("request", "error.request")
	}
	if r.State != IncidentOpen && r.State != IncidentMitigated || r.File.Request != "" && r.File.Request != number {
		return ErrConflict
	}
	if r.File.Request == number {
		return nil
	}
	r.File.Request, r.File.RequestedAt, r.File.RequestedBy, r.File.ChangedAt = number, &now, who, now
	return nil
}

// Say takes over what customers read. Errors: Invalid, by field and language
// ("title_fr"); ErrConflict when it is merged or was none.
func (r *IncidentRecord) Say(w WordsForm, now time.Time) error {
	if r.State == IncidentDismissed || r.State == IncidentMerged {
		return ErrConflict
	}
	words, p := w.Words.clean()
	switch {
	case w.BadNext:
		p.Add("next", "error.date")
	case w.Next != nil && w.Next.Before(now):
		p.Add("next", "error.incident.next_past")
	}
	if err := p.Err(); err != nil {
		return err
	}
	r.Words, r.NextAt, r.Public, r.SaidAt = words, w.Next, w.Public, &now
	r.File.ChangedAt = now
	return nil
}

// Describe changes what the incident is about. Errors: Invalid, by field;
// ErrConflict once it is over.
func (r *IncidentRecord) Describe(f IncidentForm, now time.Time) error {
	if r.State.Over() {
		return ErrConflict
	}
	if err := r.describe(f, now); err != nil {
		return err
	}
	r.File.ChangedAt = now
	return nil
}
