package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/wneessen/go-mail"
)

func TestMailSinkReadsWhatIsSent(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	before := time.Now()
	letter := compose(t, "Votre demande nº 1042 : réponse d’Inès")
	letter.SetBodyString(mail.TypeTextPlain, "Bonjour Léa,\n\nvoir http://portal.example/alpine/tickets/1042.\n")
	letter.AddAlternativeString(mail.TypeTextHTML, "<p>Bonjour <b>Léa</b></p>")
	if err := letter.AttachReader("relevé.txt", strings.NewReader("0123456789")); err != nil {
		t.Fatal(err)
	}
	letter.SetGenHeader("X-Desk", "alpine")
	if err := deliver(t, sink, letter); err != nil {
		t.Fatal(err)
	}

	got := fetchMessages(t, sink)
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	m := got[0]
	if m.From != "support@alpine.example" || !reflect.DeepEqual(m.To, []string{"lea@lumen.example", "max@lumen.example"}) {
		t.Errorf("from %q to %q", m.From, m.To)
	}
	if m.Subject != "Votre demande nº 1042 : réponse d’Inès" || m.Headers["X-Desk"][0] != "alpine" {
		t.Errorf("subject %q, headers %q", m.Subject, m.Headers)
	}
	if m.Text != "Bonjour Léa,\n\nvoir http://portal.example/alpine/tickets/1042.\n" || m.HTML != "<p>Bonjour <b>Léa</b></p>" {
		t.Errorf("text %q, HTML %q", m.Text, m.HTML)
	}
	if want := []Attachment{{Name: "relevé.txt", Type: "text/plain", Bytes: 10}}; !reflect.DeepEqual(m.Attachments, want) {
		t.Errorf("attachments %+v, want %+v", m.Attachments, want)
	}
	if m.Received.Before(before.Truncate(time.Microsecond)) || m.Received.After(time.Now()) {
		t.Errorf("received at %v", m.Received)
	}
}

func TestMailSinkTurnsTheFirstAway(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	sink.FailFirst(2)
	for try := 1; try <= 3; try++ {
		err := deliver(t, sink, compose(t, fmt.Sprintf("essai %d", try)))
		refusal := new(mail.SendError)
		switch {
		case try == 3 && err != nil:
			t.Errorf("try %d: %v", try, err)
		case try < 3 && (!errors.As(err, &refusal) || !refusal.IsTemp()):
			t.Errorf("try %d is not turned away for now: %v", try, err)
		}
	}
	if got := sink.Messages(); len(got) != 1 || got[0].Subject != "essai 3" {
		t.Errorf("kept %d messages", len(got))
	}
}

func TestMailSinkWaits(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	found := make(chan Message)
	go func() {
		m, err := sink.Wait(t.Context(), func(m Message) bool { return m.Subject == "attendu" })
		if err != nil {
			t.Error(err)
		}
		found <- m
	}()
	for _, subject := range []string{"autre", "attendu"} {
		if err := deliver(t, sink, compose(t, subject)); err != nil {
			t.Fatal(err)
		}
	}
	if m := <-found; m.ID != 2 {
		t.Errorf("found message %d, %q", m.ID, m.Subject)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sink.Wait(ctx, func(Message) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for nothing: %v", err)
	}
}

func TestMailSinkForgetsTheOldest(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	for n := range sinkMessages + 3 {
		sink.keep(Message{Subject: fmt.Sprint(n)})
	}
	all := sink.Messages()
	if len(all) != sinkMessages || all[0].Subject != fmt.Sprint(sinkMessages+2) || all[len(all)-1].Subject != "3" {
		t.Errorf("keeps %d, from %q to %q", len(all), all[0].Subject, all[len(all)-1].Subject)
	}
	sink.keep(Message{Subject: "large", raw: make([]byte, sinkBytes)})
	sink.keep(Message{Subject: "small", raw: make([]byte, 1)})
	if all := sink.Messages(); len(all) != 1 || all[0].Subject != "small" {
		t.Errorf("keeps %d messages beyond its bytes", len(all))
	}
}

func TestMailSinkRefusesWhatIsNoMessage(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	err := smtp.SendMail(sink.Addr(), nil, "a@a.example", []string{"b@b.example"}, []byte("no header at all\r\n"))
	if err == nil || !strings.Contains(err.Error(), "554") {
		t.Errorf("error %v", err)
	}
	if n := len(sink.Messages()); n != 0 {
		t.Errorf("kept %d", n)
	}
}

func TestMailSinkPages(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	server := httptest.NewServer(sink)
	t.Cleanup(server.Close)
	if text := openPage(t, server.URL+"/mail/", "en", http.StatusOK).Find("main p").Text(); text != "No message yet." {
		t.Errorf("empty page says %q", text)
	}
	for _, subject := range []string{"premier", "<i>second</i>"} {
		letter := compose(t, subject)
		letter.SetBodyString(mail.TypeTextPlain, "suivre http://portal.example/t/1.")
		letter.AddAlternativeString(mail.TypeTextHTML, "<script>alert(1)</script><p>suivre</p>")
		if err := deliver(t, sink, letter); err != nil {
			t.Fatal(err)
		}
	}
	list := openPage(t, server.URL+"/mail/", "fr", http.StatusOK).Find("tbody th a")
	if list.Length() != 2 || list.First().Text() != "<i>second</i>" || list.First().AttrOr("href", "") != "2" {
		t.Errorf("list begins with %q of %d", list.First().Text(), list.Length())
	}
	page := openPage(t, server.URL+"/mail/2", "fr", http.StatusOK)
	if link := page.Find("pre a").AttrOr("href", ""); link != "http://portal.example/t/1" {
		t.Errorf("link in the text leads to %q", link)
	}
	frame := page.Find("iframe")
	if _, sandboxed := frame.Attr("sandbox"); !sandboxed || frame.AttrOr("src", "") != "2/html" || page.Find("script").Length() != 0 {
		t.Error("the HTML part is not kept apart")
	}
	part := fetch(t, server.URL+"/mail/2/html")
	if policy := part.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "sandbox; default-src 'none'") {
		t.Errorf("the HTML part may do as %q says", policy)
	}
	raw := fetch(t, server.URL+"/mail/1/raw")
	if content, _ := io.ReadAll(raw.Body); !strings.Contains(string(content), "Subject: premier\r\n") || raw.Header.Get("Content-Type") != "message/rfc822" {
		t.Errorf("original message:\n%s", content)
	}
	for _, missing := range []string{"3", "x", "3/raw"} {
		openPage(t, server.URL+"/mail/"+missing, "", http.StatusNotFound)
	}
}

