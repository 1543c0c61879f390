package mail

import (
	"strconv"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Shipped is what the portal says for a kind, written with variables.
func Shipped(k desk.LetterKind, language string) string {
	var named []any
	for _, name := range []string{"Number", "Subject", "Who", "Approver", "Reason", "Clock", "When"} {
		named = append(named, name, "{"+strings.ToLower(name)+"}")
	}
	return i18n.New(i18n.Lang(language), time.UTC, time.Time{}).T("mail."+string(k), named...)
}

// subject is that of all letters about a ticket.
func subject(l Letter, p *i18n.Printer) string {
	if own := l.Words[desk.LetterSubject]; own != "" {
		return desk.FillLetter(own, map[string]string{"number": strconv.FormatInt(l.Ticket.Number, 10), "subject": l.Ticket.Subject, "desk": l.Desk.Name})
	}
	return p.T("mail.subject", "Number", l.Ticket.Number, "Subject", l.Ticket.Subject)
}

// own says what happened in the desk's words, in paragraphs; nil where it has none.
func (s *Sender) own(l Letter, clock, when string) (lines []string) {
	body := l.Words[desk.LetterKind(s.words(l))]
	if body == "" {
		return nil
	}
	values := map[string]string{"number": strconv.FormatInt(l.Ticket.Number, 10), "subject": l.Ticket.Subject, "name": desk.FirstName(l.To.Name), "desk": l.Desk.Name,
		"who": l.Message.AuthorName, "approver": l.Order.ApproverName, "reason": l.Order.Reason, "clock": clock, "when": when}
	for paragraph := range strings.SplitSeq(body, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			lines = append(lines, desk.FillLetter(paragraph, values))
		}
	}
	return lines
}

// Preview is a letter about a made-up ticket, in some words.
func (s *Sender) Preview(d desk.Desk, k desk.LetterKind, language string, words map[desk.LetterKind]string, now time.Time) desk.LetterPreview {
	p := i18n.New(i18n.Lang(language), d.Location(), now)
	l := Letter{ID: desk.NewID(), Kind: Kind(k), Desk: d, Words: words, Written: now, Path: "/" + d.Slug + "/tickets/1042", ReplyTo: "reply@example.com",
		To: desk.Person{Name: p.T("words.sample_reader"), Role: desk.Contact, Language: language}}
	l.Ticket = desk.Ticket{ID: desk.NewID(), Number: 1042, Subject: p.T("words.sample_subject"), State: desk.Open}
	l.Order.ApproverName, l.Order.Reason = p.T("words.sample_approver"), p.T("words.sample_reason")
	said := func() {
		l.Message.ID, l.Message.AuthorName, l.Message.Body, l.Message.CreatedAt = desk.NewID(), p.T("words.sample_writer"), p.T("words.sample_message"), now
	}
	state, ofState := strings.CutPrefix(string(k), "state_")
	due := now.Add(2 * time.Hour)
	switch {
	case k == desk.LetterSubject, k == "reply":
		l.Kind = Reply
		said()
	case k == "customer_wrote":
		l.Kind, l.To.Role = Reply, desk.Agent
		said()
	case k == "approval":
		said()
	case ofState:
		l.Kind, l.Ticket.State = State, desk.State(state)
	case k == "overdue":
		due = now.Add(-2 * time.Hour)
		fallthrough
	case k == "due":
		l.Kind, l.Ticket.DueAt, l.Ticket.Clock = Due, &due, desk.FirstReply
	}
	c := s.content(l)
	return desk.LetterPreview{Language: language, Subject: line(c.Subject), Text: c.Text()}
}
