package dossier

import (
	"slices"
	"strings"
	"time"
)

// Traces are the ids, codes, times and people that a text names, each once, in its order.
type Traces struct {
	Codes, NDRs, Issues                             []string // "AADSTS50105", "0x80070005"; "5.7.705"; "EX123456"
	Correlations, Requests, Traces, ClientRequests  []string
	DynAIDs, Vectors, Sessions, Apps                []string // ms-dyn-aid, MS-CV, session and application ids
	Messages, Senders, Recipients, Bounces          []string // Exchange: network message ids, addresses, lines of a non-delivery report
	People                                          []string // addresses and user principal names
	Subscriptions, Resources                        []string // Azure
	Sites, Environments, EnvironmentIDs, Workspaces []string // SharePoint, Dynamics and Power Platform, Power BI
	Meetings, Calls                                 []string // Teams
	Endpoints, Statuses                             []string // addresses of an API that were called, and what it answered
	Errors, Counts, Steps                           []string // lines that hold an error, how many are affected, how to see it again
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

// maxText bounds how much of a text, in bytes, is read for ids: what matters is at its top.
const maxText = 200_000

func read(text string, zone *time.Location, now time.Time, language string) Traces {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	var t Traces
	about := holdsAny(strings.ToLower(text), mailWords)
	for line := range strings.SplitSeq(text, "\n") {
		if lower := strings.ToLower(line); strings.TrimSpace(line) != "" {
			for _, p := range patterns {
				if !p.mail || about {
					p.read(line, lower, &t)
				}
			}
			t.readErrors(line, lower)
		}
	}
	t.readSteps(text)
	t.Times = readTimes(text, zone, now, language)
	return t
}

// read keeps what the pattern finds in a line: its group "v", unless its group "no" has matched too.
func (p pattern) read(line, lower string, t *Traces) {
	if !holdsAny(lower, p.hints) {
		return
	}
	value, no := p.re.SubexpIndex("v"), p.re.SubexpIndex("no")
	for _, m := range p.re.FindAllStringSubmatch(line, maxFound) {
		if v := strings.TrimRight(m[value], ".,;:"); (no < 0 || m[no] == "") && (p.fits == nil || p.fits(v)) {
			keep(p.into(t), v)
		}
	}
}

func holdsAny(lower string, hints []string) bool {
	return slices.ContainsFunc(hints, func(hint string) bool { return strings.Contains(lower, hint) })
}

// maxOfKind is how many of a kind are kept, maxFound how many are looked at.
const (
	maxOfKind = 20
	maxFound  = 200
)

func keep(list *[]string, value string) {
	if value != "" && len(*list) < maxOfKind && !slices.Contains(*list, value) {
		*list = append(*list, value)
	}
}
