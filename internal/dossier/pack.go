package dossier

import (
	"errors"
	"io"
)

// PackFile is a file for the zip, opened when its turn comes.
type PackFile struct {
	Name  string
	Bytes int64
	Open  func() (io.ReadCloser, error)
}

// ErrTooBig is a zip that the form does not take; TooBig says what to leave out.
var ErrTooBig = errors.New("error.pack_too_big")

// Pack writes the dossier and its files as one zip.
func Pack(w io.Writer, d Dossier, files []PackFile) error { return nil }
