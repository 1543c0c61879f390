package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/files"
	"guichet/internal/mail"
)

// newQuiet is a world whose letters wait for more to tell.
func newQuiet(t *testing.T, q app.Quiet) *mailed {
	t.Helper()
	w := &mailed{world: newWorld(t), done: map[int64]bool{}}
	sink := made(url.Parse(w.mail.URL()))
	var port int
	made(fmt.Sscan(sink.Port(), &port))
	sender := made(mail.New(mail.Config{Host: sink.Hostname(), Port: port, Security: mail.Plain, From: "desk@portal.example", BaseURL: made(url.Parse("https://portal.example"))}))
	w.App = made(app.New(app.Parts{DB: w.db, Mail: sender, Secrets: w.sealer, Now: w.clock.read, Files: files.Folder(w.files), Quiet: q,
		MailIn: app.MailIn{Domain: "in.test"}, SignIn: app.SignInConfig{BaseURL: "https://portal.example"}}))
	return w
}

// digests works the letters that gather, as the worker would, and says how long the last
// of them must wait.
func (w *mailed) digests(t *testing.T) (wait time.Duration) {
	t.Helper()
	for id, job := range w.jobs(t, "digest") {
		var d app.Digest
		if err := json.Unmarshal(job, &d); err != nil {
			t.Fatal(err)
		}
		var pause *river.JobSnoozeError
		err := w.SendDigest(context.WithoutCancel(t.Context()), d)
		if errors.As(err, &pause) {
			wait = pause.Duration
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.done[id] = true
	}
	return wait
}

func (w *mailed) says(t *testing.T, who desk.Actor, number int64, body string) {
	t.Helper()
	if err := w.WriteMessage(t.Context(), who, number, app.Reply{Body: body}); err != nil {
		t.Fatal(err)
	}
}

// What happens on a ticket within a while is one letter; what asks its reader to act
// goes at once.
func TestWhatHappensSoonAfterIsOneLetter(t *testing.T) {
	t.Parallel()
	w := newQuiet(t, app.Quiet{For: 3 * time.Minute, AtMost: 15 * time.Minute})
	c, o := w.one.first, w.one
	n := w.submit(t, c.contact, desk.Submission{})
	lea := c.contact.Person.Email
	if w.letter(t, lea); len(w.mail.Messages()) != 1 {
		t.Fatalf("the acknowledgement waits: %d letters", len(w.mail.Messages()))
	}
	w.says(t, o.agent, n, "First answer.\nTwo lines.")
	w.clock.pass(2 * time.Minute)
	w.says(t, o.agent, n, "Second answer.")
	w.clock.pass(2 * time.Minute)
	if wait := w.digests(t); wait != time.Minute || len(w.mail.Messages()) != 1 {
		t.Errorf("it waits %s more, %d letters", wait, len(w.mail.Messages()))
	}
	if err := w.WriteMessage(t.Context(), o.agent, n, app.Reply{Body: "Third, and done.", Then: desk.Resolved}); err != nil {
		t.Fatal(err)
	}
	if got := len(w.jobs(t, "digest")); got != 1 {
		t.Errorf("%d letters gather", got)
	}
	w.clock.pass(3 * time.Minute)
	if wait := w.digests(t); wait != 0 || len(w.mail.Messages()) != 2 {
		t.Fatalf("it waits %s more, %d letters", wait, len(w.mail.Messages()))
	}
	m := w.mail.Messages()[0]
	at := -1
	for _, words := range []string{"4 nouveautés", "> First answer.", "> Two lines.", "> Second answer.", "> Third, and done.", "est réglée"} {
		next := strings.Index(strings.Join(strings.Split(m.Text, "\u00a0"), " "), words)
		if next <= at {
			t.Errorf("%q is not in its place in\n%s", words, m.Text)
		}
		at = next
	}
	if len(m.Headers["Auto-Submitted"]) != 0 || !strings.HasPrefix(m.Headers["Reply-To"][0], `"Desk one" <reply+t`) || m.To[0] != lea || !strings.Contains(m.HTML, "Second answer.") {
		t.Errorf("its headers: %v", m.Headers)
	}
	if got := w.count(t, `select count(*) from deliveries where state = 'sent' and answer <> '' and tries = 1 and kind = 'digest'`); got != 1 {
		t.Errorf("%d letters are written down as sent", got)
	}

	// News after it is another letter, and one thing reads as it always did. Whoever
	// keeps writing is read after a quarter of an hour at the latest.
	w.says(t, o.agent, n, "One more thing.")
	w.clock.pass(3 * time.Minute)
	w.digests(t)
	if m := w.mail.Messages()[0]; !strings.Contains(m.Text, "vous a écrit") || strings.Contains(m.Text, "Second answer") {
		t.Errorf("one thing:\n%s", m.Text)
	}
	began := w.clock.read()
	for i := range 10 {
		w.says(t, o.agent, n, fmt.Sprint("Again ", i))
		w.clock.pass(2 * time.Minute)
		w.digests(t)
		if len(w.mail.Messages()) > 3 {
			break
		}
	}
	if after := w.clock.read().Sub(began); after > 16*time.Minute {
		t.Errorf("the first of it was read after %s", after)
	}

	// News that is none any more makes no letter, and its row says so.
	w.clock.pass(20 * time.Minute)
	w.digests(t)
	letters := len(w.mail.Messages())
	if err := w.CloseTicket(t.Context(), o.agent, n); err != nil {
		t.Fatal(err)
	}
	if err := w.ReopenTicket(t.Context(), o.agent, n); err != nil {
		t.Fatal(err)
	}
	if err := w.CloseTicket(t.Context(), c.contact, n); err != nil { // which tells the contact nothing
		t.Fatal(err)
	}
	if err := w.ReopenTicket(t.Context(), c.contact, n); err != nil {
		t.Fatal(err)
	}
	if err := w.SetState(t.Context(), o.agent, n, desk.WaitingCustomer); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Hour)
	w.digests(t)
	for _, m := range w.mail.Messages()[:len(w.mail.Messages())-letters] {
		if strings.Contains(m.Text, "est fermée") {
			t.Errorf("it tells what is over:\n%s", m.Text)
		}
	}
}

