package inbound

import (
	"bytes"
	"strings"
)

// Read reads a raw mail, as it came from the wire or from a mailbox. It fails with ErrTooLarge or ErrUnreadable and
// with nothing else; whatever else is wrong with the mail is in its Problems.
func Read(raw []byte, limits Limits) (Message, error) {
	if len(raw) > limits.Raw {
		return Message{}, ErrTooLarge
	}
	r := &reader{limits: limits}
	root := r.entity(bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), "\r\n"), "", 0)
	if !isMail(root.header) {
		return Message{}, ErrUnreadable
	}
	m := r.envelope(root.header)
	g := r.gather(root)
	var pages []string
	for _, s := range g.body {
		if s.hasHTML {
			pages = append(pages, s.html)
		}
	}
	m.HTML = strings.Join(pages, "\n")
	m.Attachments = r.attachments(g.files, m.HTML)
	m.Automatic, m.Bounce = r.automatic(root, m, g)
	r.split(&m, root, g)
	m.Problems = r.problems
	return m, nil
}

// isMail asks for one field that every mail has at least one of.
func isMail(h header) bool {
	for _, f := range h {
		switch f.name {
		case "from", "to", "cc", "subject", "date", "message-id", "received", "return-path", "sender", "content-type", "mime-version", "delivered-to":
			return true
		}
	}
	return false
}

// envelope reads the header of the mail itself. Fields that begin with X- say nothing here that is believed, but for
// the address that the receiving server noted.
func (r *reader) envelope(h header) Message {
	m := Message{
		ReplyTo: r.addresses(h.all("reply-to")), To: r.addresses(h.all("to")), Cc: r.addresses(h.all("cc")),
		Subject: shortened(line(h.first("subject"))), InReplyTo: r.ids(h.first("in-reply-to")), References: r.ids(h.first("references")),
		Date: r.date(h.first("date")),
	}
	if len(h.all("from")) > 1 || len(r.addresses(h.all("from"))) > 1 {
		r.problem("the mail names more than one sender; the first was read")
	}
	for _, name := range []string{"from", "sender"} {
		if from := r.addresses([]string{h.first(name)}); len(from) > 0 && m.From.Email == "" {
			m.From = from[0]
		}
	}
	if m.From.Email == "" {
		m.From.Name = shortened(line(h.first("from")))
		r.problem("the sender has no address")
	}
	if ids := r.ids(h.first("message-id")); len(ids) > 0 {
		m.MessageID = ids[0]
	} else {
		m.MessageID = oneWord(strings.Trim(h.first("message-id"), "<> "))
	}
	for _, name := range []string{"delivered-to", "x-original-to"} {
		for _, a := range r.addresses(h.all(name)) {
			m.Delivered = append(m.Delivered, a.Email)
		}
	}
	return m
}
