package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// A desk's public page is the same for all who are nobody in particular, and is
// asked for the most. It is drawn once for each way it can look and kept until
// the minute is over: whatever the clock changes on it, "3 h 42 left" as well as
// open and closed, changes on a whole minute.

// copyKey is all that the page depends on.
type copyKey struct {
	page       string    // "": the front one
	desk       desk.Desk // as its settings are
	offer      int
	lang       i18n.Lang
	shown, own string // zones
	theme      string
	minute     int64
}

// copied is the page as it is sent.
type copied struct {
	plain, gzip []byte
	tag         string // of its content, without quotes
}

// mostCopies bounds what is kept: some 10 MB.
const mostCopies = 128

// copies are the pages of this minute. The zero value is ready.
type copies struct {
	mu   sync.Mutex
	held map[copyKey]func() (copied, error)
}

// find gives the copy of a key, which whoever asks first makes while others wait.
func (c *copies) find(k copyKey, draw func() (copied, error)) (copied, error) {
	c.mu.Lock()
	found, ok := c.held[k]
	if !ok {
		c.makeRoom(k.minute)
		found = sync.OnceValues(draw)
		c.held[k] = found
	}
	c.mu.Unlock()
	page, err := found()
	if err != nil {
		c.mu.Lock()
		delete(c.held, k)
		c.mu.Unlock()
	}
	return page, err
}

// makeRoom forgets what is over, and anything at all when that is not enough.
func (c *copies) makeRoom(minute int64) {
	if c.held == nil {
		c.held = map[copyKey]func() (copied, error){}
	}
	if len(c.held) < mostCopies {
		return
	}
	for k := range c.held {
		if k.minute != minute {
			delete(c.held, k)
		}
	}
	for k := range c.held {
		if len(c.held) < mostCopies {
			return
		}
		delete(c.held, k)
	}
}

// isAnybody tells a reader of whom nothing is on the page: nobody signed in, no
// session that could hold a word for him, and no choice that comes with a cookie.
func (s *Server) isAnybody(r *http.Request, who desk.Actor) bool {
	_, err := r.Cookie(s.sessions.Cookie.Name)
	return err != nil && !who.SignedIn() && (r.URL.RawQuery == "" || r.URL.RawQuery == "zone=desk")
}

// homeForAll answers with the copy of this minute. Its tag changes with its
// content, so that who has it already is told so.
func (s *Server) homeForAll(w http.ResponseWriter, r *http.Request, who desk.Actor, o desk.OpenOffer, z readerZone) error {
	p := i18n.From(r.Context())
	k := copyKey{desk: who.Desk, offer: o.Version, lang: p.Lang(), shown: z.shown.String(), own: z.own.String(), theme: chosenTheme(r), minute: p.Now().Unix() / 60}
	found, err := s.homes.find(k, func() (copied, error) {
		ctx := context.WithoutCancel(inZone(r.Context(), z.shown))
		f := page.Frame{Who: who, Path: r.URL.Path, Section: "support", Theme: k.theme, Base: s.address()}
		support := supportNow(o, o.Level(o.Content.Default), p.Now(), z)
		var err error
		if support.Health, err = s.app.PublicHealth(ctx, who.Desk, z.shown); err != nil {
			return copied{}, err
		}
		whole, err := drawn(ctx, page.Home(f, support))
		if err != nil {
			return copied{}, err
		}
		return copyOf(whole)
	})
	if err == nil {
		found.send(w, r, time.Minute-time.Duration(p.Now().Second())*time.Second)
	}
	return err
}

func copyOf(plain []byte) (copied, error) {
	var small bytes.Buffer
	g, err := gzip.NewWriterLevel(&small, gzip.DefaultCompression)
	if err != nil {
		return copied{}, err
	}
	_, _ = g.Write(plain) // into memory
	if err := g.Close(); err != nil {
		return copied{}, err
	}
	sum := sha256.Sum256(plain)
	return copied{plain, small.Bytes(), base64.RawURLEncoding.EncodeToString(sum[:12])}, nil
}

// send writes the page, or says that the reader has it. Any cache may hand it on
// for as long as it is true.
func (c copied) send(w http.ResponseWriter, r *http.Request, left time.Duration) {
	body, tag := c.plain, `"`+c.tag+`"`
	h := w.Header()
	if acceptsGzip(r) {
		body, tag = c.gzip, `"`+c.tag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(left/time.Second))+", must-revalidate")
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the reader hung up: nobody is left to tell
}

// matches reads If-None-Match (RFC 9110 §13.1.2), which compares weakly: what
// stands between may have made the tag weak.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimPrefix(strings.TrimSpace(part), "W/"); part == tag || part == "*" {
			return true
		}
	}
	return false
}
