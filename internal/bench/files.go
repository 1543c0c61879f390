package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A large file and the pieces that a browser sends it in.
const (
	largeFile = 200 << 20
	filePiece = 4 << 20
)

// largeContent is the same bytes each time, which nothing takes for anything.
func largeContent() io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{1}), largeFile) }

// filesBothWays measures a large file on its way in, in pieces and in one form, and on
// its way out: how fast it is, and how much more memory the portal takes meanwhile.
func filesBothWays(ctx context.Context, d *data, portal *process) error {
	defer os.RemoveAll(d.files)
	p := sender{ctx, portal, d.contacts[0]}
	var ticket string
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"up, in pieces", func() (err error) { ticket, err = p.inPieces(); return err }},
		{"up, in a form", func() error { return p.inForm(ticket) }},
		{"down", func() error { return p.down(ticket) }},
	} {
		before, err := portal.memory()
		if err != nil {
			return err
		}
		most := atomic.Int64{}
		done, watched := make(chan struct{}), make(chan struct{})
		go func() { defer close(watched); portal.watch(&most, done) }()
		began, cpu := time.Now(), portal.cpu()
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		took := time.Since(began)
		close(done)
		<-watched
		fmt.Printf("\nfile of %d MiB, %s: %.1f s, %.0f MiB/s, CPU of the portal %.1f s, %.1f MiB of memory more at most (%d before)", largeFile>>20, step.name, took.Seconds(),
			largeFile/(1<<20)/took.Seconds(), (portal.cpu() - cpu).Seconds(), float64(most.Load()-before)/(1<<20), before>>20)
	}
	fmt.Println()
	return nil
}

// watch keeps the most memory that the process is seen with.
func (p *process) watch(most *atomic.Int64, done chan struct{}) {
	for {
		if now, err := p.memory(); err == nil {
			most.Store(max(most.Load(), now))
		}
		select {
		case <-done:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// sender is somebody with a file.
type sender struct {
	ctx    context.Context
	portal *process
	who    session
}

// ask sends a request as that person. The caller closes the body of the answer.
func (s sender) ask(method, path string, body io.Reader, kind string, status int, headers ...string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(s.ctx, method, s.portal.base+path, body)
	if err != nil {
		return nil, err
	}
	s.who.carry(r)
	r.Header.Set("Content-Type", kind)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := transport(1).RoundTrip(r)
	if err == nil && resp.StatusCode != status {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 2000))
		resp.Body.Close()
		err = fmt.Errorf("%s %s: %s\n%s", method, path, resp.Status, text)
	}
	return resp, err
}

const formType = "application/x-www-form-urlencoded"

var (
	uploadID = regexp.MustCompile(`"id":"([0-9a-f-]{36})"`)
	fileLink = regexp.MustCompile(`href="([^"]*/attachments/[0-9a-f-]{36})"`)
)

// inPieces sends a file as the page's script does, and then its ticket, whose address
// it returns.
func (s sender) inPieces() (string, error) {
	resp, err := s.ask(http.MethodPost, "/"+deskSlug+"/uploads", strings.NewReader(url.Values{"name": {"large.bin"}, "bytes": {strconv.Itoa(largeFile)}}.Encode()), formType, http.StatusCreated)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	id := uploadID.FindSubmatch(text)
	if err != nil || id == nil {
		return "", fmt.Errorf("begun: %s %v", text, err)
	}
	content, piece := largeContent(), make([]byte, filePiece)
	for at := 0; at < largeFile; at += filePiece {
		if _, err := io.ReadFull(content, piece); err != nil {
			return "", err
		}
		resp, err := s.ask(http.MethodPut, "/"+deskSlug+"/uploads/"+string(id[1]), bytes.NewReader(piece), "application/octet-stream", http.StatusOK, "Upload-Offset", strconv.Itoa(at))
		if err != nil {
			return "", err
		}
		resp.Body.Close()
	}
	f := form(0, 0)
	f.Set("held", string(id[1]))
	resp, err = s.ask(http.MethodPost, "/"+deskSlug+"/tickets", strings.NewReader(f.Encode()), formType, http.StatusSeeOther)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	return resp.Header.Get("Location"), nil
}

// inForm sends a file as a browser without a script does, with a message.
func (s sender) inForm(ticket string) error {
	out, in := io.Pipe()
	form := multipart.NewWriter(in)
	go func() {
		err := form.WriteField("body", "Voici le fichier.")
		if w, e := form.CreateFormFile("attachments", "large.bin"); e == nil && err == nil {
			_, err = io.Copy(w, largeContent())
		}
		if err == nil {
			err = form.Close()
		}
		in.CloseWithError(err)
	}()
	resp, err := s.ask(http.MethodPost, strings.SplitN(ticket, "?", 2)[0]+"/messages", out, form.FormDataContentType(), http.StatusSeeOther)
	if err == nil {
		resp.Body.Close()
	}
	return err
}

// down fetches what the ticket has, and compares it with what was sent.
func (s sender) down(ticket string) error {
	resp, err := s.ask(http.MethodGet, ticket, nil, "", http.StatusOK)
	if err != nil {
		return err
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	links := fileLink.FindAllSubmatch(page, -1)
	if err != nil || len(links) < 2 {
		return fmt.Errorf("%d files on the ticket: %v", len(links), err)
	}
	if resp, err = s.ask(http.MethodGet, string(links[0][1]), nil, "", http.StatusOK); err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := summed(resp.Body)
	if err != nil {
		return err
	}
	if want, err := summed(largeContent()); err != nil || !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
		return fmt.Errorf("what comes out is not what went in: %v", err)
	}
	return nil
}

func summed(r io.Reader) (hash.Hash, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return h, err
}
