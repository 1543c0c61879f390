package inbound

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// decodeTransfer undoes a transfer encoding as far as it goes. sound is false when something had to be skipped.
func decodeTransfer(body []byte, encoding string) (data []byte, sound bool) {
	switch strings.ToLower(strings.Trim(encoding, " \t\"';")) {
	case "base64":
		return decodeBase64(body)
	case "quoted-printable":
		return decodeQuoted(body)
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit":
		return body, true
	}
	return body, false
}

// decodeBase64 takes each line for itself, so that a list's footer or a broken line costs no more than itself. Text
// that is no base64 at all comes back as it is.
func decodeBase64(body []byte) (data []byte, sound bool) {
	data, sound = make([]byte, 0, len(body)*3/4), true
	var quantum []byte
	skipped, lines := 0, 0
	for rest := body; len(rest) > 0; {
		var line []byte
		line, rest = cutLine(rest)
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		lines++
		if bytes.IndexByte(line, ' ') >= 0 || bytes.HasPrefix(line, []byte("__")) || bytes.HasPrefix(line, []byte("--")) {
			skipped++
			continue
		}
		for _, c := range line {
			switch {
			case c == '=':
				data, quantum = appendQuantum(data, quantum), quantum[:0]
			case isBase64(c):
				if quantum = append(quantum, c); len(quantum) == 4 {
					data, quantum = appendQuantum(data, quantum), quantum[:0]
				}
			default:
				sound = false
			}
		}
	}
	if skipped*2 > lines {
		return body, false
	}
	return appendQuantum(data, quantum), sound && skipped == 0
}

func appendQuantum(data, quantum []byte) []byte {
	var out [3]byte
	n, err := base64.RawStdEncoding.Decode(out[:], quantum)
	if err != nil {
		return data
	}
	return append(data, out[:n]...)
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// decodeQuoted undoes quoted-printable. What is no escape stays as it is written.
func decodeQuoted(body []byte) (data []byte, sound bool) {
	data, sound = make([]byte, 0, len(body)), true
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c != '=' {
			data = append(data, c)
			continue
		}
		if i+2 < len(body) {
			if high, low := unhex(body[i+1]), unhex(body[i+2]); high >= 0 && low >= 0 {
				data = append(data, byte(high<<4|low))
				i += 2
				continue
			}
		}
		end := i + 1
		for end < len(body) && (body[end] == ' ' || body[end] == '\t' || body[end] == '\r') {
			end++
		}
		if end == len(body) || body[end] == '\n' {
			i = end
			continue
		}
		data, sound = append(data, c), false
	}
	return data, sound
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// toUTF8 reads text of a character set, as its label says where that can be believed. The result is valid.
func toUTF8(data []byte, label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	label = strings.TrimPrefix(label, "charset=")
	e, err := htmlindex.Get(label)
	if err != nil || e == encoding.Replacement {
		return guessed(data)
	}
	if name, _ := htmlindex.Name(e); name == "utf-8" {
		return guessed(data)
	}
	// Bytes that read as letters of UTF-8 are hardly ever anything else.
	if _, single := e.(*charmap.Charmap); single && utf8.Valid(data) {
		return string(data)
	}
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return guessed(data)
	}
	return strings.ToValidUTF8(string(text), "\ufffd")
}

// guessed reads text whose character set is said wrongly or not at all: UTF-8, perhaps with a wound, or what Windows
// writes in the west.
func guessed(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	right, wrong := 0, 0
	for rest := data; len(rest) > 0; {
		c, size := utf8.DecodeRune(rest)
		switch {
		case c == utf8.RuneError && size == 1:
			wrong++
		case size > 1:
			right++
		}
		rest = rest[size:]
	}
	if right > wrong {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(text)
}

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_-]{1,40})`)

// htmlToUTF8 reads HTML; where its part names no character set, the page itself may.
func htmlToUTF8(data []byte, label string) string {
	if label == "" {
		if m := metaCharset.FindSubmatch(data[:min(len(data), 4096)]); m != nil {
			label = string(m[1])
		}
	}
	return toUTF8(data, label)
}
