package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"compress/gzip"

	"github.com/PuerkitoBio/goquery"
)

// visit is what a browser fetches that has nothing of ours yet.
type visit struct {
	requests int
	bytes    int64 // of bodies, as they travel
	parts    []string
}

// firstVisit fetches a page and all that it names.
func firstVisit(ctx context.Context, page string, who session) (visit, error) {
	var v visit
	base, err := url.Parse(page)
	if err != nil {
		return v, err
	}
	doc, err := v.page(ctx, page, who)
	if err != nil {
		return v, err
	}
	seen := map[string]bool{}
	doc.Find("link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], link[rel~=manifest], script[src], img[src], use[href]").Each(func(_ int, s *goquery.Selection) {
		to, _ := s.Attr("href")
		if to == "" {
			to, _ = s.Attr("src")
		}
		u, e := base.Parse(to)
		if e != nil || u.Scheme == "data" {
			return
		}
		u.Fragment = ""
		if part := u.String(); part != page && !seen[part] {
			seen[part] = true
			if e := v.fetch(ctx, part, who, func(io.Reader) error { return nil }); e != nil && err == nil {
				err = e
			}
		}
	})
	return v, err
}

func (v *visit) page(ctx context.Context, page string, who session) (doc *goquery.Document, err error) {
	err = v.fetch(ctx, page, who, func(body io.Reader) error {
		doc, err = goquery.NewDocumentFromReader(body)
		return err
	})
	return doc, err
}

// counter counts what is read through it.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func (v *visit) fetch(ctx context.Context, address string, who session, read func(io.Reader) error) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	who.carry(r)
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := transport(1).RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, resp.Status)
	}
	count := &counter{Reader: resp.Body}
	var body io.Reader = count
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(count); err != nil {
			return err
		}
	}
	if err := read(body); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, count); err != nil {
		return err
	}
	v.requests++
	v.bytes += count.n
	v.parts = append(v.parts, fmt.Sprintf("%6.1f kB  %s", float64(count.n)/1000, r.URL.Path))
	return nil
}
