package app_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// dsn is a delivery report (RFC 3464) that quotes nothing of the letter.
func dsn(action, status, said string) string {
	body := "--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n" +
		"Final-Recipient: rfc822; hidden@elsewhere.test\r\nAction: " + action + "\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; " + said + "\r\n--b--"
	return raw("MAILER-DAEMON@mx.test", "Delivery report", body, "MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=b")
}

// A report on a letter is matched by the address that it comes to, whatever it says
// else; two that came back for good have the address fail, until somebody knows better.
func TestReportsSayWhatBecameOfALetter(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	c, o := w.one.first, w.one
	lea := c.contact.Person.Email
	n := w.submit(t, c.contact, desk.Submission{})
	next := func() (path string) {
		t.Helper()
		w.says(t, o.agent, n, "An answer.")
		return w.newest(t, lea).From
	}
	state := func(want string) {
		t.Helper()
		var got string
		if err := w.sql(t).QueryRow(t.Context(), `select state || ' ' || reason from deliveries order by began_at desc, id desc limit 1`).Scan(&got); err != nil || got != want {
			t.Errorf("the letter is %q, want %q (%v)", got, want, err)
		}
	}
	fails := func() bool {
		t.Helper()
		return made(w.Person(t.Context(), o.admin, c.contact.Person.ID)).FailingSince != nil
	}

	arrived := w.newest(t, lea).From
	if local, domain, _ := strings.Cut(arrived, "@"); len(local) != 64 || domain != "in.test" {
		t.Fatalf("failures go to %q", arrived)
	}
	w.send(t, "", dsn("relayed", "2.0.0", "250 on its way"), arrived)
	state("sent ")
	w.send(t, "", dsn("delayed", "4.4.1", "later"), arrived)
	state("sent ")
	w.send(t, "", dsn("delivered", "2.0.0", "250 taken"), strings.ToUpper(arrived))
	w.became(t, "a receipt", desk.MailIgnored, desk.MailBounce)
	state("delivered ")
	if list, _, err := w.Mails(t.Context(), o.agent, desk.MailIgnored, desk.Nobody); err != nil || len(list) != 1 { // the delay
		t.Errorf("receipts are on the list of mails: %d (%v)", len(list), err)
	}

	// A code that we did not make is worth nothing, and an address of another desk's less.
	first := next()
	forged := first[:62] + "aa" + first[64:]
	w.send(t, "", dsn("failed", "5.1.1", "550 forged"), forged)
	state("sent ")
	w.send(t, "", dsn("failed", "4.2.2", "452 full"), first) // for now, and given up
	state("bounced 452 full")
	w.send(t, "", dsn("failed", "5.1.1", "550 again"), first) // of one letter once
	state("bounced 452 full")
	second := next()
	w.send(t, "", dsn("failed", "5.1.1", "550 No such user"), second)
	state("bounced 550 No such user")
	if fails() {
		t.Error("one letter is enough")
	}
	third := next()
	w.send(t, "", dsn("failed", "5.1.1", "550 No such user"), third)
	th := w.thread(t, o, n)
	if !fails() || !slices.Contains(kinds(th), desk.EventMailFails) || th.Requester.FailingSince == nil || !strings.Contains(th.Requester.Failing, "No such user") {
		t.Errorf("it does not fail: %q", kinds(th))
	}
	if len(th.Letters) != 4 || th.Letters[0].State != desk.DeliveryDelivered || th.Letters[3].State != desk.DeliveryBounced || th.Letters[3].PersonName != "contact" {
		t.Errorf("the ticket shows %+v", th.Letters)
	}
	if own := made(w.ReadTicket(t.Context(), c.contact, n)); len(own.Letters) != 0 || slices.Contains(kinds(own), desk.EventMailBounced) {
		t.Errorf("the customer sees %+v", own.Letters)
	}
	letters := len(w.mail.Messages())
	w.says(t, o.agent, n, "Into the void.")
	w.newest(t, lea)
	if len(w.mail.Messages()) != letters {
		t.Error("letters go to an address that fails")
	}
	if _, err := w.UseLink(t.Context(), o.desk, w.asked(t, o.desk, lea)); err != nil {
		t.Errorf("a sign-in link does not: %v", err)
	}

	// Who writes from it has it; an admin knows better; another address is another.
	w.send(t, lea, raw(lea, "Re: x", "I am here, and read you."), here)
	if fails() {
		t.Error("it fails after he wrote from it")
	}
	for _, mend := range []func() error{
		func() error { return w.TrustAddress(t.Context(), o.admin, c.contact.Person.ID) },
		func() error {
			p := c.contact.Person
			return w.SavePerson(t.Context(), o.admin, p.ID, desk.PersonSettings{Name: p.Name, Email: "new@lumen.test", Role: p.Role, Active: true})
		},
	} {
		for range desk.HardBounces {
			w.send(t, "", dsn("failed", "5.1.1", "550 No such user"), next())
		}
		if !fails() {
			t.Error("it does not fail")
		}
		if err := mend(); err != nil || fails() {
			t.Errorf("it fails still (%v)", err)
		}
	}

	// That a letter arrived stands on its ticket; the mail that said so is forgotten after a
	// month, and no other.
	const receipts, others = `select count(*) from mails where (bounce->>'delivered')::boolean`, `select count(*) from mails where (bounce->>'delivered')::boolean is not true`
	kept, blobs := w.count(t, others), len(w.blobs(t))
	w.clock.pass(desk.ReceiptLife - time.Hour)
	sweep := func() {
		t.Helper()
		if err := w.SweepDesk(t.Context(), app.SweepDesk{Desk: o.desk.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if sweep(); w.count(t, receipts) != 2 {
		t.Errorf("%d receipts are kept", w.count(t, receipts))
	}
	w.clock.pass(2 * time.Hour)
	for _, path := range w.blobs(t) {
		if err := os.Chtimes(path, w.clock.read(), w.clock.read().Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	if gone := blobs - len(w.blobs(t)); w.count(t, receipts) != 0 || w.count(t, others) != kept || gone != 2 {
		t.Errorf("%d receipts and %d other mails are kept, %d files are gone", w.count(t, receipts), w.count(t, others), gone)
	}
	if th := w.thread(t, o, n); th.Letters[0].State != desk.DeliveryDelivered {
		t.Errorf("the ticket forgets that it arrived: %+v", th.Letters[0])
	}
}