func TestMailSinkListsNothingAsAnEmptyList(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	startSink(t).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/mail/messages.json", nil))
	if got := strings.TrimSpace(recorder.Body.String()); got != "[]" {
		t.Errorf("no messages are %s", got)
	}
}

func startSink(t *testing.T) *MailSink {
	t.Helper()
	sink, err := StartMailSink()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sink.Close() })
	return sink
}

func compose(t *testing.T, subject string) *mail.Msg {
	t.Helper()
	letter := mail.NewMsg()
	if err := letter.From("support@alpine.example"); err != nil {
		t.Fatal(err)
	}
	if err := letter.To("lea@lumen.example", "max@lumen.example"); err != nil {
		t.Fatal(err)
	}
	letter.Subject(subject)
	letter.SetBodyString(mail.TypeTextPlain, "Bonjour")
	return letter
}

func deliver(t *testing.T, sink *MailSink, letter *mail.Msg) error {
	t.Helper()
	address := sink.listener.Addr().(*net.TCPAddr)
	client, err := mail.NewClient(address.IP.String(), mail.WithPort(address.Port), mail.WithTLSPolicy(mail.NoTLS))
	if err != nil {
		t.Fatal(err)
	}
	return client.DialAndSendWithContext(t.Context(), letter)
}

func fetchMessages(t *testing.T, sink *MailSink) (all []Message) {
	t.Helper()
	recorder := httptest.NewRecorder()
	sink.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/mail/messages.json", nil))
	if err := json.Unmarshal(recorder.Body.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMailSinkAnswers(t *testing.T) {
	t.Parallel()
	sink, door := startSink(t), startSink(t)
	server := httptest.NewServer(sink)
	t.Cleanup(server.Close)
	letter := compose(t, "Printer")
	letter.SetBodyString(mail.TypeTextPlain, "Does it print?")
	if err := errors.Join(letter.ReplyTo("reply+42@portal.example"), deliver(t, sink, letter)); err != nil {
		t.Fatal(err)
	}
	sent := sink.Messages()[0]
	if openPage(t, server.URL+"/mail/1", "en", http.StatusOK).Find("form").Length() != 0 {
		t.Error("an answer is offered that nobody takes")
	}
	sink.AnswerThrough(door.Addr())
	say := func(text string, header ...string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/mail/1", strings.NewReader(url.Values{"text": {text}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = answer.Body.Close() })
		return answer
	}
	if a := say(" "); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nothing: %d", a.StatusCode)
	}
	if a := say("x", "Sec-Fetch-Site", "cross-site"); a.StatusCode != http.StatusForbidden {
		t.Errorf("from elsewhere: %d", a.StatusCode)
	}
	if a := say("It does.\r\nThank you."); a.StatusCode != http.StatusOK || a.Request.URL.Query().Get("answered") != "1" {
		t.Errorf("an answer: %d at %s", a.StatusCode, a.Request.URL)
	}
	got := door.Messages()
	if len(got) != 1 || got[0].From != sent.To[0] || got[0].To[0] != "reply+42@portal.example" || got[0].Headers["In-Reply-To"][0] != sent.Headers["Message-Id"][0] || !strings.Contains(got[0].Text, "> Does it print?") {
		t.Errorf("arrived: %+v", got)
	}
}
