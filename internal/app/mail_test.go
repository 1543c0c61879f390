package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/mail"
	"guichet/internal/mailbox"
	"guichet/internal/post"
	"guichet/internal/postgres"
	"guichet/internal/vouch"
)

// mailed is a world that takes mail by SMTP. Its domains below .example let this
// machine send in their name and want all else put aside; of others nothing is known.
type mailed struct {
	*world
	smtp string
	done map[int64]bool // jobs that were worked

	boxes app.Mailboxes // how mailboxes are opened; nil: by IMAP
}

func newMailed(t *testing.T) *mailed {
	t.Helper()
	w := &mailed{world: newWorld(t), done: map[int64]bool{}}
	sink := made(url.Parse(w.mail.URL()))
	var port int
	made(fmt.Sscan(sink.Port(), &port))
	sender := made(mail.New(mail.Config{Host: sink.Hostname(), Port: port, Security: mail.Plain, From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))}))
	w.App = made(app.New(app.Parts{DB: w.db, Mail: sender, Secrets: w.sealer, Now: w.clock.read, Files: files.Folder(w.files),
		MailIn: app.MailIn{Domain: "in.test", Vouch: vouch.New(demo.Names{}), Mailboxes: w.openBox}, SignIn: app.SignInConfig{BaseURL: "https://portal.example"}}))
	l := made(net.Listen("tcp", "127.0.0.1:0"))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	door := post.New(w.App, post.Config{Domain: "in.test", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	go func() { ended <- door.Serve(ctx, l) }()
	t.Cleanup(func() { stop(); <-ended })
	w.smtp = l.Addr().String()
	return w
}

func (w *mailed) openBox(ctx context.Context, box desk.Mailbox, secret string, from desk.MailPlace) (app.Mailbox, error) {
	if w.boxes != nil {
		return w.boxes(ctx, box, secret, from)
	}
	return mailbox.Open(ctx, mailbox.Config{Private: true, Largest: 1 << 20}, box, secret, from)
}

var mailNumber atomic.Int64

// raw writes a mail. Fields are "Name: value".
func raw(from, subject, text string, fields ...string) string {
	head := []string{"From: " + from, "Subject: " + subject, "Date: Mon, 02 Mar 2026 09:00:00 +0000"}
	if !slices.ContainsFunc(fields, func(f string) bool { return strings.HasPrefix(f, "Message-ID:") }) {
		head = append(head, fmt.Sprintf("Message-ID: <m%d@sender.test>", mailNumber.Add(1)))
	}
	return strings.Join(append(head, fields...), "\r\n") + "\r\n\r\n" + text + "\r\n"
}

// send mails by SMTP and has what came in judged.
func (w *mailed) send(t *testing.T, from, body string, to ...string) {
	t.Helper()
	if err := smtp.SendMail(w.smtp, nil, from, to, []byte(body)); err != nil {
		t.Fatal(err)
	}
	w.judge(t)
}

// judge does what the worker does.
func (w *mailed) judge(t *testing.T) {
	t.Helper()
	for id, job := range w.jobs(t, "mail_arrived") {
		var arrived app.MailArrived
		if err := json.Unmarshal(job, &arrived); err != nil {
			t.Fatal(err)
		}
		if err := w.JudgeMail(t.Context(), arrived); err != nil {
			t.Fatal(err)
		}
		w.done[id] = true
	}
}

func (w *mailed) jobs(t *testing.T, kind string) map[int64][]byte {
	t.Helper()
	rows := made(w.sql(t).Query(t.Context(), `select id, args from river.river_job where kind = $1 order by id`, kind))
	out := map[int64][]byte{}
	for rows.Next() {
		var id int64
		var args []byte
		if err := rows.Scan(&id, &args); err != nil {
			t.Fatal(err)
		}
		if !w.done[id] {
			out[id] = args
		}
	}
	return out
}

// last is the newest mail that a desk has.
func (w *mailed) last(t *testing.T, d desk.Desk) (m desk.Mail) {
	t.Helper()
	var id desk.ID
	if err := w.sql(t).QueryRow(t.Context(), `select id from mails where desk_id = $1 order by created_at desc, id desc limit 1`, d.ID).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if err := w.db.View(t.Context(), desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) { m, err = tx.Mail(id); return err }); err != nil {
		t.Fatal(err)
	}
	return m
}

