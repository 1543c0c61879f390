package app_test

import (
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/app"
	"guichet/internal/demo"
	"guichet/internal/desk"
)

// newest is the newest letter to an address.
func (w *mailed) newest(t *testing.T, to string) demo.Message {
	t.Helper()
	w.letter(t, to)
	list := w.mail.Messages()
	return list[slices.IndexFunc(list, func(m demo.Message) bool { return slices.Contains(m.To, to) })]
}

var stopLink = regexp.MustCompile(`https://portal\.example/one/letters/([A-Za-z0-9_-]+)`)

// stop is the token in a letter's header, which its text holds too; "" for none.
func stop(t *testing.T, m demo.Message) string {
	t.Helper()
	header := strings.Join(m.Headers["List-Unsubscribe"], "")
	in, there := stopLink.FindStringSubmatch(m.Text), stopLink.FindStringSubmatch(header)
	if (in == nil) != (there == nil) || in != nil && (in[1] != there[1] || !strings.Contains(m.HTML, in[0]) || m.Headers["List-Unsubscribe-Post"][0] != "List-Unsubscribe=One-Click") {
		t.Fatalf("a letter's ways to turn it off: %q, %q", header, m.Text)
	}
	if in == nil {
		return ""
	}
	return in[1]
}

// A letter that may be turned off says how; the link does that for one person and one
// topic, as long as it is his, and nothing else does.
func TestALettersLinkTurnsItOffAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	c, o := w.one.first, w.one
	lea := c.contact.Person.Email
	n := w.submit(t, c.contact, desk.Submission{})
	if token := stop(t, w.newest(t, lea)); token != "" {
		t.Error("an acknowledgement can be turned off")
	}
	if err := w.FollowTicket(t.Context(), c.contact, n, c.other.Person.ID); err != nil {
		t.Fatal(err)
	}
	w.says(t, o.agent, n, "Hello.")
	token, others := stop(t, w.newest(t, lea)), stop(t, w.newest(t, c.other.Person.Email))
	if token == "" || others == "" || token == others {
		t.Fatalf("tokens %q, %q", token, others)
	}
	chosen := func(who desk.Actor) desk.LetterChoices {
		t.Helper()
		return made(w.Person(t.Context(), o.admin, who.Person.ID)).Letters
	}
	for range 2 { // whatever follows links
		if topic, p, err := w.LettersToStop(t.Context(), o.desk, token); err != nil || topic != desk.LettersMine || p.ID != c.contact.Person.ID {
			t.Fatalf("%s, %v: %v", topic, p.ID, err)
		}
	}
	if chosen(c.contact) != (desk.LetterChoices{}) {
		t.Error("reading the page turns letters off")
	}
	raw := made(base64.RawURLEncoding.DecodeString(token))
	change := func(at int, to byte) string {
		b := slices.Clone(raw)
		b[at] = to
		return base64.RawURLEncoding.EncodeToString(b)
	}
	them := made(base64.RawURLEncoding.DecodeString(others))
	bad := map[string]string{"another topic": change(16, 2), "a topic that is none": change(16, 99), "another day": change(18, raw[18]+1), "a wrong code": change(34, raw[34]^1),
		"another person's": base64.RawURLEncoding.EncodeToString(append(slices.Clone(them[:16]), raw[16:]...)), "cut short": token[:len(token)-2], "nothing": "", "words": "../../x\x00"}
	for what, token := range bad {
		if _, _, err := w.StopLetters(t.Context(), o.desk, token); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := w.StopLetters(t.Context(), w.two.desk, token); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("at another desk: %v", err)
	}
	if chosen(c.contact) != (desk.LetterChoices{}) || chosen(c.other) != (desk.LetterChoices{}) {
		t.Error("a bad link turns letters off")
	}
	for range 2 {
		if topic, _, err := w.StopLetters(t.Context(), o.desk, token); err != nil || topic != desk.LettersMine {
			t.Fatal(topic, err)
		}
	}
	if chosen(c.contact) != (desk.LetterChoices{Mine: desk.LettersNever}) || chosen(c.other) != (desk.LetterChoices{}) {
		t.Errorf("he chose %+v, the other %+v", chosen(c.contact), chosen(c.other))
	}
	before := len(w.mail.Messages())
	w.says(t, o.agent, n, "And again.")
	w.newest(t, c.other.Person.Email)
	if got := len(w.mail.Messages()); got != before+1 {
		t.Errorf("%d letters more", got-before)
	}

	// It is for the address that the letter went to, and for half a year.
	p := c.other.Person
	if err := w.SavePerson(t.Context(), o.admin, p.ID, desk.PersonSettings{Name: p.Name, Email: "moved@elsewhere.example", Role: p.Role, Active: true}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.StopLetters(t.Context(), o.desk, others); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("to an address that he left: %v", err)
	}
	w.clock.pass(181 * 24 * time.Hour)
	if _, _, err := w.LettersToStop(t.Context(), o.desk, token); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("an old link: %v", err)
	}
}

