package app

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"guichet/internal/desk"
	"guichet/internal/dossier"
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

// cover copies a file without the secrets in it and tells what they were. Text of
// Windows that is marked as UTF-16 becomes UTF-8: covered is what can be read.
// Errors: dossier.ErrHAR; those of r and w.
func cover(how desk.Cover, r io.Reader, w io.Writer) ([]dossier.Masked, error) {
	readable := transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder()))
	switch how {
	case desk.CoverHAR:
		return dossier.ScrubHAR(readable, w)
	case desk.CoverText:
		return coverText(readable, w)
	}
	_, err := io.Copy(w, r)
	return nil, err
}

// How much text is looked at together: whole lines, so that a secret of several
// lines is found, and no more than a bound, whatever the lines are like.
const (
	textWindow = 128 << 10
	textMost   = 512 << 10
)

// coverText masks a text window by window.
func coverText(r io.Reader, w io.Writer) ([]dossier.Masked, error) {
	in, total := bufio.NewReaderSize(r, 64<<10), []dossier.Masked(nil)
	var held []byte
	for {
		piece, err := in.ReadSlice('\n')
		held = append(held, piece...)
		ended := err != nil && !errors.Is(err, bufio.ErrBufferFull)
		if ended && !errors.Is(err, io.EOF) {
			return total, err
		}
		n := len(held)
		switch whole := err == nil; {
		case ended:
		case len(held) >= textMost:
			n = lastPlace(held)
		case whole && len(held) >= textWindow:
			n = beforeOpenKey(held)
		default:
			continue
		}
		masked, found := dossier.Mask(string(held[:n]))
		total = together(total, found)
		if _, err := io.WriteString(w, masked); err != nil || ended {
			return total, err
		}
		held = append(held[:0], held[n:]...)
	}
}

// beforeOpenKey ends a window before a private key that goes on after it.
func beforeOpenKey(text []byte) int {
	begin := bytes.LastIndex(text, []byte("-----BEGIN "))
	if begin > 0 && !bytes.Contains(text[begin:], []byte("-----END ")) {
		return begin
	}
	return len(text)
}

// lastPlace ends a window of endless lines where no word is cut, if there is such
// a place in its second half.
func lastPlace(text []byte) int {
	for _, breaks := range []string{"\n", " \t", `,;&"'<>{}`} {
		if at := bytes.LastIndexAny(text, breaks); at > len(text)/2 {
			return at + 1
		}
	}
	return len(text)
}

// together adds what was found to what was found before.
func together(all, more []dossier.Masked) []dossier.Masked {
	for _, m := range more {
		i := slices.IndexFunc(all, func(known dossier.Masked) bool { return known.Kind == m.Kind })
		if i < 0 {
			i, all = len(all), append(all, dossier.Masked{Kind: m.Kind})
		}
		all[i].Count += m.Count
	}
	return all
}
