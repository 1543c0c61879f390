package demo

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/mail"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// longestAnswer is what an answer may have, in bytes.
const longestAnswer = 100_000

// AnswerThrough has the sink's pages offer to answer a message, as its reader could from
// his own mailbox. Door is where such mail is handed over, host and port.
func (s *MailSink) AnswerThrough(door string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.door = door
}

func (s *MailSink) answers() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.door
}

// answer sends what was typed, in the name of the first who got the message.
func (s *MailSink) answer(w http.ResponseWriter, r *http.Request, m Message) {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		http.Error(w, "from elsewhere", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 2*longestAnswer)
	text := strings.TrimSpace(r.PostFormValue("text"))
	page := mailPage{mailWords: mailCopy[readerLanguage(r)], Message: m, Door: s.answers(), Typed: text}
	switch {
	case text == "" || len(text) > longestAnswer:
		page.Failed = page.Empty
	default:
		if err := s.post(r.Context(), m, text); err != nil {
			page.Failed = err.Error()
		}
	}
	if page.Failed != "" {
		renderMail(w, http.StatusUnprocessableEntity, "one", page)
		return
	}
	http.Redirect(w, r, "/mail/"+strconv.Itoa(m.ID)+"?answered=1", http.StatusSeeOther)
}

func (s *MailSink) post(ctx context.Context, m Message, text string) error {
	host, port, err := net.SplitHostPort(s.answers())
	if err != nil {
		return fmt.Errorf("nobody takes answers: %w", err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	letter, err := answerTo(m, text)
	if err != nil {
		return err
	}
	c, err := gomail.NewClient(host, gomail.WithPort(n), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithHELO("localhost"))
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, letter)
}

// answerTo is an answer as mail programs write it: above what it answers, which is quoted.
func answerTo(m Message, text string) (*gomail.Msg, error) {
	to := m.Headers["Reply-To"]
	if len(to) == 0 {
		to = m.Headers["From"]
	}
	if len(to) == 0 || len(m.To) == 0 {
		return nil, fmt.Errorf("nobody to answer")
	}
	address, err := mail.ParseAddress(to[0])
	if err != nil {
		return nil, err
	}
	letter := gomail.NewMsg()
	if err := letter.From(m.To[0]); err != nil {
		return nil, err
	}
	if err := letter.To(address.Address); err != nil {
		return nil, err
	}
	letter.Subject("Re: " + m.Subject)
	letter.SetMessageID()
	letter.SetDate()
	if id := m.Headers["Message-Id"]; len(id) > 0 {
		letter.SetGenHeader(gomail.HeaderInReplyTo, id[0])
		letter.SetGenHeader(gomail.HeaderReferences, id[0])
	}
	quoted := "> " + strings.ReplaceAll(strings.TrimRight(m.Text, "\n"), "\n", "\n> ")
	letter.SetBodyString(gomail.TypeTextPlain, text+"\n\nOn "+m.Received.Format("Mon, 2 Jan 2006 at 15:04")+", "+m.From+" wrote:\n"+quoted+"\n")
	return letter, nil
}
