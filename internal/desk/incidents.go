package desk

import "time"

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
