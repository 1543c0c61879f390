package desk

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// SniffBytes is how much of a file's beginning says what it is.
const SniffBytes = 512

// signatures are first bytes and what they say (WHATWG "MIME Sniffing"; of programs,
// the formats' own documents). Nothing that a browser would run is among the types:
// HTML and SVG are what they are otherwise, text.
var signatures = []struct {
	at   int
	sign string
	kind string
}{
	{0, "\x89PNG\r\n\x1a\n", "image/png"},
	{0, "\xff\xd8\xff", "image/jpeg"},
	{0, "GIF87a", "image/gif"},
	{0, "GIF89a", "image/gif"},
	{8, "WEBPVP", "image/webp"},
	{0, "%PDF-", "application/pdf"},
	{0, "PK\x03\x04", "application/zip"},
	{0, "PK\x05\x06", "application/zip"},
	{0, "\x1f\x8b\x08", "application/gzip"},
	{0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{0, "Rar!\x1a\x07", "application/x-rar-compressed"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"},
	{4, "ftyp", "video/mp4"},
	{0, "\x1a\x45\xdf\xa3", "video/webm"},
	{0, "BM", "image/bmp"},
	{0, "MZ", runs},
	{0, "\x7fELF", runs},
	{0, "\xfe\xed\xfa\xce", runs}, // Mach-O
	{0, "\xfe\xed\xfa\xcf", runs},
	{0, "\xce\xfa\xed\xfe", runs},
	{0, "\xcf\xfa\xed\xfe", runs},
	{0, "\xca\xfe\xba\xbe", runs}, // Java, Mach-O for several machines
	{0, "L\x00\x00\x00\x01\x14\x02\x00", runs},
	{0, "#!", runs},
}

const (
	runs    = "application/x-executable"
	unknown = "application/octet-stream"
	// PlainText is the type of what reads as text, whatever markup it is.
	PlainText = "text/plain"
)

// Sniff says what a file is by its first bytes, whatever it was said to be.
func Sniff(head []byte) string {
	for _, s := range signatures {
		if len(head) >= s.at && bytes.HasPrefix(head[s.at:], []byte(s.sign)) && (s.kind != "image/webp" || bytes.HasPrefix(head, []byte("RIFF"))) {
			return s.kind
		}
	}
	if isText(head) {
		return PlainText
	}
	return unknown
}

// isText tells UTF-8 without control characters but those of lines; a character cut
// at the end is none that is wrong.
func isText(head []byte) bool {
	if len(head) == 0 || bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return false
	}
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		if r < ' ' && !strings.ContainsRune("\t\n\r\f\x1b", r) || r == 0x7f {
			return false
		}
		head = head[n:]
	}
	return true
}

// Runs tells the type of what a machine would run.
func Runs(kind string) bool { return kind == runs }

// pictures are the types that a page shows: rasters, which hold no script.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// Picture tells a type that a page may show.
func Picture(kind string) bool { return slices.Contains(pictures, kind) }

// promised is what an ending says of the content, where that can be told.
var promised = map[string][]string{
	".png": {"image/png"}, ".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".gif": {"image/gif"}, ".webp": {"image/webp"}, ".pdf": {"application/pdf"},
	".zip": {"application/zip"}, ".docx": {"application/zip", "application/x-ole-storage"}, ".xlsx": {"application/zip", "application/x-ole-storage"},
	".pptx": {"application/zip", "application/x-ole-storage"}, ".7z": {"application/x-7z-compressed"}, ".gz": {"application/gzip"},
	".rar": {"application/x-rar-compressed"}, ".txt": {PlainText, unknown}, ".log": {PlainText, unknown}, ".csv": {PlainText, unknown}, ".har": {PlainText, unknown},
	".json": {PlainText, unknown}, ".mp4": {"video/mp4"}, ".webm": {"video/webm"},
}

// Lies tells a file whose name says another content than it has. What is whole text
// in a coding that Sniff does not know is unknown, and no lie.
func Lies(name, kind string) bool {
	kinds, told := promised[strings.ToLower(path.Ext(name))]
	return told && !slices.Contains(kinds, kind)
}
