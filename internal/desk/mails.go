package desk

import (
	"slices"
	"strings"
	"time"
)

// MailState is what became of a mail that came in.
type MailState string

// States of a mail.
const (
	MailWaiting     MailState = "waiting"     // kept, and not yet judged
	MailTaken       MailState = "taken"       // it became a message, a ticket or a word of an escalation
	MailQuarantined MailState = "quarantined" // a person must say what becomes of it
	MailIgnored     MailState = "ignored"     // of a machine, or of somebody whom the desk does not hear
	MailDuplicate   MailState = "duplicate"   // it came before
	MailDropped     MailState = "dropped"     // a person said that nothing becomes of it
)

// MailReason is why a mail waits, or was ignored.
type MailReason string

// The reasons. Those from MailBounce on are of what is ignored.
const (
	MailUnreadable MailReason = "unreadable" // it could not be parsed
	MailFailed     MailReason = "failed"     // taking it failed again and again
	MailNoSender   MailReason = "no_sender"
	MailForged     MailReason = "forged"     // its sender's domain says that it is not his
	MailUnverified MailReason = "unverified" // nothing vouches for a sender whom nobody knows yet
	MailNotYours   MailReason = "not_yours"  // of an agent, to an address that was made for somebody else
	MailNoParty    MailReason = "no_party"   // its sender has no part in the ticket that it answers
	MailStranger   MailReason = "stranger"   // nobody knows the sender or his domain
	MailShared     MailReason = "shared"     // several customers have the sender's domain or address
	MailClosedDoor MailReason = "closed_door"
	MailAgentsOwn  MailReason = "agents_own" // one of the desk's people, who hands nothing on
	MailOff        MailReason = "off"        // one who may not work now
	MailFlood      MailReason = "flood"      // too many of one sender
	MailPrice      MailReason = "price"      // the ticket would cost something, which nobody agreed to
	MailRefused    MailReason = "refused"    // the form of a ticket does not take it
	MailProvider   MailReason = "provider"   // an answer to a dossier from somebody else than its reader
	MailBounce     MailReason = "bounce"
	MailAutoReply  MailReason = "auto_reply"
	MailList       MailReason = "list"
	MailLoop       MailReason = "loop" // our own letter, or one that went round
	MailUnknown    MailReason = "unknown"
)

// What a mail does to a ticket beside a message; the desk alone reads it.
const (
	EventMailBounced EventKind = "mail_bounced" // a letter about it did not arrive: "to", "reason"
	EventMailFails   EventKind = "mail_fails"   // nothing is sent to an address any more: "to"
	EventMailAuto    EventKind = "mail_auto"    // a machine answered one: "from", "subject"
	EventMailRefused EventKind = "mail_refused" // somebody who has no part in it answered: "from"
	EventMailLetIn   EventKind = "mail_let_in"  // one of the desk took a mail that waited: "from"
)

// MailVia is the door through which a mail came.
type MailVia string

// The doors.
const (
	ViaSMTP MailVia = "smtp"
	ViaLMTP MailVia = "lmtp"
	ViaIMAP MailVia = "imap"

	ViaGraph MailVia = "graph"
)

// Vouched is what the sender's domain says of a mail: the results of SPF, DKIM and
// DMARC by their own words ("pass", "fail", "none", …), as RFC 8601 has them.
type Vouched struct {
	SPF    string `json:"spf,omitempty"`
	DKIM   string `json:"dkim,omitempty"`
	DMARC  string `json:"dmarc,omitempty"`
	Policy string `json:"policy,omitempty"` // what the domain wants of a mail that fails: "none", "quarantine" or "reject"
	Domain string `json:"domain,omitempty"` // that vouches, aligned with the sender's
	By     string `json:"by,omitempty"`     // whose server checked, "" for ours
}

// SenderVerdict is that in one word: whether the sender's domain vouches for a mail.
type SenderVerdict string

// The verdicts on a sender.
const (
	SenderVerified SenderVerdict = "verified"
	SenderUnknown  SenderVerdict = "unverified" // nothing speaks for it, nothing against it
	SenderFailed   SenderVerdict = "failed"
)

// Sender sums up. A domain without a policy that fails no check of its own is not
// verified rather than failed.
func (v Vouched) Sender() SenderVerdict {
	switch {
	case v.DMARC == "pass", v.DMARC != "fail" && v.Domain != "":
		return SenderVerified
	case v.DMARC == "fail", (v.DMARC == "" || v.DMARC == "none") && v.SPF == "fail":
		return SenderFailed
	}
	return SenderUnknown
}

