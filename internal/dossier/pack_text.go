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
var texts = []string{".txt", ".text", ".log", ".jsonl", ".sql", ".kql", ".trace", ".csv", ".tsv", ".json", ".xml", ".html", ".htm", ".eml", ".md", ".ini", ".config", ".conf", ".yaml", ".yml"}

// How much text is searched at once: whole lines, so that a secret of several lines is found, and
// no more than a bound, whatever the lines are like.
const (
	chunk     = 128 << 10
	chunkMost = 512 << 10
)

// Reads says whether a file of that name can be searched for secrets.
func Reads(name string) bool {
	end := extension(name)
	return end == ".har" || slices.Contains(texts, end)
}

// Scrub copies a file without the secrets that it is known how to find, in bounded memory, and
// says what they were. Text that is marked as UTF-16 becomes UTF-8. Errors: ErrHAR for a name that
// says HAR; those of r and w.
func Scrub(w io.Writer, r io.Reader, name string) ([]Masked, error) {
	switch end := extension(name); {
	case end == ".har":
		return ScrubHAR(utf8Of(r), w)
	case slices.Contains(texts, end):
		return maskStream(w, r)
	}
	_, err := io.Copy(w, r)
	return nil, err
}

// maskStream masks a text piece by piece.
func maskStream(w io.Writer, r io.Reader) ([]Masked, error) {
	var found tally
	var held []byte
	in := bufio.NewReaderSize(utf8Of(r), 64<<10)
	for {
		line, err := in.ReadSlice('\n')
		held = append(held, line...)
		ended := err != nil && !errors.Is(err, bufio.ErrBufferFull)
		if ended && !errors.Is(err, io.EOF) {
			return nil, err
		}
		n := pieceOf(held, err == nil)
		if ended {
			n = len(held)
		}
		if n > 0 {
			masked, kinds := Mask(string(held[:n]))
			found.add(kinds)
			if _, err := io.WriteString(w, masked); err != nil {
				return nil, err
			}
			held = append(held[:0], held[n:]...)
		}
		if ended {
			return found.list(), nil
		}
	}
}

// pieceOf is how much of what was read can be masked now: whole lines, before a key that goes on
// after them; of endless lines as much as cuts no word.
func pieceOf(held []byte, whole bool) int {
	if len(held) >= chunkMost {
		return lastPlace(held)
	}
	if !whole || len(held) < chunk {
		return 0
	}
	open, end := []byte("-----BEGIN "), []byte("-----END ")
	if bytes.HasPrefix(held, open) && !bytes.Contains(held, end) {
		return 0
	}
	if begin := bytes.LastIndex(held, open); begin >= 0 && !bytes.Contains(held[begin:], end) {
		return begin
	}
	return len(held)
}

// lastPlace is where no word is cut, if there is such a place in the second half.
func lastPlace(text []byte) int {
	for _, breaks := range []string{"\n", " \t", ",;&<>{}"} {
		if at := bytes.LastIndexAny(text, breaks); at > len(text)/2 {
			return at + 1
		}
	}
	return len(text)
}

// utf8Of reads what Windows writes, UTF-16 or with a mark, as plain UTF-8.
func utf8Of(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	switch mark, _ := in.Peek(2); string(mark) {
	case "\xff\xfe":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in)
	case "\xfe\xff":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(in)
	case "\xef\xbb":
		return unicode.UTF8BOM.NewDecoder().Reader(in)
	}
	return in
}
