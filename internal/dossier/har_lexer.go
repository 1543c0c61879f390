package dossier

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// token is a piece of JSON: one of {}[]:, as itself, '"' a string, 'v' a number or a word.
type token struct {
	kind byte
	text string // of a string
	raw  []byte // of a number or a word
	long bool   // a string that was not kept
	size int    // of a string, in bytes as written
}

// lexer parts JSON without keeping more than one string of it. The standard decoder keeps the
// longest, and a body can be as long as the file.
type lexer struct{ in *bufio.Reader }

// newLexer skips the mark that Windows writes before UTF-8.
func newLexer(r io.Reader, size int) lexer {
	in := bufio.NewReaderSize(r, size)
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		in.Discard(3)
	}
	return lexer{in}
}

// next reads a token. Errors: io.EOF at the end, ErrHAR for what is no JSON, those of the reader.
func (l *lexer) next() (token, error) {
	for {
		c, err := l.in.ReadByte()
		if err != nil {
			return token{}, err
		}
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '{', '}', '[', ']', ':', ',':
			return token{kind: c}, nil
		case '"':
			return l.str()
		}
		return l.word(c)
	}
}

// str reads a string whose quote was read. One too long is read to its end and not kept.
func (l *lexer) str() (token, error) {
	raw, size := []byte{'"'}, 0
	for escaped := false; ; size++ {
		c, err := l.in.ReadByte()
		if err != nil {
			return token{}, cutShort(err)
		}
		if c < ' ' {
			return token{}, fmt.Errorf("%w: a control character in a string", ErrHAR)
		}
		if size <= maxString {
			raw = append(raw, c)
		}
		if c == '"' && !escaped {
			break
		}
		escaped = c == '\\' && !escaped
	}
	if size > maxString {
		return token{kind: '"', long: true, size: size}, nil
	}
	t := token{kind: '"', size: size}
	if err := json.Unmarshal(raw, &t.text); err != nil {
		return token{}, fmt.Errorf("%w: %w", ErrHAR, err)
	}
	return t, nil
}

const maxWord = 64 // bytes of a number

func (l *lexer) word(c byte) (token, error) {
	raw := []byte{c}
	for {
		next, err := l.in.Peek(1)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return token{}, err
		}
		if next[0] <= ' ' || next[0] == ',' || next[0] == '}' || next[0] == ']' {
			break
		}
		if len(raw) == maxWord {
			return token{}, fmt.Errorf("%w: a word without end", ErrHAR)
		}
		l.in.Discard(1)
		raw = append(raw, next[0])
	}
	if !json.Valid(raw) {
		return token{}, fmt.Errorf("%w: %q", ErrHAR, raw)
	}
	return token{kind: 'v', raw: raw}, nil
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: cut short", ErrHAR)
	}
	return err
}
