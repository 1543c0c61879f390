package mail_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo"
	"guichet/internal/desk"
	"guichet/internal/mail"
)

// post sends letters to a mail server of this test's own and reads them there.
type post struct {
	*mail.Sender
	sink *demo.MailSink
}

func newPost(t *testing.T) post {
	t.Helper()
	sink, err := demo.StartMailSink()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	address, err := url.Parse(sink.URL())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(address.Port())
	if err != nil {
		t.Fatal(err)
	}
	s, err := mail.New(mail.Config{Host: address.Hostname(), Port: port, Security: mail.Plain, From: "Portal <desk@portal.example>",
		BaseURL: &url.URL{Scheme: "https", Host: "portal.example:8443"}})
	if err != nil {
		t.Fatal(err)
	}
	return post{s, sink}
}

// sent delivers a letter and returns it as it arrived.
func (p post) sent(t *testing.T, l mail.Letter) demo.Message {
	t.Helper()
	if _, err := p.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return p.sink.Messages()[0]
}

var written = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// letter is one about a ticket, to a customer's person.
func letter(kind mail.Kind, language string) mail.Letter {
	due := written.Add(2 * time.Hour)
	return mail.Letter{ID: desk.NewID(), Kind: kind, Path: "/alpine/tickets/1042", Written: written,
		Desk: desk.Desk{ID: desk.NewID(), Slug: "alpine", Name: "Alpine Cloud", Language: "fr", Zone: "Europe/Paris", Email: "support@alpine.example", Phone: "+33 4 65 71 20 40"},
		To:   desk.Person{ID: desk.NewID(), CustomerID: desk.NewID(), Name: "Léa Martin", Email: "lea@lumen.example", Role: desk.Contact, Language: language, Active: true},
		Ticket: desk.Ticket{ID: desk.NewID(), Number: 1042, Subject: "Courriels <en> retard & perdus", State: desk.Resolved, Clock: desk.FirstReply,
			DueFrom: &written, DueAt: &due},
		Message: desk.Said{Message: desk.Message{ID: desk.NewID(), Body: "Bonjour,\n\n<b>tout</b> est lent", CreatedAt: written}, AuthorName: "Inès Roche"},
		Order:   desk.PlacedOrder{Order: desk.Order{Reason: "Trop cher."}, ApproverName: "Max Keller"}}
}

func TestEveryLetterInBothLanguages(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for _, c := range []struct {
		kind   mail.Kind
		role   desk.Role
		state  desk.State
		quotes bool
		fr, en string // words of the sentence that says what happened
	}{
		{mail.Received, desk.Contact, desk.New, true, "Nous avons bien reçu votre demande", "We have your ticket 1042"},
		{mail.Reply, desk.Contact, desk.Open, true, "Inès Roche vous a écrit", "Inès Roche wrote to you"},
		{mail.Reply, desk.Agent, desk.Open, true, "Inès Roche a écrit sur la demande", "Inès Roche wrote on ticket 1042"},
		{mail.State, desk.Contact, desk.Resolved, false, "est réglée", "is solved"},
		{mail.State, desk.Contact, desk.Closed, false, "est fermée", "is closed"},
		{mail.State, desk.Contact, desk.WaitingMicrosoft, false, "chez Microsoft", "with Microsoft"},
		{mail.State, desk.Contact, desk.WaitingThirdParty, false, "chez un partenaire", "with a partner"},
		{mail.Reopened, desk.Agent, desk.Open, false, "est rouverte", "is open again"},
		{mail.Due, desk.Agent, desk.Open, false, "Première réponse à tenir avant", "First reply due before"},
		{mail.Assigned, desk.Agent, desk.Open, false, "vous est attribuée", "assigned to you"},
		{mail.Approval, desk.Manager, desk.New, true, "Inès Roche attend votre accord", "Inès Roche needs your approval"},
		{mail.Approved, desk.Contact, desk.New, false, "Max Keller a donné son accord", "Max Keller approved the order"},
		{mail.Refused, desk.Agent, desk.New, false, "Sa raison : Trop cher.", "The reason: Trop cher."},
	} {
		for language, words := range map[string]string{"fr": c.fr, "en": c.en} {
			name := string(c.kind) + " " + string(c.state) + " in " + language
			l := letter(c.kind, language)
			l.To.Role, l.Ticket.State = c.role, c.state
			if !c.quotes {
				l.Message = desk.Said{}
			}
			m := p.sent(t, l)
			plain := strings.Join(strings.Fields(m.Text), " ") // no-break spaces and line ends alike
			if !strings.Contains(plain, words) || !strings.Contains(m.HTML, `<html lang="`+language+`"`) {
				t.Errorf("%s: %q not in\n%s", name, words, m.Text)
			}
			if !strings.Contains(m.Subject, "1042") || !strings.HasSuffix(m.Subject, "Courriels <en> retard & perdus") {
				t.Errorf("%s: subject %q", name, m.Subject)
			}
			if !strings.Contains(m.Text, "https://portal.example:8443/alpine/tickets/1042\n") || !strings.Contains(m.HTML, `href="https://portal.example:8443/alpine/tickets/1042"`) {
				t.Errorf("%s leads nowhere:\n%s", name, m.Text)
			}
			if quoted := strings.Contains(m.Text, "> <b>tout</b> est lent"); quoted != c.quotes {
				t.Errorf("%s quotes: %v\n%s", name, quoted, m.Text)
			}
			if strings.Contains(m.HTML, "<b>tout</b>") || strings.Contains(m.HTML, "<en>") || c.quotes && !strings.Contains(m.HTML, "&lt;b&gt;tout") {
				t.Errorf("%s lets mark-up through:\n%s", name, m.HTML)
			}
			if missing := strings.Contains(m.Text+m.Subject, "mail.") || strings.Contains(m.Text, "{{") || strings.Contains(m.Text, "<no value>"); missing {
				t.Errorf("%s has words that nobody wrote:\n%s", name, m.Text)
			}
		}
	}
}

