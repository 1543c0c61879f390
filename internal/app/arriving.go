package app

import (
	"errors"
	"fmt"
	"io"
)

// ErrUpload is a file that did not arrive whole. Nothing of it is kept.
var ErrUpload = errors.New("the upload broke")

// errTooMuch is a file that is longer than any may be.
var errTooMuch = errors.New("file longer than allowed")

// arriving is a stream of at most so many bytes that tells a line that broke from
// what is wrong with the file itself.
type arriving struct {
	r    io.Reader
	left int64
	err  error // why it ended, nil while it did not
}

// Read implements io.Reader.
func (a *arriving) Read(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.r.Read(p)
	switch a.left -= int64(n); {
	case a.left < 0:
		a.err = errTooMuch
		return 0, a.err
	case err != nil && !errors.Is(err, io.EOF):
		a.err = fmt.Errorf("%w: %w", ErrUpload, err)
		return n, a.err
	}
	return n, err
}