// Refused tells a mail that its sender's domain wants nobody to take.
func (v Vouched) Refused() bool {
	return v.DMARC == "fail" && (v.Policy == "reject" || v.Policy == "quarantine")
}

// Bounced is what a delivery report says of a letter of ours.
type Bounced struct {
	Recipient string `json:"recipient,omitempty"`
	Status    string `json:"status,omitempty"` // RFC 3463
	Permanent bool   `json:"permanent,omitempty"`
	Delayed   bool   `json:"delayed,omitempty"`
	Delivered bool   `json:"delivered,omitempty"`
	Relayed   bool   `json:"relayed,omitempty"` // or only handed on to a server that tells no more
	Reason    string `json:"reason,omitempty"`
	Letter    string `json:"letter,omitempty"` // the Message-ID of what came back
}

// Mail is a mail that came in.
type Mail struct {
	ID         ID
	Blob       string
	Bytes      int64
	Sum        string // SHA-256, in hexadecimal
	Via        MailVia
	Peer       string // the network address that handed it to us
	Helo       string
	Envelope   string // MAIL FROM
	Recipients []string
	MessageID  string
	FromName   string
	FromEmail  string
	Subject    string
	Automatic  string
	State      MailState
	Reason     MailReason
	Vouched    Vouched
	Problems   []string
	Bounce     *Bounced
	Quoted     string
	HTML       bool
	Number     int64 // of the ticket that it speaks of, 0 for none
	TicketID   ID    // that it went to
	CustomerID ID
	Message    ID // that it became
	PersonID   ID // who decided about it, Nobody: the portal
	DecidedAt  *time.Time
	CreatedAt  time.Time
}

// Limits of what is kept of a mail beside its raw text, in characters.
const (
	maxMailField  = 300
	maxMailQuoted = 100_000
	maxProblems   = 20
)

// Settle says what becomes of a mail.
func (m *Mail) Settle(s MailState, why MailReason, by ID, now time.Time) {
	m.State, m.Reason, m.PersonID, m.DecidedAt = s, why, by, &now
}

// Fit cuts what a sender wrote to what a row holds; bytes that no text holds go.
func (m *Mail) Fit() {
	m.MessageID, m.FromName, m.FromEmail = cut(m.MessageID, 998), cut(m.FromName, maxMailField), cut(m.FromEmail, 254)
	m.Subject, m.Helo, m.Envelope, m.Quoted = cut(m.Subject, maxMailField), cut(m.Helo, 255), cut(m.Envelope, 320), cut(m.Quoted, maxMailQuoted)
	m.Problems = m.Problems[:min(len(m.Problems), maxProblems)]
	for i := range m.Problems {
		m.Problems[i] = cut(m.Problems[i], maxMailField)
	}
	if b := m.Bounce; b != nil {
		b.Recipient, b.Status, b.Reason, b.Letter = cut(b.Recipient, 254), cut(b.Status, 20), cut(b.Reason, maxMailField), cut(b.Letter, 998)
	}
	if m.Problems == nil {
		m.Problems = []string{}
	}
}

// MailStates are those of mails that became no message, as the desk reads them.
var MailStates = []MailState{MailQuarantined, MailIgnored, MailDropped}

// MailRead is such a mail with its words.
type MailRead struct {
	Mail
	Text  string
	Files []string // their names
}

// MailSent is a mail that became a message, as its sender's program showed it.
type MailSent struct {
	Ticket Ticket
	Mail   Mail
	HTML   string // made harmless
	Held   int    // pictures from elsewhere that are left out
}

// Open tells a mail that a person may still make something of.
func (m Mail) Open() bool {
	return m.State == MailQuarantined || m.State == MailIgnored || m.State == MailDropped
}

// ByMail is what a ticket's page says of a message that came by mail.
type ByMail struct {
	ID      ID
	Message ID
	From    string // the sender's address
	Vouched Vouched
	Quoted  string
	HTML    bool
}

// Mailed is how a message came by mail, nil for one that did not.
func (th Thread) Mailed(message ID) *ByMail {
	i := slices.IndexFunc(th.Mails, func(m ByMail) bool { return m.Message == message })
	if i < 0 {
		return nil
	}
	return &th.Mails[i]
}

// DomainOf is the part of an address that names its mail server, in lower case.
func DomainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