// All letters to one person about one ticket, and what he mails himself, are one
// conversation by names that only we can make; each says whose it is and what sent it.
func TestLettersAboutATicketAreOneThread(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	lea, o := w.one.first.contact.Person.Email, w.one
	w.send(t, lea, raw(lea, "Outlook est lent", "Bonjour, Outlook est lent depuis ce matin.", "Message-ID: <his.own@lumen.test>"), here)
	n := w.became(t, "a mail", desk.MailTaken, "").Number
	w.clock.pass(time.Minute)
	received := w.newest(t, lea)
	w.says(t, o.agent, n, "One.")
	w.clock.pass(time.Minute)
	first := w.newest(t, lea)
	w.says(t, o.agent, n, "Two.")
	w.clock.pass(time.Minute)
	second := w.newest(t, lea)
	refs := func(m demo.Message) []string { return strings.Fields(strings.Join(m.Headers["References"], " ")) }
	id := func(m demo.Message) string { return m.Headers["Message-Id"][0] }
	if r := refs(received); len(r) != 2 || r[1] != "<his.own@lumen.test>" || received.Headers["In-Reply-To"][0] != r[1] {
		t.Errorf("the acknowledgement follows %q", r)
	}
	want := []string{refs(received)[0], "<his.own@lumen.test>", id(received), id(first)}
	if got := refs(second); !slices.Equal(got, want) || second.Headers["In-Reply-To"][0] != id(first) {
		t.Errorf("the third letter follows\n%q, want\n%q", got, want)
	}
	for _, m := range []demo.Message{received, first, second} {
		if m.Subject != "[n° 100] Outlook est lent" || m.Headers["List-Id"][0] != "<one.portal.example>" || !strings.HasPrefix(m.Text, "— Répondez au-dessus de cette ligne —") {
			t.Errorf("%q, of the list %q:\n%.60s", m.Subject, m.Headers["List-Id"], m.Text)
		}
	}
	if received.Headers["Auto-Submitted"][0] != "auto-generated" || len(first.Headers["Auto-Submitted"]) != 0 {
		t.Errorf("what nobody wrote: %v", first.Headers)
	}
	// The thread's own name leads to the ticket, for him alone, and his answer folds.
	w.send(t, lea, raw(lea, "Re: x", "Merci.\n\n> "+strings.ReplaceAll(second.Text, "\n", "\n> "), "In-Reply-To: "+want[0]), here)
	if w.became(t, "an answer to the thread", desk.MailTaken, ""); w.said(t, n)[3] != "Merci." {
		t.Errorf("said: %q", w.said(t, n))
	}
	sam := w.one.second.contact.Person.Email
	w.send(t, sam, raw(sam, "Re: x", "Moi aussi, bonjour à vous.", "In-Reply-To: "+want[0]), here)
	if m := w.last(t, o.desk); m.Number == n {
		t.Error("a stranger answers into the thread")
	}
}

// Whatever people write into what stands in a header, it stays one line of it.
func TestNothingWrittenBreaksALettersHeader(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	lea, o := w.one.first.contact.Person.Email, w.one
	const evil = "\r\nBcc: victim@evil.example\r\n\r\n<script>"
	w.send(t, lea, raw(lea, "x", "Bonjour, le portail est lent.", "Message-ID: <a@b> Bcc: victim@evil.example"), here)
	n := w.became(t, "a mail", desk.MailTaken, "").Number
	for sql, args := range map[string][]any{
		`update tickets set subject = 'x' || $1`: {evil}, `update desks set name = 'x' || $1, email = ''`: {evil}, `update people set name = 'x' || $1`: {evil},
		`update mails set message_id = 'a@b' || $1 where state = 'taken'`: {evil},
	} {
		if _, err := w.sql(t).Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.pass(time.Minute)
	if err := w.WriteMessage(t.Context(), o.agent, n, app.Reply{Body: "Hello." + evil}); err != nil {
		t.Fatal(err)
	}
	for _, m := range []demo.Message{w.newest(t, lea)} {
		if len(m.Headers["Bcc"]) != 0 || len(m.To) != 1 || strings.Contains(m.HTML, "<script") || len(m.Headers["Subject"]) != 1 || !strings.Contains(m.Subject, "Bcc: victim@evil.example") {
			t.Errorf("headers %q, to %q", m.Headers, m.To)
		}
		for name, values := range m.Headers {
			for _, v := range values {
				if strings.ContainsAny(v, "\r\n") {
					t.Errorf("%s: %q", name, v)
				}
			}
		}
	}
}
