package inbound

import (
	"encoding/base64"
	"io"
	"mime"
	"regexp"
	"strings"
)

// wordDecoder decodes the words of addresses, which must be taken apart before they are decoded.
var wordDecoder = &mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(in)
	return strings.NewReader(toUTF8(data, charset)), err
}}

var (
	encodedWord  = regexp.MustCompile(`=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=`)
	betweenWords = regexp.MustCompile(`\?=\s+=\?`)
)

// decodeWords decodes the encoded words of RFC 2047 wherever they stand. Words that follow one another are joined
// before their character set is read: some clients cut a letter in two.
func decodeWords(value string) string {
	if !strings.Contains(value, "=?") {
		return value
	}
	value = betweenWords.ReplaceAllString(value, "?==?")
	var text strings.Builder
	var pending []byte
	charset, last := "", 0
	flush := func() {
		text.WriteString(toUTF8(pending, charset))
		pending = nil
	}
	for _, m := range encodedWord.FindAllStringSubmatchIndex(value, -1) {
		if m[0] > last || !strings.EqualFold(charset, value[m[2]:m[3]]) {
			flush()
		}
		text.WriteString(value[last:m[0]])
		charset = value[m[2]:m[3]]
		pending = append(pending, wordBytes(value[m[4]:m[5]], value[m[6]:m[7]])...)
		last = m[1]
	}
	flush()
	text.WriteString(value[last:])
	return text.String()
}

func wordBytes(encoding, content string) []byte {
	if strings.EqualFold(encoding, "b") {
		content = strings.TrimRight(strings.Join(strings.Fields(content), ""), "=")
		data, _ := base64.RawStdEncoding.DecodeString(content)
		return data
	}
	data, _ := decodeQuoted([]byte(strings.ReplaceAll(content, "_", " ")))
	return data
}
