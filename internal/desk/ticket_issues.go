package desk

import (
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"
	"time"
)

// LinkedIssue is a ticket's bond with an issue, and the issue itself.
type LinkedIssue struct {
	TicketIssue
	Issue      Issue
	PersonName string // who attached, refused or detached; "" for the rules
}

// Who made a bond.
const (
	LinkByRules    = "rules"
	LinkByPerson   = "person"   // of the desk
	LinkByCustomer = "customer" // "this is my problem too"
)

// Events of a known issue on a ticket's timeline.
const (
	EventIssueProposed EventKind = "issue_proposed"
	EventIssueAttached EventKind = "issue_attached"
	EventIssueRefused  EventKind = "issue_refused"
	EventIssueDetached EventKind = "issue_detached"
	EventIssueNews     EventKind = "issue_news"   // its publisher or the desk said more of it
	EventIssueBack     EventKind = "issue_back"   // it was over and is not
	EventAskedAgain    EventKind = "asked_again"  // does it work again?
	EventWorksAgain    EventKind = "works_again"  // the customer says so
	EventStillBroken   EventKind = "still_broken" // the customer says that it does not
)

// AskingEvents ask whether it works again, answer that, or make the question
// pointless: the newest of them tells whether an answer is waited for.
var AskingEvents = []EventKind{EventAskedAgain, EventWorksAgain, EventStillBroken, EventIssueBack, EventClosed}

// AskedAgain tells whether the customer was asked and has not answered, by a
// ticket's timeline.
func (t Thread) AskedAgain() bool {
	if t.Ticket.State.Ended() {
		return false
	}
	for _, e := range slices.Backward(t.Happened) {
		if slices.Contains(AskingEvents, e.Kind) {
			return e.Kind == EventAskedAgain
		}
	}
	return false
}

// NewLink binds a ticket to an issue.
func NewLink(t Ticket, issue ID, state LinkState, by string, who ID, now time.Time) TicketIssue {
	return TicketIssue{TicketID: t.ID, IssueID: issue, CustomerID: t.CustomerID, State: state, By: by, PersonID: who, CreatedAt: now, ChangedAt: now}
}

// Attached is the issue that covers the ticket, nil without one.
func Attached(links []LinkedIssue) *LinkedIssue {
	for i := range links {
		if links[i].State == LinkAttached {
			return &links[i]
		}
	}
	return nil
}

// NewsAt is when there was last something to tell customers of the issue: by its
// publisher's clock, or the partner's own words.
func (i Issue) NewsAt() time.Time {
	if i.SaidAt != nil && i.SaidAt.After(i.ChangedAt) {
		return *i.SaidAt
	}
	return i.ChangedAt
}

// issueCode is an issue's id as Microsoft 365 gives them out (two letters for the
// service, then digits that grow).
var issueCode = regexp.MustCompile(`\b[A-Za-z]{2}\d{6,8}\b`)

// IssueCodes are the ids of issues that a text names, upper case.
func IssueCodes(text string) []string {
	codes := issueCode.FindAllString(text, 5)
	for i := range codes {
		codes[i] = strings.ToUpper(codes[i])
	}
	return codes
}

// About is what one word to many tickets speaks of: an issue or an incident.
type About struct{ Issue, Incident ID }

// AnnouncementPreview is whom an announcement would reach.
type AnnouncementPreview struct {
	Name      string // an issue's code, or an incident's number
	Tickets   int
	Customers int
	Languages map[string]int // of those who asked, tickets by language
}

// MaxAnnouncement bounds what is said to all, in characters of one language.
const MaxAnnouncement = 4_000

// NewAnnouncement checks one word to all tickets of an issue or an incident. A
// language that is left empty is served by the other. Errors: Invalid on
// "text_fr" or "text_en".
func NewAnnouncement(about About, who ID, texts map[string]string, key ID, now time.Time) (Announcement, error) {
	a := Announcement{ID: NewID(), IssueID: about.Issue, IncidentID: about.Incident, PersonID: who, State: AnnouncementWaiting, Key: key, CreatedAt: now, Texts: map[string]string{}}
	var p Problems
	for _, l := range []string{"fr", "en"} {
		text := cleanText(texts[l])
		p.Text("text_"+l, text, 0, MaxAnnouncement)
		if text != "" {
			a.Texts[l] = text
		}
	}
	if len(a.Texts) == 0 && len(p) == 0 {
		p.Add("text_fr", "error.required")
	}
	return a, p.Err()
}

// In is what is said to a reader of a language.
func (a Announcement) In(language string) string {
	if text := a.Texts[language]; text != "" {
		return text
	}
	for _, l := range []string{"en", "fr"} { // a language that is neither is answered in English, where there is any
		if text := a.Texts[l]; text != "" {
			return text
		}
	}
	return ""
}

// KeyFor names the message that a ticket gets, so that it gets no second.
func (a Announcement) KeyFor(ticket ID) ID {
	sum := sha256.Sum256(append(a.ID[:], ticket[:]...))
	var key ID
	copy(key[:], sum[:])
	key[6], key[8] = key[6]&0x0f|0x80, key[8]&0x3f|0x80 // RFC 9562, version 8
	return key
}

// Over tells an announcement that sends no more.
func (s AnnouncementState) Over() bool { return s == AnnouncementDone || s == AnnouncementFailed }
