package dossier

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// write puts a string out as JSON.
func (s *scrubber) write(text string) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return err
	}
	_, err := s.out.WriteString(strings.TrimSuffix(b.String(), "\n"))
	return err
}

// number is a number or a word of JSON; a password may be a number.
func (s *scrubber) number(key string, raw []byte) error {
	if raw[0] <= '9' && secretName(key, string(raw)) == "password" {
		return s.write(s.mark("password"))
	}
	_, err := s.out.Write(raw)
	return err
}

// text is a string without its secrets, which its key may tell.
func (s *scrubber) text(key string, t token) string {
	if t.long {
		return s.mark("left_out")
	}
	return s.pair(key, t.text)
}

func (s *scrubber) mark(kind string) string {
	s.found.add([]Masked{{kind, 1}})
	return maskOf(kind)
}

// pair is the value of a name: all of it goes when the name says that it is secret.
func (s *scrubber) pair(name, value string) string {
	if kind := secretName(name, value); kind != "" && value != "" && !isMask(value) {
		return s.mark(kind)
	}
	if looksJSON(value) {
		if scrubbed, ok := s.inner(value); ok {
			return scrubbed
		}
	}
	return s.prose(value)
}

func looksJSON(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) >= shortest && (text[0] == '{' || text[0] == '[')
}

const shortest = 6 // bytes of a text that can hold a secret by itself

// prose is a text without the secrets that show by their shape, nor those of addresses in it.
func (s *scrubber) prose(text string) string {
	if len(text) < shortest {
		return text
	}
	text = s.query(text)
	masked, kinds := Mask(text)
	s.found.add(kinds)
	return masked
}

var queryPair = regexp.MustCompile(`([?&#;\n]|^)([\w.$%-]{1,60})=([^&#\s"'<>;\[]+)`)

// query masks what an address or a posted form carries.
func (s *scrubber) query(text string) string {
	if !strings.Contains(text, "=") {
		return text
	}
	return queryPair.ReplaceAllStringFunc(text, func(pair string) string {
		m := queryPair.FindStringSubmatch(pair)
		if kind := secretName(m[2], m[3]); kind != "" {
			return m[1] + m[2] + "=" + s.mark(kind)
		}
		return pair
	})
}

// secretParts are what names of secrets hold, with the kind of secret; plainNames look like them
// and are none.
var (
	secretParts = []struct{ part, kind string }{
		{"password", "password"}, {"passwd", "password"}, {"passphrase", "password"}, {"motdepasse", "password"}, {"secret", "client_secret"},
		{"assertion", "client_secret"}, {"setcookie", "cookie"}, {"cookie", "cookie"}, {"authorization", "authorization"}, {"samlresponse", "token"},
		{"token", "token"}, {"canary", "token"}, {"requestdigest", "token"}, {"formdigest", "token"}, {"csrf", "token"}, {"xsrf", "token"},
		{"codeverifier", "code"}, {"apikey", "key"}, {"accountkey", "key"}, {"accesskey", "key"}, {"subscriptionkey", "key"}, {"functionskey", "key"}, {"sharedkey", "key"},
	}
	secretWords = map[string]string{
		"pwd": "password", "pass": "password", "pin": "password", "otp": "code", "otc": "code", "sig": "sas", "sft": "token", "tempauth": "token",
		"wresult": "token", "auth": "token", "ticket": "token", "jwt": "token", "sessionid": "cookie", "devicecode": "code", "authcode": "code",
	}
	plainNames = regexp.MustCompile(`tokentype|tokenendpoint|tokenuri|tokenurl|expire|lifetime|continuationtoken|skiptoken|nexttoken|pagetoken|deltatoken|synctoken|canceltoken|cancellation|maxtoken|cookieenabled|cookiepolicy|passwordreset|passwordpolic|secretname|tokenid$|tokenissuer|hastoken|istoken`)
	nameMarks  = strings.NewReplacer("-", "", "_", "", ".", "", "$", "", " ", "", "%5f", "", "%5F", "", "%2d", "")
)

// secretName is the kind of secret that a name announces; "" for none. A code is one only when it
// looks like one: answers have error codes.
func secretName(name, value string) string {
	name = strings.ToLower(nameMarks.Replace(name))
	if name == "code" || name == "key" {
		if len(value) >= 20 && secretive(value) && !strings.Contains(value, " ") {
			return name
		}
		return ""
	}
	if kind := secretWords[name]; kind != "" {
		return kind
	}
	for _, p := range secretParts {
		if strings.Contains(name, p.part) && !plainNames.MatchString(name) {
			return p.kind
		}
	}
	return ""
}

// body is what was sent or came back, by its type.
func (s *scrubber) body(mime, encoding, text string) string {
	mime = strings.ToLower(mime)
	if encoding == "base64" {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil || !textual(mime) {
			return s.mark("left_out")
		}
		return base64.StdEncoding.EncodeToString([]byte(s.body(mime, "", string(decoded))))
	}
	if looksJSON(text) {
		if scrubbed, ok := s.inner(text); ok {
			return scrubbed
		}
	}
	return s.prose(s.fields(text))
}

func textual(mime string) bool {
	return slices.ContainsFunc([]string{"text/", "json", "xml", "javascript", "x-www-form-urlencoded", "multipart/form-data"}, func(t string) bool { return strings.Contains(mime, t) })
}

// inner scrubs JSON that stands in a string.
func (s *scrubber) inner(text string) (string, bool) {
	var b strings.Builder
	in := &scrubber{lexer: newLexer(strings.NewReader(text), 4<<10), out: bufio.NewWriter(&b), depth: s.depth + 1}
	if in.depth > maxInner || in.root() != nil || in.out.Flush() != nil {
		return "", false
	}
	s.found.add(in.found)
	return b.String(), true
}

const maxInner = 3 // bodies of JSON in strings of bodies

var (
	inputs = []*regexp.Regexp{ // name, then value: of a form on a page, of a part of a multipart body
		regexp.MustCompile(`(?i)\bname=\\?["']([\w.$-]{1,60})\\?["'][^<>]{0,200}?\bvalue=\\?["']([^"'<>\\]+)`),
		regexp.MustCompile(`(?i)\bname="([\w.$-]{1,60})"(?:\r?\n[\w-]+:[^\r\n]*)*\r?\n\r?\n([^\r\n]+)`),
	}
	inputBackwards = regexp.MustCompile(`(?i)\bvalue=\\?["']([^"'<>\\]+)\\?["'][^<>]{0,200}?\bname=\\?["']([\w.$-]{1,60})\\?["']`)
)

// fields masks the fields of forms.
func (s *scrubber) fields(text string) string {
	if !strings.Contains(text, "name=") {
		return text
	}
	for _, re := range inputs {
		text = s.replace(text, re, 1, 2)
	}
	return s.replace(text, inputBackwards, 2, 1)
}

func (s *scrubber) replace(text string, re *regexp.Regexp, name, value int) string {
	var b strings.Builder
	at := 0
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[2*value], m[2*value+1]
		kind := secretName(text[m[2*name]:m[2*name+1]], text[from:to])
		if kind == "" || isMask(text[from:to]) {
			continue
		}
		b.WriteString(text[at:from] + s.mark(kind))
		at = to
	}
	return b.String() + text[at:]
}

func last(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[len(path)-1]
}

func notHAR(what string) error { return fmt.Errorf("%w: %s", ErrHAR, what) }
