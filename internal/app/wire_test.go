package app_test

import (
	"encoding/json"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// wire is a mail server that keeps what a letter's envelope asked of it, and answers its
// recipient as it is told.
type wire struct {
	taker
	mail   smtp.MailOptions
	rcpt   smtp.RcptOptions
	answer *smtp.SMTPError
}

func (s *wire) Mail(from string, o *smtp.MailOptions) error {
	s.mail = *o
	return s.taker.Mail(from, o)
}

func (s *wire) Rcpt(_ string, o *smtp.RcptOptions) error {
	if s.rcpt = *o; s.answer != nil {
		return s.answer
	}
	return nil
}

// listen serves a session, to clients that may ask for reports or not, until the test
// ends. It returns its port.
func listen(t *testing.T, session smtp.Session, reports bool) int {
	t.Helper()
	l := made(net.Listen("tcp", "127.0.0.1:0"))
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session, nil }))
	s.EnableDSN = reports
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

// A server that reports what becomes of mail is asked to, under the letter's name and
// with no more of it than its header; another is asked nothing. An address that it
// refuses for good has the letter come back at once, one that it refuses for now has it
// tried again.
func TestWhatIsAskedOfAMailServerAndWhatItAnswers(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	c, o, ctx := w.one.first, w.one, t.Context()
	asks, mute := &wire{}, &wire{}
	reporting, silent := listen(t, asks, true), listen(t, mute, false)
	n := w.submit(t, c.contact, desk.Submission{})
	next := func() (notice app.Notice) {
		t.Helper()
		for id, args := range w.jobs(t, "notice") {
			if err := json.Unmarshal(args, &notice); err != nil {
				t.Fatal(err)
			}
			w.done[id] = true
		}
		return notice
	}
	send := func(port int, notice app.Notice) error {
		return sending(t, orders{Host: "127.0.0.1", Port: port, Now: w.clock.read()}, w.db).SendNotice(ctx, notice)
	}
	stands := func(notice app.Notice, want string) {
		t.Helper()
		var got string
		if err := w.sql(t).QueryRow(ctx, `select concat_ws(' ', state, tries, permanent, reason || answer) from deliveries where id = $1`, notice.Letter).Scan(&got); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("the letter is %q, want %q (%v)", got, want, err)
		}
	}

	first := next()
	if err := send(reporting, first); err != nil {
		t.Fatal(err)
	}
	if asks.mail.Return != smtp.DSNReturnHeaders || asks.mail.EnvelopeID != first.Letter.String() || !slices.Equal(asks.rcpt.Notify, []smtp.DSNNotify{smtp.DSNNotifySuccess, smtp.DSNNotifyFailure, smtp.DSNNotifyDelayed}) {
		t.Errorf("a server that reports is asked for %+v and %+v", asks.mail, asks.rcpt)
	}
	stands(first, "sent 1 f")
	w.says(t, o.agent, n, "One.")
	second := next()
	if err := send(silent, second); err != nil {
		t.Fatal(err)
	}
	if mute.mail.Return != "" || mute.mail.EnvelopeID != "" || len(mute.rcpt.Notify) != 0 || len(mute.mails) != 1 {
		t.Errorf("a server that does not is asked for %+v and %+v", mute.mail, mute.rcpt)
	}

	for code, said := range map[int]string{550: "No such user", 551: "User not local", 552: "Mailbox full", 553: "Name not allowed"} {
		asks.answer = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: said + " \xff\x00"}
		w.says(t, o.agent, n, said)
		notice := next()
		if err := send(reporting, notice); err != nil {
			t.Errorf("%d: it is tried again: %v", code, err)
		}
		stands(notice, "bounced 1 t "+strconv.Itoa(code)+" ")
		th := w.thread(t, o, n)
		last := th.Letters[len(th.Letters)-1]
		if last.ID != notice.Letter || last.State != desk.DeliveryBounced || !slices.ContainsFunc(th.Happened, func(e desk.Happened) bool {
			return e.Kind == desk.EventMailBounced && e.Data["to"] == c.contact.Person.Email && strings.Contains(e.Data["reason"], said)
		}) {
			t.Errorf("%d: the time line has %+v and %q", code, last, kinds(th))
		}
		if err := w.TrustAddress(ctx, o.admin, c.contact.Person.ID); err != nil {
			t.Fatal(err)
		}
	}
	if before := len(asks.mails); before != 1 {
		t.Errorf("%d letters went to an address that was refused", before-1)
	}

	w.says(t, o.agent, n, "Later.")
	late := next()
	for tries, code := range []int{421, 450, 451, 452} {
		asks.answer = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "Later"}
		if err := send(reporting, late); err == nil {
			t.Errorf("%d: the queue does not hear of it", code)
		}
		stands(late, "sending "+string(rune('1'+tries))+" f ")
	}
	if th := w.thread(t, o, n); made(w.Person(ctx, o.admin, c.contact.Person.ID)).FailingSince != nil || slices.ContainsFunc(th.Letters, func(l desk.LetterTo) bool { return l.ID == late.Letter }) {
		t.Error("what is refused for now counts as lost, or as sent")
	}
	asks.answer = nil
	if err := send(reporting, late); err != nil {
		t.Fatal(err)
	}
	stands(late, "sent 5 f")
	if len(asks.mails) != 2 {
		t.Errorf("%d letters arrived", len(asks.mails))
	}
}
