package desk

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// The kinds of failure that a door turns into a page and a status. Anything
// else is internal.
var (
	ErrNotFound  = errors.New("not found")
	ErrForbidden = errors.New("forbidden")
	ErrSignIn    = errors.New("sign in first")
	ErrConflict  = errors.New("conflict")
	ErrStranger  = errors.New("no desk knows this person")
	ErrTooMany   = errors.New("too many attempts")
)

// Problem is one thing wrong with a form: the field, the message key and the
// values the message speaks of.
type Problem struct {
	Field string
	Key   string
	Args  []any
}

// Problems gathers what is wrong with a form, in the order of its fields.
type Problems []Problem

// Invalid is a form that cannot be accepted as it is.
type Invalid struct{ Problems Problems }

func (e Invalid) Error() string {
	var fields []string
	for _, p := range e.Problems {
		fields = append(fields, p.Field+" ("+p.Key+")")
	}
	return "invalid: " + strings.Join(fields, ", ")
}

// Under tells the same problems with one field's under another form's name.
func (e Invalid) Under(field, name string) Invalid {
	out := Invalid{Problems: append(Problems{}, e.Problems...)}
	for i := range out.Problems {
		if out.Problems[i].Field == field {
			out.Problems[i].Field = name
		}
	}
	return out
}

// Problem makes an Invalid of one field.
func NewInvalid(field, key string, args ...any) error {
	return Invalid{Problems{{Field: field, Key: key, Args: args}}}
}

// Add notes a problem; the first one of a field wins.
func (p *Problems) Add(field, key string, args ...any) {
	if _, ok := p.Of(field); !ok {
		*p = append(*p, Problem{field, key, args})
	}
}

// Merge adds the problems of a part.
func (p *Problems) Merge(other Problems) {
	for _, o := range other {
		p.Add(o.Field, o.Key, o.Args...)
	}
}

// Of is the problem of one field.
func (p Problems) Of(field string) (Problem, bool) {
	i := slices.IndexFunc(p, func(q Problem) bool { return q.Field == field })
	if i < 0 {
		return Problem{}, false
	}
	return p[i], true
}

// Err is nil when nothing is wrong, else an Invalid.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return Invalid{p}
}

// Text checks a text's length in characters; min 0 lets it be empty.
func (p *Problems) Text(field, text string, least, most int) {
	n := utf8.RuneCountInString(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		p.Add(field, "error.encoding")
	case n < least:
		p.Add(field, "error.required")
	case n > most:
		p.Add(field, "error.too_long", "Most", most, "Length", n)
	}
}

// OneOf checks a choice from a list.
func (p *Problems) OneOf(field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		p.Add(field, "error.choose")
	}
}

// Email checks a bare address (RFC 5322 addr-spec).
func (p *Problems) Email(field, address string) {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || len(address) > 254 || strings.ContainsAny(address, "\r\n") {
		p.Add(field, "error.email")
	}
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// isIssuer takes https, and plain http on this machine: those who try the portal
// there may do so, and anywhere else such an issuer is never connected to.
func isIssuer(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" || u.User != nil {
		return isHTTPS(s)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}

// clean trims what people paste around a value and folds inner line breaks, as
// the value stands on one line.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// cleanText keeps lines but no carriage returns or trailing space.
func cleanText(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// Address reads an e-mail address from a form. Errors: Invalid on "email".
func Address(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	var p Problems
	p.Email("email", s)
	return s, p.Err()
}
