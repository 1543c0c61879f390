package mail

import (
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// Preview is a letter about made-up things, in some words.
func (s *Sender) Preview(d desk.Desk, k desk.LetterKind, language string, words Words, now time.Time) desk.LetterPreview {
	p := i18n.New(i18n.Lang(language), d.Location(), now)
	if k == "dossier" {
		d.Language = language
		subject, text := sampleDossier(d, words, p).words()
		return desk.LetterPreview{Language: language, Subject: line(subject), Text: text}
	}
	l := sample(d, k, p)
	l.Words = words
	c := s.content(l)
	return desk.LetterPreview{Language: language, Subject: line(c.Subject), Text: c.Text()}
}

// sample is a letter of made-up things.
func sample(d desk.Desk, k desk.LetterKind, p *i18n.Printer) Letter {
	now := p.Now()
	l := Letter{ID: desk.NewID(), Kind: Kind(k), Desk: d, Written: now, Path: "/" + d.Slug,
		To: desk.Person{Name: p.T("words.sample_reader"), Role: desk.Contact, Language: string(p.Lang())}}
	if k.Group() == desk.LettersToTeam || k.Group() == desk.LettersEscalation || k.Group() == desk.LettersOfDesk {
		l.To.Role = desk.Agent
	}
	switch {
	case k == "link":
		l.Path += "/sign-in/link/…"
	case k.InThread(), k == desk.LetterSubject:
		aboutSample(&l, k, p)
	case k == "daily":
		x := l
		x.Kind = Reply
		aboutSample(&x, "reply", p)
		x.Told = []Letter{x}
		l.Told, l.Path = []Letter{x}, l.Path+"/tickets"
	default:
		ofDeskSample(&l, k, p)
	}
	return l
}

// aboutSample makes a letter one about a ticket.
func aboutSample(l *Letter, k desk.LetterKind, p *i18n.Printer) {
	now := p.Now()
	l.Path, l.ReplyTo = l.Path+"/tickets/1042", "reply@example.com"
	l.Ticket = desk.Ticket{ID: desk.NewID(), Number: 1042, Subject: p.T("words.sample_subject"), State: desk.Open}
	l.Order.ApproverName, l.Order.Reason = p.T("words.sample_approver"), p.T("words.sample_reason")
	said := func() {
		l.Message.ID, l.Message.AuthorName, l.Message.Body, l.Message.CreatedAt = desk.NewID(), p.T("words.sample_writer"), p.T("words.sample_message"), now
	}
	state, ofState := strings.CutPrefix(string(k), "state_")
	due := now.Add(2 * time.Hour)
	switch {
	case k == desk.LetterSubject, k == "reply", k == "customer_wrote":
		l.Kind = Reply
		said()
	case k == "approval":
		said()
	case k == "digest":
		one, other := *l, *l
		aboutSample(&one, "reply", p)
		aboutSample(&other, "state_resolved", p)
		l.Told = []Letter{one, other}
	case ofState:
		l.Kind, l.Ticket.State = State, desk.State(state)
	case k == "overdue":
		due = now.Add(-2 * time.Hour)
		fallthrough
	case k == "due":
		l.Kind, l.Ticket.DueAt, l.Ticket.Clock = Due, &due, desk.FirstReply
	}
}

// ofDeskSample makes a letter one to who leads the desk, or has an escalation.
func ofDeskSample(l *Letter, k desk.LetterKind, p *i18n.Printer) {
	now := p.Now()
	soon := now.Add(7 * 24 * time.Hour)
	kind := string(k)
	switch {
	case k == "incident_proposed":
		l.Incident.Number, l.Incident.File.Title, l.Incident.File.Evidence.Customers = 12, p.T("words.sample_title"), 3
	case k == "access_ending":
		l.Access = []desk.AccessWarning{{Customer: p.T("words.sample_customer"), Name: p.T("words.sample_access"), EndsAt: soon}}
	case k == "plan_ending":
		l.Plans = []desk.PlanWarning{{Name: p.T("words.sample_plan"), Expires: desk.DayOf(soon, l.Desk.Location())}}
	case strings.HasPrefix(kind, "webhook_"):
		l.Kind, l.Webhook.URL, l.Webhook.OffReason = WebhookOff, "https://psa.example.com/guichet", strings.TrimPrefix(kind, "webhook_")
	default:
		l.Kind, l.Reminder = EscalationOwed, desk.Reminder{Kind: desk.ReminderKind(strings.TrimPrefix(kind, "remind_")), At: now.Add(-2 * time.Hour)}
		l.Escalation.Number, l.Escalation.Target, l.Escalation.Request = 31, "microsoft", "2411260030001234"
		l.Customer, l.Ticket.Number, l.Ticket.Subject = p.T("words.sample_customer"), 1042, p.T("words.sample_subject")
	}
}

func sampleDossier(d desk.Desk, words Words, p *i18n.Printer) Dossier {
	x := Dossier{ID: desk.NewID(), Desk: d, Words: words, Subject: p.T("words.sample_subject"), ToName: p.T("words.sample_provider"), Text: p.T("words.sample_dossier"), Written: p.Now()}
	x.Escalation.Number = 31
	return x
}
