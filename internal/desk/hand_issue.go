package desk

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// IssueForm is an issue as an agent records it.
type IssueForm struct {
	Code           string // as published, "" when it has none
	Title          string
	Service        string
	Places         string // separated by commas or lines
	Classification string
	Status         string
	Since          *time.Time // nil: now
	Next           *time.Time // when the publisher says more
	Everyone       bool
	Customers      []ID // whom it touches when not everyone
	BadSince       bool // what was typed is no time
	BadNext        bool
}

// HandStatuses are those that an agent may give an issue that is open, as
// Microsoft names them (Microsoft Graph, serviceHealthStatus).
func HandStatuses() []string {
	return []string{"investigating", "servicedegradation", "serviceinterruption", "restoringservice", "extendedrecovery"}
}

// Classifications are those of an issue ("How to check Microsoft 365 service
// health").
func Classifications() []string { return []string{"incident", "advisory"} }

// handEnded is the status of an issue that an agent ended.
const handEnded = "servicerestored"

// MostChosen bounds the customers of one form.
const MostChosen = 500

// RecordIssue makes an issue of what an agent knows and says of it. Errors:
// Invalid, by field.
func RecordIssue(f IssueForm, words WordsForm, by ID, now time.Time) (Issue, error) {
	i := Issue{ID: NewID(), AuthorID: by, FirstSeenAt: now, SeenAt: now}
	i.Source, i.Kind = FromHand, IssueKind
	i, wrong := i.Recorded(f, now)
	i, unsaid := i.Said(words, now)
	if len(i.Words) == 0 {
		i.SaidAt = nil
	}
	var p Problems
	for _, err := range []error{wrong, unsaid} {
		var invalid Invalid
		if errors.As(err, &invalid) {
			p.Merge(invalid.Problems)
		} else if err != nil {
			return i, err
		}
	}
	return i, p.Err()
}

// Recorded is an issue that was recorded by hand, with other settings. Errors:
// Invalid, by field; ErrConflict for one that a publisher speaks of.
func (i Issue) Recorded(f IssueForm, now time.Time) (Issue, error) {
	if i.Source != FromHand {
		return i, ErrConflict
	}
	i.Code, i.Title, i.Service = strings.ToUpper(clean(f.Code)), clean(f.Title), f.Service
	i.Places, i.Classification, i.Everyone, i.ChangedAt = splitPlaces(f.Places), f.Classification, f.Everyone, micro(now)
	if !i.Over {
		i.Status = f.Status
	}
	i.NextAt = f.Next
	if f.Since != nil {
		i.StartedAt = micro(*f.Since)
	} else if i.StartedAt.IsZero() {
		i.StartedAt = micro(now)
	}
	err := i.checkRecorded(f, now)
	if i.Code == "" { // it needs a name that no publisher gives
		i.Code = "H-" + strings.ToUpper(i.ID.String()[28:])
	}
	return i, err
}

func (i Issue) checkRecorded(f IssueForm, now time.Time) error {
	var p Problems
	if i.Code != "" && !IsIssueCode(i.Code) && !strings.HasPrefix(i.Code, "H-") {
		p.Add("code", "issues.bad_code")
	}
	p.Text("title", i.Title, 1, 200)
	if s, ok := ServiceNamed(i.Service); !ok || s.Name == "Unknown" || s.Name == "Other" {
		p.Add("service", "error.choose")
	}
	p.OneOf("classification", i.Classification, Classifications()...)
	if !i.Over {
		p.OneOf("stage", i.Status, HandStatuses()...)
	}
	for _, place := range i.Places {
		p.Text("places", place, 0, 60)
	}
	if len(i.Places) > 30 {
		p.Add("places", "error.too_many", "Most", 30)
	}
	switch {
	case f.BadSince || i.StartedAt.Year() < 2000:
		p.Add("since", "error.date")
	case i.StartedAt.After(now.Add(ClockSlack)):
		p.Add("since", "error.since_future")
	case i.EndedAt != nil && i.StartedAt.After(*i.EndedAt):
		p.Add("since", "issues.after_end")
	}
	checkNext(&p, "publisher_next", f.Next, f.BadNext, now)
	if !f.Everyone && len(f.Customers) == 0 {
		p.Add("customers", "issues.choose_customers")
	}
	if len(f.Customers) > MostChosen {
		p.Add("customers", "error.too_many", "Most", MostChosen)
	}
	return p.Err()
}

func checkNext(p *Problems, field string, at *time.Time, bad bool, now time.Time) {
	switch {
	case bad:
		p.Add(field, "error.date")
	case at != nil && (at.Before(now) || at.After(now.AddDate(0, 1, 0))):
		p.Add(field, "issues.next_when")
	}
}

// Ended is an issue that an agent says is over. Errors: ErrConflict for one that
// a publisher speaks of, or that is over already.
func (i Issue) EndedByHand(now time.Time) (Issue, error) {
	if i.Source != FromHand || i.Over {
		return i, ErrConflict
	}
	end := micro(now)
	if end.Before(i.StartedAt) {
		end = i.StartedAt
	}
	i.Over, i.EndedAt, i.Status, i.ChangedAt, i.NextAt = true, &end, handEnded, micro(now), nil
	return i, nil
}

// BackByHand is an issue that an agent says is not over after all. Errors:
// ErrConflict.
func (i Issue) BackByHand(now time.Time) (Issue, error) {
	if i.Source != FromHand || !i.Over {
		return i, ErrConflict
	}
	i.Over, i.EndedAt, i.Status, i.ChangedAt = false, nil, "servicedegradation", micro(now)
	return i, nil
}

func splitPlaces(s string) []string {
	list := []string{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }) {
		if part = clean(part); part != "" && !slices.Contains(list, part) {
			list = append(list, part)
		}
	}
	return list
}

// Said is an issue with the partner's words. Errors: Invalid, by field.
func (i Issue) Said(f WordsForm, now time.Time) (Issue, error) {
	words, p := f.Words.clean()
	same := i.WordAt != nil && f.Next != nil && i.WordAt.Equal(*f.Next)
	if !same { // a time that was promised and has passed may stand
		checkNext(&p, "next", f.Next, f.BadNext, now)
	}
	i.Words, i.WordAt, i.Public, i.SaidAt = words, f.Next, f.Public, &now
	return i, p.Err()
}

var issueCodes = regexp.MustCompile(`^(?:[A-Z]{2}[0-9]{6,8}|[A-Z0-9]{4}-[A-Z0-9]{3}|[A-Z0-9]{2}_[A-Z0-9]-[A-Z0-9]{3})$`)

// IsIssueCode tells a publisher's code, in capitals: Microsoft 365's EX1184213,
// Azure's BC_1-FXZ.
func IsIssueCode(code string) bool { return issueCodes.MatchString(code) }

// codeServices are the services that Microsoft's prefixes stand for, as far as
// they are known from published issues.
var codeServices = map[string]string{"EX": "Exchange Online", "MO": "Microsoft 365 suite", "TM": "Microsoft Teams", "SP": "SharePoint Online",
	"OD": "OneDrive for Business", "FM": "Microsoft Forms", "CR": "Dynamics 365 Apps", "IT": "Microsoft Intune", "DZ": "Microsoft Defender XDR",
	"PB": "Power BI", "OO": "Office for the web", "PL": "Planner", "CP": "Microsoft Copilot"}

// ServiceOfCode is the service that an issue's code speaks of, "" when unknown.
func ServiceOfCode(code string) string {
	if len(code) < 2 || !IsIssueCode(code) {
		return ""
	}
	return codeServices[code[:2]]
}
