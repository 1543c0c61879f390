// Package signals reads a ticket: what its words, its form, the findings of agents, Microsoft's
// service health and other tickets say about where the fault lies. It turns text in several
// languages into facts with names, so that rules need not know about words.
package signals

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Input is all that is known of a ticket when it is read. Absent parts are empty.
type Input struct {
	Language                          string // as the ticket says; detected when empty
	Kind, Subject, Body               string
	Service, Region, Affected, Impact string // as the form gives them
	Findings                          []Finding
	KnownIssue                        *KnownIssue
	SimilarLastHour                   int            // open tickets of other customers about the service
	Corrections                       map[string]any // facts that a person set right, by name
}

// Finding is a diagnostic step. Kind and Result may be empty when it is only known as text.
type Finding struct{ Kind, Result, Text string }

// KnownIssue is a problem that Microsoft has published. Status is Graph's serviceHealthStatus.
type KnownIssue struct {
	ID, Service, Classification, Status, Title, Region string

	Attached bool `json:"-"` // known to cover the ticket, or to have covered it
}

// maxRead bounds how much of a subject and a body, in bytes, is read: what customers say about
// a problem is at the top, and a megabyte of log below it must not cost a second.
const maxRead = 20_000

// Read computes the facts of a ticket. It never fails: what cannot be read gives no fact.
func Read(in Input) Facts {
	r := reader{in: cleaned(in), facts: newFacts()}
	text := r.in.Subject + "\n\n" + unquoted(r.in.Body)
	r.text = passageOf(text)
	r.readForm()
	r.readText()
	r.readFindings()
	r.readHealth()
	r.facts.set("similar", int64(max(in.SimilarLastHour, 0)), Evidence{Source: FromTickets})
	r.facts.Correct(in.Corrections)
	r.facts.weigh()
	r.facts.Correct(in.Corrections)
	r.facts.read = &r
	return r.facts
}

// Text is the words of a ticket as the fact "text" holds them: folded, without quoted mail.
func Text(subject, body string) string {
	return strings.Join(wordTexts(recognise(split(clean(subject)+"\n\n"+unquoted(clean(body))))), " ")
}

// reader is one reading under way.
type reader struct {
	in    Input
	facts Facts
	text  passage
	found []passage

	placed bool // whether where is known
	where  place
}

func (r *reader) readForm() {
	form := Evidence{Source: FromForm}
	r.facts.set("kind", r.in.Kind, form)
	r.facts.set("affected", r.in.Affected, form)
	r.facts.set("service", r.in.Service, form)
	r.facts.set("subject", r.in.Subject, form)
	language := strings.ToLower(r.in.Language)
	if language == "" {
		if at := detect(r.text.words); at < len(languages) {
			language = languages[at]
		}
	}
	r.facts.set("language", language, form)
	family := familyOf(r.in.Service)
	named := namedServices(r.text)
	if family == "" && len(named) > 0 {
		family = named[0].family
	}
	r.facts.set("family", family, form)
	r.facts.set("named_services", names(named), Evidence{Source: FromText})
	r.facts.set("region", r.place().name, form)
}

func (r *reader) readText() {
	r.facts.set("text", strings.Join(wordTexts(r.text.words), " "), Evidence{Source: FromText})
	r.facts.set("words", int64(len(r.text.calm())), Evidence{Source: FromText})
	r.facts.set("ids", ids(r.text.original), Evidence{Source: FromText})
	for _, s := range r.text.sights() {
		r.facts.set("said_"+s.concept, true, Evidence{Source: FromText, Quote: s.quote})
	}
	r.facts.Correct(r.in.Corrections) // before anything is computed from what was read
	r.facts.count("said_service_signs", "said_", FromText, serviceSigns)
}

func (r *reader) readFindings() {
	for _, f := range r.in.Findings {
		if f.Text == "" && f.Kind == "" {
			continue
		}
		p := passageOf(f.Text)
		r.found = append(r.found, p)
		if concept := recorded[f.Kind+" "+f.Result]; concept != "" {
			r.facts.set("found_"+concept, true, Evidence{Source: FromFinding, Quote: shorten(f.Text)})
		}
		if f.Kind == "health" {
			r.healthRecorded(f)
		}
		for _, concept := range found(p) {
			r.facts.set("found_"+concept, true, Evidence{Source: FromFinding, Quote: shorten(f.Text)})
		}
	}
	r.facts.set("findings", int64(len(r.found)), Evidence{Source: FromFinding})
	r.facts.Correct(r.in.Corrections)
	r.facts.count("own_signs", "found_", FromFinding, ownSigns)
	r.facts.count("service_signs", "found_", FromFinding, serviceSigns)
}

// healthRecorded takes the agent's word for it that a published issue covers the
// ticket, or no longer does: the last look at service health counts.
func (r *reader) healthRecorded(f Finding) {
	if f.Result != "info" {
		r.facts.values["issue_covers"] = f.Result == "confirmed"
		r.facts.evidence["issue_covers"] = Evidence{Source: FromFinding, Quote: shorten(f.Text)}
	}
}

// found returns the concepts of one finding. A part that is settled says nothing of the rest, and
// what a finding clears, it does not accuse: "licence correct, reassigned without effect".
func found(p passage) []string {
	var concepts []string
	for _, s := range p.sights() {
		concepts = append(concepts, s.concept)
	}
	if slices.Contains(concepts, "settled") {
		return []string{"settled"}
	}
	if slices.ContainsFunc(concepts, func(c string) bool { return slices.Contains(clearing, c) }) {
		concepts = slices.DeleteFunc(concepts, func(c string) bool { return slices.Contains(cleared, c) })
	}
	return concepts
}

// recorded says what a finding means that an agent recorded by kind and result, whatever its words.
var recorded = map[string]string{
	"health ruled_out":        "not_in_health",
	"reproduced confirmed":    "reproduced",
	"other_account confirmed": "all_clients",
	"other_account ruled_out": "account",
	"other_device confirmed":  "all_clients",
	"other_device ruled_out":  "local_cause",
	"configuration confirmed": "misconfigured",
	"configuration ruled_out": "verified",
	"local_cause confirmed":   "local_cause",
	"local_cause ruled_out":   "verified",
}

// cleaned returns the input with every text fit to be read.
func cleaned(in Input) Input {
	for _, text := range []*string{&in.Language, &in.Kind, &in.Subject, &in.Body, &in.Service, &in.Region, &in.Affected, &in.Impact} {
		*text = clean(*text)
	}
	findings := make([]Finding, len(in.Findings))
	for i, f := range in.Findings {
		findings[i] = Finding{Kind: f.Kind, Result: f.Result, Text: clean(f.Text)}
	}
	in.Findings = findings
	if in.KnownIssue != nil {
		issue := *in.KnownIssue
		for _, text := range []*string{&issue.ID, &issue.Service, &issue.Classification, &issue.Status, &issue.Title, &issue.Region} {
			*text = clean(*text)
		}
		in.KnownIssue = &issue
	}
	return in
}

// clip cuts a text to maxRead bytes, at a rune.
func clip(s string) string {
	if len(s) <= maxRead {
		return s
	}
	at := maxRead
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at]
}

// clean makes a text fit to be cut into words: valid UTF-8, no NUL, one kind of line end.
func clean(s string) string {
	s = strings.ToValidUTF8(clip(s), " ")
	return strings.TrimSpace(tidy.Replace(s))
}

var tidy = strings.NewReplacer("\x00", " ", "\r\n", "\n", "\r", "\n")

func wordTexts(words []word) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return texts
}
