package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// errUnread says that some lines could not be read; each was reported on standard error.
var errUnread = errors.New("some lines could not be read")

// lineAnswer answers one line of JSON, given without the space around it, by encoding any number of values.
type lineAnswer func(line []byte, encode *json.Encoder) error

// anyLength is the bound of lines that have none.
const anyLength = math.MaxInt

// answerFile answers the lines of a file, or of standard input when it is "-", on standard output.
func answerFile(ctx context.Context, name string, longest int, answer lineAnswer) error {
	in := os.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("open the lines: %w", err)
		}
		defer file.Close()
		in = file
	}
	return answerLines(ctx, longest, in, os.Stdout, os.Stderr, answer)
}

// answerLines hands each line of in, of at most longest bytes, to answer, and reports those that it cannot answer by
// their number. It goes on after them, and after a line that is too long, and fails with errUnread at the end.
func answerLines(ctx context.Context, longest int, in io.Reader, out, faults io.Writer, answer lineAnswer) error {
	lines, answers := bufio.NewReaderSize(in, 1<<16), bufio.NewWriter(out)
	encode := json.NewEncoder(answers)
	encode.SetEscapeHTML(false)
	unread := false
	for n := 1; ctx.Err() == nil; n++ {
		line, long, err := readLine(lines, longest)
		if err != nil && !errors.Is(err, io.EOF) {
			return errors.Join(fmt.Errorf("read line %d: %w", n, err), answers.Flush())
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		var fault error
		switch line = bytes.TrimSpace(line); {
		case long:
			fault = fmt.Errorf("longer than %d bytes", longest)
		case len(line) > 0:
			fault = answer(line, encode)
		}
		if fault != nil {
			unread = true
			fmt.Fprintf(faults, "line %d: %v\n", n, fault)
		}
		if err != nil {
			break
		}
	}
	if err := answers.Flush(); err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	if unread {
		return errUnread
	}
	return ctx.Err()
}

// readLine reads up to the end of a line, of which it keeps at most longest bytes. The error is io.EOF after the last.
func readLine(in *bufio.Reader, longest int) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line) > longest-len(part); !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}
