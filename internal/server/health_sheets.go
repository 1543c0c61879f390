package server

import (
	"sync"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// The state of services is what all ask for at once when something is down. It
// is drawn once for each company, language and zone, and handed to all of its
// people for some seconds; what is one reader's own is filled in for him. The
// last drawing stays in memory for when the database does not answer.

// sheetKey is all that a sheet depends on. Of a person it holds his company
// alone.
type sheetKey struct {
	desk     desk.Desk // as its settings are
	customer desk.ID   // Nobody: over all, or for anybody
	reader   page.HealthReader
	lang     i18n.Lang
	zone     string
}

// drawnSheet is a sheet and when it was drawn.
type drawnSheet struct {
	page.HealthSheet
	at    time.Time // zero: never yet
	until time.Time // new enough until then
}

// heldSheet is the last drawing of a key; whoever draws the next holds its lock.
type heldSheet struct {
	drawing sync.Mutex
	last    drawnSheet // under the lock of all sheets
}

// mostSheetBytes bounds what is held: some hundreds of companies.
const mostSheetBytes = 16 << 20

// patience is how old a sheet may be that is handed out while somebody draws it
// anew.
const patience = time.Minute

// sheets are held by key. The zero value is ready.
type sheets struct {
	mu   sync.Mutex
	held map[sheetKey]*heldSheet
	size int // of all, in bytes
}

// find gives the sheet of a key, drawn when the last one is not new enough; draw
// tells for how long it will be. While one reader's request draws, the others
// are given the last.
func (s *sheets) find(k sheetKey, now time.Time, draw func() (page.HealthSheet, time.Duration, error)) (drawnSheet, error) {
	h, last := s.look(k)
	if now.Before(last.until) {
		return last, nil
	}
	if !h.drawing.TryLock() {
		if now.Sub(last.at) < patience {
			return last, nil
		}
		h.drawing.Lock()
	}
	defer h.drawing.Unlock()
	if _, last = s.look(k); now.Before(last.until) {
		return last, nil
	}
	sheet, fresh, err := draw()
	if err != nil {
		s.forgetBlank(k)
		return drawnSheet{}, err
	}
	d := drawnSheet{sheet, now, now.Add(fresh)}
	s.keep(k, h, d)
	return d, nil
}

// look finds what is held of a key, which may be nothing yet.
func (s *sheets) look(k sheetKey) (*heldSheet, drawnSheet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[sheetKey]*heldSheet{}
	}
	h, ok := s.held[k]
	if !ok {
		h = &heldSheet{}
		s.held[k] = h
	}
	return h, h.last
}

// keep stores a drawing; the oldest others give way when all take too much.
func (s *sheets) keep(k sheetKey, h *heldSheet, d drawnSheet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.held[k]; ok {
		s.size -= was.last.Size()
	}
	h.last = d
	s.held[k] = h
	s.size += d.Size()
	for s.size > mostSheetBytes && len(s.held) > 1 {
		var oldest sheetKey
		var at time.Time
		for other, o := range s.held {
			if other != k && (at.IsZero() || o.last.at.Before(at)) {
				oldest, at = other, o.last.at
			}
		}
		s.size -= s.held[oldest].last.Size()
		delete(s.held, oldest)
	}
}

// forgetBlank leaves no trace of a key that could never be drawn.
func (s *sheets) forgetBlank(k sheetKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.held[k]; ok && h.last.at.IsZero() {
		delete(s.held, k)
	}
}

// kept is the last drawing of a key, however old.
func (s *sheets) kept(k sheetKey) (drawnSheet, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.held[k]
	if !ok {
		return drawnSheet{}, false
	}
	return h.last, !h.last.at.IsZero()
}

// keptPublic is the last drawing of what a desk tells anybody, in a language or
// else in any, with the desk as it was.
func (s *sheets) keptPublic(slug string, lang i18n.Lang) (found drawnSheet, of sheetKey, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, h := range s.held {
		if k.desk.Slug != slug || k.reader != page.HealthPublic || h.last.at.IsZero() {
			continue
		}
		better := !ok || k.lang == lang && of.lang != lang || (k.lang == lang) == (of.lang == lang) && h.last.at.After(found.at)
		if better {
			found, of, ok = h.last, k, true
		}
	}
	return found, of, ok
}
