package dossier

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// ErrHAR is a file that is no HAR, is cut short, or is nested beyond reason.
var ErrHAR = errors.New("error.har")

const (
	maxDepth  = 64      // of a HAR: real ones have about ten
	maxString = 1 << 18 // bytes of a string that are kept in memory; a longer one is left out
	maxObject = 1 << 20 // bytes of one header, cookie or body that are kept in memory
)

// ScrubHAR copies a HAR (the "HTTP Archive" of browsers, version 1.2) without its secrets: headers
// that sign in, cookies, tokens in addresses, in what was posted and in what came back. Ids that
// support searches by stay. It reads and writes as it goes, whatever the size; a string too long
// to be searched is left out. The copy is compact JSON.
//
// Errors: ErrHAR, when what was written so far must not be used; those of r and w.
func ScrubHAR(r io.Reader, w io.Writer) ([]Masked, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	s := &scrubber{lexer: newLexer(r, 64<<10), out: out}
	if err := s.document(); err != nil {
		return nil, err
	}
	return s.found.list(), out.Flush()
}

// scrubber copies tokens from its lexer to out.
type scrubber struct {
	lexer
	out                *bufio.Writer
	found              tally
	depth              int // of JSON in strings
	sawLog, sawEntries bool
}

// document copies a HAR: one object.
func (s *scrubber) document() error {
	if err := s.root(); err != nil {
		return err
	}
	if !s.sawLog || !s.sawEntries {
		return notHAR("no entries")
	}
	return nil
}

// root copies one value, and lets nothing follow it.
func (s *scrubber) root() error {
	t, err := s.want()
	if err != nil {
		return err
	}
	if err := s.value(t, nil); err != nil {
		return err
	}
	if _, err := s.next(); !errors.Is(err, io.EOF) {
		return errors.Join(notHAR("more after its end"), err)
	}
	return nil
}

// value copies a value that begins with the token; path are the keys that lead to it.
func (s *scrubber) value(t token, path []string) error {
	if len(path) > maxDepth {
		return notHAR("nested too deep")
	}
	switch t.kind {
	case '{':
		if whole(path) {
			return s.object(path)
		}
		return s.members(path)
	case '[':
		return s.elements(path)
	case '"':
		return s.write(s.text(last(path), t))
	case 'v':
		return s.number(last(path), t.raw)
	}
	return fmt.Errorf("%w: %q where a value begins", ErrHAR, t.kind)
}

// members copies an object, member by member.
func (s *scrubber) members(path []string) error {
	s.out.WriteByte('{')
	for first := true; ; first = false {
		key, done, err := s.key(first)
		if err != nil || done {
			return errors.Join(err, s.out.WriteByte('}'))
		}
		if !first {
			s.out.WriteByte(',')
		}
		if err := s.write(key); err != nil {
			return err
		}
		s.out.WriteByte(':')
		t, err := s.want()
		if err != nil {
			return err
		}
		s.sawLog = s.sawLog || len(path) == 0 && key == "log" && t.kind == '{'
		s.sawEntries = s.sawEntries || len(path) == 1 && path[0] == "log" && key == "entries" && t.kind == '['
		if err := s.value(t, append(path, key)); err != nil {
			return err
		}
	}
}

// elements copies an array. Its elements are known by the key of the array.
func (s *scrubber) elements(path []string) error {
	s.out.WriteByte('[')
	for first := true; ; first = false {
		t, err := s.want()
		if err != nil {
			return err
		}
		if first && t.kind == ']' {
			break
		}
		if !first {
			switch t.kind {
			case ']':
				return s.out.WriteByte(']')
			case ',':
				s.out.WriteByte(',')
			default:
				return fmt.Errorf("%w: %q in an array", ErrHAR, t.kind)
			}
			if t, err = s.want(); err != nil {
				return err
			}
		}
		if err := s.value(t, append(path, "[]")); err != nil {
			return err
		}
	}
	return s.out.WriteByte(']')
}

// key reads the next key of an object and its colon, or the end of the object.
func (s *scrubber) key(first bool) (key string, done bool, err error) {
	t, err := s.want()
	if err != nil {
		return "", false, err
	}
	switch {
	case t.kind == '}':
		return "", true, nil
	case !first && t.kind == ',':
		if t, err = s.want(); err != nil {
			return "", false, err
		}
	case !first:
		return "", false, fmt.Errorf("%w: %q in an object", ErrHAR, t.kind)
	}
	if t.kind != '"' || t.long {
		return "", false, fmt.Errorf("%w: no key", ErrHAR)
	}
	colon, err := s.want()
	if err == nil && colon.kind != ':' {
		err = fmt.Errorf("%w: no colon", ErrHAR)
	}
	return t.text, false, err
}

// want reads a token that must be there.
func (s *scrubber) want() (token, error) {
	t, err := s.next()
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: cut short", ErrHAR)
	}
	return t, err
}
