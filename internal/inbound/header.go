package inbound

import (
	"bytes"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// field is one field of a header: its name in lower case, its value unfolded, as UTF-8, its words not yet decoded.
type field struct{ name, value string }

type header []field

// first gives the value of the first field of a name, or "".
func (h header) first(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

func (h header) all(name string) []string {
	var values []string
	for _, f := range h {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

func (h header) has(name string) bool {
	return slices.ContainsFunc(h, func(f field) bool { return f.name == name })
}

// readHeader reads fields up to the first empty line, or the first line that can be none, and returns what comes after.
func (r *reader) readHeader(raw []byte) (header, []byte) {
	var h header
	var value []byte // of the last field, which may go on
	end := func(rest []byte) (header, []byte) {
		if len(h) > 0 {
			h[len(h)-1].value = string(value)
		}
		return h, rest
	}
	spent, rest := 0, raw
	for len(rest) > 0 {
		line, after := cutLine(rest)
		if len(bytes.TrimSpace(line)) == 0 {
			return end(after)
		}
		colon := bytes.IndexByte(line, ':')
		folded := line[0] == ' ' || line[0] == '\t'
		switch name := bytes.TrimRight(line[:max(colon, 0)], " \t"); {
		case spent+len(line) > r.limits.HeaderBytes || len(h) >= r.limits.HeaderFields:
			r.problem("the header is too long; its end was left out")
			_, body := cutHeader(rest)
			return end(body)
		case folded && len(h) > 0:
			value = append(append(value, ' '), bytes.TrimSpace(line)...)
		case colon > 0 && isFieldName(name):
			end(nil)
			h = append(h, field{name: strings.ToLower(string(name))})
			value = append([]byte{}, bytes.TrimSpace(line[colon+1:])...)
		case bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")):
			// The line that mailbox files put before a mail.
		default:
			r.problem("the header breaks off at a line that is no field")
			return end(rest)
		}
		spent += len(line)
		rest = after
	}
	return end(nil)
}

// cutHeader finds the body behind a header that is not read.
func cutHeader(raw []byte) (header, body []byte) {
	at := len(raw)
	for _, blank := range []string{"\n\n", "\n\r\n"} {
		if i := bytes.Index(raw, []byte(blank)); i >= 0 && i+len(blank) < at {
			at = i + len(blank)
		}
	}
	return raw[:at], raw[at:]
}

// cutLine cuts the first line off, without its end.
func cutLine(raw []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(raw, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

func isFieldName(name []byte) bool {
	return len(name) > 0 && !slices.ContainsFunc(name, func(b byte) bool { return b <= ' ' || b > '~' })
}

// inUTF8 makes the values of a header UTF-8 that some clients send bare in their own character set.
func (h header) inUTF8() header {
	for i, f := range h {
		h[i].value = guessed([]byte(f.value))
	}
	return h
}

// line is a decoded value on one line: nothing in it can begin another field, hide or turn the text around it.
func line(value string) string {
	return strings.Join(strings.Fields(strings.Map(visible, decodeWords(value))), " ")
}

// shortened bounds what a header says to people, in bytes: nobody writes such a subject or name.
func shortened(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "…"
}

// visible maps breaks and control characters to spaces and drops the characters that nobody sees.
func visible(c rune) rune {
	switch {
	case unicode.IsSpace(c) || unicode.IsControl(c):
		return ' '
	case unicode.Is(unicode.Cf, c) && c != '\u200d' && c != '\u200c' || c == unicode.ReplacementChar:
		return -1
	}
	return c
}

var (
	addressIn = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?`)
	bracketed = regexp.MustCompile(`[<\[(]\s*(?:mailto:)?\s*(` + addressIn.String() + `)\s*(?:[>\])]|$)`)
	idIn      = regexp.MustCompile(`<([^<>\s]+)>`)
)

// addresses reads the mailboxes of a field, also of one that breaks the rules.
func (r *reader) addresses(values []string) []Address {
	var found []Address
	for _, value := range values {
		for _, a := range parseAddresses(value) {
			if len(found) == r.limits.Addresses {
				r.problem("a field has too many addresses; the last were left out")
				return found
			}
			found = append(found, a)
		}
	}
	return found
}

// parseAddresses reads them before their words are decoded: what an encoded name says is never an address.
func parseAddresses(value string) []Address {
	parser := mail.AddressParser{WordDecoder: wordDecoder}
	list, err := parser.ParseList(strings.TrimRight(value, ", ;"))
	if err != nil {
		return looseAddresses(value)
	}
	var found []Address
	for _, a := range list {
		found = append(found, Address{shortened(line(a.Name)), strings.ToLower(oneWord(a.Address))})
	}
	return found
}

// looseAddresses takes whatever looks like an address, in brackets by preference, with the words before it as its name.
func looseAddresses(value string) []Address {
	bare := encodedWord.ReplaceAllStringFunc(value, func(word string) string { return strings.Repeat("x", len(word)) })
	places := bracketed.FindAllStringSubmatchIndex(bare, -1)
	if places == nil {
		for _, at := range addressIn.FindAllStringIndex(bare, -1) {
			places = append(places, []int{at[0], at[1], at[0], at[1]})
		}
	}
	var found []Address
	start := 0
	for _, at := range places {
		found = append(found, Address{shortened(strings.Trim(line(value[start:at[0]]), " ,;\"'[(:")), strings.ToLower(value[at[2]:at[3]])})
		start = at[1]
	}
	return found
}

func oneWord(s string) string { return strings.Join(strings.Fields(strings.Map(visible, s)), "") }

// ids reads message ids; some clients leave their brackets away.
func (r *reader) ids(value string) []string {
	var found []string
	for _, m := range idIn.FindAllStringSubmatch(value, -1) {
		if len(m[1]) <= maxShown {
			found = append(found, oneWord(m[1]))
		}
	}
	if found == nil {
		for _, word := range strings.Fields(value) {
			if strings.Contains(word, "@") && len(word) <= maxShown {
				found = append(found, oneWord(strings.Trim(word, "<>,;")))
			}
		}
	}
	if len(found) > r.limits.References {
		r.problem("a field has too many message ids; the middle was left out")
		found = append(found[:1], found[len(found)-r.limits.References+1:]...)
	}
	return found
}

// date reads when a mail was sent. Comments and weekdays are often wrong and never needed.
func (r *reader) date(value string) *time.Time {
	if value == "" {
		return nil
	}
	if t, err := mail.ParseDate(value); err == nil {
		return &t
	}
	loose := value
	if _, after, comma := strings.Cut(loose, ","); comma {
		loose = after
	}
	loose, _, _ = strings.Cut(loose, "(")
	loose = strings.Join(strings.Fields(loose), " ")
	for _, layout := range []string{"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04 -0700", time.RFC3339, "2006-01-02 15:04:05 -0700"} {
		if t, err := time.Parse(layout, loose); err == nil {
			return &t
		}
	}
	r.problem("the date cannot be read")
	return nil
}
