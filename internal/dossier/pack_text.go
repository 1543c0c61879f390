package dossier

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"

	"golang.org/x/text/encoding/unicode"
)

// texts are the types of files whose content is searched for secrets.
var texts = []string{".txt", ".log", ".csv", ".tsv", ".json", ".xml", ".html", ".htm", ".eml", ".md", ".ini", ".config", ".conf", ".yaml", ".yml"}

const chunk = 256 << 10 // bytes of a text that are searched at once

// copySafely copies a file without the secrets that it is known how to find.
func copySafely(w io.Writer, r io.Reader, name string) ([]Masked, error) {
	switch end := extension(name); {
	case end == ".har":
		return ScrubHAR(r, w)
	case slices.Contains(texts, end):
		return maskStream(w, r)
	}
	_, err := io.Copy(w, r)
	return nil, err
}

// maskStream masks a text piece by piece. A piece ends with a line, and never within a key that
// fills several.
func maskStream(w io.Writer, r io.Reader) ([]Masked, error) {
	var found tally
	in := bufio.NewReaderSize(utf8Of(r), 64<<10)
	for {
		piece, err := nextPiece(in)
		if len(piece) > 0 {
			masked, kinds := Mask(string(piece))
			found.add(kinds)
			if _, err := io.WriteString(w, masked); err != nil {
				return nil, err
			}
		}
		if errors.Is(err, io.EOF) {
			return found.list(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func nextPiece(in *bufio.Reader) ([]byte, error) {
	var piece []byte
	for len(piece) < chunk || bytes.Count(piece, []byte("-----BEGIN")) > bytes.Count(piece, []byte("-----END")) && len(piece) < 4*chunk {
		line, err := in.ReadSlice('\n')
		piece = append(piece, line...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return piece, err
		}
	}
	return piece, nil
}

// utf8Of reads what Windows writes as UTF-16 as UTF-8.
func utf8Of(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	switch mark, _ := in.Peek(2); string(mark) {
	case "\xff\xfe":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in)
	case "\xfe\xff":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(in)
	}
	return in
}
