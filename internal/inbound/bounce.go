package inbound

import (
	"bytes"
	"regexp"
	"strings"
)

// readStatus reads the fields that RFC 3464 defines: a block on the mail, then one on each recipient.
func (b *Bounce) readStatus(r *reader, e *entity) {
	data, _ := decodeTransfer(e.body, e.header.first("content-transfer-encoding"))
	inner := reader{limits: r.limits}
	for blocks := 0; len(bytes.TrimSpace(data)) > 0 && blocks < 50; blocks++ {
		var h header
		h, data = inner.readHeader(bytes.TrimLeft(data, "\r\n"))
		if len(h) == 0 {
			return
		}
		h = h.inUTF8()
		if !h.has("final-recipient") && !h.has("original-recipient") && !h.has("action") {
			continue
		}
		if b.Recipient != "" && b.Permanent {
			continue // the first that failed is the one that is told
		}
		b.readRecipient(h)
	}
}

func (b *Bounce) readRecipient(h header) {
	for _, name := range []string{"original-recipient", "final-recipient"} {
		_, address, _ := strings.Cut(h.first(name), ";")
		if found := addressIn.FindString(line(address)); found != "" {
			b.Recipient = strings.ToLower(found)
		}
	}
	b.Status = statusIn.FindString(h.first("status"))
	switch action := strings.ToLower(line(h.first("action"))); {
	case strings.HasPrefix(action, "failed"):
		b.Permanent = true
		b.Delayed, b.Delivered = false, false
	case strings.HasPrefix(action, "delayed"):
		b.Delayed = true
	case strings.HasPrefix(action, "delivered"), strings.HasPrefix(action, "relayed"), strings.HasPrefix(action, "expanded"):
		b.Delivered, b.Relayed = true, !strings.HasPrefix(action, "delivered")
	}
	_, said, _ := strings.Cut(h.first("diagnostic-code"), ";")
	if said = line(said); said != "" {
		b.Reason = said
	}
}

var (
	statusIn = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	refused  = regexp.MustCompile(`(?m)^.*\b[45]\d\d[ -](?:[45]\.\d|[A-Z#<]).*$`)
	reasoned = regexp.MustCompile(`(?im)^.*\b(?:said|responded|returned|response|réponse|reason)\b ?:.*$`)
	idLine   = regexp.MustCompile(`(?im)^[ >]*message-id:\s*<([^<>\s]+)>`)
	late     = regexp.MustCompile(`(?i)delayed|warning message only|will be retried|still being retried|not yet been delivered|retardé|différée|verzögert|remise différée|will continue to try`)
)

// readText reads what a report says to people, where it says nothing to machines: the first address in it, the line
// in which the other server refuses, and the header of the mail that came back.
func (b *Bounce) readText(text string) {
	head, _, _ := strings.Cut(text, "\nReceived: ")
	if b.Recipient == "" {
		for _, found := range addressIn.FindAllString(head, 20) {
			found = strings.ToLower(found)
			if !postman.MatchString(found) {
				b.Recipient = found
				break
			}
		}
	}
	for _, says := range []*regexp.Regexp{refused, reasoned} {
		if b.Reason == "" {
			b.Reason = line(says.FindString(head))
		}
	}
	if b.Status == "" {
		b.Status = statusIn.FindString(b.Reason)
	}
	if b.Status == "" {
		b.Status = statusIn.FindString(head)
	}
	if m := idLine.FindStringSubmatch(text); m != nil {
		b.MessageID = oneWord(m[1])
	}
	if !b.Permanent && !b.Delivered && !strings.HasPrefix(b.Status, "5") && late.MatchString(head) {
		b.Delayed = true
	}
}

func (b *Bounce) readOriginal(r *reader, h header) {
	if ids := r.ids(h.first("message-id")); len(ids) > 0 {
		b.MessageID = ids[0]
	}
	if to := r.addresses(h.all("to")); b.Recipient == "" && len(to) > 0 {
		b.Recipient = to[0].Email
	}
}

// maxReason bounds what the other server said, in bytes.
const maxReason = 500

// settle draws from what was read what was not said.
func (b *Bounce) settle(m Message) {
	if !b.Delayed && !b.Delivered {
		b.Permanent = !strings.HasPrefix(b.Status, "4")
	}
	// Exchange and others name the mail that came back as the one that they answer.
	if b.MessageID == "" && len(m.InReplyTo) > 0 {
		b.MessageID = m.InReplyTo[0]
	}
	if len(b.Reason) > maxReason {
		b.Reason = strings.ToValidUTF8(b.Reason[:maxReason], "")
	}
}
