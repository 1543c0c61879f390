package desk

import (
	"strings"
	"time"

	"guichet/internal/rules"
)

// The two categories that an incident gives its tickets.
const (
	Regional       = rules.Regional      // one service, several customers of a place
	NetworkOutage  = rules.NetworkOutage // several services, several places
	severalService = "Microsoft 365 suite"
)

// IncidentKinds are the categories that an incident may have.
var IncidentKinds = []Category{Regional, NetworkOutage}

// Incident is a problem that several customers share: what those whom it touches
// may read of it. The desk's own file is an IncidentFile.
type Incident struct {
	ID        ID
	Number    int64
	Kind      Category // regional_multitenant or network_outage
	Service   string
	Region    string // "" when it is in several places
	State     IncidentState
	Public    bool
	Words     Words
	SaidAt    *time.Time
	NextAt    *time.Time // when the desk says more
	StartedAt time.Time
	EndedAt   *time.Time
	CreatedAt time.Time
}

// IncidentState is where an incident stands.
type IncidentState string

// The states of an incident.
const (
	IncidentProposed  IncidentState = "proposed" // detection saw it, nobody has looked yet
	IncidentOpen      IncidentState = "open"
	IncidentMitigated IncidentState = "mitigated" // it works again; customers are asked
	IncidentClosed    IncidentState = "closed"
	IncidentDismissed IncidentState = "dismissed" // it was none
	IncidentMerged    IncidentState = "merged"
)

// Over tells an incident that takes no more tickets.
func (s IncidentState) Over() bool {
	return s == IncidentClosed || s == IncidentDismissed || s == IncidentMerged
}

// Decides tells an incident whose tickets are decided by it. What it decided
// stands when it is closed.
func (s IncidentState) Decides() bool {
	return s == IncidentOpen || s == IncidentMitigated || s == IncidentClosed
}

// IncidentFile is what only the desk reads of an incident.
type IncidentFile struct {
	IncidentID  ID
	Title       string
	Evidence    IncidentEvidence
	OpenedBy    ID // Nobody: detection
	Summary     string
	Reason      string // why it was dismissed or merged
	MergedInto  ID
	Request     string // the number of the request at Microsoft
	RequestedAt *time.Time
	RequestedBy ID
	Revision    int
	ChangedAt   time.Time
}

// IncidentEvidence is what detection saw when it spoke.
type IncidentEvidence struct {
	DetectedAt time.Time `json:"detected_at,omitzero"`
	Customers  int       `json:"customers,omitempty"`  // that complained
	Usual      float64   `json:"usual,omitempty"`      // that complain at such an hour
	Chance     float64   `json:"chance,omitempty"`     // that as many complain by accident
	Window     int       `json:"window,omitempty"`     // minutes looked at
	FalseRate  float64   `json:"false_rate,omitempty"` // false incidents that the desk must expect in a year
	Hint       bool      `json:"hint,omitempty"`       // at a desk so small that two customers are worth a look, and no more
}

// IncidentRecord is an incident with its file: what the desk works on.
type IncidentRecord struct {
	Incident
	File IncidentFile
}

// IncidentForm is an incident as a person describes it.
type IncidentForm struct {
	Title, Service, Region, Kind string
	Since                        *time.Time // nil: now
	BadSince                     bool       // typed but not a date
	Tickets                      []int64    // numbers of its first ones
}

// MaxSummary is the longest summary of an incident, in characters.
const MaxSummary = 2_000

// incidentHistory is how long ago an incident may have begun.
const incidentHistory = 90 * 24 * time.Hour

// NewIncident opens an incident by hand; its number comes from the store. Errors:
// Invalid, by the form's field names.
func NewIncident(f IncidentForm, who ID, now time.Time) (IncidentRecord, error) {
	r := IncidentRecord{Incident: Incident{ID: NewID(), State: IncidentOpen, Words: Words{}, StartedAt: now, CreatedAt: now}}
	r.File = IncidentFile{IncidentID: r.ID, OpenedBy: who, Revision: 1, ChangedAt: now}
	err := r.describe(f, now)
	return r, err
}

// describe takes over what a form says of an incident.
func (r *IncidentRecord) describe(f IncidentForm, now time.Time) error {
	f.Title, f.Region = clean(f.Title), clean(f.Region)
	var p Problems
	p.Text("title", f.Title, 1, MaxSubject)
	service, known := ServiceNamed(f.Service)
	if !known {
		p.Add("service", "error.service")
	}
	p.Text("region", f.Region, 0, 60)
	p.OneOf("kind", f.Kind, plainTexts(IncidentKinds)...)
	switch {
	case f.BadSince:
		p.Add("since", "error.date")
	case f.Since != nil && f.Since.After(now.Add(5*time.Minute)): // clocks differ a little
		p.Add("since", "error.since_future")
	case f.Since != nil && f.Since.Before(now.Add(-incidentHistory)):
		p.Add("since", "error.since_past")
	}
	if err := p.Err(); err != nil {
		return err
	}
	r.Kind, r.Service, r.Region, r.File.Title = Category(f.Kind), service.Name, f.Region, f.Title
	if f.Since != nil {
		r.StartedAt = *f.Since
	}
	return nil
}

// Sighting is what detection saw: the words of its proposal, and its evidence.
type Sighting struct {
	Title    string
	Kind     Category
	Service  string // "" for several
	Region   string // "" for several
	Since    time.Time
	Evidence IncidentEvidence
}

// ProposedIncident is what detection lays before the desk.
func ProposedIncident(s Sighting, now time.Time) IncidentRecord {
	service, known := ServiceNamed(s.Service)
	if !known || s.Service == "" {
		service.Name = severalService
	}
	title := clean(s.Title)
	if r := []rune(title); len(r) > MaxSubject {
		title = strings.TrimSpace(string(r[:MaxSubject]))
	}
	s.Evidence.DetectedAt = now
	r := IncidentRecord{Incident: Incident{ID: NewID(), Kind: s.Kind, Service: service.Name, Region: clean(s.Region),
		State: IncidentProposed, Words: Words{}, StartedAt: s.Since, CreatedAt: now}}
	r.File = IncidentFile{IncidentID: r.ID, Title: title, Evidence: s.Evidence, Revision: 1, ChangedAt: now}
	return r
}

// Announcement is one word to all tickets of an issue or an incident.
type Announcement struct {
	ID         ID
	IssueID    ID // either
	IncidentID ID // or
	PersonID   ID
	Texts      map[string]string // by language
	State      AnnouncementState
	Total      int
	Done       int
	Skipped    int // ended or left meanwhile
	Key        ID
	CreatedAt  time.Time
	EndedAt    *time.Time
}

// AnnouncementState is how far an announcement is.
type AnnouncementState string

// The states of an announcement.
const (
	AnnouncementWaiting AnnouncementState = "waiting"
	AnnouncementRunning AnnouncementState = "running"
	AnnouncementDone    AnnouncementState = "done"
	AnnouncementFailed  AnnouncementState = "failed"
)