func TestALinksLetter(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for language, words := range map[string]string{"fr": "Alpine Cloud", "en": "Your sign-in link for Alpine Cloud"} {
		l := letter(mail.Link, language)
		l.Path, l.Ticket, l.Message = "/alpine/sign-in/link/TOKEN", desk.Ticket{}, desk.Said{}
		m := p.sent(t, l)
		if !strings.Contains(m.Subject, words) || !strings.Contains(m.Text, "https://portal.example:8443/alpine/sign-in/link/TOKEN\n") || !strings.Contains(m.Text, "15") {
			t.Errorf("%s: %s\n%s", language, m.Subject, m.Text)
		}
		if strings.Contains(m.Subject, "TOKEN") || len(m.Headers["References"]) != 0 {
			t.Errorf("%s: headers %v", language, m.Headers)
		}
	}
}

// A letter is the partner's, and its headers keep machines from answering it.
func TestHeaders(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	l := letter(mail.Received, "fr")
	l.Before = []string{"thread.x", "his@own.example", "no id", "two@at@signs", "a@b> <evil@c"}
	m := p.sent(t, l)
	want := map[string]string{"From": `"Alpine Cloud" <desk@portal.example>`, "Reply-To": `"Alpine Cloud" <support@alpine.example>`,
		"Message-Id": "<" + l.ID.String() + "@portal.example>", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
		"Date": "Mon, 02 Mar 2026 09:30:00 +0000"}
	for name, value := range want {
		if got := m.Headers[name]; !slices.Equal(got, []string{value}) {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if m.From != "desk@portal.example" || !slices.Equal(m.To, []string{"lea@lumen.example"}) || !strings.Contains(m.Headers["To"][0], "Léa Martin") {
		t.Errorf("from %s to %v, %v", m.From, m.To, m.Headers["To"])
	}
	if m.Text == "" || m.HTML == "" || len(m.Attachments) != 0 || !strings.HasPrefix(m.Headers["Content-Type"][0], "multipart/alternative") {
		t.Errorf("parts: %v, %d attachments", m.Headers["Content-Type"], len(m.Attachments))
	}
	reply := letter(mail.Reply, "fr")
	reply.Ticket.ID = l.Ticket.ID
	r := p.sent(t, reply)
	if len(r.Headers["Auto-Submitted"]) != 0 { // a person wrote it
		t.Errorf("a reply is marked %q", r.Headers["Auto-Submitted"])
	}
	if got := m.Headers["References"]; !slices.Equal(got, []string{"<thread.x@portal.example> <his@own.example>"}) || m.Headers["In-Reply-To"][0] != "<his@own.example>" {
		t.Errorf("it follows %q", got)
	}
}

func TestTheSameLetterHasTheSameName(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	l := letter(mail.Received, "fr")
	first, again := p.sent(t, l), p.sent(t, l)
	if first.Headers["Message-Id"][0] != again.Headers["Message-Id"][0] || first.ID == again.ID {
		t.Errorf("%q, then %q", first.Headers["Message-Id"], again.Headers["Message-Id"])
	}
	l.ID = desk.NewID()
	if other := p.sent(t, l); other.Headers["Message-Id"][0] == first.Headers["Message-Id"][0] {
		t.Error("another letter has the same name")
	}
}

// Line breaks in what people typed cannot begin a header or a recipient.
func TestNothingTypedBecomesAHeader(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for _, odd := range []string{"x\r\nBcc: victim@evil.example", "x\nBcc: victim@evil.example", "x\r\n\r\n<p>body</p>", "x\x00y", strings.Repeat("long ", 200), "é\r\nX-Evil: 1"} {
		l := letter(mail.Reply, "fr")
		l.Ticket.Subject, l.To.Name, l.Desk.Name, l.Message.AuthorName = odd, odd, odd, odd
		m := p.sent(t, l)
		if len(m.Headers["Bcc"])+len(m.Headers["X-Evil"]) != 0 || !slices.Equal(m.To, []string{"lea@lumen.example"}) {
			t.Errorf("%q: to %v, headers %v", odd, m.To, m.Headers)
		}
		if m.Text == "" || m.HTML == "" || !strings.Contains(m.Text, "> Bonjour,") {
			t.Errorf("%q cuts the letter short: %q", odd, m.Text)
		}
	}
}

func TestAFailedDeliveryIsAnError(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.sink.FailFirst(1)
	l := letter(mail.Received, "fr")
	if _, err := p.Send(t.Context(), l); err == nil || strings.Contains(err.Error(), l.To.Email) {
		t.Errorf("%v: an error, and without the address, for logs", err)
	}
	if len(p.sink.Messages()) != 0 {
		t.Error("it was delivered")
	}
	_ = p.sink.Close()
	if _, err := p.Send(t.Context(), l); err == nil {
		t.Error("a server that is down is no failure")
	}
}

// An installation without a mail server sends nothing, and that is no failure.
func TestWithoutAServerNothingIsSent(t *testing.T) {
	t.Parallel()
	s, err := mail.New(mail.Config{From: "a@b.example", BaseURL: &url.URL{Scheme: "https", Host: "b.example"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), letter(mail.Received, "fr")); err != nil {
		t.Error(err)
	}
	if _, err := mail.New(mail.Config{From: "no address", BaseURL: &url.URL{}}); err == nil {
		t.Error("a sender that is no address")
	}
}
