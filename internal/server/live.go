package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/live"
)

// A stream is asked for with this (HTML, "Server-sent events"), and says something
// at least every heartbeat: proxies drop lines that are silent for half a minute.
const (
	eventStream  = "text/event-stream"
	heartbeat    = 25 * time.Second
	reconnect    = 3 * time.Second
	streamWrites = 10 * time.Second // who does not take a line for so long has gone
	drawing      = 2 * time.Second  // what a page shows was read so long before it was drawn, at most
)

// isLive tells a page's own asking, after the stream told it of something, from its
// reader's: it keeps no session alive and takes nothing that is shown once.
func isLive(r *http.Request) bool {
	return r.Header.Get("Live") != "" || strings.Contains(r.Header.Get("Accept"), eventStream)
}

// watch is the stream of what changes for its reader: numbers of tickets, no word of
// them. Whoever is no page of ours is told what it is.
func (s *Server) watch(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	streams := strings.Contains(r.Header.Get("Accept"), eventStream)
	if !who.SignedIn() && streams {
		w.WriteHeader(http.StatusNoContent) // which ends it: a browser does not ask again
		return nil
	}
	if err := who.May(desk.ReadTickets); err != nil {
		return err
	}
	if !streams {
		http.Error(w, eventStream, http.StatusNotAcceptable)
		return nil
	}
	stream, err := s.app.Watch(who, asOf(r, s.app.Now()))
	if err != nil {
		return err
	}
	defer stream.Leave()
	h := w.Header()
	h.Set("Content-Type", eventStream)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	line := &lineOut{w: w, conn: http.NewResponseController(w)}
	if line.begin() {
		s.follow(r, line, stream, who)
	}
	return nil
}

// asOf is when the page that watches was drawn; a page that does not say so, or is
// from the future, hears what comes.
func asOf(r *http.Request, now time.Time) time.Time {
	ms, err := strconv.ParseInt(r.URL.Query().Get("at"), 10, 64)
	if err != nil || ms > now.UnixMilli() {
		return now
	}
	return time.UnixMilli(ms).Add(-drawing)
}

// follow writes until the reader goes, or may not watch any more.
func (s *Server) follow(r *http.Request, line *lineOut, stream *live.Stream, who desk.Actor) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		check := false
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			check = true
		case <-stream.Woken():
		}
		word := stream.Take()
		if word.Over {
			return // the browser asks again, of the process that takes over
		}
		if check || word.Check {
			now, err := s.app.StillThere(r.Context(), who)
			if err != nil {
				line.say(endOf(err))
				return
			}
			who = now
			stream.Renew(who)
		}
		if !line.say(events(word)) {
			return
		}
	}
}

// endOf is the last word to somebody who may watch no more. Where that cannot be
// known now, the browser asks again later.
func endOf(err error) string {
	if errors.Is(err, desk.ErrSignIn) || errors.Is(err, desk.ErrForbidden) || errors.Is(err, desk.ErrOutOfHours) {
		return "event: end\ndata:\n\n"
	}
	return ": later\n\n"
}

// events writes a word as the page's script reads it, a comment where there is none.
func events(w live.Word) string {
	var b strings.Builder
	if w.Again {
		b.WriteString("event: again\ndata:\n\n")
	}
	for name, list := range map[string][]int64{"tickets": w.Tickets, "here": w.Here} {
		if len(list) > 0 {
			fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, strings.Trim(fmt.Sprint(list), "[]"))
		}
	}
	if b.Len() == 0 {
		return ":\n\n"
	}
	return b.String()
}

// lineOut is the wire to a page.
type lineOut struct {
	w    http.ResponseWriter
	conn *http.ResponseController
}

// begin lifts the limits that are right for pages: a stream is read for hours.
func (l *lineOut) begin() bool {
	if l.conn.SetReadDeadline(time.Time{}) != nil {
		return false
	}
	return l.say("retry: " + strconv.FormatInt(reconnect.Milliseconds(), 10) + "\n\n")
}

// say tells whether the reader took it.
func (l *lineOut) say(text string) bool {
	if l.conn.SetWriteDeadline(time.Now().Add(streamWrites)) != nil {
		return false
	}
	_, err := l.w.Write([]byte(text))
	return err == nil && l.conn.Flush() == nil
}

func (s *Server) liveRoutes(r chi.Router) {
	r.Get("/{desk}/live", s.at(s.watch))
	r.Get("/{desk}/tickets/{number}/presence", s.signedIn(s.presence))
	r.Post("/{desk}/tickets/{number}/presence", s.signedIn(s.presence))
	r.Post("/{desk}/drafts", s.signedIn(s.keepTyped))
}
