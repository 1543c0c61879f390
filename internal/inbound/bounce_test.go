package inbound

import (
	"os"
	"strings"
	"testing"
)

func readFile(t *testing.T, name string) Message {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(raw, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBouncesSayWhatCameBack(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Bounce{
		"bounce-exchange-online": {Recipient: "gone@lumen.example", Status: "5.1.10", Permanent: true, MessageID: "t1042.m9.7d2f@alpine.example", Reason: "RecipientNotFound"},
		"bounce-postfix":         {Recipient: "gone@lumen.example", Status: "5.1.1", Permanent: true, MessageID: "t1043.m1.aa@alpine.example", Reason: "User unknown"},
		"bounce-exim-plain":      {Recipient: "gone@lumen.example", Status: "5.1.1", Permanent: true, MessageID: "t1044.m1.aa@alpine.example", Reason: "550 5.1.1 User unknown"},
		"bounce-google-delayed":  {Recipient: "slow@lumen.example", Status: "4.4.1", Delayed: true, MessageID: "t1045.m1.aa@alpine.example", Reason: "did not accept"},
		"bounce-qmail":           {Recipient: "gone@lumen.example", Permanent: true, MessageID: "t9.m9@alpine.example"},
		"sendmail-dsn":           {Recipient: "gone@lumen.example", Status: "5.1.1", Permanent: true, MessageID: "t99@alpine.example", Reason: "User unknown"},
	} {
		m := readFile(t, name)
		if m.Automatic != Bounced || m.Bounce == nil {
			t.Errorf("%s is %s", name, m.Automatic)
			continue
		}
		got := *m.Bounce
		if !strings.Contains(got.Reason, want.Reason) {
			t.Errorf("%s: reason %q", name, got.Reason)
		}
		if got.Reason = want.Reason; got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// An answer that nobody wrote, and a header of Outlook that proves nothing.
func TestMachinesAreKnown(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Automatic{
		"Auto-Submitted: no":           No,
		"Auto-Submitted: auto-replied": AutoReply, "Auto-Submitted: auto-notified; owner-email=x": AutoReply,
		"X-Auto-Response-Suppress: All": No, "X-Autoreply: yes": AutoReply, "Precedence: auto_reply": AutoReply, "Precedence: bulk": List, "Precedence: first-class": No,
		"List-Id: <x>": List, "List-Unsubscribe: <mailto:x@y.example>": List, "List-Id: <x>\nAuto-Submitted: auto-generated": AutoReply,
		"Subject: Réponse automatique : Boîte": AutoReply, "Subject: Automatic reply: x": AutoReply, "Subject: Absence du bureau": AutoReply,
		"Subject: RE: Réponse automatique : Boîte": No, "Subject: Our automatic reply does not work": No, "Subject: Automatic replies are lost": No,
		"Return-Path: <>": No, "Return-Path: <>\nSubject: Undeliverable: x": Bounced, "Subject: Undeliverable: my mails": No,
	} {
		m, err := Read([]byte("From: lea@lumen.example\n"+header+"\n\nx"), DefaultLimits())
		if err != nil || m.Automatic != want {
			t.Errorf("%q is %s (%v), want %s", header, m.Automatic, err, want)
		}
	}
	for _, from := range []string{"MAILER-DAEMON@x.example", "Mail Delivery System <mailer-daemon@x.example>"} {
		if m, _ := Read([]byte("From: "+from+"\nSubject: whatever\n\nx"), DefaultLimits()); m.Automatic != Bounced {
			t.Errorf("%s sends %s", from, m.Automatic)
		}
	}
}

// What an attacker writes into a header stays on its line and is believed in nothing.
func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	m := readFile(t, "header-injection")
	if m.From != (Address{"Eve Bcc: victim@lumen.example", "eve@outsider.example"}) || m.Subject != "Hello X-Admin: yes <script>" {
		t.Errorf("from %+v, subject %q", m.From, m.Subject)
	}
	if len(m.To) != 1 || len(m.Cc) != 0 || len(m.Attachments) != 2 || m.Attachments[0].Name != "evilgnp.exe" || m.Attachments[1].Name != ".htaccess" {
		t.Errorf("to %v, cc %v, attachments %v", m.To, m.Cc, m.Attachments)
	}
	if m := readFile(t, "forged-in-reply-to"); m.From.Email != "ines@alpine.example" || len(m.ReplyTo) != 1 || len(m.References) != 2 {
		t.Errorf("forged: %+v", m)
	}
}

// A mail handed on is no answer, whatever thread its header names.
func TestHandedOnIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]string{
		"outlook-de-forward": "buch@lieferant.example", "outlook-fr-forward": "alertes@azure.example", "gmail-en-forward": "noreply@registrar.example",
		"apple-mail-fr-forward": "jo@harbour.example", "thunderbird-fr-forward": "compta@fournisseur.example", "forward-as-attachment": "alerte@banque.example",
	} {
		m := readFile(t, name)
		if !m.Forwarded || m.ForwardedFrom == nil || m.ForwardedFrom.Email != from || m.Quoted != "" {
			t.Errorf("%s: %v from %+v, quoted %q", name, m.Forwarded, m.ForwardedFrom, m.Quoted)
		}
	}
	if m := readFile(t, "outlook-fr-reply-to-forward"); m.Forwarded {
		t.Error("an answer to what was handed on is taken for one")
	}
}
