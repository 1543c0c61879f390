package app_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// One word to all: each ticket gets it once, in its reader's language, as a
// person's reply, and nobody reads of another.
func TestOneWordToAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id, w.one.second.id)
	french, english := w.submit(t, w.one.first.contact, late), w.submit(t, w.one.second.contact, late)
	closed := w.submit(t, w.one.second.contact, late)
	if _, err := w.sql(t).Exec(t.Context(), `update people set language = 'en' where id = $1`, w.one.second.contact.Person.ID); err != nil {
		t.Fatal(err)
	}
	about := desk.About{Issue: i.ID}
	p, err := w.PreviewAnnouncement(t.Context(), w.one.agent, about)
	if err != nil || p.Tickets != 3 || p.Customers != 2 || p.Languages["fr"] != 1 || p.Languages["en"] != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	texts, key := map[string]string{"fr": "Microsoft répare, patience.", "en": "Microsoft is on it."}, desk.NewID()
	id, err := w.Announce(t.Context(), w.one.agent, about, texts, key)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.Announce(t.Context(), w.one.agent, about, texts, key); err != nil || again != id {
		t.Errorf("the same form planned another: %v", err)
	}
	if err := w.CloseTicket(t.Context(), w.one.second.contact, closed); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a worker that was lost starts over
		if err := w.SendAnnouncements(t.Context(), app.SendAnnouncement{Desk: w.one.desk.ID, ID: id}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.sql(t).Exec(t.Context(), `update announcements set state = 'running'`); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.SendAnnouncements(t.Context(), app.SendAnnouncement{Desk: w.one.desk.ID, ID: id}); err != nil {
		t.Fatal(err)
	}
	a, err := w.Announcement(t.Context(), w.one.agent, about, id)
	if err != nil || a.State != desk.AnnouncementDone || a.Done != 2 || a.Total != 2+a.Skipped || a.EndedAt == nil {
		t.Errorf("%+v, %v", a, err)
	}
	for number, want := range map[int64]string{french: texts["fr"], english: texts["en"]} {
		th := w.thread(t, w.one, number)
		got := 0
		for _, m := range th.Said {
			if m.Body == want && m.AuthorID == w.one.agent.Person.ID && !m.Internal {
				got++
			}
		}
		if got != 1 || th.Ticket.RepliedAt == nil || th.Ticket.State != desk.WaitingMicrosoft {
			t.Errorf("%d: %d times, %s", number, got, th.Ticket.State)
		}
		if strings.Contains(th.Said[len(th.Said)-1].Body, "Second") {
			t.Error("names a customer")
		}
	}
	if th := w.thread(t, w.one, closed); len(th.Said) != 1 {
		t.Error("wrote to a closed ticket")
	}
}

func TestAnnouncementsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.lateMail(t, w.one, "EX1184213", w.one.first.id)
	about, word := desk.About{Issue: i.ID}, map[string]string{"fr": "Un mot."}
	var invalid desk.Invalid
	if _, err := w.Announce(t.Context(), w.one.agent, about, word, desk.NewID()); !errors.As(err, &invalid) {
		t.Error("to nobody:", err)
	}
	w.submit(t, w.one.first.contact, late)
	if _, err := w.Announce(t.Context(), w.one.agent, about, map[string]string{"fr": " "}, desk.NewID()); !errors.As(err, &invalid) {
		t.Error("nothing said:", err)
	}
	for _, foreign := range []desk.About{{Issue: desk.NewID()}, {Incident: desk.NewID()}} {
		if _, err := w.Announce(t.Context(), w.one.agent, foreign, word, desk.NewID()); !errors.Is(err, desk.ErrNotFound) {
			t.Error(err)
		}
	}
	if _, err := w.Announce(t.Context(), w.two.agent, about, word, desk.NewID()); !errors.Is(err, desk.ErrNotFound) {
		t.Error("of another desk:", err)
	}
	for _, who := range []desk.Actor{w.one.first.contact, w.one.first.manager, desk.Visitor(w.one.desk)} {
		if _, err := w.Announce(t.Context(), who, about, word, desk.NewID()); err == nil {
			t.Error("announced by", who.Person.Role)
		}
	}
	id, err := w.Announce(t.Context(), w.one.agent, about, word, desk.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Announcement(t.Context(), w.one.agent, desk.About{Issue: desk.NewID()}, id); !errors.Is(err, desk.ErrNotFound) {
		t.Error(err)
	}
	if list, err := w.Announcements(t.Context(), w.one.lead, about); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
}
