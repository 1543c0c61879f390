// Package inbound reads raw mail as a desk reads it: who writes to whom, what he wrote now and what he only quotes,
// whose mail he hands on, what a machine sent, what is attached. It takes bytes and returns values; what a mail may
// do (join a ticket, open one, wait) is judged elsewhere, and nothing here believes a sender's own claims about that.
//
// The structure of a mail is walked here, on slices of the raw bytes and within [Limits], rather than by a library:
// those that were tried read a mail whole before they can say how deep it is, and drop an attachment that has one
// broken character, or take an address out of an encoded name. Character sets, addresses that keep the rules and the
// cleaning of HTML are libraries' work.
package inbound

import (
	"errors"
	"time"
)

// ErrTooLarge says that a mail has more bytes than Limits.Raw, and ErrUnreadable that it has no header that could
// be one of a mail. Nothing else makes Read fail: what is wrong with a mail is in its Problems.
var (
	ErrTooLarge   = errors.New("the mail is too large")
	ErrUnreadable = errors.New("this is no mail: it has no From, To, Subject or Date")
)

// A Message is one mail, read. Its texts are UTF-8 with lines ended by \n; no field but HTML, Text and Quoted holds
// a line break, and none of those read from the header holds a control character.
type Message struct {
	From      Address   // who wrote it; Sender where there is no From. Email is "" when it names nobody
	ReplyTo   []Address // where answers shall go; empty is From
	To, Cc    []Address
	Delivered []string // addresses of Delivered-To and X-Original-To, in lower case, as the receiving server put them

	Subject    string
	MessageID  string   // without its angle brackets; "" when it has none
	InReplyTo  []string // ids without their brackets, in order
	References []string
	Date       *time.Time // as the sender's clock said; nil when it said nothing that can be read

	Text   string // what the sender wrote now, and what he forwards
	Quoted string // the rest: what he only quotes. Text and Quoted together hold every line
	HTML   string // the HTML body as it came, in UTF-8; "" when there is none. See Clean

	Automatic     Automatic
	Bounce        *Bounce  // of a bounce, what it says; nil for all else
	Forwarded     bool     // it hands on another's mail: whatever thread its header names, it is no answer in it
	ForwardedFrom *Address // who wrote what is handed on, where that can be read; Email may be ""
	Attachments   []Part
	Problems      []string // what could not be read as it should, in plain English, each once
}

// Automatic says which machine sent a mail, if any did.
type Automatic string

// Kinds of senders, from a person to what must never be answered. Where several fit, the later one is said.
const (
	No        Automatic = "no"
	List      Automatic = "list"       // a mailing list or bulk sender
	AutoReply Automatic = "auto-reply" // an answer that nobody wrote: away from the office, received with thanks
	Bounced   Automatic = "bounce"     // a report on the delivery of another mail, also of one merely late
)

// An Address is a mailbox: its address in lower case, and the name shown for it, or "".
type Address struct{ Name, Email string }

// A Part is a piece of a mail that is no body: a file, an image in the text, a mail that is attached.
type Part struct {
	Name      string // fit to show and to save under: no path, no control, no invisible character; never ""
	Type      string // the media type that the sender claims, in lower case
	ContentID string // what cid: links call it, without brackets; "" when it has none
	Inline    bool   // shown within the text rather than beside it
	Bytes     int64
	Body      []byte // decoded
}

// A Bounce is what a delivery report says of another mail.
type Bounce struct {
	Recipient string // who did not get it, in lower case; "" when the report does not say
	Status    string // as RFC 3463: "5.1.1"; "" when the report does not say
	Permanent bool   // it will not be tried again
	Delayed   bool   // it is late, and still tried
	Delivered bool   // it did arrive, or was handed on: a receipt
	Relayed   bool   // of these the latter: to a server that tells no more
	Reason    string // what the other server said, on one line
	MessageID string // of the mail that came back, without brackets; "" when the report does not hold it
}