// became asserts what became of the newest mail of the first desk.
func (w *mailed) became(t *testing.T, what string, s desk.MailState, why desk.MailReason) desk.Mail {
	t.Helper()
	m := w.last(t, w.one.desk)
	if m.State != s || m.Reason != why {
		t.Errorf("%s: %s, %q (problems %q, vouched %+v), want %s, %q", what, m.State, m.Reason, m.Problems, m.Vouched, s, why)
	}
	return m
}

// letter sends the letters that wait, and returns the newest to somebody.
func (w *mailed) letter(t *testing.T, to string) (reply, name string) {
	t.Helper()
	for id, job := range w.jobs(t, "notice") {
		var n app.Notice
		if err := json.Unmarshal(job, &n); err != nil {
			t.Fatal(err)
		}
		if err := w.SendNotice(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		w.done[id] = true
	}
	for _, m := range w.mail.Messages() {
		if slices.Contains(m.To, to) {
			return made(netmail.ParseAddress(m.Headers["Reply-To"][0])).Address, m.Headers["Message-Id"][0]
		}
	}
	t.Fatalf("no letter to %s", to)
	return "", ""
}

func (w *mailed) said(t *testing.T, number int64) (list []string) {
	t.Helper()
	for _, m := range w.thread(t, w.one, number).Said {
		list = append(list, m.Body)
	}
	return list
}

func (w *mailed) tickets(t *testing.T) int {
	t.Helper()
	return w.count(t, `select count(*) from tickets`)
}

func read(r io.ReadCloser) string {
	defer r.Close()
	return string(made(io.ReadAll(r)))
}

const here = "one@in.test"

// From a mail to a ticket, and back by the address that its letter carries.
func TestAMailOpensATicketAndAReplyReachesIt(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	c := w.one.first
	lea := c.contact.Person.Email
	w.send(t, lea, raw(lea, "Fwd: Outlook est lent", "Bonjour,\n\nOutlook est lent depuis ce matin.", "To: "+here), here)
	m := w.became(t, "a known person's mail", desk.MailTaken, "")
	th := w.thread(t, w.one, m.Number)
	if th.Ticket.Subject != "Outlook est lent" || th.Ticket.RequesterID != c.contact.Person.ID || th.Ticket.Outcome == "" || !strings.Contains(th.Said[0].Body, "depuis ce matin") {
		t.Errorf("the ticket: %+v", th.Ticket)
	}
	if by := th.Mailed(th.Said[0].ID); by == nil || by.Vouched.Sender() != desk.SenderVerified || by.From != lea {
		t.Errorf("its message: %+v", by)
	}
	number := m.Number
	reply, name := w.letter(t, lea)
	if local, _, _ := strings.Cut(reply, "@"); len(local) > 64 || !strings.HasSuffix(reply, "@in.test") {
		t.Errorf("its answer goes to %s", reply)
	}
	w.send(t, lea, raw(lea, "Re: whatever", "C'est revenu.\n\nLe lundi 2 mars 2026, Desk one a écrit :\n> Nous avons bien reçu votre demande", "To: "+reply), strings.ToUpper(reply))
	w.became(t, "a reply to the address", desk.MailTaken, "")
	w.send(t, lea, raw(lea, "Re: whatever", "Encore une fois.", "In-Reply-To: "+name), here)
	w.became(t, "a reply that names our letter", desk.MailTaken, "")
	if said := w.said(t, number); len(said) != 3 || said[1] != "C'est revenu." || said[2] != "Encore une fois." {
		t.Errorf("said: %q", said)
	}
	if m := w.thread(t, w.one, number).Mailed(w.thread(t, w.one, number).Said[1].ID); m == nil || !strings.Contains(m.Quoted, "Nous avons bien") {
		t.Errorf("what he quotes: %+v", m)
	}
	if err := w.CloseTicket(t.Context(), w.one.agent, number); err != nil {
		t.Fatal(err)
	}
	w.send(t, lea, raw(lea, "Re: whatever", "Toujours lent."), reply)
	if th := w.thread(t, w.one, number); th.Ticket.State.Ended() || len(th.Said) != 4 {
		t.Errorf("a reply to a closed ticket: %s, %d", th.Ticket.State, len(th.Said))
	}

	// An agent answers by mail at his own address alone.
	ines := w.one.agent.Person.Email
	if err := w.AssignTicket(t.Context(), w.one.admin, number, w.one.agent.Person.ID); err != nil {
		t.Fatal(err)
	}
	his, _ := w.letter(t, ines)
	if his == reply {
		t.Fatal("two people have one address")
	}
	w.send(t, ines, raw(ines, "Re: whatever", "Redémarrez Outlook."), his)
	w.became(t, "an agent's reply", desk.MailTaken, "")
	last := w.thread(t, w.one, number).Said[4]
	if last.Body != "Redémarrez Outlook." || last.Internal || last.Side != desk.DeskSide || last.AuthorID != w.one.agent.Person.ID {
		t.Errorf("an agent's reply: %+v", last)
	}
	w.send(t, ines, raw(ines, "Re: whatever", "By the customer's address."), reply)
	w.became(t, "an agent's reply to somebody else's address", desk.MailQuarantined, desk.MailNotYours)
	if n := w.tickets(t); n != 1 || len(w.said(t, number)) != 5 {
		t.Errorf("%d tickets, said %q", n, w.said(t, number))
	}
}

// Nobody gets into a ticket by what anybody can write.
func TestForgedMailReachesNoTicket(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	lea, sam := w.one.first.contact.Person.Email, w.one.second.contact.Person.Email
	number := w.submit(t, w.one.first.contact, desk.Submission{})
	id := w.thread(t, w.one, number).Ticket.ID.String()
	reply, name := w.letter(t, lea)
	subject := fmt.Sprintf("Re: [%d] Question about Teams", number)
	unsigned := "<" + strings.SplitN(name[1:], ".", 2)[0] + "@portal.example>"
	altered := strings.Replace(name, ".", "0.", 1)
	forged := strings.Replace(reply, fmt.Sprintf(".%d.", number), fmt.Sprintf(".%d.", number+1), 1)
	wait := func(what, from, peer string, why desk.MailReason, to string, fields ...string) {
		t.Helper()
		made(w.TakeMail(t.Context(), app.Envelope{From: from, To: []string{to}, Raw: []byte(raw(from, subject, "Let me in.", fields...)), Via: desk.ViaSMTP, Peer: peer, Helo: "x.test"}))
		w.judge(t)
		w.became(t, what, desk.MailQuarantined, why)
	}
	wait("a stranger quoting a number", "eve@evil.test", "192.0.2.1", desk.MailStranger, here)
	wait("a stranger who forges In-Reply-To", "eve@evil.test", "192.0.2.1", desk.MailStranger, here, "In-Reply-To: <ticket."+id+"@portal.example>", "References: "+unsigned)
	wait("a stranger with an altered Message-ID", "eve@evil.test", "192.0.2.1", desk.MailStranger, here, "In-Reply-To: "+altered)
	wait("a stranger with a forged address", "eve@evil.test", "192.0.2.1", desk.MailStranger, forged)
	wait("a stranger who has the address", "eve@evil.test", "192.0.2.1", desk.MailNoParty, reply)
	wait("a stranger who has the Message-ID", "eve@evil.test", "192.0.2.1", desk.MailNoParty, here, "References: "+name)
	wait("a forged sender", lea, "192.0.2.1", desk.MailForged, reply)
	wait("a forged agent", w.one.agent.Person.Email, "192.0.2.1", desk.MailForged, reply)
	wait("a forged header of an agent", w.one.agent.Person.Email, "192.0.2.1", desk.MailForged, here, "Authentication-Results: in.test; dmarc=pass", "X-Guichet-Ticket: "+id)
	if n := w.tickets(t); n != 1 || len(w.said(t, number)) != 1 {
		t.Fatalf("%d tickets, said %q", n, w.said(t, number))
	}
	// Another customer who comes by the address has a ticket of his own.
	w.send(t, sam, raw(sam, subject, "And mine?"), reply)
	m := w.became(t, "another customer with the address", desk.MailTaken, "")
	if m.Number == number || w.thread(t, w.one, m.Number).Ticket.CustomerID != w.one.second.id || len(w.said(t, number)) != 1 {
		t.Errorf("it went to %d", m.Number)
	}
	if k := kinds(w.thread(t, w.one, number)); !slices.Contains(k, desk.EventMailRefused) {
		t.Errorf("the desk does not hear of it: %q", k)
	}
	// So has a colleague who may not see the ticket; his manager may write on it.
	other, boss := w.one.first.other.Person.Email, w.one.first.manager.Person.Email
	w.send(t, other, raw(other, subject, "Me too"), reply)
	if m := w.became(t, "a colleague", desk.MailTaken, ""); m.Number == number {
		t.Error("a colleague wrote on what he may not see")
	}
	w.send(t, boss, raw(boss, subject, "I follow this."), reply)
	if m := w.became(t, "his manager", desk.MailTaken, ""); m.Number != number {
		t.Errorf("a manager's reply went to %d", m.Number)
	}
	// Another desk's address is nothing to this one.
	w.send(t, lea, raw(lea, subject, "Wrong door"), "two@in.test")
	if m := w.last(t, w.two.desk); m.State != desk.MailQuarantined || m.Reason != desk.MailStranger {
		t.Errorf("at another desk: %s %s", m.State, m.Reason)
	}
	// Signed for another desk's ticket of the same number, it proves nothing here.
	theirs := w.submit(t, w.two.first.contact, desk.Submission{})
	other2, _ := w.letter(t, w.two.first.contact.Person.Email)
	if theirs == number {
		w.send(t, lea, raw(lea, subject, "Across"), here, other2)
		if m := w.last(t, w.one.desk); m.Number == number {
			t.Error("a tag of another desk reached a ticket")
		}
	}
}

// What no person wrote opens no ticket, and is answered by nothing.
func TestMachinesAreNotAnswered(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	lea := w.one.first.contact.Person.Email
	number := w.submit(t, w.one.first.contact, desk.Submission{})
	reply, name := w.letter(t, lea)
	letters := len(w.mail.Messages())
	for range 3 { // a vacation loop
		w.send(t, lea, raw(lea, "Absence : Question", "Je suis absente.", "Auto-Submitted: auto-replied"), reply)
		w.became(t, "a vacation", desk.MailIgnored, desk.MailAutoReply)
	}
	report := "multipart/report; report-type=delivery-status; boundary=b"
	bounce := "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; " + lea +
		"\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 No such user\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + name + "\r\n--b--"
	w.send(t, "", raw("MAILER-DAEMON@mx.test", "Undelivered", bounce, "MIME-Version: 1.0", "Content-Type: "+report), here)
	m := w.became(t, "a bounce", desk.MailIgnored, desk.MailBounce)
	if m.Bounce == nil || m.Bounce.Recipient != lea || m.Bounce.Status != "5.1.1" || m.Number != number {
		t.Errorf("the bounce says %+v of ticket %d", m.Bounce, m.Number)
	}
	w.send(t, lea, raw(lea, "Nouvelles", "De la liste", "List-Id: <news.sender.test>", "Precedence: bulk"), here)
	w.became(t, "a list", desk.MailIgnored, desk.MailList)
	w.send(t, lea, raw(lea, "Round", "and round", "Message-ID: "+name), here)
	w.became(t, "our own letter", desk.MailIgnored, desk.MailLoop)
	w.send(t, lea, raw(lea, "Round", "and round", slices.Repeat([]string{"Received: from a by b"}, 51)...), here)
	w.became(t, "a mail that goes round", desk.MailIgnored, desk.MailLoop)
	if th := w.thread(t, w.one, number); len(th.Said) != 1 || !slices.Contains(kinds(th), desk.EventMailAuto) || !slices.Contains(kinds(th), desk.EventMailBounced) {
		t.Errorf("said %d, happened %q", len(th.Said), kinds(th))
	}
	if n := w.tickets(t); n != 1 || len(w.jobs(t, "notice")) != 0 || len(w.mail.Messages()) != letters {
		t.Errorf("%d tickets, %d letters to come, %d gone", n, len(w.jobs(t, "notice")), len(w.mail.Messages())-letters)
	}
}

// One mail is one, however it comes; a bad one holds nobody up; nothing is lost.
func TestEveryMailIsTakenOnceAndKept(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	lea := w.one.first.contact.Person.Email
	twice := raw(lea, "Twice", "One mail to two addresses", "To: "+here+", one+vip@in.test, two@in.test")
	w.send(t, lea, twice, here, "one+vip@in.test")
	w.became(t, "one mail to two addresses", desk.MailTaken, "")
	w.send(t, lea, twice, "one+vip@in.test")
	w.became(t, "a duplicate Message-ID", desk.MailDuplicate, "")
	if n := w.tickets(t); n != 1 {
		t.Errorf("%d tickets of one mail", n)
	}
	// A worker that dies after the ticket and before it could note so: the same again.
	m := w.count(t, `select count(*) from messages`)
	if _, err := w.sql(t).Exec(bg, `update mails set state = 'waiting', message = null, ticket_id = null, customer_id = null, number = null where state = 'taken'`); err != nil {
		t.Fatal(err)
	}
	clear(w.done)
	w.judge(t)
	if n := w.count(t, `select count(*) from messages`); n != m || w.count(t, `select count(*) from mails where state = 'taken' and ticket_id is not null`) != 1 {
		t.Errorf("%d messages after a second working, %d before", n, m)
	}
	poison := "\x00\x01\x02 this is no mail at all"
	if err := smtp.SendMail(w.smtp, nil, lea, []string{here}, []byte(poison)); err != nil {
		t.Fatal(err)
	}
	if err := smtp.SendMail(w.smtp, nil, lea, []string{here}, []byte(raw(lea, "After the poison", "A good one"))); err != nil {
		t.Fatal(err)
	}
	w.judge(t)
	w.became(t, "a good mail after a poison mail", desk.MailTaken, "")
	if n := w.count(t, `select count(*) from mails where state = 'quarantined' and reason in ('unreadable', 'no_sender')`); n != 1 {
		t.Errorf("%d poison mails wait", n)
	}
	var kept desk.Mail
	if err := w.db.View(bg, desk.Scope{Desk: w.one.desk.ID}, func(tx *postgres.Tx) error {
		list, err := tx.Mails([]desk.MailState{desk.MailQuarantined}, desk.Nobody)
		kept = list[0]
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if text := read(made(files.Folder(w.files).Open(bg, kept.Blob))); !strings.Contains(text, "no mail at all") {
		t.Errorf("kept: %q", text)
	}
	w.clock.pass(48 * time.Hour)
	if err := w.SweepDesk(bg, app.SweepDesk{Desk: w.one.desk.ID}); err != nil {
		t.Fatal(err)
	}
	if text := read(made(files.Folder(w.files).Open(bg, kept.Blob))); text == "" {
		t.Error("a raw mail is swept")
	}
	// What a sender writes becomes no header and no more than words.
	w.send(t, lea, raw(lea, "=?utf-8?q?a=0D=0ABcc:_victim@evil.test?=", "x"), here)
	m2 := w.became(t, "header injection", desk.MailTaken, "")
	if s := w.thread(t, w.one, m2.Number).Ticket.Subject; strings.ContainsAny(s, "\r\n") {
		t.Errorf("subject %q", s)
	}
	w.letter(t, lea)
	for _, l := range w.mail.Messages() {
		if len(l.Headers["Bcc"]) > 0 || slices.Contains(l.To, "victim@evil.test") {
			t.Errorf("a header was injected: %v", l.Headers)
		}
	}
	// More than a person writes within an hour waits.
	for range 22 {
		w.send(t, lea, raw(lea, "Bomb", "boom"), here)
	}
	w.became(t, "a mail bomb", desk.MailQuarantined, desk.MailFlood)
}

// Somebody whom nobody knows is a contact where his domain is one customer's, its door
// is open and it vouches for him.
func TestNewcomersByMail(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	at := func(name, domains string, open bool) desk.ID {
		t.Helper()
		return made(w.AddCustomer(bg, w.one.admin, desk.CustomerSettings{Name: name, Relationship: desk.Direct, Domains: domains, OpenDoor: open}))
	}
	lumen := at("Lumen", "lumen.example, lumen.test, both.example", true)
	at("Lac", "both.example", true)
	at("Shut", "shut.example", false)
	w.send(t, "new@lumen.example", raw(`"New Person" <new@lumen.example>`, "Hello", "Teams does not start"), here)
	m := w.became(t, "a newcomer", desk.MailTaken, "")
	if th := w.thread(t, w.one, m.Number); th.Ticket.CustomerID != lumen || th.Requester.Name != "New Person" || th.Requester.Role != desk.Contact || th.Requester.IdentityID != desk.Nobody {
		t.Errorf("the newcomer: %+v", th.Requester)
	}
	for from, why := range map[string]desk.MailReason{"new@both.example": desk.MailShared, "new@shut.example": desk.MailClosedDoor, "new@lumen.test": desk.MailUnverified,
		"new@nobody.example": desk.MailStranger, "new@sub.lumen.example": desk.MailStranger} {
		w.send(t, from, raw(from, "Hello", "I am new"), here)
		w.became(t, from, desk.MailQuarantined, why)
	}
	ines := w.one.agent.Person.Email
	w.send(t, ines, raw(ines, "Note to self", "buy milk"), here)
	w.became(t, "an agent's own mail", desk.MailQuarantined, desk.MailAgentsOwn)
	lea := w.one.first.contact.Person
	forward := "FYI\r\n\r\n---------- Forwarded message ---------\r\nFrom: Lea <" + lea.Email + ">\r\nDate: Mon, 2 Mar 2026\r\nSubject: Printer\r\nTo: <" + ines + ">\r\n\r\nThe printer is on fire."
	w.send(t, ines, raw(ines, "Fwd: Printer", forward), here)
	m = w.became(t, "what an agent hands on", desk.MailTaken, "")
	if th := w.thread(t, w.one, m.Number); th.Requester.ID != lea.ID || th.Ticket.Subject != "Printer" {
		t.Errorf("it is %s's, %q", th.Requester.Name, th.Ticket.Subject)
	}
}

// The door takes mail for the desks and for nobody else, and none that it cannot keep.
func TestTheDoorRelaysNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	lea := w.one.first.contact.Person.Email
	code := func(err error) int {
		var e *textproto.Error
		if e, _ = err.(*textproto.Error); e == nil {
			return 0
		}
		return e.Code
	}
	for _, to := range []string{"victim@evil.test", "nobody@in.test", "one@elsewhere.test", "one@in.test.evil.test", "reply+nonsense@in.test"} {
		if err := smtp.SendMail(w.smtp, nil, lea, []string{to}, []byte(raw(lea, "x", "y"))); code(err) != 550 {
			t.Errorf("relay to %s: %v", to, err)
		}
	}
	c := made(smtp.Dial(w.smtp))
	defer c.Close()
	for _, err := range []error{c.Mail(lea), c.Rcpt(here)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.db.Close() // Postgres goes away
	d := made(c.Data())
	made(io.WriteString(d, raw(lea, "Later", "x")))
	if err := d.Close(); code(err) != 451 {
		t.Errorf("while it cannot be kept: %v", err)
	}
	w.clock.pass(time.Minute) // what was remembered of the desk
	if err := smtp.SendMail(w.smtp, nil, lea, []string{here}, []byte(raw(lea, "Later", "x"))); code(err) != 451 {
		t.Errorf("while its desk cannot be looked up: %v", err)
	}
}
