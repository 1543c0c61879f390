package sheet_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"guichet/internal/sheet"
)

func TestNoCellOfATableIsAFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+33 4": "'+33 4", "-2 comptes": "'-2 comptes", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "＝1": "'＝1",
		"-12.50": "-12.50", "12": "12", "": "", "Sage": "Sage", "a=1": "a=1", "-1+1": "'-1+1", "-": "'-",
	} {
		if got := sheet.Guarded(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
		if got := sheet.Unguarded(sheet.Guarded(cell)); got != cell {
			t.Errorf("%q comes back as %q", cell, got)
		}
	}
}

// Whatever a spreadsheet writes is read: by its mark, by what its bytes can be, parted
// by what stands most often between the names.
func TestFilesAreReadHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	const text = "Société;E-mail\r\n\"Hôtel; du Lac\";œil@lac.example\r\n\r\nÉté;\"deux\nlignes\"\r\n"
	utf16le := func(order bool) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(text)) {
			if lo, hi := byte(u), byte(u>>8); order {
				b.Write([]byte{lo, hi})
			} else {
				b.Write([]byte{hi, lo})
			}
		}
		return b.String()
	}
	ansi, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, encoding string
		comma          rune
	}{
		"UTF-8":                    {text, sheet.UTF8, ';'},
		"UTF-8 with its mark":      {"\ufeff" + text, sheet.UTF8, ';'},
		"UTF-16":                   {"\xff\xfe" + utf16le(true), sheet.UTF16LE, ';'},
		"UTF-16, the other way":    {"\xfe\xff" + utf16le(false), sheet.UTF16BE, ';'},
		"Excel, western Europe":    {ansi, sheet.Windows1252, ';'},
		"Excel, far into the file": {strings.Repeat(" ", 63<<10) + "\n" + ansi, sheet.Windows1252, ';'},
		"with a word for Excel":    {"sep=;\r\n" + text, sheet.UTF8, ';'},
		"commas":                   {"Société,E-mail\n\"Hôtel; du Lac\",œil@lac.example\n\nÉté,\"deux\nlignes\"", sheet.UTF8, ','},
		"tabs":                     {"Société\tE-mail\nHôtel; du Lac\tœil@lac.example\n\nÉté\t\"deux\nlignes\"\n", sheet.UTF8, '\t'},
	} {
		f, err := sheet.FormatOf(strings.NewReader(c.file))
		if err != nil || f.Encoding != c.encoding || f.Comma != c.comma {
			t.Errorf("%s: %+v, %v", name, f, err)
			continue
		}
		r, err := sheet.NewReader(strings.NewReader(c.file), f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var read []string
		for {
			_, cells, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			read = append(read, strings.Join(cells, "|"))
		}
		if got, want := strings.Join(r.Head, "|")+"/"+strings.Join(read, "/"), "Société|E-mail/Hôtel; du Lac|œil@lac.example/Été|deux\nlignes"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, file := range map[string]string{"a workbook": "PK\x03\x04\x14\x00\x06\x00", "a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"} {
		if f, err := sheet.FormatOf(strings.NewReader(file)); !errors.Is(err, sheet.ErrNoText) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

// A line that is wrong is told by its number, and does not lose the next.
func TestLinesAreNumbered(t *testing.T) {
	t.Parallel()
	r, err := sheet.NewReader(strings.NewReader("name,at\n\na,\"1\n2\"\nb \"c\",2\nd,3\n"), sheet.Format{Encoding: sheet.UTF8, Comma: ','})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		line int
		err  error
	}{{3, nil}, {5, sheet.ErrQuotes}, {6, nil}, {0, io.EOF}} {
		if line, _, err := r.Next(); line != want.line || !errors.Is(err, want.err) {
			t.Errorf("line %d, %v, want %d, %v", line, err, want.line, want.err)
		}
	}
	at, unread, missing := sheet.Places([]string{"E-Mail ", "Prénom", "courriel", ""}, []sheet.Column{{Name: "email", Said: []string{"courriel", "e-mail"}}, {Name: "name", Needed: true}})
	if at["email"] != 0 || len(at) != 1 || strings.Join(unread, "|") != "Prénom|courriel" || strings.Join(missing, "|") != "name" {
		t.Errorf("%v, %q, %q", at, unread, missing)
	}
	if c := sheet.Cells([]string{" '=1 ", "x"}, map[string]int{"email": 0, "name": 5}); c["email"] != "=1" || len(c) != 1 {
		t.Errorf("%q", c)
	}
}
