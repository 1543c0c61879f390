// Package clamav asks a ClamAV daemon whether a stream holds what is harmful. The
// bytes travel over its socket: the daemon needs no access to where they are kept.
package clamav

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"guichet/internal/desk"
)

// Client is one daemon.
type Client struct{ network, address string }

// At names a daemon by its socket: unix:/path, or host:port. Errors: neither.
func At(addr string) (*Client, error) {
	if path, unix := strings.CutPrefix(addr, "unix:"); unix {
		if !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("%q is no path of a socket", path)
		}
		return &Client{"unix", path}, nil
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return nil, fmt.Errorf("%q is neither unix:/path nor host:port", addr)
	}
	return &Client{"tcp", addr}, nil
}

// How long the daemon may take to answer the telephone, and to think after the last
// byte; and how much it is given at once.
const (
	dialTime  = 5 * time.Second
	thinkTime = 5 * time.Minute
	chunk     = 64 << 10
)

// ErrTooLong is a stream that the daemon's StreamMaxLength does not let in: nobody
// knows what is in it.
var ErrTooLong = desk.Unscannable{}

// Scan sends a stream and names what was found in it, "" for nothing (clamd(8),
// INSTREAM: chunks, each after its length in four bytes, and a length of zero at the
// end). Errors: a daemon that does not answer, or cannot tell now; desk.ErrUnscannable
// for what it will never tell.
func (c *Client) Scan(ctx context.Context, body io.Reader) (string, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(thinkTime))
	if err := stream(conn, body); err != nil {
		// A daemon that has had enough says so and hangs up.
		if answer, known := read(conn); known == nil && strings.Contains(answer, "size limit exceeded") {
			return "", ErrTooLong
		}
		return "", err
	}
	answer, err := read(conn)
	if err != nil {
		return "", err
	}
	return verdict(answer)
}

func stream(conn net.Conn, body io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return fmt.Errorf("clamav: %w", err)
	}
	buf := make([]byte, 4+chunk)
	for {
		n, err := io.ReadFull(body, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n)) // at most chunk
			_ = conn.SetDeadline(time.Now().Add(thinkTime))
			if _, err := conn.Write(buf[:4+n]); err != nil {
				return fmt.Errorf("clamav: %w", err)
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if _, err := conn.Write([]byte{0, 0, 0, 0}); err != nil {
				return fmt.Errorf("clamav: %w", err)
			}
			return nil
		case err != nil:
			return err
		}
	}
}

// Check tells why the daemon cannot be asked.
func (c *Client) Check(ctx context.Context) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(dialTime))
	if _, err := io.WriteString(conn, "zPING\x00"); err != nil {
		return fmt.Errorf("clamav: %w", err)
	}
	answer, err := read(conn)
	if err == nil && answer != "PONG" {
		err = fmt.Errorf("clamav: answers %q", answer)
	}
	return err
}

func (c *Client) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime}
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return nil, fmt.Errorf("clamav: %w", err)
	}
	return conn, nil
}

func read(conn net.Conn) (string, error) {
	answer, err := io.ReadAll(io.LimitReader(conn, 4<<10))
	if err != nil && len(answer) == 0 {
		return "", fmt.Errorf("clamav: %w", err)
	}
	return string(bytes.TrimRight(answer, "\x00\n")), nil
}

// unseen are the names of what a daemon has not looked through, where it is told to
// say so (clamd.conf(5), AlertExceedsMax and AlertEncrypted): an archive that unpacks
// to more than it reads, and one that is locked.
var unseen = []string{"Heuristics.Limits.Exceeded", "Heuristics.Encrypted"}

// verdict reads "stream: OK" and "stream: Name FOUND".
func verdict(answer string) (string, error) {
	text := strings.TrimPrefix(answer, "stream: ")
	if text == "OK" {
		return "", nil
	}
	if name, found := strings.CutSuffix(text, " FOUND"); found && name != "" {
		for _, u := range unseen {
			if strings.HasPrefix(name, u) {
				return "", desk.Unscannable{Why: name}
			}
		}
		return name, nil
	}
	if strings.Contains(text, "size limit exceeded") {
		return "", ErrTooLong
	}
	return "", fmt.Errorf("clamav: answers %q", answer)
}
