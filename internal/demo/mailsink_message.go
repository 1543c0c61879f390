package demo

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// A Message is one delivery to a [MailSink].
type Message struct {
	ID          int                 `json:"id"`   // counts from 1
	From        string              `json:"from"` // of the envelope, as To
	To          []string            `json:"to"`
	Subject     string              `json:"subject"`
	Text        string              `json:"text"` // empty when there is no such part
	HTML        string              `json:"html"`
	Headers     map[string][]string `json:"headers"` // by canonical name, decoded
	Attachments []Attachment        `json:"attachments"`
	Received    time.Time           `json:"received"`

	raw []byte
}

// Attachment is a part of a message that is neither its text nor its HTML.
type Attachment struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Bytes int    `json:"bytes"` // decoded
}

// readMessage reads the headers and parts of a message; its envelope is the
// caller's to fill in.
func readMessage(raw []byte) (Message, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Message{}, err
	}
	m := Message{Headers: map[string][]string{}, Attachments: []Attachment{}, raw: raw}
	for name, values := range parsed.Header {
		for _, value := range values {
			m.Headers[name] = append(m.Headers[name], decodeHeader(value))
		}
	}
	m.Subject = decodeHeader(parsed.Header.Get("Subject"))
	err = m.addPart(textproto.MIMEHeader(parsed.Header), parsed.Body)
	return m, err
}

// addPart files a part where it belongs, and those within it in turn.
func (m *Message) addPart(header textproto.MIMEHeader, body io.Reader) error {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain" // what a message is that does not say (RFC 2045, section 5.2)
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.addParts(multipart.NewReader(body, parameters["boundary"]))
	}
	content, err := io.ReadAll(decodeTransfer(header, body))
	if err != nil {
		return fmt.Errorf("part %s: %w", kind, err)
	}
	disposition, details, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	switch {
	case disposition != "attachment" && kind == "text/plain" && m.Text == "":
		m.Text = readable(content)
	case disposition != "attachment" && kind == "text/html" && m.HTML == "":
		m.HTML = readable(content)
	default:
		m.Attachments = append(m.Attachments, Attachment{Name: decodeHeader(details["filename"]), Type: kind, Bytes: len(content)})
	}
	return nil
}

func (m *Message) addParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("parts: %w", err)
		}
		if err := m.addPart(part.Header, part); err != nil {
			return err
		}
	}
}

func decodeTransfer(header textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

func decodeHeader(value string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		return value // in a character set that we do not read
	}
	return decoded
}

func readable(content []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(content), "\uFFFD"), "\r\n", "\n")
}
