package inbound

// A Reading is what a desk makes of a mail, for an admin's eyes and for scripts.
type Reading struct {
	From          string           `json:"from"`
	To            []string         `json:"to"`
	Cc            []string         `json:"cc"`
	Subject       string           `json:"subject"`
	MessageID     string           `json:"message_id"`
	InReplyTo     []string         `json:"in_reply_to"`
	References    []string         `json:"references"`
	Text          string           `json:"text"`
	Quoted        string           `json:"quoted"`
	HTML          bool             `json:"html"`
	Automatic     Automatic        `json:"automatic"`
	ForwardedFrom *string          `json:"forwarded_from"`
	Attachments   []AttachmentLine `json:"attachments"`
	Problems      []string         `json:"problems"`
}

// An AttachmentLine is an attachment without its bytes.
type AttachmentLine struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Bytes  int64  `json:"bytes"`
	Inline bool   `json:"inline"`
}

// Summary tells a message without its bytes. Its lists are never nil.
func Summary(m Message) Reading {
	s := Reading{
		From: m.From.shown(), To: emails(m.To), Cc: emails(m.Cc), Subject: m.Subject, MessageID: m.MessageID,
		InReplyTo: append([]string{}, m.InReplyTo...), References: append([]string{}, m.References...), Text: m.Text, Quoted: m.Quoted,
		HTML: m.HTML != "", Automatic: m.Automatic, Attachments: []AttachmentLine{}, Problems: append([]string{}, m.Problems...),
	}
	if m.ForwardedFrom != nil {
		from := m.ForwardedFrom.shown()
		s.ForwardedFrom = &from
	}
	for _, p := range m.Attachments {
		s.Attachments = append(s.Attachments, AttachmentLine{p.Name, p.Type, p.Bytes, p.Inline})
	}
	return s
}

// shown is the address, or the name of who has none.
func (a Address) shown() string {
	if a.Email == "" {
		return a.Name
	}
	return a.Email
}

func emails(list []Address) []string {
	all := make([]string, 0, len(list))
	for _, a := range list {
		all = append(all, a.shown())
	}
	return all
}