// While people write, letters are closed and sent: each message is in one letter, and in
// one alone.
func TestNoNewsIsLostOrToldTwice(t *testing.T) {
	t.Parallel()
	w := newQuiet(t, app.Quiet{For: time.Nanosecond, AtMost: time.Nanosecond})
	n := w.submit(t, w.one.first.contact, desk.Submission{})
	const writers, each = 3, 8
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			who := []desk.Actor{w.one.agent, w.one.lead, w.one.admin}[i]
			for j := range each {
				if err := w.WriteMessage(context.WithoutCancel(t.Context()), who, n, app.Reply{Body: fmt.Sprintf("message %d-%d.", i, j)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	for running := true; running; {
		select {
		case <-ended:
			running = false
		default:
		}
		w.clock.pass(time.Millisecond)
		w.digests(t)
	}
	var text strings.Builder
	letters := w.mail.Messages()
	for _, m := range letters {
		text.WriteString(m.Text)
	}
	for i := range writers {
		for j := range each {
			if got := strings.Count(text.String(), fmt.Sprintf("> message %d-%d.", i, j)); got != 1 {
				t.Errorf("message %d-%d is told %d times", i, j, got)
			}
		}
	}
	if len(letters) < 2 || len(w.jobs(t, "digest")) != 0 {
		t.Errorf("%d letters, %d gather still: the test is worth nothing", len(letters), len(w.jobs(t, "digest")))
	}
}

// Each is told as he chose: at once, in the morning by his own clock, or never.
func TestEachIsToldAsHeChose(t *testing.T) {
	t.Parallel()
	w := newQuiet(t, app.Quiet{})
	c, o := w.one.first, w.one
	n, m := w.submit(t, c.contact, desk.Submission{Subject: "One", Body: "It is slow"}), w.submit(t, c.contact, desk.Submission{Subject: "Two", Body: "It is late"})
	for _, number := range []int64{n, m} {
		if err := w.FollowTicket(t.Context(), c.contact, number, c.manager.Person.ID); err != nil {
			t.Fatal(err)
		}
	}
	choose := func(who desk.Actor, topic desk.LetterTopic, when desk.LetterWhen) {
		t.Helper()
		p := desk.Preferences{Zone: "America/Montreal", Letters: who.Person.Letters.With(topic, when)}
		if err := w.SavePreferences(t.Context(), who, p); err != nil {
			t.Fatal(err)
		}
	}
	w.letter(t, c.contact.Person.Email)
	choose(c.contact, desk.LettersMine, desk.LettersDaily)
	choose(c.manager, desk.LettersFollowed, desk.LettersNever)
	if err := w.SavePreferences(t.Context(), o.agent, desk.Preferences{Letters: desk.LetterChoices{Warnings: desk.LettersDaily}}); err == nil {
		t.Error("a warning can wait until tomorrow")
	}
	before := len(w.mail.Messages())
	w.says(t, o.agent, n, "A word for the morning.")
	w.says(t, o.agent, m, "Another, "+strings.Repeat("long ", 100))
	if err := w.SetState(t.Context(), o.agent, n, desk.Resolved); err != nil {
		t.Fatal(err)
	}
	if got := len(w.jobs(t, "notice")); got != 0 || w.count(t, `select count(*) from notices where delivery_id is null`) != 3 {
		t.Errorf("%d letters go at once", got)
	}
	morning := func() {
		t.Helper()
		for id, args := range w.jobs(t, "daily") {
			var d app.Daily
			if err := json.Unmarshal(args, &d); err != nil {
				t.Fatal(err)
			}
			var pause *river.JobSnoozeError
			if err := w.SendDaily(t.Context(), d); errors.As(err, &pause) {
				if at := w.clock.read().Add(pause.Duration).In(made(time.LoadLocation("America/Montreal"))); at.Hour() != 8 || at.Minute() != 0 {
					t.Errorf("it leaves at %s", at)
				}
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			w.done[id] = true
		}
	}
	morning() // it is ten in Paris, and four in Montreal
	if len(w.mail.Messages()) != before {
		t.Error("the daily letter leaves before the morning")
	}
	w.clock.pass(5 * time.Hour)
	morning()
	morning() // done twice, it is sent once
	list := w.mail.Messages()
	if len(list) != before+1 || list[0].To[0] != c.contact.Person.Email {
		t.Fatalf("%d letters", len(list)-before)
	}
	for _, words := range []string{"2 demandes", "A word for the morning.", "est réglée", "/one/tickets/" + fmt.Sprint(m), "une fois par jour"} {
		if !strings.Contains(list[0].Text, words) {
			t.Errorf("%q is not in\n%s", words, list[0].Text)
		}
	}
	if strings.Count(list[0].Text, "long ") > 45 || len(list[0].Headers["References"]) != 0 {
		t.Errorf("it is long, or in a thread:\n%s", list[0].Text)
	}
	// What must arrive does.
	w.submit(t, c.contact, desk.Submission{})
	if w.letter(t, c.contact.Person.Email); len(w.mail.Messages()) != before+2 {
		t.Error("the acknowledgement does not arrive")
	}
}
