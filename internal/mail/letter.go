// Package mail sends the desk's letters through SMTP: written from the
// partner's name, in the recipient's language, as text and as HTML.
package mail

import (
	"time"

	"guichet/internal/desk"
)

// Kind is what a letter is about.
type Kind string

// The letters of a desk.
const (
	Received Kind = "received" // acknowledgement of a new ticket
	Reply    Kind = "reply"    // somebody wrote on a ticket
	State    Kind = "state"    // a ticket ended, or went to Microsoft
	Reopened Kind = "reopened"
	Assigned Kind = "assigned"
	Due      Kind = "due"      // a deadline is near, or past
	Approval Kind = "approval" // an order waits for its reader, a manager
	Approved Kind = "approved"
	Refused  Kind = "refused"
	Known    Kind = "known"    // a published issue covers the ticket
	News     Kind = "news"     // more is known of it
	Works    Kind = "works"    // it is said to be over: does it work again?
	Back     Kind = "back"     // it was said to be over and is not
	Persists Kind = "persists" // the customer says that it does not work again
	Link     Kind = "link"     // a sign-in link; has no ticket

	IncidentProposed Kind = "incident_proposed" // to those who lead a desk; has no ticket
	AccessEnding     Kind = "access_ending"     // the same
	PlanEnding       Kind = "plan_ending"       // the same
	WebhookOff       Kind = "webhook_off"       // to a desk's admins; has no ticket
	EscalationOwed   Kind = "escalation_owed"   // to whom an escalation concerns

	Digest Kind = "digest" // several of the above about one ticket
	Daily  Kind = "daily"  // what happened since yesterday on the tickets of who wants to be told once a day
)

// Urgent tells the letters that do not wait for more to tell: what asks its reader to
// act, and what he waits for.
func (k Kind) Urgent() bool {
	return k == Received || k == Assigned || k == Due || k == Approval || k == Link
}

// OfIssue tells the letters that speak of a known issue.
func (k Kind) OfIssue() bool { return k == Known || k == News || k == Works || k == Back }

// Letter is one mail to one person. ID names it: sending it twice sends the
// same Message-ID (RFC 5322 §3.6.4).
type Letter struct {
	ID       desk.ID
	Kind     Kind
	Desk     desk.Desk
	To       desk.Person
	Ticket   desk.Ticket
	Message  desk.Said            // what was written, for Received, Reply and Approval
	Order    desk.PlacedOrder     // for Approval, Approved and Refused
	Incident desk.IncidentRecord  // for IncidentProposed
	Issue    *desk.Issue          // for those of a known issue; nil for Works of a trouble that nobody published
	Access   []desk.AccessWarning // for AccessEnding, one at least
	Plans    []desk.PlanWarning   // for PlanEnding, one at least
	Webhook  desk.Webhook         // for WebhookOff
	Path     string               // of the page that the letter leads to, from "/"
	Written  time.Time
	Name     string // what stands on the left side of its Message-ID, made of its ID; "": the ID
	ReplyTo  string // where its reader's answers go; "": to the desk's own address

	Before []string // Message-IDs, without brackets, of what it follows in its reader's thread, oldest first
	Stop   string   // path of the page that turns such letters off; "": they always arrive
	Words  Words    // the desk's own, where it has any, in its reader's language

	From    *Domain // in whose name it goes out; nil: the installation's
	Bounces string  // MAIL FROM: who hears that it did not arrive; "": the address that it is from

	Escalation desk.Escalation // for EscalationOwed
	Reminder   desk.Reminder   // the same
	Customer   string          // the same: his name

	Told []Letter // for Digest: what happened on the ticket, oldest first, each as its own letter would say it; for Daily: a Digest a ticket
}
