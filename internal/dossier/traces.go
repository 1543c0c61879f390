package dossier

import "time"

// Traces are the ids, codes, times and people that a text names, each once, in its order.
type Traces struct {
	Codes, NDRs, Issues                             []string // "AADSTS50105", "0x80070005"; "5.7.705"; "EX123456"
	Correlations, Requests, Traces, ClientRequests  []string
	DynAIDs, Vectors, Sessions, Apps                []string // ms-dyn-aid, MS-CV, session and application ids
	Messages, Senders, Recipients, Bounces          []string // Exchange: network message ids, addresses, lines of a non-delivery report
	People                                          []string // addresses and user principal names
	Subscriptions, Resources                        []string // Azure
	Sites, Environments, EnvironmentIDs, Workspaces []string // addresses of SharePoint, Dynamics and Power BI
	Meetings, Calls                                 []string // Teams
	Endpoints, Statuses, Errors, Counts, Steps      []string
	Times                                           []Moment
}

// Moment is a time that a text names.
type Moment struct {
	At        time.Time // UTC; zero when ambiguous
	Text      string    // as written
	Ambiguous bool      // its day or its zone is not sure
	Label     bool      // it stands behind a label of Microsoft's, as "Timestamp:"
	Since     bool      // the text says that something began then
}

// Read finds what Microsoft's support searches by. Times without a zone are taken in zone, or
// left ambiguous when it is nil; now tells days that are to come from days gone by.
func Read(text string, zone *time.Location, now time.Time) Traces { return read(text, zone, now, "") }

func read(text string, zone *time.Location, now time.Time, language string) Traces {
	return Traces{}
}
