// Package sheet reads and writes tables as files: it takes what spreadsheets and
// other systems write, however that is encoded and parted, and writes nothing that
// one of them would run. It is pure.
package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Format is how a file is written.
type Format struct {
	Encoding string // utf-8, utf-16le, utf-16be or windows-1252
	Comma    rune   // ';', ',' or a tab
}

// The encodings that a file may have.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
)

// ErrNoText is a file that is no text in any encoding: a workbook, a picture.
var ErrNoText = errors.New("no text")

// headBytes is how much of a file says how it is parted.
const headBytes = 64 << 10

// FormatOf reads a file to its end and says how it is written: by its mark, else UTF-8
// if all of it is, else as Excel writes text in western Europe. Errors: ErrNoText;
// those of the reader.
func FormatOf(r io.Reader) (Format, error) {
	in := bufio.NewReaderSize(r, headBytes)
	head, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return Format{}, err
	}
	f := Format{Encoding: marked(head)}
	if f.Encoding == "" {
		if f.Encoding, err = unmarked(in); err != nil {
			return f, err
		}
	}
	text, _, _ := transform.Bytes(f.decoder(), head) // what the cut leaves of a character does not matter
	f.Comma = comma(string(text))
	return f, nil
}

func marked(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return UTF8
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return UTF16LE
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16BE
	case len(head) > 3 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return UTF16LE // without its mark: every second byte of western text is zero
	case len(head) > 3 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return UTF16BE
	}
	return ""
}

// unmarked tells UTF-8 from the rest. A zero byte is in no text of one byte a character.
func unmarked(in io.Reader) (string, error) {
	plain, left, buf := true, 0, make([]byte, headBytes)
	for {
		n, err := in.Read(buf[left:])
		part := buf[:left+n]
		if bytes.IndexByte(part, 0) >= 0 {
			return "", ErrNoText
		}
		left = 0
		for plain && len(part) > 0 {
			r, size := utf8.DecodeRune(part)
			if r == utf8.RuneError && size == 1 {
				if !utf8.FullRune(part) && err == nil { // the rest of it comes
					left = copy(buf, part)
					break
				}
				plain = false
			}
			part = part[size:]
		}
		switch {
		case errors.Is(err, io.EOF) && plain:
			return UTF8, nil
		case errors.Is(err, io.EOF):
			return Windows1252, nil
		case err != nil:
			return "", err
		}
	}
}

func (f Format) decoder() transform.Transformer {
	switch f.Encoding {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	case Windows1252:
		return charmap.Windows1252.NewDecoder()
	}
	return unicode.UTF8BOM.NewDecoder()
}

// comma is what parts the names of the columns, outside quotes: whatever stands there
// most often.
func comma(head string) rune {
	if said, ok := strings.CutPrefix(head, "sep="); ok && said != "" { // for Excel
		return rune(said[0])
	}
	counts, quoted := map[rune]int{}, false
	for _, r := range head {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted && (r == '\n' || r == '\r') && len(counts) > 0 {
			break
		}
		if !quoted && strings.ContainsRune(";,\t", r) {
			counts[r]++
		}
	}
	best := ';'
	for _, r := range ",\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// Reader reads a file line by line and holds none but the last.
type Reader struct {
	csv  *csv.Reader
	Head []string // the names of the columns
}

// ErrEmpty is a file without a line of names.
var ErrEmpty = errors.New("empty")

// NewReader reads the names of a file's columns. Errors: ErrEmpty; those of the reader.
func NewReader(r io.Reader, f Format) (*Reader, error) {
	in := csv.NewReader(transform.NewReader(r, f.decoder()))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace, in.ReuseRecord = f.Comma, -1, f.Comma != '\t', true
	for {
		names, err := in.Read()
		if errors.Is(err, io.EOF) || errors.As(err, new(*csv.ParseError)) {
			return nil, ErrEmpty
		}
		if err != nil {
			return nil, err
		}
		if said := strings.Join(names, ""); said == "" || strings.HasPrefix(said, "sep=") {
			continue
		}
		head := make([]string, len(names))
		for i, name := range names {
			head[i] = strings.TrimSpace(name)
		}
		return &Reader{csv: in, Head: head}, nil
	}
}

// ErrQuotes is a line whose quotation marks do not pair; the next may be read.
var ErrQuotes = errors.New("quotes")

// Next reads a line that is not empty: its number in the file, the names being 1, and
// its cells, which hold until the next call. Errors: io.EOF; ErrQuotes, with the
// number; those of the reader.
func (r *Reader) Next() (line int, cells []string, err error) {
	for {
		cells, err := r.csv.Read()
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return wrong.StartLine, nil, ErrQuotes
		}
		if err != nil {
			return 0, nil, err
		}
		line, _ := r.csv.FieldPos(0)
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return line, cells, nil
		}
	}
}
